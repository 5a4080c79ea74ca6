"""The pictures of the walk-through's player: one small SVG a week, drawn from what was known on its
last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.page.figures import BAD, INKS, MUTED, RULE

WIDE, ACROSS = 720, 4
LEFT, TOP, CELL_W, CELL_H, GAP = 12, 22, 158, 84, 20


@dataclass(frozen=True)
class PathLabel:
    """An indicator drawn in the pictures: key in the frame, name and unit on the page."""

    key: str
    label: str
    unit: str


def pictures(
    weeks: pd.DataFrame,
    tracks: pd.DataFrame,
    labels: Sequence[PathLabel],
    fmt: Formats,
    *,
    weeks_before: int,
    measures_from: date | None,
) -> tuple[str, ...]:
    """One SVG per week: the indicators' paths up to it; a red dot where one stands out of line, a
    dashed line where the measures begin.

    weeks: end, label, alarms. tracks: end, key, value, alarm. weeks_before: weeks drawn before the
    first one.
    """
    first = weeks.end.iloc[0]
    ends = [first - timedelta(days=7 * back) for back in range(weeks_before, 0, -1)]
    ends += weeks.end.tolist()
    begin = next(
        (i for i, day in enumerate(ends) if measures_from is not None and day >= measures_from),
        None,
    )
    drawn = [path for path in labels if (tracks.key == path.key).any()]
    cells = [
        _Cell(tracks[tracks.key == path.key], path, fmt, ends, begin, i)
        for i, path in enumerate(drawn)
    ]
    return tuple(
        _picture(day, int(alarms), cells, place + weeks_before)
        for place, (day, alarms) in enumerate(
            zip(weeks.label.tolist(), weeks.alarms.tolist(), strict=True)
        )
    )


def _picture(day: str, alarms: int, cells: list[_Cell], week: int) -> str:
    out = say("{alarms} of {cells} out of line", alarms=alarms, cells=len(cells))
    told = say("Paths of {n} indicators up to {day}: {out}.", n=len(cells), day=day, out=out)
    high = TOP + (-(-len(cells) // ACROSS)) * (CELL_H + 48)
    charts = "".join(cell.svg(week) for cell in cells)
    return (
        f'<svg viewBox="0 0 {WIDE} {high}" role="img" aria-label="{escape(told)}"'
        ' font-family="inherit" font-size="11">'
        f'<text x="{LEFT}" y="14" font-size="12" font-weight="600"'
        f' fill="{BAD if alarms else MUTED}">{out}</text>{charts}</svg>'
    )


class _Cell:
    """One indicator's small chart, drawn up to a week."""

    def __init__(
        self,
        mine: pd.DataFrame,
        path: PathLabel,
        fmt: Formats,
        ends: list[date],
        begin: int | None,
        place: int,
    ) -> None:
        value, alarm = (
            dict(zip(mine.end, mine.value.astype(float), strict=True)),
            dict(zip(mine.end, mine.alarm, strict=True)),
        )
        low, high = min(value.values()), max(value.values())
        room = (high - low) * 0.1 or 1.0
        self.x, self.y = (
            LEFT + (place % ACROSS) * (CELL_W + GAP),
            TOP + 18 + (place // ACROSS) * (CELL_H + 48),
        )
        self.step, self.begin = CELL_W / max(len(ends) - 1, 1), begin
        self.points = [
            (
                i,
                self.x + self.step * i,
                self.y + CELL_H * (high + room - value[day]) / (high - low + 2 * room),
                bool(alarm[day]),
                fmt.text(value[day], path.unit, decimals=0),
            )
            for i, day in enumerate(ends)
            if day in value
        ]
        self.frame = (
            f'<path d="M{self.x} {self.y + CELL_H}h{CELL_W}" stroke="{RULE}"/><text x="{self.x}"'
            f' y="{self.y - 6}" fill="{INKS[0]}">{escape(path.label)}</text>'
        )

    def svg(self, week: int) -> str:
        """The chart as SVG elements, with what was known up to the week."""
        points = [point for point in self.points if point[0] <= week]
        parts = [self.frame, self._start(week)]
        if points:
            _, x, y, loud, text = points[-1]
            ink, path = (
                BAD if loud else INKS[0],
                "L".join(f"{a:.0f} {b:.0f}" for _, a, b, _, _ in points),
            )
            parts += [
                f'<path d="M{path}" fill="none" stroke="{INKS[0]}" stroke-width="1.6"/>',
                *(
                    f'<circle cx="{a:.0f}" cy="{b:.0f}" r="2.2" fill="{BAD}"/>'
                    for _, a, b, out, _ in points[:-1]
                    if out
                ),
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{ink}"/>',
                (
                    f'<text x="{self.x + CELL_W}" y="{self.y + CELL_H + 15}" text-anchor="end"'
                    f' font-weight="600" fill="{ink}">{escape(text)}</text>'
                ),
            ]
        return "".join(parts)

    def _start(self, week: int) -> str:
        """The line where the measures begin, once they have."""
        if self.begin is None or self.begin > week:
            return ""
        return (
            f'<path d="M{self.x + self.step * self.begin:.0f} {self.y}v{CELL_H}" stroke="{INKS[1]}"'
            ' stroke-dasharray="4 2"/>'
        )
