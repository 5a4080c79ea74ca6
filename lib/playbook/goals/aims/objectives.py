"""Objectives and key results: progress, score and confidence from company to team to person, and
what nobody serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.data.measures import work
from playbook.data.measures.names import member_names
from playbook.goals.actions import soon
from playbook.goals.figures import key_results
from playbook.page import Action, Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.blocks import Tone
from playbook.page.kpi import Kpi

LEVELS = ("company", "team", "person")
UNITS = {"share": "share", "%": "share", "days": "days", "count": "count", "score": "score"}


@dataclass(frozen=True)
class Objectives(Result):
    """results: one row per key result, in tree order (depth, objective, key_result, owner,
    baseline, value, target, unit, progress, score, elapsed,
    confidence, trend, last, stale, due, state); objectives: objective, level, parent, depth, own
    (score of its key results), score (with those below), weight, owner.
    """

    section: ClassVar[str] = "objectives"
    fmt: Formats
    as_of: date
    calendar: Calendar
    stale_days: int
    results: pd.DataFrame
    objectives: pd.DataFrame
    unserved: tuple[str, ...]  # company key results or objectives no lower level serves
    orphans: tuple[str, ...]  # objectives whose parent is not there

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
                Col("level"),
                Col("own", "score", "Own score"),
                Col("score", "score", "With those below"),
                Col("confidence", "share", "Confidence", decimals=0),
            ],
            self.fmt,
            title="Objectives, from company to person",
            note=(
                "score: weighted mean of the key results' progress, clipped to 0…1 · with those"
                " below: the plain mean of its own score and those of the objectives that serve it"
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
            Col("score", "share", "Progress", decimals=0, tone=_tone),
            Col("elapsed", "share", "Time gone", decimals=0),
            Col("conf", label="Confidence"),
            Col("due", "date"),
            Col("state", label="State", tone=_tone),
        ]
        return [
            first,
            table(
                rows,
                columns,
                self.fmt,
                title="Key results",
                note=(
                    "progress: (now − baseline) ÷ (target − baseline), for rising and falling"
                    f" metrics alike · stale: no check-in for {self.stale_days} days · as of"
                    f" {self.fmt.text(self.as_of, 'date')}"
                ),
            ),
        ]

    def _value(self, row: dict[str, Any], key: str) -> str:
        unit = UNITS.get(str(row["unit"]), "number")
        whole = (
            unit == "share"
            and not is_missing(row[key])
            and abs(float(row[key]) * 100 - round(float(row[key]) * 100)) < 1e-9
        )
        return self.fmt.text(row[key], unit, decimals=0 if whole else None)

    def _goal(self, row: dict[str, Any]) -> str:
        start = "0" if is_missing(row["baseline"]) else self._value(row, "baseline")
        return f"{start} → {self._value(row, 'target')}"

    def _confidence(self, row: dict[str, Any]) -> str:
        if is_missing(row["confidence"]):
            return self.fmt.text(None)
        moved = (
            ""
            if is_missing(row["trend"])
            else f" ({self.fmt.text(row['trend'], 'pp', decimals=0)})"
        )
        return self.fmt.share(row["confidence"], decimals=0) + moved

    def reading(self) -> str:
        tops = self.objectives[self.objectives["depth"] == 0]
        best = [
            f"{o} ({self.fmt.text(s, 'score')})"
            for o, s in zip(tops["objective"], tops["score"], strict=True)
        ]
        text = (
            f"Scores of the company's objectives, with those that serve them: {listing(best, 4)}."
        )
        late = self.results[self.results["state"].isin(["behind", "missed", "stale"])]
        if len(late):
            text += (
                f" {plural(len(late), 'key result')} behind, missed or stale:"
                f" {listing(list(late['key_result']), 3)}."
            )
        if self.unserved:
            text += f" Nobody below serves: {listing(list(self.unserved), 3)}."
        return text

    def headline(self) -> str:
        states = self.results["state"].value_counts()
        return (
            f"{plural(len(self.results), 'key result')}: "
            + ", ".join(f"{states[s]} {s}" for s in sorted(states.index))
            + f"; {len(self.unserved)} not served from below."
        )

    def notes(self) -> list[str]:
        told = [
            "A weight of its own comes from the table, else all count alike. A milestone goes from"
            " 0 to 1. A key result whose target equals its baseline has no progress."
        ]
        return told + [
            f"'{name}' names a parent that is not in the table." for name in self.orphans
        ]

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                name,
                "all",
                None if is_missing(row[key]) else row[key],
                "share",
                {"objective": row["objective"]},
                why="no key result carries a weight",
            )
            for row in self.objectives.to_dict("records")
            for name, key in (("objective.score", "own"), ("objective.score_with_below", "score"))
        ]

    def actions(self) -> list[Action]:
        due = soon(self.as_of, self.calendar)
        told = {
            "stale": "Check in on",
            "behind": "Agree how to catch up on",
            "missed": "Close, move or renew",
        }
        return [
            Action(
                f"{told[row['state']]}: {row['key_result']}", _owner(row), due, self._why(row), None
            )
            for row in self.results.to_dict("records")
            if row["state"] in told
        ]

    def _why(self, row: dict[str, Any]) -> str:
        last = (
            "no check-in yet"
            if is_missing(row["last"])
            else f"last check-in {self.fmt.text(row['last'], 'date')}"
        )
        return (
            f"{self.fmt.share(row['score'], decimals=0)} reached,"
            f" {self.fmt.share(row['elapsed'], decimals=0)} of the time gone; {last}"
        )

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("objective", "Objective", "text"),
            ("key_result", "Key result", "text"),
            ("owner", "Owner", "text"),
            ("baseline", "Baseline", "number"),
            ("value", "Now", "number"),
            ("target", "Target", "number"),
            ("unit", "Unit", "text"),
            ("score", "Progress", "share"),
            ("due", "Due", "date"),
            ("state", "State", "text"),
        )
        return [
            Worksheet(
                "Key results",
                keys,
                tuple(
                    tuple(None if is_missing(row[k]) else row[k] for k, _, _ in keys)
                    for row in self.results.to_dict("records")
                ),
            )
        ]


def _tone(row: dict[str, Any]) -> Tone:
    return {
        "reached": "good",
        "on course": "good",
        "behind": "warn",
        "missed": "bad",
        "stale": "muted",
    }.get(row["state"], "")  # type: ignore[return-value]


def _owner(row: dict[str, Any]) -> str:
    return "" if is_missing(row["owner"]) else str(row["owner"])


def progress(value: Any, baseline: Any, target: float) -> float | None:
    """Way covered from the baseline to the target, rising or falling; None when it has not been
    measured or there is no way to go.

    >>> progress(75, 90, 60)
    0.5
    """
    start = 0.0 if is_missing(baseline) else float(baseline)
    if is_missing(value) or float(target) == start:
        return None
    return (float(value) - start) / (float(target) - start)


def clipped(share: float | None) -> float | None:
    """Progress as a score between 0 and 1."""
    return None if share is None else min(1.0, max(0.0, share))


@section("objectives")
def objectives(book: Book) -> Objectives:
    """The tree of objectives and key results as of the book's date."""
    gives = "progress, score and confidence of objectives from company to person"
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
    table_ = work.key_results(book)
    checks = work.check_ins(book)
    stale = book.settings.goals.stale_days
    names = member_names(book).get("rep", {})
    table_ = table_.assign(owner=[names.get(owner, owner) for owner in table_["owner"]])
    rows = pd.DataFrame(
        [
            _row(row, checks[checks["key_result"] == row["key_result"]], book.as_of, stale)
            for row in table_.to_dict("records")
        ]
    )
    tree, orphans = _tree(rows)
    order = {o: i for i, o in enumerate(tree["objective"])}
    rows = (
        rows.assign(place=rows["objective"].map(order))
        .sort_values(["place", "key_result"], kind="stable", ignore_index=True)
        .drop(columns="place")
    )
    return Objectives(
        book.fmt, book.as_of, book.calendar, stale, rows, tree, _unserved(tree, rows), orphans
    )


