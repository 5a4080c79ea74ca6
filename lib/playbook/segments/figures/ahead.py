"""The held-out check of the expected purchases, drawn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page import Figure


def holdout_lines(table: pd.DataFrame, days: int, start: date, as_of: date, fmt: Formats) -> Figure:
    """Mean purchases per customer in the ``days`` after ``start``, by repeat purchases before it.

    Three lines: what happened, what the model expected, and as many as in the period before.
    table: a frame of ``HoldoutRows``.
    """
    from playbook.page.figures import INKS, canvas, finish
    from playbook.page.notation import name_series

    fig, ax = canvas(height=2.7)
    places = range(len(table))
    for column, label, style, ink in (
        ("happened", say("happened"), "o-", INKS[0]),
        ("model", say("model"), "s--", INKS[1]),
        ("naive", say("same as last period"), "^:", INKS[3]),
    ):
        ax.plot(places, table[column], style, color=ink, label=label)
    ax.set_xticks(
        places,
        [
            f"{term(x)}\nn = {fmt.count(n)}"
            for x, n in table[["x", "customers"]].itertuples(index=False)
        ],
    )
    ax.set(
        xlabel=say("repeat purchases before the cut"),
        ylabel=say("purchases per customer\nin {days} after it", days=fmt.text(days, "days")),
        ylim=(0, None),
    )
    name_series(ax)
    said = joined(
        (
            say(
                "{x}: {a} happened, {m} expected",
                x=term(x),
                a=fmt.text(a, "number"),
                m=fmt.text(m, "number"),
            )
            for x, a, m in table[["x", "happened", "model"]].itertuples(index=False)
        ),
        "; ",
    )
    return finish(
        fig,
        title=say(
            "Held-out check: {happened} purchases a customer happened, {expected} were expected",
            happened=_mean(table, "happened", fmt),
            expected=_mean(table, "model", fmt),
        ),
        alt=say(
            "Purchases per customer after the cut, by repeat purchases before. {said}.", said=said
        ),
        note=(
            say(
                "mean purchase days per customer · {days} after {start} · n ="
                " {customers} customers · as of {as_of}",
                days=fmt.text(days, "days"),
                start=fmt.text(start, "date"),
                customers=fmt.count(table["customers"].sum()),
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def _mean(table: pd.DataFrame, column: str, fmt: Formats) -> str:
    """Purchases of a customer, over all rows of the check."""
    return fmt.text(float(np.average(table[column], weights=table["customers"])), "number")
