"""Drawings of the case chapter: from a result's frame to a figure with a generated text
alternative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.page.blocks import Figure

if TYPE_CHECKING:
    from playbook.case.claim_check import Stated
    from playbook.case.indicators import Indicators

MOST = 33  # months drawn


def indicator_grid(result: Indicators) -> Figure:
    """One small panel per indicator: months thin, quarters thick, a line where the measures start."""
    from playbook.page import charts
    from playbook.page import figures as page

    shown = [i for i in result.present if not (i.key == "growth" and len(result.present) > 11)][:12]
    down = -(-len(shown) // 3)
    fig, axes = page.canvas(height=0.5 + 1.75 * down, columns=3, rows=down, squeeze=False)
    months = sorted(result.course.monthly.period.unique())[-MOST:]
    place = {month: i for i, month in enumerate(months)}
    told = []
    for ax, indicator in zip(axes.flat, shown, strict=False):
        monthly = result.course.monthly[
            (result.course.monthly.indicator == indicator.key)
            & result.course.monthly.period.isin(place)
        ]
        quarterly = _middles(
            result.course.quarterly[result.course.quarterly.indicator == indicator.key], place
        )
        scale = 1 / 3 if indicator.key in ("sales", "leads", "won", "per_head") else 1.0
        ax.plot([place[m] for m in monthly.period], monthly.value, color=page.MUTED, linewidth=0.7)
        ax.plot(quarterly.x, quarterly.value * scale, color=page.INKS[0], marker="o", markersize=3)
        _measures_line(ax, result, place, page)
        ax.set_title(charts.short(indicator.label, 30), loc="left")
        charts.number_axis(ax, result.fmt, indicator.unit, most=4)
        _years(ax, months)
        if len(quarterly):
            told.append(
                f"{indicator.label}"
                f" {result.fmt.text(quarterly.value.iloc[-1], indicator.unit, compact=True)} in"
                f" {quarterly.period.iloc[-1]}"
            )
    for ax in list(axes.flat)[len(shown) :]:
        ax.set_visible(False)
    start = (
        f"; the vertical line marks the measures of {result.fmt.text(result.measures_from, 'date')}"
        if result.measures_from
        else ""
    )
    return page.finish(
        fig,
        title="The company's course: months thin, quarters thick",
        alt=f"{len(shown)} small panels over {len(months)} months: {'; '.join(told)}{start}.",
        note=(
            f"dots: calendar quarters (sums as a month's mean){start} · money in {result.currency}"
            f" · as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def _middles(quarterly: pd.DataFrame, place: dict[str, int]) -> pd.DataFrame:
    """Quarters with the place of their middle month."""
    middle = [f"{p[:4]}-{(int(p[6]) - 1) * 3 + 2:02d}" for p in quarterly.period]
    return quarterly.assign(x=[place.get(m) for m in middle]).dropna(subset=["x", "value"])


def _measures_line(ax, result: Indicators, place: dict[str, int], page) -> None:
    month = f"{result.measures_from:%Y-%m}" if result.measures_from else ""
    if month in place:
        ax.axvline(place[month] - 0.5, color=page.INKS[1], linewidth=1, linestyle=(0, (4, 2)))


def _years(ax, months: list[str]) -> None:
    """January of each year on the axis; every quarter's start where the span is short."""
    marks = [i for i, m in enumerate(months) if m.endswith("-01")] or [0]
    ax.set_xticks(marks, [months[i][:4] for i in marks])
    ax.set_xlim(-1, len(months))


