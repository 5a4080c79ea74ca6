"""Figures of the goal chapter, drawn from the results' own frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.base.formats import Formats, is_missing
from playbook.page import Figure

if TYPE_CHECKING:
    from .backsolve import BackSolve
    from .decomposition import Decomposition
    from .overview import SalesOverview
    from .tracking import Tracking


def _month_ticks(ax, months, fmt: Formats, most: int = 12) -> None:
    step = max(1, -(-len(months) // most))
    shown = list(range(0, len(months), step))
    ax.set_xticks(shown, [f"{months[i].month:02d}\n{months[i].year}" if i == shown[0] or months[i].month <= step else f"{months[i].month:02d}" for i in shown])


def _money_axis(ax, fmt: Formats) -> None:
    from matplotlib.ticker import FuncFormatter
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.money(v, compact=True) if v else "0"))


def short(text: str, most: int = 18) -> str:
    """A label that fits a figure; the full one stands in the table."""
    return text if len(text) <= most else text[: most - 1] + "…"


def sales_months(overview: SalesOverview) -> Figure:
    """Monthly sales as bars, the year before as marks."""
    from playbook.page.figures import INKS, canvas, finish
    fmt, months = overview.fmt, overview.months
    fig, ax = canvas(2.4)
    ax.bar(range(len(months)), months["sales"], color=INKS[0], width=0.7, label="month")
    known = months["before"].notna()
    if known.any():
        ax.plot(np.flatnonzero(known), months["before"][known].astype(float), "o", color=INKS[1], markersize=4.5, markeredgecolor="white", label="same month a year before")
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)
    ax.set_ylabel(f"{overview.currency} a month")
    _money_axis(ax, fmt)
    _month_ticks(ax, list(months["month"]), fmt)
    best = months.loc[months["sales"].idxmax()]
    last = months.iloc[-1]
    against = "" if is_missing(last["before"]) else f", a year before {fmt.money(last['before'])}"
    alt = (f"Bars of monthly sales from {fmt.text(months['month'].iloc[0], 'month')} to {fmt.text(last['month'], 'month')}: last {fmt.money(last['sales'])}{against}; "
           f"highest {fmt.money(best['sales'])} in {fmt.text(best['month'], 'month')}.")
    return finish(fig, title="Sales by month against the year before", alt=alt,
                  note=f"net of refunds, in {overview.currency} · {len(months)} months to {fmt.text(overview.as_of, 'date')}")


def tracking_year(result: Tracking) -> Figure:
    """Cumulative actual against the plan's curve, with the forecast's fan."""
    from playbook.page.figures import INKS, canvas, finish
    fmt, year = result.fmt, result.year
    fig, ax = canvas(2.6)
    x = np.arange(len(year))
    ax.plot(x, year["plan"], color=INKS[3], linestyle="--", label="plan")
    ax.plot(x, year["actual"], color=INKS[0], marker="o", label="actual")
    ahead = year["middle"].notna()
    if ahead.any():
        ax.fill_between(x[ahead], year["low"][ahead], year["high"][ahead], color=INKS[2], alpha=0.25, linewidth=0, label="80 % of forecasts")
        ax.plot(x[ahead], year["middle"][ahead], color=INKS[2], label="forecast")
    ax.legend(loc="upper left")
    ax.set_ylim(bottom=0)
    ax.set_ylabel(f"{result.currency}, cumulative")
    _money_axis(ax, fmt)
    _month_ticks(ax, list(year["month"]), fmt)
    done = year["actual"].dropna()
    here = len(done) - 1
    alt = f"Cumulative sales stand at {fmt.money(done.iloc[-1])} in {fmt.text(year['month'].iloc[here], 'month')} where the plan asks for {fmt.money(year['plan'].iloc[here])}; the year's target is {fmt.money(year['plan'].iloc[-1])}"
    alt += f", the forecast ends at {fmt.money(year['middle'].iloc[-1])} ({fmt.money(year['low'].iloc[-1])} to {fmt.money(year['high'].iloc[-1])})." if ahead.any() else "."
    return finish(fig, title="The year against its own curve", alt=alt, note=f"net sales in {result.currency} · as of {fmt.text(result.as_of, 'date')}")


def decomposition_months(result: Decomposition) -> Figure:
    """The year's figure by month, stacked by member of the first dimension."""
    from playbook.page.figures import INKS, canvas, finish, legend_right
    fmt, scale = result.fmt, 10 ** result.digits
    fig, ax = canvas(2.6)
    months = list(result.curve.months)
    if result.cross.empty:
        ax.bar(range(len(months)), np.array(result.curve.shares) * result.whole.amount, color=INKS[0], width=0.7)
    else:
        _stack(ax, result.cross / scale, INKS)
        legend_right(ax)
    ax.set_ylabel(f"{fmt.currency} a month")
    _money_axis(ax, fmt)
    _month_ticks(ax, months, fmt)
    high = int(np.argmax(result.curve.shares))
    low = int(np.argmin(result.curve.shares))
    alt = (f"{fmt.money(result.whole.amount)} for {result.whole.name} by month: most in {fmt.text(months[high], 'month')} ({fmt.share(result.curve.shares[high])}), "
           f"least in {fmt.text(months[low], 'month')} ({fmt.share(result.curve.shares[low])}).")
    return finish(fig, title=f"{result.whole.name} month by month", alt=alt, note=f"curve: {result.curve.source} · {fmt.currency} · as of {fmt.text(result.as_of, 'date')}")


