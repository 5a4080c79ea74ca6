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
from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import say
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
                title=say(
                    "Readiness: {points} of {most} points", points=self.points, most=self.most
                ),
                note=(
                    say(
                        "in place 2, in part 1, missing 0; what no table records is not"
                        " counted; only what the tables show, not what people say · as of"
                        " {as_of}",
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        weak, unknown = (
            self.table[self.table.state == state] for state in ("missing", "not recorded")
        )
        said = (
            [say("{score} of the points.", score=self.fmt.share(self.score))] if self.most else []
        )
        if len(weak):
            said.append(
                say("Missing: {tolist}.", tolist=listing(weak["item"].str.lower().tolist(), 4))
            )
        elif unknown.empty:
            said.append(say("Nothing is missing altogether."))
        if len(unknown):
            said.append(
                say("No table says anything of {items}.", items=plural(len(unknown), "item"))
            )
        return joined(said, " ")

    def headline(self) -> str:
        missing, unknown = (
            int((self.table.state == state).sum()) for state in ("missing", "not recorded")
        )
        return say(
            "Readiness: {points} of {most} points; {items} missing",
            points=self.points,
            most=self.most,
            items=plural(missing, "item") if missing else say("nothing"),
        ) + (say(", {unknown} not recorded.", unknown=unknown) if unknown else ".")

    def worksheets(self) -> Sequence[Worksheet]:
        due = self.as_of + timedelta(days=30)
        open_items = self.table[self.table.state != "in place"]
        return [
            actions_sheet(
                "Readiness",
                [
                    Action(
                        r.step,
                        r.owner,
                        due,
                        say("{item}: {evidence}", item=r.item, evidence=r.evidence),
                    )
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
