"""Next week's agenda per person: from the open work and the plan, laid on the days it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, plural
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.data.measures.names import member_names
from playbook.goals.actuals import Reached
from playbook.goals.plan.quotas import People
from playbook.methods.apportionment import split
from playbook.page import Action, Col, Result, Table, Worksheet, section, table

SHOWN = 15
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = 3  # working days below which a week is a rest that joins the next one
# Where work has a weekday of its own: visits open the week, proposals stand in its middle, failed
# cases close it.
DAY_OF = {"key customers": 0, "proposals": 2, "failed cases": 4}


@dataclass(frozen=True)
class Rhythm(Result):
    """people: rep, name, overdue, due, proposals, leads, lost, load, quota_day; agenda: rep, name,
    date, work, count.
    """

    section: ClassVar[str] = "rhythm"
    fmt: Formats
    as_of: date
    days: tuple[date, ...]
    most: dict[str, int]
    people: pd.DataFrame
    agenda: pd.DataFrame

    def tables(self) -> list[Table]:
        order = self.people.sort_values(
            ["overdue", "due", "rep"], ascending=[False, False, True], kind="stable"
        )
        columns = [
            Col("name", label="Person"),
            Col("overdue", "count", "Overdue follow-ups"),
            Col("due", "count", "Due next week"),
            Col("proposals", "count", "Deals to propose"),
            Col("leads", "count", "New leads a week", decimals=1),
            Col("lost", "count", "Failed cases to review"),
            Col(
                "load",
                "share",
                "Load",
                decimals=0,
                tone=lambda r: "bad" if not is_missing(r["load"]) and r["load"] > 1 else "",
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
                f" {self.fmt.count(self.most.get('follow-ups', 0))} a day · proposals: open deals"
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
        overdue = int(self.people["overdue"].sum())
        text = (
            f"{self._span()}: {plural(int(self.people['due'].sum()), 'follow-up')} fall due and"
            f" {plural(overdue, 'one is', 'are')} overdue, for"
            f" {plural(len(self.people), 'person', 'people')}."
        )
        return text + (
            f" {plural(len(over), 'person has', 'people have')} more than the week holds."
            if len(over)
            else " Everyone's follow-ups fit into the week."
        )

    def headline(self) -> str:
        return (
            f"Agenda of {self._span()}: {int(self.people['due'].sum())} follow-ups due,"
            f" {int(self.people['overdue'].sum())} overdue, {len(self.people)} people."
        )

    def actions(self) -> list[Action]:
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
def rhythm(book: Book, quotas: People | Result | None = None) -> Rhythm:
    """The agenda of the first full working week after the as-of date."""
    book.need("activities", "rep_id", "due", gives="each person's agenda of the week")
    days = next_week(book)
    names = member_names(book).get("rep", {})
    met = Reached(book)
    left = {rep["rep_id"] for rep in met.people if not is_missing(rep["left"])}
    people = _waiting(book, days)
    people = people[~people["rep"].isin(left | {sales.NOT_GIVEN})].reset_index(drop=True)
    if isinstance(quotas, People):  # someone new has no work waiting yet, and still a week to fill
        new = [rep for rep in quotas.table["rep"] if rep not in set(people["rep"])]
        people = pd.concat([people, pd.DataFrame({"rep": new})], ignore_index=True).fillna(
            {"overdue": 0, "due": 0, "proposals": 0, "leads": 0.0, "lost": 0}
        )
    most = book.settings.goals.agenda
    people["name"] = [names.get(rep, rep) for rep in people["rep"]]
    room = most.get("follow-ups", 0) * len(days)
    people["load"] = (people["overdue"] + people["due"]) / room if room else None
    people = people.sort_values("rep", kind="stable", ignore_index=True)
    return Rhythm(book.fmt, book.as_of, days, most, people, _agenda(people, days, most))


def next_week(book: Book) -> tuple[date, ...]:
    """Working days of the first week after the as-of date. A week of holidays is passed over; one
    or two days left of it
    (weekend days worked in exchange) join the week that follows."""
    monday, found = book.as_of + timedelta(days=7 - book.as_of.weekday()), ()
    for _ in range(6):
        found = (*found, *book.calendar.working_days(monday, monday + timedelta(days=6)))
        if len(found) >= SHORT:
            break
        monday += timedelta(days=7)
    return found or (monday,)


def place_of(days: tuple[date, ...], weekday: int | None) -> int | None:
    """Where in the week work of that weekday goes: on it, else on the day as far into the week (the
    last one when it is shorter).
    """
    if weekday is None:
        return None
    there = [i for i, day in enumerate(days) if day.weekday() == weekday]
    return there[0] if there else min(weekday, len(days) - 1)


def _waiting(book: Book, days: tuple[date, ...]) -> pd.DataFrame:
    """Open work per rep: overdue, due (follow-ups), proposals, leads (a week), lost."""
    open_ = work.open_actions(book, days[-1])
    open_ = open_.assign(late=[due <= book.as_of for due in open_["due"]])
    table_ = (
        open_.groupby("owner")
        .agg(overdue=("late", "sum"), all=("late", "size"))
        .rename_axis("rep")
        .reset_index()
    )
    table_ = table_.assign(due=table_["all"] - table_["overdue"]).drop(columns="all")
    parts = [table_]
    if book.has("opportunities", "outcome"):
        last = work.open_by_stage(book)
        parts.append(
            last[last["stage"] == book.stages[-2]][["rep", "deals"]].rename(
                columns={"deals": "proposals"}
            )
        )
        parts.append(work.lost_since(book, Month.of(book.as_of).start))
    if book.has("leads", "created"):
        recent = sales.within(work.leads_by_month(book, ("rep",)), book.month - 2, book.month)
        parts.append((recent.groupby("rep")["leads"].sum() / 13).reset_index())
    frame = parts[0]
    for part in parts[1:]:
        frame = frame.merge(part, on="rep", how="outer")
    for column in ("overdue", "due", "proposals", "leads", "lost"):
        frame[column] = frame[column].fillna(0) if column in frame else 0
    return frame[(frame["overdue"] + frame["due"] + frame["proposals"] + frame["leads"]) > 0]


def _agenda(people: pd.DataFrame, days: tuple[date, ...], most: dict[str, int]) -> pd.DataFrame:
    """Counts per person, day and kind of work: never more than a day holds, whole numbers."""
    rows = []
    for person in people.to_dict("records"):
        waiting = {
            "key customers": person["proposals"],
            "new leads": person["leads"],
            "follow-ups": person["overdue"] + person["due"],
            "proposals": person["proposals"],
            "failed cases": person["lost"],
        }
        for kind, limit in most.items():
            count = int(-(-waiting.get(kind, 0) // 1))
            for day, n in zip(
                days, spread(count, limit, len(days), place_of(days, DAY_OF.get(kind))), strict=True
            ):
                if n:
                    rows.append((person["rep"], person["name"], day, kind, n))
    return pd.DataFrame(rows, columns=["rep", "name", "date", "work", "count"])


def spread(count: int, limit: int, days: int, own: int | None) -> list[int]:
    """A count laid on the week: on its own day (the last day there is when the week is shorter),
    else evenly; at most ``limit`` a day.

    >>> spread(7, 5, 5, None), spread(4, 3, 5, 2)
    ([2, 2, 1, 1, 1], [0, 0, 3, 0, 0])
    """
    if own is None:
        return [min(limit, int(n)) for n in split(count, [1] * days)]
    place = min(own, days - 1)
    return [min(limit, count) if i == place else 0 for i in range(days)]
