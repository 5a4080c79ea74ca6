"""History cut into months, so that years can be put together from them: what each month holds for
each rep under a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.periods import Month, month_numbers
from playbook.base.settings.plans import CommissionPlan
from playbook.data.memory import give_back

from .advances import advance_ledgers, entitled_months
from .award_line import PLAN_LINES
from .bands import codes, rates_of
from .drawn_quotas import drawn_quotas
from .history import History
from .lines import PreparedLines
from .managers import manager_pay
from .periods import period_number
from .reversals import net_amounts, order_matters
from .total import total_pay

WITH_MONTH = ("guarantee kept", "held until paid", "released by payment")  # drawn with its month
DEAL = ("opportunity_id", "order_id")
RECALCULATED = tuple(one for one in PLAN_LINES if one not in WITH_MONTH)  # worked out anew


@dataclass(frozen=True)
class MonthlyHistory:
    """What every month (row) of history holds for every rep (column) under a plan.

    Credited lines, sorted by month, rep and order: amount [ticks], rule (its code, see
    ``bands.codes``) and deal (number). All others have the shape (months, reps) unless said:

    - count: credited lines of the cell
    - credit: amount that moves tiers and quota; sales: credit with refunds of earlier periods
      [ticks]
    - alone: pay under a plan that looks at one deal at a time, else None [minor units]
    - back, other, managed: clawbacks; awards, what is held until customers pay and what payment
      releases; and what the rep's manager earns [minor units]
    - manager: (reps,) column of each rep's manager, −1 for none
    - quota: as months are drawn [ticks ÷ QUOTA_PARTS], None for plans without one
    - quota_paid: as the year that was is paid by; carried: whether a mean is drawn in place of a
      quota that no one set, see ``drawn_quotas``; None for plans without one
    - aboard: days of the month that the guarantee covers; days: (months,) days of the month
    - entitled: whether the rep may draw in the month
    - present: days of the month on board, that pay for the quota is for; None where it is for all
    - waits: whether recovery of the draw has not begun in the month; None where it begins at once
    - owed: (reps,) what each rep owes from draws at the end of history [minor units]
    - more: what else the plan counts of each line, by ``Measure.counted``
    """

    plan: CommissionPlan
    minor: int
    reps: list[str]
    months: list[Month]
    amount: np.ndarray
    rule: np.ndarray
    deal: np.ndarray
    count: np.ndarray
    credit: np.ndarray
    sales: np.ndarray
    alone: np.ndarray | None
    back: np.ndarray
    other: np.ndarray
    managed: np.ndarray
    manager: np.ndarray
    quota: np.ndarray | None
    aboard: np.ndarray
    days: np.ndarray
    entitled: np.ndarray
    owed: np.ndarray
    more: dict[str, np.ndarray] = field(default_factory=dict)
    waits: np.ndarray | None = None
    present: np.ndarray | None = None
    quota_paid: np.ndarray | None = None
    carried: np.ndarray | None = None

    def as_paid(self) -> MonthlyHistory:
        """The months with the quotas that the year that was is paid by."""
        return self if self.quota_paid is None else replace(self, quota=self.quota_paid)

    def credit_by_rule(self) -> list[np.ndarray]:
        """Credit (months, reps) under each code of the plan, from −1 on [ticks]."""
        cell, kinds = np.repeat(np.arange(self.count.size), self.count.ravel()), codes(self.plan)
        sums = np.zeros(self.count.size * kinds, dtype=np.int64)
        np.add.at(sums, cell * kinds + self.rule + 1, self.amount)
        return list(sums.reshape(*self.count.shape, kinds).transpose(2, 0, 1))

    def scaled(self, spread_factor: np.ndarray) -> MonthlyHistory:
        """Every month's sales of every rep times ``swing`` (months, reps), and with them the
        manager's part.
        """
        cell = np.repeat(np.arange(self.count.size), self.count.ravel())

        def by(values: np.ndarray) -> np.ndarray:
            return np.rint(values * spread_factor).astype(np.int64)

        alone = None if self.alone is None else by(self.alone)
        more = {
            name: values
            if name == "new_logos"
            else np.rint(values * spread_factor.ravel()[cell]).astype(np.int64)
            for name, values in self.more.items()
        }
        return replace(
            self,
            more=more,
            alone=alone,
            amount=np.rint(self.amount * spread_factor.ravel()[cell]).astype(np.int64),
            credit=by(self.credit),
            sales=by(self.sales),
            managed=by(self.managed),
        )


def monthly_history(
    past: History, plan: CommissionPlan, reps: list[str], months: list[Month]
) -> MonthlyHistory:
    """History under ``plan`` (as if it had always held), cut into ``months`` for ``reps``."""
    made, prepared = total_pay(past, plan), past.prepared_lines(plan)
    if past.sums_before is not None:
        give_back()
    rows = prepared.core
    if order_matters(plan):  # a refund inside its period is taken off the sale it takes back
        net = net_amounts(rows["amount"].to_numpy(), rows["target"].to_numpy())
        rows = rows.assign(amount=net)
    column, shape = {rep: i for i, rep in enumerate(reps)}, (len(months), len(reps))

    def grid(frame: pd.DataFrame, values: str) -> np.ndarray:
        row, col = month_numbers(frame["date"]) - months[0].number, frame["rep_id"].map(column)
        keep = (row >= 0) & (row < len(months)) & col.notna().to_numpy()
        out = np.zeros(shape, dtype=np.int64)
        np.add.at(
            out,
            (row[keep], col[keep].to_numpy(dtype=np.int64)),
            frame[values].to_numpy(dtype=np.int64)[keep],
        )
        return out

    keep, cell = _cells(rows, prepared.credit.names, column, months)
    paid, lines = made.payroll, made.lines
    awards = lines[(lines["source"] == "award") & ~lines["item"].isin(RECALCULATED)]
    clawed = lines[lines["item"] == "clawback"]
    amount, code = (rows[name].to_numpy()[keep] for name in ("amount", "code"))
    credit = np.zeros(shape[0] * shape[1], dtype=np.int64)
    np.add.at(credit, cell, amount * np.array(rates_of(plan).attains, dtype=np.int64)[code + 1])
    credit = credit.reshape(shape)
    managed = np.zeros(shape, dtype=np.int64)
    manager = past.managers
    by_date = bool(plan.manager_rates) or "manager" in past.roster.spans
    quotas: tuple[np.ndarray | None, ...] = (None, None, None)
    if plan.needs_quota:
        quotas = drawn_quotas(past, plan, reps, months, credit)
    beyond = grid(awards, "pay")  # what no month of another year changes
    for one in manager_pay(past, plan, paid):
        if not months[0] <= one.month <= months[-1]:
            continue
        if not by_date and one.rep in column:
            managed[one.month - months[0], column[one.rep]] = one.units
        elif by_date and one.manager in column:
            beyond[one.month - months[0], column[one.manager]] += one.units
    return MonthlyHistory(
        plan,
        past.minor,
        reps,
        months,
        amount,
        code,
        _deals(plan, prepared, keep),
        np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape),
        credit,
        credit + grid(clawed, "amount"),
        (
            grid(lines[(lines["source"] != "award") & (lines["item"] != "clawback")], "pay")
            if plan.accumulate == "deal"
            else None
        ),
        grid(clawed, "pay"),
        beyond,
        managed,
        np.array([column.get(manager.get(rep, ""), -1) for rep in reps]),
        quotas[0],
        *_aboard(past, plan, reps, months, paid.lines),
        *_advances(past, plan, paid, column, months),
        {name: rows[name].to_numpy()[keep] for name in plan.measured},
        _waits(past, plan, column, months),
        _present(past, plan, reps, months),
        *quotas[1:],
    )


def _cells(
    rows: pd.DataFrame, names: np.ndarray, column: dict[str, int], months: list[Month]
) -> tuple[np.ndarray, np.ndarray]:
    """(rows in the months of reps asked for, by month and rep; number of both of each). What is
    longer ago is left aside first: it is most of a long history.
    """
    day = rows["date"].to_numpy()
    begin, end = (np.datetime64(m.start) for m in (months[0], months[-1] + 1))
    inside = np.flatnonzero((day >= begin) & (day < end))
    to = np.array([*(column.get(name, -1) for name in names), -1], dtype=np.int64)
    col = to[rows["rep"].to_numpy()[inside]]
    named = col >= 0
    keep, col = inside[named], col[named]
    cell = (month_numbers(rows["date"].iloc[keep]) - months[0].number) * len(column) + col
    order = np.argsort(cell, kind="stable")
    return keep[order], cell[order]


def _deals(plan: CommissionPlan, prepared: PreparedLines, rows: np.ndarray) -> np.ndarray:
    """Number of the deal, else the order, of each row; 0 for plans that ask for none."""
    if plan.accumulate != "deal" and plan.deal_cap is None and not plan.deal_floor:
        return np.zeros(len(rows), dtype=np.int64)
    named = prepared.credit.texts(prepared.core[["line"]].take(rows), DEAL)
    deals, orders = (pd.Series(values) for values in named.values())
    return pd.factorize(deals.where(deals.notna(), orders))[0]


def _aboard(
    past: History, plan: CommissionPlan, reps: list[str], months: list[Month], lines: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Days of each month the guarantee covers per rep, and days of each month."""
    days = np.array([(m.end - m.start).days + 1 for m in months])
    aboard = np.zeros((len(months), len(reps)), dtype=np.int64)
    if not plan.floor or plan.accumulate == "deal":
        return aboard, days
    number = period_number(
        pd.Series([pd.Timestamp(m.start) for m in months]), plan.accumulate, past.fiscal_year_start
    )
    paid = {rep: set(part) for rep, part in lines.groupby("rep_id")["period"]}
    for j, rep in enumerate(reps):
        if rep in past.terms and (rep in past.sellers or rep in paid):
            hired, left = past.terms[rep]
            aboard[:, j] = [
                max(0, (min(m.end, left or m.end) - max(m.start, hired)).days + 1) for m in months
            ]
        elif rep in paid:
            aboard[:, j] = np.where(np.isin(number, list(paid[rep])), days, 0)
    return aboard, days


