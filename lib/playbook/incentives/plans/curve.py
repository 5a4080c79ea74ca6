"""What a plan promises: pay for every amount, and the places where it jumps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import numpy as np
import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures.credits import TICKS
from playbook.incentives.figures import plans as figures
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.tables import DATA
from playbook.pay.credit import UNASSIGNED
from playbook.pay.credited_days import credited_days
from playbook.pay.history import History, history
from playbook.pay.period_pay import Cliff, PeriodPay
from playbook.pay.periods import period_name

from .plan_comparison_texts import GIVE_PLANS, plan_notes
from .standing import typical_terms


class PayAtAmounts(Frame):
    """One row per amount worth printing: each edge, one unit above it, and 1.25 times the last."""

    amount = c.money("credited in a period of the plan in force")
    current = c.money("what the plan in force pays for it")
    other = c.money("what the other plan pays for it")


@dataclass(frozen=True)
class PayCurve(Result):
    """Two plans' pay for a period's amount.

    totals: amounts reps reached in the periods of the last twelve months, rising [currency].
    cliffs: amounts at which either plan's pay jumps. terms: both plans at a typical quota.
    """

    section = "payout-curve"
    table: Annotated[pd.DataFrame, PayAtAmounts]
    totals: tuple[float, ...]
    cliffs: tuple[Cliff, ...]
    history: History
    terms: tuple[PeriodPay, PeriodPay]
    as_of: date
    fmt: Formats

    @property
    def what(self) -> str:
        """What the curve holds, for notes."""
        quotas = [
            say(
                "{plan} at a quota of {quota}",
                plan=named(terms.plan.name),
                quota=self.fmt.money(terms.quota),
            )
            for terms in self.terms
            if terms.quota
        ]
        assumed = [
            say("{plan}: {assumed}", plan=named(one.plan.name), assumed=one.assumed)
            for one in self.terms
            if one.assumed
        ]
        plain = say("tiers and attainment at the plain rates, before awards")
        return joined([plain, *quotas, *assumed], "; ")

    @property
    def plans(self) -> tuple[CommissionPlan, CommissionPlan]:
        return self.history.chosen.current, self.history.chosen.other

    @property
    def period(self) -> str:
        return self.plans[0].accumulate

    def figure(self) -> Figure | None:
        top = float(max(self.table["amount"].iloc[-1], 1))
        return figures.curve(
            [(terms.plan.name, terms.pay_line(top)) for terms in self.terms],
            self.totals,
            self.table,
            pd.DataFrame(
                [(c.plan, c.at, c.jump) for c in self.cliffs], columns=["plan", "at", "jump"]
            ),
            period=self.period,
            note=self.what,
            as_of=self.fmt.text(self.as_of, "date"),
            fmt=self.fmt,
        )

    def tables(self) -> list[Table]:
        current, other = self.plans
        columns = [
            Col("amount", "money", say("Credited in a {period}", period=period_name(self.period))),
            Col("current", "money", named(current.name), context=DATA),
            Col("other", "money", named(other.name), context=DATA),
            Col("difference", "money", "Difference", sign=True),
        ]
        made = [
            table(
                self.table.assign(difference=self.table["other"] - self.table["current"]),
                columns,
                self.fmt,
                title=say("What the plans pay at their edges and just above"),
                note=(
                    say(
                        "Money in {currency}, {what} · an edge belongs to the band below it,"
                        " a level of the quota begins with it",
                        currency=self.fmt.currency,
                        what=self.what,
                    )
                ),
            )
        ]
        if self.cliffs:
            frame = pd.DataFrame(
                [
                    {"plan": c.plan, "at": c.at, "jump": c.jump, "near": self.near(c)}
                    for c in self.cliffs
                ]
            )
            made.append(
                table(
                    frame,
                    [
                        Col("plan", "name", "Plan", context="pay"),
                        Col("at", "money", "Cliff at"),
                        Col("jump", "money", "Pay jumps by"),
                        Col(
                            "near",
                            "count",
                            say("Rep-{period}s just below", period=period_name(self.period)),
                        ),
                    ],
                    self.fmt,
                    title=say("Cliffs: one more unit sold moves pay at once"),
                    note=(
                        say(
                            "Just below: less than 5 % short of the edge in the last twelve"
                            " months; these are the periods in which pulling a deal forward paid"
                            " most"
                        )
                    ),
                )
            )
        return made

    def near(self, cliff: Cliff) -> int:
        """Rep-periods that ended less than 5 % short of a cliff."""
        return sum(float(cliff.at) * 0.95 <= total <= float(cliff.at) for total in self.totals)

    def reading(self) -> str:
        f, (current, other) = self.fmt, self.plans
        last = self.table.iloc[-1]
        if not self.history.chosen.given:
            return say(
                "{give_plans}. The picture shows an illustration.", give_plans=say(GIVE_PLANS)
            )
        text = say(
            "For {amount} in one {period}, plan {current} pays {paid} and plan {other}"
            " {would_pay}.",
            amount=f.money(last.amount),
            period=period_name(self.period),
            current=named(current.name),
            paid=f.money(last.current),
            other=named(other.name),
            would_pay=f.money(last.other),
        )
        if not self.cliffs:
            return text + say(
                " Neither plan has a cliff: a little more sold never moves pay by"
                " more than its rate."
            )
        worst = max(self.cliffs, key=lambda c: c.jump)
        places = {
            "plan": named(worst.plan),
            "at": f.money(worst.at),
            "jump": f.money(worst.jump),
        }
        if len(self.cliffs) == 1:
            return text + say(
                " Plan {plan} has a cliff: passing {at} by one unit adds {jump},"
                " which rewards moving a deal across a period's end rather than"
                " winning it.",
                **places,
            )
        return text + say(
            " Plan {plan} has cliffs: passing {at} by one unit adds {jump},"
            " which rewards moving a deal across a period's end rather than"
            " winning it.",
            **places,
        )

    def headline(self) -> str:
        f, last = self.fmt, self.table.iloc[-1]
        if not self.history.chosen.given:
            return say(GIVE_PLANS)
        if self.history.chosen.derived:
            mine = sum(cliff.plan == self.plans[0].name for cliff in self.cliffs)
            return say(
                "Pay curve: {amount} pays {paid} under {plan}; cliffs {cliffs}",
                amount=f.money(last.amount),
                paid=f.money(last.current),
                plan=named(self.plans[0].name),
                cliffs=mine,
            )
        return say(
            "Pay curve: {amount} pays {paid} under {current}, {would_pay} under"
            " {other}; cliffs {cliffs}",
            amount=f.money(last.amount),
            paid=f.money(last.current),
            current=named(self.plans[0].name),
            would_pay=f.money(last.other),
            other=named(self.plans[1].name),
            cliffs=len(self.cliffs),
        )

    def notes(self) -> list[str]:
        return plan_notes(self.plans, self.history.chosen, self.fmt)


@section("payout-curve")
def curve(book: Book, plan: str = "", compare_with: str = "") -> PayCurve:
    """The pay curve of the plan in force and of the one beside it."""
    past = history(book, plan, compare_with)
    found = []
    for one in (past.chosen.current, past.chosen.other):
        terms = typical_terms(past, one)
        if terms is None:
            because = (
                say("plan '{name}' pays by quota and no one has one", name=one.name)
                if one.needs_quota
                else say("plan '{name}' pays for no amount", name=one.name)
            )
            raise NotAvailable(
                {}, gives=say("pay for every amount, and where it jumps"), because=because
            )
        found.append(terms)
    current, other = found
    amounts = points(current, other)
    frame = PayAtAmounts.make(
        {
            "amount": amounts,
            "current": current.promise(amounts),
            "other": other.promise(amounts),
        }
    )
    jumps = [cliff for terms in found for cliff in terms.cliffs()]
    return PayCurve(
        table=frame,
        totals=period_totals(past, current.plan),
        cliffs=tuple(jumps),
        history=past,
        terms=(current, other),
        as_of=book.as_of,
        fmt=book.fmt,
    )


def points(*both: PeriodPay) -> list[Decimal]:
    """Amounts worth printing: each edge, one unit more (or less, where a level begins), and 1.25
    times the last edge.
    """
    edges = sorted({end for terms in both for end in terms.ends()})
    if not edges:
        return [Decimal(100_000)]
    around = {amount for edge in edges for amount in (edge, edge + 1)}
    around |= {
        edge - 1
        for terms in both
        for edge in terms.ends()
        if (paid := terms.promise([edge - 1, edge]))[1] - paid[0] > 1
    }
    return [*sorted(around), edges[-1] * 5 / 4]


def period_totals(past: History, plan: CommissionPlan) -> tuple[float, ...]:
    """What reps were credited in each accumulation period that ended in the last twelve months."""
    rows = credited_days(past, plan)
    rows = rows[rows["rep_id"] != UNASSIGNED]  # what nobody sold is nobody's quarter
    window = past.book.window("trailing_12m")
    both = rows.groupby(["rep_id", "period"])
    sums = both.agg(amount=("amount", "sum"), day=("date", "max"))
    sums = sums[sums["day"] >= pd.Timestamp(window.start)]
    return tuple(np.sort(sums["amount"].to_numpy() / TICKS))
