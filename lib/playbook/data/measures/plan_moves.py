"""How a plan's parts and its whole hold together: shapes, sums, and what a change moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from playbook.base.periods import Month, Period
from playbook.data.book import Book

from .people import reps
from .plan_curves import quarter_phases
from .targets import KEYS, Target, finer_cut

Members = tuple[tuple[str, str], ...]
Subject = tuple[str, Members]
Months = dict[Month, float]


def factor_of(
    mine: Months, months: list[Month], agreed: date, target: float
) -> tuple[list[Month], float, float]:
    """Months that a change moves, the factor they are multiplied by, and the amount to add where
    nothing was planned for them.

    The months that had not ended when it was agreed, so that all of them add up to the target. All
    of the period where it was over already, or where the months gone alone exceed the new target.
    """
    left = [month for month in months if month.end > agreed] or months
    gone = sum(mine[month] for month in months if month not in left)
    if target < gone:
        left, gone = months, 0.0
    rest = sum(mine[month] for month in left)
    return (left, (target - gone) / rest, 0.0) if rest > 0 else (left, 1.0, target - gone)


def inside_quarter(period: Period, phases: list[float]) -> Iterable[tuple[Month, float]]:
    if len(period.months) == 3:
        curve = quarter_phases(period.months, phases)
        return zip(curve.months, curve.shares, strict=True)
    return [(month, 1 / len(period.months)) for month in period.months]


def belongings(book: Book) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """(rep or team, member) → what it belongs to: region and team of a person, the region of a team
    whose people all have the same.
    """
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    if not book.has("reps"):
        return found
    people = reps(book)
    for row in people.to_dict("records"):
        found["rep", row["rep_id"]] = {
            (key, row[key]) for key in ("region", "team") if isinstance(row[key], str)
        }
    for team, rows in people.dropna(subset=["team"]).groupby("team", sort=True):
        if rows["region"].nunique(dropna=False) == 1 and isinstance(rows["region"].iloc[0], str):
            found["team", str(team)] = {("region", rows["region"].iloc[0])}
    return found


def sum_of_parts(
    given: dict[tuple, Target], metric: str, months: list[Month], phases: list[float]
) -> Months:
    """The months of the company as sums of one dimension whose members all give shorter targets
    for each of them; empty where none does.
    """
    for dimension in KEYS:
        rows = [
            target
            for (name, who, _, _), target in given.items()
            if name == metric and len(who) == 1 and who[0][0] == dimension
        ]
        shape: Months = {}
        whole = bool(rows)
        for member in {target.members for target in rows}:
            short = {
                month: target.target * share
                for target in sorted(rows, key=lambda t: -len(t.period.months))
                if target.members == member and len(target.period.months) < len(months)
                for month, share in inside_quarter(target.period, phases)
            }
            whole &= all(month in short for month in months)
            for month in months:
                shape[month] = shape.get(month, 0.0) + short.get(month, 0.0)
        if whole and sum(shape.values()) > 0:
            return shape
    return {}


def sums_above(
    given: dict[tuple, Target], metric: str, deltas: dict[Subject, Months]
) -> dict[Subject, Months]:
    """What the change adds to targets that are only sums of finer ones."""
    rows = [(who, t.derived) for (name, who, *_), t in given.items() if name == metric]
    cuts = {tuple(key for key, _ in who) for who, derived in rows if not derived}
    found: dict[Subject, Months] = {}
    for who in sorted({who for who, derived in rows if derived}):
        own = tuple(key for key, _ in who)
        if (metric, who) in deltas or own in cuts:
            continue
        finer = finer_cut(cuts, own)
        for (_, part), moved in deltas.items():
            if tuple(key for key, _ in part) == finer and set(who) <= set(part):
                sums = found.setdefault((metric, who), {})
                for month, delta in moved.items():
                    sums[month] = sums.get(month, 0.0) + delta
    return found