def claims_dots(result: Stated) -> Figure:
    """Each published figure as a bar's end against the recomputed one, in roundings of the text."""
    from playbook.page import charts
    from playbook.page import figures as page

    rows = result.table[result.table.recomputed.notna()].reset_index(drop=True)
    fig, ax = page.canvas(height=0.8 + 0.235 * len(rows))
    scale = np.where(rows.unit == "days", 100.0, 1.0)  # days on the same axis as percent
    stated, found = rows.stated * 100 / scale, rows.recomputed.astype(float) * 100 / scale
    y = np.arange(len(rows))[::-1]
    for at, a, b in zip(y, stated, found, strict=True):
        ax.plot([a, b], [at, at], color=page.RULE, linewidth=1.5, zorder=1)
    low, high = rows.low.astype(float) * 100, rows.high.astype(float) * 100
    ax.hlines(y, low, high, color=page.INKS[2], linewidth=0.8, alpha=0.7)
    ax.scatter(
        stated,
        y,
        s=34,
        facecolors="none",
        edgecolors=page.INKS[1],
        linewidths=1.3,
        label="stated",
        zorder=3,
    )
    ax.scatter(found, y, s=12, color=page.INKS[0], label="recomputed", zorder=4)
    ax.set_yticks(y, [charts.short(c, 44) for c in rows.claim])
    ax.set_xlabel("percent; days for the two cycle lines")
    ax.grid(True, axis="x")
    _key(
        fig,
        [
            {
                "linestyle": "",
                "marker": "o",
                "markerfacecolor": "none",
                "markeredgecolor": page.INKS[1],
                "label": "stated",
            },
            {"linestyle": "", "marker": "o", "color": page.INKS[0], "label": "recomputed"},
            {"color": page.INKS[2], "label": "Wilson 95 %"},
        ],
    )
    told = "; ".join(
        f"{r.claim} stated {result.fmt.text(r.stated, r.unit, decimals=0)}, recomputed"
        f" {result.fmt.text(r.recomputed, r.unit)}"
        for r in rows.itertuples()
    )
    return page.finish(
        fig,
        title=(
            f"{result.count('match')} of {len(rows)} recomputed figures fall on the published ones"
        ),
        alt=f"Pairs of dots: {told}.",
        note=(
            "rings: published, dots: recomputed from the tables, lines: Wilson 95 % · as of"
            f" {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def _key(fig, marks: list[dict]) -> None:
    """A legend above the plot, outside its frame, so that no sign of it passes for a value."""
    from matplotlib.lines import Line2D

    fig.legend(
        handles=[Line2D([], [], markersize=5, linewidth=1.2, **mark) for mark in marks],
        loc="outside upper left",
        ncols=len(marks),
    )


def benchmark_spans(result, shown: pd.DataFrame) -> Figure:
    """Published before → after as an arrow, the book's own value as a dot."""
    from playbook.page import charts
    from playbook.page import figures as page

    rows = shown.reset_index(drop=True)
    fig, ax = page.canvas(height=0.8 + 0.26 * len(rows))
    y = np.arange(len(rows))[::-1]
    for at, r in zip(y, rows.itertuples(), strict=True):
        start = r.after if pd.isna(r.before) else r.before
        ax.annotate(
            "",
            (r.after, at),
            (start, at),
            arrowprops={"arrowstyle": "-|>", "color": page.INKS[2], "linewidth": 1.4},
        )
        ax.plot(start, at, marker="|", color=page.INKS[2], markersize=8)
    ax.scatter(rows.own.astype(float), y, s=30, color=page.INKS[1], marker="D", zorder=4)
    ax.set_yticks(y, [charts.short(f"{r.figure} · {r.source}", 52) for r in rows.itertuples()])
    charts.number_axis(ax, result.fmt, "share", which="x")
    ax.set_ylim(-0.7, len(rows) - 0.3)
    _key(
        fig,
        [
            {"color": page.INKS[2], "marker": ">", "label": "published: before → after"},
            {"linestyle": "", "color": page.INKS[1], "marker": "D", "label": "this book"},
        ],
    )
    told = "; ".join(
        f"{r.figure} of {r.source}: published {result._span(r._asdict())}, this book"
        f" {result.fmt.share(r.own)}"
        for r in rows.itertuples()
    )
    return page.finish(
        fig,
        title="Published before and after, and where this book stands",
        alt=f"Arrows from before to after with a dot for this book: {told}.",
        note=(
            "arrows: published change · dot: this book's latest span · shares only · as of"
            f" {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def lever_bars(result) -> Figure:
    """Contribution of each measure to growth, with its interval."""
    from playbook.case.measures.levers import LABELS
    from playbook.page import charts
    from playbook.page import figures as page

    rows = result.table[result.table.outcome == "growth"].sort_values(
        "effect", ascending=False, kind="stable"
    )
    fig, ax = page.canvas(height=0.9 + 0.32 * len(rows))
    charts.hbars(
        ax,
        [LABELS[name] for name in rows.lever],
        rows.effect.tolist(),
        result.fmt,
        "pp",
        low=rows.low.tolist(),
        high=rows.high.tolist(),
    )
    ax.set_xlabel("contribution to growth on a year before")
    told = "; ".join(
        f"{LABELS[r.lever]} {result.fmt.text(r.effect, 'pp')}" for r in rows.itertuples()
    )
    return page.finish(
        fig,
        title="What each measure contributes to growth in the simulated company",
        alt=f"Bars: {told}.",
        note=(
            f"Shapley values over all combinations, {result.seeds} simulated companies, lines: 95 %"
            f" interval · as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )
