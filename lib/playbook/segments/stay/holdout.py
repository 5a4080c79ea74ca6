"""The held-out check: purchases in the newest months against a model that has not seen them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures import purchases
from playbook.data.measures.order_ids import on_first_day
from playbook.methods.bgnbd import expected
from playbook.page import Col, Table, table

from .buying import YEAR, fitted

NEITHER, MODEL, LAST_PERIOD = later("neither"), later("the model"), later("“same as last period”")
MOST_REPEATS = 7  # customers with more repeat purchases are one group
MOST = later("7 or more")  # its name


class HoldoutRows(column.Frame):
    """One row per number of repeat purchases before the cut."""

    x = column.text("repeat purchases before the cut")
    customers = column.count("customers with that many")
    happened = column.number("purchase days per customer after the cut")
    model = column.number("expected by the model, per customer")
    naive = column.number("as many as in the period of equal length before the cut, per customer")


@dataclass(frozen=True)
class Holdout:
    """What happened in the last ``days`` against what a model expected that did not see them.

    start: the cut. happened, model and naive: purchase days of all customers; naive = as many as in
    the period before. model_error, naive_error: mean absolute error per customer [purchase days].
    """

    table: Annotated[pd.DataFrame, HoldoutRows]
    days: int
    start: date
    happened: float
    model: float
    naive: float
    model_error: float
    naive_error: float

    @property
    def winner(self) -> str:
        """The rule with the smaller error per customer, as the page prints errors; "neither" where
        both are the same.
        """
        if round(self.model_error, 2) == round(self.naive_error, 2):
            return NEITHER
        return MODEL if self.model_error < self.naive_error else LAST_PERIOD

    def summary_table(self, fmt: Formats) -> Table:
        """Purchases per customer, happened and expected, by repeat purchases before the cut."""
        columns = [
            Col("x", "term", label="Repeat purchases before"),
            Col("customers", "count"),
            Col("happened", "number", "Happened, each"),
            Col("model", "number", "Model, each"),
            Col("naive", "number", "Same as last period, each"),
        ]
        total = {
            "x": "All",
            "customers": self.table["customers"].sum(),
            "happened": self.happened / max(self.table["customers"].sum(), 1),
            "model": self.model / max(self.table["customers"].sum(), 1),
            "naive": self.naive / max(self.table["customers"].sum(), 1),
        }
        return table(
            self.table,
            columns,
            fmt,
            title=say("Held-out check: purchases the model had not seen"),
            total=total,
            note=(
                say(
                    "mean purchase days per customer in {days} after {start}; the fit"
                    " used only what came before; “same as last period” repeats the"
                    " {days} before",
                    days=fmt.text(self.days, "days"),
                    start=fmt.text(self.start, "date"),
                )
            ),
        )

    def verdict(self, fmt: Formats) -> str:
        """Which of the two rules came closer, in numbers."""
        deviation = (
            say(" ({model})", model=fmt.share(self.model / self.happened - 1, sign=True))
            if self.happened
            else ""
        )
        text = say(
            "In the {days} held back, {happened} purchases happened where the"
            " model expected {model}{deviation} and “same as last period”"
            " {naive}; per customer {winner} was closer (mean error"
            " {model_error} against {naive_error}).",
            days=fmt.text(self.days, "days"),
            happened=fmt.count(self.happened),
            model=fmt.count(self.model, decimals=0),
            deviation=deviation,
            naive=fmt.count(self.naive),
            winner=term(self.winner),
            model_error=fmt.text(self.model_error, "number"),
            naive_error=fmt.text(self.naive_error, "number"),
        )
        return text + (
            ""
            if self.winner == MODEL
            else (
                say(" For single customers the simple rule did as well.")
                if self.winner == NEITHER
                else say(
                    " Use the ranking with care: for single customers the simple rule did better."
                )
            )
        )


def held_back(as_of: date, first: date) -> tuple[int, date, date]:
    """Days held back of data that begin on ``first``, the day they begin after, and that of as many
    days before them.
    """
    days = min(YEAR, (as_of - first).days // 3)
    cut = as_of - timedelta(days=days)
    return days, cut, cut - timedelta(days=days)


def holdout(
    book: Book, frame: pd.DataFrame, known: Mapping[date, pd.DataFrame] | None = None
) -> Holdout | None:
    """The check for a book: the model fitted to all but the last third of the data (at most a
    year) against that third. None where too little is left to fit.

    frame: purchases per customer to the as-of date; known: the same to the days of ``held_back``,
    where they are at hand.
    """
    days, cut, start = held_back(book.as_of, frame["first"].min().date())
    known = known or purchases.histories(on_first_day(book), [cut, start])
    before = known[cut]
    try:
        fit, histories = fitted(before, cut)
    except NotAvailable:
        return None
    earlier = known[start].set_index("customer_id")["days"]
    after = (
        before["customer_id"].map(frame.set_index("customer_id")["days"]).to_numpy()
        - before["days"].to_numpy()
    )
    naive = before["days"].to_numpy() - before["customer_id"].map(earlier).fillna(0).to_numpy()
    return compared(histories.x, after, expected(fit, histories, days), naive, days, cut)


def compared(
    x: np.ndarray,
    happened: np.ndarray,
    model: np.ndarray,
    naive: np.ndarray,
    days: int,
    start: date,
) -> Holdout:
    """The check from arrays, one value per customer.

    x: repeat purchases before the cut; happened, model, naive: purchase days after it.
    """
    frame = pd.DataFrame(
        {"x": np.minimum(x, MOST_REPEATS), "happened": happened, "model": model, "naive": naive}
    )
    grouped = (
        frame.groupby("x")
        .agg(
            customers=("x", "size"),
            happened=("happened", "mean"),
            model=("model", "mean"),
            naive=("naive", "mean"),
        )
        .reset_index()
    )
    grouped = grouped.assign(x=[MOST if k == MOST_REPEATS else str(int(k)) for k in grouped["x"]])
    return Holdout(
        grouped,
        days,
        start,
        float(happened.sum()),
        float(model.sum()),
        float(naive.sum()),
        float(np.abs(model - happened).mean()),
        float(np.abs(naive - happened).mean()),
    )
