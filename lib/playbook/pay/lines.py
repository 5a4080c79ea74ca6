"""Credited lines prepared for the engine: sorted by rep and period, late refunds apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from playbook.base.settings import TierTable
from playbook.base.settings.plans import CommissionPlan

from .credit import Credit, credit
from .currency import at_rates
from .roster import Roster

KEPT = [
    "rep_id",
    "date",
    "order_id",
    "opportunity_id",
    "customer_id",
    "rule",
    "amount",
    "period",
    "source",
    "beyond",
    "sold",
]  # what a statement needs; other text columns would cost memory
TEXTS = ("order_id", "opportunity_id", "customer_id", "source")
KEY = ("rep_id", "date", "order_id", "item", "plan", "component")  # what tells lines apart


def within(lines: pd.DataFrame, start: date | None, end: date | None) -> pd.DataFrame:
    """Lines dated from start to end, both inclusive; None = open. Lines that stand together, as in
    those sorted by day, are not copied.
    """
    keep = np.ones(len(lines), dtype=bool)
    if start is not None:
        keep &= (lines["date"] >= pd.Timestamp(start)).to_numpy()
    if end is not None:
        keep &= (lines["date"] <= pd.Timestamp(end)).to_numpy()
    first, count = int(keep.argmax()) if len(keep) else 0, int(keep.sum())
    if keep[first : first + count].all():
        return lines.iloc[first : first + count]
    return lines[keep]


def credited_once(lines: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    """Which lines hold an order's credit: those of the tiers and of refunds where the plan has
    tiers, else those of the first measure, for several kinds of pay may come of one order.
    """
    component = lines["component"]
    if plan.tiers:
        return component.isin(["tiers", "clawback"]).to_numpy()
    part = plan.attainment
    first = f"attainment: {part.measures[0].name}" if part and part.measures else "attainment"
    return (
        ((component == "attainment") & lines["item"].isin([first, "attainment"]))
        | (component == "clawback")
    ).to_numpy()


@dataclass(frozen=True)
class PreparedLines:
    """Credited lines sorted for the engine. They depend on whom and what a plan credits, not on its
    rates.

    credit: the lines and names; its rows are in the parts. core: rows of ``Credit`` by rep and
    period, with the dense number ``group`` of both, and
    ``target``, the position of the line that a refund takes back, −1 for the others. late: refunds
    of sales of earlier periods, each with its ``target``. beyond: refunds of more than their sale,
    with the period of the sale (``sale_period``); they pay nothing. unassigned: date, order_id and
    amount of lines without a rep.
    """

    credit: Credit
    core: pd.DataFrame
    late: pd.DataFrame
    unassigned: pd.DataFrame
    beyond: pd.DataFrame

    def named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with their rep_id and the ids of their order."""
        months = ["months"] if "months" in self.credit.lines else []
        texts = self.credit.texts(rows, [*TEXTS, *months])
        return rows.assign(rep_id=self.credit.reps(rows), **texts)

    def credited(self, start: date | None, end: date | None) -> pd.DataFrame:
        """Rows of ``core`` dated in the span, with their rep_id."""
        rows = within(self.core, start, end)
        return rows.assign(rep_id=self.credit.reps(rows))

    @cached_property
    def lines(self) -> pd.DataFrame:
        """``core`` with the ids a reader needs."""
        return self.named(self.core)


