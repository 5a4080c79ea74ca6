"""Relationship plan: what each value tier is promised, whether it is kept, and the plan customer by
customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures import customers as measures
from playbook.methods.intervals import Rate, wilson
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.segments.lists.calls import working_day
from playbook.segments.population import population, sums
from playbook.segments.value.tiers import tier_names, tiered

from .attention import Attention, attention, per_tier
from .leads import won_leads
from .service import ALL, by_tier, waits

GIVES = "what each tier is promised and whether it is kept"
SOON = 5  # working days in which an overdue visit is to be made


@dataclass(frozen=True)
class Plan(Result):
    """``table``: one row per tier: targets beside outcome. ``service``: requests answered and
    solved in time, per tier and all; empty without any.
    ``referrals``: asked of the tiers, come, decided, won, revenue; None without channels. ``plan``:
    one row per customer of the tiers that are
    promised visits: name, owner, tier, visits promised and made, last visit, next [day], respond
    and solve [hours], satisfaction.
    """

    section: ClassVar[str] = "relationship-plan"
    table: pd.DataFrame
    service: pd.DataFrame
    untimed: int
    referrals: pd.DataFrame | None
    plan: pd.DataFrame
    top: int
    as_of: date
    fmt: Formats
    currency: str

    @property
    def note(self) -> str:
        return (
            "customers by tier of the trailing 12 months · n ="
            f" {self.fmt.count(self.table['customers'].sum())} customers · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        plan = [
            Col("name", weight=2),
            Col("owner", weight=1.5),
            Col("tier"),
            Col("made", "count", "Visits in 12 months"),
            Col("promised", "count", "Promised"),
            Col("last_visit", "date", "Last visit"),
            Col("next", "date", "Next by"),
            Col("net_year", "money", "Revenue"),
        ]
        found = [self._outcome_table(), self._visits_table()]
        found += [self._service_table()] if len(self.service) else []
        found += [self._referral_table()] if self.referrals is not None else []
        return [
            *found,
            table(
                self.plan,
                plan,
                self.fmt,
                title="Plan by customer, next visit first",
                note=self.note,
                limit=self.top,
            ),
        ]

    def _outcome_table(self) -> Table:
        columns = [
            Col("tier"),
            Col("customers", "count"),
            Col("repurchase", "share", "Ordered again", low="low", high="high"),
            Col("repurchase_target", "share", "Target", decimals=0),
            Col(
                "repurchase_gap",
                "pp",
                "Gap",
                tone=lambda row: _tone(row["high"], row["repurchase_target"]),
            ),
            Col("satisfaction", "number", "Satisfaction", decimals=1),
            Col("satisfaction_target", "number", "Target", decimals=0),
            Col(
                "satisfaction_gap",
                "number",
                "Gap",
                decimals=1,
                sign=True,
                tone=lambda row: _tone(row["satisfaction"], row["satisfaction_target"]),
            ),
            Col("asked", "count", "Customers asked"),
        ]
        return table(
            self.table,
            columns,
            self.fmt,
            title="Targets of the plan and their outcome, by value tier",
            note=(
                "ordered again: of the tier's customers of the year before, Wilson 95 %; marked"
                " where even the upper end misses the target · satisfaction: mean of the customers"
                f" asked · {self.note}"
            ),
        )

    def _visits_table(self) -> Table:
        columns = [
            Col("tier"),
            Col("customers", "count"),
            Col("visits_target", "number", "Visits promised each", decimals=0),
            Col("visits", "number", "made", decimals=1),
            Col(
                "visited",
                "share",
                "Customers with all of them",
                low="visited_low",
                high="visited_high",
            ),
            Col("calls_target", "number", "Calls promised each", decimals=0),
            Col("calls", "number", "made", decimals=1),
        ]
        return table(
            self.table,
            columns,
            self.fmt,
            title="Visits and calls promised and made",
            note=(
                "trailing 12 months · a share stands where visits are promised · Wilson 95 % ·"
                f" {self.note}"
            ),
        )

    def _service_table(self) -> Table:
        columns = [
            Col("tier"),
            Col("requests", "count"),
            Col("answered_promise", "number", "Answer within [h]", decimals=0),
            Col("answered", "share", "in time", low="answered_low", high="answered_high"),
            Col("answered_hours", "number", "Median [h]", decimals=1),
            Col("solved_promise", "number", "Solve within [h]", decimals=0),
            Col("solved", "share", "in time", low="solved_low", high="solved_high"),
            Col("solved_hours", "number", "Median [h]", decimals=1),
        ]
        left = (
            f" · {plural(self.untimed, 'request')} without a time of recording left out"
            if self.untimed
            else ""
        )
        return table(
            self.service,
            columns,
            self.fmt,
            title="Answering and solving, promised and kept",
            note=(
                "requests of customers in the trailing 12 months, clock hours by the times of"
                f" recording · Wilson 95 %{left} · as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def _referral_table(self) -> Table:
        columns = [
            Col("what", label="Referrals", weight=2),
            Col("asked", "count", "Asked of customers"),
            Col("leads", "count", "Leads come"),
            Col("decided", "count", "Decided deals"),
            Col("won", "count"),
            Col("win_rate", "share", "Win rate", low="low", high="high"),
            Col("revenue", "money", "Revenue by this channel"),
        ]
        return table(
            self.referrals,
            columns,
            self.fmt,
            title="Referrals asked and come",
            note=(
                "leads created and net amount of orders in the trailing 12 months · Wilson 95 % ·"
                f" as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def reading(self) -> str:
        return " ".join(
            filter(
                None,
                (
                    self._behind_text(),
                    self._missed_text(),
                    self._service_text(),
                    self._referral_text(),
                ),
            )
        )

    def _behind_text(self) -> str:
        behind = int((self.plan["made"] < self.plan["promised"]).sum())
        return (
            f"{plural(behind, 'customer')} of {self.fmt.count(len(self.plan))} with promised visits"
            " were visited less often than promised."
            if len(self.plan)
            else ""
        )

    def _missed_text(self) -> str:
        missed = [
            f"{r['tier']} {self.fmt.share(r['repurchase'])} against"
            f" {self.fmt.share(r['repurchase_target'], decimals=0)}"
            for r in self.table.to_dict("records")
            if r["repurchase"] is not None
            and r["repurchase"] == r["repurchase"]
            and r["repurchase"] < r["repurchase_target"]
        ]
        return (
            f"Customers who ordered again fall short of the target: {', '.join(missed)}."
            if missed
            else "Every tier with customers to follow reaches its repurchase target."
        )

    def _service_text(self) -> str:
        if not len(self.service):
            return ""
        t = self.service.iloc[-1]
        return (
            f"Of the requests of customers {self.fmt.rate(t['answered_kept'], t['answered_due'])}"
            f" were answered and {self.fmt.rate(t['solved_kept'], t['solved_due'])} solved within"
            " the hours promised."
        )

    def _referral_text(self) -> str:
        if self.referrals is None:
            return ""
        r = self.referrals.iloc[0]
        return (
            f"The plan asks the customers for {plural(int(r['asked']), 'referral')} a year;"
            f" {plural(int(r['leads']), 'lead')} came by referral and {self.fmt.count(r['won'])} of"
            " them are won."
        )

    def headline(self) -> str:
        behind = int((self.plan["made"] < self.plan["promised"]).sum())
        answered = (
            f"; {self.fmt.rate(self.service.iloc[-1]['answered_kept'], self.service.iloc[-1]['answered_due'])}"
            " of requests answered in time"
            if len(self.service)
            else ""
        )
        return (
            f"Relationship plan: {self.fmt.count(behind)} of {plural(len(self.plan), 'customer')}"
            f" visited less often than promised{answered}."
        )

    def kpis(self) -> Sequence[Kpi]:
        found = [
            Kpi.rate(
                f"service.{kind}_in_time",
                "trailing_12m",
                Rate(r[f"{kind}_kept"], r[f"{kind}_due"]),
                None if r["tier"] == ALL else {"tier": r["tier"]},
                "no request whose promise has run out",
            )
            for r in self.service.to_dict("records")
            for kind in ("answered", "solved")
        ]
        found += [
            Kpi(
                "satisfaction",
                "all",
                r["satisfaction"],
                "ratio",
                {"tier": r["tier"]},
                n=int(r["asked"]),
                why="nobody was asked",
            )
            for r in self.table.to_dict("records")
        ]
        if self.referrals is not None:
            r = self.referrals.iloc[0]
            found += [
                Kpi("referral.leads", "trailing_12m", int(r["leads"]), "count"),
                Kpi("referral.revenue", "trailing_12m", float(r["revenue"]), self.currency),
            ]
        return found

    def worksheets(self) -> Sequence[Worksheet]:
        columns = (
            ("name", "Customer", "text"),
            ("owner", "Owner", "text"),
            ("tier", "Tier", "text"),
            ("promised", "Visits promised", "count"),
            ("made", "Visits made", "count"),
            ("last_visit", "Last visit", "date"),
            ("next", "Next by", "date"),
            ("respond", "Answer in hours", "count"),
            ("solve", "Solve in hours", "count"),
            ("satisfaction", "Satisfaction", "number"),
            ("referrals", "Referrals asked", "count"),
            ("net_year", "Revenue", "money"),
        )
        return [
            Worksheet(
                "Relationship plan",
                columns,
                tuple(
                    tuple(row)
                    for row in self.plan[[key for key, _, _ in columns]].itertuples(index=False)
                ),
            )
        ]

    def notes(self) -> Sequence[str]:
        measured = (
            "A request counts as answered with the first contact recorded after it and as solved"
            " with the first of those marked as progress; one still waiting counts as late once its"
            " promise has run out."
            if len(self.service)
            else (
                "Response times are promised, not measured: the contact log holds no requests of"
                " customers with the time they came (kinds of the setting request_kinds)."
            )
        )
        return (
            (
                "Promises per tier are settings: visits, calls, repurchase, satisfaction,"
                f" referrals, answering and solving time. {measured} Referrals are counted by"
                " channel: the tables do not say which customer sent whom."
            ),
        )


def _tone(value: float | None, target: float) -> str:
    return "bad" if value is not None and value == value and value < target else ""


@section("relationship-plan")
def relationship(book: Book, top: int = 15) -> Plan:
    """Plan and outcome per tier. Needs orders and activities; satisfaction from care_plan,
    referrals from channels where given.
    """
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    book.need("activities", "customer_id", "date", "kind", gives=GIVES)
    settings, found = book.settings.segments, attention(book)
    customers = tiered(population(book), settings.tiers, book.currency).customers
    rows = _with_contacts(customers, found.log, book).assign(
        promised=per_tier(settings.tier_visits, customers["tier"], settings)
    )
    rows = rows.assign(
        respond=per_tier(settings.tier_response_hours, rows["tier"], settings),
        solve=per_tier(settings.tier_solving_hours, rows["tier"], settings),
        referrals=per_tier(settings.tier_referrals, rows["tier"], settings),
    )
    plan = rows[rows["promised"] > 0]
    plan = (
        plan.assign(next=_next_visits(plan, book))
        .sort_values(["next", "net_year", "customer_id"], ascending=[True, False, True])
        .reset_index(drop=True)
    )
    service, untimed = _service(found, rows, book)
    return Plan(
        _by_tier(rows, _again(book), settings),
        service,
        untimed,
        _referrals(book, rows),
        plan,
        top,
        book.as_of,
        book.fmt,
        book.currency,
    )


def _with_contacts(customers: pd.DataFrame, log: pd.DataFrame, book: Book) -> pd.DataFrame:
    visits, calls = (
        log[log["kind"] == kind].groupby("customer_id")["date"] for kind in ("visit", "call")
    )
    asked = (
        contacts.care(book.table("care_plan")).set_index("customer_id")["satisfaction"]
        if book.has("care_plan", "satisfaction")
        else pd.Series(dtype=float)
    )
    ids = customers["customer_id"]
    return customers.assign(
        made=ids.map(visits.size()).fillna(0).astype(int),
        called=ids.map(calls.size()).fillna(0).astype(int),
        last_visit=visits.max().reindex(ids).to_numpy(),
        satisfaction=ids.map(asked).astype(float),
    )


def _next_visits(plan: pd.DataFrame, book: Book) -> list[date]:
    """Last visit plus the promised interval; never visited or overdue: within SOON working days."""
    soon = working_day(book.as_of, SOON, book.calendar)
    interval = pd.to_timedelta((365 / plan["promised"]).round(), unit="D")
    return [
        soon if pd.isna(day) or day.date() < soon else day.date()
        for day in plan["last_visit"] + interval
    ]


def _service(found: Attention, rows: pd.DataFrame, book: Book) -> tuple[pd.DataFrame, int]:
    """Requests against the promise per tier, and how many have no time; empty where no request has
    one.
    """
    timed = waits(found.log, found.requests)
    if timed.empty:
        return pd.DataFrame(), len(found.requests)
    now = pd.Timestamp(book.as_of) + pd.Timedelta(days=1)
    return by_tier(timed, rows.set_index("customer_id")["tier"], book.settings.segments, now), len(
        found.requests
    ) - len(timed)


def _referrals(book: Book, rows: pd.DataFrame) -> pd.DataFrame | None:
    """What the plan asks of all customers beside the leads, wins and revenue of the referral
    channels; the other channels for comparison.
    """
    if not book.has("leads", "created", "channel"):
        return None
    window, names = (
        book.window("trailing_12m"),
        {name.casefold() for name in book.settings.segments.referral_channels},
    )
    leads = contacts.leads(book.table("leads"))
    leads = leads[(leads["created"] >= pd.Timestamp(window.start)) & leads["channel"].notna()]
    referred = leads["channel"].str.strip().str.casefold().isin(names)
    outcome = leads["lead_id"].map(won_leads(book))
    revenue = (
        measures.channel_sales(book.table("orders"), window, names)[0]
        if book.has("orders", "channel")
        else None
    )
    return pd.DataFrame(
        [
            {
                "what": "By referral",
                "asked": rows["referrals"].sum(),
                **_decided(outcome[referred]),
                "revenue": revenue,
            },
            {
                "what": "By other channels",
                "asked": None,
                **_decided(outcome[~referred]),
                "revenue": None,
            },
        ]
    )


def _decided(outcome: pd.Series) -> dict:
    k, n = int((outcome == "won").sum()), int(outcome.isin(["won", "lost"]).sum())
    low, high = wilson(k, n)
    return {
        "leads": len(outcome),
        "decided": n,
        "won": k,
        "win_rate": k / n if n else None,
        "low": low,
        "high": high,
    }


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
        promised = {
            key: float(per_tier(values, pd.Series([name]), settings)[0])
            for key, values in (
                ("repurchase_target", settings.tier_repurchase),
                ("satisfaction_target", settings.tier_satisfaction),
                ("visits_target", settings.tier_visits),
                ("calls_target", settings.tier_calls),
            )
        }
        satisfaction, enough = of["satisfaction"].mean(), int((of["made"] >= of["promised"]).sum())
        visited = wilson(enough, len(of)) if promised["visits_target"] else (None, None)
        found.append(
            {
                "tier": name,
                "customers": len(of),
                "repurchase": k / n if n else None,
                "low": low,
                "high": high,
                **promised,
                "repurchase_gap": k / n - promised["repurchase_target"] if n else None,
                "satisfaction": satisfaction,
                "satisfaction_gap": satisfaction - promised["satisfaction_target"],
                "asked": int(of["satisfaction"].notna().sum()),
                "visits": of["made"].mean(),
                "calls": of["called"].mean(),
                "visited": enough / len(of) if promised["visits_target"] and len(of) else None,
                "visited_low": visited[0],
                "visited_high": visited[1],
            }
        )
    return pd.DataFrame(found)
