"""[[segments.own_map]]: segments of a firm's own, written as the scores they hold."""

from __future__ import annotations

import re
from itertools import product

from pydantic import Field, field_validator

from playbook.base.formats import joined, listing
from playbook.base.language import say

from .group import Group

AXES = ("R", "F", "M")
_PART = re.compile(r"(R|FM|F|M)\s*(\d+)(?:\s*-\s*(\d+))?", re.IGNORECASE)


class MapSegment(Group):
    name: str = Field(min_length=1, description="name of the segment")
    where: list[str] = Field(
        min_length=1,
        description=(
            'scores it holds, each such as "R4-5 F1-2 M3" or, with the mean of F and M, "R5 FM4-5";'
            " an axis left out holds all scores"
        ),
    )
    action: str = Field("", description="what to do with its customers")
    days: int = Field(10, ge=1, le=250, description="working days until the first contact is due")
    save: bool = Field(False, description="revenue is at risk here")

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name.strip() or not name.isprintable():
            raise ValueError(say("a segment needs a name of visible characters"))
        return name.strip()

    @field_validator("where")
    @classmethod
    def _read(cls, texts: list[str]) -> list[str]:
        wrong = [text for text in texts if _parts(text) is None]
        if wrong:
            raise ValueError(
                say(
                    "cannot read {names}; write scores as R4-5 F1-2 M3, or as R5 FM4-5",
                    names=", ".join(map(repr, wrong)),
                )
            )
        return texts


def _parts(text: str) -> dict[str, tuple[int, int]] | None:
    """Axis → lowest and highest score; None for a text that says something else."""
    found = {m[1].upper(): (int(m[2]), int(m[3] or m[2])) for m in _PART.finditer(text)}
    rest = _PART.sub("", text).replace(",", " ").strip()
    twice = len(_PART.findall(text)) != len(found) or ("FM" in found and {"F", "M"} & set(found))
    falls = any(low > high for low, high in found.values())
    return None if rest or twice or falls or not found else found


def is_merged(segments: list[MapSegment]) -> bool:
    """Whether the map is over R and the mean of F and M."""
    return any("FM" in (_parts(text) or {}) for one in segments for text in one.where)


def boxes_of(
    one: MapSegment, classes: int, merged: bool
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """The score combinations of a segment: per text one set of scores per axis."""
    axes = ("R", "FM") if merged else AXES
    every = (1, classes)
    return tuple(
        tuple(
            tuple(range(low, high + 1))
            for low, high in ((_parts(text) or {}).get(axis, every) for axis in axes)
        )
        for text in one.where
    )


def map_mistakes(segments: list[MapSegment], classes: int) -> list[str]:
    """What is wrong with a map; empty for a partition of all score combinations."""
    if not segments:
        return []
    found = []
    names = [one.name.casefold() for one in segments]
    if len(set(names)) < len(names):
        found.append(say("every segment has a name of its own"))
    merged = is_merged(segments)
    parts = [(_parts(text) or {}, one.name) for one in segments for text in one.where]
    mixed = [name for part, name in parts if merged and {"F", "M"} & set(part)]
    if mixed:
        found.append(
            say(
                "FM on one segment and F or M on another ({name}): use one of the two",
                name=mixed[0],
            )
        )
    high = [name for part, name in parts if any(b > classes or a < 1 for a, b in part.values())]
    if high:
        found.append(say("scores go from 1 to {classes} ({name})", classes=classes, name=high[0]))
    return found or _holes(segments, classes, merged)


def _holes(segments: list[MapSegment], classes: int, merged: bool) -> list[str]:
    axes = ("R", "FM") if merged else AXES
    boxes = [(one.name, box) for one in segments for box in boxes_of(one, classes, merged)]
    empty, double = [], []
    for point in product(range(1, classes + 1), repeat=len(axes)):
        inside = {
            name
            for name, box in boxes
            if all(v in scores for v, scores in zip(point, box, strict=True))
        }
        label = " ".join(f"{axis}{v}" for axis, v in zip(axes, point, strict=True))
        empty += [label] if not inside else []
        double += [f"{label} ({', '.join(sorted(inside))})"] if len(inside) > 1 else []
    return [
        *([say("no segment holds {scores}", scores=_some(empty))] if empty else []),
        *([say("several segments hold {scores}", scores=_some(double))] if double else []),
    ]


def _some(labels: list[str], most: int = 4) -> str:
    if len(labels) <= most:
        return joined(labels)
    return listing(labels, most)
