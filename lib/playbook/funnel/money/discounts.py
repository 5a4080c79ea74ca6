"""Orders against the price ladder: what was given, what was allowed, what leaked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.base.settings import PriceLadder
from playbook.data.book import Book
from playbook.data.measures.names import customer_names, member_names
from playbook.funnel.stand_ins import NOBODY
from playbook.methods.comparisons import means_apart
from playbook.methods.intervals import Rate

CENT = 0.005  # a discount rounded to the cent is not beyond the ladder
SEED = 20230930
LAST_DAYS = 7  # days before a quarter's end compared with the rest


class LeakByRung(Frame):
    """One row per rung of the price ladder, orders of the last 12 months."""

    lower = col.money(later("list amount from which the rung holds"))
    allowed = col.share(later("discount allowed on it"))
    deals = col.count("orders")
    given = col.share(later("discount given, weighted by list amount"))
    beyond = col.count(later("orders beyond the ladder"))
    rate = col.share(later("beyond ÷ deals"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    leak = col.money(later("list amount × (given − allowed), where it is above"))


class LargestLeaks(Frame):
    """The orders that leaked most, at most 50."""

    order_id = col.text(later("the order (the deal where orders carry no list amount)"))
    customer_id = col.text(later("the customer"))
    rep_id = col.text(later("the rep"))
    kind = col.text(later("kind of order"))
    date = col.day(later("day of the order"))
    list = col.money(later("list amount"))
    amount = col.money(later("amount charged"))
    day = col.day(later("day of the order"))
    discount = col.share(later("discount given"))
    allowed = col.share(later("discount allowed"))
    rung = col.number(later("the rung of the ladder, counted from 0"))
    leak = col.money(later("list × (discount − allowed)"))
    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("the rep as a page names it"))


class LeaksByRep(Frame):
    """One row per rep with a leak, the largest first."""

    rep_id = col.text(later("the rep"))
    deals = col.count("orders")
    beyond = col.count(later("of these, beyond the ladder"))
    leak = col.money(later("what leaked"))
    label = col.text(later("the rep as a page names it"))
    p = col.share(
        later("chance that some rep lies as far above the others where all discount alike")
    )


class LeakByWindow(Frame):
    """One row per window."""

    window = col.text("month or trailing_12m")
    leak = col.money(later("what leaked"))
    beyond = col.count(later("orders beyond the ladder"))
    deals = col.count("orders")


class QuarterEnd(Frame):
    """Two rows: the last days of a quarter, and all others."""

    when = col.text(later("which days"))
    deals = col.count("orders")
    given = col.share(later("discount given, weighted by list amount"))
    beyond = col.share(later("share of orders beyond the ladder"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))


def allowed(amounts: ArrayLike, renewal: ArrayLike, ladder: PriceLadder) -> np.ndarray:
    """Largest discount of each deal [share]: its rung's, joined with the renewal's as the ladder
    says, never above the floor.

    amounts: list amounts [currency], each on the rung whose lower edge it reaches. renewal: bools.
    """
    rungs = np.array([rung.allowed for rung in ladder.rungs])
    own = rungs[rung_of(amounts, ladder)]
    extra = np.where(np.asarray(renewal, dtype=bool), ladder.renewal, 0.0)
    joined = {
        "largest": np.maximum(own, extra),
        "add": own + extra,
        "multiply": 1 - (1 - own) * (1 - extra),
    }[ladder.stacking]
    return np.minimum(joined, ladder.floor)


def rung_of(amounts: ArrayLike, ladder: PriceLadder) -> np.ndarray:
    """The rung of each list amount [currency], counted from 0."""
    edges = [rung.lower for rung in ladder.rungs]
    return np.searchsorted(edges, np.asarray(amounts, dtype=float), side="right") - 1


def orders_of(rows: pd.DataFrame, *by: str) -> pd.DataFrame:
    """One row per order (and member of ``by``) of rows that may hold an order in several parts (its
    days, its reps): sums of them, from the first day on, with the names of the largest part.
    """
    keys = ["order", *by]
    if not rows.duplicated(keys).any():
        return rows
    named = rows.sort_values("list", ascending=False, kind="stable").drop_duplicates(keys)
    sums = dict(list="sum", amount="sum", date="min", day="min", leak="sum")
    grouped = rows.groupby(keys, dropna=False, sort=False)
    found = grouped.agg({name: how for name, how in sums.items() if name in rows}).reset_index()
    found = named[[*keys, *(c for c in rows if c not in found)]].merge(found, on=keys)
    if "discount" in rows:
        found = found.assign(discount=1 - found.amount / found.list)
    return found.sort_values(["order_id", "date"], kind="stable", ignore_index=True)[[*rows]]


def check_orders(rows: pd.DataFrame, ladder: PriceLadder) -> pd.DataFrame:
    """Adds day, discount, allowed, rung and leak. An order in several parts is held against the
    ladder as a whole; its leak belongs to its parts in proportion to the discount given on each.
    """
    orders = _checked(orders_of(rows), ladder)
    if len(orders) == len(rows):
        return orders
    whole = orders.set_index("order").loc[rows.order]
    off = (rows.list - rows.amount).clip(lower=0)
    part = (off / off.groupby(rows.order).transform("sum")).fillna(0.0)
    return rows.assign(
        day=pd.to_datetime(rows.date),
        discount=1 - rows.amount / rows.list,
        allowed=whole.allowed.to_numpy(),
        rung=whole.rung.to_numpy(),
        leak=whole.leak.to_numpy() * part,
    )


def _checked(rows: pd.DataFrame, ladder: PriceLadder) -> pd.DataFrame:
    renewal = (rows.kind == "renewal").fillna(False).to_numpy(bool)
    may = allowed(rows.list, renewal, ladder)
    discount = 1 - rows.amount / rows.list
    leak = (
        (rows.list * (discount - may))
        .round(2)
        .where(
            discount * rows.list - may * rows.list > np.maximum(2 * CENT, CENT * rows.list * 0.1),
            0.0,
        )
    )
    return rows.assign(
        day=pd.to_datetime(rows.date),
        discount=discount,
        allowed=may,
        rung=rung_of(rows.list, ladder),
        leak=leak,
    )


def by_rung(rows: pd.DataFrame, ladder: PriceLadder) -> pd.DataFrame:
    found = []
    for i, rung in enumerate(ladder.rungs):
        part = rows[rows.rung == i]
        rate = Rate(int((part.leak > 0).sum()), len(part))
        given = float((part.list * part.discount).sum() / part.list.sum()) if len(part) else None
        found.append(
            {
                "lower": rung.lower,
                "allowed": rung.allowed,
                "deals": len(part),
                "given": given,
                "beyond": rate.numerator,
                "rate": rate.value,
                "low": rate.interval[0],
                "high": rate.interval[1],
                "leak": part.leak.sum(),
            }
        )
    return LeakByRung.make(found)


def largest_leaks(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    found = (
        rows[rows.leak > 0]
        .drop(columns=["order", "product_line"], errors="ignore")  # deals come with their line
        .sort_values(["leak", "order_id"], ascending=[False, True], kind="stable")
        .head(50)
    )
    names, companies = (
        member_names(book).get("rep", {}),
        customer_names(book, set(found.customer_id.dropna())),
    )
    return found.assign(
        customer=[companies.get(c, c) for c in found.customer_id],
        owner=[names.get(r, r) if isinstance(r, str) else NOBODY for r in found.rep_id],
    ).reset_index(drop=True)


def leaks_by_rep(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Leaks by rep; p compares the discount beyond the ladder, within the same rung and kind of
    order, among all reps. rows: checked orders, in parts.
    """
    names, rows = member_names(book).get("rep", {}), orders_of(rows[rows.rep_id.notna()], "rep_id")
    if rows.empty:
        return LeaksByRep.make([])
    beyond = (rows.discount - rows.allowed).where(rows.leak > 0, 0.0).clip(lower=0.0)
    strata = rows.rung.astype(str) + " " + rows.kind.fillna("").astype(str)
    found, _, p = means_apart(beyond, rows.rep_id, np.random.default_rng(SEED), strata=strata)
    chance = dict(zip(found, p, strict=True))
    sums = (
        rows.assign(beyond=rows.leak > 0)
        .groupby("rep_id")
        .agg(deals=("leak", "size"), beyond=("beyond", "sum"), leak=("leak", "sum"))
        .reset_index()
    )
    sums = sums.assign(
        label=[names.get(r, r) for r in sums.rep_id],
        p=[chance.get(r, np.nan) for r in sums.rep_id],
    )
    return (
        sums[sums.leak > 0]
        .sort_values(["leak", "label"], ascending=[False, True], kind="stable")
        .reset_index(drop=True)
    )


def quarter_end(rows: pd.DataFrame) -> pd.DataFrame:
    """The last days of calendar quarters against all other days."""
    ends = [Month(d.year, (d.month + 2) // 3 * 3).end for d in rows.day]
    late = np.array(
        [(end - d.date()).days < LAST_DAYS for end, d in zip(ends, rows.day, strict=True)],
        dtype=bool,
    )
    found = []
    for word, part in (
        (say("last {last_days} days of a quarter", last_days=LAST_DAYS), rows[late]),
        (say("other days"), rows[~late]),
    ):
        rate = Rate(int((part.leak > 0).sum()), len(part))
        found.append(
            {
                "when": word,
                "deals": len(part),
                "given": (
                    float((part.list * part.discount).sum() / part.list.sum())
                    if len(part)
                    else None
                ),
                "beyond": rate.value,
                "low": rate.interval[0],
                "high": rate.interval[1],
            }
        )
    return QuarterEnd.make(found)
