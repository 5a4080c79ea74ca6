"""Drawings of money: sales against target, what a step is worth, movements and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.page.blocks import Figure

from .figures import month_axis

if TYPE_CHECKING:
    from .performance import Performance


def money_axis(axis, fmt) -> None:
    from matplotlib.ticker import FuncFormatter
    axis.set_major_formatter(FuncFormatter(lambda v, _: fmt.money(v, compact=True)))


def performance_months(result: Performance) -> Figure | None:
    """Sales of the last 13 months as bars, target as ticks, last year as a thin line."""
    from playbook.page import figures as page
    rows = result.monthly
    if rows.empty:
        return None
    fig, ax = page.canvas(height=2.6)
    x = np.arange(len(rows))
    ax.bar(x, rows.actual, color=page.INKS[2], width=0.7, label="actual")
    if rows.target.notna().any():
        ax.hlines(rows.target, x - 0.42, x + 0.42, color=page.INKS[0], linewidth=2, label="target")
    if rows.last_year.notna().any():
        ax.plot(x, rows.last_year, color=page.INKS[1], linestyle="--", linewidth=1.1, marker="o", markersize=2.5, label="a year ago")
    money_axis(ax.yaxis, result.fmt)
    month_axis(ax, list(rows.month), most=13)
    page.legend_right(ax)
    last = rows.iloc[-1]
    alt = (f"Monthly sales over {len(rows)} months; {result.fmt.text(last.month, 'month')} {result.fmt.money(last.actual, compact=True)}, "
           f"target {result.fmt.money(last.target, compact=True)}, a year ago {result.fmt.money(last.last_year, compact=True)}.")
    return page.finish(fig, title="Sales by month against target and last year", alt=alt, note=f"{result.currency}, net of refunds; as of {result.fmt.text(result.as_of, 'date')}")
