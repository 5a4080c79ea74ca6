"""Pictures of pay: the curve, the payroll, winners and losers. From frames and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from playbook.base.formats import Formats

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

    (current, _), (other, _) = lines
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
        xlabel=f"Credited in a {period} (marks: what reps reached in twelve months)",
        ylabel="Pay of the period",
    )
    ax.tick_params(axis="x", pad=9)
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper left")
    jumps = (
        "; ".join(
            f"{c.plan} jumps by {fmt.money(c.jump)} at {fmt.money(c.at)}"
            for c in cliffs.itertuples(index=False)
        )
        or "neither plan jumps"
    )
    last = amounts.iloc[-1]
    return house.finish(
        fig,
        title=f"Pay for every amount: {current} and {other}",
        alt=(
            f"Two lines of pay against the amount credited, to {fmt.money(last.amount)}, where"
            f" {current} pays {fmt.money(last.current)} and {other}"
            f" {fmt.money(last.other)}; {jumps}."
        ),
        note=(
            f"Money in {fmt.currency}, {note} · n = {len(totals)}"
            f" rep-{period}s, {len(totals) - len(inside)} of them beyond the right"
            f" edge · as of {as_of}"
        ),
    )


def two_curves(
    lines: Sequence[NamedLine], ends: Sequence[Decimal], *, top: float, period: str, fmt: Formats
) -> Figure:
    """Pay lines of the plan in force and of the one being tried.

    ends: what each pays at ``top`` [currency].
    """
    from playbook.page import figures as house

    (current, _), (yours, _) = lines
    fig, ax = house.canvas(2.4)
    _draw(ax, lines)
    money_axis(ax.xaxis, fmt)
    money_axis(ax.yaxis, fmt)
    ax.set(
        xlim=(0, top),
        ylim=(0, None),
        xlabel=f"Credited in a {period}",
        ylabel="Pay of the period",
    )
    ax.legend(loc="upper left")
    paid = [fmt.money(end) for end in ends]
    return house.finish(
        fig,
        title="Pay for every amount",
        alt=(
            f"Two pay lines to {fmt.money(top)}: {current} ends at {paid[0]}, {yours} at {paid[1]}."
        ),
        note=f"Money in {fmt.currency}, tiers and attainment at the plain rates",
    )


def _draw(ax: Axes, lines: Sequence[NamedLine]) -> None:
    """The pay lines of two plans."""
    from playbook.page import figures as house

    dashes: tuple[Any, Any] = ("-", (0, (4, 2)))
    for (name, line), ink, dash in zip(lines, (house.INKS[0], house.INKS[1]), dashes, strict=True):
        ax.plot(line["amount"], line["pay"], color=ink, linestyle=dash, label=short(name, 40))


def payroll(
    table: pd.DataFrame, *, total: Decimal, where: str, fmt: Formats, of: str = "rep"
) -> Figure:
    """Pay per rep, best paid first, or per kind of pay.

    table: rep (or kind) and pay, largest first [currency]. of: what a bar is. total: the sum of
    all pay. where: window, number of reps and plan, for the note.
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
    ax.set_xlabel("Pay of the quarter to date")
    money_axis(ax.xaxis, fmt)
    first = "best paid" if of == "rep" else "largest"
    cut = f" · the {len(rows)} {first} of {len(table)}" if len(rows) < len(table) else ""
    return house.finish(
        fig,
        title=f"Pay of the quarter to date: {fmt.money(total)} in all",
        alt=(
            f"Bars of pay per {of}, from {rows['rep'].iloc[0]} with {fmt.money(pay[0])} down to"
            f" {rows['rep'].iloc[-1]} with {fmt.money(pay[-1])}."
        ),
        note=f"Money in {fmt.currency} · {where}{cut}",
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
        f"Pay under {short(names[1], 30)} less pay under {short(names[0], 30)}, twelve months"
    )
    money_axis(ax.xaxis, fmt)
    cut = (
        f" · {reps - len(rows)} reps with smaller changes or none not drawn"
        if len(rows) < reps
        else ""
    )
    return house.finish(
        fig,
        title=f"{gain} gain and {lose} lose under {names[1]}",
        alt=(
            f"Bars of the change in pay per rep, from {rows['rep'].iloc[0]} with"
            f" {fmt.money(change[0], sign=True)} to {rows['rep'].iloc[-1]} with"
            f" {fmt.money(change[-1], sign=True)}; {gain} of {reps} gain,"
            f" {lose} lose."
        ),
        note=f"Money in {fmt.currency} · {where}{cut}",
    )
