"""What a year of pay may cost, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import named, say
from playbook.base.periods import Month
from playbook.base.settings.incentives import Culture
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.figures import people as figures
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Figure, Result, Table, table
from playbook.page.kpi import Kpi

from .cultures import assumptions_table
from .gross_margin import GrossMargin
from .plan_comparison_texts import GIVE_PLANS, quota_notes
from .simulated_years import ResponseCosts, YearCosts


@dataclass(frozen=True)
class Simulation(Result):
    """Pay of simulated years under both plans.

    costs and profit: plan → pay, and gross profit less pay, of each simulated year under the first
    kind of team [currency]. budget: what a year may cost; base: pay of the last twelve months
    [currency]. uplift: break-even uplift of sales under the other plan, None when a doubling is not
    enough [share]. margin: gross margin. effort: assumed response of sales to pay [ratio];
    cultures: kinds of team that differ in it. same: plan → pay of each simulated year on the same
    sales, without that response [currency]. given: whether the plans are the book's own; derived:
    whether the second was made from the first.
    carried: plan → (months of reps drawn with the rep's mean quota for want of one, months of reps
    drawn with a quota).
    budget_given and effort_given: whether the settings name them; what rests on one that nobody
    named is an illustration, in no headline and no action.
    """

    section = "simulation"
    table: Annotated[pd.DataFrame, YearCosts]
    costs: dict[str, np.ndarray]
    profit: dict[str, np.ndarray]
    budget: float
    uplift: float | None
    margin: GrossMargin
    effort: float
    cultures: tuple[Culture, ...]
    same: dict[str, np.ndarray]
    sensitivity: Annotated[pd.DataFrame, ResponseCosts]
    plans: tuple[CommissionPlan, CommissionPlan]
    given: bool
    derived: bool
    budget_given: bool
    effort_given: bool
    months: int
    reps: int
    years: int
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return say(
            "{years:,} simulated years, {months} months of history drawn with"
            " replacement, {reps} · budget {budget} · as of {as_of}",
            years=self.years,
            months=self.months,
            reps=plural(self.reps, "rep"),
            budget=self.fmt.money(self.budget),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure | None:
        return figures.simulated(
            self.costs,
            self.sensitivity,
            names=(self.plans[0].name, self.plans[1].name),
            budget=self.budget,
            effort=self.effort,
            where=self.where,
            fmt=self.fmt,
        )

    def tables(self) -> list[Table]:
        profit = (
            say("Gross profit less pay, middle year")
            if self.margin.known
            else say("Gross profit less pay, middle year (assumed margin)")
        )
        columns = [
            Col("culture", "term", "Team"),
            Col("plan", "name", "Plan", context="pay"),
            Col("p10", "money", "Good year for cost (10 %)"),
            Col("p50", "money", "Middle year"),
            Col("p90", "money", "Dear year (90 %)"),
            Col("cost", "share", "Cost of sales", decimals=2),
            Col("profit", "money", profit),
            Col("over", "share", "Years over budget"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("What a year may cost"),
                note=(
                    say(
                        "Money of a year in {currency}, everything the plan pays;"
                        " {note}{budget_note} · {where}",
                        currency=self.fmt.currency,
                        note=self.margin.note,
                        budget_note=self._budget_note,
                        where=self.where,
                    )
                ),
            ),
            assumptions_table(self.cultures, self.effort, self.fmt),
        ]

    @property
    def _budget_note(self) -> str:
        if self.budget_given:
            return ""
        return say(
            "; the budget is an illustration: give your own rise under incentives.budget_uplift"
        )

    @property
    def named(self) -> tuple[CommissionPlan, ...]:
        """The plans that the firm gave: none, the first, or both."""
        return () if not self.given else self.plans[:1] if self.derived else self.plans

    def _costs(self, plan: CommissionPlan) -> np.ndarray:
        """Pay of simulated years, with an answer of sales to pay only where the firm named one."""
        return (self.costs if self.effort_given else self.same)[plan.name]

    def reading(self) -> str:
        f = self.fmt
        if not self.given:
            return say(GIVE_PLANS)
        years = listing(
            [
                say(
                    "{amount} under plan {plan}",
                    amount=f.money(float(np.median(self._costs(one)))),
                    plan=named(one.name),
                )
                for one in self.named
            ]
        )
        if not self.effort_given and len(self.named) > 1:
            text = say("A middle year costs {years} on the same sales", years=years)
        else:
            text = say("A middle year costs {years}", years=years)
        if self.budget_given:
            text = say(
                "{years}; the budget of {budget} is overspent in {over} of simulated years",
                years=text,
                budget=f.money(self.budget),
                over=listing([f.share(float(v)) for v in self._over()]),
            )
        sentence = say("{sentence}.", sentence=text)
        worth = self._worth()
        return joined([sentence, worth], " ") if worth else sentence

    def _over(self) -> list[float]:
        """Share of years over the budget, per plan of the firm."""
        return [float((self._costs(one) > self.budget).mean()) for one in self.named]

    def _worth(self) -> str:
        f, other = self.fmt, named(self.plans[1].name)
        if len(self.named) < 2:
            return ""
        if not self.margin.known:
            return say(
                "Whether plan {other} earns its pay back is not said: no order"
                " carries a cost. Give the orders' cost, or funnel.margin.",
                other=other,
            )
        if self.uplift is None:
            return say(
                "No rise of sales up to a doubling would earn plan {other}'s pay"
                " back at a gross margin of {share}.",
                other=other,
                share=f.share(self.margin.share),
            )
        if self.uplift == 0:
            return say(
                "Plan {other} costs no more on the same sales, so nothing has to be earned back.",
                other=other,
            )
        return say(
            "Plan {other} earns its extra pay back once sales are {uplift}"
            " higher (gross margin {share}).",
            other=other,
            uplift=f.share(self.uplift, decimals=2),
            share=f.share(self.margin.share),
        )

    def headline(self) -> str:
        f = self.fmt
        if not self.given:
            return say(GIVE_PLANS)
        years = joined(
            f"{named(one.name)} {f.money(float(np.median(self._costs(one))))}" for one in self.named
        )
        text = say("Pay of a middle simulated year: {years}", years=years)
        if self.budget_given:
            over = joined(
                f"{named(one.name)} {f.share(v)}"
                for one, v in zip(self.named, self._over(), strict=True)
            )
            text += say("; years over the pay budget: {over}", over=over)
        if self.margin.known and len(self.named) > 1:
            text += say("; break-even uplift {uplift}", uplift=f.share(self.uplift, decimals=2))
        return text

    def kpis(self) -> list[Kpi]:
        found = [
            Kpi.rate(
                "pay.overspend",
                "trailing_12m",
                Rate(int((self._costs(p) > self.budget).sum()), self.years),
                {"plan": p.name},
            )
            for p in (self.named if self.budget_given else ())
        ]
        if self.margin.known and len(self.named) > 1:
            found.append(
                Kpi(
                    "pay.break_even_uplift",
                    "trailing_12m",
                    self.uplift,
                    "share",
                    {"plan": self.plans[1].name},
                    why=say("no uplift up to a doubling earns the extra pay back"),
                )
            )
        return found

    def actions(self) -> list[Action]:
        """Set money aside where a budget would often be overspent."""
        costs = self.costs[self.plans[0].name]
        over = float((costs > self.budget).mean())
        if over <= 0.1 or not self.given or not self.budget_given:
            return []
        reserve = float(np.quantile(costs, 0.9, method="inverted_cdf")) - self.budget
        due = (Month.of(self.as_of) + 1).start.replace(day=15)
        return [
            Action(
                say("Set a reserve aside for variable pay"),
                say("finance"),
                due,
                say(
                    "the pay budget is overspent in {over} of simulated years; the"
                    " reserve covers nine of ten",
                    over=self.fmt.share(over),
                ),
                reserve,
            )
        ]

    def notes(self) -> list[str]:
        return [
            say(
                "Every plan is paid whole: what a month brought along (awards,"
                " clawbacks, quotas) is drawn with it. Budget: the last twelve"
                " months' pay under plan {name} and {uplift_allowed} on top. When a"
                " plan pays more or less per unit sold than plan {name} does, a"
                " rep's sales are assumed to move by {effort} of that relative"
                " change, times the team's own factor. This is an assumption; the"
                " picture shows how the answer hangs on it.",
                name=named(self.plans[0].name),
                uplift_allowed=self.fmt.share(self.uplift_allowed),
                effort=self.fmt.text(self.effort, "number"),
            ),
            *quota_notes(self.carried),
        ]

    @property
    def uplift_allowed(self) -> float:
        return self.budget / self.base - 1 if self.base else 0.0

    base: float = 0.0
    carried: dict[str, tuple[int, int]] = field(default_factory=dict)
