"""What two plans cost on the same history, as the page shows it: with names or as sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.language import named, say
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.figures import pay_bars as figures
from playbook.page import Col, Figure, Result, Table, table
from playbook.page.kpi import Kpi
from playbook.page.tables import DATA
from playbook.pay.history import History

from .pay_by_rep import WINDOW, PayUnderTwoPlans, PlanCosts
from .plan_comparison_texts import Compared, headline, plan_notes, reading
from .without_names import FEWEST, PayShifts, shifts_table


@dataclass(frozen=True)
class PlanComparison(Result):
    """Pay of twelve months under two plans, as if each had held all the time.

    quarter: (plan, payout, revenue) of the quarter to date [currency], for the record. named:
    whether the page shows pay by name; the frames always hold it.
    """

    section = "plan-comparison"
    table: Annotated[pd.DataFrame, PayUnderTwoPlans]
    summary: Annotated[pd.DataFrame, PlanCosts]
    shifts: Annotated[pd.DataFrame, PayShifts]
    quarter: tuple[tuple[str, Decimal, Decimal], ...]
    history: History
    window: Window
    as_of: date
    fmt: Formats
    named: bool = False

    @property
    def current(self) -> CommissionPlan:
        return self.history.chosen.current

    @property
    def other(self) -> CommissionPlan:
        return self.history.chosen.other

    @property
    def difference(self) -> Decimal:
        """What the other plan would have cost more [currency]."""
        return self.costs_of(self.other)["payout"] - self.costs_of(self.current)["payout"]

    @property
    def where(self) -> str:
        return say(
            "{label} · n = {reps} · as of {as_of}",
            label=self.window.label,
            reps=plural(len(self.table), "rep"),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure | None:
        rows = self.most_moved(figures.BARS // 2)
        if not self.named and len(self.table) < FEWEST:
            return None
        return figures.winners(
            rows if self.named else rows.assign(rep=""),
            names=(self.current.name, self.other.name),
            reps=len(self.table),
            gain=self.gain,
            lose=self.lose,
            where=self.where,
            fmt=self.fmt,
        )

    def tables(self) -> list[Table]:
        return [self.summary_table(), self.rep_table() if self.named else self.shifts_table()]

    def shifts_table(self) -> Table:
        """How many gain and lose, nobody by name."""
        return shifts_table(self.shifts, other=self.other.name, where=self.where, fmt=self.fmt)

    def summary_table(self) -> Table:
        """Both plans side by side."""
        columns = [
            Col("plan", "name", "Plan", context="pay", weight=2),
            Col("payout", "money", "Payout"),
            Col("cost_of_sales", "share", "Cost of sales", decimals=2),
            Col("median", "money", "Median pay per rep"),
            Col("top_share", "share", "Best-paid fifth gets"),
            Col("gini", "score", "Gini of pay"),
            Col("slope", "share", "Pay per unit sold", decimals=2),
            Col("explained", "share", "Explained by sales"),
        ]
        return table(
            self.summary,
            columns,
            self.fmt,
            title=say("What each plan costs and how it spreads pay"),
            note=(
                say(
                    "Money in {currency}, pay including awards · {where} · cost of sales"
                    " = pay ÷ revenue of the plan's basis · pay per unit sold:"
                    " least-squares slope over reps",
                    currency=self.fmt.currency,
                    where=self.where,
                )
            ),
        )

    def rep_table(self) -> Table:
        """Winners and losers, largest changes only when there are many."""
        rows = self.moved
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("amount", "money", "Credited"),
            Col("current", "money", named(self.current.name), context=DATA),
            Col("other", "money", named(self.other.name), context=DATA),
            Col("change", "money", "Change", sign=True, tone=_tone),
            Col("relative", "share", "Change, %", sign=True),
        ]
        total = {
            "rep": say("All reps"),
            "amount": sum(self.table["amount"], Decimal(0)),
            "current": sum(self.table["current"], Decimal(0)),
            "other": sum(self.table["other"], Decimal(0)),
            "change": sum(self.table["change"], Decimal(0)),
        }
        cut = (
            ""
            if len(rows) == len(self.table)
            else (
                say(
                    " · {n} reps with smaller changes or none are in the sum",
                    n=len(self.table) - len(rows),
                )
            )
        )
        return table(
            rows,
            columns,
            self.fmt,
            title=say("Who gains and who loses"),
            note=say(
                "Money in {currency} · {where}{cut}",
                currency=self.fmt.currency,
                where=self.where,
                cut=cut,
            ),
            total=total,
        )

    @property
    def moved(self) -> pd.DataFrame:
        """The rows worth a table: all when few, else the twelve largest gains and the twelve
        largest losses.
        """
        return self.most_moved(12)

    def most_moved(self, most: int) -> pd.DataFrame:
        """All rows when few, else the ``most`` largest gains and as many largest losses; fewer of
        one leave room for the other.
        """
        up, down = (
            self.table[[keep(v) for v in self.table["change"]]]
            for keep in (lambda v: v > 0, lambda v: v < 0)
        )
        if len(self.table) <= most or not len(up) + len(down):
            return self.table.head(2 * most)
        return pd.concat(
            [up.head(max(most, 2 * most - len(down))), down.tail(max(most, 2 * most - len(up)))]
        )

    @property
    def gain(self) -> int:
        return int(sum(v > 0 for v in self.table["change"]))

    @property
    def lose(self) -> int:
        return int(sum(v < 0 for v in self.table["change"]))

    def costs_of(self, plan: CommissionPlan) -> dict:
        """The plan's row of ``summary``, by its name."""
        return self.summary.set_index("plan", drop=False).loc[plan.name].to_dict()

    @property
    def _compared(self) -> Compared:
        return Compared(
            self.current.name,
            self.other.name,
            (self.costs_of(self.current), self.costs_of(self.other)),
            self.difference,
            self.gain,
            self.lose,
            self.history.chosen.given,
            self.history.chosen.derived,
            self.fmt,
        )

    def reading(self) -> str:
        return reading(self._compared)

    def headline(self) -> str:
        return headline(self._compared)

    def kpis(self) -> list[Kpi]:
        if not self.history.chosen.given:  # an illustration is no number of the company
            return []
        unit, found = self.fmt.currency, []
        named = {self.current.name} | (set() if self.history.chosen.derived else {self.other.name})
        for row in self.summary[self.summary["plan"].isin(named)].itertuples(index=False):
            found.append(
                Kpi("payout", WINDOW, row.payout, unit, {"plan": row.plan}, n=len(self.table))
            )
            found.append(_cost(row.plan, WINDOW, row.payout, row.revenue))
        for plan, payout, revenue in (one for one in self.quarter if one[0] in named):
            found.append(Kpi("payout", "quarter_to_date", payout, unit, {"plan": plan}))
            found.append(_cost(plan, "quarter_to_date", payout, revenue))
        return found

    def notes(self) -> list[str]:
        return plan_notes((self.current, self.other), self.history.chosen, self.fmt)


def _cost(plan: str, window: str, payout: Decimal, revenue: Decimal) -> Kpi:
    return Kpi(
        "cost_of_sales",
        window,
        float(payout / revenue) if revenue > 0 else None,
        "share",
        {"plan": plan},
        numerator=float(payout),
        denominator=float(revenue),
        why=say("no revenue in the window"),
    )


def _tone(row: dict) -> str:
    return "good" if row["change"] > 0 else "bad" if row["change"] < 0 else ""
