"""Searches for members who sell smaller deals, give more away or bring deals that match less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.measures.cause_rows import discounts_by, match_by, won_amounts
from playbook.data.measures.deals import Deals
from playbook.funnel.money.discounts import rung_of
from playbook.funnel.windows import bounds
from playbook.methods.comparisons import SEARCH_LEVEL, means_apart, rates_apart_of_many
from playbook.methods.intervals import Rate

SEED = 20230930
MOST_ROWS = 30_000  # rows shuffled in reasonable time; above, a search is left out
MOST_MEMBERS = 200
KNOWN = 0.5  # share of rows a dimension must be known of
# Sizes by product line, customer type or channel differ by nature: the first two are strata.
SIZE_DIMS = ("region", "rep")
SIZE_STRATA = ("product_line", "customer_type")
DISCOUNT_DIMS = ("region", "product_line", "channel", "rep")
MATCH_DIMS = ("channel", "region", "product_line", "industry", "rep")


@dataclass(frozen=True)
class Finding:
    """A member that lies apart: what it costs in 12 months [currency] with its 95 % interval, and p
    adjusted for the whole search it comes from.
    """

    dimension: str
    member: str
    n: int
    value: float  # its own mean or share
    rest: float  # that of the others in the same strata
    worth: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Search:
    """Findings of one search and the comparisons it made; 0 = there was nothing to search in."""

    found: tuple[Finding, ...] = ()
    compared: int = 0


def smaller_deals(deals: Deals, book: Book) -> Search:
    """Members whose won deals are smaller than those of the others of the same product line and
    customer type, by more than chance gives.
    """
    dims = [d for d in (*SIZE_DIMS, *deals.own) if d in deals.dimensions]
    layers = [d for d in SIZE_STRATA if d in deals.dimensions]
    rows = won_amounts(deals, [*dims, *layers], bounds(book, "trailing_12m")[0])
    if len(rows) > MOST_ROWS:
        return Search()
    return _apart(rows, rows.amount, -np.log(rows.amount), dims, _strata(rows, layers), -1.0, book)


def larger_discounts(book: Book) -> Search:
    """Members who give more discount than the others on orders of the same rung and kind, by more
    than chance gives. Empty where orders carry no list amount.
    """
    if not book.has("orders", "list_amount"):
        return Search()
    every = (*DISCOUNT_DIMS, *book.settings.book.dimensions)
    dims = [d for d in every if book.has("orders", "rep_id" if d == "rep" else d)]
    rows = discounts_by(book, dims)
    if rows.empty or len(rows) > MOST_ROWS:
        return Search()
    share = 1 - rows.amount / rows.list
    rung = rung_of(rows.list, book.settings.funnel.ladder)
    strata = pd.Series(rung, rows.index).astype(str) + " " + rows.kind.fillna("").astype(str)
    return _apart(rows, share, share, dims, strata, 1.0, book, weight=rows.list)


def _strata(rows: pd.DataFrame, layers: list[str]) -> pd.Series:
    text = pd.Series("", index=rows.index)
    for layer in layers:
        text = text + " " + rows[layer].fillna("").astype(str)
    return text


def _apart(
    rows: pd.DataFrame,
    value: pd.Series,
    score: pd.Series,
    dims: list[str],
    strata: pd.Series,
    side: float,
    book: Book,
    *,
    weight: pd.Series | None = None,
) -> Search:
    """Members whose mean score lies above that of the rest beyond chance among all dimensions.

    value: what is told of each row; score: what is tested. side: 1 where a high value costs money,
    −1 where a low one does. weight: money each row's value is a share of; by default 1.
    """
    rng, small = np.random.default_rng(SEED), book.settings.funnel.min_group
    weight = pd.Series(1.0, rows.index) if weight is None else weight
    found, compared, able = [], 0, []
    for d in dims:
        known = rows[d].notna()
        if known.mean() >= KNOWN and 1 < rows[d].nunique() <= MOST_MEMBERS:
            able.append(d)
    for d in able:
        known = rows[d].notna()
        names, _, p = means_apart(score[known], rows[d][known], rng, strata=strata[known])
        sizes = rows[d].value_counts()
        fit = np.array([small <= sizes[m] <= known.sum() - small for m in names])
        compared += int(fit.sum())
        for member, chance in zip(names[fit], p[fit], strict=True):
            if chance * len(able) > SEARCH_LEVEL:
                continue
            own = known & (rows[d] == member)
            cost = _cost(value, own, known & ~own, strata, weight, side)
            if cost is not None:
                found.append(Finding(d, str(member), *cost, float(min(1.0, chance * len(able)))))
    return Search(tuple(found), compared)


def _cost(
    value: pd.Series,
    own: pd.Series,
    others: pd.Series,
    strata: pd.Series,
    weight: pd.Series,
    side: float,
) -> tuple[int, float, float, float, float, float] | None:
    """n, own value, the others' in the same strata, what the difference costs and its interval;
    None where no stratum holds both, or the difference costs nothing.
    """
    total, of = (value * weight)[others].groupby(strata[others]), weight[others]
    means = total.sum() / of.groupby(strata[others]).sum()
    rest = strata[own].map(means)
    rows = rest[rest.notna()].index
    if not len(rows):
        return None
    gap = side * (value[rows] - rest[rows]) * weight[rows]
    worth = float(gap.sum())
    spread = float(gap.std(ddof=1)) * np.sqrt(len(rows)) if len(rows) > 1 else np.nan
    if worth <= 0:
        return None
    money = float(weight[rows].sum())
    mine = float((value[rows] * weight[rows]).sum()) / money
    expected = float((rest[rows] * weight[rows]).sum()) / money
    low, high = max(0.0, worth - 1.96 * spread), worth + 1.96 * spread
    return len(rows), mine, expected, worth, low, high


def fewer_matches(deals: Deals, book: Book) -> Search:
    """Members whose deals match a need less often than the others', by more than chance gives; the
    cost is deals that would have matched × what matching adds to the win rate × average win.
    """
    if not book.has("opportunities", "need_match"):
        return Search()
    first, small = bounds(book, "trailing_12m")[0], book.settings.funnel.min_group
    dims = [d for d in (*MATCH_DIMS, *deals.own) if d in deals.dimensions]
    parts = [match_by(deals, d, first).assign(d=d) for d in dims]
    parts = [part for part in parts if 1 < len(part) <= MOST_MEMBERS]
    wins = won_amounts(deals, [], first).amount
    if not parts or not len(wins):
        return Search()
    rows = pd.concat(parts, ignore_index=True)
    every = parts[0]
    yes = Rate(int(every.won_matched.sum()), int(every.decided_matched.sum())).value
    no = Rate(int(every.won_other.sum()), int(every.decided_other.sum())).value
    if yes is None or no is None or yes <= no or yes == 1:
        return Search()
    value = (yes - no) * float(wins.mean())
    rng = np.random.default_rng(SEED)
    p = rates_apart_of_many(rows.matched, rows.n, rows.d, rng, small=small)
    found = []
    for row, chance in zip(rows.itertuples(), p, strict=True):
        same = rows[rows.d == row.d]
        rest = (same.matched.sum() - row.matched) / max(1, same.n.sum() - row.n)
        own = Rate(int(row.matched), int(row.n))
        if not chance <= SEARCH_LEVEL or own.value is None or own.value >= rest:
            continue
        low, high = own.interval
        worth, least, most = (
            row.n * max(0.0, rest - share) * value for share in (own.value, high, low)
        )
        found.append(
            Finding(
                row.d, str(row.member), own.n, own.value, rest, worth, least, most, float(chance)
            )
        )
    return Search(tuple(found), int((~np.isnan(p)).sum()))
