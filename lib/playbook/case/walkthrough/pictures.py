"""The pictures of the walk-through's player: one small SVG a week, drawn from what was known on its
last day.
"""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from playbook.page.figures import BAD, INKS, MUTED, RULE

from .weeks import BEFORE, TRACKS, Track

if TYPE_CHECKING:
    from .walk import Walk

WIDE, ACROSS = 720, 4
LEFT, TOP, CELL_W, CELL_H, GAP = 12, 22, 158, 84, 20


def pictures(walk: Walk) -> tuple[str, ...]:
    """One SVG per week: the indicators' paths up to it; a red dot where one stands out of line, a
    dashed line where the measures begin.
    """
    weeks = walk.weeks.end.tolist()
    ends = [weeks[0] - timedelta(days=7 * back) for back in range(BEFORE, 0, -1)] + weeks
    began = next(
        (
            i
            for i, day in enumerate(ends)
            if walk.measures_from is not None and day >= walk.measures_from
        ),
        None,
    )
    cells = [
        _Cell(walk, track, ends, began, i)
        for i, track in enumerate(track for track in TRACKS if (walk.tracks.key == track.key).any())
    ]
    return tuple(_picture(walk, cells, i) for i in range(len(weeks)))


def _picture(walk: Walk, cells: list[_Cell], week: int) -> str:
    label, alarms = escape(walk.weeks.label.iloc[week]), int(walk.weeks.alarms.iloc[week])
    out = f"{alarms} of {len(cells)} out of line"
    high = TOP + (-(-len(cells) // ACROSS)) * (CELL_H + 48)
    return (
        f'<svg viewBox="0 0 {WIDE} {high}" role="img" aria-label="Paths of {len(cells)} indicators'
        f' up to {label}: {out}." font-family="inherit" font-size="11">'
        f'<text x="{LEFT}" y="14" font-size="12" font-weight="600"'
        f' fill="{BAD if alarms else MUTED}">{out}</text>{"".join(cell.svg(week + BEFORE) for cell in cells)}</svg>'
    )


class _Cell:
    """One indicator's small chart, drawn up to a week."""

    def __init__(self, walk: Walk, track: Track, ends: list, began: int | None, place: int) -> None:
        mine = walk.tracks[walk.tracks.key == track.key]
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
        self.step, self.began = CELL_W / max(len(ends) - 1, 1), began
        self.points = [
            (
                i,
                self.x + self.step * i,
                self.y + CELL_H * (high + room - value[day]) / (high - low + 2 * room),
                bool(alarm[day]),
                walk.fmt.text(value[day], track.unit, decimals=0),
            )
            for i, day in enumerate(ends)
            if day in value
        ]
        self.frame = (
            f'<path d="M{self.x} {self.y + CELL_H}h{CELL_W}" stroke="{RULE}"/><text x="{self.x}"'
            f' y="{self.y - 6}" fill="#333">{escape(track.label)}</text>'
        )

    def svg(self, week: int) -> str:
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
        if self.began is None or self.began > week:
            return ""
        return (
            f'<path d="M{self.x + self.step * self.began:.0f} {self.y}v{CELL_H}" stroke="{INKS[1]}"'
            ' stroke-dasharray="4 2"/>'
        )
