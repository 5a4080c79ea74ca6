"""What customers under contract will bring in the next 12 months."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.measures import renewal
from playbook.segments.running_contracts import contracts_of, ends_of

from .renewal_terms import renewal_chance

YEAR = 365


def valued_by_contract(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """Replaces the model's values by the contract's for customers with a contract, running or
    lapsed: they do not buy at will.

    rows: one row per customer with alive, purchases, revenue, how and last.
    """
    if not book.has("contracts", "customer_id", "start", "annual_value"):
        return rows
    contracts, _ = contracts_of(book)
    contracts = contracts.assign(end=ends_of(contracts))
    contracts = contracts[~renewal.stopped(book, contracts) & (contracts["status"] != "trial")]
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


def won_back(contracts: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> float:
    """Share of the customers whose contracts had all ended a year ago that bought since; 0 without
    such customers.
    """
    then = today - pd.Timedelta(days=YEAR)
    known = contracts[contracts["start"] <= then].groupby("customer_id")["end"].max()
    lapsed = known[known <= then].index
    last = rows.set_index("customer_id")["last"].reindex(lapsed)
    return float((last > then).mean()) if len(lapsed) else 0.0
