"""Indented JSON as ``json`` writes it, in a third of its time: with an indent it works in plain
Python and hands every mark and every word through as many generators as it is deep.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

WORDS = {True: "true", False: "false", None: "null"}


def indented(content: Any, *, sort_keys: bool = False) -> str:
    """``json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)`` to the byte.

    Raises ValueError for a number that is not finite and TypeError for a value JSON has no word
    for, as ``json`` does.

    >>> print(indented({"a": [1, None], "b": {}}))
    {
     "a": [
      1,
      null
     ],
     "b": {}
    }
    """
    parts: list[str] = []
    _put(content, "\n", sort_keys, parts)
    return "".join(parts)


def _put(value: Any, line: str, sort_keys: bool, parts: list[str]) -> None:
    """Add the text of a value; ``line``: a new line and the indent of what holds it."""
    kind = type(value)
    if kind is str:
        parts.append(encode_basestring(value))
    elif kind is float:
        parts.append(_number(value))
    elif kind is int:
        parts.append(int.__repr__(value))
    elif value is None or kind is bool:
        parts.append(WORDS[value])
    elif isinstance(value, dict):
        _put_dict(value, line, sort_keys, parts)
    elif isinstance(value, (list, tuple)):
        _put_list(value, line, sort_keys, parts)
    else:  # kinds derived from texts and numbers, and what is refused
        parts.append(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _put_dict(value: dict[Any, Any], line: str, sort_keys: bool, parts: list[str]) -> None:
    if not value:
        parts.append("{}")
        return
    inner = line + " "
    before = "{" + inner
    for name, one in sorted(value.items()) if sort_keys else value.items():
        parts.append(before + (encode_basestring(name) if type(name) is str else _key(name)) + ": ")
        _put(one, inner, sort_keys, parts)
        before = "," + inner
    parts.append(line + "}")


def _put_list(value: Any, line: str, sort_keys: bool, parts: list[str]) -> None:
    if not value:
        parts.append("[]")
        return
    inner = line + " "
    before = "[" + inner
    for one in value:
        if type(one) is str:
            parts.append(before + encode_basestring(one))
        else:
            parts.append(before)
            _put(one, inner, sort_keys, parts)
        before = "," + inner
    parts.append(line + "]")


def _number(value: float) -> str:
    text = float.__repr__(value)
    if text in ("inf", "-inf", "nan"):
        raise ValueError(f"Out of range float values are not JSON compliant: {text}")
    return text


def _key(name: Any) -> str:
    """A key that is no text, as ``json`` words it."""
    return json.dumps({name: None}, ensure_ascii=False, allow_nan=False)[1:-7]
