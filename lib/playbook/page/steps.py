"""Tables that move in a browser, without kernel or network: one row at a time with a player, or one
of several versions by switches.

Both work by style alone: radio buttons and check boxes choose what is shown, and every browser
moves them by keyboard. The player adds
buttons and a slider by a script of its own, whose fingerprint the page's policy names; without
script the radio buttons stay.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import product
from typing import Any, Protocol

PACE = 1800  # milliseconds a step is shown while playing


def _part(name: str) -> str:
    """A script or style sheet beside this module."""
    return (files(__package__) / name).read_text(encoding="utf-8").removesuffix("\n")


SCRIPT = _part("player.js").replace("PACE", str(PACE))
TOOLS = _part("tables.js")  # sorts, filters and saves the tables of an HTML page


def _named(script: str) -> str:
    """A script as a page's policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


POLICY = f"{_named(SCRIPT)} {_named(TOOLS)}"

STYLE = _part("steps.css")


class Grid(Protocol):
    """What is read of a table here; ``grids.Table`` is one."""

    @property
    def title(self) -> str: ...
    @property
    def head(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> Sequence[Sequence[Any]]: ...
    @property
    def note(self) -> str: ...
    @property
    def pictures(self) -> tuple[str, ...]: ...
    @property
    def choices(self) -> Sequence[Any]: ...
    @property
    def versions(self) -> Mapping[str, Sequence[Any]]: ...
    @property
    def turn(self) -> str: ...
    def row(self, row: Any, /) -> str: ...


def name_of(table: Grid, kind: str) -> str:
    """An id of its own for each table of a page."""
    content = repr((table.title, table.head, table.rows)).encode()
    return f"pb-{kind}-{hashlib.sha256(content).hexdigest()[:8]}"


def stepper(table: Grid) -> str:
    """HTML of ``table``: a radio button per row (its first cell); of the row chosen its picture,
    where it has one, and a list of head and text.

    ``table.pictures``: one SVG per row or none. On paper the row chosen is shown.
    """
    name = name_of(table, "steps")
    choices = "".join(
        _control("radio", name, f"{name}-{i}", row[0].text, i == 0)
        for i, row in enumerate(table.rows)
    )
    pictures = table.pictures or ("",) * len(table.rows)
    steps = "".join(
        _step(table.head[1:], [cell.text for cell in row], picture)
        for row, picture in zip(table.rows, pictures, strict=True)
    )
    shown = ",".join(
        f"#{name}:has(#{name}-{i}:checked)>div.pb-now>section:nth-child({i + 1})"
        for i in range(len(table.rows))
    )
    return (
        f'<div class="pb-steps" id="{name}" role="group" aria-label="{escape(table.title)}"'
        ' data-play="Play" data-stop="Pause" data-back="One step back" data-next="One step on"'
        f' data-slide="{escape(table.title)}"><style>{STYLE}.pb-now>section{{display:none}}'
        f"{shown}{{display:block}}</style><p><strong>{escape(table.title)}</strong></p>"
        f"<fieldset><legend>{escape(table.head[0])}</legend>{choices}</fieldset>"
        f'<div class="pb-now">{steps}</div>{_note(table)}<script>{SCRIPT}</script></div>'
    )


def _step(head: tuple[str, ...], texts: list[str], picture: str) -> str:
    parts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
        for name, text in zip(head, texts[1:], strict=True)
    )
    drawn = (
        '<div class="pb-scroll" tabindex="0" role="region"'
        f' aria-label="{escape(texts[0])}">{picture}</div>'
        if picture
        else ""
    )
    return f"<section><h3>{escape(texts[0])}</h3>{drawn}<dl>{parts}</dl></section>"


def _control(kind: str, name: str, own: str, label: str, on: bool) -> str:
    """A button with its label, never parted by the end of a line."""
    return (
        f'<span class="pb-one"><input type="{kind}" name="{name}"'
        f' id="{own}"{" checked" if on else ""}> <label for="{own}">{escape(label)}</label></span> '
    )


def _note(table: Grid) -> str:
    return f'<p class="pb-source">{escape(table.note)}</p>' if table.note else ""


def turned(table: Grid, grid: str) -> str:
    """HTML of a table with versions: a switch per choice (a check box where there are two options,
    else radio buttons) and the version they name.

    ``grid``: the HTML of a version with ``{rows}`` where its rows go.
    """
    name = name_of(table, "turns")
    controls = "".join(
        _choice(f"{name}-{i}", choice.label, choice.options, choice.start)
        for i, choice in enumerate(table.choices)
    )
    states = list(product(*(range(len(choice.options)) for choice in table.choices)))
    shown = [
        f"#{name}{_where(name, table, state)}>div.pb-now>div:nth-child({k + 1})"
        for k, state in enumerate(states)
    ]
    versions = "".join(
        f"<div>{grid.replace('{rows}', _version(table, state))}</div>" for state in states
    )
    return (
        f'<div class="pb-turns" id="{name}" role="group"'
        f' aria-label="{escape(table.title)}"><style>{STYLE}#{name}>.pb-now>div{{display:none}}'
        f"{','.join(shown)}{{display:block}}</style>"
        f"<fieldset><legend>{escape(table.turn or table.title)}</legend>{controls}</fieldset>"
        f'<div class="pb-now" aria-live="polite">{versions}</div>{_note(table)}</div>'
    )


def _version(table: Grid, state: tuple[int, ...]) -> str:
    """The rows of the version that the switches name."""
    return "".join(table.row(row) for row in table.versions["-".join(map(str, state))])


def _where(name: str, table: Grid, state: tuple[int, ...]) -> str:
    """Style's condition that every switch stands as in ``state``."""
    return "".join(
        f":has({_state(f'{name}-{i}', option, len(choice.options))})"
        for i, (option, choice) in enumerate(zip(state, table.choices, strict=True))
    )


def _choice(name: str, label: str, options: tuple[str, ...], start: int) -> str:
    if len(options) == 2:
        return _control("checkbox", name, name, label, bool(start))
    kind = f'<span class="pb-kind">{escape(label)}</span>' if label else ""
    return kind + "".join(
        _control("radio", name, f"{name}-{n}", option, n == start)
        for n, option in enumerate(options)
    )


def _state(name: str, option: int, options: int) -> str:
    if options == 2:
        return f"#{name}:checked" if option else f"#{name}:not(:checked)"
    return f"#{name}-{option}:checked"
