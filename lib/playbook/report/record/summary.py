"""The executive summary of the cover, as plain JSON: headlines, largest changes, actions due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.report.run.plan import Source

from .results import Outcome

Json = dict[str, Any]
LINES, CHANGES, ACTIONS = 5, 3, 12  # of one chapter, of all, of all: a summary is read standing
EACH = 4  # actions of one chapter before another's turn: five lists, one page
# What action lists call the same thing, the usual name first. Other sheets with a due date, such as
# a task board, are no actions.
NAMES = {
    "what": ("what", "action"),
    "whom": ("name",),
    "owner": ("owner", "rep"),
    "due": ("due",),
    "worth": ("worth",),
    "why": ("why", "reason"),
}


def cover(source: Source, outcomes: Sequence[Outcome]) -> Json:
    """What the cover of the pack says; all texts ready to print."""
    fmt = source.fmt
    due = actions(outcomes)
    return {
        "title": say("Sales performance playbook"),
        "company": source.title,
        "month_label": fmt.text(source.month, "month"),
        "as_of_label": fmt.text(source.as_of, "date"),
        "headlines": [
            {"notebook": o.name, "title": o.title, "lines": headlines(o)[:LINES]} for o in outcomes
        ],
        "changes": changes(outcomes),
        "actions": [_printable(action, fmt) for action in _first(outcomes)],
        "notes": (
            [say("{more} in actions.xlsx.", more=plural(len(due) - ACTIONS, "more action"))]
            if len(due) > ACTIONS
            else []
        ),
        "warnings": [
            *(o.message for o in outcomes if o.error),
            *(f"{_place(w)}{w['found']}" for w in source.warnings),
        ],
    }


def headlines(outcome: Outcome) -> list[str]:
    """The headline of every section that has one, once."""
    return list(
        dict.fromkeys(record["headline"] for record in outcome.records if record.get("headline"))
    )


def changes(outcomes: Iterable[Outcome], most: int = CHANGES) -> list[str]:
    """The largest changes by size, whichever way they went."""
    found = {
        change["text"]: abs(change["size"])
        for o in outcomes
        for record in o.records
        for change in record.get("changes", ())
        if change.get("size") is not None
    }
    return sorted(found, key=lambda text: (-found[text], text))[:most]


def actions(outcomes: Iterable[Outcome]) -> list[Json]:
    """Rows of the action lists (worksheets with an action and a due date), each once: soonest
    first, among equals the most valuable.

    Each has id, what, whom, owner, due (YYYY-MM-DD), worth, why and the unit of worth; absent ones
    are None.
    """
    found: dict[Any, Json] = {}
    for sheet in worksheets(outcomes):
        units = {key: unit for key, _, unit in sheet["columns"]}
        at = {
            ours: next((name for name in names if name in units), "")
            for ours, names in NAMES.items()
        }
        if not at["what"] or not at["due"]:
            continue
        for row in sheet["rows"]:
            values = dict(zip(units, row, strict=True))
            if "id" in values and not values["id"]:
                continue  # done already
            action = {ours: values.get(theirs) for ours, theirs in at.items()} | {
                "unit": units.get(at["worth"], "money"),
                "id": values.get("id"),
            }
            if action["whom"]:
                action["what"] = str(
                    say("{name}: {action}", name=action["whom"], action=action["what"])
                )
            if action["due"]:
                same = action["id"] or (action["what"], action["owner"], action["due"])
                found.setdefault(same, action)
    return sorted(
        found.values(), key=lambda a: (str(a["due"]), _worth(a), str(a["what"]), str(a["owner"]))
    )


def _first(outcomes: Sequence[Outcome]) -> list[Json]:
    """The actions of the cover, by due date: of each chapter those worth most, and without a worth
    those due last.

    What has been overdue longest is least likely to be what matters this month; it stays in the
    workbook.
    """
    chosen, rest = [], []
    for outcome in outcomes:
        ranked = sorted(
            sorted(actions([outcome]), key=lambda a: str(a["due"]), reverse=True), key=_worth
        )
        chosen += ranked[:EACH]
        rest += ranked[EACH:]
    first = [*sorted(chosen, key=_worth), *sorted(rest, key=_worth)][:ACTIONS]
    return sorted(first, key=lambda a: (str(a["due"]), _worth(a), str(a["what"]), str(a["owner"])))


def _worth(action: Json) -> float:
    """Sort key: the most valuable first, those without a worth last."""
    return -(action["worth"] or 0)


def worksheets(outcomes: Iterable[Outcome]) -> Iterable[Json]:
    """Every worksheet recorded, in order."""
    return (
        sheet for o in outcomes for record in o.records for sheet in record.get("worksheets", ())
    )


def _printable(action: Json, fmt: Formats) -> Json:
    return {
        "what": str(action["what"]),
        "owner": fmt.text(action["owner"]),
        "due": day_text(action["due"], fmt),
        "worth": fmt.text(action["worth"], action["unit"]),
        "why": str(action["why"] or ""),
    }


def day_text(text: Any, fmt: Formats) -> str:
    """A day written YYYY-MM-DD as the pages write days; any other text as it stands."""
    try:
        return fmt.text(date.fromisoformat(str(text)), "date")
    except ValueError:
        return str(text)


def _place(warning: Json) -> str:
    where = ".".join(part for part in (warning.get("table"), warning.get("column")) if part)
    return say("{where}: ", where=where) if where else ""
