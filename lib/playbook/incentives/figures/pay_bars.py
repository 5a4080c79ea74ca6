"""Bars of pay: the payroll, winners and losers. From frames and numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import named, say

from .plans import BARS, money_axis, short

if TYPE_CHECKING:
    from playbook.page import Figure


def payroll(
    table: pd.DataFrame, *, total: Decimal, where: str, fmt: Formats, by_rep: bool = True
) -> Figure:
    """Pay per rep, best paid first, or per kind of pay.

    table: rep (or kind) and pay, largest first [currency]. by_rep: whether a bar is a rep. total:
    the sum of all pay. where: window, number of reps and plan, for the note.
    """
    from playbook.page import figures as house

    rows = table.head(BARS)
    fig, ax = house.canvas(max(1.6, 0.55 + 0.19 * len(rows)))
    pay = [float(v) for v in rows["pay"]]
    ax.barh(range(len(rows)), pay, color=house.INKS[0], height=0.7)
    for i, value in enumerate(pay):
        ax.annotate(
            fmt.money(value, compact=True),
            (max(value, 0), i),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
    ax.set_yticks(range(len(rows)), [short(name) for name in rows["rep"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.margins(x=0.12)
    ax.set_xlabel(say("Pay of the quarter to date"))
    money_axis(ax.xaxis, fmt)
    cut = ""
    places: dict[str, Any] = {"rows": len(rows), "n": len(table)}
    if len(rows) < len(table):
        cut = (
            say(" · the {rows} best paid of {n}", **places)
            if by_rep
            else say(" · the {rows} largest of {n}", **places)
        )
    ends = {
        "first": rows["rep"].iloc[0],
        "most": fmt.money(pay[0]),
        "last": rows["rep"].iloc[-1],
        "least": fmt.money(pay[-1]),
    }
    return house.finish(
        fig,
        title=say("Pay of the quarter to date: {total} in all", total=fmt.money(total)),
        alt=say(
            "Bars of pay per rep, from {first} with {most} down to {last} with {least}.", **ends
        )
        if by_rep
        else say(
            "Bars of pay per kind of pay, from {first} with {most} down to {last} with {least}.",
            **ends,
        ),
        note=say("Money in {currency} · {where}{cut}", currency=fmt.currency, where=where, cut=cut),
    )


def winners(
    rows: pd.DataFrame,
    *,
    names: tuple[str, str],
    reps: int,
    gain: int,
    lose: int,
    where: str,
    fmt: Formats,
) -> Figure:
    """Change of twelve months' pay per rep under the other plan.

    rows: rep and change of the reps to draw, largest gain first [currency]. names: the plan in
    force and the other. reps: how many there are in all; gain, lose: how many of them gain and
    lose.
    """
    from playbook.page import figures as house
    from playbook.page.notation import variance

    change = [float(v) for v in rows["change"]]
    fig, ax = house.canvas(max(1.7, 0.6 + 0.19 * len(rows)))
    for i, value in enumerate(change):
        ax.barh(i, value, height=0.7, **variance(value > 0))
    span = max((abs(v) for v in change), default=0) or 1
    for i, value in enumerate(change):
        ax.annotate(
            fmt.money(value, compact=True, sign=True),
            (value, i),
            xytext=(3 if value >= 0 else -3, 0),
            textcoords="offset points",
            va="center",
            ha="left" if value >= 0 else "right",
            fontsize=7.5,
        )
    ax.set_yticks(range(len(rows)), [short(name) for name in rows["rep"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    low, high = min(0, *change), max(0, *change)
    ax.set_xlim(low - 0.16 * span if low < 0 else 0, high + 0.16 * span)
    ax.axvline(0, color=house.MUTED, linewidth=0.8)
    ax.set_xlabel(
        say(
            "Pay under {other} less pay under {current}, twelve months",
            other=short(named(names[1]), 30),
            current=short(named(names[0]), 30),
        )
    )
    money_axis(ax.xaxis, fmt)
    cut = (
        say(" · {reps} reps with smaller changes or none not drawn", reps=reps - len(rows))
        if len(rows) < reps
        else ""
    )
    return house.finish(
        fig,
        title=say(
            "{gain} gain and {lose} lose under {plan}",
            gain=gain,
            lose=lose,
            plan=named(names[1]),
        ),
        alt=(
            say(
                "Bars of the change in pay per rep, without names, from {most} to {least};"
                " {gain} of {reps} gain, {lose} lose.",
                most=fmt.money(change[0], sign=True),
                least=fmt.money(change[-1], sign=True),
                gain=gain,
                reps=reps,
                lose=lose,
            )
            if not rows["rep"].astype(bool).any()
            else say(
                "Bars of the change in pay per rep, from {first} with {most} to"
                " {last} with {least}; {gain} of {reps} gain, {lose} lose.",
                first=rows["rep"].iloc[0],
                most=fmt.money(change[0], sign=True),
                last=rows["rep"].iloc[-1],
                least=fmt.money(change[-1], sign=True),
                gain=gain,
                reps=reps,
                lose=lose,
            )
        ),
        note=say("Money in {currency} · {where}{cut}", currency=fmt.currency, where=where, cut=cut),
    )
