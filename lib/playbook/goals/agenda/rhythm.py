"""Next week's agenda per person: the open work laid on the days it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, plural
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.names import member_names
from playbook.goals.actuals import Actuals
from playbook.goals.illustrations import is_set
from playbook.goals.plan.quotas import QuotaPlan
from playbook.page import Action, Col, Result, Table, Worksheet, section, table

from .waiting import WaitingWork, statuses_known, waiting_work
from .week import WeekAgenda, agenda_of, next_week

SHOWN = 15
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Rhythm(Result):
    """The week's agenda.

    days: its working days; most: kind of work → how much of it a day holds; given: the book sets
    that (else it is an example); known: it is known which follow-ups are overdue.
    """

    section: ClassVar[str] = "rhythm"
    fmt: Formats
    as_of: date
    days: tuple[date, ...]
    most: dict[str, int]
    people: Annotated[pd.DataFrame, WaitingWork]
    agenda: Annotated[pd.DataFrame, WeekAgenda]
    given: bool
    known: bool

    def tables(self) -> list[Table]:
        order = self.people.sort_values(
            ["overdue", "due", "rep"], ascending=[False, False, True], kind="stable"
        )
        columns = [
            Col("name", label="Person"),
            *([Col("overdue", "count", "Overdue follow-ups")] if self.known else []),
            Col("due", "count", "Due next week"),
            Col("proposals", "count", "Deals to propose"),
            Col("leads", "count", "New leads a week", decimals=1),
            Col("lost", "count", "Failed cases to review"),
            Col(
                "load",
                "share",
                "Load",
                decimals=0,
                tone=lambda r: (
                    "bad" if self.given and not is_missing(r["load"]) and r["load"] > 1 else ""
                ),
            ),
        ]
        first = table(
            order,
            columns,
            self.fmt,
            title="Work waiting per person",
            limit=SHOWN,
            note=(
                f"{self._span()} · load: follow-ups against"
                f" {'' if self.given else 'the example of '}"
                f"{self.fmt.count(self.most.get('follow-ups', 0))} a day · proposals: open deals"
                " in the last stage before the win · failed cases: deals lost last month"
            ),
        )
        return [first, self._week()]

    def _week(self) -> Table:
        wide = (
            self.agenda.pivot_table(index="work", columns="date", values="count", aggfunc="sum")
            .reindex(columns=list(self.days))
            .fillna(0)
        )
        wide = wide.reindex([w for w in self.most if w in wide.index]).reset_index()
        wide.columns = ["work", *(str(i) for i in range(len(self.days)))]
        columns = [
            Col("work", label="Work"),
            *(
                Col(str(i), "count", f"{DAY_NAMES[day.weekday()][:3]} {day.day}.{day.month}.")
                for i, day in enumerate(self.days)
            ),
        ]
        return table(
            wide,
            columns,
            self.fmt,
            title="The team's week",
            note=(
                "visits to key customers on Monday, proposals on Wednesday, failed cases on Friday"
                " (else as far into the week as it goes); the rest spread evenly; one line per"
                " person and day in the worksheet"
            ),
        )

    def _span(self) -> str:
        return f"{self.fmt.text(self.days[0], 'date')} – {self.fmt.text(self.days[-1], 'date')}"

    def reading(self) -> str:
        over = self.people[self.people["load"].fillna(0) > 1]
        overdue, due = int(self.people["overdue"].sum()), int(self.people["due"].sum())
        late = f" and {plural(overdue, 'is', 'are')} overdue" if self.known else ""
        text = (
            f"{self._span()}: {plural(due, 'follow-up falls', 'follow-ups fall')} due{late}, for"
            f" {plural(len(self.people), 'person', 'people')}."
        )
        if not self.known:
            text += " Which older ones were done by then is not known: a status carries no day."
        if not self.given:
            return text
        return text + (
            f" {plural(len(over), 'person has', 'people have')} more than the week holds."
            if len(over)
            else " Everyone's follow-ups fit into the week."
        )

    def headline(self) -> str:
        return (
            f"Agenda of {self._span()}: {int(self.people['due'].sum())} follow-ups due, "
            + (f"{int(self.people['overdue'].sum())} overdue, " if self.known else "")
            + f"{plural(len(self.people), 'person', 'people')}."
        )

    def actions(self) -> list[Action]:
        if not self.given or not self.known:
            return []
        over = (
            self.people[self.people["load"].fillna(0) > 1]
            .sort_values(["load", "rep"], ascending=[False, True], kind="stable")
            .head(3)
        )
        return [
            Action(
                f"Clear or hand over {int(row['overdue'])} overdue follow-ups",
                row["name"],
                self.days[-1],
                f"the week holds {self.fmt.share(1 / row['load'], decimals=0)} of the follow-ups"
                " waiting",
                None,
            )
            for row in over.to_dict("records")
        ]

    def worksheets(self) -> list[Worksheet]:
        columns = (
            ("name", "Person", "text"),
            ("date", "Day", "date"),
            ("work", "Work", "text"),
            ("count", "How many", "count"),
        )
        return [
            Worksheet(
                "Agenda by person",
                columns,
                tuple(
                    (r["name"], r["date"], r["work"], r["count"])
                    for r in self.agenda.to_dict("records")
                ),
            )
        ]


@section("rhythm")
def rhythm(book: Book, quotas: QuotaPlan | Result | None = None) -> Rhythm:
    """The agenda of the first full working week after the as-of date."""
    book.need("activities", "rep_id", "due", gives="each person's agenda of the week")
    days = next_week(book)
    names = member_names(book).get("rep", {})
    actuals = Actuals(book)
    left = {rep["rep_id"] for rep in actuals.people if not is_missing(rep["left"])}
    people = waiting_work(book, days)
    people = people[~people["rep"].isin(left | {sales.NOT_GIVEN})].reset_index(drop=True)
    if isinstance(
        quotas, QuotaPlan
    ):  # someone new has no work waiting yet, and still a week to fill
        new = [rep for rep in quotas.table["rep"] if rep not in set(people["rep"])]
        people = pd.concat([people, pd.DataFrame({"rep": new})], ignore_index=True).fillna(
            {"overdue": 0, "due": 0, "proposals": 0, "leads": 0.0, "lost": 0}
        )
    most = book.settings.goals.agenda
    people["name"] = [names.get(rep, rep) for rep in people["rep"]]
    room = most.get("follow-ups", 0) * len(days)
    people["load"] = (people["overdue"] + people["due"]) / room if room else None
    people = people.sort_values("rep", kind="stable", ignore_index=True)
    return Rhythm(
        book.fmt,
        book.as_of,
        days,
        most,
        people,
        agenda_of(people, days, most),
        is_set(book.settings.goals, "agenda"),
        statuses_known(book),
    )
