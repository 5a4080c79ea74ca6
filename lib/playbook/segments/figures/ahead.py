"""The held-out check of the expected purchases, drawn."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base.formats import Formats
from playbook.page import Figure


def holdout_lines(table: pd.DataFrame, days: int, start: date, as_of: date, fmt: Formats) -> Figure:
    """Mean purchases per customer in the ``days`` after ``start``, by repeat purchases before it.

    Three lines: what happened, what the model expected, and as many as in the period before.
    table: a frame of ``HoldoutRows``.
    """
    from playbook.page.figures import INKS, canvas, finish

    fig, ax = canvas(height=2.7)
    places = range(len(table))
    for column, label, style, ink in (
        ("happened", "happened", "o-", INKS[0]),
        ("model", "model", "s--", INKS[1]),
        ("naive", "same as last period", "^:", INKS[3]),
    ):
        ax.plot(places, table[column], style, color=ink, label=label)
    ax.set_xticks(
        places,
        [f"{x}\nn = {fmt.count(n)}" for x, n in table[["x", "customers"]].itertuples(index=False)],
    )
    ax.set(
        xlabel="repeat purchases before the cut",
        ylabel=f"purchases per customer\nin {fmt.text(days, 'days')} after it",
        ylim=(0, None),
    )
    ax.legend(loc="upper left")
    said = "; ".join(
        f"{x}: {fmt.text(a, 'number')} happened, {fmt.text(m, 'number')} expected"
        for x, a, m in table[["x", "happened", "model"]].itertuples(index=False)
    )
    return finish(
        fig,
        title="Held-out check: purchases expected and happened",
        alt=f"Purchases per customer after the cut, by repeat purchases before. {said}.",
        note=(
            f"mean purchase days per customer · {fmt.text(days, 'days')} after"
            f" {fmt.text(start, 'date')} · n = {fmt.count(table['customers'].sum())}"
            f" customers · as of {fmt.text(as_of, 'date')}"
        ),
    )
