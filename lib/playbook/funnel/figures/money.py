"""Drawings of money: sales against target, what a step is worth, movements and gaps."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import named, say, term
from playbook.page.blocks import Figure

from .axes import money_axis, month_axis, short


def performance_months(
    monthly: pd.DataFrame, currency: str, fmt: Formats, as_of: date
) -> Figure | None:
    """Sales of the last 13 months as bars inside the plan, last year pale behind them."""
    from playbook.page import figures as page
    from playbook.page.notation import AC, PL, PY, columns, name_series

    if monthly.empty:
        return None
    fig, ax = page.canvas(height=2.6)
    x = np.arange(len(monthly))
    if monthly.last_year.notna().any():
        columns(ax, x - 0.3, monthly.last_year.astype(float), PY, width=0.36)
    if monthly.target.notna().any():
        columns(ax, x, monthly.target.astype(float), PL)
    columns(ax, x, monthly.actual.astype(float), AC, width=0.42)
    money_axis(ax.yaxis, fmt)
    month_axis(ax, list(monthly.month), most=13)
    name_series(ax)
    last = monthly.iloc[-1]
    alt = say(
        "Monthly sales over {n} months; {month} {actual}, target {target}, a year ago {last_year}.",
        n=len(monthly),
        month=fmt.text(last.month, "month"),
        actual=fmt.money(last.actual, compact=True),
        target=fmt.money(last.target, compact=True),
        last_year=fmt.money(last.last_year, compact=True),
    )
    return page.finish(
        fig,
        title=say("Sales by month against target and last year"),
        alt=alt,
        note=say(
            "{currency}, net of refunds; as of {as_of}",
            currency=currency,
            as_of=fmt.text(as_of, "date"),
        ),
    )


def bottleneck_values(
    table: pd.DataFrame, currency: str, fmt: Formats, as_of: date
) -> Figure | None:
    """Worth of each step with its interval, largest on top."""
    from playbook.page import figures as page
    from playbook.page.notation import BARS, FC

    rows = table.dropna(subset=["worth"])
    if rows.empty:
        return None
    fig, ax = page.canvas(height=0.9 + 0.4 * len(rows))
    y = np.arange(len(rows))[::-1]
    ax.barh(y, rows.worth, height=0.55, **BARS[FC])
    ax.hlines(y, rows.low, rows.high, color="white", linewidth=2.6)
    ax.hlines(y, rows.low, rows.high, color=page.INKS[0], linewidth=1.1)
    for place, row in zip(y, rows.itertuples(), strict=True):
        ax.annotate(
            f"  {fmt.share(row.rate)} → {fmt.share(row.benchmark)}",
            (max(row.high, row.worth), place),
            va="center",
        )
    ax.set_yticks(y, [short(s, 30) for s in rows.step])
    ax.set_xlim(0, max(float(rows.high.max()), 1) * 1.35)
    money_axis(ax.xaxis, fmt)
    ax.set_xlabel(say("revenue a year at the step's own best quarter"))
    said = joined((f"{r.step} {fmt.money(r.worth, compact=True)}" for r in rows.itertuples()), "; ")
    return page.finish(
        fig,
        title=say("What each step would bring at its own best quarter"),
        alt=say("Worth a year by step: {said}.", said=said),
        note=(
            say(
                "{currency}; line = bootstrap 95 %; rate now → best quarter less"
                " luck; mature cohorts of 12 months; as of {as_of}",
                currency=currency,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def channel_roi(table: pd.DataFrame, span: str, lag: int, fmt: Formats) -> Figure | None:
    """ROI per channel with interval against the cut line."""
    from playbook.page import figures as page

    rows = table.dropna(subset=["roi"])
    if rows.empty:
        return None
    fig, ax = page.canvas(height=0.9 + 0.3 * len(rows))
    y = np.arange(len(rows))[::-1]
    ends = rows.roi_high.fillna(rows.roi)
    ax.hlines(y, rows.roi_low, ends, color=page.INKS[0], linewidth=1)
    ax.plot(rows.roi, y, "o", color=page.INKS[0])
    ax.axvline(1, color=page.INKS[1], linewidth=1, linestyle="--")
    for place, end, row in zip(y, ends, rows.itertuples(), strict=True):
        ax.annotate(f"  {term(row.verdict)}", (end, place), va="center", fontsize=7.5)
    ax.set_yticks(
        y,
        [
            say("{c}  ({w:,})", c=short(named(c), 22), w=int(w))
            for c, w in zip(rows.channel, rows.wins, strict=True)
        ],
    )
    ax.set_xlim(0, max(1.5, float(ends.max()) * 1.25))
    ax.set_xlabel(say("gross profit ÷ cost (cut line at 1)"))
    said = joined(
        (
            say(
                "{channel} {roi}, {verdict}",
                channel=named(r.channel),
                roi=fmt.text(r.roi, "ratio"),
                verdict=term(r.verdict),
            )
            for r in rows.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say("What a channel brings for its cost"),
        alt=say("ROI by channel: {said}.", said=said),
        note=say(
            "Wins in brackets; line = 95 %; {span}; cost {lag} months earlier", span=span, lag=lag
        ),
    )


def movement_bars(
    parts: list[tuple[str, float]], neither: set[int], currency: str, span: str, fmt: Formats
) -> Figure:
    """A waterfall from the opening pipeline to the closing one.

    parts: (label, size) in order; the first and the last are levels, the others signed changes.
    neither: positions of changes that are neither better nor worse: what is won leaves the pipeline
    too.
    """
    return waterfall(
        [label for label, _ in parts],
        [size for _, size in parts],
        {0, len(parts) - 1},
        fmt,
        title=say("Pipeline from opening to closing"),
        note=say(
            "{currency}, expected amounts of open deals in date; {span}",
            currency=currency,
            span=span,
        ),
        neither=neither,
    )


def gap_bars(
    causes: pd.DataFrame,
    members: pd.DataFrame,
    total: dict[str, Any],
    currency: str,
    spans: tuple[str, str],
    fmt: Formats,
) -> Figure | None:
    """From last year to now by cause; without a last year, from target to actual by the first
    dimension's members.
    """
    if len(causes):
        labels = [say("A year ago"), *(term(p).capitalize() for p in causes.part), say("Now")]
        sizes = [total["last_year"], *causes.amount, total["actual"]]
        return waterfall(
            labels,
            sizes,
            {0, len(labels) - 1},
            fmt,
            title=say("From last year's sales to this year's, by cause"),
            note=say(
                "{currency}; {spans} against {spans_2}",
                currency=currency,
                spans=spans[0],
                spans_2=spans[1],
            ),
        )
    if members.empty:
        return None
    rows = members[members.dimension == members.dimension.iloc[0]].head(8)
    labels = [say("Target"), *(named(w) for w in rows.label), say("Actual")]
    return waterfall(
        labels,
        [total["target"], *rows.gap, total["actual"]],
        {0, len(labels) - 1},
        fmt,
        title=say("From target to actual"),
        first="PL",
        note=say("{currency}; {spans}", currency=currency, spans=spans[0]),
    )


def waterfall(
    labels: list[str],
    sizes: list[float],
    levels: set[int],
    fmt: Formats,
    *,
    title: str,
    note: str,
    first: str = "PY",
    neither: Set[int] = frozenset(),
) -> Figure:
    """Bars from one level to another.

    levels: positions of the bars that stand on zero; the others are changes between them.
    first: what the bar it starts from is (PY, PL). neither: positions of changes that are neither
    better nor worse.
    """
    from playbook.page import figures as page
    from playbook.page.notation import AC, BARS, variance

    fig, ax = page.canvas(height=2.6)
    level, top, said = 0.0, 0.0, []
    for x, (label, size) in enumerate(zip(labels, sizes, strict=True)):
        bottom, height = (0.0, size) if x in levels else (level, size)
        last = x == len(sizes) - 1
        fill = (
            BARS[AC if last else first]
            if x in levels
            else variance(None if x in neither else size >= 0)
        )
        ax.bar(x, height, bottom=bottom, width=0.65, **fill)
        ax.annotate(
            fmt.money(size, compact=True, sign=x not in levels),
            (x, max(bottom, bottom + height)),
            ha="center",
            va="bottom",
            fontsize=7.5,
        )
        top = max(top, bottom, bottom + height)
        level = size if x in levels else level + size
        said.append(f"{label} {fmt.money(size, compact=True, sign=x not in levels)}")
    ax.axhline(0, color=page.MUTED, linewidth=0.6)
    ax.set_xticks(range(len(labels)), [short(w, 16) for w in labels])
    ax.set_ylim(None, top * 1.1 if top > 0 else None)
    money_axis(ax.yaxis, fmt)
    return page.finish(
        fig,
        title=title,
        alt=say("{title}: {said}.", title=title, said=joined(said, "; ")),
        note=note,
    )
