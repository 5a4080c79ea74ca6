"""How a plan's parts and its whole hold together: shapes, sums, and what a change moves."""

from __future__ import annotations

from datetime import date
from functools import cache

from playbook.base.months import months_between
from playbook.base.periods import Month
from playbook.data.book import Book

from .people import reps
from .plan_curves import quarter_phases
from .targets import KEYS, Target, finer_cut

Members = tuple[tuple[str, str], ...]
Subject = tuple[str, Members]
Months = dict[Month, float]
Parts = dict[str, dict[Members, list[tuple[list[Month], Target]]]]


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


def parts_of(given: dict[tuple, Target], metric: str) -> Parts:
    """The targets of a metric's members by dimension and member, the longest first, each with the
    months it covers.
    """
    mine: Parts = {}
    for (name, who, _, _), target in given.items():
        if name == metric and len(who) == 1:
            one = (target.period.months, target)
            mine.setdefault(who[0][0], {}).setdefault(target.members, []).append(one)
    for members in mine.values():
        for targets in members.values():
            targets.sort(key=lambda one: -len(one[0]))
    return mine


def sum_of(mine: Parts, months: list[Month], phases: list[float]) -> Months:
    """The months of the company as sums of one dimension whose members all give shorter targets
    for each of them; empty where none does. mine: see ``parts_of``.
    """
    for dimension in KEYS:
        shape = dict.fromkeys(months, 0.0)
        members = mine.get(dimension, {})
        for member in sorted(members):
            short = _by_month(members[member], months, phases)
            if len(short) < len(months):
                break
            for month, amount in short.items():
                shape[month] += amount
        else:
            if members and sum(shape.values()) > 0:
                return shape
    return {}


def _by_month(
    targets: list[tuple[list[Month], Target]], months: list[Month], phases: list[float]
) -> Months:
    """A member's shorter targets by month, the shortest that covers a month; the longest come
    first.
    """
    found: Months = {}
    for covered, target in targets:
        if len(covered) >= len(months) or covered[-1] < months[0] or covered[0] > months[-1]:
            continue
        shares = _shares(len(covered), tuple(phases))
        found |= {m: target.target * share for m, share in zip(covered, shares, strict=True)}
    return {month: found[month] for month in months if month in found}


@cache
def _shares(months: int, phases: tuple[float, ...]) -> tuple[float, ...]:
    """Shares of the months of a span of this length: a quarter by its phases, else even."""
    if months == 3:
        return quarter_phases(months_between(Month(1, 1), Month(1, 3)), phases).shares
    return (1 / months,) * months


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
