"""From credited lines to paid lines: every line with its rule and its pay, exact to the cent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.settings import TierTable
from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .attained import attained_pay
from .bands import rates_of
from .engine import tier_pay
from .lines import KEPT, PreparedLines, prepared_lines, within
from .parts import bounds, no_parts, parts_of
from .periods import in_force_days, period_number
from .refund_rules import refunds_by_rule
from .reversals import late_states, pay_by_event, taken
from .roster import Roster
from .steps import Steps
from .terms import CreditedLines, GroupTerms

BEYOND = "refund beyond the sale"  # exception: more was asked back than was sold
QuotaOf = Callable[[pd.DataFrame], np.ndarray]  # groups (rep_id, period) → ticks, 0 = none
CarriedOf = Callable[[pd.DataFrame], np.ndarray]  # groups → total reached before [ticks]
_NOT_SHOWN = ["group", "target", "deal", "code"]  # of prepared rows
SHOWN = (
    "item",
    "component",
    "before",
    "after",
    "sale_period",
    "quota",
    "band",
    "bound",
    "row",
    "pay",
)


@dataclass(frozen=True)
class Payroll:
    """Paid lines of one plan.

    lines: rep_id, date, order_id, opportunity_id, customer_id, source, item (kind of pay),
    component (tiers, attainment or clawback), rule (position of the rule, −1 for none), amount
    [ticks], before and after (running total that the tiers look at; of a clawback the total of the
    sale's period) [ticks], period (its number), sale_period (of the sale that the line pays or
    takes back), quota (of a full period, 0 for none), beyond (what a refund asks for beyond its
    sale) [ticks], band (number of the band reached, −1 for none), bound (what bound the line beside
    its rates), row (of the engine, −1 for none), pay [minor units, whole numbers].
    """

    lines: pd.DataFrame
    plan: CommissionPlan
    minor: int
    unassigned: pd.DataFrame  # credited lines no one is paid for: their rep is unknown
    without: tuple[
        str, ...
    ] = ()  # reps paid in the last twelve months without the quota the plan asks for
    state: PayState | None = None  # what the lines were paid from

    def total(self, start: date | None = None, end: date | None = None) -> int:
        """Pay of the lines dated in the span [minor units]."""
        return int(within(self.lines[["date", "pay"]], start, end)["pay"].sum())

    def parts(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Every amount at one rate of these lines, and what bound the rest, see ``parts.parts_of``;
        ``line`` is the label of the line.
        """
        if self.state is None or not self.plan.tiers:
            return no_parts()
        mine = lines[(lines["component"] == "tiers") & (lines["row"] >= 0)]
        steps, pay, unit = self.state.written()
        rows = mine["row"].to_numpy(dtype=np.int64)
        return parts_of(steps, pay, unit, rows, self.state.first).assign(
            line=lambda made: mine.index.to_numpy()[made["line"].to_numpy(dtype=np.int64)]
        )


def payroll(
    orders: pd.DataFrame,
    plan: CommissionPlan,
    *,
    fiscal_year_start: int = 1,
    minor: int = 2,
    quotas: QuotaOf | None = None,
    tiers: TierTable | None = None,
    dated: bool = False,
    prepared: PreparedLines | None = None,
    shares: pd.DataFrame | None = None,
    roster: Roster | None = None,
    carried: CarriedOf | None = None,
) -> Payroll:
    """Pay every order line under ``plan``.

    Parameters
    ----------
    orders : lines of ``measures.credits.credits`` to the as-of date
    minor : decimals of the currency's minor unit
    quotas : quota of each rep and period, for plans that need one
    dated : only lines on days the plan is in force; else as if it had always been
    prepared : what ``prepared_lines`` gives for the same arguments, when it is at hand
    shares, roster : splits of single deals; who was what on which day, see ``prepared_lines``
    carried : total each rep had reached in a period under the plan before, for plans that go on
        from it

    A refund in the period of its sale is a negative line; a later one claws back the difference it
    makes to the sale's own period.
    """
    rows = prepared or prepared_lines(
        orders,
        plan,
        fiscal_year_start=fiscal_year_start,
        tiers=tiers,
        dated=dated,
        shares=shares,
        roster=roster,
        minor=minor,
    )
    share = (
        (lambda groups: in_force_days(groups, plan, fiscal_year_start))
        if dated and plan.prorate and plan.change == "prorate"
        else None
    )
    part = plan.attainment
    aboard = roster or Roster()
    present = (
        (lambda groups: aboard.present(groups, plan, fiscal_year_start))
        if part is not None and part.presence != "ignored"
        else None
    )
    state = PayState(rows, plan, minor, quotas, share, carried, present)
    parts = [*state.lines()]
    if len(rows.late):
        parts.append(state.clawbacks())
    if len(rows.beyond):
        parts.append(state.line(rows.beyond, BEYOND, "clawback", amount=0))
    lines = _readable(pd.concat(parts, ignore_index=True), rows, state.words)
    lines = refunds_by_rule(lines, plan)
    if plan.cap_year is not None:
        lines = year_capped(lines, plan, fiscal_year_start, minor)
    without = tuple(sorted(getattr(quotas, "without", ())))
    return Payroll(lines[[*KEPT, *SHOWN]], plan, minor, rows.unassigned, without, state)


