"""Drawings of money: sales against target, what a step is worth, movements and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.page.blocks import Figure

from .deals import month_axis, short

if TYPE_CHECKING:
    from playbook.funnel.money.channels import Channels
    from playbook.funnel.money.gap import Gap
    from playbook.funnel.money.performance import Performance
    from playbook.funnel.places.bottleneck import Bottleneck
    from playbook.funnel.steps.movement import Movement
    from playbook.funnel.talk.reasons import Reasons


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
        ax.plot(
            x,
            rows.last_year,
            color=page.INKS[1],
            linestyle="--",
            linewidth=1.1,
            marker="o",
            markersize=2.5,
            label="a year ago",
        )
    money_axis(ax.yaxis, result.fmt)
    month_axis(ax, list(rows.month), most=13)
    page.legend_right(ax)
    last = rows.iloc[-1]
    alt = (
        f"Monthly sales over {len(rows)} months; {result.fmt.text(last.month, 'month')}"
        f" {result.fmt.money(last.actual, compact=True)}, target"
        f" {result.fmt.money(last.target, compact=True)}, a year ago"
        f" {result.fmt.money(last.last_year, compact=True)}."
    )
    return page.finish(
        fig,
        title="Sales by month against target and last year",
        alt=alt,
        note=f"{result.currency}, net of refunds; as of {result.fmt.text(result.as_of, 'date')}",
    )


def bottleneck_values(result: Bottleneck) -> Figure | None:
    """Worth of each step with its interval, largest on top."""
    from playbook.page import figures as page

    rows = result.table.dropna(subset=["worth"])
    if rows.empty:
        return None
    fig, ax = page.canvas(height=0.9 + 0.4 * len(rows))
    y = np.arange(len(rows))[::-1]
    ax.barh(y, rows.worth, color=page.INKS[2], height=0.55)
    ax.hlines(y, rows.low, rows.high, color=page.INKS[0], linewidth=1.2)
    for place, row in zip(y, rows.itertuples(), strict=True):
        ax.annotate(
            f"  {result.fmt.share(row.rate)} → {result.fmt.share(row.benchmark)}",
            (max(row.high, row.worth), place),
            va="center",
        )
    ax.set_yticks(y, [short(s, 30) for s in rows.step])
    ax.set_xlim(0, max(float(rows.high.max()), 1) * 1.35)
    money_axis(ax.xaxis, result.fmt)
    ax.set_xlabel("revenue a year at the step's own best quarter")
    said = "; ".join(
        f"{r.step} {result.fmt.money(r.worth, compact=True)}" for r in rows.itertuples()
    )
    return page.finish(
        fig,
        title="What each step would bring at its own best quarter",
        alt=f"Worth a year by step: {said}.",
        note=(
            f"{result.currency}; line = bootstrap 95 %; rate now → best quarter; mature cohorts of"
            f" 12 months; as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def movement_bars(result: Movement) -> Figure:
    """A waterfall from opening to closing."""
    from playbook.funnel.steps.movement import SIGNS, WORDS
    from playbook.page import figures as page

    parts = [p for p in SIGNS if p in ("opening", "closing") or result.total[p]]
    return waterfall(
        [WORDS[p] for p in parts],
        [result.total[p] * (SIGNS[p] or 1) for p in parts],
        {0, len(parts) - 1},
        result.fmt,
        page,
        title="Pipeline from opening to closing",
        note=f"{result.currency}, expected amounts of open deals in date; {result.span}",
    )


def waterfall(
    words: list[str], sizes: list[float], whole: set[int], fmt, page, *, title: str, note: str
) -> Figure:
    """Steps from one level to another; the places in ``whole`` are levels, the others changes."""
    fig, ax = page.canvas(height=2.6)
    level, top, said = 0.0, 0.0, []
    for x, (word, size) in enumerate(zip(words, sizes, strict=True)):
        bottom, height = (0.0, size) if x in whole else (level, size)
        colour = page.INKS[0] if x in whole else page.INKS[2] if size >= 0 else page.INKS[1]
        ax.bar(x, height, bottom=bottom, color=colour, width=0.65)
        ax.annotate(
            fmt.money(size, compact=True, sign=x not in whole),
            (x, max(bottom, bottom + height)),
            ha="center",
            va="bottom",
            fontsize=7.5,
        )
        top = max(top, bottom, bottom + height)
        level = size if x in whole else level + size
        said.append(f"{word} {fmt.money(size, compact=True, sign=x not in whole)}")
    ax.axhline(0, color=page.MUTED, linewidth=0.6)
    ax.set_xticks(range(len(words)), [short(w, 16) for w in words])
    ax.set_ylim(None, top * 1.1 if top > 0 else None)
    money_axis(ax.yaxis, fmt)
    return page.finish(fig, title=title, alt=f"{title}: {'; '.join(said)}.", note=note)


def channel_roi(result: Channels) -> Figure | None:
    """ROI per channel with interval against the cut line."""
    from playbook.page import figures as page

    rows = result.table.dropna(subset=["roi"])
    if rows.empty:
        return None
    fig, ax = page.canvas(height=0.9 + 0.3 * len(rows))
    y = np.arange(len(rows))[::-1]
    ax.hlines(y, rows.roi_low, rows.roi_high, color=page.INKS[0], linewidth=1)
    ax.plot(rows.roi, y, "o", color=page.INKS[0])
    ax.axvline(1, color=page.INKS[1], linewidth=1, linestyle="--")
    for place, row in zip(y, rows.itertuples(), strict=True):
        ax.annotate(f"  {row.verdict}", (row.roi_high, place), va="center", fontsize=7.5)
    ax.set_yticks(
        y, [f"{short(c, 22)}  ({int(w):,})" for c, w in zip(rows.channel, rows.wins, strict=True)]
    )
    ax.set_xlim(0, max(1.5, float(rows.roi_high.max()) * 1.25))
    ax.set_xlabel("gross profit ÷ cost (cut line at 1)")
    said = "; ".join(
        f"{r.channel} {result.fmt.text(r.roi, 'ratio')}, {r.verdict}" for r in rows.itertuples()
    )
    return page.finish(
        fig,
        title="What a channel brings for its cost",
        alt=f"ROI by channel: {said}.",
        note=f"Wins in brackets; line = 95 %; {result.span}; cost {result.lag} months earlier",
    )


def gap_bars(result: Gap) -> Figure | None:
    """From last year to now by cause; without a last year, from target to actual by the first
    dimension's members.
    """
    from playbook.page import figures as page

    if len(result.pvm):
        words = ["A year ago", *(p.capitalize() for p in result.pvm.part), "Now"]
        sizes = [result.total["last_year"], *result.pvm.amount, result.total["actual"]]
        return waterfall(
            words,
            sizes,
            {0, len(words) - 1},
            result.fmt,
            page,
            title="From last year's sales to this year's, by cause",
            note=f"{result.currency}; {result.spans[0]} against {result.spans[1]}",
        )
    if result.members.empty:
        return None
    rows = result.members[result.members.dimension == result.members.dimension.iloc[0]].head(8)
    words = ["Target", *rows.label, "Actual"]
    return waterfall(
        words,
        [result.total["target"], *rows.gap, result.total["actual"]],
        {0, len(words) - 1},
        result.fmt,
        page,
        title="From target to actual",
        note=f"{result.currency}; {result.spans[0]}",
    )


def match_months(result: Reasons) -> Figure | None:
    """Match rate of leads and objection rate of negotiations, by month."""
    from playbook.page import figures as page

    from .deals import percent_axis

    rows = result.monthly
    if rows.rate.isna().all() and rows.objection_rate.isna().all():
        return None
    fig, ax = page.canvas(height=2.4)
    x = np.arange(len(rows))
    ax.plot(x, rows.rate, "o-", color=page.INKS[0], label="leads that match")
    if rows.objection_rate.notna().any():
        ax.plot(
            x, rows.objection_rate, "s--", color=page.INKS[1], markersize=3.5, label="objections"
        )
    ax.set_ylim(0, 1)
    percent_axis(ax.yaxis)
    month_axis(ax, list(rows.month), most=9)
    page.legend_right(ax)
    last = rows.iloc[-1]
    return page.finish(
        fig,
        title="Leads that match a need, deals that meet an objection",
        alt=(
            f"Match rate and objection rate by month; last month {result.fmt.share(last.rate)} and"
            f" {result.fmt.share(last.objection_rate)}."
        ),
        note=(
            f"Share of leads by month created; share of deals by month of reaching {result.stage};"
            f" as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )
