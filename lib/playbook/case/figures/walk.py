"""The walk-through in print: a strip of pictures, each drawn from what was known on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.page.blocks import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

PICTURES = 9


def strip(
    weeks: pd.DataFrame,
    tracks: pd.DataFrame,
    labels: Mapping[str, str],
    fmt: Formats,
    *,
    measures_from: date | None,
    as_of: date,
) -> Figure:
    """Nine pictures, about a month apart: which indicators stood out of line, week by week up to
    that day.

    weeks: end, label, signal (keys out of line), alarms. tracks: end, key, alarm. labels: key →
    name, in order of drawing.
    """
    from playbook.page import figures as page

    weeks = weeks.reset_index(drop=True)
    steps = sorted(
        set(np.linspace(len(weeks) - 1, 0, PICTURES + 1)[:-1].round().astype(int).tolist())
    )
    rows = -(-len(steps) // 3)
    fig, axes = page.canvas(
        height=0.6 + 1.25 * rows, columns=3, rows=rows, squeeze=False, sharex=True, sharey=True
    )
    drawn = {key: label for key, label in labels.items() if (tracks.key == key).any()}
    paths = {key: _path(tracks, key, weeks.end.tolist()) for key in drawn}
    ends = weeks.end.tolist()
    begin = next(
        (i for i, end in enumerate(ends) if measures_from is not None and end >= measures_from),
        None,
    )
    for ax, step in zip(axes.flat, steps, strict=False):
        _panel(ax, weeks, paths, step, begin)
    for ax in list(axes.flat)[len(steps) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_yticks(range(len(paths)), [_short(label) for label in drawn.values()])
    _key(fig)
    texts = joined(
        (
            say("{label}: {names}", label=weeks.label[s], names=_names(weeks.signal[s], labels))
            for s in steps
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say("Nine days of the story: what stood out of line on each"),
        alt=say(
            "{steps} pictures, each a row of squares per indicator up to its day. {texts}.",
            steps=len(steps),
            texts=texts,
        ),
        note=(
            say(
                "one square a week, up to the day named; as in the player, where"
                " every week has its picture · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def _path(tracks: pd.DataFrame, key: str, ends: Sequence[date]) -> list[int]:
    """Per week: 2 out of line, 1 in line, 0 not known."""
    mine = tracks[tracks.key == key].set_index("end").alarm
    return [0 if end not in mine.index else 2 if mine[end] else 1 for end in ends]


def _panel(
    ax: Axes, weeks: pd.DataFrame, paths: dict[str, list[int]], step: int, begin: int | None
) -> None:
    """The picture of one week: a square per indicator and week up to it."""
    from playbook.page import figures as page

    for row, path in enumerate(paths.values()):
        for state, ink, size in ((1, page.INKS[2], 5), (2, page.BAD, 9)):
            there = [i for i in range(step + 1) if path[i] == state]
            ax.scatter(there, [row] * len(there), s=size, marker="s", color=ink, linewidths=0)
    if begin is not None and begin <= step:
        ax.axvline(begin - 0.5, color=page.INKS[1], linewidth=0.9, linestyle=(0, (4, 2)))
    n = int(weeks.alarms[step])
    ax.set_title(
        say("{label}: {n} out of line", label=weeks.label[step], n=n)
        if n
        else say("{label}: none out of line", label=weeks.label[step]),
        loc="left",
        color=page.BAD if n else page.INKS[0],
    )
    ax.set_xlim(-1, len(weeks))
    ax.set_ylim(len(paths) - 0.5, -0.7)
    ax.set_xticks([])
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)


def _key(fig: MplFigure) -> None:
    from matplotlib.lines import Line2D

    from playbook.page import figures as page
    from playbook.page.notation import figure_key

    marks = [
        Line2D(
            [], [], marker="s", linestyle="", color=page.BAD, markersize=4, label=say("out of line")
        ),
        Line2D(
            [], [], marker="s", linestyle="", color=page.INKS[2], markersize=3, label=say("in line")
        ),
        Line2D(
            [],
            [],
            color=page.INKS[1],
            linestyle=(0, (4, 2)),
            linewidth=1,
            label=say("measures begin"),
        ),
    ]
    figure_key(fig, marks)


def _short(label: str) -> str:
    return label.partition(",")[0] if label.startswith("Growth") else label


def _names(signal: str, labels: Mapping[str, str]) -> str:
    keys = signal.split()
    return joined(labels[key].lower() for key in keys) if keys else say("nothing out of line")
