"""Whom to call first: customers silent for longer than their own rhythm, by what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.action_ids import action_id
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.data.measures.action_log import action_log
from playbook.page import (
    Action,
    Col,
    Missing,
    Result,
    Table,
    Worksheet,
    actions_sheet,
    section,
    table,
)
from playbook.segments.care.attention import attention
from playbook.segments.population import in_charge
from playbook.segments.running_contracts import under_contract
from playbook.segments.value.rfm import Rfm, rfm
from playbook.segments.workdays import working_day

from .events import logs_contacts, somebody

GIVES = later("whom to call before the revenue is gone")
LATE_GAPS = 2.0  # silent for more than this many of the customer's own gaps between orders


class CustomersToCall(column.Frame):
    """One row per customer to call, most valuable first."""

    customer_id = column.text("the customer")
    name = column.text("its name")
    owner = column.text("name of the rep in charge")
    owner_id = column.text("the rep in charge")
    segment = column.text("its segment")
    action = column.text("what to do, by segment")
    due = column.day("by when")
    worth = column.money("net amount of the RFM window per 365 days of data")
    id = column.text("number of the action: the same while the customer stays silent")
    recency_days = column.days("since the last order")
    why = column.text("the reason, in words")


WRITE = later("Write with a reason to come back, an offer of its own where it brought most")


@dataclass(frozen=True)
class Calls(Result):
    """Customers of segments at risk that are overdue by their own rhythm.

    in_rhythm: customers of the same segments that ordered within their usual rhythm; bound: those
    silent for longer whose contract runs; spoken: those silent for longer that were contacted since
    they fell behind, no longer ago than their rhythm allows, or are done by a filled workbook;
    no_rhythm: nobody ordered twice, so
    there is no rhythm; top: how many are shown.
    """

    section: ClassVar[str] = "who-to-call"
    table: Annotated[pd.DataFrame, CustomersToCall]
    in_rhythm: int
    bound: int
    no_rhythm: bool
    top: int
    as_of: date
    fmt: Formats
    spoken: int = 0
    nobody: bool = False  # the book names nobody who could call or visit

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("name", weight=2),
            Col("owner", "name", weight=1.5),
            Col("segment", "term", weight=1.2),
            Col("action", "term", label="What to do", weight=3),
            Col("due", "date"),
            Col("worth", "money", "Worth a year"),
            Col("why", label="Why", weight=2),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("Whom to write to first") if self.nobody else say("Whom to call first"),
                limit=self.top,
                note=(
                    say(
                        "worth = net amount of the RFM window per 365 days of data · as of {as_of}",
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        if self.table.empty:
            first = (
                say(
                    "Nobody has ordered twice in the window, so nobody has a rhythm to fall behind."
                )
                if self.no_rhythm
                else (
                    say(
                        "No customer is silent for longer than its rhythm explains: nobody"
                        " needs to be won back."
                    )
                    if not self.bound + self.spoken
                    else say("Nobody is to be called first.")
                )
            )
            return joined(filter(None, (first, *self._kept_out())), " ")
        n, shown = len(self.table), self.table.head(self.top)
        text = say(
            "{customers} of cooling or lapsed segments {en_are} overdue by {en_their} rhythm;",
            customers=plural(n, "customer"),
            en_are="is" if n == 1 else "are",
            en_their="its" if n == 1 else "their",
        )
        worth = self.fmt.money(self.table["worth"].sum(), compact=True)
        text += (
            say(
                " the first {n} hold {worth} of {worth_2} a year.",
                n=self.fmt.count(len(shown)),
                worth=self.fmt.money(shown["worth"].sum(), compact=True),
                worth_2=worth,
            )
            if len(shown) < n
            else say(" it brought {worth} a year.", worth=worth)
            if n == 1
            else say(" together they brought {worth} a year.", worth=worth)
        )
        free = 0 if self.nobody else int((~in_charge(self.table["owner"])).sum())
        if self.nobody:
            text += say(" The book names nobody who could call or visit: write to them.")
        text += (
            say(
                " {n} of them {en_have} nobody in charge: assign first.",
                n=f"{free:,}",
                en_have="has" if free == 1 else "have",
            )
            if free
            else ""
        )
        return joined(filter(None, (text, *self._kept_out())), " ")

    def _kept_out(self) -> tuple[str, ...]:
        """Customers of the same segments that are not listed, and why."""
        kept = (
            say(
                "{customers} of the same segments ordered within the usual rhythm"
                " and are left out.",
                customers=plural(self.in_rhythm, "customer"),
            )
            if self.in_rhythm > 1
            else (
                say(
                    "1 customer of the same segments ordered within its usual rhythm and"
                    " is left out."
                )
                if self.in_rhythm
                else ""
            )
        )
        bound = (
            say(
                "{customers} silent for longer {en_are} under a running contract:"
                " there the renewal is the occasion to talk, nobody needs winning"
                " back.",
                customers=plural(self.bound, "customer"),
                en_are="is" if self.bound == 1 else "are",
            )
            if self.bound
            else ""
        )
        spoken = (
            say(
                "{customers} silent for longer {en_were} contacted since and"
                " {en_have} time to answer.",
                customers=plural(self.spoken, "customer"),
                en_were="was" if self.spoken == 1 else "were",
                en_have="has" if self.spoken == 1 else "have",
            )
            if self.spoken
            else ""
        )
        return kept, bound, spoken

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Overdue means silent for more than twice the customer's own average"
                    " gap between orders; where a customer ordered only once, the median"
                    " gap of all customers stands in. Customers under a running contract"
                    " are not called to be won back. Who was contacted after falling"
                    " behind is listed again when silent for as long once more."
                )
            ),
        )

    def headline(self) -> str:
        if self.table.empty:
            return (
                say("Calls: nobody has ordered twice, so nobody is late.")
                if self.no_rhythm
                else say("Calls: nobody to win back.")
            )
        first = self.table.iloc[0]
        return say(
            "Calls: {customers} to win back or keep, {worth} a year; first {name} by {due}.",
            customers=plural(len(self.table), "customer"),
            worth=self.fmt.money(self.table["worth"].sum(), compact=True),
            name=first["name"],
            due=self.fmt.text(first["due"], "date"),
        )

    def worksheets(self) -> Sequence[Worksheet]:
        rows = self.table.to_dict("records")
        return [
            actions_sheet(
                later("Calls"),
                [
                    Action(
                        say("{name}: {action}", name=r["name"], action=term(r["action"])),
                        r["owner"],
                        r["due"],
                        say("{segment}; {why}", segment=term(r["segment"]), why=r["why"]),
                        r["worth"],
                        r["id"],
                    )
                    for r in rows
                ],
            )
        ]


@section("who-to-call")
def calls(book: Book, top: int = 15) -> Calls:
    """Overdue customers of segments at risk, by yearly worth, equal worth by id; ``top`` are shown.
    Needs orders (customer_id, amount, date).
    """
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    scored = rfm(book)
    if isinstance(scored, Missing):
        raise NotAvailable({}, GIVES, scored.reason)
    ids = scored.customers["customer_id"]
    found = ranked(scored, book.calendar, top, under_contract(book, ids), _met(book, ids))
    if not somebody(book):
        found = replace(found, table=found.table.assign(action=WRITE), nobody=True)
    log = action_log(book)
    over = found.table["id"].isin(set(log.loc[log["over"].astype(bool), "action_id"]))
    if not over.any():
        return found
    left = found.table[~over].reset_index(drop=True)
    return replace(found, table=left, spoken=found.spoken + int(over.sum()))


def _met(book: Book, ids: pd.Series) -> pd.Series:
    """Day of each customer's newest contact in the trailing 12 months; missing without any."""
    if not logs_contacts(book):
        return pd.Series(pd.NaT, index=ids.index, dtype="datetime64[us]")
    newest = attention(book).log.groupby("customer_id")["date"].max()
    return pd.to_datetime(ids.map(newest.to_dict())).astype("datetime64[us]")


