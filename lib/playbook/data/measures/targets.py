"""All targets of a book as its table gives them, sums of finer ones, and the changes logged since.

What is in force, month by month, is in ``plan``.
"""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.periods import Month, NamedBy, Period, fiscal_year, fiscal_year_number
from playbook.base.settings import Adjustment
from playbook.data.book import Book

from . import as_given

# Metrics whose members and months may be summed.
ADDITIVE = (
    "sales",
    "orders",
    "new_customers",
    "deals.created",
    "deals.won",
    "deals.lost",
    "won_amount",
    "channel.leads",
    "channel.cost",
)
KEYS = ("region", "product_line", "customer_type", "rep", "team")


WINDOW_OF = {12: "year_to_date", 3: "quarter_to_date", 1: "month"}


@dataclass(frozen=True)
class Target:
    """A target of one metric, period and part of the company.

    members: (dimension, member) pairs, none for the company; derived: summed from shorter periods
    or finer members.
    """

    metric: str
    members: tuple[tuple[str, str], ...]
    period: Period
    target: float
    owner: str
    remark: str
    derived: bool = False

    @property
    def window(self) -> str:
        """The window its actual is measured in."""
        return WINDOW_OF[len(self.period.months)]


@dataclass(frozen=True)
class Move:
    """A logged change of a target: the entry, the members and period it is for, and the target of
    the table it changes (None where the table has none).
    """

    change: Adjustment
    members: tuple[tuple[str, str], ...]
    period: Period
    original: Target | None


def period_of(
    first: Month, last: Month, fiscal_year_start: int, named_by: NamedBy = "end"
) -> Period:
    """A fiscal year, quarter or month, named as targets name it."""
    year = fiscal_year(first, fiscal_year_start)[0]
    number = fiscal_year_number(first, fiscal_year_start, named_by)
    text = {12: f"{number}", 3: f"{number}-Q{(first - year) // 3 + 1}", 1: str(first)}[
        last - first + 1
    ]
    return Period(text, first, last)


class TargetPlan:
    """All targets of a book: looked up by metric, members and months."""

    def __init__(self, book: Book):
        frame = as_given.target_rows(book)
        self.book = book
        self.start = book.settings.book.fiscal_year_start
        self.named_by = book.settings.book.fiscal_year_name
        self.given: dict[tuple, Target] = {}
        for row in frame.to_dict("records"):
            members = tuple((key, row[key]) for key in KEYS if row[key])
            period = Period.parse(row["period"], self.start, self.named_by)
            key = (row["metric"], members, period.first, period.last)
            if key in self.given:
                raise _twice(row, period)
            self.given[key] = Target(
                row["metric"], members, period, row["target"], row["owner"], row["remark"]
            )
        self.given |= summed(self.given)
        self._spans: dict[tuple, dict[tuple[int, int], Target]] = {}
        for (metric, members, first, last), target in self.given.items():
            mine = self._spans.setdefault((metric, members), {})
            mine[first.number, last.number] = target
        self.moves = self._moves()

    def _moves(self) -> list[Move]:
        """The dated log of the settings as known on the as-of date, oldest first; each with the
        target it moves, None where the table has no such target.
        """
        found = []
        known = [
            change
            for change in self.book.settings.goals.adjustments
            if change.date_ <= self.book.as_of
        ]
        for change in sorted(known, key=lambda c: c.date_):
            members = tuple(
                (key, value)
                for key, value in zip(
                    KEYS,
                    (
                        change.region,
                        change.product_line,
                        change.customer_type,
                        change.rep_id,
                        change.team,
                    ),
                    strict=True,
                )
                if value
            )
            period = Period.parse(change.period, self.start, self.named_by)
            found.append(
                Move(
                    change,
                    members,
                    period,
                    self.get(change.metric, members, period.first, period.last),
                )
            )
        return found

    def subjects(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """(metric, members) in a fixed order: sales first, the company before its parts."""
        found = {(metric, members) for metric, members, _, _ in self.given}
        return sorted(found, key=lambda s: (s[0] != "sales", s[0], len(s[1]), s[1]))

    def get(self, metric: str, members: tuple, first: Month, last: Month) -> Target | None:
        """The target of a span: as given, else the sum of its quarters or months when all are given
        and may be summed.
        """
        given = self.given.get((metric, members, first, last))
        if given or metric not in ADDITIVE:
            return given
        for length in (3, 1):
            parts = self.parts(metric, members, first, last, length)
            if parts and length < last - first + 1:
                period = period_of(first, last, self.start)
                owners = {part.owner for part in parts}
                return Target(
                    metric,
                    members,
                    period,
                    sum(part.target for part in parts),
                    owners.pop() if len(owners) == 1 else "",
                    "",
                    derived=True,
                )
        return None

    def parts(
        self, metric: str, members: tuple, first: Month, last: Month, length: int
    ) -> list[Target] | None:
        """The given targets of equal spans inside first … last; None unless all are there."""
        known = self._spans.get((metric, members), {})
        found = []
        for start in range(first.number, last.number + 1, length):
            target = known.get((start, start + length - 1))
            if target is None:
                return None
            found.append(target)
        return found


def _twice(row: dict, period: Period) -> DataProblem:
    return DataProblem(
        Problem(
            found=say("two targets for {metric} in {text}", metric=row["metric"], text=period.text),
            expected=say("one target per period, metric and member"),
            try_=(
                say(
                    "keep the first one here and log the change, with its day and"
                    " reason, as a [[goals.adjustments]] entry of playbook.toml"
                )
            ),
            table="targets",
            column="period",
        )
    )


def summed(given: dict[tuple, Target]) -> dict[tuple, Target]:
    """Targets of the company and of single members where the book gives only finer ones, such as by
    region and product line: their sums, period by period.

    A cut that has a target of its own for the metric is left as it is. Customers new to a member
    are not summed: one may be new to several.
    """
    found: dict[tuple, Target] = {}
    for metric in sorted(
        {metric for metric, *_ in given if metric in ADDITIVE and metric != "new_customers"}
    ):
        cuts = {tuple(key for key, _ in members) for name, members, *_ in given if name == metric}
        coarser = {(), *((key,) for cut in cuts for key in cut)} - cuts
        for own in sorted(coarser, key=len):
            finer = finer_cut(cuts, own)
            for name, members, first, last in sorted(
                key for key in given if key[0] == metric and tuple(k for k, _ in key[1]) == finer
            ):
                part = given[name, members, first, last]
                key = (metric, tuple(pair for pair in members if pair[0] in own), first, last)
                so_far = found[key].target if key in found else 0.0
                found[key] = Target(
                    metric,
                    key[1],
                    part.period,
                    so_far + part.target,
                    "",
                    f"sum of its targets by {' and '.join(k.replace('_', ' ') for k in finer)}",
                    derived=True,
                )
    return found


def finer_cut(cuts: set[tuple[str, ...]], own: tuple[str, ...]) -> tuple[str, ...]:
    """The cut that a coarser one without targets of its own is summed from: the fewest dimensions,
    then their declared order.
    """
    return min(
        (cut for cut in cuts if set(cut) > set(own)),
        key=lambda cut: (len(cut), [KEYS.index(key) for key in cut]),
    )
