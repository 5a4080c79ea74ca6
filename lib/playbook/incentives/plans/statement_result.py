"""Statements of the quarter to date as the page shows them: with names or as sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.base.language import named, say
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.figures import pay_bars as figures
from playbook.page import Change, Figure, Result, Table, Worksheet
from playbook.page.kpi import Kpi
from playbook.pay.items import item_said
from playbook.pay.periods import period_name
from playbook.pay.wording import describe_plan

from . import statement_sheets
from . import statement_tables as parts
from . import without_names as hidden
from .statement_lines import (
    Advances,
    RepPay,
    StatementLines,
)
from .without_names import PayKinds

FOLDED = 2000  # statement lines a browser page carries; actions.xlsx has them all


@dataclass(frozen=True)
class Statements(Result):
    """Pay of the quarter to date under the plan in force.

    spans: window → (pay, revenue of the plan's basis) [currency]. deal: median order of twelve
    months. unassigned: credit of the window that has no rep. before: pay of the same span a year
    earlier. printed: how many statements are printed. named: whether the page shows pay by name;
    the frames always hold it. All money is Decimal [currency].
    """

    section = "statements"
    table: Annotated[pd.DataFrame, RepPay]
    lines: Annotated[pd.DataFrame, StatementLines]
    kinds: Annotated[pd.DataFrame, PayKinds]
    plan: CommissionPlan
    plans: dict[str, CommissionPlan]
    window: Window
    spans: dict[str, tuple[Decimal, Decimal]]
    deal: Decimal
    unassigned: Decimal
    before: Decimal
    period_end: date
    as_of: date
    fmt: Formats
    printed: int
    advances: Annotated[pd.DataFrame, Advances]
    pay_notes: tuple[str, ...] = ()
    named: bool = False

    @property
    def total(self) -> Decimal:
        """The payroll: sum of all statements."""
        return sum(self.table["pay"], Decimal(0))

    @property
    def revenue(self) -> Decimal:
        return self.spans["quarter_to_date"][1]

    @property
    def where(self) -> str:
        """Window, n and as-of as every note states them."""
        return say(
            "{label} · {lines} of {reps} · plan {name} · as of {as_of}",
            label=self.window.label,
            lines=plural(len(self.lines), "line"),
            reps=plural(len(self.table), "rep"),
            name=named(self.plan.name),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure | None:
        bars = (
            self.table
            if self.named
            else self.kinds.assign(rep=[item_said(item) for item in self.kinds["item"]])
        )
        return figures.payroll(
            bars, total=self.total, where=self.where, fmt=self.fmt, by_rep=self.named
        )

    def tables(self) -> list[Table]:
        if not self.named:
            steps = hidden.next_step_table(
                self.table, plan=self.plan, where=self.where, fmt=self.fmt, limit=parts.NEXT
            )
            return [self.kinds_table(), *([steps] if steps.rows else [])]
        return [
            self.payroll_table(),
            parts.next_deal_table(
                self.table, plan=self.plan, deal=self.deal, as_of=self.as_of, fmt=self.fmt
            ),
            *([self.advances_table()] if len(self.advances) else []),
            *self.statement_tables(),
        ]

    def advances_table(self) -> Table:
        """What was paid in advance and what is still owed."""
        return parts.advances_table(self.advances, where=self.where, fmt=self.fmt)

    def kinds_table(self) -> Table:
        """The payroll by kind of pay, nobody's own."""
        return hidden.kinds_table(self.kinds, plan=self.plan.name, where=self.where, fmt=self.fmt)

    def payroll_table(self) -> Table:
        """One row per rep by kind of pay, adding up across and down."""
        return parts.payroll_table(
            self.table, self.lines, plan=self.plan.name, where=self.where, fmt=self.fmt
        )

    def statement_tables(self) -> list[Table]:
        """The best paid reps' statements in brief, and every statement in full where a browser can
        fold it away.
        """
        made = [self.summary(rep) for rep in self.table["rep_id"].head(self.printed)]
        counts, lines = self.lines["rep_id"].value_counts(), 0
        for rep in self.table["rep_id"]:
            lines += int(counts.get(rep, 0))
            if lines > FOLDED:
                break
            made.append(self.statement(rep))
        return made

    def summary(self, rep_id: str) -> Table:
        """One rep's statement by kind of pay, rule and band, adding up to the cent."""
        return parts.summary_table(
            *self._of(rep_id),
            self.plans,
            plan=self.plan.name,
            window=self.window,
            as_of=self.as_of,
            fmt=self.fmt,
        )

    def statement(self, rep_id: str) -> Table:
        """One rep's lines, adding up to the cent."""
        return parts.statement_table(
            *self._of(rep_id),
            plan=self.plan.name,
            deal=self.deal,
            window=self.window,
            as_of=self.as_of,
            fmt=self.fmt,
        )

    def _of(self, rep_id: str) -> tuple[pd.DataFrame, pd.Series]:
        """A rep's statement lines, and the rep's row of the payroll."""
        mine = self.lines[self.lines["rep_id"] == rep_id].reset_index(drop=True)
        return mine, self.table[self.table["rep_id"] == rep_id].iloc[0]

    def reading(self) -> str:
        f, top = self.fmt, self.table.iloc[0]
        share = ""
        if self.revenue > 0:
            cost = f.share(float(self.total / self.revenue), decimals=2)
            share = say(", {cost} of revenue on the same basis", cost=cost)
        text = say(
            "The quarter to date pays {total} to {reps}{share}",
            total=f.text(self.total, "money.exact"),
            reps=plural(len(self.table), "rep"),
            share=share,
        )
        alone = self.named and len(self.table) > 1 and top.pay > self.table["pay"].iloc[1]
        text += (
            say("; {rep} leads with {pay}.", rep=top.rep, pay=f.text(top.pay, "money.exact"))
            if alone
            else say(".")
        )
        text += "" if self.named else hidden.spread_sentence(list(self.table["pay"]), f)
        near = self.near()
        if len(near):
            first = near.iloc[0]
            text += say(
                " {reps} stood within two typical deals of the next step, closest"
                " {rep} ({to_next} short).",
                reps=plural(len(near), "rep"),
                rep=first.rep,
                to_next=f.money(first.to_next),
            )
        return text

    def near(self) -> pd.DataFrame:
        """Reps less than two typical deals below their next step, closest first."""
        close = self.table[[v is not None and v <= 2 * self.deal for v in self.table["to_next"]]]
        return close.sort_values(["to_next", "rep_id"], kind="stable").reset_index(drop=True)

    @property
    def plan_names(self) -> str:
        """The plans that pay lines of the quarter, in the order they were in force."""
        paid = set(self.lines["plan"])
        names = [name for name in self.plans if name in paid]
        plans = listing([named(name) for name in names])
        return say("plan{en_s} {names}", en_s="s" if len(names) > 1 else "", names=plans)

    def headline(self) -> str:
        return say(
            "Pay, quarter to date: {total} to {reps} under {plan_names}",
            total=self.fmt.text(self.total, "money.exact"),
            reps=plural(len(self.table), "rep"),
            plan_names=self.plan_names,
        )

    def kpis(self) -> list[Kpi]:
        unit, window = self.fmt.currency, "quarter_to_date"
        items = (
            self.lines.groupby("item", sort=True)["pay"].sum()
            if self.named
            else self.kinds.set_index("item")["pay"].sort_index()
        )
        found = [
            Kpi("payout", window, r.pay, unit, {"rep": r.rep_id})
            for r in self.table.itertuples(index=False)
            if self.named
        ]
        found += [
            Kpi("payout.item", window, pay, unit, {"item": item}) for item, pay in items.items()
        ]
        for span, (pay, revenue) in self.spans.items():
            found.append(
                Kpi("payout", span, pay, unit, n=len(self.table) if span == window else None)
            )
            found.append(
                Kpi(
                    "cost_of_sales",
                    span,
                    float(pay / revenue) if revenue > 0 else None,
                    "share",
                    numerator=float(pay),
                    denominator=float(revenue),
                    why=say("no revenue in the window"),
                )
            )
        return found

    def worksheets(self) -> list[Worksheet]:
        if not self.named:
            return hidden.worksheets(self.kinds)
        return statement_sheets.worksheets(self.table, self.lines)

    def changes(self) -> list[Change]:
        if not self.before:
            return []
        size = float(self.total / self.before) - 1
        return [
            Change(
                say(
                    "Pay of the quarter to date {size} against the same span a year before",
                    size=self.fmt.share(size, sign=True),
                ),
                size,
            )
        ]

    def notes(self) -> list[str]:
        notes = [
            say(
                "Plan {name}: {terms}. Each line earns what it adds to the"
                " {accumulate}'s pay, in the order of day and id; lines are rounded"
                " half-even to the minor unit, and what is left over goes to the"
                " largest remainders, so they add up to the payout exactly. In"
                " brief, a band's amount times its rate is rounded the same way.",
                name=named(self.plan.name),
                terms=describe_plan(self.plan, self.fmt),
                accumulate=period_name(self.plan.accumulate),
            )
        ]
        if self.plan.basis == "cash":
            notes.append(
                say(
                    "Cash basis: an amount counts on the day it is paid; a payment's day"
                    " without an amount is the whole order; what has no payment day is"
                    " not paid for yet."
                )
            )
        if self.unassigned:
            notes.append(
                say(
                    "{unassigned} of the window has no rep and pays no one.",
                    unassigned=self.fmt.money(self.unassigned),
                )
            )
        return notes + list(self.pay_notes)
