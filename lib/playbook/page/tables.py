"""From a tidy frame to a table of the house: labels and number formats from one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.base.vocabulary import LABELS

from .blocks import Cell, Table, Tone

DATA = "data"  # no catalogue knows such a context
LEFT_UNITS = ("text", "term", "name", "tier", "date", "month")


@dataclass(frozen=True)
class Col:
    """A column: key in the frame, unit of the formatter, label, and options.

    low/high: keys of interval ends, written in brackets after the value. tone: function of the row
    → good, bad, warn, muted.
    """

    key: str
    unit: str = "text"
    label: str = ""
    compact: bool = False
    sign: bool = False
    decimals: int | None = None
    low: str = ""
    high: str = ""
    tone: Callable[[Any], Tone] | None = None
    weight: float = 0.0
    context: str = (
        ""  # tells apart two meanings of one label; DATA: the label is a name of the data
    )
    align: str = (
        ""  # l, r or c where the unit does not say it: texts made of figures stand at the right
    )

    @property
    def title(self) -> str:
        """The label in the language of the page."""
        label = self.label or LABELS.get(self.key, self.key.replace("_", " ").capitalize())
        return say(label, context=self.context)

    def cell(self, row: Any, fmt: Formats) -> Cell:
        """The formatted cell of one row (a mapping)."""
        text = fmt.text(
            row.get(self.key),
            self.unit,
            compact=self.compact,
            sign=self.sign,
            decimals=self.decimals,
        )
        if self.low and not is_missing(row.get(self.low)):
            text += f" [{fmt.interval(row.get(self.low), row.get(self.high), self.unit)}]"
        return Cell(text, self.tone(row) if self.tone else "")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts of plain values."""
    names = list(frame.columns)
    columns = [frame.iloc[:, i].tolist() for i in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def table(
    frame: pd.DataFrame,
    columns: Sequence[Col],
    fmt: Formats,
    *,
    title: str,
    note: str = "",
    total: dict[str, Any] | None = None,
    limit: int | None = None,
) -> Table:
    """A house table of ``frame``'s rows in their order.

    total: values by key for a last line; without a value in the first column it is headed "All".
    limit: rows shown; the note then says how many there are.
    """
    shown = frame if limit is None else frame.head(limit)
    if len(shown) < len(frame):
        first = say("first {shown} of {rows} rows", shown=len(shown), rows=len(frame))
        note = f"{note}{' · ' if note else ''}{first}"
    rows = tuple(tuple(col.cell(row, fmt) for col in columns) for row in _records(shown))
    cells = (
        [col.cell(total, fmt) if col.key in total else Cell("") for col in columns] if total else []
    )
    if total and columns[0].key in total and total[columns[0].key] is None:
        cells[0] = Cell(say("All"))
    total_rows = (tuple(cells),) if cells else ()
    align = "".join(col.align or ("l" if col.unit in LEFT_UNITS else "r") for col in columns)
    return Table(
        title,
        tuple(col.title for col in columns),
        rows,
        align,
        note,
        total_rows,
        tuple(col.weight for col in columns),
    )
