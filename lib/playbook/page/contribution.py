"""What a chapter gives the short editions: tiles, pages, and the sentences of the brief."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import later, say

from .blocks import Record
from .kpi import Kpi
from .panels import Delta, Rows, Sheet, Tile, Tone
from .results import Result

Json = dict[str, Any]
DELTAS = later(("ΔPL", "ΔPY", "ΔPM"))  # what a tile is compared with, in this order


@dataclass(frozen=True)
class Contribution:
    """What a chapter gives the short editions; any part may be empty."""

    tiles: tuple[Tile, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    title: tuple[str, ...] = ()  # parts of the brief's title, most important first
    happened: str = ""
    why: str = ""
    todo: str = ""
    bridge: Rows | None = None
    checks: tuple[tuple[bool, str], ...] = ()  # data quality: (in order, what)
    forecasts: tuple[Json, ...] = ()  # of the next month: member, middle, low, high; for its pack
    more: str = ""  # which tables the book lacks and what each would add
    basis: str = ""  # what its money is, where it is not sales net of refunds

    def data(self) -> Json:
        return {
            "tiles": [asdict(tile) for tile in self.tiles],
            "sheets": [sheet.data() for sheet in self.sheets],
            "title": list(self.title),
            "happened": self.happened,
            "why": self.why,
            "todo": self.todo,
            "bridge": None if self.bridge is None else self.bridge.data(),
            "checks": [list(check) for check in self.checks],
            "forecasts": list(self.forecasts),
            "more": self.more,
            "basis": self.basis,
        }


@dataclass(frozen=True)
class ShortEditions(Result):
    """A chapter's contribution as a result: the page shows its sentences, the run collects the
    rest. numbers: named numbers that only the short editions print.
    """

    section: ClassVar[str] = "short-editions"
    gives: Contribution = field(default_factory=Contribution)
    numbers: tuple[Kpi, ...] = ()

    def reading(self) -> str:
        gives = self.gives
        said = joined(filter(None, (gives.happened, gives.why, gives.todo)), " ")
        if said:
            return said.replace("**", "")
        parts = [
            *([plural(len(gives.tiles), "tile")] if gives.tiles else []),
            *([plural(len(gives.sheets), "page")] if gives.sheets else []),
        ]
        if parts:
            return say(
                "No sentence of the brief comes from this chapter; it gives {parts}.",
                parts=listing(parts),
            )
        return say("This book has nothing for them here.")

    def kpis(self) -> tuple[Kpi, ...]:
        return self.numbers

    def record(self) -> Record:
        return replace(super().record(), director=self.gives.data())


def against(
    label: str,
    value: Any,
    base: Any,
    fmt: Formats,
    *,
    missing: str = "–",
    better: int = 1,
    chance: bool = False,
    points: bool = False,
) -> Delta:
    """The variance of ``value`` from ``base``: relative, or in points where both are shares.

    better: 1 where more is better, −1 where less is. chance: the difference is no more than chance
    brings, so it is drawn outlined. label: one of ``DELTAS``. A base under 5 is told as a count,
    not as a percentage.
    """
    label = say(label)
    if is_missing(value) or is_missing(base) or (not points and float(base) == 0):
        return Delta(label, None, missing)
    value, base = float(value), float(base)
    size = value - base if points else (value - base) / abs(base)
    tone: Tone = (
        "chance" if chance else "muted" if size == 0 else "good" if size * better > 0 else "bad"
    )
    if points:
        return Delta(label, size, fmt.text(size, "pp"), tone)
    if abs(base) < 5:
        text = say(
            "{base} (from {base_2})",
            base=fmt.count(value - base, sign=True),
            base_2=fmt.count(base),
        )
        return Delta(label, size, text, tone)
    return Delta(label, size, fmt.share(size, sign=True), tone)


def bare(fmt: Formats, value: Any, *, sign: bool = False) -> str:
    """Money in short form without the currency, for columns whose head names it."""
    return fmt.money(value, compact=True, sign=sign).replace(fmt.symbol, "")
