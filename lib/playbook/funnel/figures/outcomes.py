"""Drawings of win rates: by month and by member."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.funnel.dimension_words import dimension_word
from playbook.page.blocks import Figure

from .axes import month_axis, percent_axis, short

ENDS = 8  # members drawn from each end of a long ranking: a figure that fits below its text


def win_rate_months(
    monthly: pd.DataFrame, overall: float | None, small: int, fmt: Formats, as_of: date
) -> Figure | None:
    """Narrow win rate by closing month with interval, and the deals it rests on."""
    from playbook.page import figures as page
    from playbook.page.notation import name_series

    rows = monthly.tail(18).reset_index(drop=True)
    if rows.empty:
        return None
    fig, (top, bottom) = page.canvas(
        height=3.0, rows=2, sharex=True, gridspec_kw={"height_ratios": [3, 1.4]}
    )
    x = np.arange(len(rows))
    solid = (rows.won + rows.lost >= small).to_numpy()
    top.vlines(
        x,
        rows.low.astype(float),
        rows.high.astype(float),
        color=page.INKS[0],
        linewidth=0.9,
        alpha=0.6,
    )
    top.plot(x[solid], rows.narrow[solid], "o", color=page.INKS[0], label=say("won ÷ decided"))
    if not solid.all():
        top.plot(
            x[~solid],
            rows.narrow[~solid],
            "o",
            markerfacecolor="white",
            markeredgecolor=page.INKS[0],
            label=say("fewer than {small} deals", small=small),
        )
    if overall is not None:
        top.axhline(
            overall, color=page.INKS[1], linewidth=1, linestyle="--", label=say("last 12 months")
        )
    top.set_ylim(0, 1)
    percent_axis(top.yaxis)
    top.set_ylabel(say("won"))
    name_series(top)
    bottom.bar(x, rows.won, color=page.INKS[0], width=0.7, label=say("won"))
    bottom.bar(
        x, rows.lost, bottom=rows.won, color=page.RULE, width=0.7, label=say("lost", context="deal")
    )
    bottom.set_ylabel(say("deals"))
    name_series(bottom)
    month_axis(bottom, list(rows.month), most=9)
    last = rows.iloc[-1]
    alt = say(
        "Win rate of decided deals over {rows} months; last month {narrow}"
        " of {won}, last 12 months {overall}.",
        rows=len(rows),
        narrow=fmt.share(last.narrow),
        won=fmt.count(last.won + last.lost),
        overall=fmt.share(overall),
    )
    note = say(
        "Share of decided deals by closing month, Wilson 95 %; deals decided below; as of {as_of}",
        as_of=fmt.text(as_of, "date"),
    )
    return page.finish(
        fig, title=say("Win rate of decided deals by closing month"), alt=alt, note=note
    )


def win_rate_groups(
    members: pd.DataFrame, dimension: str, overall: float | None, fmt: Formats, as_of: date
) -> Figure | None:
    """Members ranked: own rate with interval, the shrunk rate beside it, the common
    rate as a line.
    """
    from playbook.page import figures as page
    from playbook.page.notation import key_above

    rows = members[members.won + members.lost > 0]
    if rows.empty:
        return None
    shown = (
        rows
        if len(rows) <= 2 * ENDS
        else rows.iloc[[*range(ENDS), *range(len(rows) - ENDS, len(rows))]]
    )
    fig, ax = page.canvas(height=0.8 + 0.19 * max(4, len(shown)))
    y = np.arange(len(shown))[::-1]
    ax.hlines(
        y,
        shown.low.astype(float),
        shown.high.astype(float),
        color=page.INKS[0],
        linewidth=0.8,
        alpha=0.6,
    )
    ax.plot(shown.narrow.astype(float), y, "o", color=page.INKS[0], label=say("own rate"))
    ax.plot(shown.shrunk, y, "D", color=page.INKS[1], markersize=3.5, label=say("for ranking"))
    if overall is not None:
        ax.axvline(overall, color=page.MUTED, linewidth=0.9, linestyle="--", label=say("all deals"))
    ax.set_yticks(
        y,
        [
            say("{name}  ({won:,})", name=short(name, 22), won=won + lost)
            for name, won, lost in zip(shown.label, shown.won, shown.lost, strict=True)
        ],
    )
    ax.set_xlim(0, 1)
    percent_axis(ax.xaxis)
    ax.set_xlabel(say("won of decided deals"))
    key_above(ax)
    word = dimension_word(dimension)
    first, last = shown.iloc[0], shown.iloc[-1]
    alt = say(
        "Win rate by {word}, {rows} members, ranked; first {label} {narrow},"
        " last {label_2} {narrow_2}, all {overall}.",
        word=word,
        rows=len(rows),
        label=first.label,
        narrow=fmt.share(first.narrow),
        label_2=last.label,
        narrow_2=fmt.share(last.narrow),
        overall=fmt.share(overall),
    )
    cut = (
        ""
        if len(shown) == len(rows)
        else say("; first and last {ends} of {rows}", ends=ENDS, rows=len(rows))
    )
    note = say(
        "Decided deals of the last 12 months (n in brackets), Wilson 95 %{cut}; as of {as_of}",
        cut=cut,
        as_of=fmt.text(as_of, "date"),
    )
    title = say(
        "Win rate by {word}: {high} ({first}) to {low} ({last}), all {overall}",
        word=word,
        high=fmt.share(first.narrow),
        first=first.label,
        low=fmt.share(last.narrow),
        last=last.label,
        overall=fmt.share(overall),
    )
    return page.finish(fig, title=title, alt=alt, note=note)
