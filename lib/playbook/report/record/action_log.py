"""The first sheet of actions.xlsx: every open action of every chapter once, to be filled in.

Filled in and put into the book's folder it is the table ``action_log``, and the next pack knows
what was done. What was not done is carried over with the day it was first listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from playbook.base.action_ids import told_by_tables
from playbook.base.action_log import SHEET, head, marks
from playbook.base.language import say

from .results import Outcome

Json = dict[str, Any]
COLUMNS = [
    ["action_id", "action_id", "text"],
    ["as_of", "as_of", "date"],
    ["chapter", "chapter", "text"],
    ["whom", "whom", "text"],
    ["what", "what", "text"],
    ["owner", "owner", "text"],
    ["due", "due", "date"],
    ["worth", "worth", "money"],
    ["why", "why", "text"],
    ["listed", "listed", "date"],
    ["age", "age", "count"],
    ["done", "done", "text"],
    ["done_on", "done_on", "date"],
    ["note", "note", "text"],
]
CHECKS = {"done_on": "day", "note": "note"}
OPEN = ("done", "done_on", "note")  # columns to fill in; the others are locked
# what lists of actions call the same thing; a list is one whose rows carry an id
NAMES = {
    "what": ("what", "action", "item"),
    "whom": ("name", "task"),
    "owner": ("owner", "rep"),
    "due": ("due",),
    "worth": ("worth",),
    "why": ("why", "reason", "state", "told"),
}


def action_sheet(
    outcomes: Sequence[Outcome], known: Sequence[Mapping[str, Any]], as_of: date
) -> Json | None:
    """The sheet: open actions by due day, those worth most first among equals; None without any.

    known: rows of ``action_log`` as the book holds them (days as YYYY-MM-DD). Of those that are not
    over and that no chapter lists today, the ones the tables tell nothing about are carried over,
    and all whose chapter did not run.
    """
    ran = {outcome.name for outcome in outcomes}
    before = {row["action_id"]: row for row in known}
    rows: dict[str, Json] = {}
    for outcome in outcomes:
        for action in _listed(outcome):
            rows.setdefault(action["action_id"], action)
    for number, row in before.items():
        gone = told_by_tables(number) and (not row.get("chapter") or row["chapter"] in ran)
        if number not in rows and not row["over"] and not gone:
            rows[number] = {key: row.get(key) for key in (*NAMES, "action_id", "chapter")}
    if not rows:
        return None
    made = [_dated(row, before.get(number), as_of) for number, row in rows.items()]
    made.sort(key=_place)
    keys = [key for key, _, _ in COLUMNS]
    return {
        "name": say(SHEET),  # by which a workbook in a book's folder is known
        "columns": [[key, head(key), kind] for key, _, kind in COLUMNS],
        "rows": [[row.get(key) for key in keys] for row in made],
        "choices": {"done": marks()},
        "checks": CHECKS,
        "open": OPEN,
    }


def _listed(outcome: Outcome) -> Iterable[Json]:
    """Actions of a chapter: rows of its lists that carry an id."""
    for record in outcome.records:
        for sheet in record.get("worksheets", ()):
            keys = [column[0] for column in sheet["columns"]]
            if "id" not in keys:
                continue
            for row in sheet["rows"]:
                values = dict(zip(keys, row, strict=True))
                if not values["id"]:
                    continue
                yield {
                    "action_id": values["id"],
                    "chapter": outcome.name,
                    **{ours: _first(values, theirs) for ours, theirs in NAMES.items()},
                }


def _first(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((values[name] for name in names if values.get(name) is not None), None)


def _dated(row: Json, before: Mapping[str, Any] | None, as_of: date) -> Json:
    """The row with the day it was first listed. One that was done and is asked for again begins
    anew, and the note says so.
    """
    listed, note = as_of.isoformat(), None
    if before is not None and not before["over"]:
        listed, note = before["listed"] or listed, before["note"]
    elif before is not None:
        note = (
            say("done {day}, asked for again", day=before["done_on"])
            if before["done_on"]
            else say("asked again")
        )
    age = (as_of - date.fromisoformat(listed)).days
    return {**row, "as_of": as_of.isoformat(), "listed": listed, "age": age, "note": note}


def _place(row: Json) -> tuple:
    worth = row["worth"] if isinstance(row["worth"], (int, float)) else 0
    return (row["due"] is None, str(row["due"]), -worth, str(row["what"]), row["action_id"])