def _stack(ax, frame, inks, most: int = 5) -> None:
    """Bars stacked by row; beyond ``most`` members the smaller ones are one grey part."""
    size = frame.sum(axis=1)
    big = list(size.sort_values(ascending=False, kind="stable").index[:most]) if len(frame) > most + 1 else list(frame.index)
    rest = frame.drop(index=big).sum(axis=0)
    base = np.zeros(frame.shape[1])
    parts = [(short(str(m)), frame.loc[m].to_numpy(dtype=float), inks[i % len(inks)]) for i, m in enumerate(big)]
    if len(big) < len(frame):
        parts.append((f"{len(frame) - len(big)} others", rest.to_numpy(dtype=float), "#c9ccd1"))
    for label, values, ink in parts:
        ax.bar(range(len(values)), values, bottom=base, color=ink, width=0.7, label=label, edgecolor="white", linewidth=0.4)
        base = base + values


def chance_curve(result: BackSolve) -> Figure:
    """Probability of reaching the deals by number of entries, with the two answers marked."""
    from playbook.page.figures import INKS, MUTED, canvas, finish

    from .backsolve import chance
    fmt, top = result.fmt, result.table.iloc[0]
    expected, sure = int(top["expected"]), int(top["sure"])
    tries = np.unique(np.linspace(result.deals, max(sure, expected) * 1.3 + 3, 160).astype(int))
    odds = chance(tries, result.deals, result.rate)
    fig, ax = canvas(2.4)
    ax.plot(tries, odds, color=INKS[0])
    ax.axhline(result.probability, color=MUTED, linewidth=0.8, linestyle=":")
    for n, name in ((expected, "in expectation"), (sure, f"for {fmt.share(result.probability, decimals=0)}")):
        at = float(chance(n, result.deals, result.rate))
        ax.plot([n], [at], "o", color=INKS[1])
        ax.annotate(f"{fmt.count(n)} {name}", (n, at), xytext=(8, -12), textcoords="offset points")
    ax.set_ylim(0, 1.04)
    ax.set_xlabel(f"{top['stage']} entries")
    ax.set_ylabel("probability")
    from matplotlib.ticker import FuncFormatter
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.share(v, decimals=0)))
    alt = (f"The chance of at least {fmt.count(result.deals)} deals rises with the number of {top['stage']} entries: {fmt.share(float(chance(expected, result.deals, result.rate)), decimals=0)} "
           f"at {fmt.count(expected)}, {fmt.share(float(chance(sure, result.deals, result.rate)), decimals=0)} at {fmt.count(sure)}.")
    return finish(fig, title="How many entries make the deals likely", alt=alt, note=f"binomial at {fmt.share(result.rate)} from {top['stage']} to a deal · {result.source}")
