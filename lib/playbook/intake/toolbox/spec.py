"""What stands in each sheet of the toolbox: headings in a language, kinds, lists, example rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from playbook.base.language import say, speaking
from playbook.data.table_specs import ColumnSpec, Kind
from playbook.data.tables import TABLES

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
MARK = " *"  # after the heading of a column that must be filled
EXAMPLE = {"zh": "（示例）", "en": " (example)"}


@dataclass(frozen=True)
class Column:
    """A column of a sheet. ``to``: (table, column) of the contract it fills, none where only people
    read it; ``choices``: its drop-down, the word as it is written by the word of the contract;
    ``ratio``: headings of the part and the whole, of which the workbook makes a share.
    """

    heading: str
    kind: Kind
    required: bool
    to: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    note: str = ""
    ratio: tuple[str, ...] = ()
    part: str = ""  # column of the contract that several columns of the sheet make together


@dataclass(frozen=True)
class Sheet:
    """A sheet to fill in, in one language. ``tool``: number of the tool, 0 for the lists that the
    tools refer to.
    """

    id: str
    name: str
    example: str
    title: str
    tool: int
    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@cache
def _written() -> dict[str, Any]:
    text = (files(__package__) / "sheets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def sheets(language: Language) -> tuple[Sheet, ...]:
    """Every sheet of the workbook in its order, in a language."""
    at = LANGUAGES.index(language)
    return tuple(_sheet(raw, at, language) for raw in _written()["sheet"])


def words(name: str, language: Language) -> tuple[str, ...]:
    """The words of a drop-down as they are written, such as those of the stages."""
    return tuple(said[LANGUAGES.index(language)] for said in _written()["lists"][name].values())


def language_of(names: Iterable[str]) -> Language | None:
    """The language of the toolbox that a workbook with these sheets is; None when it is none."""
    have = set(names)
    return next((one for one in LANGUAGES if {s.name for s in sheets(one)} <= have), None)


def _sheet(raw: dict[str, Any], at: int, language: Language) -> Sheet:
    name = raw["name"][at]
    columns = tuple(_column(column, raw, at) for column in raw["columns"])
    return Sheet(
        raw["id"],
        name,
        name + EXAMPLE[language],
        raw.get("title", raw["name"])[at],
        raw.get("tool", 0),
        tuple(raw["tables"]),
        columns,
        tuple(_row(row, len(columns), at) for row in raw["examples"]),
    )


def _row(cells: list[Any], width: int, at: int) -> tuple[Any, ...]:
    said = [cell[at] if isinstance(cell, list) else cell for cell in cells]
    return tuple([*said, *[""] * (width - len(said))])


def _column(raw: dict[str, Any], sheet: dict[str, Any], at: int) -> Column:
    names = raw.get("to", [])
    named = [names] if isinstance(names, str) else names
    to = tuple(
        cast(tuple[str, str], tuple(n.split("."))) if "." in n else (sheet["tables"][0], n)
        for n in named
    )
    specs = [_spec(table, column) for table, column in to]
    listed = _written()["lists"].get(raw.get("list", ""), {})
    meaning = _meaning(raw, specs, LANGUAGES[at])
    required = any(spec.required for spec in specs) or "part" in raw
    return Column(
        raw["h"][at] + (MARK if required else ""),
        _kind(raw, specs),
        required,
        to,
        tuple((said[at], ours) for ours, said in listed.items()),
        raw["note"][at] if "note" in raw else meaning,
        tuple(_heading(sheet, name, at) for name in raw.get("ratio", [])),
        raw.get("part", ""),
    )


def _meaning(raw: dict[str, Any], specs: list[ColumnSpec], language: Language) -> str:
    """What the column means; in Chinese not where a drop-down says its own words for it."""
    if not specs or (language == "zh" and "list" in raw):
        return ""
    with speaking(language):
        return say(specs[0].meaning)


def _kind(raw: dict[str, Any], specs: list[ColumnSpec]) -> Kind:
    if "ratio" in raw:
        return "share"
    return specs[0].kind if specs else cast(Kind, raw.get("kind", "text"))


def _heading(sheet: dict[str, Any], name: str, at: int) -> str:
    """The whole heading of a column named by its Chinese one."""
    raw = next(column for column in sheet["columns"] if column["h"][0] == name)
    return _column(raw, sheet, at).heading


def _spec(table: str, column: str) -> ColumnSpec:
    return TABLES[table][column]
