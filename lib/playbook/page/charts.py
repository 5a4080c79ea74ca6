"""The drawings most sections need, each on axes it is given: bars with intervals, lines with bands,
heat maps, small multiples, waterfalls.

Lightness carries the order, marks and hatches the difference, words stand beside what they name:
every drawing reads in grey.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter, MaxNLocator

from playbook.base.formats import Formats, is_missing

from .figures import BAD, GOOD, INKS, MUTED, RULE

MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", (0, (5, 2)), (0, (1.2, 1.4)), (0, (6, 2, 1, 2)))
LIGHT, DEEP = "#f3f5f8", INKS[0]
SHADES = LinearSegmentedColormap.from_list("playbook", [LIGHT, "#a9bfd6", "#5b83ab", DEEP])
ROUND = re.compile(r"\.0+(?=\D*$)")
TEXT = 7.5  # words inside a drawing [pt]


def columns_of(text: str) -> int:
    """How much room a text takes: Chinese characters count twice."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def short(text: Any, most: int = 26) -> str:
    """``text`` for a label: whole when it fits ``most`` Latin characters (half as many Chinese
    ones), else cut with ….
    """
    text = " ".join(str(text).split())
    if columns_of(text) <= most:
        return text
    while columns_of(text) > most - 1:
        text = text[:-1]
    return text.rstrip(" ,;:–-") + "…"


def number_axis(
    ax: Axes, fmt: Formats, unit: str, which: str = "y", *, compact: bool = True, most: int = 6
) -> None:
    """Ticks of an axis written as the book writes its numbers, few and round."""
    axis = ax.yaxis if which == "y" else ax.xaxis
    axis.set_major_locator(MaxNLocator(most - 1, steps=[1, 2, 2.5, 5, 10], integer=unit == "count"))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, fmt, unit, compact)))
    ax.grid(True, axis=which)  # type: ignore[arg-type]


def _tick(value: float, fmt: Formats, unit: str, compact: bool) -> str:
    if unit in ("share", "pp"):
        whole = abs(value * 100 - round(value * 100)) < 1e-9
        text = fmt.text(value, unit, decimals=0 if whole else 1)
        return text.removeprefix("+") if value == 0 else text
    return ROUND.sub("", fmt.text(value, unit, compact=compact))


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
            color={"good": GOOD, "bad": BAD, "muted": RULE}.get(tone, INKS[2]),
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
                    color="#1d1d1f",
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
    spread = _apart([(y - low) / ((high - low) or 1) * tall for y, *_ in ends], gap)
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


def _apart(heights: Sequence[float], gap: float) -> list[float]:
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
    """From a first total over signed steps to the last one; ups and downs differ in ink, hatch and
    sign.
    """
    sizes = [0.0 if is_missing(s) else float(s) for s in steps]
    level, tops = start, [start]
    ax.bar(0, start, width=0.62, color=INKS[0])
    for i, size in enumerate(sizes, start=1):
        ax.bar(
            i,
            size,
            bottom=level,
            width=0.62,
            color=GOOD if size >= 0 else BAD,
            hatch="" if size >= 0 else "////",
            edgecolor="white",
            linewidth=0,
        )
        ax.plot([i - 1 + 0.31, i + 0.31], [level, level], color=MUTED, linewidth=0.7)
        tops.append(max(level, level + size))
        level += size
    last = len(sizes) + 1
    ax.plot([last - 1 + 0.31, last + 0.31], [level, level], color=MUTED, linewidth=0.7)
    ax.bar(last, level, width=0.62, color=INKS[0])
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
