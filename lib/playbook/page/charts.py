"""The drawings most sections need, each on axes it is given: bars with intervals, lines with bands,
heat maps, small multiples, waterfalls.

Lightness carries the order, marks and hatches the difference, words stand beside what they name:
every drawing reads in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from playbook.base.formats import Formats, is_missing

from .axes import DASHES, DEEP, LIGHT, MARKERS, SHADES, TEXT, columns_of, number_axis, short
from .figures import BAD, GOOD, INKS, MUTED, RULE
from .line_charts import lines, month_ticks, name_ends
from .notation import AC, PY, columns, variance

__all__ = [
    "DASHES",
    "DEEP",
    "LIGHT",
    "MARKERS",
    "SHADES",
    "TEXT",
    "columns_of",
    "hbars",
    "heat",
    "lines",
    "month_ticks",
    "name_ends",
    "number_axis",
    "short",
    "waterfall",
]


def hbars(
    ax: Axes,
    labels: Sequence[Any],
    values: Sequence[float | None],
    fmt: Formats,
    unit: str,
    *,
    low: Sequence[float | None] | None = None,
    high: Sequence[float | None] | None = None,
    tones: Sequence[str] | None = None,
    reference: float | None = None,
    reference_label: str = "",
    detail: Sequence[str] | None = None,
    compact: bool = True,
) -> None:
    """Horizontal bars, first label on top, each with its value (and ``detail``, such as n) written
    at the end.

    low, high: interval drawn as a whisker. tones: good / bad / "" per bar. reference: a vertical
    rule such as the target.
    A missing value leaves its row empty with a dash.
    """
    place = np.arange(len(labels))
    sizes = np.array([0.0 if is_missing(v) else float(v) for v in values])
    tones = list(tones or [""] * len(labels))
    for i, size in enumerate(sizes):
        tone = tones[i]
        ax.barh(
            i,
            size,
            height=0.62,
            color={"good": GOOD, "bad": BAD, "muted": RULE}.get(tone, INKS[0]),
            hatch="////" if tone == "bad" else "",
            edgecolor="white",
            linewidth=0,
        )
    ends = sizes.copy()
    if low is not None and high is not None:
        for i, (a, b) in enumerate(zip(low, high, strict=True)):
            if not (is_missing(a) or is_missing(b) or is_missing(values[i])):
                ax.plot(
                    [float(a), float(b)],
                    [i, i],
                    color=MUTED,
                    linewidth=0.9,
                    solid_capstyle="butt",
                    marker="|",
                    markersize=4,
                )
                ends[i] = max(ends[i], float(b)) if sizes[i] >= 0 else min(ends[i], float(a))
    for i, value in enumerate(values):
        words = fmt.text(value, unit, compact=compact) + (
            f"  {detail[i]}" if detail and detail[i] else ""
        )
        left = sizes[i] < 0
        ax.annotate(
            words,
            (ends[i], i),
            xytext=(-4 if left else 4, 0),
            textcoords="offset points",
            va="center",
            ha="right" if left else "left",
            fontsize=TEXT,
        )
    ax.set_yticks(place, [short(label) for label in labels])
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.axvline(0, color=MUTED, linewidth=0.8)
    if reference is not None:
        ax.axvline(reference, color=INKS[1], linewidth=1.1, linestyle=DASHES[1])
        if reference_label:
            ax.annotate(
                reference_label,
                (reference, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=TEXT,
                color=INKS[1],
            )
    _room_for_words(ax, ends)
    number_axis(ax, fmt, unit, "x", compact=compact)


def _room_for_words(ax: Axes, ends: np.ndarray) -> None:
    """Widen the value axis so that the words at the ends of bars are inside the frame."""
    low, high = min(0.0, ends.min(initial=0.0)), max(0.0, ends.max(initial=0.0))
    span = (high - low) or 1.0
    ax.set_xlim(low - (0.24 * span if low < 0 else 0.0), high + 0.24 * span)


def heat(
    ax: Axes,
    values: Sequence[Sequence[float | None]],
    rows: Sequence[Any],
    columns: Sequence[Any],
    fmt: Formats,
    unit: str,
    *,
    most: float | None = None,
    decimals: int | None = 0,
    details: Sequence[Sequence[str]] | None = None,
) -> None:
    """A table of shades with each value written in it; missing cells stay white with a dash.
    ``most``: value of the deepest shade.
    """
    grid = np.array(
        [[np.nan if is_missing(v) else float(v) for v in row] for row in values], dtype=float
    )
    top = most if most is not None else (np.nanmax(grid) if np.isfinite(grid).any() else 1.0)
    bottom = min(0.0, np.nanmin(grid)) if np.isfinite(grid).any() else 0.0
    ax.imshow(
        np.ma.masked_invalid(grid),
        cmap=SHADES,
        vmin=bottom,
        vmax=top or 1.0,
        aspect="auto",
        interpolation="nearest",
    )
    for (i, j), value in np.ndenumerate(grid):
        deep = np.isfinite(value) and (value - bottom) / ((top - bottom) or 1.0) > 0.5
        words = (
            fmt.text(value, unit, decimals=decimals)
            if unit in ("share", "pp")
            else fmt.text(value, unit, compact=True)
        )
        below = f"\n{details[i][j]}" if details and details[i][j] else ""
        ax.text(
            j,
            i,
            words + below,
            ha="center",
            va="center",
            fontsize=TEXT,
            color="white" if deep else "#1d1d1f",
            linespacing=1.15,
        )
    ax.set_xticks(range(len(columns)), [short(c, 14) for c in columns])
    ax.set_yticks(range(len(rows)), [short(r) for r in rows])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_xticks(np.arange(-0.5, len(columns)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(rows)), minor=True)
    ax.grid(True, which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def waterfall(
    ax: Axes,
    labels: Sequence[str],
    steps: Sequence[float | None],
    start: float,
    fmt: Formats,
    unit: str,
    *,
    start_label: str,
    end_label: str,
    compact: bool = True,
) -> None:
    """From a first total over signed steps to the last one; they differ in ink and sign."""
    sizes = [0.0 if is_missing(s) else float(s) for s in steps]
    level, tops = start, [start]
    columns(ax, 0, start, PY, width=0.62)
    for i, size in enumerate(sizes, start=1):
        ax.bar(
            i,
            size,
            bottom=level,
            width=0.62,
            **variance(size >= 0),
        )
        ax.plot([i - 1 + 0.31, i + 0.31], [level, level], color=MUTED, linewidth=0.7)
        tops.append(max(level, level + size))
        level += size
    last = len(sizes) + 1
    ax.plot([last - 1 + 0.31, last + 0.31], [level, level], color=MUTED, linewidth=0.7)
    columns(ax, last, level, AC, width=0.62)
    words = [
        fmt.text(start, unit, compact=compact),
        *(fmt.text(s, unit, compact=compact, sign=True) for s in steps),
        fmt.text(level, unit, compact=compact),
    ]
    for i, (top, text) in enumerate(zip([*tops, level], words, strict=True)):
        ax.annotate(
            text,
            (i, max(top, 0.0)),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=TEXT,
        )
    ax.set_xticks(range(last + 1), [_wrapped(label) for label in (start_label, *labels, end_label)])
    ax.tick_params(axis="x", length=0)
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.margins(y=0.14)
    number_axis(ax, fmt, unit, "y", compact=compact)


def _wrapped(label: str, most: int = 14) -> str:
    """A label on at most two lines."""
    label = short(label, 2 * most)
    if columns_of(label) <= most:
        return label
    cut = label.rfind(" ", 0, most + 1)
    return (
        f"{label[:cut]}\n{label[cut + 1 :]}"
        if cut > 0
        else f"{label[: len(label) // 2]}\n{label[len(label) // 2 :]}"
    )