def ranked(
    scored: Rfm,
    calendar: Calendar,
    top: int,
    bound: pd.Series,
    met: pd.Series,
) -> Calls:
    """The call list from segments: due days follow the segment's working days.

    bound: per customer of ``scored``, whether a contract of it runs; met: day of its newest
    contact. Who is bound, or was met after falling behind, is not listed.
    """
    info = {s.name: s for s in scored.map.segments if s.save}
    risky = scored.customers[
        scored.customers["segment"].isin(list(info)) & (scored.customers["net"] > 0)
    ]
    usual = scored.customers["gap_days"].median()
    patience = LATE_GAPS * risky["gap_days"].fillna(usual)
    late = risky["recency_days"] > patience
    held = bound.reindex(risky.index)
    met = met.reindex(risky.index)
    waited = (pd.Timestamp(scored.as_of) - met).dt.days
    after = met.where((risky["recency_days"] - waited) > patience)  # met when already behind
    spoken = after.notna() & (waited <= patience)
    frame = risky[late & ~held & ~spoken]
    frame = frame.assign(
        gap=frame["gap_days"]
    )  # its own column: a longer one would add rows to an empty frame
    due = {name: working_day(scored.as_of, each.days, calendar) for name, each in info.items()}
    frame = frame.assign(
        worth=frame["net"] * 365 / scored.observed_days,
        action=frame["segment"].map({n: s.action for n, s in info.items()}),
        due=frame["segment"].map(due),
        id=[
            action_id("win back", customer, last.date(), "" if day != day else day.date())
            for customer, last, day in zip(
                frame["customer_id"], frame["last"], after[frame.index], strict=True
            )
        ],
        why=[
            _why(scored, *row)
            for row in frame[["recency_days", "orders", "gap"]].itertuples(index=False)
        ],
    )
    frame = frame.sort_values(["worth", "customer_id"], ascending=[False, True]).reset_index(
        drop=True
    )
    alone = bool(pd.isna(usual))
    return Calls(
        frame[CustomersToCall.names()],
        0 if alone else int((~late).sum()),
        int((late & held).sum()),
        alone,
        top,
        scored.as_of,
        scored.fmt,
        int((late & ~held & spoken).sum()),
    )


def _why(scored: Rfm, silent: float, orders: float, gap: float) -> str:
    rhythm = (
        say(", usually every {gap}", gap=scored.fmt.text(gap, "days", decimals=0))
        if gap == gap
        else ""
    )
    return say(
        "silent {silent}{rhythm}, {orders}",
        silent=scored.fmt.text(silent, "days"),
        rhythm=rhythm,
        orders=plural(int(orders), "order"),
    )
