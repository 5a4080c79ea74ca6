"""How far the revenue of the next 12 months may lie from what is expected."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book
from playbook.methods.bgnbd import Fit, Histories
from playbook.methods.bgnbd_draws import drawn_purchases, drawn_totals
from playbook.methods.order_sizes import Sizes

from .buying import YEAR
from .contract_value import contract_error, contract_ranges, contract_spread
from .holdout import Holdout

Z = 1.959963984540054  # of a two-sided 95 % interval
EACH = 2000  # draws of a single customer
MOST_DRAWS, PER_DRAW = 400, 4_000_000  # draws, and customers times draws


@dataclass(frozen=True)
class Spread:
    """The 95 % interval of the revenue expected in 12 months, and what makes it [currency].

    buying: standard deviation of how often customers happen to buy and for how much; renewing: of
    which contracts happen to be renewed; model: as much as the model was off in the held-out
    months, and the valuation of contracts a year ago; 0 without a check.
    """

    low: float
    high: float
    buying: float
    renewing: float
    model: float

    def text(self) -> str:
        """What the interval holds, in words."""
        checked = (
            say(", and as much as the same reckoning was off in months it had not seen")
            if self.model
            else say("; nothing could be checked on months not seen, so it may be too narrow")
        )
        if not self.renewing:
            return say(
                " The interval holds how often customers happen to buy and for how much{checked}.",
                checked=checked,
            )
        return say(
            " The interval holds how often customers happen to buy and for how much, and which"
            " contracts happen to be renewed{checked}.",
            checked=checked,
        )


def customer_ranges(
    book: Book, rows: pd.DataFrame, fit: Fit, of: Histories, value: np.ndarray, sizes: Sizes
) -> pd.DataFrame:
    """low and high of the revenue of single customers, 95 %, in the order of ``rows``: by the model
    how often each happens to buy and for how much; under contract what is agreed, without and with
    the renewals that may come.

    rows: a frame of ``CustomerForecasts``; of, value, sizes: their histories, expected values and
    how far a purchase strays from them.
    """
    rng = np.random.default_rng(1)
    bought = drawn_purchases(fit, of, YEAR, draws=EACH)
    drawn = [sizes.drawn(rng, n) * buys for n, buys in bought]
    ends = np.quantile(np.array(drawn).reshape(EACH, len(rows)), [0.025, 0.975], axis=0) * value
    found = pd.DataFrame({"low": ends[0], "high": ends[1]}, index=rows.index)
    bound = contract_ranges(book, rows)
    return found.where(rows["how"] == "model", bound, axis=0)


def spread_of(
    book: Book,
    rows: pd.DataFrame,
    fit: Fit,
    histories: Histories,
    value: np.ndarray,
    held: Holdout | None,
    sizes: Sizes | None = None,
) -> Spread:
    """The interval around the sum of ``rows["revenue"]``.

    rows: a frame of ``CustomerForecasts`` in the order of ``histories``; value: expected value of
    a purchase of each customer, what is refunded taken off [currency]; sizes: how far purchases
    stray from it.
    """
    free = (rows["how"] == "model").to_numpy()
    total, modelled = float(rows["revenue"].sum()), float(rows.loc[free, "revenue"].sum())
    buying = 0.0
    if free.any():
        of = Histories(*(np.asarray(v)[free] for v in (histories.x, histories.t, histories.T)))
        draws = int(min(MOST_DRAWS, max(50, PER_DRAW // int(free.sum()))))
        mine = sizes.of(free) if sizes else None
        buying = float(drawn_totals(fit, of, YEAR, value[free], draws=draws, sizes=mine).std())
    off = abs(math.log(held.happened / held.model)) if held and held.happened and held.model else 0
    bound = float(rows.loc[rows["how"] == "contract", "revenue"].sum())
    model = math.hypot(off * modelled, contract_error(book) * bound if bound else 0.0)
    renewing = contract_spread(book, rows)
    half = Z * math.sqrt(buying**2 + renewing**2 + model**2)
    return Spread(max(total - half, 0.0), total + half, buying, renewing, model)
