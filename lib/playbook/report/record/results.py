"""What executed notebooks recorded: section statuses, numbers, worksheets, changes and headlines;
and results.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from playbook.base.errors import Problem
from playbook.base.indented import indented
from playbook.base.language import say

if TYPE_CHECKING:
    from playbook.report.run.plan import Source

SCHEMA = 1
Json = dict[str, Any]
SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False)  # made once: numbers are many


@dataclass
class Outcome:
    """How one notebook went and what it recorded. ``error`` has section, cell, cause and hint;
    ``cells`` their times and statuses.
    """

    name: str
    title: str = ""
    status: str = "ok"
    error: Json | None = None
    seconds: float = 0.0
    cells: list[Json] = field(default_factory=list)
    records: list[Json] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The failure in one line: notebook, section, cell, cause."""
        if self.error is None:
            return ""
        place = " › ".join(part for part in (self.name, self.error.get("section")) if part)
        if self.error.get("cell"):
            return say(
                "{place} (cell {cell}): {cause}",
                place=place,
                cell=self.error["cell"],
                cause=self.error["cause"],
            )
        return say("{place}: {cause}", place=place, cause=self.error["cause"])

    @property
    def sections(self) -> dict[str, str]:
        """Status by section; the worst of what was recorded, so that a later ``ok`` never hides a
        failure.
        """
        found: dict[str, str] = {}
        for record in self.records:
            name, status = record["section"]["id"], record["section"]["status"]
            if name and _badness(status) >= _badness(found.get(name, "ok")):
                found[name] = status
        return found


def _badness(status: str) -> int:
    return 2 if status.startswith("failed") else 0 if status == "ok" else 1


def key(kpi: Mapping[str, Any]) -> tuple[str, str, str]:
    """What makes a number one number: its name, window and split."""
    by = kpi["by"]
    return kpi["name"], kpi["window"], "null" if by is None else SORTED.encode(by)


def kpis(outcomes: Iterable[Outcome]) -> list[Json]:
    """Every number once, in the order recorded; of two with the same key the first stays
    (``clashes`` has the other).
    """
    found: dict[tuple, Json] = {}
    for kpi in _all(outcomes):
        found.setdefault(key(kpi), kpi)
    return list(found.values())


def clashes(outcomes: Sequence[Outcome]) -> list[Json]:
    """Warnings where two notebooks give the same number differently: the house promises that one
    name means one thing.
    """
    first: dict[tuple[str, str, str], Json] = {}
    other: dict[tuple[str, str, str], Json] = {}
    for kpi in _all(outcomes):
        place = key(kpi)
        if kpi["value"] != first.setdefault(place, kpi)["value"]:
            other[place] = kpi
    return [
        Problem(
            found=say(
                "{name} ({window}) is {first} and {other}",
                name=name,
                window=window if by == "null" else f"{window} {by}",
                first=first[name, window, by]["value"],
                other=kpi["value"],
            ),
            expected=say("one value for one name, window and split"),
            try_=say("report this as a fault; the first value is kept"),
            severity="warning",
        ).as_dict()
        for (name, window, by), kpi in other.items()
    ]


def _all(outcomes: Iterable[Outcome]) -> Iterable[Json]:
    return (
        kpi for outcome in outcomes for record in outcome.records for kpi in record.get("kpis", ())
    )


def results(source: Source, outcomes: Sequence[Outcome]) -> Json:
    """The content of results.json."""
    return {
        "schema": SCHEMA,
        "book": source.name,
        "month": source.month,
        "as_of": source.as_of.isoformat(),
        "currency": source.currency,
        "notebooks": {
            o.name: {
                "status": o.status,
                "sections": o.sections,
                **({"error": o.error} if o.error else {}),
            }
            for o in outcomes
        },
        "kpis": kpis(outcomes),
    }


def dump(content: Any) -> str:
    """JSON for people and programs: indented, texts in their own script, full precision."""
    return indented(content) + "\n"


def plain(outcome: Outcome) -> Json:
    """The outcome without its records, for the manifest."""
    # a copy of the records would take as long as all the rest
    light = asdict(replace(outcome, records=[]))
    del light["records"]
    return light
