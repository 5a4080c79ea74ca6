"""Which panels stand together on a slide, and in what size: as few slides as hold a sheet in the
least type, none nearly empty, each in the largest type that it holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from playbook.base.language import say

from .slide_blocks import GAP, column_tall, splits, wide_tall

Json = dict[str, Any]
SIZES = (1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)  # of type and drawings, in the least
MOST = 5  # panels on a slide
UNEVEN = 0.15  # what an uneven run of a table costs, in slides that are empty
FEWEST = 4  # rows of a table on any slide it runs over


@dataclass(frozen=True)
class Band:
    """Panels across the slide: one alone, or two columns of them."""

    left: tuple[Block, ...]
    right: tuple[Block, ...] = ()

    def tall(self, size: float) -> float | None:
        """Height [EMU]; None where it cannot be read."""
        if not self.right:
            return self.left[0].wide(size)
        sides = [self._side(side, size) for side in (self.left, self.right)]
        return None if None in sides else max(s for s in sides if s is not None)

    def used(self, size: float) -> float:
        """Height its content would take if it were spread evenly."""
        if not self.right:
            return self.left[0].wide(size) or 0.0
        return sum(self._side(side, size) or 0.0 for side in (self.left, self.right)) / 2

    @staticmethod
    def _side(blocks: Sequence[Block], size: float) -> float | None:
        found = [block.column(size) for block in blocks]
        return None if None in found else sum(f + GAP for f in found if f is not None)


class Block:
    """A panel, or some rows of a long table, with its heights in every size."""

    def __init__(self, panel: Json, room: int):
        self.panel, self.room = panel, room
        self._wide: dict[float, float | None] = {}
        self._column: dict[float, float | None] = {}

    def wide(self, size: float) -> float | None:
        if size not in self._wide:
            self._wide[size] = wide_tall(self.panel, size, self.room)
        return self._wide[size]

    def column(self, size: float) -> float | None:
        if size not in self._column:
            self._column[size] = column_tall(self.panel, size)
        return self._column[size]


@dataclass(frozen=True)
class Slide:
    bands: tuple[Band, ...]
    size: float
    full: float  # share of the room that is used

    @cached_property
    def first(self) -> Json:
        return self.bands[0].left[0].panel


@dataclass(frozen=True)
class Plan:
    slides: tuple[Slide, ...] = ()
    empty: float = 0.0

    @property
    def cost(self) -> tuple[int, float]:
        return len(self.slides), self.empty

    def then(self, slide: Slide) -> Plan:
        return replace(
            self, slides=(*self.slides, slide), empty=self.empty + (1 - min(slide.full, 1.0)) ** 2
        )


def planned(panels: Sequence[Json], first: int, room: int) -> tuple[Slide, ...]:
    """The slides of a sheet. first, room: height of the content on its first slide and on every
    other [EMU].
    """
    least = min(first, room)
    pieces: dict[int, Block] = {}

    def block(panel: Json) -> Block:
        return pieces.setdefault(id(panel), Block(panel, least))

    runs = [list(_runs(panel, block(panel), least)) for panel in panels]
    kept = [panel for run in runs for parts in run for panel in parts]  # ids stay theirs
    best: Plan | None = None
    for chosen in itertools.product(*runs):
        blocks = [block(panel) for parts in chosen for panel in parts]
        plan = _filled(blocks, first, room)
        uneven = sum(parts is not run[0] for parts, run in zip(chosen, runs, strict=True))
        plan = replace(plan, empty=plan.empty + UNEVEN * uneven)
        if best is None or plan.cost < best.cost:
            best = plan
    del kept
    return best.slides if best else ()


def _runs(panel: Json, block: Block, room: int) -> Iterator[tuple[Json, ...]]:
    """Ways to spread a panel over slides: whole where it fits, else a table in parts."""
    tall = block.wide(1.0)
    if tall is None or tall <= room or not splits(panel):
        yield (panel,)
        return
    rows = len(panel["lines"])
    n = 2
    while (even := _parts(panel, [rows // n + (i < rows % n) for i in range(n)])) and any(
        (wide_tall(part, 1.0, room) or 0) > room for part in even
    ):
        n += 1
        if n > rows:
            break
    yield even
    # the first part may be shorter beside what stands before it, the last beside what follows
    mean = rows // n
    for less in sorted({max(1, mean // 8), max(1, mean // 4), max(1, mean // 2)}):
        for at in (0, n - 1):
            sizes = _spread(rows, n, at, mean - less)
            if min(sizes) >= FEWEST:
                made = _parts(panel, sizes)
                if all((wide_tall(part, 1.0, room) or 0) <= room for part in made):
                    yield made


def _spread(rows: int, n: int, at: int, few: int) -> list[int]:
    rest, others = rows - few, n - 1
    sizes = [rest // others + (i < rest % others) for i in range(others)]
    sizes.insert(at, few)
    return sizes


def _parts(panel: Json, sizes: Sequence[int]) -> tuple[Json, ...]:
    made, start = [], 0
    for i, size in enumerate(sizes):
        title = panel["title"]
        if i:
            title = say("{title} ({i} of {n})", title=title, i=i + 1, n=len(sizes))
        last = i == len(sizes) - 1
        lines = panel["lines"][start : start + size]
        made.append(
            {**panel, "title": title, "lines": lines, "foot": panel["foot"] if last else ""}
        )
        start += size
    return tuple(made)


def _filled(blocks: Sequence[Block], first: int, room: int) -> Plan:
    """The blocks in their order on as few slides as hold them, emptiness spread."""
    best: list[Plan | None] = [Plan(), *[None] * len(blocks)]
    for end in range(1, len(blocks) + 1):
        for start in range(max(0, end - MOST), end):
            before = best[start]
            if before is None:
                continue
            slide = _slide(tuple(blocks[start:end]), first if start == 0 else room)
            if slide is None:
                continue
            plan = before.then(slide)
            known = best[end]
            if known is None or plan.cost < known.cost:
                best[end] = plan
    return best[-1] or Plan()


def _slide(blocks: tuple[Block, ...], room: int) -> Slide | None:
    """The fullest arrangement of the blocks; a block alone always gets its slide."""
    best: Slide | None = None
    for bands in _arranged(blocks):
        for size in SIZES:
            heights = [band.tall(size) for band in bands]
            if None in heights:
                continue
            tall = sum(h for h in heights if h is not None) + GAP * (len(bands) - 1)
            if tall > room and (size > 1.0 or len(blocks) > 1):
                continue
            used = sum(band.used(size) for band in bands) + GAP * (len(bands) - 1)
            slide = Slide(bands, size, used / room)
            if best is None or slide.full > best.full:
                best = slide
            break
    return best


def _arranged(blocks: tuple[Block, ...]) -> Iterator[tuple[Band, ...]]:
    """Wide ones above, two columns, wide ones below; every order kept."""
    n = len(blocks)
    yield tuple(Band((block,)) for block in blocks)
    for above, below in itertools.product(range(n), repeat=2):
        inner = blocks[above : n - below]
        if above + below > n - 2:
            continue
        for at in range(1, len(inner)):
            yield (
                *(Band((block,)) for block in blocks[:above]),
                Band(inner[:at], inner[at:]),
                *(Band((block,)) for block in blocks[n - below :]),
            )
