"""Where attention can stop: lapsed customers that still take up time, and the hours freed by moving
them to mailings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.page import Col, Missing, Result, Table, Worksheet, section, table
from playbook.segments.care.attention import attention, spent_hours
from playbook.segments.care.capacity import capacity
from playbook.segments.illustrations import illustration, not_set
from playbook.segments.population import in_charge
from playbook.segments.running_contracts import under_contract
from playbook.segments.states import BY_SCORE, DORMANT
from playbook.segments.value.rfm import rfm

GIVES = later("which customers take up time and bring nothing")
STOP_SEGMENTS = ("lost", "hibernating", DORMANT, BY_SCORE, later("ordinary, lapsed"))
WEEKS = 52


class StopCustomers(column.Frame):
    """One row per lapsed customer that still takes up time, most hours first."""

    customer_id = column.text("the customer")
    name = column.text("its name")
    owner = column.text("rep in charge")
    segment = column.text("its segment")
    contacts = column.count("contacts in the trailing 12 months")
    hours = column.number("hours they took, by the settings")
    net_year = column.money("net amount of the trailing 12 months")
    last = column.day("last order in the RFM window")


class FreedHours(column.Frame):
    """One row per rep, most hours first."""

    owner = column.text("rep in charge")
    customers = column.count("customers on the stop-list")
    hours = column.number("hours a year they took")
    net_year = column.money("their net amount of the trailing 12 months")
    hours_week = column.number("hours a week freed")
    load = column.ratio("hours a week of the contact plan ÷ hours available")
    load_after = column.ratio("the same with the hours freed added to those available")


@dataclass(frozen=True)
class StopList(Result):
    """Lapsed customers without a contract that still take up time.

    selling_hours: hours a week a rep has for customers, by the settings; unset: settings of hours
    that nobody set: then hours are an illustration, contacts are not.
    """

    section: ClassVar[str] = "stop-list"
    table: Annotated[pd.DataFrame, StopCustomers]
    saved: Annotated[pd.DataFrame, FreedHours]
    selling_hours: float
    top: int
    as_of: date
    fmt: Formats
    unset: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        return say(
            "contacts and net amount of the trailing 12 months · n = {n} customers · as of {as_of}",
            n=self.fmt.count(len(self.table)),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("name", weight=2),
            Col("owner", "name", weight=1.5),
            Col("segment", "term"),
            Col("contacts", "count", "Contacts in 12 months"),
            *([] if self.unset else [Col("hours", "number", "Hours", decimals=1)]),
            Col("net_year", "money", "Revenue in 12 months"),
            Col("last", "date", "Last order in the window"),
        ]
        saved = [
            Col("owner", "name", weight=2),
            Col("customers", "count"),
            Col("hours", "number", "Hours a year", decimals=1),
            Col("hours_week", "number", "Hours a week freed", decimals=1),
            Col("net_year", "money", "Revenue at stake"),
            Col(
                "load",
                "share",
                "Load of the contact plan",
                decimals=0,
                tone=lambda row: "bad" if row["load"] is not None and row["load"] > 1 else "",
            ),
            Col("load_after", "share", "Load with the hours freed", decimals=0),
        ]
        total = {
            "owner": "All",
            **{
                name: self.saved[name].sum()
                for name in ("customers", "hours", "hours_week", "net_year")
            },
        }
        found = [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("Where attention can stop"),
                note=self.note,
                limit=self.top,
            )
        ]
        return (
            [
                *found,
                table(
                    self.saved,
                    saved,
                    self.fmt,
                    title=say("What stopping frees, per rep"),
                    limit=self.top,
                    total=total,
                    note=(
                        say(
                            "load = hours a week the plan promises ÷ hours there are, with the"
                            " hours freed added to these · {note}",
                            note=self.note,
                        )
                    ),
                ),
            ]
            if len(self.saved) and not self.unset
            else found
        )

    def reading(self) -> str:
        if self.table.empty:
            return say("No lapsed customer without contract still takes up time.")
        n, touches = len(self.table), int(self.table["contacts"].sum())
        text = say(
            "{lapsed_customers} without a contract {en_were} contacted {times}"
            " in 12 months and brought {net_year}.",
            lapsed_customers=plural(n, "lapsed customer"),
            en_were="was" if n == 1 else "were",
            times=plural(touches, "time"),
            net_year=self.fmt.money(self.table["net_year"].sum(), compact=True),
        )
        return f"{text} {illustration(self.unset) if self.unset else self._hours_text()}"

    def _hours_text(self) -> str:
        """What stopping frees, and for whom most."""
        hours, money = self.table["hours"].sum(), self.table["net_year"].sum()
        reps = hours / (self.selling_hours * WEEKS)
        text = say(
            "That took {hours} hours: {money} an hour. Moving them to mailings"
            " frees {hours_2} hours a week, the time of {reps} reps",
            hours=self.fmt.text(hours, "number", decimals=0),
            money=self.fmt.money(money / hours),
            hours_2=self.fmt.text(hours / WEEKS, "number", decimals=1),
            reps=self.fmt.text(reps, "number", decimals=1),
        )
        own = self.saved[in_charge(self.saved["owner"])]
        if own.empty:
            return f"{text}."
        return say(
            "{text}; most for {owner} ({hours_week} hours a week).",
            text=text,
            owner=own.iloc[0]["owner"],
            hours_week=self.fmt.text(own.iloc[0]["hours_week"], "number", decimals=1),
        )

    def headline(self) -> str:
        if self.table.empty:
            return ""
        hours = self.fmt.text(self.table["hours"].sum(), "number", decimals=0)
        took = (
            say(
                "{contacts} in 12 months",
                contacts=plural(int(self.table["contacts"].sum()), "contact"),
            )
            if self.unset
            else say("{hours} hours a year to free", hours=hours)
        )
        return say(
            "Stop-list: {customers}, {took}.",
            customers=plural(len(self.table), "customer"),
            took=took,
        )

    def worksheets(self) -> Sequence[Worksheet]:
        columns = (
            ("name", say("Customer"), "text"),
            ("owner", say("Owner"), "name"),
            ("segment", say("Segment"), "term"),
            ("contacts", say("Contacts in 12 months"), "count"),
            *((("hours", say("Hours"), "number"),) if not self.unset else ()),
            ("net_year", say("Revenue in 12 months"), "money"),
            ("last", say("Last order"), "date"),
        )
        return (
            [
                Worksheet(
                    say("Stop-list"),
                    columns,
                    tuple(
                        tuple(row)
                        for row in self.table[[key for key, _, _ in columns]].itertuples(
                            index=False
                        )
                    ),
                )
            ]
            if len(self.table)
            else []
        )


@section("stop-list")
def stop_list(book: Book, top: int = 15) -> StopList:
    """Customers of lapsed segments, not under contract, that were still contacted. Needs activities
    (date, kind) and orders (customer_id, amount, date).
    """
    book.need("activities", "date", "kind", gives=GIVES)
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    scored = rfm(book)
    if isinstance(scored, Missing):
        raise NotAvailable({}, GIVES, scored.reason)
    log, settings = attention(book).log, book.settings.segments
    hours = spent_hours(log, settings).groupby(log["customer_id"]).agg(["sum", "size"])
    rows = scored.customers[
        scored.customers["segment"].isin(STOP_SEGMENTS)
        & scored.customers["customer_id"].isin(hours.index)
    ]
    rows = rows[~under_contract(book, rows["customer_id"])].assign(
        hours=lambda f: f["customer_id"].map(hours["sum"]),
        contacts=lambda f: f["customer_id"].map(hours["size"]),
    )
    rows = rows.sort_values(["hours", "customer_id"], ascending=[False, True]).reset_index(
        drop=True
    )
    return StopList(
        rows[StopCustomers.names()],
        _saved(book, rows),
        settings.selling_hours,
        top,
        book.as_of,
        book.fmt,
        not_set(settings, "visit_hours", "contact_hours", "selling_hours"),
    )


def _saved(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``FreedHours`` from one of ``StopCustomers``."""
    saved = (
        rows.groupby("owner")
        .agg(customers=("name", "size"), hours=("hours", "sum"), net_year=("net_year", "sum"))
        .reset_index()
        .astype({"hours": float, "net_year": float})
    )
    plan = capacity(book)
    load = (
        {}
        if isinstance(plan, Missing)
        else plan.table.drop_duplicates("owner").set_index("owner")["load"].to_dict()
    )
    week = saved["hours"] / WEEKS
    now = saved["owner"].map(load).astype(float)
    saved = saved.assign(
        hours_week=week,
        load=now,
        load_after=now
        * book.settings.segments.selling_hours
        / (book.settings.segments.selling_hours + week),
    )
    return saved.sort_values(["hours", "owner"], ascending=[False, True]).reset_index(drop=True)
