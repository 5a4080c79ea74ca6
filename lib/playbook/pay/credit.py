"""Who is credited with what, and when: from order lines to credited lines under a plan's basis,
splits, rules and periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.settings import TierTable
from playbook.base.settings.plan_parts import RateRule
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .basis import on_basis, paid_lines
from .measured import counted_columns, with_cash
from .periods import period_number
from .refunds import matched
from .splits import OWNER, UNASSIGNED, shares_of, split


@dataclass(frozen=True)
class Credit:
    """Credited lines as numbers, and the lines they come from.

    rows: one per order line and person, by date and id: line (row of ``lines``), rep (number in
    ``names``, −1 for nobody), date (paid day under a cash basis), sold (day of the sale), amount
    (credited ticks), rule (number of the rule, −1 none), code (the same, with what leaving changes,
    see ``bands.codes``), origin (row a refund takes back, −1 none), beyond (what a refund asks for
    beyond its sale) [ticks], period (number of the accumulation period), and what else the plan
    counts (``plan.measured``).
    """

    rows: pd.DataFrame
    lines: pd.DataFrame
    names: np.ndarray

    def reps(self, rows: pd.DataFrame) -> pd.Series:
        """Rep ids of some rows."""
        named = pd.Series([*self.names, UNASSIGNED], dtype="str").array
        return pd.Series(named.take(rows["rep"].to_numpy() % len(named)), index=rows.index)

    def texts(self, rows: pd.DataFrame, columns: Iterable[str]) -> dict[str, Any]:
        """Columns of the lines some rows come from; a row whose line is −1 comes from many, which
        have nothing in common but their ``source``.
        """
        source = rows["line"].to_numpy()
        if not len(source) or source.min() >= 0:
            return {name: plain(self.lines[name].array.take(source)) for name in columns}
        found = {
            name: plain(self.lines[name].array.take(source, allow_fill=True)) for name in columns
        }
        if "source" in found:
            found["source"] = plain(self.lines["source"].array.take(np.maximum(source, 0)))
        return found


def plain(values: Any) -> Any:
    """Texts kept as categories as texts; anything else as it is."""
    return pd.array(values, dtype="str") if isinstance(values, pd.Categorical) else values


def plain_texts(frame: pd.DataFrame) -> dict[str, Any]:
    """The columns of categories as texts."""
    kinds = frame.dtypes.items()
    few = [name for name, kind in kinds if isinstance(kind, pd.CategoricalDtype)]
    return {str(name): plain(frame[name].array) for name in few}


def credited(
    lines: pd.DataFrame,
    plan: CommissionPlan,
    *,
    fiscal_year_start: int = 1,
    tiers: TierTable | None = None,
) -> pd.DataFrame:
    """Credited lines: one row per order line and person, sorted by date and id: the columns of
    ``lines`` with those of ``Credit.rows`` and ``rep_id``.
    """
    found = credit(lines, plan, fiscal_year_start=fiscal_year_start, tiers=tiers)
    kept = [name for name in found.lines if name not in found.rows and name != "rep_id"]
    return found.rows.assign(rep_id=found.reps(found.rows), **found.texts(found.rows, kept))


def credit(
    lines: pd.DataFrame,
    plan: CommissionPlan,
    *,
    fiscal_year_start: int = 1,
    tiers: TierTable | None = None,
    shares: pd.DataFrame | None = None,
    left: Mapping[str, date] | None = None,
    minor: int = 2,
) -> Credit:
    """What the plan credits to whom.

    lines: as ``measures.credits.credits`` gives them. tiers: value tiers, needed when a rule names
    ``customer_tier``. shares: ``measures.assigned.deal_splits``. left: rep id → last day of those
    who left.
    """
    base = on_basis(lines, plan)
    rows = matched(base)
    if "cash" in plan.measured:
        base, rows = with_cash(base, rows, paid_lines(lines))
    rule = matching_rule(base, plan, tiers)
    source, origin = rows["line"].to_numpy(), rows["origin"].to_numpy()
    linked = origin >= 0  # a refund goes back to whoever was credited, at the rule that paid
    sale = np.where(linked, source[np.maximum(origin, 0)], source)
    day = base["date"].to_numpy()
    shared = shares is not None and len(shares) > 0
    columns = ["rep_id", *(OWNER[one.to] for one in plan.splits)]
    more = shares["rep_id"] if shares is not None and shared else None
    names, owners = _numbered(base, columns, more)
    rows = rows.assign(
        date=day[source],
        sold=day[sale],
        rule=rule[sale],
        rep=owners["rep_id"][sale],
    )
    if plan.measured:
        rows = rows.assign(**counted_columns(base, rows, plan))
    if plan.splits or shared:
        owners = {name: values[sale] for name, values in owners.items()}
        named = shares_of(base, sale, shares) if shares is not None and shared else None
        rows = split(rows, plan, owners, names, named, minor)
    rows["code"] = _codes(rows, plan, names, left)
    number = period_number(rows["date"], plan.accumulate, fiscal_year_start)
    rows["period"] = number.astype(np.int32)
    rows = rows.drop(columns=[name for name in rows if str(name).endswith("left")])
    return Credit(rows, base, names)


def _numbered(
    base: pd.DataFrame, columns: list[str], more: pd.Series | None
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(names in their order, number of the name in each of the columns, −1 for none)."""
    found = {name: pd.factorize(base[name]) for name in dict.fromkeys(columns)}
    every = {str(name) for _, known in found.values() for name in known}
    names = np.array(sorted(every | set(() if more is None else more)), dtype=object)
    place = {name: number for number, name in enumerate(names)}
    numbers = {}
    for name, (codes, known) in found.items():
        to = np.array([*(place[str(one)] for one in known), -1], dtype=np.int32)
        numbers[name] = to[codes]
    return names, numbers


