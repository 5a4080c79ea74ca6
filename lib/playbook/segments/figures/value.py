"""Segments, value tiers and the concentration of revenue, drawn."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page import Figure


def paired_bars(
    labels: list[str],
    first: list[float],
    second: list[float],
    names: tuple[str, str],
    texts: list[str],
    fmt: Formats,
    *,
    title: str,
    alt: str,
    note: str,
) -> Figure:
    """Two horizontal bars per row (shares), with a text at the end of each row."""
    from playbook.page.charts import number_axis, short
    from playbook.page.figures import INKS, canvas, finish
    from playbook.page.notation import key_above

    fig, ax = canvas(height=0.9 + 0.29 * len(labels))
    rows = np.arange(len(labels))
    ax.barh(rows - 0.18, first, height=0.34, color=INKS[2], label=names[0])
    ax.barh(rows + 0.18, second, height=0.34, color=INKS[0], label=names[1])
    longest = max([*first, *second, 0.01])
    for row, a, b, text in zip(rows, first, second, texts, strict=True):
        ax.text(max(a, b, 0) + longest * 0.015, row, text, va="center", fontsize=7.5)
    ax.set_yticks(rows, [short(label) for label in labels])
    ax.invert_yaxis()
    ax.set_xlim(min([*first, *second, 0]) * 1.05, longest * 1.3)
    number_axis(ax, fmt, "share", "x")
    ax.set_xlabel(say("share of all customers / of all revenue"))
    key_above(ax)
    return finish(fig, title=title, alt=alt, note=note)


def segment_bars(table: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """Share of customers and of revenue per segment. table: a frame of ``SegmentRows``."""
    rows = table[table["customers"] > 0]
    texts = [
        f"{fmt.count(n)} · {fmt.money(v, compact=True)}"
        for n, v in zip(rows["customers"], rows["revenue"], strict=True)
    ]
    said = joined(
        (
            say("{s}: {a} of customers, {b} of revenue", s=term(s), a=fmt.share(a), b=fmt.share(b))
            for s, a, b in rows[["segment", "customer_share", "revenue_share"]].itertuples(
                index=False
            )
        ),
        "; ",
    )
    return paired_bars(
        [term(name) for name in rows["segment"]],
        _numbers(rows["customer_share"]),
        _numbers(rows["revenue_share"]),
        (say("share of customers"), say("share of revenue")),
        texts,
        fmt,
        title=say("Customers and revenue by segment"),
        alt=say("Bars by segment. {said}.", said=said),
        note=note,
    )


def tier_bars(rows: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """Share of customers and of revenue per tier. rows: a frame of ``TierRows``."""
    texts = [
        f"{fmt.count(n)} · {fmt.money(v, compact=True)}"
        for n, v in zip(rows["customers"], rows["revenue"], strict=True)
    ]
    said = joined(
        (
            say(
                "{tier} ({edges}): {a} of customers, {b} of revenue",
                tier=fmt.text(tier, "tier"),
                edges=edges,
                a=fmt.share(a),
                b=fmt.share(b),
            )
            for tier, edges, a, b in rows[
                ["tier", "edges", "customer_share", "revenue_share"]
            ].itertuples(index=False)
        ),
        "; ",
    )
    return paired_bars(
        [fmt.text(name, "tier") for name in rows["tier"]],
        _numbers(rows["customer_share"]),
        _numbers(rows["revenue_share"]),
        (say("share of customers"), say("share of revenue")),
        texts,
        fmt,
        title=say("Customers and revenue by value tier"),
        alt=say("Bars by tier. {said}.", said=said),
        note=note,
    )


def _numbers(values: Iterable[float | None]) -> list[float]:
    return [0.0 if v is None or v != v else float(v) for v in values]


def pareto(
    table: pd.DataFrame,
    customers: pd.DataFrame,
    gini: float | None,
    head_share: float,
    note: str,
    fmt: Formats,
) -> Figure:
    """Cumulative share of revenue over customers from the largest down, with the ends of classes A
    and B and the mark of the head-count rule.

    table: a frame of ``AbcClasses``; customers: of ``RankedCustomers``; head_share: share of
    customers that the head-count rule puts into class A.
    """
    from playbook.page.charts import number_axis
    from playbook.page.figures import INKS, MUTED, RULE, canvas, finish
    from playbook.page.notation import figure_key

    n = len(customers)
    x, y = np.arange(n + 1) / n, np.concatenate(([0.0], customers["cumulative"].to_numpy()))
    thin = np.unique(np.linspace(0, n, min(n + 1, 400)).astype(int))
    fig, ax = canvas(height=3.3)
    ax.plot(x[thin], y[thin], color=INKS[0], label=say("customers, largest first (Pareto curve)"))
    ax.plot(
        [0, 1], [0, 1], color=MUTED, linestyle=":", linewidth=1, label=say("all customers alike")
    )
    ax.plot(
        x[thin],
        1 - y[n - thin],
        color=INKS[2],
        linestyle="--",
        linewidth=1.2,
        label=say("customers, smallest first (Lorenz curve)"),
    )
    ends = np.cumsum(table["customers"].to_numpy())[:2]
    for letter, end in zip("AB", ends, strict=True):
        ax.axvline(end / n, color=RULE, linewidth=1)
        ax.plot(end / n, y[end], "o", color=INKS[1])
        late = end / n > 0.82  # near the right frame the label goes to the left, below the curve
        ax.annotate(
            say(
                "{letter}: {end} of customers,\n{y} of revenue",
                letter=letter,
                end=fmt.share(end / n),
                y=fmt.share(y[end]),
            ),
            (end / n, y[end]),
            xytext=(-8, -46) if late else (8, -24),
            textcoords="offset points",
            ha="right" if late else "left",
            fontsize=7.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
        )
    head = int(np.sum(customers["class_heads"] == "A"))
    ax.plot(
        head / n,
        y[head],
        "s",
        color=INKS[3],
        label=(
            say(
                "first {head_share} by head count: {y} of revenue",
                head_share=fmt.share(head_share, decimals=0),
                y=fmt.share(y[head]),
            )
        ),
    )
    for which in ("x", "y"):
        number_axis(ax, fmt, "share", which)
    ax.set(
        xlabel=say("share of customers, largest first"),
        ylabel=say("cumulative share of revenue"),
        xlim=(0, 1.02),
        ylim=(0, 1.04),
    )
    figure_key(fig, columns=2)
    half = x.searchsorted(0.5)
    alt = say(
        "Pareto and Lorenz curve of {n} customers: {ends} of them bring {y}"
        " of revenue, {ends_2} bring {y_2}; the smaller half {y_3}; Gini"
        " {gini}.",
        n=fmt.count(n),
        ends=fmt.share(ends[0] / n),
        y=fmt.share(y[ends[0]]),
        ends_2=fmt.share(ends[1] / n),
        y_2=fmt.share(y[ends[1]]),
        y_3=fmt.share(1 - y[n - half]),
        gini=fmt.text(gini, "score"),
    )
    return finish(fig, title=say("How concentrated the revenue is"), alt=alt, note=note)
