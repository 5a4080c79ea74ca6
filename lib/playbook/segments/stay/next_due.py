"""Contracts that end soon and that nothing renews yet."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as column

HORIZON = 60  # days ahead in which contracts are listed as due next


class DueContracts(column.Frame):
    """One row per contract that ends within the next HORIZON days and is not renewed."""

    contract_id = column.text("the contract")
    customer_id = column.text("its customer")
    start = column.day("first day")
    end = column.day("last day")
    annual_value = column.money("yearly value")
    successor = column.text("the following contract, known by the as-of date")
    renewed = column.flag("a following contract is known")
    rep_id = column.text("rep of the contract")
    product_line = column.text("product line of the contract")
    open = column.flag("ended so recently that another may still follow")
    how = column.text("how renewals are known: link, following, or none")


def next_due(contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """A frame of ``DueContracts``, the first end first."""
    today = pd.Timestamp(as_of)
    soon = contracts[
        (contracts["end"] > today)
        & (contracts["end"] <= today + pd.Timedelta(days=HORIZON))
        & ~contracts["renewed"]
    ]
    return soon.sort_values(["end", "contract_id"])[DueContracts.names()]
