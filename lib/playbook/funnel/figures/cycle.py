"""Drawings of how long deals take: curves of wins by age."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.methods.survival import Incidence
from playbook.page.blocks import Figure

from .axes import percent_axis


def cycle_curves(
    won: Incidence,
    lost: Incidence,
    naive: Incidence,
    chances: pd.DataFrame,
    fmt: Formats,
    as_of: date,
) -> Figure | None:
    """Chance of won, lost and still open by day; the usual report's curve thin beside it."""
    from playbook.page import figures as page

    if not len(won.days):
        return None
    end = min(float(won.days[-1]), 2.0 * max(chances.day))
    x = np.concatenate([[0], won.days, [end]])

    def stairs(values: np.ndarray) -> np.ndarray:
        return np.concatenate([[0], values, values[-1:]])

    fig, ax = page.canvas(height=2.7)
    ax.fill_between(
        x,
        stairs(won.low),
        stairs(won.high),
        step="post",
        color=page.INKS[0],
        alpha=0.15,
        linewidth=0,
    )
    ax.step(x, stairs(won.value), where="post", color=page.INKS[0], label="won")
    ax.step(x, stairs(lost.value), where="post", color=page.INKS[3], label="lost")
    ax.step(
        x,
        stairs(naive.value),
        where="post",
        color=page.INKS[1],
        linewidth=1,
        linestyle="--",
        label="won, losses taken\nas still open",
    )
    ax.set_xlim(0, end)
    ax.set_ylim(0, 1)
    percent_axis(ax.yaxis)
    ax.set_xlabel("days since creation")
    ax.set_ylabel("deals")
    page.legend_right(ax)
    known = chances[(chances.window == "all") & chances.value.notna()]
    said = "; ".join(f"{fmt.share(r.value)} within {r.day} days" for r in known.itertuples())
    note = (
        f"Share of {fmt.count(won.n)} deals, all data; band 95 %; open deals count as long"
        f" as they were watched; as of {fmt.text(as_of, 'date')}"
    )
    return page.finish(
        fig,
        title="Chance that a deal is won, by days since creation",
        alt=f"Rising curves of deals won and lost by age; won: {said or 'not known'}.",
        note=note,
    )


def before_after_curves(
    before: Incidence, after: Incidence, since: Month, months: int, fmt: Formats, as_of: date
) -> Figure:
    """Chance of a win by age, deals created before and after."""
    from playbook.page import figures as page

    fig, ax = page.canvas(height=2.4)
    said = []
    for curve, word, ink, line in (
        (before, "before", page.INKS[3], "--"),
        (after, "after", page.INKS[0], "-"),
    ):
        x, y = np.concatenate([[0], curve.days]), np.concatenate([[0], curve.value])
        ax.fill_between(
            np.concatenate([[0], curve.days]),
            np.concatenate([[0], curve.low]),
            np.concatenate([[0], curve.high]),
            step="post",
            color=ink,
            alpha=0.15,
            linewidth=0,
        )
        ax.step(x, y, where="post", color=ink, linestyle=line, label=word)
        said.append(f"{word} up to {fmt.share(float(curve.value[-1]))}")
    ax.set_xlim(0, min(float(before.days[-1]), float(after.days[-1])))
    ax.set_ylim(0, None)
    percent_axis(ax.yaxis)
    ax.set_xlabel("days since creation")
    ax.set_ylabel("won")
    page.legend_right(ax)
    return page.finish(
        fig,
        title=(f"Chance of a win, deals created before and after {fmt.text(since, 'month')}"),
        alt=f"Two rising curves of deals won by age: {'; '.join(said)}.",
        note=(f"Band 95 %; {months} months on each side; as of {fmt.text(as_of, 'date')}"),
    )