def _row(row: dict[str, Any], checks: pd.DataFrame, as_of: date, stale: int) -> dict[str, Any]:
    last = (
        checks.iloc[-1].to_dict()
        if len(checks)
        else {"value": None, "date": None, "confidence": None}
    )
    done = progress(last["value"], row["baseline"], row["target"])
    start = row["start"] if not is_missing(row["start"]) else None
    length = (row["due"] - start).days if start else 0
    elapsed = min(1.0, max(0.0, (as_of - start).days / length)) if start and length > 0 else None
    earlier = (
        checks[[d <= as_of - pd.Timedelta(days=28).to_pytimedelta() for d in checks["date"]]]
        if len(checks)
        else checks
    )
    trend = (
        None
        if is_missing(last["confidence"])
        or not len(earlier)
        or is_missing(earlier["confidence"].iloc[-1])
        else last["confidence"] - earlier["confidence"].iloc[-1]
    )
    quiet = is_missing(last["date"]) or (as_of - last["date"]).days > stale
    return {
        **row,
        "value": last["value"],
        "progress": done,
        "score": clipped(done),
        "elapsed": elapsed,
        "confidence": last["confidence"],
        "trend": trend,
        "last": last["date"],
        "stale": quiet,
        "state": state(done, elapsed, quiet, over=row["due"] <= as_of),
    }