def _codes(
    rows: pd.DataFrame, plan: CommissionPlan, names: np.ndarray, left: Mapping[str, date] | None
) -> np.ndarray:
    """Codes of what sets each line's rate; lines sold after their rep's last day have their own."""
    code = rows["rule"].to_numpy()
    known = left or {}
    days = [np.datetime64(known[name]) if name in known else _NEVER for name in names]
    last = np.array([*days, _NEVER], dtype="datetime64[s]")[rows["rep"].to_numpy()]
    sold = rows["sold"].to_numpy()
    gone = sold > last
    if not gone.any():
        return code
    kinds, leaving = len(plan.rules) + 1, plan.leaving
    paid = gone & (leaving.pays != "none")
    if leaving.pays == "within_days":
        paid &= sold <= last + np.timedelta64(timedelta(days=leaving.days))
    return np.where(paid, code + kinds, np.where(gone, 2 * kinds - 1, code))


_NEVER = np.datetime64("2200-01-01")


def matching_rule(rows: pd.DataFrame, plan: CommissionPlan, tiers: TierTable | None) -> np.ndarray:
    """Number of the first rule of the plan each row meets; −1 where the tiers hold alone."""
    found = np.full(len(rows), -1, dtype=np.int16)
    value = (
        customer_tier(rows, tiers)
        if tiers and any(rule.customer_tier for rule in plan.rules)
        else None
    )
    for number, rule in reversed(list(enumerate(plan.rules))):
        found[_meets(rows, rule, value)] = number
    return found


def _meets(rows: pd.DataFrame, rule: RateRule, value: np.ndarray | None) -> np.ndarray:
    met = np.ones(len(rows), dtype=bool)
    for column in ("kind", "product_line", "customer_type", "channel"):
        wanted = getattr(rule, column)
        if wanted:
            met &= _one_of(rows[column], wanted)
    if rule.least_months:
        known = rows["months"] if "months" in rows else pd.Series(0, index=rows.index)
        met &= (known.fillna(0) >= rule.least_months).to_numpy()
    if rule.least_amount:
        met &= (rows["amount"] >= int(rule.least_amount * TICKS)).to_numpy()
    if rule.starts:
        met &= (rows["date"] >= pd.Timestamp(rule.starts)).to_numpy()
    if rule.ends:
        met &= (rows["date"] <= pd.Timestamp(rule.ends)).to_numpy()
    if rule.customer_tier:
        met &= (
            np.zeros(len(rows), dtype=bool) if value is None else np.isin(value, rule.customer_tier)
        )
    return met


def _one_of(values: pd.Series, wanted: list[str]) -> np.ndarray:
    """Which values are wanted: asked once per different value, for few names stand on many rows."""
    codes, known = pd.factorize(values)
    return np.array([*(name in wanted for name in known), False], dtype=bool)[codes]


def customer_tier(rows: pd.DataFrame, tiers: TierTable) -> np.ndarray:
    """Name of each row's customer's value tier from the net amount of the twelve months before the
    row's day.
    """
    frame = pd.DataFrame(
        {
            "customer": rows["customer_id"].to_numpy(),
            "date": rows["date"].to_numpy(),
            "amount": rows["amount"].to_numpy(),
            "row": np.arange(len(rows)),
        }
    )
    frame = frame.sort_values(["customer", "date", "row"], kind="stable")
    names = np.empty(len(rows), dtype=object)
    edges = np.array([edge * TICKS for edge in tiers.lower])
    for _, part in frame.groupby("customer", sort=False):
        day = part["date"].to_numpy()
        total = np.r_[0, np.cumsum(part["amount"].to_numpy())]
        before = (
            total[np.searchsorted(day, day, side="left")]
            - total[np.searchsorted(day, day - np.timedelta64(365, "D"), side="left")]
        )
        names[part["row"].to_numpy()] = [
            next((n for n, e in zip(tiers.names, edges, strict=True) if b >= e), tiers.names[-1])
            for b in before
        ]
    return names
