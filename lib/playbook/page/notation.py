"""One notation for every figure: actual solid and dark, plan outlined, previous year pale, forecast
hatched; a variance in the colour of its sense, outlined and grey where chance explains it; series
named where they end instead of in a legend.

A chapter says what a number is (``AC``, ``PL``, ``PY``, ``FC``), never how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D

from .axes import TEXT, short
from .figures import BAD, GOOD, INKS, MUTED
from .line_charts import apart

AC, PL, PY, FC = "AC", "PL", "PY", "FC"
ACTUAL, BEFORE = INKS[0], INKS[2]
BARS: dict[str, dict[str, Any]] = {
    AC: {"facecolor": ACTUAL, "edgecolor": ACTUAL, "linewidth": 0.5},
    PL: {"facecolor": "white", "edgecolor": ACTUAL, "linewidth": 0.8},
    PY: {"facecolor": BEFORE, "edgecolor": BEFORE, "linewidth": 0.5},
    FC: {"facecolor": "white", "edgecolor": ACTUAL, "linewidth": 0.55, "hatch": "//////"},
}
LINES: dict[str, dict[str, Any]] = {
    AC: {"color": ACTUAL, "linewidth": 1.7},
    PL: {"color": ACTUAL, "linewidth": 0.9, "linestyle": (0, (4, 2))},
    PY: {"color": BEFORE, "linewidth": 1.3},
    FC: {"color": ACTUAL, "linewidth": 1.2, "linestyle": (0, (1.2, 1.4))},
}
GAP = 8.6  # least distance of two names [pt]
PALE = 0.5  # names of lighter series are written in the grey of words


def columns(
    ax: Axes, x: Any, values: Any, role: str, *, width: float = 0.7, label: str | None = None
) -> None:
    """Upright bars of what ``role`` says, named by it."""
    ax.bar(x, values, width=width, label=role if label is None else label, **BARS[role])


def stacked(
    ax: Axes, values: np.ndarray, base: np.ndarray, ink: str, *, label: str, width: float = 0.7
) -> None:
    """One part of stacked columns at 0, 1, 2 …: one shape for all its bars, which a slider draws in
    half the time of as many shapes.
    """
    at = np.arange(len(values))
    left, right, top = at - width / 2, at + width / 2, base + values
    corners = [(left, base), (left, top), (right, top), (right, base)]
    shapes = np.stack([np.column_stack(corner) for corner in corners], axis=1)
    ax.add_collection(
        PolyCollection(list(shapes), facecolor=ink, edgecolor="white", linewidth=0.4, label=label)
    )
    ax.update_datalim(shapes.reshape(-1, 2))
    ax.autoscale_view()


def path(ax: Axes, x: Any, values: Any, role: str, *, label: str | None = None, **how: Any) -> None:
    """A line of what ``role`` says, named by it; a forecast has hollow dots."""
    hollow = {"marker": "o", "markersize": 3.4, "markerfacecolor": "white"} if role == FC else {}
    ax.plot(x, values, label=role if label is None else label, **{**LINES[role], **hollow, **how})


def variance(good: bool | None) -> dict[str, Any]:
    """How a bar of a variance is filled: for the better, for the worse (darker, so that it differs
    in grey), or None: no more than chance brings.
    """
    if good is None:
        return {"facecolor": "white", "edgecolor": MUTED, "linewidth": 0.8}
    if good:
        return {"facecolor": GOOD, "edgecolor": GOOD, "linewidth": 0.5}
    return {"facecolor": BAD, "edgecolor": BAD, "linewidth": 0.5}


def on_bars() -> list[Any]:
    """Path effects of a mark or a line that lies on bars: a white edge, so that it is seen there in
    grey too.
    """
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=2.4, foreground="white"), Normal()]


def name_series(ax: Axes, most: int = 24) -> None:
    """Names of everything drawn with a label, at the right frame beside its last value and apart
    from each other. Call it last: it stands by the axes as they are.
    """
    ends, heads = [], []
    for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
        found = _end(ax, handle)
        if found is None:
            heads.append((handle, name))
        else:
            ends.append((found, name, _ink(handle)))
    scale = ax.yaxis.get_transform().transform
    low, high = scale(np.array(ax.get_ylim(), dtype=float))
    # points of the axes, before the layout is final
    tall = ax.figure.get_size_inches()[1] * 72 * ax.get_position().height * 0.92
    heights = [
        (float(scale(np.array([y]))[0]) - low) / ((high - low) or 1) * tall for y, *_ in ends
    ]
    for (y, name, ink), height, place in zip(ends, heights, apart(heights, GAP), strict=True):
        ax.annotate(
            "\n".join(short(part, most) for part in name.split("\n")),
            (1, y),
            xycoords=("axes fraction", "data"),
            xytext=(5, place - height),
            textcoords="offset points",
            color=ink,
            fontsize=TEXT,
            va="center",
            annotation_clip=False,
        )
    for handle, name in heads:  # an upright line: its name stands at its head
        ax.annotate(
            name,
            (handle.get_xdata()[0], 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            color=_ink(handle),
            fontsize=TEXT,
            ha="center",
            va="bottom",
            annotation_clip=False,
        )


def key_above(ax: Axes, columns: int = 4) -> None:
    """Marks and names in one line above lying bars, where no name fits beside its end."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, handlelength=1.4
    )


