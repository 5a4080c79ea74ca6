"""What a plan counts beside revenue: margin, first orders of customers, long contracts, pieces, and
the customers' money.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .refunds import matched

PAYMENT = "payment"  # source of rows that are a customer's money and no order


def with_cash(
    base: pd.DataFrame, rows: pd.DataFrame, paid: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order lines and rows of ``refunds.matched`` with one more of each for every payment, by day
    and id. A payment counts as ``cash`` and nothing else; money paid back takes back the payment
    it came from, as a refund its sale.

    paid: payments of the same lines with their day and amount, as ``credit.on_basis`` gives them.
    """
    money = matched(paid)
    money = money[(money["amount"] != 0) | (money["beyond"] == 0)].copy()
    money["cash"], money["cash_left"] = money["amount"], money["left"]
    money["line"] += len(base)
    money["origin"] = _moved(money, len(rows))
    money[["amount", "left", "beyond"]] = 0
    lines = pd.concat([base, paid.assign(amount=0, source=PAYMENT)], ignore_index=True)
    every = pd.concat([rows.assign(cash=0, cash_left=0), money], ignore_index=True)
    day = lines["date"].to_numpy()[every["line"].to_numpy()]
    order = np.argsort(day, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    every = every.take(order).reset_index(drop=True)
    origin = every["origin"].to_numpy()
    every["origin"] = np.where(origin >= 0, place[np.maximum(origin, 0)], -1)
    return lines, every


def _moved(money: pd.DataFrame, rows: int) -> np.ndarray:
    """Rows that payments take back, counted behind ``rows`` others; some rows may be left out."""
    place = np.full(int(money.index.max()) + 1 if len(money) else 1, -1, dtype=np.int64)
    place[money.index] = rows + np.arange(len(money))
    origin = money["origin"].to_numpy()
    return np.where(origin >= 0, place[np.maximum(origin, 0)], -1)


def counted_columns(
    lines: pd.DataFrame, rows: pd.DataFrame, plan: CommissionPlan
) -> dict[str, np.ndarray]:
    """For everything in ``plan.measured`` its value on each of the rows of ``refunds.matched``
    [ticks; pieces and customers in 1/10,000], and as ``<name>_left`` what of it stands of a
    refund's sale before the refund.

    A refund takes back of each what the rest of its sale has less. A payment is money alone.
    """
    made: dict[str, np.ndarray] = {}
    source = rows["line"].to_numpy()
    money = (lines["source"] == PAYMENT).to_numpy() if "cash" in plan.measured else None
    for name in plan.measured:
        if name == "cash":
            made |= {column: rows[column].to_numpy() for column in ("cash", "cash_left")}
            continue
        values = _of_lines(name, lines)
        of_sale = (values if money is None else np.where(money, 0, values))[source]
        made[name], made[f"{name}_left"] = _with_refunds(rows, of_sale, name == "new_logos")
    return made


def _with_refunds(
    rows: pd.DataFrame, of_sale: np.ndarray, whole: bool
) -> tuple[np.ndarray, np.ndarray]:
    """(value of each row, what stands of a refund's sale before it). whole: lost only when nothing
    of the sale is left.
    """
    origin, amount = rows["origin"].to_numpy(), rows["amount"].to_numpy()
    left = rows["left"].to_numpy()
    back = np.flatnonzero((origin >= 0) & (amount < 0))
    value = np.where((amount < 0) | (origin >= 0), 0, of_sale)
    rest = np.zeros(len(rows), dtype=np.int64)
    sale = origin[back]

    def standing(of: np.ndarray) -> np.ndarray:
        if whole:
            return np.where(of > 0, of_sale[sale], 0)
        return (of_sale[sale].astype(object) * of // amount[sale]).astype(np.int64)

    rest[back] = standing(left[back])
    value[back] = standing(left[back] + amount[back]) - rest[back]
    return value, rest


def _of_lines(name: str, lines: pd.DataFrame) -> np.ndarray:
    """What every line counts of a measure, refunds as if they were sales."""
    if name.startswith("multi_year_"):
        return _multi_year(lines, int(name.rpartition("_")[2]))
    return {"gross_margin": _margin, "new_logos": _new_logos, "units": _units}[name](lines)


def _margin(rows: pd.DataFrame) -> np.ndarray:
    """Amount less cost; an order whose cost is not known has none."""
    cost = rows["cost"] if "cost" in rows else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    known = cost.notna().to_numpy()
    margin = rows["amount"].to_numpy() - cost.fillna(0).to_numpy(dtype=np.int64)
    return np.where(known, margin, 0)


def _new_logos(rows: pd.DataFrame) -> np.ndarray:
    """One for each customer's first sale."""
    sale = (rows["amount"].to_numpy() > 0) & rows["customer_id"].notna().to_numpy()
    first = np.zeros(len(rows), dtype=np.int64)
    at = np.flatnonzero(sale)
    new = ~rows["customer_id"].iloc[at].duplicated().to_numpy()
    first[at[new]] = TICKS
    return first


def _multi_year(rows: pd.DataFrame, least: int) -> np.ndarray:
    """The amount of orders for so many months or more."""
    if "months" not in rows:
        return np.zeros(len(rows), dtype=np.int64)
    return np.where(rows["months"].fillna(0).to_numpy() >= least, rows["amount"].to_numpy(), 0)


def _units(rows: pd.DataFrame) -> np.ndarray:
    if "quantity" not in rows:
        return np.zeros(len(rows), dtype=np.int64)
    return np.rint(rows["quantity"].fillna(0).to_numpy(dtype=float) * TICKS).astype(np.int64)