def state(done: float | None, elapsed: float | None, quiet: bool, *, over: bool) -> str:
    """reached, missed (past its due date), stale (no recent check-in), behind (progress below nine
    tenths of the time gone), on course.
    """
    if done is not None and done >= 1:
        return "reached"
    if over:
        return "missed"
    if quiet or done is None:
        return "stale"
    return "behind" if elapsed is not None and done < 0.9 * elapsed else "on course"


def weighted(scores: pd.Series, weights: pd.Series) -> float | None:
    """Weighted mean of the known scores; missing weights count 1, a missing score counts 0 so that
    silence is never rewarded.
    """
    w = weights.astype(float).fillna(1.0)
    return float((scores.astype(float).fillna(0.0) * w).sum() / w.sum()) if w.sum() > 0 else None


def _tree(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Objectives in tree order with their own and rolled-up scores. A parent may be named by
    objective or by key result; circles are cut.
    """
    home = dict(zip(rows["key_result"], rows["objective"], strict=True))
    heads: dict[str, dict[str, Any]] = {}
    for name, mine in rows.groupby("objective", sort=True):
        parents = [p for p in mine["parent"] if not is_missing(p)]
        parent = parents[0] if parents else ""
        heads[name] = {
            "objective": name,
            "level": _first(mine["level"]),
            "named": parent,
            "parent": parent if parent in set(rows["objective"]) else home.get(parent, ""),
            "own": weighted(mine["score"], mine["weight"]),
            "confidence": (
                None
                if mine["confidence"].isna().all()
                else float(mine["confidence"].astype(float).mean())
            ),
            "owner": _first(mine["owner"]),
            "weight": 1.0,
        }
    orphans = tuple(h["objective"] for h in heads.values() if h["named"] and not h["parent"])
    ordered: list[dict[str, Any]] = []
    rank = {level: i for i, level in enumerate(LEVELS)}
    roots = sorted(
        (h for h in heads.values() if not h["parent"] or h["parent"] == h["objective"]),
        key=lambda h: (rank.get(h["level"], 9), h["objective"]),
    )
    for root in roots:
        _walk(root, 0, heads, ordered)
    for head in heads.values():  # what only a circle reaches
        if head not in ordered:
            _walk(head, 0, heads, ordered)
    return pd.DataFrame(ordered), orphans


def _walk(
    head: dict[str, Any], depth: int, heads: dict[str, dict[str, Any]], out: list[dict[str, Any]]
) -> float | None:
    """Appends the objective and those below; returns its score with them."""
    head["depth"], head["score"] = depth, head["own"]
    out.append(head)
    below = [h for h in heads.values() if h["parent"] == head["objective"] and h not in out]
    scores = [_walk(h, depth + 1, heads, out) for h in sorted(below, key=lambda h: h["objective"])]
    known = [s for s in [head["own"], *scores] if s is not None]
    head["score"] = sum(known) / len(known) if known else None
    return head["score"]


def _first(values: pd.Series) -> str:
    known = values.dropna()
    return str(known.iloc[0]) if len(known) else ""


def _unserved(tree: pd.DataFrame, rows: pd.DataFrame) -> tuple[str, ...]:
    """Company objectives no team or person serves, and, of objectives served by key result, the key
    results left out (only asked where the book has lower levels at all).
    """
    if not (tree["depth"] > 0).any():
        return ()
    served, named = set(tree["parent"]), set(tree["named"])
    tops = list(tree.loc[(tree["depth"] == 0) & tree["level"].isin(["company", ""]), "objective"])
    alone = [o for o in tops if o not in served]
    for objective in tops:
        own = list(rows.loc[rows["objective"] == objective, "key_result"])
        if objective not in named and named & set(own):
            alone += [k for k in own if k not in named]
    return tuple(alone)
