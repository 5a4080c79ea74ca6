"""Next week's agenda per person: the work that waits by name, laid on the days it belongs to, and
what the week does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.language import nouns, say, term
from playbook.data.book import Book
from playbook.data.measures.deal_size import deal_size
from playbook.data.measures.names import member_names
from playbook.goals.actuals import Actuals
from playbook.goals.illustrations import is_set
from playbook.goals.plan.quotas import QuotaPlan
from playbook.page import Action, Result, Table, Worksheet, section

from .agenda_tables import backlog_table, items_sheet, named_table, people_table, week_table
from .items import WeekItems, week_items
from .statuses import statuses_known
from .waiting import WaitingWork, waiting_work
from .week import Backlog, WeekAgenda, agenda_of, backlog_of, next_week, placed

WEEKS = 13  # of a quarter


@dataclass(frozen=True)
class Rhythm(Result):
    """The week's agenda.

    days: its working days; most: kind of work → how much of it a day holds; items: all work that
    waits, by name, with the day it is laid on; given: the book sets what a day holds (else it is an
    example); known: it is known which follow-ups are overdue.
    """

    section: ClassVar[str] = "rhythm"
    fmt: Formats
    as_of: date
    days: tuple[date, ...]
    most: dict[str, int]
    people: Annotated[pd.DataFrame, WaitingWork]
    agenda: Annotated[pd.DataFrame, WeekAgenda]
    items: Annotated[pd.DataFrame, WeekItems]
    backlog: Annotated[pd.DataFrame, Backlog]
    logged: bool
    given: bool
    known: bool

    def tables(self) -> list[Table]:
        return [
            people_table(
                self.people,
                self._span(),
                self.most,
                self.logged,
                self.given,
                self.known,
                self.fmt,
            ),
            week_table(self.agenda, self.days, self.most, self.fmt),
            *named_table(self.items, self.fmt),
            *backlog_table(self.backlog, self.given, self.fmt),
        ]

    def _span(self) -> str:
        return f"{self.fmt.text(self.days[0], 'date')} – {self.fmt.text(self.days[-1], 'date')}"

    def _who(self) -> str:
        return plural(len(self.people), "person", "people")

    def reading(self) -> str:
        text = say(
            "{span}: {waiting}",
            span=self._span(),
            waiting=self._followed() if self.logged else self._waiting(),
        )
        if not self.given:
            return text
        if self.logged:
            over = int((self.people["load"] > 1).sum())
            text += (
                say(
                    " {over:,} {en_people_have} more than the week holds.",
                    over=over,
                    en_people_have="person has" if over == 1 else "people have",
                )
                if over
                else say(" Everyone's follow-ups fit into the week.")
            )
        left = int(self.backlog["count"].sum())
        if not left:
            return text
        en_pieces = "piece" if left == 1 else "pieces"
        aged = self.backlog.dropna(subset=["oldest"])
        if aged.empty:
            return text + say(
                " {left:,} {en_pieces} of work stay over as backlog.",
                left=left,
                en_pieces=en_pieces,
            )
        oldest = aged.sort_values("oldest", ascending=False, kind="stable").iloc[0]
        return text + say(
            " {left:,} {en_pieces} of work stay over as backlog; the oldest ({work}, {name})"
            " is {days} old.",
            left=left,
            en_pieces=en_pieces,
            work=term(oldest["work"]),
            name=oldest["name"],
            days=plural(int(oldest["oldest"]), "day"),
        )

    def _followed(self) -> str:
        overdue, due = int(self.people["overdue"].sum()), int(self.people["due"].sum())
        en_fall = "follow-up falls" if due == 1 else "follow-ups fall"
        if self.known:
            return say(
                "{due:,} {en_fall} due and {overdue:,} {en_are} overdue, for {who}.",
                due=due,
                en_fall=en_fall,
                overdue=overdue,
                en_are="is" if overdue == 1 else "are",
                who=self._who(),
            )
        return say(
            "{due:,} {en_fall} due, for {who}. Which older ones were done by then is not known:"
            " a status carries no day.",
            due=due,
            en_fall=en_fall,
            who=self._who(),
        )

    def _waiting(self) -> str:
        """What waits where no follow-ups are logged."""
        kinds = (
            ("customers", nouns("customer to see", "customers to see")),
            ("proposals", nouns("deal to propose", "deals to propose")),
            ("leads", nouns("new lead")),
            ("lost", nouns("failed case to review", "failed cases to review")),
        )
        counts = [(int(self.people[key].sum()), names) for key, names in kinds]
        counts[0] = (self._customers(), kinds[0][1])
        said = [plural(n, *names) for n, names in counts if n]
        if not said:
            return say("nothing for {who}; no follow-ups are logged.", who=self._who())
        return say(
            "{work} for {who}; no follow-ups are logged.", work=listing(said, 4), who=self._who()
        )

    def _customers(self) -> int:
        """Customers to see, each once though several people look after it; a deal without a
        customer is one.
        """
        mine = self.items[self.items["work"] == "key customers"]
        named = mine["customer"] != ""
        return int(mine.loc[named, "customer"].nunique() + (~named).sum())

    def headline(self) -> str:
        if not self.logged:
            return say("Agenda of {span}: {waiting}", span=self._span(), waiting=self._waiting())
        due = int(self.people["due"].sum())
        if not self.known:
            return say(
                "Agenda of {span}: {due} follow-ups due, {who}.",
                span=self._span(),
                due=due,
                who=self._who(),
            )
        return say(
            "Agenda of {span}: {due} follow-ups due, {overdue} overdue, {who}.",
            span=self._span(),
            due=due,
            overdue=int(self.people["overdue"].sum()),
            who=self._who(),
        )

    def actions(self) -> list[Action]:
        if not self.given or not self.known:
            return []
        over = (
            self.people[self.people["load"] > 1]
            .sort_values(["load", "rep"], ascending=[False, True], kind="stable")
            .head(3)
        )
        return [
            Action(
                say("Clear or hand over {overdue} overdue follow-ups", overdue=int(row["overdue"])),
                row["name"],
                self.days[-1],
                say(
                    "the week holds {load} of the follow-ups waiting",
                    load=self.fmt.share(1 / row["load"], decimals=0),
                ),
                None,
            )
            for row in over.to_dict("records")
        ]

    def worksheets(self) -> list[Worksheet]:
        return [items_sheet(self.items)]


@section("rhythm")
def rhythm(book: Book, quotas: QuotaPlan | Result | None = None) -> Rhythm:
    """The agenda of the first full working week after the as-of date: follow-ups from the
    activities, customers from cadence and pipeline, proposals and failed cases from the deals,
    leads without a deal.
    """
    days, most = next_week(book), book.settings.goals.agenda
    actuals = Actuals(book)
    here = {rep["rep_id"] for rep in actuals.people if is_missing(rep["left"])}
    items = placed(week_items(book, days, here), days, most)
    asked = _asked(book, quotas)
    if items.empty and not asked and not book.has("activities", "due"):
        raise NotAvailable(
            {},
            gives=say("each person's agenda of the week"),
            because=say("no activity, deal, lead or sale names who is to do it"),
        )
    people = waiting_work(
        items,
        asked,
        member_names(book).get("rep", {}),
        most.get("follow-ups", 0) * len(days),
    )
    return Rhythm(
        book.fmt,
        book.as_of,
        days,
        most,
        people,
        agenda_of(items),
        items,
        backlog_of(items),
        book.has("activities", "due"),
        is_set(book.settings.goals, "agenda"),
        statuses_known(book),
    )


def _asked(book: Book, quotas: QuotaPlan | Result | None) -> dict[str, float]:
    """Deals a week that each quota of the next quarter asks, by the average deal; missing where no
    deal is priced. Empty without quotas.
    """
    if not isinstance(quotas, QuotaPlan):
        return {}
    size = deal_size(book) if book.has("opportunities", "outcome") else None
    each = size.average if size else None
    unit = 10**quotas.fmt.minor_digits
    return {
        row["rep"]: row["quota"] / unit * size.share / each / WEEKS
        if size and each
        else float("nan")
        for row in quotas.table.to_dict("records")
    }
