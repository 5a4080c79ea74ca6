"""What a plan counts beside revenue: margin, first orders of customers, long contracts, pieces."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS


def counted_columns(
    lines: pd.DataFrame, rows: pd.DataFrame, plan: CommissionPlan
) -> dict[str, np.ndarray]:
    """For everything in ``plan.measured`` its value on each of the rows of ``refunds.matched``
    [ticks; pieces and customers in 1/10,000], and as ``<name>_left`` what of it stands of a
    refund's sale before the refund.

    A refund takes back of each what the rest of its sale has less.
    """
    made = {}
    source = rows["line"].to_numpy()
    for name in plan.measured:
        if name == "cash":
            made[name] = lines["cash"].to_numpy()[source]
            made["cash_left"] = _zero(rows)
            continue
        of_sale = _COUNTED[name](lines, plan)[source]
        made[name], made[f"{name}_left"] = _with_refunds(rows, of_sale, name == "new_logos")
    return made


def _zero(rows: pd.DataFrame) -> np.ndarray:
    return np.zeros(len(rows), dtype=np.int64)


def _with_refunds(
    rows: pd.DataFrame, of_sale: np.ndarray, whole: bool
) -> tuple[np.ndarray, np.ndarray]:
    """(value of each row, what stands of a refund's sale before it). whole: lost only when nothing
    of the sale is left.
    """
    origin, amount = rows["origin"].to_numpy(), rows["amount"].to_numpy()
    left = rows["left"].to_numpy()
    back = np.flatnonzero((origin >= 0) & (amount < 0))
    value, rest = np.where((amount < 0) | (origin >= 0), 0, of_sale), _zero(rows)
    sale = origin[back]

    def standing(of: np.ndarray) -> np.ndarray:
        if whole:
            return np.where(of > 0, of_sale[sale], 0)
        return (of_sale[sale].astype(object) * of // amount[sale]).astype(np.int64)

    rest[back] = standing(left[back])
    value[back] = standing(left[back] + amount[back]) - rest[back]
    return value, rest


def _margin(rows: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    """Amount less cost; an order whose cost is not known has none."""
    cost = rows["cost"] if "cost" in rows else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    known = cost.notna().to_numpy()
    margin = rows["amount"].to_numpy() - cost.fillna(0).to_numpy(dtype=np.int64)
    return np.where(known, margin, 0)


def _new_logos(rows: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    """One for each customer's first sale."""
    sale = (rows["amount"].to_numpy() > 0) & rows["customer_id"].notna().to_numpy()
    first = np.zeros(len(rows), dtype=np.int64)
    at = np.flatnonzero(sale)
    new = ~rows["customer_id"].iloc[at].duplicated().to_numpy()
    first[at[new]] = TICKS
    return first


def _multi_year(rows: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    """The amount of orders for so many months or more."""
    part = plan.attainment
    least = min(
        (one.least_months for one in (part.measures if part else []) if one.of == "multi_year"),
        default=24,
    )
    months = rows["months"].fillna(0).to_numpy() if "months" in rows else _zero(rows)
    return np.where(months >= least, rows["amount"].to_numpy(), 0)


def _units(rows: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    if "quantity" not in rows:
        return _zero(rows)
    return np.rint(rows["quantity"].fillna(0).to_numpy(dtype=float) * TICKS).astype(np.int64)


_COUNTED = {
    "gross_margin": _margin,
    "new_logos": _new_logos,
    "multi_year": _multi_year,
    "units": _units,
}
