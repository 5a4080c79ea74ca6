"""Relationship plan: what each value tier is promised, whether it is kept, and the next visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.methods.intervals import Rate
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.segments.population import population
from playbook.segments.value.tiers import tiered

from .attention import attention
from .referrals import ReferralChannels, referral_table, referrals
from .service import ALL, ServiceTiers, service, service_table
from .tier_targets import TierTargets, ordered_again, outcome_table, tier_targets, visits_table
from .visit_plan import VisitPlan, visit_plan, with_promises

GIVES = "what each tier is promised and whether it is kept"


@dataclass(frozen=True)
class RelationshipPlan(Result):
    """What the plan promises to each value tier and what came of it.

    service: empty where no request has a time of recording; untimed: requests without one;
    referrals: None where leads have no channel.
    """

    section: ClassVar[str] = "relationship-plan"
    table: Annotated[pd.DataFrame, TierTargets]
    service: Annotated[pd.DataFrame, ServiceTiers]
    untimed: int
    referrals: Annotated[pd.DataFrame | None, ReferralChannels]
    plan: Annotated[pd.DataFrame, VisitPlan]
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
        found = [
            outcome_table(self.table, self.note, self.fmt),
            visits_table(self.table, self.note, self.fmt),
        ]
        if len(self.service):
            found.append(service_table(self.service, self.untimed, self.as_of, self.fmt))
        if self.referrals is not None:
            found.append(referral_table(self.referrals, self.as_of, self.fmt))
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

    def reading(self) -> str:
        return " ".join(
            filter(
                None,
                (
                    self._visits_text(),
                    self._missed_text(),
                    self._service_text(),
                    self._referral_text(),
                ),
            )
        )

    @property
    def short_of_visits(self) -> int:
        """Customers visited less often than promised."""
        return int((self.plan["made"] < self.plan["promised"]).sum())

    def _visits_text(self) -> str:
        return (
            f"{plural(self.short_of_visits, 'customer')} of {self.fmt.count(len(self.plan))} with"
            " promised visits were visited less often than promised."
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
        answered = ""
        if len(self.service):
            row = self.service.iloc[-1]
            rate = self.fmt.rate(row["answered_kept"], row["answered_due"])
            answered = f"; {rate} of requests answered in time"
        return (
            f"Relationship plan: {self.fmt.count(self.short_of_visits)} of"
            f" {plural(len(self.plan), 'customer')} visited less often than promised{answered}."
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


@section("relationship-plan")
def relationship(book: Book, top: int = 15) -> RelationshipPlan:
    """Promises of the plan and their outcome per tier; the first ``top`` visits are listed.

    Needs orders (customer_id, amount, date) and activities (customer_id, date, kind); satisfaction
    comes from care_plan and referrals from the channels of leads, where given.
    """
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    book.need("activities", "customer_id", "date", "kind", gives=GIVES)
    settings, found = book.settings.segments, attention(book)
    customers = tiered(population(book), settings.tiers, book.currency).customers
    rows = with_promises(customers, found.log, book, settings)
    served, untimed = service(found, rows.set_index("customer_id")["tier"], book)
    return RelationshipPlan(
        tier_targets(rows, ordered_again(book), settings),
        served,
        untimed,
        referrals(book, rows),
        visit_plan(rows, book),
        top,
        book.as_of,
        book.fmt,
        book.currency,
    )