def figure_key(fig: Any, marks: Sequence[Any] | None = None, columns: int = 0) -> None:
    """Marks and names in a line of their own outside the frame, so that no sign of it passes for a
    value: above for ``marks`` of several panels, below for what one panel draws.
    """
    if marks is None:
        fig.legend(loc="outside lower center", ncols=columns)
    else:
        fig.legend(handles=marks, loc="outside upper left", ncols=columns or len(marks))


def _end(ax: Axes, handle: Any) -> float | None:
    """The height at which a series ends; None for an upright line."""
    if isinstance(handle, BarContainer):
        bars = [p for p in handle.patches if np.isfinite(p.get_height()) and p.get_height()]
        if not bars:
            return 0.0
        return bars[-1].get_y() + bars[-1].get_height() * (0.5 if bars[-1].get_y() else 1.0)
    if isinstance(handle, Line2D):
        if handle.get_transform() == ax.get_xaxis_transform():
            return None
        return _last(handle.get_ydata())
    if isinstance(handle, LineCollection):
        segments = [s for s in handle.get_segments() if np.isfinite(s).all()]
        return float(segments[-1][:, 1].mean()) if segments else 0.0
    if isinstance(handle, PathCollection):
        return _last(np.ma.filled(handle.get_offsets()[:, 1], np.nan))
    if isinstance(handle, PolyCollection):
        points = np.concatenate([p.vertices for p in handle.get_paths()])
        last = points[points[:, 0] == points[:, 0].max()]
        return float((last[:, 1].min() + last[:, 1].max()) / 2)
    return 0.0


def _last(values: Iterable[Any]) -> float:
    known = np.asarray(list(values), dtype=float)
    known = known[np.isfinite(known)]
    return float(known[-1]) if known.size else 0.0


def _ink(handle: Any) -> Any:
    """The colour of a series' name: its own where words in it can be read."""
    if isinstance(handle, BarContainer):
        face = handle.patches[0].get_facecolor() if handle.patches else MUTED
        face = handle.patches[0].get_edgecolor() if sum(face[:3]) == 3 else face
    elif isinstance(handle, Line2D):
        face = handle.get_color()
        face = handle.get_markeredgecolor() if handle.get_linestyle() == "None" else face
    else:
        areas = isinstance(handle, PolyCollection)
        found: Sequence[Any] = handle.get_facecolor() if areas else handle.get_edgecolor()
        found = found if len(found) else handle.get_edgecolor()
        face = found[0] if len(found) else MUTED
    red, green, blue = to_rgb(face)
    return MUTED if 0.3 * red + 0.59 * green + 0.11 * blue > PALE else face
