"""Cells of a sheet that people fill in: drop-downs, and checks of what is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from playbook.base.language import later, say

Json = dict[str, Any]
SPARE = 200  # empty rows below a list that may be filled in as well
LONGEST = 255  # characters of a list that a cell's rule can hold itself
FEWEST = 12  # characters from which a text says something
CHECKS: dict[str, Json] = {
    "day": {
        "validate": "date",
        "criteria": ">=",
        "value": date(2000, 1, 1),
        "error_title": later("A day is needed"),
        "error_message": later(
            "Write the day, such as 2023-06-30; “soon” and “later” tell nothing."
        ),
    },
    "amount": {
        "validate": "decimal",
        "criteria": ">",
        "value": 0,
        "error_title": later("An amount is needed"),
        "error_message": later("Write the amount in figures; “enough” tells nothing."),
    },
    "words": {
        "validate": "length",
        "criteria": ">=",
        "value": FEWEST,
        "error_title": later("Say what is needed"),
        "error_message": later("Describe it in a sentence; “interested” tells nothing."),
    },
    "note": {
        "validate": "length",
        "criteria": "<=",
        "value": 2000,
        "error_title": later("Too long"),
        "error_message": later("At most 2,000 characters."),
    },
}


class Lists:
    """Lists of words too long for a cell's rule, on a hidden sheet of their own."""

    def __init__(self) -> None:
        self.columns: list[list[str]] = []

    def source(self, words: Sequence[str]) -> list[str] | str:
        """What a drop-down of these words draws from."""
        if len(",".join(words)) <= LONGEST and not any("," in word for word in words):
            return list(words)
        if list(words) not in self.columns:
            self.columns.append(list(words))
        column = _letters(self.columns.index(list(words)))
        return f"='Lists'!${column}$1:${column}${len(words)}"

    def write(self, book: Any, name: str) -> None:
        """The hidden sheet; none where every list fits its cells."""
        if not self.columns:
            return
        page = book.add_worksheet(name)
        for c, words in enumerate(self.columns):
            for r, word in enumerate(words):
                page.write_string(r, c, word)
        page.hide()


def fill_in(page: Any, sheet: Json, lists: Lists) -> None:
    """Drop-downs of the sheet's ``choices`` (another word is warned of) and its ``checks`` (what
    does not fit is refused), for its rows and SPARE more.
    """
    last = max(len(sheet["rows"]), 1) + SPARE
    for c, (key, _, _) in enumerate(sheet["columns"]):
        if words := sheet.get("choices", {}).get(key):
            page.data_validation(1, c, last, c, _one_of(lists.source(words)))
        elif kind := sheet.get("checks", {}).get(key):
            page.data_validation(1, c, last, c, _said(CHECKS[kind]))


def _said(check: Json) -> Json:
    told = ("error_title", "error_message")
    return check | {key: say(check[key]) for key in told if key in check}


def _one_of(source: list[str] | str) -> Json:
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": say("Not in the list"),
        "error_message": say("Choose one of the list."),
    }


def _letters(column: int) -> str:
    """The letters by which a workbook names a column, counted from 0."""
    last = chr(ord("A") + column % 26)
    return last if column < 26 else _letters(column // 26 - 1) + last
