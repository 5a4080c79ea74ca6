"""Pictures of pay: the curve, the payroll, winners and losers. From frames and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.pay.periods import period_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from playbook.page import Figure

LONGEST = 18  # characters of a name on an axis
BARS = 16  # people a picture shows; the table beside it has more
NamedLine = tuple[str, pd.DataFrame]  # a plan's name, and its pay line with columns amount and pay


def short(name: str, most: int = LONGEST) -> str:
    """A name that fits an axis."""
    return name if len(name) <= most else name[: most - 1] + "…"


def money_axis(axis: Axis, fmt: Formats) -> None:
    """Ticks written as the page writes money."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: fmt.money(value, compact=True)))


def curve(
    lines: Sequence[NamedLine],
    totals: Sequence[float],
    amounts: pd.DataFrame,
    cliffs: pd.DataFrame,
    *,
    period: str,
    note: str,
    as_of: str,
    fmt: Formats,
) -> Figure:
    """Pay of a period against its amount for two plans, with the amounts reps reached underneath.

    lines: pay lines of the plan in force and of the other, drawn to the last of ``amounts``.
    totals: amounts reps reached in a period [currency]. amounts: amount, current and other at the
    amounts the table prints. cliffs: plan, at, jump. period: month, quarter or year.
    """
    from playbook.page import figures as house

    current, other = (named(name) for name, _ in lines)
    top = float(max(amounts["amount"].iloc[-1], 1))
    fig, ax = house.canvas(3.0)
    _draw(ax, lines)
    inside = [total for total in totals if 0 <= total <= top]
    ax.plot(
        inside,
        np.full(len(inside), -0.03),
        "|",
        transform=ax.get_xaxis_transform(),
        color=house.MUTED,
        markersize=7,
        clip_on=False,
    )
    money_axis(ax.xaxis, fmt)
    money_axis(ax.yaxis, fmt)
    ax.set(
        xlim=(0, top),
        xlabel=say(
            "Credited in a {period} (marks: what reps reached in twelve months)",
            period=period_name(period),
        ),
        ylabel=say("Pay of the period"),
    )
    ax.tick_params(axis="x", pad=9)
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper left")
    jumps = joined(
        (
            say(
                "{plan} jumps by {jump} at {at}",
                plan=named(c.plan),
                jump=fmt.money(c.jump),
                at=fmt.money(c.at),
            )
            for c in cliffs.itertuples(index=False)
        ),
        "; ",
    ) or say("neither plan jumps")
    last = amounts.iloc[-1]
    return house.finish(
        fig,
        title=say("Pay for every amount: {current} and {other}", current=current, other=other),
        alt=(
            say(
                "Two lines of pay against the amount credited, to {amount}, where"
                " {current} pays {paid} and {other} {would_pay}; {jumps}.",
                amount=fmt.money(last.amount),
                current=current,
                paid=fmt.money(last.current),
                other=other,
                would_pay=fmt.money(last.other),
                jumps=jumps,
            )
        ),
        note=(
            say(
                "Money in {currency}, {note} · n = {n} rep-{period}s,"
                " {beyond} of them beyond the right edge · as of {as_of}",
                currency=fmt.currency,
                note=note,
                n=len(totals),
                period=period_name(period),
                beyond=len(totals) - len(inside),
                as_of=as_of,
            )
        ),
    )


def two_curves(
    lines: Sequence[NamedLine], ends: Sequence[Decimal], *, top: float, period: str, fmt: Formats
) -> Figure:
    """Pay lines of the plan in force and of the one being tried.

    ends: what each pays at ``top`` [currency].
    """
    from playbook.page import figures as house

    current, yours = (named(name) for name, _ in lines)
    fig, ax = house.canvas(2.4)
    _draw(ax, lines)
    money_axis(ax.xaxis, fmt)
    money_axis(ax.yaxis, fmt)
    ax.set(
        xlim=(0, top),
        ylim=(0, None),
        xlabel=say("Credited in a {period}", period=period_name(period)),
        ylabel=say("Pay of the period"),
    )
    ax.legend(loc="upper left")
    paid = [fmt.money(end) for end in ends]
    return house.finish(
        fig,
        title=say("Pay for every amount"),
        alt=(
            say(
                "Two pay lines to {top}: {current} ends at {paid}, {yours} at {would_pay}.",
                top=fmt.money(top),
                current=current,
                paid=paid[0],
                yours=yours,
                would_pay=paid[1],
            )
        ),
        note=say(
            "Money in {currency}, tiers and attainment at the plain rates", currency=fmt.currency
        ),
    )


def _draw(ax: Axes, lines: Sequence[NamedLine]) -> None:
    """The pay lines of two plans."""
    from playbook.page import figures as house

    dashes: tuple[Any, Any] = ("-", (0, (4, 2)))
    for (name, line), ink, dash in zip(lines, (house.INKS[0], house.INKS[1]), dashes, strict=True):
        ax.plot(
            line["amount"], line["pay"], color=ink, linestyle=dash, label=short(named(name), 40)
        )


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
    cut, places = "", {"rows": len(rows), "n": len(table)}
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

    change = [float(v) for v in rows["change"]]
    fig, ax = house.canvas(max(1.7, 0.6 + 0.19 * len(rows)))
    ax.barh(
        range(len(rows)),
        change,
        height=0.7,
        color=[house.GOOD if v > 0 else house.BAD for v in change],
    )
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
