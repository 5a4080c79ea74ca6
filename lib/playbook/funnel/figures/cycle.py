"""Drawings of how long deals take: curves of wins by age."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
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
    from playbook.page.notation import name_series

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
    ax.step(x, stairs(won.value), where="post", color=page.INKS[0], label=say("won"))
    ax.step(
        x, stairs(lost.value), where="post", color=page.INKS[3], label=say("lost", context="deal")
    )
    ax.step(
        x,
        stairs(naive.value),
        where="post",
        color=page.INKS[1],
        linewidth=1,
        linestyle="--",
        label=say("won, losses taken\nas still open"),
    )
    ax.set_xlim(0, end)
    ax.set_ylim(0, 1)
    percent_axis(ax.yaxis)
    ax.set_xlabel(say("days since creation"))
    ax.set_ylabel(say("deals"))
    name_series(ax)
    known = chances[(chances.window == "all") & chances.value.notna()]
    said = joined(
        (
            say("{value} within {day} days", value=fmt.share(r.value), day=r.day)
            for r in known.itertuples()
        ),
        "; ",
    )
    note = say(
        "Share of {n} deals, all data; band 95 %; open deals count as long"
        " as they were watched; as of {as_of}",
        n=fmt.count(won.n),
        as_of=fmt.text(as_of, "date"),
    )
    return page.finish(
        fig,
        title=say("Chance that a deal is won, by days since creation"),
        alt=say(
            "Rising curves of deals won and lost by age; won: {value}.",
            value=said or say("not known"),
        ),
        note=note,
    )


def before_after_curves(
    before: Incidence, after: Incidence, since: Month, months: int, fmt: Formats, as_of: date
) -> Figure:
    """Chance of a win by age, deals created before and after."""
    from playbook.page import figures as page
    from playbook.page.notation import name_series

    fig, ax = page.canvas(height=2.4)
    said = []
    for curve, word, ink, line in (
        (before, say("before"), page.INKS[3], "--"),
        (after, say("after"), page.INKS[0], "-"),
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
        said.append(say("{word} up to {value}", word=word, value=fmt.share(float(curve.value[-1]))))
    ax.set_xlim(0, min(float(before.days[-1]), float(after.days[-1])))
    ax.set_ylim(0, None)
    percent_axis(ax.yaxis)
    ax.set_xlabel(say("days since creation"))
    ax.set_ylabel(say("won"))
    name_series(ax)
    return page.finish(
        fig,
        title=(
            say(
                "Chance of a win: {after} of deals created since {since}, {before} before",
                after=fmt.share(float(after.value[-1])),
                since=fmt.text(since, "month"),
                before=fmt.share(float(before.value[-1])),
            )
        ),
        alt=say("Two rising curves of deals won by age: {said}.", said=joined(said, "; ")),
        note=(
            say(
                "Won by days since creation; band 95 %; {months} months on each side; as of"
                " {as_of}",
                months=months,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
