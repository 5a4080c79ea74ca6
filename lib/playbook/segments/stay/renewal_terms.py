"""Renewal by renewal: how often a customer's first, second, … contract is renewed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table

FEWEST = 30  # contracts due, below which a rate is not used as a chance


class RenewalTerms(column.Frame):
    """One row per renewal number."""

    term = column.count(
        "1 for the customer's first contract of a product line, 2 for the second, …"
    )
    due = column.count("such contracts that came due")
    renewed = column.count("of them renewed")
    rate = column.share("renewed of due", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    survival = column.share("product of the rates so far: still there of all who began")


def survival(contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Kaplan-Meier by renewal number, a frame of ``RenewalTerms``: of the k-th contracts that came
    due by ``as_of``, the share renewed.
    """
    came = (contracts["end"] <= pd.Timestamp(as_of)) & ~contracts["open"]
    due = contracts.assign(term=renewal_number(contracts))[came]
    grouped = due.groupby("term", as_index=False).agg(
        due=("renewed", "size"), renewed=("renewed", "sum")
    )
    low, high = wilson(grouped["renewed"].to_numpy(), grouped["due"].to_numpy())
    rate = grouped["renewed"] / grouped["due"]
    return grouped.assign(rate=rate, low=low, high=high, survival=rate.cumprod())


def renewal_number(contracts: pd.DataFrame) -> pd.Series:
    """Place of each contract among those of its customer and product line, from 1, by start."""
    ordered = contracts.assign(line=contracts["product_line"].fillna("")).sort_values(
        ["customer_id", "line", "start", "contract_id"]
    )
    return (ordered.groupby(["customer_id", "line"]).cumcount() + 1).reindex(contracts.index)


def renewal_chance(contracts: pd.DataFrame, as_of: date) -> pd.Series:
    """Chance that each contract is renewed: the rate at its renewal number; with fewer than FEWEST
    due there, the rate of the trailing year; 0 where nothing came due in it.
    """
    year = contracts[
        (contracts["end"] <= pd.Timestamp(as_of))
        & (contracts["end"] > pd.Timestamp(as_of) - pd.Timedelta(days=365))
        & ~contracts["open"]
    ]
    seen = survival(contracts, as_of).query("due >= @FEWEST").set_index("term")["rate"]
    return (
        renewal_number(contracts)
        .map(seen.to_dict())
        .astype(float)
        .fillna(float(year["renewed"].mean()) if len(year) else 0.0)
    )


def terms_table(terms: pd.DataFrame, fmt: Formats) -> Table:
    """Renewal by renewal. terms: a frame of ``RenewalTerms``."""
    columns = [
        Col("term", "count", "Renewal number"),
        Col("due", "count", "Contracts due"),
        Col("renewed", "count", "Renewed"),
        Col("rate", "share", "Renewed of due", low="low", high="high"),
        Col("survival", "share", "Still there of all who began"),
    ]
    return table(
        terms,
        columns,
        fmt,
        title=say("Renewal by renewal"),
        note=(
            say(
                "product of the renewal rates of each renewal (Kaplan-Meier by"
                " renewal number), all data; running contracts leave the count when"
                " they have not come due"
            )
        ),
    )
