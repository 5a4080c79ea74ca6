"""Which day's rate brings an order in another currency to the book's, as a plan says.

Tables come in the book's currency at the rate of each row's month; here a plan's own rule is put in
its place. A refund always keeps the rate of its sale.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan

MONEY = ("amount", "paid_amount", "cost")


def at_rates(lines: pd.DataFrame, plan: CommissionPlan, rates: pd.DataFrame | None) -> pd.DataFrame:
    """The lines with money of other currencies at the rate of the day the plan names.

    rates: month (first day), currency, rate; lines whose currency has none stay as they are.
    """
    if rates is None or not len(rates) or "currency" not in lines:
        return lines
    foreign = np.flatnonzero(lines["currency"].isin(set(rates["currency"])).to_numpy())
    if not len(foreign):
        return lines
    mine = lines.iloc[foreign]
    own = mine["date"].to_numpy()
    sold = lines[lines["amount"] > 0].groupby("order_id")["date"].min()
    sale = mine["order_id"].map(sold)
    back = (mine["amount"] < 0).to_numpy() & sale.notna().to_numpy()
    day = np.where(back, sale.to_numpy(), own)
    if plan.currency_rate == "plan":
        day = np.full(len(mine), np.datetime64(plan.starts, "s"))
    elif plan.currency_rate == "payment":
        first = lines[lines["paid_date"].notna()].groupby("order_id")["paid_date"].min()
        paid = mine["order_id"].map(first).to_numpy()
        day = np.where(np.isnat(paid), day, paid)
    factor = np.ones(len(mine))
    for code, part in rates.sort_values("month").groupby("currency"):
        at = np.flatnonzero((mine["currency"] == code).to_numpy())
        factor[at] = _rate(part, day[at]) / _rate(part, own[at])
    changed = {}
    for name in MONEY:
        if name in lines:
            values = lines[name].copy()
            made = (mine[name].astype("float64") * factor).round()
            # an array, not a Series: pandas looks a missing value of a Series up by its label
            values.iloc[foreign] = made.astype(values.dtype).array
            changed[name] = values
    return lines.assign(**changed)


def _rate(rates: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """The rate of each day's month, else the last before it, else the first there is."""
    months = rates["month"].to_numpy().astype("datetime64[s]")
    place = np.searchsorted(months, days.astype("datetime64[s]"), side="right") - 1
    return rates["rate"].to_numpy(dtype=float)[np.maximum(place, 0)]
