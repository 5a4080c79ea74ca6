"""Pages of pay drawn by Typst: blocks as plain data into one fixed template, compiled in process.
Same input, same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from playbook.page.figures import font_files
from playbook.report.print.glyphs import Cleaner
from playbook.report.record.archive import private_room

Json = dict[str, Any]
TEMPLATE = files("playbook.payroll") / "templates" / "paper.typ"
STANDARD = "ua-1"


def table(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: str,
    *,
    widths: Sequence[float] = (),
    total: Sequence[str] = (),
    note: str = "",
) -> Json:
    """A table block. align: l or r per column. widths: share of the rest a column takes, 0 for as
    wide as it needs (default: the columns to the left share the rest).
    """
    shares = list(widths) or [0 if side == "r" else 1 for side in align]
    return {
        "type": "table",
        "title": title,
        "head": list(head),
        "rows": [list(row) for row in rows],
        "align": align,
        "widths": shares,
        "total": list(total),
        "note": note,
    }


class Press:
    """Prints papers one after the other; fonts are read once. Use as a context manager."""

    def __init__(self) -> None:
        import typst  # 0.1 s, and only what prints needs it

        self._held = private_room("playbook-pay-")
        self._room = self._held.__enter__()
        fonts = self._room / "fonts"
        fonts.mkdir()
        for font in font_files():  # only these: no font of the machine may change a page
            shutil.copyfile(font, fonts / font.name)
        template = TEMPLATE.read_text(encoding="utf-8")
        (self._room / "paper.typ").write_text(template, encoding="utf-8")
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)]
        )
        self._compiler: Any = typst.Compiler(
            root=str(self._room), font_paths=self._fonts, ignore_system_fonts=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.__exit__(kind, error, trace)

    def pdf(self, meta: Json, blocks: Sequence[Json], day: date) -> bytes:
        """One paper. meta: title, above (a line over it), company, language, footer and page."""
        paper = Cleaner().clean(
            {"meta": {**meta, "date": [day.year, day.month, day.day]}, "blocks": list(blocks)}
        )
        text = json.dumps(paper, ensure_ascii=False)
        (self._room / "paper.json").write_text(text, encoding="utf-8")
        pdf, _ = self._compiler.compile_with_warnings(
            input=str(self._room / "paper.typ"),
            format="pdf",
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            pdf_standards=[STANDARD],
        )
        return bytes(pdf)
