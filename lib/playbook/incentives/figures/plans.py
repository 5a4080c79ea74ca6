"""Pictures of pay: the curve, the payroll, winners and losers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from playbook.base.formats import Formats

if TYPE_CHECKING:
    from playbook.base.settings.plans import CommissionPlan
    from playbook.incentives.plans.comparison import Comparison
    from playbook.incentives.plans.curve import Curve
    from playbook.incentives.plans.standing import Terms
    from playbook.incentives.plans.statements import Statements
    from playbook.page import Figure

LONGEST = 18  # characters of a name on an axis
BARS = 16  # people a picture shows; the table beside it has more


def short(name: str, most: int = LONGEST) -> str:
    """A name that fits an axis."""
    return name if len(name) <= most else name[: most - 1] + "…"


def money_axis(axis, fmt: Formats) -> None:
    """Ticks written as the page writes money."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: fmt.money(value, compact=True)))


def curve(result: Curve) -> Figure:
    """Pay against the period's amount for both plans, with the amounts reps really reached
    underneath.
    """
    from playbook.page import figures as house

    fmt, (current, other) = result.fmt, result.plans
    top = float(max(result.table["amount"].iloc[-1], 1))
    fig, ax = house.canvas(3.0)
    _draw(ax, result.terms, top)
    inside = [total for total in result.totals if 0 <= total <= top]
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
        xlabel=f"Credited in a {result.period} (marks: what reps reached in twelve months)",
        ylabel="Pay of the period",
    )
    ax.tick_params(axis="x", pad=9)
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper left")
    jumps = (
        "; ".join(
            f"{c.plan} jumps by {fmt.money(c.jump)} at {fmt.money(c.at)}" for c in result.cliffs
        )
        or "neither plan jumps"
    )
    last = result.table.iloc[-1]
    return house.finish(
        fig,
        title=f"Pay for every amount: {current.name} and {other.name}",
        alt=(
            f"Two lines of pay against the amount credited, to {fmt.money(last.amount)}, where"
            f" {current.name} pays {fmt.money(last.current)} and {other.name}"
            f" {fmt.money(last.other)}; {jumps}."
        ),
        note=(
            f"Money in {fmt.currency}, {result.what} · n = {len(result.totals)}"
            f" rep-{result.period}s, {len(result.totals) - len(inside)} of them beyond the right"
            f" edge · as of {fmt.text(result.as_of, 'date')}"
        ),
    )


def two_curves(result: Comparison, yours: CommissionPlan) -> Figure | None:
    """Pay lines of the plan in force and of the one being tried; None where neither pays for an
    amount.
    """
    from playbook.incentives.plans.standing import typical_terms
    from playbook.page import figures as house

    fmt, pair = result.fmt, [typical_terms(result.history, one) for one in (result.current, yours)]
    if None in pair:
        return None
    ends = [end for terms in pair for end in terms.ends()]
    top = 1.5 * float(max(ends, default=0)) or 100_000.0
    fig, ax = house.canvas(2.4)
    _draw(ax, pair, top)
    money_axis(ax.xaxis, fmt)
    money_axis(ax.yaxis, fmt)
    ax.set(
        xlim=(0, top),
        ylim=(0, None),
        xlabel=f"Credited in a {yours.accumulate}",
        ylabel="Pay of the period",
    )
    ax.legend(loc="upper left")
    paid = [fmt.money(terms.promise(Decimal(round(top)))) for terms in pair]
    return house.finish(
        fig,
        title="Pay for every amount",
        alt=(
            f"Two pay lines to {fmt.money(top)}: {result.current.name} ends at {paid[0]},"
            f" {yours.name} at {paid[1]}."
        ),
        note=f"Money in {fmt.currency}, tiers and attainment at the plain rates",
    )


def _draw(ax, pair, top: float) -> None:
    """The pay lines of two plans."""
    from playbook.page import figures as house

    for terms, ink, dash in zip(
        pair, (house.INKS[0], house.INKS[1]), ("-", (0, (4, 2))), strict=True
    ):
        ax.plot(*_broken(terms, top), color=ink, linestyle=dash, label=short(terms.plan.name, 40))


def _broken(terms: Terms, top: float) -> tuple[list[float], list[float]]:
    """Points of a pay line, with a gap at each cliff so that a jump is not drawn as a slope."""
    cent, ends = Decimal("0.01"), [end for end in terms.ends() if end < Decimal(str(top))]
    at = sorted(
        {Decimal(str(round(v, 2))) for v in np.linspace(0, top, 200)}
        | {end + step for end in ends for step in (-cent, Decimal(0), cent) if end + step >= 0}
    )
    x, y = [], []
    for amount in at:
        pay = float(terms.promise(amount))
        if x and float(amount) - x[-1] < 0.015 and abs(pay - y[-1]) > 0.05:
            x.append(float(amount))
            y.append(float("nan"))
        x.append(float(amount))
        y.append(pay)
    return x, y


def payroll(result: Statements) -> Figure:
    """Pay per rep, best paid first."""
    from playbook.page import figures as house

    fmt, rows = result.fmt, result.table.head(BARS)
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
    cut = (
        f" · the {len(rows)} best paid of {len(result.table)}"
        if len(rows) < len(result.table)
        else ""
    )
    return house.finish(
        fig,
        title=f"Pay of the quarter to date: {fmt.money(result.total)} in all",
        alt=(
            f"Bars of pay per rep, from {rows['rep'].iloc[0]} with {fmt.money(pay[0])} down to"
            f" {rows['rep'].iloc[-1]} with {fmt.money(pay[-1])}."
        ),
        note=f"Money in {fmt.currency} · {result.where}{cut}",
    )


def winners(result: Comparison) -> Figure:
    """Change of twelve months' pay per rep under the other plan."""
    from playbook.page import figures as house

    fmt, rows = result.fmt, result.most_moved(BARS // 2)
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
        f"Pay under {short(result.other.name, 30)} less pay under {short(result.current.name, 30)},"
        " twelve months"
    )
    money_axis(ax.xaxis, fmt)
    cut = (
        f" · {len(result.table) - len(rows)} reps with smaller changes or none not drawn"
        if len(rows) < len(result.table)
        else ""
    )
    return house.finish(
        fig,
        title=f"{result.gain} gain and {result.lose} lose under {result.other.name}",
        alt=(
            f"Bars of the change in pay per rep, from {rows['rep'].iloc[0]} with"
            f" {fmt.money(change[0], sign=True)} to {rows['rep'].iloc[-1]} with"
            f" {fmt.money(change[-1], sign=True)}; {result.gain} of {len(result.table)} gain,"
            f" {result.lose} lose."
        ),
        note=f"Money in {fmt.currency} · {result.where}{cut}",
    )