def _advances(
    past: History, plan: CommissionPlan, paid, column: dict[str, int], months: list[Month]
) -> tuple[np.ndarray, np.ndarray]:
    """The right to a draw by month and rep, and what each owes at the end."""
    may, owed = (
        np.zeros((len(months), len(column)), dtype=bool),
        np.zeros(len(column), dtype=np.int64),
    )
    for rep, those in entitled_months(past, plan).items():
        if rep in column:
            may[
                [month - months[0] for month in those if months[0] <= month <= months[-1]],
                column[rep],
            ] = True
    if plan.draw and plan.draw.recoverable:
        for rep, balance in (
            advance_ledgers(past, plan, paid).groupby("rep_id")["balance"].last().items()
        ):
            if rep in column:
                owed[column[rep]] = int(Decimal(balance).scaleb(past.minor))
    return may, owed


def _waits(
    past: History, plan: CommissionPlan, column: dict[str, int], months: list[Month]
) -> np.ndarray | None:
    """Months in which a rep's draw is not yet taken back."""
    if plan.draw is None or plan.draw.recovery_from == 1:
        return None
    found = np.zeros((len(months), len(column)), dtype=bool)
    for rep, those in entitled_months(past, plan).items():
        early = [those[0] + n for n in range(plan.draw.recovery_from - 1)]
        if rep in column:
            at = [month - months[0] for month in early if months[0] <= month <= months[-1]]
            found[at, column[rep]] = True
    return found


def _present(
    past: History, plan: CommissionPlan, reps: list[str], months: list[Month]
) -> np.ndarray | None:
    """Days of each month on board by the plan's rule of presence."""
    if plan.attainment is None or plan.attainment.presence == "ignored":
        return None
    groups = pd.DataFrame(
        [(rep, month.number) for month in months for rep in reps], columns=["rep_id", "period"]
    )
    by_month = plan.model_copy(update={"accumulate": "month"})
    return past.roster.present(groups, by_month, 1)[0].reshape(len(months), len(reps))