class PayState:
    """Amounts of the credited lines and what they pay."""

    def __init__(
        self,
        prepared: PreparedLines,
        plan: CommissionPlan,
        minor: int,
        quotas: QuotaOf | None,
        days: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]] | None,
        carried: CarriedOf | None,
        present: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]] | None = None,
    ):
        rows = prepared.core
        self.rows, self.late, self.plan, self.minor = rows, prepared.late, plan, minor
        self.words: list[str] = [""]
        self.target = rows["target"].to_numpy()
        self.credit = _credit(rows, plan, rows["group"].to_numpy())
        self.first = exact.starts(self.credit.group)
        groups = rows.iloc[self.first][["rep", "period"]].reset_index(drop=True)
        groups = groups.assign(rep_id=prepared.credit.reps(groups))
        self.terms = GroupTerms(
            quotas(groups) if quotas and plan.needs_quota else None,
            days(groups) if days else None,
            carried(groups) if carried and plan.change == "carry" else None,
            present(groups) if present else None,
        )
        self.counts = np.array(rates_of(plan).counts, dtype=np.int64)

    def word(self, text: str) -> int:
        """Number of a text; lines hold numbers until they are read."""
        if text not in self.words:
            self.words.append(text)
        return self.words.index(text)

    def line(self, rows: pd.DataFrame, name: str, of: str, /, **more: Any) -> pd.DataFrame:
        """Lines of one item; what is not said of them is 0 or none."""
        given: dict[str, Any] = {
            "item": self.word(name),
            "component": self.word(of),
            "before": 0,
            "after": 0,
            "sale_period": rows["period"],
            "quota": 0,
            "band": -1,
            "bound": 0,
            "row": -1,
            "pay": 0,
        }
        if "sale_period" in rows:
            del given["sale_period"]
        return rows.drop(columns=_NOT_SHOWN, errors="ignore").assign(**given | more)

    def lines(self) -> list[pd.DataFrame]:
        """Every line with its pay, one frame per item."""
        credit, plan = self.credit, self.plan
        counted = credit.amount * self.counts[credit.rule + 1]
        after = exact.running(counted, self.first, credit.group)
        if self.terms.carried is not None:
            after = after + self.terms.carried[credit.group]
        gone = credit.rule >= len(plan.rules)
        shown: dict[str, Any] = {
            "before": after - counted,
            "after": after,
            "quota": 0 if self.terms.quota is None else self.terms.quota[credit.group],
            "bound": np.where(gone, self.word("after leaving"), 0),
            "row": np.arange(len(self.rows)),
        }
        parts, tiers = [], None
        if plan.tiers:
            write: list[Steps] = []
            tiers = pay_by_event(credit, self.target, plan, self.terms, write)
            names = [*(rule.name for rule in plan.rules), "commission"]
            item = np.array([self.word(name) for name in names])[self.rows["rule"].to_numpy()]
            item[credit.amount < 0] = self.word("refund")
            said = dict(shown)
            said["bound"] = self._bound(write[0], tiers[0], gone)
            said["band"], said["pay"] = write[0].band, self._rounded(*tiers)
            if plan.refunds.rule == "original_rate":
                said["at_rates"] = self._rounded(write[0].pay[0][1], tiers[1])
            made = self.line(self.rows, "", "tiers", **said | {"item": item})
            if "cash" in plan.measured:  # payments are no orders
                made = made[(self.rows["amount"] != 0) | (self.rows["cash"] == 0)]
            parts.append(made)
        for name, pay, unit in attained_pay(credit, plan, self.terms, self.minor, tiers):
            paid = self._rounded(pay, unit)
            keep = slice(None) if not parts else np.flatnonzero(paid != 0)
            some = {
                key: value[keep] if isinstance(value, np.ndarray) else value
                for key, value in {**shown, "pay": paid}.items()
            }
            parts.append(self.line(self.rows.iloc[keep], name, "attainment", **some))
        return parts or [self.line(self.rows.head(0), "", "")]

    def _bound(self, steps: Steps, pay: np.ndarray, gone: np.ndarray) -> np.ndarray:
        """Number of the words that say what bound each line."""
        reasons = [("after leaving", gone), *bounds(steps, pay, self.first)]
        mask = np.zeros(len(pay), dtype=np.int64)
        for number, (_, here) in enumerate(reasons):
            mask += here.astype(np.int64) << number
        words = np.zeros(1 << len(reasons), dtype=np.int64)
        for one in np.flatnonzero(np.bincount(mask, minlength=len(words))).tolist():
            said = [what for number, (what, _) in enumerate(reasons) if one >> number & 1]
            words[one] = self.word("; ".join(said))
        return words[mask]

    def written(self) -> tuple[Steps, np.ndarray, int]:
        """How the tiers' lines come to their pay, their pay and its unit."""
        write: list[Steps] = []
        pay, unit = pay_by_event(self.credit, self.target, self.plan, self.terms, write)
        return write[0], pay, unit

    def clawbacks(self) -> pd.DataFrame:
        """One line per refund of an earlier period: what that period would have paid without the
        amount, less what it paid.

        Refunds of one period follow each other by date and id; each is measured against the amounts
        the ones before it left.
        """
        late, plan = self.late, self.plan
        target = late["target"].to_numpy()
        more = {name: late[name].to_numpy() for name in plan.measured}
        off = taken(self.credit.group[target], target, late["amount"].to_numpy(), more)
        lines, of, after = late_states(self.credit, self.target, off, plan)
        terms, first = self.terms.take(of), exact.starts(lines.group)
        pay, tiers = np.zeros(len(of), dtype=np.int64), None
        if plan.tiers:
            tiers = tier_pay(lines, plan, terms)
            pay = pay + self._sums(*tiers, first)
        for _, made, unit in attained_pay(lines, plan, terms, self.minor, tiers):
            pay = pay + self._sums(made, unit, first)
        counted = exact.group_sum(lines.amount * self.counts[lines.rule + 1], first)
        quota = self.terms.quota
        return self.line(
            late,
            "clawback",
            "clawback",
            before=counted[after - 1],
            after=counted[after],
            pay=pay[after] - pay[after - 1],
            sale_period=self.rows["period"].to_numpy()[target],
            quota=0 if quota is None else quota[self.credit.group[target]],
        )

    def _rounded(self, pay: np.ndarray, unit: int) -> np.ndarray:
        return exact.round_lines(pay, unit // 10**self.minor, self.first, self.credit.group)

    def _sums(self, pay: np.ndarray, unit: int, first: np.ndarray) -> np.ndarray:
        """Pay of every group, rounded half-even [minor units]."""
        return exact.half_even(exact.group_sum(pay, first), unit // 10**self.minor).astype(np.int64)


def _credit(rows: pd.DataFrame, plan: CommissionPlan, group: np.ndarray) -> CreditedLines:
    deal = rows["deal"].to_numpy() if plan.deal_cap is not None or plan.deal_floor else None
    return CreditedLines(
        group,
        rows["amount"].to_numpy(),
        rows["code"].to_numpy(),
        deal,
        {name: rows[name].to_numpy() for name in plan.measured},
    )


def _readable(parts: pd.DataFrame, rows: PreparedLines, words: list[str]) -> pd.DataFrame:
    """Lines by rep, day and order, as a statement reads, with names, ids and words."""
    order = np.lexsort((parts["date"].to_numpy(), parts["rep"].to_numpy()))
    lines = parts.take(order).reset_index(drop=True)
    named = pd.Series(words, dtype="str").array
    texts = {name: named.take(lines[name].to_numpy()) for name in ("item", "component", "bound")}
    return rows.named(lines.drop(columns=list(texts))).assign(**texts)


def year_capped(
    lines: pd.DataFrame, plan: CommissionPlan, fiscal_year_start: int, minor: int
) -> pd.DataFrame:
    """The lines with what a person's sales of one fiscal year pay held within the year's cap; a
    refund counts for the year of its sale.
    """
    year = period_number(lines["sold"], "year", fiscal_year_start)
    key = pd.factorize(lines["rep_id"], sort=True)[0] * (int(year.max(initial=0)) + 1) + year
    order = np.argsort(key, kind="stable")
    group = np.cumsum(np.r_[True, np.diff(key[order]) != 0]) - 1
    first = exact.starts(group)
    total = exact.running(lines["pay"].to_numpy()[order], first, group)
    most = int((plan.cap_year or 0) * 10**minor)
    pay = np.empty(len(lines), dtype=np.int64)
    pay[order] = exact.increments(np.minimum(total, most), first)
    cut = pay != lines["pay"].to_numpy()
    said = lines["bound"].to_numpy().astype(object)
    said = np.where(cut, np.where(said == "", "cap of the year", said + "; cap of the year"), said)
    return lines.assign(pay=pay, bound=said)
