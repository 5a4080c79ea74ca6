"""The base of all blocks, and how their texts are written in HTML."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, is_dataclass
from html import escape as escaped
from typing import Any

from playbook.base.language import Said

MIME = "application/vnd.playbook.block+json"


UNIT = re.compile(r"(?<=\d) (?=(?:%|pp|d)(?!\w))")


def tied(text: str) -> str:
    """``text`` whose figures never lose their unit to the next line."""
    return UNIT.sub("\u00a0", text)


def escape(text: str) -> str:
    """``text`` for HTML, as content or attribute."""
    return escaped(tied(text))


SIGNED = re.compile(r"[+−][^\w\s.,;:()\[\]+−–]\d[\d.,]*[kmbn万亿]*")


def flowing(text: str) -> str:
    """``text`` for HTML where lines break: a signed amount of money stays on one."""
    made = escape(text)
    if "+" not in made and "−" not in made:
        return made
    return SIGNED.sub(r'<span class="pb-n">\g<0></span>', made)


PLAIN = frozenset({str, int, float, bool, type(None)})


_fields: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    if kind not in _fields:
        _fields[kind] = tuple(one.name for one in fields(kind))
    return _fields[kind]


def _told(value: Any) -> Any:
    """What ``dataclasses.asdict`` makes of a value; a table has thousands of cells, and copying
    their texts one by one takes longer than making them.
    """
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is Said:  # what is written needs no English, and copying asks for it
        return str(value)
    if kind in (tuple, list):
        return kind(_told(one) for one in value)
    if kind is dict:
        return {key: _told(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _told(getattr(value, name)) for name in _names(kind)}
    return asdict(_Held(value))["value"]


@dataclass(frozen=True)
class _Held:
    value: Any


@dataclass(frozen=True)
class Block:
    """Base of all blocks. ``kind`` names the renderer."""

    kind = "block"

    def data(self) -> dict[str, Any]:
        return {
            "type": self.kind,
            **{name: _told(getattr(self, name)) for name in _names(type(self))},
        }

    def html(self) -> str:
        raise NotImplementedError

    def plain(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/plain": self.plain(), "text/html": self.html(), MIME: self.data()}
