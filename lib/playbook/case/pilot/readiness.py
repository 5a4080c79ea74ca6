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
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table

from .checklist import items_of

POINTS = dict(
    zip(later(("in place", "in part", "missing", "not recorded")), (2, 1, 0, None), strict=True)
)


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
    """The scored checklist of a company. steps: what would put each item in place, by row;
    meant: whether the firm has such a programme, so that what is missing is to be done.
    """

    section: ClassVar[str] = "readiness"
    table: Annotated[pd.DataFrame, ReadinessItems]
    as_of: date
    fmt: Formats
    steps: tuple[str, ...] = ()
    meant: bool = True

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
            Col("part", "term", "Part", context="checklist"),
            Col("item", label="Asked", weight=1.6),
            Col("state", "term", "State", tone=lambda r: tone[r["state"]]),
            Col("evidence", label="Seen in the tables", weight=2),
            Col("step", label="What is missing", weight=2),
            Col("owner", "term"),
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
                say("Missing: {items}.", items=listing(weak["item"].str.lower().tolist(), 4))
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
        items = plural(missing, "item") if missing else say("nothing")
        if not unknown:
            return say(
                "Readiness: {points} of {most} points; {items} missing.",
                points=self.points,
                most=self.most,
                items=items,
            )
        return say(
            "Readiness: {points} of {most} points; {items} missing, {unknown} not recorded.",
            points=self.points,
            most=self.most,
            items=items,
            unknown=unknown,
        )

    def worksheets(self) -> Sequence[Worksheet]:
        due = self.as_of + timedelta(days=30)
        steps = self.steps or self.table.step
        open_items = [
            (r, step)
            for r, step in zip(self.table.itertuples(), steps, strict=True)
            if r.state in ("missing", "in part")  # of the others nothing is known
        ]
        if not self.meant or not open_items:
            return []
        return [
            actions_sheet(
                say("Readiness"),
                [
                    Action(
                        step,
                        term(r.owner),
                        due,
                        say("{item}: {evidence}", item=r.item, evidence=r.evidence),
                    )
                    for r, step in open_items
                ],
            )
        ]


@section("readiness")
def readiness(book: Book, plan: Result) -> Readiness:
    """The checklist for ``book``; plan: the result of ``pilot_plan`` on it."""
    items = items_of(book, plan)
    steps = tuple("–" if i.state == "in place" else i.step for i in items)
    rows = [
        {
            "part": i.part,
            "item": i.item,
            "state": i.state,
            "points": POINTS[i.state],
            "evidence": i.evidence,
            "step": step,
            "owner": i.owner,
        }
        for i, step in zip(items, steps, strict=True)
    ]
    programme, pilot = book.settings.case, book.settings.pilot
    meant = bool(programme.company or programme.measures_from or pilot.model_fields_set)
    return Readiness(ReadinessItems.make(rows), book.as_of, book.fmt, steps, meant)
