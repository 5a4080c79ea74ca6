"""What the short editions are made of: tiles, rows with drawn cells, small multiples and prose.

A chapter passes values and words, never colours or sizes: the notation (actual solid, plan
outlined, previous year pale, forecast hatched, a variance green or red and outlined where chance
explains it) belongs to whoever draws. Every panel is plain JSON, so the same panel becomes a page
of the brief, a slide, and a table of the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from playbook.base.formats import is_missing

Json = dict[str, Any]
Tone = Literal["", "good", "bad", "warn", "muted", "strong", "chance"]
Kind = Literal["text", "num", "bars", "delta", "pin", "dot", "band", "bridge", "spark"]


@dataclass(frozen=True)
class Delta:
    """A variance of a tile: ``label`` ΔPL, ΔPY or ΔPM as the page says it; ``size`` relative, or
    in points ÷ 100.

    tone: good, bad, or chance where the difference is no more than chance brings.
    size None: there is nothing to compare with, and ``text`` says what is missing.
    """

    label: str
    size: float | None
    text: str
    tone: Tone = "muted"


@dataclass(frozen=True)
class Spark:
    """Thirteen months up to the report month. Gaps are None, never 0.

    actual, plan, before: as long as each other. forecast: (middle, low, high) of the next month.
    usual: the usual range. columns: a flow; else a line (a rate or a stock).
    """

    actual: tuple[float | None, ...]
    plan: tuple[float | None, ...] = ()
    before: tuple[float | None, ...] = ()
    forecast: tuple[float, float, float] | None = None
    usual: tuple[float, float] | None = None
    columns: bool = True


@dataclass(frozen=True)
class Tile:
    """A headline number of the brief with what it is compared with.

    key: the name results.json gives the number. rank: tiles of the brief are its eight lowest.
    """

    key: str
    label: str
    value: str
    deltas: tuple[Delta, ...] = ()
    spark: Spark | None = None
    foot: str = ""
    rank: int = 50


@dataclass(frozen=True)
class Column:
    """A column of a panel of rows. ``width`` is a weight; ``scale`` the values at its ends."""

    label: str
    kind: Kind = "text"
    width: float = 1.0
    right: bool = False
    scale: tuple[float, float] | None = None
    mark: float | None = None  # a dashed line at this value


@dataclass(frozen=True)
class Line:
    """A row: one cell for every column (see ``words``, ``bars``, ``variance``, ``dot``, ``band``,
    ``bridge``). style: total, rule (a line above) or muted.
    """

    cells: tuple[Json, ...]
    style: Literal["", "total", "rule", "muted"] = ""


@dataclass(frozen=True)
class Rows:
    """A table whose cells may be drawn. ``wide`` is the share of the page it takes."""

    title: str
    note: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    foot: str = ""
    wide: float = 1.0
    name: str = ""

    def data(self) -> Json:
        return {
            "type": "rows",
            **{k: getattr(self, k) for k in ("title", "note", "foot", "wide", "name")},
            "columns": [asdict(c) | {"scale": _scale(c, i, self)} for i, c in _numbered(self)],
            "lines": [{"style": line.style, "cells": list(line.cells)} for line in self.lines],
        }


@dataclass(frozen=True)
class Multiple:
    """One of several small drawings of months on one scale."""

    label: str
    value: str
    spark: Spark
    foot: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Multiples:
    """Small drawings beside each other; ``shared``: all on one scale."""

    title: str
    note: str
    items: tuple[Multiple, ...]
    shared: bool = True
    foot: str = ""
    wide: float = 1.0
    across: int = 5

    def data(self) -> Json:
        return {"type": "multiples", **asdict(self)}


@dataclass(frozen=True)
class Prose:
    """Short paragraphs beside each other: (head, sentence)."""

    items: tuple[tuple[str, str], ...]
    wide: float = 1.0

    def data(self) -> Json:
        return {
            "type": "prose",
            "wide": self.wide,
            "items": [
                {"title": a, "text": b, "parts": [{"text": b, "bold": False}]}
                for a, b in self.items
                if b
            ],
        }


Panel = Rows | Multiples | Prose


@dataclass(frozen=True)
class Sheet:
    """A page of the director's edition.

    name: its place in the edition (goals, regions, customers, funnel, people, pay).
    title: a message with a number. note: measure, unit, window, n, plan used. question: what the
    page answers.
    """

    name: str
    title: str
    note: str
    question: str
    panels: tuple[Panel, ...]
    joins: bool = False  # follows the page before on the same sheet where it fits

    def data(self) -> Json:
        return {
            **{k: getattr(self, k) for k in ("name", "title", "note", "question", "joins")},
            "panels": [panel.data() for panel in self.panels],
        }


# -- cells


def words(text: Any, tone: Tone = "") -> Json:
    """A cell of text."""
    return {"text": str(text), "tone": tone}


def bars(
    actual: Any,
    text: str,
    *,
    plan: Any = None,
    before: Any = None,
    forecast: Sequence[float] | None = None,
) -> Json:
    """Bars of actual, plan and previous year; ``forecast`` (to, low, high) continues the actual."""
    return {
        "ac": _number(actual),
        "pl": _number(plan),
        "py": _number(before),
        "fc": None if forecast is None else [float(v) for v in forecast],
        "text": text,
        "tone": "",
    }


def variance(size: Any, text: str, tone: Tone) -> Json:
    """A variance; ``delta`` columns draw it as a bar, ``pin`` columns as a stem with a head."""
    return {"v": _number(size), "text": text, "tone": tone}


def dot(value: Any, low: Any, high: Any, text: str, tone: Tone = "") -> Json:
    """A value with its interval."""
    return {
        "v": _number(value),
        "lo": _number(low),
        "hi": _number(high),
        "text": text,
        "tone": tone,
    }


def band(low: Any, high: Any, before: Any, now: Any) -> Json:
    """Two values on the usual range, each row on its own scale."""
    return {
        "lo": _number(low),
        "hi": _number(high),
        "before": _number(before),
        "now": _number(now),
        "text": "",
        "tone": "",
    }


def spark(months: Spark, scale: tuple[float, float]) -> Json:
    """Months as small columns or a line; ``scale``: the values at the ends of its height."""
    return {"spark": asdict(months), "ends": list(scale), "text": "", "tone": ""}


def bridge(start: float, end: float, text: str, tone: str) -> Json:
    """A step of a bridge; tone: plan, actual, before, good, bad or chance."""
    return {"from": float(start), "to": float(end), "text": text, "tone": tone}


def _number(value: Any) -> float | None:
    return None if is_missing(value) else float(value)


def _numbered(rows: Rows) -> list[tuple[int, Column]]:
    return list(enumerate(rows.columns))


def _scale(column: Column, at: int, rows: Rows) -> list[float] | None:
    """The ends of a drawn column: as given, else from nought to what its cells need."""
    if column.kind in ("text", "num", "band", "spark"):
        return None
    if column.scale is not None:
        return list(column.scale)
    values = [0.0] if column.kind != "dot" else []
    for line in rows.lines:
        cell = line.cells[at]
        for key in ("ac", "pl", "py", "v", "lo", "hi", "from", "to"):
            if cell.get(key) is not None:
                values.append(cell[key])
        values += cell.get("fc") or []
    low, high = min(values, default=0.0), max(values, default=1.0)
    return [low, high if high > low else low + 1.0]
