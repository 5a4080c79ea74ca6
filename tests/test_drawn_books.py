"""Whatever companies are drawn by lot say stays as it was: every figure and sentence of every
section, as one checksum a section.

Which rows such a company has is nobody's choice, so that boundaries, ties and gaps nobody thought
of are held too; what is right is shown elsewhere, by hand. ``DRAWN_TEXTS`` names a folder that the
texts behind the checksums are written to: made once before a change and once after it, the two say
what differs.
"""

from __future__ import annotations

import os
import zlib
from functools import cache
from pathlib import Path

import pytest

from chapter_checks import agreed, faults, kpis_of
from drawn_company import FULL, drawn
from figures import figures
from inprocess import Shown, shown_by
from playbook.base.language import speaking
from playbook.base.params import NOTEBOOKS
from reviewed import compare

COMPANIES = (1, 11, FULL, FULL + 1)


@cache
def book(number: int):
    return drawn(number)


@cache
def shown(number: int, chapter: str) -> tuple[Shown, ...]:
    asked, moved = book(number), "moved" if number >= FULL else True
    with speaking(asked.settings.book.language):  # the test before may have spoken another
        return tuple(shown_by(chapter, asked, drawn=False, thorough=moved))


def texts(number: int, chapter: str) -> dict[str, str]:
    """Section → every figure and sentence of it; a section shown twice is numbered."""
    found: dict[str, str] = {}
    results = shown(number, chapter)
    with speaking(book(number).settings.book.language):
        for one in results:
            name = one.result.section
            while name in found:
                name += "+"
            found[name] = figures([one])
    if folder := os.environ.get("DRAWN_TEXTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        whole = "".join(found.values())
        (Path(folder) / f"{number:02}-{chapter}.txt").write_text(whole, encoding="utf-8")
    return found


@pytest.mark.parametrize("chapter", NOTEBOOKS)
@pytest.mark.parametrize("number", COMPANIES)
def test_every_figure_and_sentence(request, number, chapter):
    """One line a section; the frames are as declared and no section is called ok and empty."""
    found = texts(number, chapter)
    assert not faults([one.result for one in shown(number, chapter)])
    lines = [f"{zlib.crc32(text.encode()):08x} {name}" for name, text in found.items()]
    compare("\n".join(lines) + "\n", f"drawn/{number:02}-{chapter}", request)


@pytest.mark.parametrize("number", COMPANIES)
def test_chapters_say_one_thing_once(number):
    results = [one for chapter in NOTEBOOKS for one in shown(number, chapter) if not one.inside]
    assert not agreed(kpis_of([one.result for one in results]))
