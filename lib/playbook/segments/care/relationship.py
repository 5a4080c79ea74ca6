"""Relationship plan: what each value tier is promised, whether it is kept, and the next visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.methods.intervals import Rate
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.segments.illustrations import illustration, not_set

from .attention import attention
from .referrals import ReferralChannels, referral_table, referrals
from .service import ALL, ServiceTiers, service, service_table, service_text
from .tier_targets import (
    TierTargets,
    missed_text,
    ordered_again,
    outcome_table,
    tier_targets,
    visits_table,
)
from .visit_plan import VisitPlan, plan_of, plan_sheet, promises_of

GIVES = later("what each tier is promised and whether it is kept")
SIDES = ("customer_id", "opportunity_id", "lead_id")  # what an activity can name
PROMISES = (
    "tiers",
    "tier_visits",
    "tier_calls",
    "tier_repurchase",
    "tier_satisfaction",
    "tier_referrals",
    "tier_response_hours",
    "tier_solving_hours",
)


@dataclass(frozen=True)
class RelationshipPlan(Result):
    """What the plan promises to each value tier and what came of it.

    service: empty where no request has a time of recording; untimed: requests without one;
    referrals: None where leads have no channel; unset: promises of the plan that nobody set, by the
    settings' names: what rests on them is an illustration; visited: whether any contact is called a
    visit.
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
    unset: tuple[str, ...] = ()
    visited: bool = True

    @property
    def note(self) -> str:
        return say(
            "customers by tier of the trailing 12 months · n = {customers}"
            " customers · as of {as_of}",
            customers=self.fmt.count(self.table["customers"].sum()),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        plan = [
            Col("name", weight=2),
            Col("owner", "name", weight=1.5),
            Col("tier", "tier"),
            Col("made", "count", "Visits in 12 months"),
            Col("expected", "count", "Promised by now"),
            Col("called", "count", "Calls in 12 months"),
            Col("calls_expected", "count", "Promised by now"),
            Col("what", "term", label="Next"),
            Col("next", "date", "Next by"),
            Col("net_year", "money", "Revenue"),
        ]
        judged = not {"tier_repurchase", "tier_satisfaction"} & set(self.unset)
        found = [
            self._marked(outcome_table(self.table, self.note, self.fmt, judged), judged),
            self._marked(visits_table(self.table, self.note, self.fmt), not self._visits_unset),
        ]
        if len(self.service):
            served = service_table(self.service, self.untimed, self.as_of, self.fmt)
            found.append(self._marked(served, not self._hours_unset))
        if self.referrals is not None:
            found.append(referral_table(self.referrals, self.as_of, self.fmt))
        return [
            *found,
            table(
                self.plan,
                plan,
                self.fmt,
                title=(
                    say("Illustration: plan by customer, next visit or call first")
                    if self._visits_unset
                    else say("Plan by customer, next visit or call first")
                ),
                note=self.note,
                limit=self.top,
            ),
        ]

    @staticmethod
    def _marked(made: Table, given: bool) -> Table:
        """The table, marked as an illustration where nobody gave the promises in it."""
        return (
            made if given else replace(made, title=say("Illustration: {title}", title=made.title))
        )

    def reading(self) -> str:
        parts = [illustration(self.unset)]
        if "tier_visits" not in self.unset:
            parts.append(self._visits_text())
        if "tier_repurchase" not in self.unset:
            parts.append(missed_text(self.table, self.fmt))
        if not self._hours_unset:
            parts.append(service_text(self.service, self.fmt))
        parts.append(self._referral_text())
        return " ".join(filter(None, parts))

    @property
    def short_of_visits(self) -> int:
        """Customers visited less often than promised by now."""
        return int((self.plan["made"] < self.plan["expected"]).sum())

    @property
    def with_visits(self) -> int:
        """Customers that are promised visits by now."""
        return int((self.plan["expected"] > 0).sum())

    @property
    def _visits_unset(self) -> bool:
        return bool({"tier_visits", "tier_calls"} & set(self.unset))

    @property
    def _hours_unset(self) -> bool:
        return bool({"tier_response_hours", "tier_solving_hours"} & set(self.unset))

    def _visits_text(self) -> str:
        if not self.with_visits:
            return ""
        if not self.visited:
            return say(
                "No contact in the log is called “visit”: whether visits were made is not known."
            )
        n = self.short_of_visits
        return say(
            "{customers} of {with_visits} with promised visits {en_were} visited"
            " less often than promised by now.",
            customers=plural(n, "customer"),
            with_visits=self.fmt.count(self.with_visits),
            en_were="was" if n == 1 else "were",
        )

    def _referral_text(self) -> str:
        if self.referrals is None:
            return ""
        r = self.referrals.iloc[0]
        leads, won = int(r["leads"]), int(r["won"])
        come = say(
            "{leads} came by referral and {won} of them",
            leads=plural(leads, "lead"),
            won=self.fmt.count(won),
        )
        come += say(" is won.") if won == 1 else say(" are won.")
        if not leads:
            come = say("No lead came by referral.")
        if "tier_referrals" in self.unset:
            return come
        asked = plural(int(r["asked"]), "referral")
        return say("The plan asks the customers for {asked} a year. {come}", asked=asked, come=come)

    def headline(self) -> str:
        parts = []
        if self.visited and self.with_visits and "tier_visits" not in self.unset:
            parts.append(
                say(
                    "{short_of_visits} of {customers} visited less often than promised",
                    short_of_visits=self.fmt.count(self.short_of_visits),
                    customers=plural(self.with_visits, "customer"),
                )
            )
        if len(self.service) and not self._hours_unset:
            row = self.service.iloc[-1]
            rate = self.fmt.rate(row["answered_kept"], row["answered_due"])
            parts += (
                [say("{rate} of requests answered in time", rate=rate)]
                if row["answered_due"]
                else []
            )
        return say("Relationship plan: {parts}.", parts=joined(parts, "; ")) if parts else ""

    def kpis(self) -> Sequence[Kpi]:
        found = [
            Kpi.rate(
                f"service.{kind}_in_time",
                "trailing_12m",
                Rate(r[f"{kind}_kept"], r[f"{kind}_due"]),
                None if r["tier"] == ALL else {"tier": r["tier"]},
                say("no request whose promise has run out"),
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
                why=say("nobody was asked"),
            )
            for r in self.table.to_dict("records")
        ]
        if self.referrals is not None:
            r = self.referrals.iloc[0]
            found += [
                Kpi("referral.leads", "trailing_12m", int(r["leads"]), "count"),
                Kpi(
                    "referral.revenue",
                    "trailing_12m",
                    None if pd.isna(r["revenue"]) else float(r["revenue"]),
                    self.currency,
                    why=say("orders carry no channel") if pd.isna(r["revenue"]) else None,
                ),
            ]
        return found

    def worksheets(self) -> Sequence[Worksheet]:
        return [] if "tier_visits" in self.unset else [plan_sheet(self.plan, self.fmt)]

    def notes(self) -> Sequence[str]:
        measured = (
            say(
                "A request counts as answered with the first contact recorded after"
                " it and as solved with the first of those marked as progress; one"
                " still waiting counts as late once its promise has run out."
            )
            if len(self.service)
            else (
                say(
                    "Response times are promised, not measured: the contact log holds no"
                    " requests of customers with the time they came (kinds of the"
                    " setting request_kinds)."
                )
            )
        )
        return (
            (
                say(
                    "Promises per tier are settings: visits, calls, repurchase,"
                    " satisfaction, referrals, answering and solving time. {measured}"
                    " Referrals are counted by channel: the tables do not say which"
                    " customer sent whom.",
                    measured=measured,
                )
            ),
        )


@section("relationship-plan")
def relationship(book: Book, top: int = 15) -> RelationshipPlan:
    """Promises of the plan and their outcome per tier; the first ``top`` visits are listed.

    Needs orders (customer_id, amount, date) and activities (date, kind) that name the customer, its
    deal or the lead it was; satisfaction
    comes from care_plan and referrals from the channels of leads, where given.
    """
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    book.need("activities", "date", "kind", gives=GIVES)
    if not any(book.has("activities", name) for name in SIDES):
        raise NotAvailable({"activities": SIDES[:1]}, GIVES)
    settings, found = book.settings.segments, attention(book)
    visits = found.log["kind"].astype("str").str.casefold() == "visit"
    rows = promises_of(book)
    served, untimed = service(found, rows.set_index("customer_id")["tier"], book)
    return RelationshipPlan(
        tier_targets(rows, ordered_again(book), settings, book.settings.book.holidays),
        served,
        untimed,
        referrals(book, rows),
        plan_of(book),
        top,
        book.as_of,
        book.fmt,
        book.currency,
        not_set(settings, *PROMISES),
        bool(visits.any()),
    )
