"""How wide the columns of a printed table are, at which type size, upright or across: decided
before the page is set, from the words.

The rule is that of every good compositor: figures never break, words break only between words, and
a table is set smaller, then
turned, before a word is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .glyphs import advance, width

PORTRAIT, LANDSCAPE = 481.0, 728.0  # text widths of the page [pt]
SIZES, SMALL = (8.5, 8.0, 7.5), (7.0, 6.5)
LONG = 30  # rows from which a table always takes the whole width
GUTTER = 0.95  # white between columns [em]
AFTER_FIGURES = 0.6  # more of it where words follow figures, which end at that edge [em]
SLACK = 1.03  # kerning and rounding
TONE_EM = 0.9  # room of the mark beside a toned cell [em]
CAP, COMFORT = 34.0, 9.0  # a text column is never wider than CAP and likes at least COMFORT [em]
KEPT = 8.5  # a text without spaces of at most this width is one word [em]
WORD = 24.0  # longer than any word of a language: a code or an address, which may be cut [em]
PIECES = re.compile(r"[^\s\-/–—·_]+[\-/–—·_]?|\s+|[\-/–—·_]")


@dataclass(frozen=True)
class Setting:
    """Type size [pt], column widths [pt] and whether the page is turned."""

    size: float
    widths: tuple[float, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Column:
    """Widths of one column: least (no word breaks), comfortable, usual (most cells on one line) and
    most (all of them). [em]
    """

    least: float
    comfort: float
    usual: float
    most: float
    text: bool


def setting(table: dict[str, Any]) -> Setting:
    """The setting of a table block."""
    columns = [_column(table, i) for i in range(len(table["head"]))]
    for name, sizes, space in (
        ("comfort", SIZES, PORTRAIT),
        ("least", SIZES, PORTRAIT),
        ("least", SMALL[:1], PORTRAIT),
        ("comfort", SIZES[1:] + SMALL, LANDSCAPE),
        ("least", SIZES[1:] + SMALL, LANDSCAPE),
    ):
        for size in sizes:
            room = space / size
            if sum(getattr(c, name) for c in columns) <= room:
                widths = spread(
                    columns, room, name, table.get("weights") or (), full=len(table["rows"]) > LONG
                )
                return Setting(size, tuple(w * size for w in widths), landscape=space == LANDSCAPE)
    return _cut(columns)


def narrow(table: dict[str, Any]) -> Setting:
    """The table as narrow as it is read well: every cell on one line, no air."""
    size = SIZES[0]
    columns = [_column(table, i) for i in range(len(table["head"]))]
    return Setting(size, tuple(c.most * size for c in columns))


def _cut(columns: Sequence[Column]) -> Setting:
    """Words too long for any page: equal justice by the square root of what each column asks for,
    figures first.
    """
    size = SMALL[-1]
    room = LANDSCAPE / size
    asks = [min(c.least, room / 2) ** 0.5 for c in columns]
    return Setting(size, tuple(room * ask / sum(asks) * size for ask in asks), landscape=True)


def spread(
    columns: Sequence[Column],
    room: float,
    base: str,
    weights: Sequence[float] = (),
    full: bool = False,
) -> list[float]:
    """Widths [em] that use the room: first what each column needs, then what it would like, then
    air for a calm page.
    """
    widths = [getattr(c, base) for c in columns]
    for wish in ("usual", "most"):
        wishes = [max(0.0, getattr(c, wish) - w) for c, w in zip(columns, widths, strict=True)]
        widths = [
            w + more for w, more in zip(widths, _filled(wishes, room - sum(widths)), strict=True)
        ]
    target = room if full or sum(widths) > 0.55 * room else max(1.12 * sum(widths), 0.45 * room)
    free = max(0.0, target - sum(widths))
    if not any(weights):
        weights = [
            2.0 if c.text else 1.0 if i else 0.2 for i, c in enumerate(columns)
        ]  # figures in front stay at the margin
    return [w + free * share / sum(weights) for w, share in zip(widths, weights, strict=True)]


def _filled(wishes: Sequence[float], room: float) -> list[float]:
    """``room`` handed out in equal parts up to each wish: the small wishes come true, the large
    ones share what is left.
    """
    given = [0.0] * len(wishes)
    for left, i in zip(
        range(len(wishes), 0, -1), sorted(range(len(wishes)), key=lambda i: wishes[i]), strict=True
    ):
        given[i] = max(0.0, min(wishes[i], room / left))
        room -= given[i]
    return given


def _column(table: dict[str, Any], i: int) -> Column:
    cells = [row[i] for row in table["rows"]] + [
        {**row[i], "text": row[i]["text"] + "  "} for row in table["total"]
    ]  # totals are bold
    text = table["align"][i] == "l"
    heads = [1.04 * width(piece) for piece in pieces(table["head"][i])] or [0.0]
    if text:
        words = [
            width(piece) + _mark(cell)
            for cell in cells
            for piece in (
                [cell["text"]] if kept(cell["text"].strip(), "l") else pieces(cell["text"])
            )
        ]
        lines = [width(cell["text"]) + _mark(cell) for cell in cells]
    else:  # a figure stays whole; only its interval may go to a second line
        words = [width(part) + _mark(cell) for cell in cells for part in cell["text"].split(" [")]
        lines = [width(cell["text"]) + _mark(cell) for cell in cells]
    head = min(1.04 * width(table["head"][i]), COMFORT)
    longest = max([*lines, 0.0])
    usual = min(
        max(sorted(lines)[int(0.75 * (len(lines) - 1))] if lines else 0.0, head if text else 0.0),
        CAP,
    )  # words before wide heads
    most = min(max(longest, head), CAP)
    least = min(max([*words, *heads]), WORD)
    comfort = (
        max(least, min(most, max(COMFORT, usual / 3))) if text else max(least, min(longest, 14.0))
    )
    gutter = GUTTER + (AFTER_FIGURES if i and table["align"][i - 1 : i + 1] == "rl" else 0.0)
    return Column(
        *(SLACK * w + gutter for w in (least, comfort, usual, max(most, comfort))), text=text
    )


def kept(text: str, align: str) -> bool:
    """Whether a cell stays whole: figures, and short words such as a date, an amount or a Chinese
    name.
    """
    return (align == "r" and len(text) < 40) or (width(text) <= KEPT and " " not in text)


def _mark(cell: dict[str, Any]) -> float:
    return TONE_EM if cell.get("tone") in ("good", "bad", "warn") else 0.0


def pieces(text: str) -> list[str]:
    """What a line break may not tear apart: words, and single Chinese characters."""
    made: list[str] = []
    for word in PIECES.findall(text):
        if word.isspace():
            continue
        run = ""
        for character in word:
            if (
                advance(character) >= 0.95 and ord(character) > 0x2E00
            ):  # between Chinese characters any line may end
                made += [run] if run else []
                made.append(character)
                run = ""
            else:
                run += character
        made += [run] if run else []
    return made


def breakable(text: str, room: float) -> str:
    """``text`` with invisible break points inside words wider than ``room`` [em]."""
    if width(text) <= room:
        return text
    made = text
    for word in sorted(set(pieces(text)), key=len, reverse=True):
        if width(word) > room:
            made = made.replace(word, "\u200b".join(word))
    return made
