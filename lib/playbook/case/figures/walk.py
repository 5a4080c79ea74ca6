"""The walk-through in print: a strip of pictures, each drawn from what was known on its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.case.walkthrough.weeks import BY_KEY, TRACKS
from playbook.page.blocks import Figure

if TYPE_CHECKING:
    from playbook.case.walkthrough.walk import Walk

PICTURES = 9


def strip(result: Walk) -> Figure:
    """Nine pictures, about a month apart: each indicator against its own year before, up to that
    day.
    """
    from playbook.page import figures as page

    weeks = result.weeks.reset_index(drop=True)
    steps = sorted(
        set(np.linspace(len(weeks) - 1, 0, PICTURES + 1)[:-1].round().astype(int).tolist())
    )
    rows = -(-len(steps) // 3)
    fig, axes = page.canvas(
        height=0.6 + 1.25 * rows, columns=3, rows=rows, squeeze=False, sharex=True, sharey=True
    )
    paths = {
        track.key: _path(result, track.key, weeks.end.tolist())
        for track in TRACKS
        if (result.tracks.key == track.key).any()
    }
    for ax, step in zip(axes.flat, steps, strict=False):
        _panel(ax, result, weeks, paths, step, page)
    for ax in list(axes.flat)[len(steps) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_yticks(range(len(paths)), [_short(BY_KEY[key].label) for key in paths][::1])
    _key(fig, page)
    told = "; ".join(f"{weeks.label[s]}: {_names(weeks.signal[s])}" for s in steps)
    return page.finish(
        fig,
        title="Nine days of the story: what stood out of line on each",
        alt=f"{len(steps)} pictures, each a row of squares per indicator up to its day. {told}.",
        note=(
            "one square a week, up to the day named; as in the player, where every week has its"
            f" picture · as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def _path(result: Walk, key: str, ends: list) -> list[int]:
    """Per week: 2 out of line, 1 in line, 0 not known."""
    mine = result.tracks[result.tracks.key == key].set_index("end").alarm
    return [0 if end not in mine.index else 2 if mine[end] else 1 for end in ends]


def _panel(ax, result: Walk, weeks, paths: dict[str, list[int]], step: int, page) -> None:
    for row, path in enumerate(paths.values()):
        for state, ink, size in ((1, page.INKS[2], 5), (2, page.BAD, 9)):
            there = [i for i in range(step + 1) if path[i] == state]
            ax.scatter(there, [row] * len(there), s=size, marker="s", color=ink, linewidths=0)
    began = next(
        (
            i
            for i, end in enumerate(weeks.end)
            if result.measures_from is not None and end >= result.measures_from
        ),
        None,
    )
    if began is not None and began <= step:
        ax.axvline(began - 0.5, color=page.INKS[1], linewidth=0.9, linestyle=(0, (4, 2)))
    n = int(weeks.alarms[step])
    ax.set_title(
        f"{weeks.label[step]}: {n or 'none'} out of line",
        loc="left",
        color=page.BAD if n else "#333333",
    )
    ax.set_xlim(-1, len(weeks))
    ax.set_ylim(len(paths) - 0.5, -0.7)
    ax.set_xticks([])
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)


def _key(fig, page) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker="s", linestyle="", color=page.BAD, markersize=4, label="out of line"),
        Line2D([], [], marker="s", linestyle="", color=page.INKS[2], markersize=3, label="in line"),
        Line2D(
            [], [], color=page.INKS[1], linestyle=(0, (4, 2)), linewidth=1, label="measures begin"
        ),
    ]
    fig.legend(handles=marks, loc="outside upper left", ncols=3)


def _short(label: str) -> str:
    return label.partition(",")[0] if label.startswith("Growth") else label


def _names(signal: str) -> str:
    keys = signal.split()
    return ", ".join(BY_KEY[key].label.lower() for key in keys) if keys else "nothing out of line"
