"""The target in force: one plan per month and member, asked by every chapter.

The table of targets gives years, quarters and months. Where several cover a month, the shortest
period wins; a longer one spreads what the shorter ones leave over its other months, all members by
the company's curve (``[goals] phases`` inside a quarter, ``[goals] phasing`` inside a year), so
that parts which add up over the year add up in each month.

A change of ``[[goals.adjustments]]`` agreed by the as-of date moves the months that had not ended
on the day it was agreed, those of the target itself and of all its parts, by one factor; months
that were over stay as they stood. Moved targets are whole minor units (counts: whole numbers) that
still add up. What the table said stays beside it as ``original``.
"""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.formats import joined
from playbook.base.language import english, say
from playbook.base.periods import Month, Period
from playbook.base.settings import Adjustment
from playbook.data.book import Book
from playbook.data.memo import once

from .plan_curves import Curve, curve_of, quarter_phases
from .plan_history import history
from .plan_moves import (
    Members,
    Months,
    Parts,
    Subject,
    belongings,
    factor_of,
    parts_of,
    sum_of,
    sums_above,
)
from .plan_rounding import Key, round_moved
from .targets import ADDITIVE, WINDOW_OF, Move, Target, TargetPlan, period_of


@dataclass(frozen=True)
class TargetInForce(Target):
    """A target as it stands on the as-of date (``target``), with what the table of targets said
    (``original``, None where it had none) and the newest change that touched it.
    """

    original: float | None = None
    moved: Adjustment | None = None


def plan_of(book: Book) -> Plan:
    """The book's plan, worked out once. Raises NotAvailable without targets."""
    return once(book, "plan", lambda: Plan(book))


