"""What somebody who answers for a part works on: people against their quarter, open deals,
contracts that end, visits; as small frames of a book that holds the part only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import people, renewal, sales
from playbook.data.measures.frames import collect
from playbook.data.measures.names import customer_names, in_charge
from playbook.data.measures.plan import plan_of

MONTHS = 13
AHEAD = 3  # months in which contracts that end are listed
SOLD_LATELY = 3  # months without an order after which it is worth a word


@dataclass(frozen=True)
class Person:
    """One person of a part. Money in the book's currency; None where it is not known.

    months: net sales of thirteen months up to the report month. ending: worth of a year, and
    number, of contracts that end within three months and are not renewed.
    """

    rep: str
    name: str
    month: float
    quarter: float
    plan: float | None
    months: tuple[float | None, ...]
    open_worth: float
    open_deals: int
    ending_worth: float
    ending: int
    visits: int | None
    hired: date | None

    @property
    def done(self) -> float | None:
        """Share of the quarter's plan."""
        return self.quarter / self.plan if self.plan else None


def open_deals(book: Book) -> pd.DataFrame:
    """Open deals, the largest first: opportunity_id, rep_id, product_line, channel, stage,
    expected_close, worth (expected amount, else the amount asked), customer (name or id).
    """
    if not book.has("opportunities", "outcome"):
        return pd.DataFrame(columns=["opportunity_id", "rep_id", "worth"])
    rows = book.table("opportunities").filter(nw.col("outcome") == "open")
    chosen = rows.select(
        "opportunity_id",
        "rep_id",
        "product_line",
        "channel",
        "stage",
        "expected_close",
        "customer_id",
        "lead_id",
        worth=nw.coalesce(nw.col("expected_amount"), nw.col("amount")).cast(nw.Float64),
    )
    frame = collect(chosen, sort=["opportunity_id"])
    ids, leads = (set(frame[c].dropna()) for c in ("customer_id", "lead_id"))
    names = customer_names(book, ids, leads)
    frame["customer"] = [
        names.get(c, c) if not is_missing(c) else names.get(lead, "")
        for c, lead in zip(frame.customer_id, frame.lead_id, strict=True)
    ]
    return frame.sort_values(
        ["worth", "opportunity_id"], ascending=[False, True], na_position="last", kind="stable"
    ).reset_index(drop=True)


def ending(book: Book) -> pd.DataFrame:
    """Contracts that end within three months and are not renewed, by the day they end:
    contract_id, rep_id, end, worth (of a year), customer (name or id).
    """
    if not book.has("contracts", "customer_id", "end"):
        return pd.DataFrame(columns=["contract_id", "rep_id", "end", "worth", "customer"])
    every = renewal.contracts(book)
    until = pd.Timestamp((book.month + AHEAD).end)
    rows = every[
        (every["end"] > pd.Timestamp(book.as_of))
        & (every["end"] <= until)
        & ~every["renewed"].astype(bool)
        & ~renewal.stopped(book, every)
    ]
    names = customer_names(book, set(rows.customer_id.dropna()))
    rows = rows.assign(
        worth=rows.annual_value.astype(float),
        customer=[names.get(c, c) for c in rows.customer_id],
    )
    return rows.sort_values(["end", "contract_id"], kind="stable").reset_index(drop=True)[
        ["contract_id", "rep_id", "end", "worth", "customer"]
    ]


def visits(book: Book) -> dict[str, int] | None:
    """rep_id → visits of the report month; None where the book has no contacts."""
    if not book.has("activities", "kind", "rep_id"):
        return None
    day = nw.col("date").cast(nw.Date)
    rows = book.table("activities").filter(
        nw.col("kind") == "visit", day >= book.month.start, day <= book.as_of
    )
    counted = collect(
        rows.filter(~nw.col("rep_id").is_null()).group_by("rep_id").agg(n=nw.len()),
        sort=["rep_id"],
    )
    return {r.rep_id: int(r.n) for r in counted.itertuples()}


def quarter(book: Book) -> tuple[Month, Month]:
    """First and last month of the fiscal quarter of the report month."""
    first = Month.of(book.window("quarter_to_date").start or book.month.start)
    return first, first + 2


