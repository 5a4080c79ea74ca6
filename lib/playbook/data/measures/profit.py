"""Gross profit: the one definition every chapter asks.

Amount less cost where a row carries its cost. Where only part of the rows do, the measured margin
of the same channel, else of the same product line, else of the book is applied to the rest, and the
share of the amount so filled is told. The assumed margin of the settings holds only where no row of
the book carries a cost; every figure on it is to be called assumed. A negative margin is a margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.memo import kept, once

from .frames import collect
from .sales import filled_rows

Basis = Literal["measured", "filled", "assumed"]


@dataclass(frozen=True)
class Margins:
    """Measured margins by channel and product line, and of the book; ``assumed`` when nothing is
    measured.
    """

    book: float
    channel: dict[str, float]
    product_line: dict[str, float]
    basis: Basis

    def note(self, filled: float, fmt: Formats) -> str:
        """What a figure on these margins must say. filled: share of its amount without own cost."""
        if self.basis == "assumed":
            return say(
                "gross profit at an assumed margin of {book} (no order carries a cost)",
                book=fmt.share(self.book),
            )
        if filled > 0:
            return say(
                "{filled} of the amount carries no cost: the measured margin of its"
                " channel, product line or the book stands in",
                filled=fmt.share(filled),
            )
        return say("gross profit by the cost of each order")


def margins(book: Book) -> Margins:
    """Margins measured on all rows with a cost known on the as-of date; worked out once."""
    return once(book, "margins", lambda: _margins(book))


def _margins(book: Book) -> Margins:
    if not book.has("orders", "cost"):
        return Margins(book.settings.funnel.margin, {}, {}, "assumed")
    rows = filled_rows(book)
    known = rows.filter(~nw.col("cost").is_null())
    sums = collect(
        known.group_by("channel", "product_line").agg(
            amount=nw.col("amount").cast(nw.Float64).sum(),
            cost=nw.col("cost").cast(nw.Float64).sum(),
        ),
        sort=["channel", "product_line"],
    )
    missing = collect(rows.select(n=nw.col("cost").is_null().cast(nw.Int64).sum()))
    filled: Basis = "filled" if int(missing["n"].iloc[0] or 0) else "measured"
    total = sums[["amount", "cost"]].sum()
    if total.amount <= 0:
        return Margins(book.settings.funnel.margin, {}, {}, "assumed")
    return Margins(
        float(1 - total.cost / total.amount),
        _by(sums, "channel"),
        _by(sums, "product_line"),
        filled,
    )


def _by(sums: pd.DataFrame, column: str) -> dict[str, float]:
    each = sums.groupby(column)[["amount", "cost"]].sum()
    each = each[each.amount > 0]
    return {str(k): float(1 - row.cost / row.amount) for k, row in each.iterrows()}


def with_profit(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Order rows with ``profit`` [currency] and ``filled`` (amount without a cost of its own).

    rows need amount, cost, channel and product_line. Won deals without orders have no cost: give
    them a null one.
    """
    found = margins(book)
    amount = nw.col("amount").cast(nw.Float64)
    margin = nw.lit(found.book)
    for column in ("product_line", "channel"):
        if known := getattr(found, column):
            rows = rows.join(_lookup(book, column, known), on=column, how="left")
            margin = nw.coalesce(nw.col(f"margin_{column}"), margin)
    none = nw.col("cost").is_null()
    return rows.with_columns(
        profit=nw.when(none)
        .then(amount * margin)
        .otherwise(amount - nw.col("cost").cast(nw.Float64)),
        filled=nw.when(none).then(amount).otherwise(nw.lit(0.0)),
    )


def _lookup(book: Book, column: str, known: dict[str, float]) -> nw.LazyFrame:
    """A small table of margins beside the book's rows: the column, and ``margin_<column>``."""
    frame = pd.DataFrame({column: list(known), f"margin_{column}": list(known.values())})
    return kept(book, f"margin_{column}", lambda: book.read.engine.small(frame))


def profit_by(rows: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Sums of rows made by ``with_profit``: *by, amount, profit, filled (share of the amount)."""
    sums = {
        "amount": nw.col("amount").cast(nw.Float64).sum(),
        "profit": nw.col("profit").sum(),
        "filled": nw.col("filled").sum(),
    }
    frame = (
        collect(rows.group_by(*by).agg(**sums), sort=list(by))
        if by
        else collect(rows.select(**sums))
    )
    share = frame["filled"] / frame["amount"].where(frame["amount"] != 0)
    return frame.assign(filled=share.fillna(0.0).clip(0.0, 1.0))
