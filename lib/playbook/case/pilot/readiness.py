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

POINTS = {"in place": 2, "in part": 1, "missing": 0, "not recorded": None}


class ReadinessItems(Frame):
    """One row per item of the checklist."""

    part = text("part of the checklist")
    item = text("what is asked")
    state = text("in place, in part, missing, or not recorded")
    points = count("2, 1 or 0 points; missing for what is not recorded")
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
        """Points ÷ the most there could be, of what the tables show [share]; not a number when
        they show nothing.
        """
        return self.points / self.most if self.most else float("nan")

    @property
    def points(self) -> int:
        """Points reached."""
        return int(self.table.points.sum())

    @property
    def most(self) -> int:
        """Points there could be, of the items that the tables show."""
        return 2 * int(self.table.points.notna().sum())

    def tables(self) -> Sequence[Table]:
        tone = {"in place": "good", "in part": "warn", "missing": "bad", "not recorded": "muted"}
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
                title=f"Readiness: {self.points} of {self.most} points",
                note=(
                    "in place 2, in part 1, missing 0; what no table records is not counted; only"
                    " what the tables show, not what people say · as of"
                    f" {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        weak, unknown = (
            self.table[self.table.state == state] for state in ("missing", "not recorded")
        )
        said = [f"{self.fmt.share(self.score)} of the points."] if self.most else []
        if len(weak):
            said.append(f"Missing: {listing(weak['item'].str.lower().tolist(), 4)}.")
        elif unknown.empty:
            said.append("Nothing is missing altogether.")
        if len(unknown):
            said.append(f"No table says anything of {plural(len(unknown), 'item')}.")
        return " ".join(said)

    def headline(self) -> str:
        missing, unknown = (
            int((self.table.state == state).sum()) for state in ("missing", "not recorded")
        )
        return (
            f"Readiness: {self.points} of {self.most} points;"
            f" {plural(missing, 'item') if missing else 'nothing'} missing"
            + (f", {unknown} not recorded." if unknown else ".")
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
