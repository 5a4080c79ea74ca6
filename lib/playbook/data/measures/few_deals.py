"""Deals of a small book as arrays: counting ten thousand of them takes a database as long as
planning the question, and a chapter asks some fifty.

The same counts as ``deals`` gets from the engine, which is asked where there are more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import narwhals as nw
import numpy as np
import pandas as pd

from .days import PACK, day_number
from .frames import collect, steady

MOST = 50_000  # deals held as arrays
CENTS = 10_000  # parts of a currency unit that a decimal of the contract tells apart
STATUS = np.array(["advanced", "lost", "open"])  # in the order of the alphabet


class Ready(Protocol):
    """What is asked of deals made ready to count (``deals.Deals``)."""

    @property
    def rows(self) -> nw.LazyFrame: ...
    @property
    def stages(self) -> tuple[str, ...]: ...
    @property
    def as_of(self) -> date: ...
    @property
    def dimensions(self) -> dict[str, str]: ...
    @property
    def counted(self) -> dict[Any, Any]: ...


@dataclass(frozen=True)
class FewDeals:
    """One row per deal. ``codes``: texts by their place in the alphabet, missing ones last."""

    rows: pd.DataFrame
    codes: dict[str, np.ndarray] = field(default_factory=dict)

    def text(self, name: str) -> np.ndarray:
        """The codes of a column of texts."""
        if name not in self.codes:
            values = self.rows[name]
            found, texts = pd.factorize(values, sort=True)
            self.codes[name] = np.where(found < 0, len(texts), found)
        return self.codes[name]

    def numbers(self, name: str) -> np.ndarray:
        return self.rows[name].to_numpy(float, na_value=np.nan)


def few(deals: Ready) -> FewDeals | None:
    """The deals as arrays; None where they are many, or lie in a lake."""
    if "few" not in deals.counted:
        deals.counted["few"] = _few(deals)
    return deals.counted["few"]


def _few(deals: Ready) -> FewDeals | None:
    if not deals.rows.implementation.is_duckdb():
        return None
    if int(deals.rows.select(nw.len()).collect().item()) > MOST:
        return None
    marks = [f"{kind}{k}" for kind in "rs" for k in range(len(deals.stages))]
    names = {name: nw.col(name) for name in ("outcome", "reached", "created", "closed", *marks)}
    worth = nw.coalesce(nw.col("expected_amount"), nw.col("amount"))
    money = {"amount": nw.col("amount"), "expected": worth}
    columns = names | {name: value.cast(nw.Float64) for name, value in money.items()}
    kept = deals.rows.select(*deals.dimensions, **columns)
    return FewDeals(collect(kept, ordered=True))


def month_of(days: np.ndarray) -> np.ndarray:
    """The month numbers of packed days."""
    return np.floor((days + 0.5) / PACK)


def day_of(days: np.ndarray) -> np.ndarray:
    """The days since 1970 of packed days."""
    return days - month_of(days) * PACK


def step_counts(
    deals: Ready, some: FewDeals, k: int, to: int, by: str | Sequence[str] | None, days: bool
) -> pd.DataFrame:
    """``deals.step_counts`` from arrays."""
    reached = some.numbers("reached")
    there = reached >= k
    advanced, outcome = reached >= to, some.rows["outcome"].to_numpy(object)
    lost, won = outcome == "lost", outcome == "won"
    status = np.where(advanced, 0, np.where(lost, 1, 2))
    began = some.numbers(f"r{k}")
    if days:
        end = np.where(lost, day_of(some.numbers("closed")), day_number(deals.as_of))
        took = np.where(advanced, day_of(some.numbers(f"r{to}")), end) - day_of(began)
    else:
        took = np.full(len(began), np.nan)
    paid = np.where(won, some.numbers("amount"), np.nan)
    return grouped(
        some,
        there,
        {"member": by} if isinstance(by, str) else {name: name for name in by or ()},
        {"month": month_of(began), "status": status, "days": took, "seen": some.rows[f"s{k}"]},
        {"won": won.astype(float), "amount": paid, "square": paid * paid},
    )


def outcome_counts(deals: Ready, some: FewDeals, by: str | None, days: bool) -> pd.DataFrame:
    """``deals.outcome_counts`` from arrays."""
    outcome = some.rows["outcome"].to_numpy(object)
    created, closed, is_open = some.numbers("created"), some.numbers("closed"), outcome == "open"
    amount, expected = some.numbers("amount"), some.numbers("expected")
    expected = np.where(is_open, expected, np.nan)
    end = np.where(is_open, day_number(deals.as_of), day_of(closed))
    took = end - day_of(created) if days else np.full(len(created), np.nan)
    keys = {"created": month_of(created), "closed": month_of(closed)}
    money = {"amount": _parts(amount), "expected": _parts(expected)}
    known = {"amounts": ~np.isnan(amount), "expecteds": ~np.isnan(expected)}
    found = grouped(
        some,
        np.ones(len(created), dtype=bool),
        {"member": by} if by else {},
        keys | {"outcome": "outcome", "days": took},
        money | {name: has.astype(np.int64) for name, has in known.items()},
    )
    return found.assign(**{name: found[name] / CENTS for name in money})


def _parts(amounts: np.ndarray) -> np.ndarray:
    """Amounts in whole parts of a unit, nothing where there is none: added up without error."""
    return np.rint(np.nan_to_num(amounts) * CENTS).astype(np.int64)


def grouped(
    some: FewDeals,
    there: np.ndarray,
    texts: Mapping[str, str],
    keys: Mapping[str, object],
    sums: Mapping[str, np.ndarray],
) -> pd.DataFrame:
    """One row per combination of keys that occurs, in their order, missing values last: the keys,
    ``n`` and the sums (of floats to 13 digits).

    there: the rows that count. texts: name → column of texts. keys: name → values, a column of
    texts by its name, or ``status`` as codes.
    """
    at = np.flatnonzero(there)
    columns: dict[str, tuple[np.ndarray, str | None]] = {
        name: (some.text(column)[at], column) for name, column in texts.items()
    }
    for name, values in keys.items():
        if isinstance(values, str):
            columns[name] = (some.text(values)[at], values)
        elif name == "status":
            columns[name] = (np.asarray(values)[at], None)
        else:
            part = np.asarray(values)[at]
            columns[name] = (np.unique(part, return_inverse=True)[1], None)
    group = np.zeros(len(at), dtype=np.int64)
    for codes, _ in columns.values():
        size = int(codes.max(initial=0)) + 1
        group = group * size + codes
        if len(group) and int(group.max()) > 2**40:
            group = np.unique(group, return_inverse=True)[1]
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    first = at[order[starts]] if len(at) else at
    found: dict[str, object] = {}
    for name, (codes, column) in columns.items():
        if column is not None:
            found[name] = some.rows[column].take(first).reset_index(drop=True)
        elif name == "status":
            found[name] = pd.Series(STATUS[codes[order[starts]]], dtype="str")
        else:
            found[name] = np.asarray(keys[name])[first]
    found["n"] = np.diff(np.append(starts, len(at)))
    for name, values in sums.items():
        part = values[at][order]
        whole = part.dtype.kind != "f"
        added = np.add.reduceat(part if whole else np.nan_to_num(part), starts) if len(at) else part
        found[name] = added if whole else steady(pd.Series(added)).to_numpy()
    return pd.DataFrame(found)
