"""Which sale a refund takes back, and how much of it: no more than the sale, newest line first.

A refund is matched with the newest earlier line of the same order and product, else of the same
order, else of the same deal. What is left over goes to the next line by the same rule; what no sale
is left for is *beyond* the sale: it takes back nothing, and a line says so.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

KEYS = (["order_id", "product_line"], ["order_id"], ["opportunity_id"])
BY = [*KEYS[0], *KEYS[2]]


def refunded_row(rows: pd.DataFrame) -> np.ndarray:
    """Row number of the sale each refund takes back first, −1 where none is known."""
    origin = np.full(len(rows), -1, dtype=np.int64)
    refund = np.flatnonzero(rows["amount"].to_numpy() < 0)
    if not len(refund):
        return origin
    wanted = ["date", *BY]
    refunds, amount = rows[wanted].iloc[refund].assign(row=refund), rows["amount"].to_numpy()
    near = {  # the few sales that share an order or a deal with a refund
        name: np.flatnonzero(_shares(rows[name], refunds[name]) & (amount > 0))
        for name in ("order_id", "opportunity_id")
    }
    for keys in KEYS:
        open_ = refunds[origin[refunds["row"].to_numpy()] < 0].dropna(subset=keys)
        at = near[keys[0]]
        if not len(open_) or not len(at):
            continue
        sales = rows[wanted].iloc[at].assign(row=at)
        pairs = open_[["row", "date", *keys]].merge(
            sales.dropna(subset=keys)[["row", "date", *keys]], on=keys, suffixes=("", "_sale")
        )
        pairs = (
            pairs[pairs["date_sale"] <= pairs["date"]]
            .sort_values(["row", "date_sale", "row_sale"])
            .drop_duplicates("row", keep="last")
        )
        origin[pairs["row"].to_numpy()] = pairs["row_sale"].to_numpy()
    return origin


def _shares(values: pd.Series, with_: pd.Series) -> np.ndarray:
    """Which values are one of the others; an unknown one is none."""
    known = with_.dropna().unique()
    return values.isin(known).to_numpy() if len(known) else np.zeros(len(values), dtype=bool)


def matched(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per line, and per sale a refund takes back: ``line`` (row number),
    ``amount``, ``origin`` (row a refund takes back, −1 none), ``left`` (what of that sale stands
    before the refund) and ``beyond`` (what a refund asks for beyond its sale) [ticks].

    A refund of several lines becomes one row per line; one with something beyond keeps a row of
    amount 0 that says so. Rows keep their order.
    """
    origin, amount = refunded_row(rows), rows["amount"].to_numpy()
    none = np.zeros(len(rows), dtype=np.int64)
    made = pd.DataFrame(
        {
            "line": np.arange(len(rows), dtype=np.int32),
            "amount": amount,
            "origin": origin,
            "beyond": none,
            "left": none,
        },
        copy=False,  # the numbers of millions of rows need not be held twice
    )
    linked = np.flatnonzero(origin >= 0)
    if not len(linked):
        return made
    back = np.bincount(origin[linked], weights=-amount[linked], minlength=len(rows))
    short = np.flatnonzero(
        (back > 0) & (back > amount + 0.5)
    )  # floats below 2^53 ticks; larger sums are checked
    if amount[linked].min() <= -(2**50):
        short = np.unique(origin[linked])
    if len(short):
        made = _spread(rows, origin, linked[np.isin(origin[linked], short)])
    return made.assign(left=_left(made))


def _left(rows: pd.DataFrame) -> np.ndarray:
    """What of its sale stands before each matched refund [ticks]."""
    origin, amount = rows["origin"].to_numpy(), rows["amount"].to_numpy()
    left = np.zeros(len(rows), dtype=np.int64)
    linked = np.flatnonzero(origin >= 0)
    taken = pd.Series(-amount[linked]).groupby(origin[linked]).cumsum().to_numpy()
    left[linked] = amount[origin[linked]] - (taken + amount[linked])
    return left


def _spread(rows: pd.DataFrame, origin: np.ndarray, short: np.ndarray) -> pd.DataFrame:
    """The rows of ``matched`` with the refunds in ``short``, and all that may share a sale with
    them, parted over the lines of their orders and deals.
    """
    family = _family(rows, short)
    cells = rows[[*BY, "date", "amount"]].iloc[family].to_dict("records")
    left = {int(at): cell["amount"] for at, cell in zip(family, cells, strict=True)}
    newest = _newest_first(family, cells)
    pieces: list[tuple[int, int, int, int]] = []  # row, origin, amount, beyond
    for at, cell in zip(family, cells, strict=True):
        if cell["amount"] >= 0 or origin[at] < 0:
            continue
        asked, last = -cell["amount"], int(origin[at])
        for target in _candidates(cell, newest):
            taken = min(asked, left[target])
            if taken > 0:
                pieces.append((int(at), target, -taken, 0))
                left[target] -= taken
                asked -= taken
        if asked:
            pieces.append((int(at), last, 0, asked))
    made = np.array(pieces, dtype=np.int64).reshape(-1, 4)
    apart = np.zeros(len(rows), dtype=bool)
    apart[made[:, 0]] = True
    other = np.flatnonzero(~apart)
    source = np.r_[other, made[:, 0]]
    order = np.argsort(source, kind="stable")
    place = np.zeros(len(rows), dtype=np.int64)
    place[other] = np.flatnonzero(~apart[source[order]])
    taken_back = np.r_[origin[other], made[:, 1]][order]
    return pd.DataFrame(
        {
            "line": source[order],
            "amount": np.r_[rows["amount"].to_numpy()[other], made[:, 2]][order],
            "origin": np.where(taken_back >= 0, place[np.maximum(taken_back, 0)], -1),
            "beyond": np.r_[np.zeros(len(other), dtype=np.int64), made[:, 3]][order],
        }
    )


def _family(rows: pd.DataFrame, short: np.ndarray) -> np.ndarray:
    """Rows that share an order or a deal with those in ``short``, directly or through others."""
    order, deal = rows["order_id"], rows["opportunity_id"]
    mine = np.zeros(len(rows), dtype=bool)
    mine[short] = True
    while True:
        more = (
            mine
            | order.isin(order[mine].dropna()).to_numpy()
            | deal.isin(deal[mine].dropna()).to_numpy()
        )
        if (more == mine).all():
            return np.flatnonzero(mine)
        mine = more


def _newest_first(family: np.ndarray, cells: list[dict]) -> dict[tuple, list[tuple]]:
    """(key, its values) → (day, row) of the sales that share them, the newest first."""
    found: dict[tuple, list[tuple]] = {}
    for at, cell in zip(family, cells, strict=True):
        if cell["amount"] > 0:
            for keys in KEYS:
                found.setdefault(_key(keys, cell), []).append((cell["date"], int(at)))
    return {key: sorted(sales, reverse=True) for key, sales in found.items()}


def _key(keys: list[str], cell: dict) -> tuple:
    return (*keys, *(cell[key] for key in keys))


def _candidates(refund: dict, newest: dict[tuple, list[tuple]]) -> list[int]:
    """Sales the refund may take back: by the rule of ``KEYS``, the newest first."""
    found: dict[int, None] = {}
    for keys in KEYS:
        if all(isinstance(refund[key], str) for key in keys):
            for day, at in newest.get(_key(keys, refund), ()):
                if day <= refund["date"]:
                    found.setdefault(at)
    return list(found)
