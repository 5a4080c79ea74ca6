"""From credited lines to paid lines: every line with its rule and its pay, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.language import later
from playbook.base.settings import TierTable
from playbook.base.settings.plans import CommissionPlan
from playbook.data.memory import give_back
from playbook.methods import exact

from .lines import KEPT, PreparedLines, prepared_lines, within
from .parts import no_parts, parts_of
from .pay_state import CarriedOf, PayState, QuotaOf
from .periods import in_force_days, in_force_share, period_number
from .refund_rules import refunds_by_rule
from .roster import Roster
from .sums import summed

BEYOND = later("refund beyond the sale")  # exception: more was asked back than was sold
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
        rows, found = mine["row"].to_numpy(dtype=np.int64), [no_parts()]
        for part in self.state.by_people():
            here = np.flatnonzero((rows >= part.begin) & (rows < part.begin + len(part.rows)))
            if not len(here):
                continue
            steps, pay, unit = part.written()
            made = parts_of(steps, pay, unit, rows[here] - part.begin, part.first)
            labels = mine.index.to_numpy()[here][made["line"].to_numpy(dtype=np.int64)]
            found.append(made.assign(line=labels))
        return found[-1] if len(found) < 3 else pd.concat(found[1:], ignore_index=True)

    def reached(self, lines: pd.DataFrame) -> dict[Any, list[dict[str, Any]]]:
        """Label of each line of pay for the quota → the measures it looks at, its own first: name,
        of, before, after and quota of a full period [ticks, of pieces and customers 1/10,000].
        """
        if self.state is None or self.plan.attainment is None:
            return {}
        mine = lines[(lines["component"] == "attainment") & (lines["row"] >= 0)]
        found: dict[Any, list[dict[str, Any]]] = {}
        for label, item, row in zip(mine.index, mine["item"], mine["row"], strict=True):
            found[label] = [
                {
                    "name": one.name,
                    "of": one.of,
                    "before": int(one.before[row]),
                    "after": int(one.total[row]),
                    "quota": int(one.quota[row]),
                }
                for one in self.state.reached[item]
            ]
        return found


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
    sums_before: date | None = None,
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
    sums_before : lines of earlier days are sums, see ``sums``; None keeps every line

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
    shortened = dated and plan.prorate and plan.change == "prorate"
    share = (lambda groups: in_force_days(groups, plan, fiscal_year_start)) if shortened else None
    part = plan.attainment
    aboard = roster or Roster()
    present = (
        (lambda groups: aboard.present(groups, plan, fiscal_year_start, in_force=shortened))
        if part is not None and part.presence != "ignored"
        else None
    )
    state = PayState(rows, plan, minor, quotas, share, carried, present)
    made = []
    for people in state.by_people():
        every = _every_line(people)
        if sums_before is not None:
            every = summed(every, sums_before)
        found = refunds_by_rule(_readable(every, rows, state.words), plan)
        if plan.cap_year is not None:
            found = year_capped(found, plan, fiscal_year_start, minor, shortened=shortened)
        made.append(found[[*KEPT, *SHOWN]])
        del every, found
    lines = made[0] if len(made) == 1 else pd.concat(made, ignore_index=True)
    if len(made) > 1:
        made.clear()
        give_back()
    without = tuple(sorted(getattr(quotas, "without", ())))
    return Payroll(lines, plan, minor, rows.unassigned, without, state)


def _every_line(state: PayState) -> pd.DataFrame:
    """Every line of the state's people as numbers, by rep and day."""
    parts = [*state.lines()]
    if len(state.late):
        parts.append(state.clawbacks())
    if len(state.beyond):
        parts.append(state.line(state.beyond, BEYOND, "clawback", amount=0))
    every = pd.concat(parts, ignore_index=True)
    parts.clear()  # a million lines need not be held twice
    second = every["date"].to_numpy().astype("datetime64[s]").astype(np.int64)
    order = np.argsort(every["rep"].to_numpy().astype(np.int64) * 2**40 + second, kind="stable")
    return every.take(order).reset_index(drop=True)


def _readable(parts: pd.DataFrame, rows: PreparedLines, words: list[str]) -> pd.DataFrame:
    """The lines with names, ids and words in place of numbers."""
    named = pd.Series(words, dtype="str").array
    texts = {name: named.take(parts[name].to_numpy()) for name in ("item", "component", "bound")}
    return rows.named(parts.drop(columns=list(texts))).assign(**texts)


def year_capped(
    lines: pd.DataFrame,
    plan: CommissionPlan,
    fiscal_year_start: int,
    minor: int,
    *,
    shortened: bool = False,
) -> pd.DataFrame:
    """The lines with what a person's sales of one fiscal year pay held within the year's cap, or
    (``shortened``) the part of it for the days on which the plan is in force; a
    refund counts for the year of its sale.
    """
    if lines.empty:
        return lines
    year = period_number(lines["sold"], "year", fiscal_year_start)
    key = pd.factorize(lines["rep_id"], sort=True)[0] * (int(year.max(initial=0)) + 1) + year
    order = np.argsort(key, kind="stable")
    group = np.cumsum(np.r_[True, np.diff(key[order]) != 0]) - 1
    first = exact.starts(group)
    total = exact.running(lines["pay"].to_numpy()[order], first, group)
    by_year = plan.model_copy(update={"accumulate": "year"})
    most = {
        number: round(
            Fraction(plan.cap_year or 0)
            * (in_force_share(number, by_year, fiscal_year_start) if shortened else 1)
            * 10**minor
        )
        for number in map(int, np.unique(year))
    }
    limit = np.array([most[int(number)] for number in year[order][first]], dtype=np.int64)[group]
    pay = np.empty(len(lines), dtype=np.int64)
    pay[order] = exact.increments(np.minimum(total, limit), first)
    cut = pay != lines["pay"].to_numpy()
    said = lines["bound"].to_numpy().astype(object)
    said = np.where(cut, np.where(said == "", "cap of the year", said + "; cap of the year"), said)
    return lines.assign(pay=pay, bound=said)
