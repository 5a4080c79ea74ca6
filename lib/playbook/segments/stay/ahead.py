"""Value ahead: who still buys, how much in the next 12 months, checked against purchases the model
had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures import customers as measures
from playbook.methods.bgnbd import (
    Fit,
    Histories,
    alive,
    expected,
    expected_spend,
    fit_bgnbd,
    fit_spend,
)
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.ahead import holdout_lines
from playbook.segments.population import population

from .renewals import renewal_chance

GIVES = "which customers still buy and what they will bring in the next 12 months"
YEAR = 365
RETURNED = "all returned"  # customers whose refunds took everything: nothing is expected of them
FEWEST, FEWEST_REPEAT = 50, 30  # customers, and repeat buyers, below which no model is fitted
MEANING = {
    "r": "shape of buying rates",
    "alpha": "scale of buying rates [weeks]",
    "a": "dropping out, first shape",
    "b": "dropping out, second shape",
    "p": "shape of a customer's spend",
    "q": "shape of spend across customers",
    "gamma": "scale of spend [currency]",
}


@dataclass(frozen=True)
class Ahead(Result):
    """``table``: one row per customer, most valuable first: name, owner, alive [share], purchases
    and revenue expected in 12 months
    [currency], how (model or contract). ``holdout``: expected against happened, by repeat purchases
    before.
    """

    section: ClassVar[str] = "value-ahead"
    table: pd.DataFrame
    buying: Fit
    spend: Fit | None
    holdout: Holdout | None
    refunded: float
    left_out: int
    top: int
    as_of: date
    fmt: Formats
    currency: str

    def figure(self) -> Figure | None:
        held = self.holdout
        if held is None or len(held.table) <= 2:  # two points make no line; the table has them
            return None
        return holdout_lines(held.table, held.days, held.start, self.as_of, self.fmt)

    @property
    def note(self) -> str:
        return (
            "purchase days, in weeks since each customer's first · all data · n ="
            f" {self.fmt.count(self.buying.n)} customers · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        rows = [
            {"name": n, "meaning": MEANING[n], "value": v, "error": None if fit.at_limit else e}
            for fit in (self.buying, self.spend)
            if fit
            for n, v, e in zip(fit.names, fit.values, fit.errors, strict=True)
        ]
        parameters = [
            Col("name", label="Parameter"),
            Col("meaning", label="Meaning", weight=2),
            Col("value", "number", "Estimate", decimals=3),
            Col("error", "number", "Standard error", decimals=3),
        ]
        customers = [
            Col("name", weight=2),
            Col("owner", weight=1.5),
            Col("alive", "share", "Still buying"),
            Col("purchases", "number", "Purchases expected"),
            Col("revenue", "money", "Revenue expected"),
            Col("how", label="From"),
        ]
        tables = [
            table(
                self.table,
                customers,
                self.fmt,
                title="Most valuable in the next 12 months",
                note=f"expected values · {self.note}",
                limit=self.top,
            ),
            table(
                pd.DataFrame(rows),
                parameters,
                self.fmt,
                title="The fitted model",
                note=(
                    "maximum likelihood, log-likelihood"
                    f" {self.fmt.text(self.buying.log_likelihood, 'number', decimals=1)} ·"
                    f" {self.note}"
                ),
            ),
        ]
        return [*tables, *([self.holdout.as_table(self.fmt)] if self.holdout else [])]

    def reading(self) -> str:
        total, first = self.table["revenue"].sum(), self.table.head(self.top)
        alive = (
            ""
            if self.buying.at_limit
            else (
                f" About {self.fmt.count(self.table['alive'].sum(), decimals=0)} of"
                f" {self.fmt.count(len(self.table))} still buy."
            )
        )
        text = (
            f"The customers known today are expected to bring {self.fmt.money(total, compact=True)}"
            " in the next 12 months; the first "
            f"{self.fmt.count(len(first))} of them"
            f" {self.fmt.share(first['revenue'].sum() / total) if total > 0 else self.fmt.share(None)}.{alive}"
        )
        if self.holdout:
            text += " " + self.holdout.verdict(self.fmt)
        return text + (
            " The data do not tell dropping out or different rhythms apart, so the model falls back"
            " to steady buyers: rank by it, do not read single probabilities."
            if self.buying.at_limit
            else ""
        )

    def headline(self) -> str:
        check = f"; held-out months: {self.holdout.winner} closer" if self.holdout else ""
        return (
            f"Next 12 months from {plural(len(self.table), 'known customer')}:"
            f" {self.fmt.money(self.table['revenue'].sum(), compact=True)}{check}."
        )

    def kpis(self) -> Sequence[Kpi]:
        found = [
            Kpi(
                "clv.parameter",
                "all",
                v,
                "ratio",
                {"parameter": n},
                *self._ends(fit, v, e),
                n=fit.n,
                method="maximum likelihood, ± 1.96 standard errors",
            )
            for fit in (self.buying, self.spend)
            if fit
            for n, v, e in zip(fit.names, fit.values, fit.errors, strict=True)
        ]
        return [
            *found,
            Kpi(
                "clv.parameter",
                "all",
                self.buying.log_likelihood,
                "ratio",
                {"parameter": "log_likelihood"},
                n=self.buying.n,
                method="BG/NBD",
            ),
            Kpi(
                "clv.customers_alive",
                "all",
                float(self.table["alive"].sum()),
                "count",
                n=len(self.table),
            ),
            Kpi(
                "clv.next_12m",
                "all",
                float(self.table["revenue"].sum()),
                self.currency,
                n=len(self.table),
            ),
        ]

    @staticmethod
    def _ends(fit: Fit, value: float, error: float | None) -> tuple[float | None, float | None]:
        return (
            (None, None)
            if error is None or fit.at_limit
            else (value - 1.96 * error, value + 1.96 * error)
        )

    def notes(self) -> Sequence[str]:
        spend = (
            "Spend per purchase follows Gamma-Gamma on repeat purchases with a positive value"
            if self.spend
            else (
                "Spend per purchase is the customer's own mean, pulled to the mean of all, because"
                " the spend model does not fit here"
            )
        )
        contract = (
            " Customers under contract are valued by it: what is agreed, and after its end times"
            " the renewal rate of contracts renewed as often (for sure where the renewal is"
            " signed); those whose contract lapsed by its yearly value times the share of such"
            " customers that came back."
            if (self.table["how"] == "contract").any()
            else ""
        )
        returned = int((self.table["how"] == RETURNED).sum())
        back = (
            f" {plural(returned, 'customer')} with a net amount of zero or less over all data"
            f" {'is' if returned == 1 else 'are'} expected to bring nothing, never less."
            if returned
            else ""
        )
        left = (
            f" {plural(self.left_out, 'customer')} without a purchase of their own are left out."
            if self.left_out
            else ""
        )
        return (
            (
                "BG/NBD: each customer buys at its own steady rate until it silently stops; all"
                f" orders of one day are one purchase. {spend}; expected revenue is lowered by the"
                f" share refunded so far ({self.fmt.share(self.refunded)}). The model takes the"
                " first purchase in the data for the first ever. It says nothing about customers"
                f" still to be won.{contract}{back}{left}"
            ),
        )


@dataclass(frozen=True)
class Holdout:
    """The last ``days`` hidden from the fit. ``table``: per repeat count before: customers,
    happened, model, naive [purchase days each].
    """

    table: pd.DataFrame
    days: int
    start: date
    happened: float
    model: float
    naive: float
    model_error: float  # mean absolute error per customer [purchase days]
    naive_error: float

    @property
    def winner(self) -> str:
        return "the model" if self.model_error < self.naive_error else "“same as last period”"

    def as_table(self, fmt: Formats) -> Table:
        columns = [
            Col("x", label="Repeat purchases before"),
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
            title="Held-out check: purchases the model had not seen",
            total=total,
            note=(
                f"mean purchase days per customer in {fmt.text(self.days, 'days')} after"
                f" {fmt.text(self.start, 'date')}; the fit used only what came before; “same as"
                f" last period” repeats the {fmt.text(self.days, 'days')} before"
            ),
        )

    def verdict(self, fmt: Formats) -> str:
        off = self.model / self.happened - 1 if self.happened else None
        text = (
            f"In the {fmt.text(self.days, 'days')} held back, {fmt.count(self.happened)} purchases"
            " happened where the model expected"
            f" {fmt.count(self.model, decimals=0)}{f' ({fmt.share(off, sign=True)})' if off is not None else ''}"
            f" and “same as last period” {fmt.count(self.naive)}; per customer {self.winner} was"
            f" closer (mean error {fmt.text(self.model_error, 'number')} against"
            f" {fmt.text(self.naive_error, 'number')})."
        )
        return text + (
            ""
            if self.winner == "the model"
            else " Use the ranking with care: for single customers the simple rule did better."
        )


@section("value-ahead")
def ahead(book: Book, top: int = 15) -> Ahead:
    """Value of the next 12 months per customer. Needs orders by customer; at least 50 customers, 30
    of them repeat buyers.
    """
    book.need("orders", "customer_id", "date", "amount", gives=GIVES)
    frame = measures.purchases(book.table("orders"), book.as_of)
    fit, histories = fitted(frame, book.as_of)
    spend, value = spend_of(frame)
    people = population(book)
    net = (
        measures.totals(book.table("orders"), {"all": book.window("all")}, lines=False)
        .dropna(subset="customer_id")
        .set_index("customer_id")["net_all"]
    )
    back = (frame["customer_id"].map(net) <= 0).to_numpy()
    refunded = _refunded(frame[~back], net)
    rows = frame.assign(alive=alive(fit, histories), purchases=expected(fit, histories, YEAR))
    rows = rows.assign(
        revenue=np.where(back, 0.0, rows["purchases"] * value * (1 - refunded)),
        how=np.where(back, RETURNED, "model"),
    )
    rows = _contracts_first(book, rows)
    names = people.frame.set_index("customer_id")
    rows = rows.assign(
        name=rows["customer_id"].map(names["name"]), owner=rows["customer_id"].map(names["owner"])
    )
    rows = rows.sort_values(["revenue", "customer_id"], ascending=[False, True]).reset_index(
        drop=True
    )
    return Ahead(
        rows,
        fit,
        spend,
        holdout(book, frame),
        refunded,
        len(people.named) - len(frame),
        top,
        book.as_of,
        book.fmt,
        book.currency,
    )


def histories_of(frame: pd.DataFrame, end: date) -> Histories:
    """Repeat purchase days, days to the last one and to ``end``, from purchases per customer."""
    first = frame["first"]
    return Histories(
        (frame["days"] - 1).to_numpy(),
        (frame["last"] - first).dt.days.to_numpy(),
        (pd.Timestamp(end) - first).dt.days.to_numpy(),
    )


def fitted(frame: pd.DataFrame, end: date) -> tuple[Fit, Histories]:
    histories = histories_of(frame, end)
    repeat = int((histories.x > 0).sum())
    if len(frame) < FEWEST or repeat < FEWEST_REPEAT:
        raise NotAvailable(
            {},
            GIVES,
            f"too little to learn from: {plural(len(frame), 'customer')}, {repeat} of them bought"
            f" again (at least {FEWEST} and {FEWEST_REPEAT})",
        )
    return fit_bgnbd(histories), histories


def spend_of(frame: pd.DataFrame) -> tuple[Fit | None, np.ndarray]:
    """Gamma-Gamma fit and the expected value per purchase of every customer [currency]."""
    x = (frame["days"] - 1).to_numpy()
    mean = ((frame["value"] - frame["first_value"]) / np.where(x > 0, x, 1)).to_numpy(float)
    usable = (x > 0) & (mean > 0)
    fit = (
        fit_spend(x[usable], mean[usable])
        if usable.sum() >= FEWEST_REPEAT and np.ptp(mean[usable]) > 0
        else None
    )
    if fit and fit.converged and not fit.at_limit and fit["q"] > 1:
        return fit, expected_spend(fit, np.where(usable, x, 0), np.where(usable, mean, 0.0))
    overall = frame["value"].sum() / frame["days"].sum()
    return None, ((frame["value"] + overall) / (frame["days"] + 1)).to_numpy(float)


def _refunded(frame: pd.DataFrame, net: pd.Series) -> float:
    """Share of the order value that came back as refunds."""
    gross = frame["value"].sum()
    return (
        float(np.clip(1 - frame["customer_id"].map(net).sum() / gross, 0, 1)) if gross > 0 else 0.0
    )


def _contracts_first(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """Customers with a contract, running or lapsed, are valued by it: buying at will is not what
    they do.
    """
    if not book.has("contracts", "customer_id", "start", "end", "annual_value"):
        return rows
    contracts = measures.contracts(book.table("contracts"))
    today = pd.Timestamp(book.as_of)
    ids = rows["customer_id"]
    running = ids.map(
        agreed_value(
            contracts.assign(
                chance=renewal_chance(contracts, book.as_of).where(~contracts["renewed"], 1.0)
            ),
            today,
        )
    )
    last = (
        contracts.sort_values(["end", "contract_id"])
        .drop_duplicates("customer_id", keep="last")
        .set_index("customer_id")
    )
    lapsed = ids.isin(last.index) & running.isna()
    back = won_back(contracts, rows, today)
    value = running.where(running.notna(), ids.map(last["annual_value"]) * back)
    return rows.assign(
        revenue=value.where(value.notna(), rows["revenue"]),
        how=np.select([running.notna(), lapsed], ["contract", "lapsed contract"], "model"),
        alive=rows["alive"].where(running.isna(), 1.0).where(~lapsed, back),
        purchases=rows["purchases"].where(value.isna()),
    )


def agreed_value(contracts: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """customer_id → value of the next 12 months: each running contract to its end, then times its
    ``chance`` of renewal [currency].
    """
    running = contracts[(contracts["start"] <= today) & (contracts["end"] > today)]
    year = today + pd.Timedelta(days=YEAR)
    agreed = (running["end"].clip(upper=year) - today).dt.days / YEAR
    value = running["annual_value"] * (agreed + (1 - agreed) * running["chance"])
    return value.groupby(running["customer_id"]).sum()


def won_back(contracts: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> float:
    """Of the customers whose contracts had all ended a year ago, the share that bought since; 0
    without any.
    """
    then = today - pd.Timedelta(days=YEAR)
    known = contracts[contracts["start"] <= then].groupby("customer_id")["end"].max()
    lapsed = known[known <= then].index
    last = rows.set_index("customer_id")["last"].reindex(lapsed)
    return float((last > then).mean()) if len(lapsed) else 0.0


def holdout(book: Book, frame: pd.DataFrame) -> Holdout | None:
    """Fit on all but the last third of the data (at most a year), and compare with what happened;
    None where too little is left.
    """
    days = min(YEAR, int((pd.Timestamp(book.as_of) - frame["first"].min()).days // 3))
    cut = book.as_of - timedelta(days=days)
    orders = book.table("orders")
    before = measures.purchases(orders, cut)
    try:
        fit, histories = fitted(before, cut)
    except NotAvailable:
        return None
    earlier = measures.purchases(orders, cut - timedelta(days=days)).set_index("customer_id")[
        "days"
    ]
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
    frame = pd.DataFrame(
        {"x": np.minimum(x, 7), "happened": happened, "model": model, "naive": naive}
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
    grouped = grouped.assign(
        x=[f"{int(k)} or more" if k == 7 else str(int(k)) for k in grouped["x"]]
    )
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