class Plan:
    """Targets of all metrics in force on the as-of date, by metric, members and months.

    members: (dimension, member) pairs in the order of ``KEYS``; none for the company.
    """

    def __init__(self, book: Book):
        self.book, self.table = book, TargetPlan(book)
        self._values = {key: target.target for key, target in self.table.given.items()}
        self._changes: dict[tuple, Adjustment] = {}
        self._source: dict[tuple, str] = {}
        self._curves: dict[tuple, Curve] = {}
        self._given_to_parts: dict[str, Parts] = {}
        self._above = belongings(book)
        self._original: dict[Subject, Months] = {}
        given: dict[Subject, list[Target]] = {}
        for (metric, members, _, _), target in self.table.given.items():
            given.setdefault((metric, members), []).append(target)
        for metric, members in self.table.subjects():
            if metric in ADDITIVE:
                mine = given[metric, members]
                self._original[metric, members] = self._spread(metric, members, mine)
        self._now = {subject: dict(months) for subject, months in self._original.items()}
        agreed = [self._apply(move) for move in self.table.moves]
        round_moved(self._values, self._changes, agreed, self._now, book.fmt.minor_digits)

    # -- asking

    def subjects(self) -> list[Subject]:
        """(metric, members) in a fixed order: sales first, the company before its parts."""
        found = {(metric, members) for metric, members, _, _ in self._values}
        return sorted(found, key=lambda s: (s[0] != "sales", s[0], len(s[1]), s[1]))

    def get(self, metric: str, members: Members, first: Month, last: Month) -> TargetInForce | None:
        """The target of a span as it stands: its own, else the sum of its quarters or months where
        all are given and may be summed; None where the plan has none.
        """
        key = (metric, members, first, last)
        table = self.table.get(*key)
        original = table.target if table else None
        if key in self._values:
            value, moved = self._values[key], self._changes.get(key)
        else:
            parts = self._parts(*key)
            if metric not in ADDITIVE or not parts:
                return None
            value = sum(self._values[part] for part in parts)
            changes = [self._changes[part] for part in parts if part in self._changes]
            moved = max(changes, key=lambda change: change.date_) if changes else None
        owner, remark = (table.owner, table.remark) if table else ("", "")
        period = (
            table.period if table else period_of(first, last, self.table.start, self.table.named_by)
        )
        derived = table.derived if table else key not in self._values
        return TargetInForce(
            metric, members, period, value, owner, remark, derived, original, moved
        )

    def in_force(self) -> list[TargetInForce]:
        """Targets of the fiscal year, quarter and month of the as-of date, in a fixed order."""
        spans = [
            (Month.of(self.book.window(name).start), length)  # type: ignore[arg-type]
            for length, name in WINDOW_OF.items()
        ]
        found = [
            self.get(metric, members, first, first + (length - 1))
            for first, length in spans
            for metric, members in self.subjects()
        ]
        return [target for target in found if target is not None]

    def months(self, metric: str, members: Members = ()) -> Months:
        """Month → target in force, of a metric that may be summed; empty where there is none."""
        return dict(sorted(self._now.get((metric, members), {}).items()))

    def original_months(self, metric: str, members: Members = ()) -> Months:
        """Month → target as the table of targets has it."""
        return dict(sorted(self._original.get((metric, members), {}).items()))

    def curve(self, metric: str, members: Members, first: Month, last: Month) -> Curve:
        """Shares of a span's months in force, and where they come from; even months where the plan
        holds nothing for one of them. Worked out once: every part of a page asks for it again.
        """
        key = (metric, members, first, last)
        if key not in self._curves:
            self._curves[key] = self._curve(*key)
        return self._curves[key]

    def _curve(self, metric: str, members: Members, first: Month, last: Month) -> Curve:
        months = Period("", first, last).months
        known = self._now.get((metric, members), {})
        amounts = [known.get(month, 0.0) for month in months]
        if not all(month in known for month in months) or sum(amounts) <= 0:
            weights, source = self._weights(metric, members, Period("", first, last))
            amounts = [weights[month] for month in months]
        else:
            source = self._source_of(metric, members, first, last)
        total = sum(amounts)
        shares = tuple(amount / total for amount in amounts)
        return Curve(tuple(months), shares, source)

    def _parts(self, metric: str, members: Members, first: Month, last: Month) -> list[tuple]:
        for length in (3, 1):
            if length > last - first:
                continue
            starts = [first + i for i in range(0, last - first + 1, length)]
            keys = [(metric, members, start, start + (length - 1)) for start in starts]
            if all(key in self._values for key in keys):
                return keys
        return []

    # -- spreading what the table gives

    def _spread(self, metric: str, members: Members, mine: list[Target]) -> Months:
        months: Months = {}
        for target in sorted(mine, key=lambda t: (len(t.period.months), t.period.first)):
            inside = target.period.months
            free = [month for month in inside if month not in months]
            rest = target.target - sum(months[month] for month in inside if month in months)
            weights, source = self._weights(metric, members, target.period)
            self._source[metric, members, target.period.first, target.period.last] = source
            total = sum(weights[month] for month in free)
            months |= {
                month: max(rest, 0.0) * (weights[month] / total if total else 1 / len(free))
                for month in free
            }
        return months

    def _weights(self, metric: str, members: Members, period: Period) -> tuple[Months, str]:
        """Weights of a period's months where no shorter target gives them, and their source."""
        months, settings = period.months, self.book.settings.goals
        if len(months) == 1:
            return {months[0]: 1.0}, say("one month")
        company = self._original.get((metric, ()), {}) if members else {}
        if all(month in company for month in months) and sum(company[m] for m in months) > 0:
            return {month: company[month] for month in months}, say("the company's plan")
        if not members and (shape := sum_of(self._parts_given(metric), months, settings.phases)):
            return shape, say("the sum of its parts' plans")
        if len(months) == 3:
            curve = quarter_phases(months, settings.phases)
        else:
            curve = curve_of(
                period.first,
                period.last,
                history(self.book, metric),
                settings,
                self.book.calendar,
            )
        return dict(zip(curve.months, curve.shares, strict=True)), curve.source

    def _parts_given(self, metric: str) -> Parts:
        if metric not in self._given_to_parts:
            self._given_to_parts[metric] = parts_of(self.table.given, metric)
        return self._given_to_parts[metric]

    def _source_of(self, metric: str, members: Members, first: Month, last: Month) -> str:
        months = last - first + 1
        if months == 1:
            return say("one month")
        own = self.table.parts(metric, members, first, last, 1)
        quarters = self.table.parts(metric, members, first, last, 3) if months > 3 else None
        inside = {
            self._source.get((metric, members, q.period.first, q.period.last), "")
            for q in quarters or ()
        }
        source = (
            say("the plan's own months")
            if own
            else say(
                "the plan's own quarters, {sources} inside",
                sources=joined(sorted(inside, key=english), " and "),
            )
            if quarters
            else self._source.get((metric, members, first, last), say("the plan's own periods"))
        )
        known, before = self._now[metric, members], self._original.get((metric, members), {})
        changed = any(known[month] != before.get(month) for month in Period("", first, last).months)
        return say("{source}, as moved since", source=source) if changed else source

    # -- moving

    def _apply(self, move: Move) -> Key:
        """One logged change, with everything that is part of the target; returns the target's
        key.
        """
        metric, members, period, change = (
            move.change.metric,
            move.members,
            move.period,
            move.change,
        )
        key = (metric, members, period.first, period.last)
        if metric in ADDITIVE:
            mine = self._now.setdefault((metric, members), {})
            if not all(month in mine for month in period.months):
                self._fill(mine, metric, members, period, change.target)
            else:
                self._scale(metric, members, period, change)
        self._values[key] = change.target
        self._changes[key] = change
        return key

    def _fill(
        self, mine: Months, metric: str, members: Members, period: Period, amount: float
    ) -> None:
        """The months of a target that the table did not have (or only in part)."""
        weights, _ = self._weights(metric, members, period)
        free = [month for month in period.months if month not in mine]
        rest = max(amount - sum(mine[m] for m in period.months if m in mine), 0.0)
        total = sum(weights[month] for month in free)
        for month in free:
            mine[month] = rest * (weights[month] / total if total else 1 / len(free))

    def _scale(self, metric: str, members: Members, period: Period, change: Adjustment) -> None:
        mine = self._now[metric, members]
        left, factor, flat = factor_of(mine, period.months, change.date_, change.target)
        parts = [s for s in self._now if s[0] == metric and self._is_part(s[1], members)]
        deltas: dict[Subject, Months] = {}
        for subject in parts:
            months = self._now[subject]
            deltas[subject] = {m: months[m] * (factor - 1) for m in left if m in months}
        if flat:  # nothing was planned for the months left: the target alone carries the change
            weights, _ = self._weights(metric, members, period)
            total = sum(weights[m] for m in left)
            deltas = {(metric, members): {m: flat * weights[m] / total for m in left}}
        deltas |= sums_above(self.table.given, metric, deltas)
        for subject, moved in deltas.items():
            for month, delta in moved.items():
                self._now[subject][month] = self._now[subject].get(month, 0.0) + delta
        for name, who, first, last in list(self._values):
            moved = deltas.get((name, who), {})
            if moved and period.first <= first and last <= period.last:
                delta = sum(d for month, d in moved.items() if first <= month <= last)
                if delta:
                    self._values[name, who, first, last] += delta
                    self._changes[name, who, first, last] = change

    def _is_part(self, members: Members, of: Members) -> bool:
        """Whether a cell lies inside another one: it names all its members, or is a person or a
        team of its region or team.
        """
        named = set(members)
        for key, member in members:
            named |= self._above.get((key, member), set())
        return set(of) <= named
