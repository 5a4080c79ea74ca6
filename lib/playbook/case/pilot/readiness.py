"""Is the company ready for such a programme? A scored checklist read off its tables: agreement at
the top, rhythm, pilot, people, data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.contracts import Frame, count, text
from playbook.base.formats import Formats, listing, plural
from playbook.data.book import Book
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table

from .checklist import items_of

POINTS = {"in place": 2, "in part": 1, "missing": 0}


class ReadinessItems(Frame):
    """One row per item of the checklist."""

    part = text("part of the checklist")
    item = text("what is asked")
    state = text("in place, in part or missing")
    points = count("2, 1 or 0 points")
    evidence = text("what the tables show")
    step = text("what would put it in place; a dash where it is")
    owner = text("who would do it")


@dataclass(frozen=True)
class Readiness(Result):
    """The scored checklist of a company."""

    section: ClassVar[str] = "readiness"
    table: Annotated[pd.DataFrame, ReadinessItems]
    as_of: date
    fmt: Formats

    @property
    def score(self) -> float:
        """Points ÷ the most there could be [share]."""
        return float(self.table.points.sum() / (2 * len(self.table)))

    def tables(self) -> Sequence[Table]:
        tone = {"in place": "good", "in part": "warn", "missing": "bad"}
        columns = [
            Col("part", label="Part"),
            Col("item", label="Asked", weight=1.6),
            Col("state", label="State", tone=lambda r: tone[r["state"]]),
            Col("evidence", label="Seen in the tables", weight=2),
            Col("step", label="What is missing", weight=2),
            Col("owner"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=f"Readiness: {int(self.table.points.sum())} of {2 * len(self.table)} points",
                note=(
                    "in place 2, in part 1, missing 0; only what the tables show, not what people"
                    f" say · as of {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        weak = self.table[self.table.state == "missing"]
        text = f"{self.fmt.share(self.score)} of the points. "
        return text + (
            f"Missing: {listing(weak['item'].str.lower().tolist(), 4)}."
            if len(weak)
            else "Nothing is missing altogether."
        )

    def headline(self) -> str:
        missing = int((self.table.state == "missing").sum())
        return (
            f"Readiness: {int(self.table.points.sum())} of {2 * len(self.table)} points;"
            f" {plural(missing, 'item') if missing else 'nothing'} missing."
        )

    def worksheets(self) -> Sequence[Worksheet]:
        due = self.as_of + timedelta(days=30)
        open_items = self.table[self.table.state != "in place"]
        return [
            actions_sheet(
                "Readiness",
                [
                    Action(r.step, r.owner, due, f"{r.item}: {r.evidence}")
                    for r in open_items.itertuples()
                ],
            )
        ]


@section("readiness")
def readiness(book: Book, plan: Result) -> Readiness:
    """The checklist for ``book``; plan: the result of ``pilot_plan`` on it."""
    items = items_of(book, plan)
    rows = [
        {
            "part": i.part,
            "item": i.item,
            "state": i.state,
            "points": POINTS[i.state],
            "evidence": i.evidence,
            "step": "–" if i.state == "in place" else i.step,
            "owner": i.owner,
        }
        for i in items
    ]
    return Readiness(ReadinessItems.make(rows), book.as_of, book.fmt)
