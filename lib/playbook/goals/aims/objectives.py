"""Objectives and key results: progress, score and confidence from company to team to person, and
what nobody serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.data.measures import as_given
from playbook.data.measures.names import member_names
from playbook.goals.due_dates import soon
from playbook.goals.figures import key_results
from playbook.goals.illustrations import is_set
from playbook.page import Action, Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi

from .key_results import KeyResults, key_result_row, tone
from .objective_notes import objective_notes, unknown_check_ins, why_act
from .objective_tree import ObjectiveTree, tree_of, unserved_of

UNITS = {"share": "share", "%": "share", "days": "days", "count": "count", "score": "score"}


@dataclass(frozen=True)
class Objectives(Result):
    """Key results and the tree of objectives, as of the book's date.

    unserved: company key results or objectives no lower level serves; orphans: objectives whose
    parent is not there; unknown: check-ins (name → how many) that no key result has.
    """

    section: ClassVar[str] = "objectives"
    fmt: Formats
    as_of: date
    calendar: Calendar
    stale_days: int | None  # None where the book sets none: an example asks nobody
    results: Annotated[pd.DataFrame, KeyResults]
    objectives: Annotated[pd.DataFrame, ObjectiveTree]
    unserved: tuple[str, ...]
    orphans: tuple[str, ...]
    unknown: dict[str, int]

    def figure(self) -> Figure:
        """Progress of the key results against the time gone."""
        return key_results(self.results, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        tree = self.objectives.assign(
            name=[
                "· " * d + o
                for d, o in zip(self.objectives["depth"], self.objectives["objective"], strict=True)
            ]
        )
        first = table(
            tree,
            [
                Col("name", label="Objective", weight=3),
                Col("level", "term"),
                Col("own", "score", "Own score"),
                Col("score", "score", "With those below"),
                Col("confidence", "share", "Confidence", decimals=0),
            ],
            self.fmt,
            title=say("Objectives, from company to person"),
            note=(
                say(
                    "score: weighted mean of the key results' progress, clipped to 0…1 ·"
                    " with those below: weighted mean of all key results of it and of"
                    " the objectives that serve it"
                )
            ),
        )
        rows = self.results.assign(
            now=[self._value(r, "value") for r in self.results.to_dict("records")],
            goal=[self._goal(r) for r in self.results.to_dict("records")],
            conf=[self._confidence(r) for r in self.results.to_dict("records")],
        )
        columns = [
            Col("key_result", label="Key result", weight=3),
            Col("owner"),
            Col("goal", label="From → to"),
            Col("now", label="Now"),
            Col("score", "share", "Progress", decimals=0, tone=tone),
            Col("elapsed", "share", "Time gone", decimals=0),
            Col("conf", label="Confidence"),
            Col("due", "date"),
            Col("state", "term", "State", tone=tone),
        ]
        return [
            first,
            table(
                rows,
                columns,
                self.fmt,
                title=say("Key results"),
                note=(
                    say(
                        "progress: (now − baseline) ÷ (target − baseline), for rising and"
                        " falling metrics alike · stale: {stale} · as of {as_of}",
                        stale=self._stale(),
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            ),
        ]

    def _stale(self) -> str:
        days = self.stale_days
        return (
            say("never measured") if days is None else say("no check-in for {days} days", days=days)
        )

    def _value(self, row: dict[str, Any], key: str) -> str:
        unit = UNITS.get(str(row["unit"]), "number")
        even = (
            unit == "share"
            and not is_missing(row[key])
            and abs(float(row[key]) * 100 - round(float(row[key]) * 100)) < 1e-9
        )
        return self.fmt.text(row[key], unit, decimals=0 if even else None)

    def _goal(self, row: dict[str, Any]) -> str:
        start = self._value(row, "baseline")
        return f"{start} → {self._value(row, 'target')}"

    def _confidence(self, row: dict[str, Any]) -> str:
        if is_missing(row["confidence"]):
            return self.fmt.text(None)
        moved = (
            ""
            if is_missing(row["trend"])
            else say(" ({points})", points=self.fmt.text(row["trend"], "pp", decimals=0))
        )
        return self.fmt.share(row["confidence"], decimals=0) + moved

    def reading(self) -> str:
        tops = self.objectives[self.objectives["depth"] == 0]
        best = [
            say("{name} ({score})", name=o, score=self.fmt.text(s, "score"))
            for o, s in zip(tops["objective"], tops["score"], strict=True)
        ]
        text = say(
            "Scores of the company's objectives, with those that serve them: {best}.",
            best=listing(best, 4),
        )
        late = self.results[self.results["state"].isin(["behind", "missed", "stale"])]
        if len(late):
            text += say(
                " {key_results} behind, missed or stale: {key_result}.",
                key_results=plural(len(late), "key result"),
                key_result=listing(list(late["key_result"]), 3),
            )
        if self.unserved:
            text += say(
                " Nobody below serves: {unserved}.", unserved=listing(list(self.unserved), 3)
            )
        return text

    def headline(self) -> str:
        states = self.results["state"].value_counts()
        return say(
            "{key_results}: {states}; {n} not served from below.",
            key_results=plural(len(self.results), "key result"),
            states=joined(
                say("{n} {state}", n=states[s], state=term(s)) for s in sorted(states.index)
            ),
            n=len(self.unserved),
        )

    def notes(self) -> list[str]:
        return objective_notes(self.results, self.orphans, self.unknown)

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                name,
                "all",
                None if is_missing(row[key]) else row[key],
                "share",
                {"objective": row["objective"]},
                why=say("no key result carries a weight"),
            )
            for row in self.objectives.to_dict("records")
            for name, key in (("objective.score", "own"), ("objective.score_with_below", "score"))
        ]

    def actions(self) -> list[Action]:
        due = soon(self.as_of, self.calendar)
        asked = {
            "stale": later("Check in on: {key_result}"),
            "behind": later("Agree how to catch up on: {key_result}"),
            "missed": later("Close, move or renew: {key_result}"),
            "no baseline": later("Give the baseline of: {key_result}"),
        }
        return [
            Action(
                say(asked[row["state"]], key_result=row["key_result"]),
                _owner(row),
                due,
                why_act(row, self.fmt),
                None,
            )
            for row in self.results.to_dict("records")
            if row["state"] in asked
        ]

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("objective", say("Objective"), "text"),
            ("key_result", say("Key result"), "text"),
            ("owner", say("Owner"), "text"),
            ("baseline", say("Baseline"), "number"),
            ("value", say("Now"), "number"),
            ("target", say("Target"), "number"),
            ("unit", say("Unit"), "text"),
            ("score", say("Progress"), "share"),
            ("due", say("Due"), "date"),
            ("state", say("State"), "term"),
        )
        return [
            Worksheet(
                say("Key results"),
                keys,
                tuple(
                    tuple(None if is_missing(row[k]) else row[k] for k, _, _ in keys)
                    for row in self.results.to_dict("records")
                ),
            )
        ]


def _owner(row: dict[str, Any]) -> str:
    return "" if is_missing(row["owner"]) else str(row["owner"])


@section("objectives")
def objectives(book: Book) -> Objectives:
    """The tree of objectives and key results as of the book's date."""
    gives = say("progress, score and confidence of objectives from company to person")
    if "key_results" not in book.read.given or not book.has(
        "key_results", "objective", "key_result", "target", "due"
    ):
        raise NotAvailable(
            {
                "key_results": ("objective", "key_result", "target", "due"),
                "check_ins": ("key_result", "date", "value"),
            },
            gives,
        )
    table_ = as_given.key_results(book)
    checks = as_given.check_ins(book)
    set_ = is_set(book.settings.goals, "stale_days")
    stale = book.settings.goals.stale_days if set_ else None
    names = member_names(book).get("rep", {})
    table_ = table_.assign(owner=[names.get(owner, owner) for owner in table_["owner"]])
    rows = KeyResults.make(
        [
            key_result_row(
                row, checks[checks["key_result"] == row["key_result"]], book.as_of, stale
            )
            for row in table_.to_dict("records")
        ]
    )
    tree, orphans = tree_of(rows)
    order = {o: i for i, o in enumerate(tree["objective"])}
    rows = (
        rows.assign(place=rows["objective"].map(order))
        .sort_values(["place", "key_result"], kind="stable", ignore_index=True)
        .drop(columns="place")
    )
    return Objectives(
        book.fmt,
        book.as_of,
        book.calendar,
        stale,
        rows,
        tree,
        unserved_of(tree, rows),
        orphans,
        unknown_check_ins(book),
    )
