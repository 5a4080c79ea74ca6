"""Discount against win rate: how often deals were won by the discount they were offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import numpy as np
import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.facts import degenerate
from playbook.data.measures.reasons import discount_counts
from playbook.funnel.windows import inside
from playbook.methods.comparisons import holm, rates_apart
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table

GIVES = later("how often deals are won by the discount they were offered")
APART = 0.05  # a discount must be known about as often of lost deals as of won ones
LEVEL = 0.05
ABOVE, BELOW, SAME, FEW = later(
    ("above the others", "below the others", "as the others", "too few deals")
)


class DiscountWins(Frame):
    """One row per band of discount, deals decided in the last 12 months that carry one."""

    low = col.share(later("discounts from this …"))
    high = col.share(later("… to below this"))
    decided = col.count(later("deals won or lost"))
    won = col.count(later("of these, won"))
    rate = col.share(later("won ÷ decided"), low="rate_low", high="rate_high")
    rate_low = col.share(later("lower end of the Wilson 95 % interval"))
    rate_high = col.share(later("upper end of the Wilson 95 % interval"))
    amount = col.money(later("average amount of the won ones that carry one"))
    p = col.number(later("p against all other bands, adjusted for the number of bands (Holm)"))
    reading = col.text(later("above, below or as the other bands, or too few deals"))


@dataclass(frozen=True)
class DiscountAgainstWins(page.Result):
    """Win rate by band of discount.

    known: (with a discount on record, all) of the won and of the lost deals. small: fewest deals of
    a band that is compared.
    """

    table: Annotated[pd.DataFrame, DiscountWins]
    known: tuple[tuple[int, int], tuple[int, int]]
    small: int
    as_of: date
    currency: str
    fmt: Formats
    section = "discount-wins"

    def tables(self) -> list[Table]:
        fmt = self.fmt
        shown = self.table.assign(
            band=[
                say("none")
                if r.high == 0
                else say(
                    "{low} to below {high}",
                    low=fmt.share(r.low, decimals=0),
                    high=fmt.share(r.high, decimals=0),
                )
                for r in self.table.itertuples()
            ]
        )
        columns = [
            Col("band", "text", "Discount", align="r"),
            Col("decided", "count"),
            Col("won", "count"),
            Col("rate", "share", "Won ÷ decided", low="rate_low", high="rate_high"),
            Col("amount", "money", "Average win"),
            Col("reading", "term", "Reading"),
        ]
        return [
            table(
                shown,
                columns,
                fmt,
                title=say("Win rate by the discount offered"),
                note=(
                    say(
                        "Deals decided in the last 12 months with a discount on record;"
                        " Wilson 95 %; as of {as_of}",
                        as_of=fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        fmt = self.fmt
        apart = self.table[self.table.reading.isin([ABOVE, BELOW])]
        n = int(self.table.decided.sum())
        if apart.empty:
            return say(
                "Among {n} decided deals no band of discount is won more or less"
                " often than the others by more than chance.",
                n=fmt.count(n),
            )
        said = [
            say(
                "{band} {won} ({reading})",
                band=self._band(r),
                won=fmt.rate(r.won, r.decided),
                reading=term(r.reading),
            )
            for r in apart.itertuples()
        ]
        return say("Won of decided by the discount offered: {said}.", said=joined(said, "; "))

    def _band(self, row: Any) -> str:
        if row.high == 0:
            return say("without a discount")
        low, high = (self.fmt.share(v, decimals=0) for v in (row.low, row.high))
        return say("at {low} to below {high}", low=low, high=high)

    def notes(self) -> list[str]:
        won, lost = (self.fmt.rate(*pair) for pair in self.known)
        return [
            say(
                "This says what went together, not what a discount does: it is"
                " offered to deals that look near a close, and to those that look"
                " lost. A discount is on record for {won} of the won and {lost} of"
                " the lost deals.",
                won=won,
                lost=lost,
            )
        ]


@page.section("discount-wins")
def discount_wins(book: Book) -> DiscountAgainstWins:
    """Win rate by the bands of ``funnel.discount_bands``.

    Needs opportunities.discount of won and of lost deals, about as often of both.
    """
    book.need("opportunities", "discount", gives=GIVES)
    return discount_wins_of(deals_of(book), book)


def discount_wins_of(deals: Deals, book: Book) -> DiscountAgainstWins:
    """The same from deals made ready before."""
    if reason := degenerate(book).no_losses:
        raise NotAvailable({}, GIVES, reason)
    edges = book.settings.funnel.discount_bands
    counts = discount_counts(deals, edges)
    counts = counts[inside(counts.month, book, "trailing_12m")]
    known = tuple(
        (int(part.n[part.band.notna()].sum()), int(part.n.sum()))
        for part in (counts[counts.outcome == "won"], counts[counts.outcome == "lost"])
    )
    shares = [k / n if n else 0.0 for k, n in known]
    if abs(shares[0] - shares[1]) > APART:
        fmt = book.fmt
        raise NotAvailable(
            {},
            GIVES,
            say(
                "a discount is on record for {value} of the won and {value_2} of the"
                " lost deals of the last 12 months: give opportunities.discount of"
                " lost deals too, what they were offered when they were lost",
                value=fmt.rate(*known[0]),
                value_2=fmt.rate(*known[1]),
            ),
        )
    if not any(k for k, _ in known):
        raise NotAvailable(
            {}, GIVES, say("no deal decided in the last 12 months carries a discount")
        )
    return DiscountAgainstWins(
        _bands(counts, edges, book.settings.funnel.min_group),
        known,  # type: ignore[arg-type]
        book.settings.funnel.min_group,
        book.as_of,
        book.currency,
        book.fmt,
    )


def _bands(counts: pd.DataFrame, edges: list[float], small: int) -> pd.DataFrame:
    """The bands with a deal: 0 holds deals without a discount, i those from edge i − 1 on."""
    lows, highs = [0.0, 0.0, *edges], [0.0, *edges, 1.0]
    rows = []
    for band, part in counts.dropna(subset=["band"]).groupby("band"):
        i, won = int(band), part[part.outcome == "won"]
        k, n = int(won.n.sum()), int(part.n.sum())
        low, high = wilson(k, n)
        priced = int(won.priced.sum())
        rows.append(
            {
                "low": lows[i],
                "high": highs[i],
                "decided": n,
                "won": k,
                "rate": k / n,
                "rate_low": low,
                "rate_high": high,
                "amount": float(won.amount.sum()) / priced if priced else None,
            }
        )
    found = pd.DataFrame(rows)
    able = found.decided >= small
    p = holm(pd.Series(rates_apart(found.won, found.decided)).where(able).to_numpy(float))
    others = (found.won.sum() - found.won) / (found.decided.sum() - found.decided)
    side = np.where(found.rate > others, ABOVE, BELOW)
    reading = [
        FEW if not ok else s if q <= LEVEL else SAME for ok, q, s in zip(able, p, side, strict=True)
    ]
    return DiscountWins.make(dict(found.assign(p=p, reading=reading).items()))
