"""What customers under contract will bring in the next 12 months."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.measures import renewal
from playbook.segments.population import sums
from playbook.segments.running_contracts import contracts_of, ends_of

from .renewal_terms import renewal_chance

YEAR = 365
SURE = 0.975  # chance from which the other outcome lies outside a 95 % interval


def valued_by_contract(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """Replaces the model's values by the contract's for customers with a contract, running or
    lapsed: they do not buy at will.

    rows: one row per customer with alive, purchases, revenue, how and last.
    """
    if not book.has("contracts", "customer_id", "start", "annual_value"):
        return rows
    contracts = paying_contracts(book)
    today = pd.Timestamp(book.as_of)
    ids = rows["customer_id"]
    running = ids.map(
        agreed_value(
            contracts.assign(
                chance=renewal_chance(contracts, book.as_of).where(~contracts["renewed"], 1.0)
            ),
            today,
        )
    )
    last = (
        contracts.sort_values(["end", "contract_id"])
        .drop_duplicates("customer_id", keep="last")
        .set_index("customer_id")
    )
    lapsed = ids.isin(last.index) & running.isna()
    back = won_back(contracts, rows, today)
    value = running.where(running.notna(), ids.map(last["annual_value"]) * back)
    return rows.assign(
        revenue=value.where(value.notna(), rows["revenue"]),
        how=np.select([running.notna(), lapsed], ["contract", "lapsed contract"], rows["how"]),
        alive=rows["alive"].where(running.isna(), 1.0).where(~lapsed, back),
        purchases=rows["purchases"].where(value.isna()),
    )


def agreed_value(contracts: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """customer_id → value of the next 12 months [currency]: each running contract's yearly value to
    its end, and after it times its ``chance`` of renewal; nothing after it where the contract that
    renews it runs already.
    """
    running = contracts[(contracts["start"] <= today) & (contracts["end"] > today)]
    begun = running["successor"].isin(set(running["contract_id"]))
    running = running.assign(chance=running["chance"].where(~begun, 0.0))
    year = today + pd.Timedelta(days=YEAR)
    agreed = (running["end"].clip(upper=year) - today).dt.days / YEAR
    value = running["annual_value"] * (agreed + (1 - agreed) * running["chance"])
    return value.groupby(running["customer_id"]).sum()


def contract_ranges(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """low and high of what customers under contract bring in the next 12 months [currency]: every
    renewal that is not sure comes, or none does; a lapsed customer comes back or not. 0 for those
    who had everything returned, which a model has not valued either.

    rows: as of ``valued_by_contract``.
    """
    made = pd.DataFrame({"low": 0.0, "high": 0.0}, index=rows.index)
    if not rows["how"].isin(["contract", "lapsed contract"]).any():
        return made
    contracts, today = paying_contracts(book), pd.Timestamp(book.as_of)
    chance = renewal_chance(contracts, book.as_of).where(~contracts["renewed"], 1.0)
    for name, sure in (("low", chance >= SURE), ("high", chance > 1 - SURE)):
        agreed = agreed_value(contracts.assign(chance=sure.astype(float)), today)
        made[name] = rows["customer_id"].map(agreed).fillna(0.0).astype(float)
    lapsed = rows["how"] == "lapsed contract"
    back = rows["alive"].astype(float)
    value = rows["revenue"].astype(float) / back.where(back > 0)
    made.loc[lapsed, "low"] = value.where(back >= SURE, 0.0)[lapsed]
    made.loc[lapsed, "high"] = value.where(back > 1 - SURE, 0.0)[lapsed].fillna(0.0)
    return made


def won_back(contracts: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> float:
    """Share of the customers whose contracts had all ended a year ago that bought since; 0 without
    such customers.
    """
    then = today - pd.Timedelta(days=YEAR)
    known = contracts[contracts["start"] <= then].groupby("customer_id")["end"].max()
    lapsed = known[known <= then].index
    last = rows.set_index("customer_id")["last"].reindex(lapsed)
    return float((last > then).mean()) if len(lapsed) else 0.0


def contract_spread(book: Book, rows: pd.DataFrame) -> float:
    """Standard deviation of what customers under contract bring in the next 12 months [currency]:
    each renewal comes or not, all rates of renewal are off together by the error of last year's
    rate, and lapsed customers come back or not.

    rows: as of ``valued_by_contract``.
    """
    lapsed = rows[rows["how"] == "lapsed contract"]
    back = lapsed["alive"].astype(float).clip(1e-9, 1)
    value = lapsed["revenue"].astype(float) / back
    variance = float((value**2 * back * (1 - back)).sum())
    if not (rows["how"] == "contract").any():
        return float(np.sqrt(variance))
    today = pd.Timestamp(book.as_of)
    contracts = paying_contracts(book)
    contracts = contracts[contracts["customer_id"].isin(set(rows["customer_id"]))]
    chance = renewal_chance(contracts, book.as_of).where(~contracts["renewed"], 1.0)
    running = contracts[(contracts["start"] <= today) & (contracts["end"] > today)]
    begun = running["successor"].isin(set(running["contract_id"]))
    year = today + pd.Timedelta(days=YEAR)
    rest = 1 - (running["end"].clip(upper=year) - today).dt.days / YEAR
    at_stake = running["annual_value"].astype(float) * rest.where(~begun, 0.0)
    p = chance[running.index]
    variance += float((at_stake**2 * p * (1 - p)).sum())
    due = contracts[
        (contracts["end"] <= today) & (contracts["end"] > today - pd.Timedelta(days=YEAR))
    ]
    rate = float(due["renewed"].mean()) if len(due) else 0.0
    error = np.sqrt(rate * (1 - rate) / len(due)) if len(due) else 0.0
    variance += float((error * at_stake[p < 1].sum()) ** 2)
    return float(np.sqrt(variance))


def contract_error(book: Book) -> float:
    """How far off the same valuation was a year ago: |ln(brought ÷ expected)| over the customers
    then under contract; 0 where contracts or orders do not reach back that far.
    """
    earlier = book.at(book.as_of - timedelta(days=YEAR))
    if not earlier.has("contracts", "customer_id", "start", "annual_value"):
        return 0.0
    contracts = paying_contracts(earlier)
    chance = renewal_chance(contracts, earlier.as_of).where(~contracts["renewed"], 1.0)
    expected = agreed_value(contracts.assign(chance=chance), pd.Timestamp(earlier.as_of))
    net = sums(book).dropna(subset="customer_id").set_index("customer_id")
    then = expected[expected.index.isin(net.index[net["orders_base"] > 0])]
    brought = float(net["net_year"].reindex(then.index).sum())
    return abs(math.log(brought / then.sum())) if brought > 0 and then.sum() > 0 else 0.0


def paying_contracts(book: Book) -> pd.DataFrame:
    """The contracts that bring something, those without an end with one far ahead."""
    contracts, _ = contracts_of(book)
    contracts = contracts.assign(end=ends_of(contracts))
    return contracts[~renewal.stopped(book, contracts) & (contracts["status"] != "trial")]
