"""Lines with bands over time, their ticks, and names at their ends that do not collide."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from playbook.base.formats import is_missing

from .axes import DASHES, MARKERS, TEXT, short
from .figures import INKS


def lines(
    ax: Axes,
    x: Sequence[Any],
    series: dict[str, Sequence[float | None]],
    *,
    band: tuple[Sequence[float], Sequence[float]] | None = None,
    band_label: str = "",
    marks: bool = True,
) -> None:
    """Lines over ``x`` named at their right end; differing in ink, dash and mark. band: (low, high)
    around the first line.
    """
    place = np.arange(len(x)) if len(x) and isinstance(x[0], str) else x
    if band is not None:
        ax.fill_between(
            place,
            np.array(band[0], dtype=float),
            np.array(band[1], dtype=float),
            color=INKS[2],
            alpha=0.22,
            linewidth=0,
            label=band_label,
        )
    for i, values in enumerate(series.values()):
        heights = np.array([np.nan if is_missing(v) else float(v) for v in values])
        ax.plot(
            place,
            heights,
            color=INKS[i % len(INKS)],
            linestyle=DASHES[i % len(DASHES)],
            linewidth=1.7,
            marker=MARKERS[i % len(MARKERS)] if marks and len(heights) <= 36 else None,
            markersize=3.4,
        )
    name_ends(ax, list(series))
    if len(x) and isinstance(x[0], str):
        month_ticks(ax, x)


def month_ticks(ax: Axes, labels: Sequence[str], most: int = 13) -> None:
    """Category ticks, thinned so that no two labels meet."""
    step = -(-len(labels) // most)
    kept = range((len(labels) - 1) % step, len(labels), step) if len(labels) else range(0)
    ax.set_xticks(list(kept), [labels[i] for i in kept])


def name_ends(ax: Axes, names: Sequence[str], gap: float = 9.0) -> None:
    """Names of the lines drawn last, beside their right ends and ``gap`` points apart at least;
    better than a legend.
    """
    drawn = ax.get_lines()[-len(names) :] if names else []
    ends = []
    for line, name in zip(drawn, names, strict=True):
        xs, ys = (
            np.asarray(line.get_xdata(), dtype=object),
            np.asarray(line.get_ydata(), dtype=float),
        )
        seen = np.flatnonzero(np.isfinite(ys))
        if seen.size and name and not name.startswith("_"):
            ends.append((ys[seen[-1]], xs[seen[-1]], name, line.get_color()))
    if not ends:
        return
    low, high = ax.get_ylim()
    tall = (
        ax.figure.get_size_inches()[1] * 72 * ax.get_position().height * 0.92
    )  # points of the axes, before the layout is final
    spread = apart([(y - low) / ((high - low) or 1) * tall for y, *_ in ends], gap)
    for (y, x, name, ink), height in zip(ends, spread, strict=True):
        shift = height - (y - low) / ((high - low) or 1) * tall
        ax.annotate(
            short(name, 22),
            (x, y),
            xytext=(6, shift),
            textcoords="offset points",
            color=ink,
            fontsize=TEXT + 0.5,
            va="center",
            annotation_clip=False,
        )


def apart(heights: Sequence[float], gap: float) -> list[float]:
    """Heights moved as little as needed to be ``gap`` apart, their order kept."""
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights, dtype=float)
    for _ in range(50):
        moved = False
        for a, b in pairwise(order):
            short_of = gap - (placed[b] - placed[a])
            if short_of > 1e-6:
                placed[a] -= short_of / 2
                placed[b] += short_of / 2
                moved = True
        if not moved:
            break
    return placed.tolist()
