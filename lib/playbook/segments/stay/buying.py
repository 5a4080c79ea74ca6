"""Buying at will: the BG/NBD and Gamma-Gamma models fitted to purchases per customer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.methods.bgnbd import Fit, Histories, fit_bgnbd
from playbook.methods.gamma_gamma import expected_spend, fit_spend
from playbook.methods.order_sizes import Sizes, relative_variance
from playbook.page import Col, Table, table

YEAR = 365
GIVES = later("which customers still buy and what they will bring in the next 12 months")


FEWEST, FEWEST_REPEAT = 50, 30  # customers, and repeat buyers, below which no model is fitted
MEANING = {
    "r": later("shape of buying rates"),
    "alpha": later("scale of buying rates [weeks]"),
    "a": later("dropping out, first shape"),
    "b": later("dropping out, second shape"),
    "p": later("shape of a customer's spend"),
    "q": later("shape of spend across customers"),
    "gamma": later("scale of spend [currency]"),
}


def histories_of(frame: pd.DataFrame, end: date) -> Histories:
    """Purchase histories to ``end``: repeat purchase days, days from the first purchase to the last
    and to ``end``.

    frame: one row per customer with days [purchase days], first and last.
    """
    first = frame["first"]
    return Histories(
        (frame["days"] - 1).to_numpy(),
        (frame["last"] - first).dt.days.to_numpy(),
        (pd.Timestamp(end) - first).dt.days.to_numpy(),
    )


def fitted(frame: pd.DataFrame, end: date) -> tuple[Fit, Histories]:
    """BG/NBD fitted to the purchases up to ``end``.

    Raises NotAvailable with fewer than FEWEST customers or FEWEST_REPEAT repeat buyers.
    """
    histories = histories_of(frame, end)
    repeat = int((histories.x > 0).sum())
    if len(frame) < FEWEST or repeat < FEWEST_REPEAT:
        raise NotAvailable(
            {},
            GIVES,
            say(
                "too little to learn from: {customers}, {repeat} of them bought"
                " again (at least {fewest} and {fewest_repeat})",
                customers=plural(len(frame), "customer"),
                repeat=repeat,
                fewest=FEWEST,
                fewest_repeat=FEWEST_REPEAT,
            ),
        )
    return fit_bgnbd(histories), histories


def spend_of(frame: pd.DataFrame) -> tuple[Fit | None, np.ndarray]:
    """Expected value per purchase of each customer [currency], with the Gamma-Gamma fit behind it.

    Where that model does not fit (None), the customer's own mean pulled towards the mean of all.
    frame: one row per customer with days, value and first_value.
    """
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


def sizes_of(frame: pd.DataFrame, spend: Fit | None) -> Sizes:
    """How far a purchase strays from its customer's expected value: within customers as their own
    purchases do, pooled; the customer's mean as the Gamma-Gamma fit knows it, else as well as so
    many purchases tell.

    frame: one row per customer with days, value and squares; spend: the fit of ``spend_of``.
    """
    days = frame["days"].to_numpy(float)
    variation = relative_variance(days, frame["value"].to_numpy(), frame["squares"].to_numpy())
    if spend:
        return Sizes(variation, spend["q"] + spend["p"] * (days - 1))
    return Sizes(variation, 2 + (days + 1) / max(variation, 1e-9))


def parameter_table(buying: Fit, spend: Fit | None, note: str, fmt: Formats) -> Table:
    """The fitted parameters with their standard errors; no errors for a fit at its limit."""
    rows = [
        {"name": n, "meaning": MEANING[n], "value": v, "error": None if fit.at_limit else e}
        for fit in (buying, spend)
        if fit
        for n, v, e in zip(fit.names, fit.values, fit.errors, strict=True)
    ]
    columns = [
        Col("name", label="Parameter"),
        Col("meaning", "term", label="Meaning", weight=2),
        Col("value", "number", "Estimate", decimals=3),
        Col("error", "number", "Standard error", decimals=3),
    ]
    likelihood = fmt.text(buying.log_likelihood, "number", decimals=1)
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("The fitted model"),
        note=say(
            "maximum likelihood, log-likelihood {likelihood} · {note}",
            likelihood=likelihood,
            note=note,
        ),
    )
