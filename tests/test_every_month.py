"""Every month is a month: each section of each chapter runs for it, none is empty and called ok,
every frame is as declared, and the numbers agree.

The sample in this process for the awkward month whose texts are reviewed; its last month is run as
a pack and by nbval. `tests/test_pairs.py` does the same for small books, their first months among
them, and `python -m bench.months` for all months of all books.
"""

from __future__ import annotations

import pytest

from chapter_checks import agreed, faults, kpis_of
from figures import figures
from inprocess import Shown, shown_by
from playbook.base.params import NOTEBOOKS
from playbook.base.periods import Month
from playbook.data.book import Book
from reviewed import compare, headlines
from runs import SAMPLE

AWKWARD = "2022-11"  # of the crisis: targets missed, everything falling
MONTHS = (AWKWARD,)


@pytest.fixture(scope="module")
def sample() -> Book:
    return Book.open(SAMPLE)


@pytest.fixture(scope="module")
def kept() -> dict[tuple[str, str], list[Shown]]:
    """Month and chapter → what it showed, for the tests after it."""
    return {}


@pytest.mark.parametrize("chapter", NOTEBOOKS)
@pytest.mark.parametrize("month", MONTHS)
def test_a_month_of_the_sample(sample, kept, month, chapter):
    kept[month, chapter] = shown_by(chapter, sample.at(Month.parse(month).end))
    assert not faults([one.result for one in kept[month, chapter]])


def chapters(kept, sample, month: str) -> dict[str, list[Shown]]:
    return {
        name: kept.get((month, name)) or shown_by(name, sample.at(Month.parse(month).end))
        for name in NOTEBOOKS
    }


@pytest.mark.parametrize("month", MONTHS)
def test_chapters_of_the_sample_say_one_thing_once(sample, kept, month):
    shown = chapters(kept, sample, month)
    kpis = kpis_of([one.result for many in shown.values() for one in many if not one.inside])
    assert kpis and not agreed(kpis)


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_figures_of_an_awkward_month(sample, kept, request, chapter):
    """Every number and sentence of the month, not only its headlines."""
    if (AWKWARD, chapter) not in kept:
        kept[AWKWARD, chapter] = shown_by(chapter, sample.at(Month.parse(AWKWARD).end))
    compare(figures(kept[AWKWARD, chapter]), f"figures-{AWKWARD}-{chapter}", request)


def test_headlines_of_an_awkward_month(sample, kept, request):
    lines = {
        name: [one.result.headline() for one in shown if not one.inside]
        for name, shown in chapters(kept, sample, AWKWARD).items()
    }
    compare(headlines(lines), f"sample-{AWKWARD}", request)
