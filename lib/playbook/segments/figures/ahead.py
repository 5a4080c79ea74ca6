"""The held-out check as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook.page import Figure

if TYPE_CHECKING:
    from playbook.segments.stay.ahead import Ahead


def holdout_lines(result: Ahead) -> Figure:
    """Mean purchases after the cut, by repeat purchases before it: happened, model, same as last
    period.
    """
    from playbook.page.figures import INKS, canvas, finish

    held, fmt = result.holdout, result.fmt
    fig, ax = canvas(height=2.7)
    places = range(len(held.table))
    for column, label, style, ink in (
        ("happened", "happened", "o-", INKS[0]),
        ("model", "model", "s--", INKS[1]),
        ("naive", "same as last period", "^:", INKS[3]),
    ):
        ax.plot(places, held.table[column], style, color=ink, label=label)
    ax.set_xticks(
        places,
        [
            f"{x}\nn = {fmt.count(n)}"
            for x, n in held.table[["x", "customers"]].itertuples(index=False)
        ],
    )
    ax.set(
        xlabel="repeat purchases before the cut",
        ylabel=f"purchases per customer\nin {fmt.text(held.days, 'days')} after it",
        ylim=(0, None),
    )
    ax.legend(loc="upper left")
    said = "; ".join(
        f"{x}: {fmt.text(a, 'number')} happened, {fmt.text(m, 'number')} expected"
        for x, a, m in held.table[["x", "happened", "model"]].itertuples(index=False)
    )
    return finish(
        fig,
        title="Held-out check: purchases expected and happened",
        alt=f"Purchases per customer after the cut, by repeat purchases before. {said}.",
        note=(
            f"mean purchase days per customer · {fmt.text(held.days, 'days')} after"
            f" {fmt.text(held.start, 'date')} · n = {fmt.count(held.table['customers'].sum())}"
            f" customers · as of {fmt.text(result.as_of, 'date')}"
        ),
    )