def persons(book: Book) -> list[Person]:
    """People of the part who are still there and sell or have a target, best quarter first."""
    known = people.reps(book)
    if known.empty:
        return []
    here = known[known["left"].isna() | (known["left"] > pd.Timestamp(book.as_of))]
    sold = _by_person(book)
    plans = _plans(book)
    deals, ends, seen = open_deals(book), ending(book), visits(book)
    first, _ = quarter(book)
    span = [book.month - i for i in range(MONTHS - 1, -1, -1)]
    of_quarter = [first + i for i in range(book.month - first + 1)]
    names = in_charge(book)
    found = []
    for row in here.itertuples():
        months = sold.get(row.rep_id, {})
        plan = plans.get(row.rep_id)
        if not months and not plan:
            continue
        mine, due = deals[deals.rep_id == row.rep_id], ends[ends.rep_id == row.rep_id]
        found.append(
            Person(
                row.rep_id,
                names.get(row.rep_id, row.rep_id),
                months.get(book.month, 0.0),
                sum(months.get(m, 0.0) for m in of_quarter),
                plan,
                tuple(months.get(m, 0.0) for m in span),
                float(mine.worth.fillna(0).sum()),
                len(mine),
                float(due.worth.fillna(0).sum()),
                len(due),
                None if seen is None else seen.get(row.rep_id, 0),
                None if pd.isna(row.hired) else row.hired.date(),
            )
        )
    return sorted(found, key=lambda p: (p.done is None, -(p.done or 0), -p.quarter, p.rep))


def _by_person(book: Book) -> dict[str, dict[Month, float]]:
    if not book.has("orders", "amount"):
        return {}
    found: dict[str, dict[Month, float]] = {}
    for row in sales.monthly(book, ["rep"]).itertuples():
        found.setdefault(row.rep, {})[row.month] = float(row.amount)
    return found


def _plans(book: Book) -> dict[str, float]:
    """Targets of the whole quarter by person."""
    try:
        plan = plan_of(book)
    except NotAvailable:
        return {}
    first, last = quarter(book)
    found = {}
    for metric, members in plan.subjects():
        if metric == "sales" and len(members) == 1 and members[0][0] == "rep":
            target = plan.get("sales", members, first, last)
            months = plan.months("sales", members)
            given = [months[first + i] for i in range(3) if first + i in months]
            if target is not None:
                found[members[0][1]] = float(target.target)
            elif len(given) == 3:
                found[members[0][1]] = float(sum(given))
    return found


def to_talk_about(person: Person, deals: pd.DataFrame, book: Book) -> str:
    """What stands out with a person, in a few words; empty for nothing."""
    fmt = book.fmt
    if person.hired and (book.as_of - person.hired).days <= 183:
        return say("hired {hired}", hired=fmt.text(person.hired, "date"))
    late = [i for i, v in enumerate(reversed(person.months)) if v]
    if not late or late[0] >= SOLD_LATELY:
        if not late:
            return say("no order in 13 months")
        return say("no order since {month}", month=fmt.text(book.month - late[0], "month"))
    if person.ending and person.done is not None and person.done < 0.8:
        if person.ending > 1:
            return say("{n} contracts to renew", n=person.ending)
        return say("a renewal at stake")
    mine = deals[deals.rep_id == person.rep]
    last_stage = book.stages[-2]
    near = mine[mine.stage == last_stage] if "stage" in mine else mine[:0]
    if len(near):
        return say("{deal} in {stage}", deal=near.iloc[0].opportunity_id, stage=last_stage)
    if not person.open_deals:
        return say("no open deal")
    if person.plan and person.open_worth < 0.25 * person.plan:
        return say("thin pipeline")
    return ""


def day(value: Any) -> date | None:
    return None if is_missing(value) else pd.Timestamp(value).date()


def near(value: Any, book: Book) -> str:
    """A day within the year, without the year; a dash where there is none."""
    found = day(value)
    if found is None:
        return "–"
    text = book.fmt.text(found, "date")
    return re.sub(r"^\d{4}年|,? \d{4}$", "", text)
