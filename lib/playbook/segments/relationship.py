"""Relationship plan: what each value tier is promised, whether it is kept, and the plan customer by customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.settings import SegmentSettings
from playbook.base.uncertainty import wilson
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.page import Col, Result, Table, Worksheet, section, table

from .calls import working_day
from .care import per_tier
from .population import population, sums
from .tiers import tier_names, tiered

GIVES = "what each tier is promised and whether it is kept"
SOON = 5   # working days in which an overdue visit is to be made


@dataclass(frozen=True)
class Plan(Result):
    """``table``: one row per tier: targets beside outcome. ``plan``: one row per customer of the tiers that are promised visits:
    name, owner, tier, visits promised and made, last visit, next [day], respond and solve [hours], satisfaction.
    """

    section: ClassVar[str] = "relationship-plan"
    table: pd.DataFrame
    plan: pd.DataFrame
    top: int
    as_of: date
    fmt: Formats

    @property
    def note(self) -> str:
        return f"customers by tier of the trailing 12 months · n = {self.fmt.count(self.table['customers'].sum())} customers · as of {self.fmt.text(self.as_of, 'date')}"

    def tables(self) -> Sequence[Table]:
        tiers = [Col("tier"), Col("customers", "count"), Col("repurchase", "share", "Bought again", low="low", high="high"), Col("repurchase_target", "share", "Target"),
                 Col("satisfaction", "number", "Satisfaction", decimals=1), Col("satisfaction_target", "number", "Target", decimals=0), Col("asked", "count", "Customers asked"),
                 Col("visits", "number", "Visits each", decimals=1), Col("visits_target", "number", "Promised", decimals=0), Col("respond", "number", "Answer in hours", decimals=0),
                 Col("solve", "number", "Solve in hours", decimals=0)]
        plan = [Col("name", weight=2), Col("owner", weight=1.5), Col("tier"), Col("made", "count", "Visits in 12 months"), Col("promised", "count", "Promised"),
                Col("last_visit", "date", "Last visit"), Col("next", "date", "Next by"), Col("satisfaction", "number", "Satisfaction", decimals=0), Col("net_year", "money", "Revenue")]
        return [table(self.table, tiers, self.fmt, title="Promised and kept, by value tier", note=f"Wilson 95 % · {self.note}"),
                table(self.plan, plan, self.fmt, title="Plan by customer, next visit first", note=self.note, limit=self.top)]

    def reading(self) -> str:
        behind = self.plan[self.plan["made"] < self.plan["promised"]]
        text = f"{plural(len(behind), 'customer')} of {self.fmt.count(len(self.plan))} with promised visits were visited less often than promised. " if len(self.plan) else ""
        missed = [f"{r['tier']} {self.fmt.share(r['repurchase'])} against {self.fmt.share(r['repurchase_target'], decimals=0)}" for r in self.table.to_dict("records")
                  if r["repurchase"] is not None and r["repurchase"] == r["repurchase"] and r["repurchase"] < r["repurchase_target"]]
        return text + (f"Customers who bought again fall short of the target: {', '.join(missed)}." if missed else "Every tier with customers to follow reaches its repurchase target.")

    def headline(self) -> str:
        behind = int((self.plan["made"] < self.plan["promised"]).sum())
        return f"Relationship plan: {self.fmt.count(behind)} of {plural(len(self.plan), 'customer')} visited less often than promised."

    def worksheets(self) -> Sequence[Worksheet]:
        columns = (("name", "Customer", "text"), ("owner", "Owner", "text"), ("tier", "Tier", "text"), ("promised", "Visits promised", "count"), ("made", "Visits made", "count"),
                   ("last_visit", "Last visit", "date"), ("next", "Next by", "date"), ("respond", "Answer in hours", "count"), ("solve", "Solve in hours", "count"),
                   ("satisfaction", "Satisfaction", "number"), ("referrals", "Referrals asked", "count"), ("net_year", "Revenue", "money"))
        return [Worksheet("Relationship plan", columns, tuple(tuple(row) for row in self.plan[[key for key, _, _ in columns]].itertuples(index=False)))]

    def notes(self) -> Sequence[str]:
        return ("Promises per tier are settings: visits, repurchase, satisfaction, referrals, answering and solving time. Bought again: of the tier's customers of the year before, "
                "those active in this one. Response times are promised, not measured: the tables hold no service desk.",)


@section("relationship-plan")
def relationship(book: Book, top: int = 15) -> Plan:
    """Plan and outcome per tier. Needs orders and activities; satisfaction from care_plan where given."""
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    book.need("activities", "customer_id", "date", "kind", gives=GIVES)
    settings, window = book.settings.segments, book.window("trailing_12m")
    customers = tiered(population(book), settings.tiers, book.currency).customers
    log = contacts.log(book.table("activities"), window.start, book.as_of)
    rows = _with_visits(customers, log, book).assign(promised=per_tier(settings.tier_visits, customers["tier"], settings))
    rows = rows.assign(respond=per_tier(settings.tier_response_hours, rows["tier"], settings), solve=per_tier(settings.tier_solving_hours, rows["tier"], settings),
                       referrals=per_tier(settings.tier_referrals, rows["tier"], settings))
    plan = rows[rows["promised"] > 0]
    plan = plan.assign(next=_next_visits(plan, book)).sort_values(["next", "net_year", "customer_id"], ascending=[True, False, True]).reset_index(drop=True)
    return Plan(_by_tier(rows, _again(book), settings), plan, top, book.as_of, book.fmt)


def _with_visits(customers: pd.DataFrame, log: pd.DataFrame, book: Book) -> pd.DataFrame:
    visits = log[log["kind"] == "visit"].groupby("customer_id")["date"]
    asked = contacts.care(book.table("care_plan")).set_index("customer_id")["satisfaction"] if book.has("care_plan", "satisfaction") else pd.Series(dtype=float)
    ids = customers["customer_id"]
    return customers.assign(made=ids.map(visits.size()).fillna(0).astype(int), last_visit=pd.to_datetime(visits.max().reindex(ids).to_numpy()), satisfaction=ids.map(asked).astype(float))


def _next_visits(plan: pd.DataFrame, book: Book) -> list[date]:
    """Last visit plus the promised interval; never visited or overdue: within SOON working days."""
    soon = working_day(book.as_of, SOON, book.calendar)
    interval = pd.to_timedelta((365 / plan["promised"]).round(), unit="D")
    return [soon if pd.isna(day) or day.date() < soon else day.date() for day in plan["last_visit"] + interval]


def _again(book: Book) -> pd.DataFrame:
    """Customers of the year before with their tier then and whether they are active in this one."""
    grouped = sums(book).dropna(subset="customer_id")
    base = grouped[grouped["orders_base"] > 0]
    tiers = np.asarray(tier_names(base["net_base"].to_numpy(float), book.settings.segments.tiers))
    return pd.DataFrame({"tier": tiers, "again": (base["orders_year"] > 0).to_numpy()})


def _by_tier(rows: pd.DataFrame, again: pd.DataFrame, settings: SegmentSettings) -> pd.DataFrame:
    found = []
    for name in settings.tiers.names:
        of, before = rows[rows["tier"] == name], again[again["tier"] == name]["again"]
        k, n = int(before.sum()), len(before)
        low, high = wilson(k, n)
        one = pd.Series([name])
        found.append({"tier": name, "customers": len(of), "repurchase": k / n if n else None, "low": low, "high": high,
                      "repurchase_target": per_tier(settings.tier_repurchase, one, settings)[0], "satisfaction": of["satisfaction"].mean(),
                      "satisfaction_target": per_tier(settings.tier_satisfaction, one, settings)[0], "asked": int(of["satisfaction"].notna().sum()),
                      "visits": of["made"].mean(), "visits_target": per_tier(settings.tier_visits, one, settings)[0],
                      "respond": per_tier(settings.tier_response_hours, one, settings)[0], "solve": per_tier(settings.tier_solving_hours, one, settings)[0]})
    return pd.DataFrame(found)
