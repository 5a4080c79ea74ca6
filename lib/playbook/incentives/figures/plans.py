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
    from playbook.page.notation import name_series

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
    name_series(ax)
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
            if len(totals)
            else say(
                "Money in {currency}, {note} · as of {as_of}",
                currency=fmt.currency,
                note=note,
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
    from playbook.page.notation import name_series

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
    name_series(ax)
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