def prepared_lines(
    orders: pd.DataFrame,
    plan: CommissionPlan,
    *,
    fiscal_year_start: int = 1,
    tiers: TierTable | None = None,
    dated: bool = False,
    shares: pd.DataFrame | None = None,
    roster: Roster | None = None,
    minor: int = 2,
    rates: pd.DataFrame | None = None,
) -> PreparedLines:
    """What ``plan`` credits of ``orders``; ``dated``: only on days it is in force. shares: splits
    of single deals. roster: who was what on which day, for plans of some roles, teams or people,
    and who left when. rates: of other currencies.
    """
    found = credit(
        at_rates(orders, plan, rates),
        plan,
        fiscal_year_start=fiscal_year_start,
        tiers=tiers,
        shares=shares,
        left=roster.left if roster else None,
        minor=minor,
    )
    rows = found.rows
    if dated:
        rows = _only(rows, days_in_force(rows, plan))
    if not plan.for_all:
        rows = _only(rows, (roster or Roster()).holds(plan, found.reps(rows), rows["sold"]))
    # shares of a refund that round to nothing
    nothing = (rows["amount"] == 0) & (rows["origin"] >= 0) & (rows["beyond"] == 0)
    if "cash" in rows:
        nothing &= rows["cash"] == 0
    rows = _only(rows, ~nothing.to_numpy())
    named = (rows["rep"] >= 0).to_numpy()
    nobody = rows[~named]
    unassigned = nobody.assign(**found.texts(nobody, ["order_id"]))
    core, late, beyond = _grouped(_only(rows, named), plan, found)
    found = replace(found, rows=found.rows.head(0).copy())  # need not be held twice
    return PreparedLines(found, core, late, unassigned[["date", "order_id", "amount"]], beyond)


def days_in_force(rows: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    """Which lines are of the plan's days; a refund belongs to the plan that paid its sale."""
    day = rows["sold"].to_numpy()
    keep = np.ones(len(rows), dtype=bool)
    keep &= day >= np.datetime64(plan.starts)
    if plan.ends:
        keep &= day <= np.datetime64(plan.ends)
    return keep


def _only(rows: pd.DataFrame, keep: np.ndarray) -> pd.DataFrame:
    """The rows kept, their ``origin`` pointing at the new places."""
    if keep.all():
        return rows
    place = np.where(keep, np.cumsum(keep) - 1, -1)
    kept = rows[keep].reset_index(drop=True)
    origin = kept["origin"].to_numpy()
    kept["origin"] = np.where(origin >= 0, place[np.maximum(origin, 0)], -1)
    return kept


def _grouped(
    rows: pd.DataFrame, plan: CommissionPlan, found: Credit
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Rows sorted by rep and period with a dense group number, and apart from them the refunds of
    earlier periods, and what refunds ask for beyond their sales.
    """
    second = rows["period"].to_numpy()
    if plan.accumulate == "deal" or plan.deal_cap is not None or plan.deal_floor:
        lines = found.lines
        deal, _ = pd.factorize(
            lines["opportunity_id"].where(lines["opportunity_id"].notna(), lines["order_id"]),
            sort=True,
        )
        rows = rows.assign(deal=deal[rows["line"].to_numpy()])
        second = rows["deal"].to_numpy() if plan.accumulate == "deal" else second
    width = int(second.max(initial=0)) + 1
    fits = (int(rows["rep"].max()) + 1) * width < 2**31 if len(rows) else True
    key = rows["rep"].to_numpy().astype(np.int32 if fits else np.int64) * width + second
    origin = rows["origin"].to_numpy()
    over = rows["beyond"].to_numpy() > 0
    is_late = (origin >= 0) & (key[np.maximum(origin, 0)] != key) & ~over
    kept = np.flatnonzero(~is_late & ~over)
    order = kept[np.argsort(key[kept], kind="stable")]
    place = np.full(len(rows), -1, dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    own, key = origin[order], key[order]
    begins = np.r_[True, key[1:] != key[:-1]][: len(order)]
    group = np.cumsum(begins, dtype=np.int32) - 1
    target = np.where(own >= 0, place[np.maximum(own, 0)], np.int32(-1))
    del own, key, begins
    core = (
        rows.drop(columns=["origin", "beyond"])
        .take(order)
        .reset_index(drop=True)
        .assign(group=group, target=target)
    )
    late = rows[is_late].drop(columns="origin").reset_index(drop=True)
    late["target"] = place[origin[is_late]].astype(np.int64)
    sale_period = rows["period"].to_numpy()[origin[over]]
    beyond = rows[over].drop(columns="origin").reset_index(drop=True)
    return core, late, beyond.assign(sale_period=sale_period)
