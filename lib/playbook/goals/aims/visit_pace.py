"""Whether a goal of customers, deals, orders or sales is carried by the visits it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import work
from playbook.goals.actuals import Actuals

METRICS = ("new_customers", "deals.won", "orders", "sales", "won_amount")  # visits carry them
STRETCH = 1.25  # visits a week beyond those made now, up to which a team is believed to go
WEEKS = 13  # latest weeks whose visits are counted


@dataclass(frozen=True)
class VisitPace:
    """Visits a week that a goal takes and that the team makes.

    each: visits per customer, deal, order or unit of currency of the trailing 12 months.
    """

    needed: float
    made: float
    each: float

    @property
    def enough(self) -> bool:
        """Whether the team makes them, or nearly."""
        return self.needed <= STRETCH * self.made + 1e-9

    def words(self, fmt: Formats) -> str:
        """``takes 5.0 visits a week, the team makes 4.0``."""
        needed, made = (fmt.text(n, "number", decimals=1) for n in (self.needed, self.made))
        return say("takes {needed} visits a week, the team makes {made}", needed=needed, made=made)


def work_a_week(target: float, weeks: float, rates: Sequence[float]) -> list[float]:
    """Work a week at each step of a chain that ends in ``target`` successes after so many weeks.

    rates: from each step to the next, the last one to a success.

    >>> [round(n, 6) for n in work_a_week(20, 13, [3 / 5, 20 / 39])]
    [5.0, 3.0]
    """
    return [target / float(np.prod(rates[i:])) / weeks for i in range(len(rates))]


def visit_pace(
    book: Book, actuals: Actuals, metric: Any, rest: float | None, due: date
) -> VisitPace | None:
    """The visits that what is left of a company goal takes until its due date; None where the goal
    is none of ``METRICS``, nothing is left of it, it is over, or no visit is logged.
    """
    weeks = (due - book.as_of).days / 7
    if metric not in METRICS or is_missing(rest) or float(rest or 0) <= 0 or weeks <= 0:
        return None
    found = _visits(book, actuals, str(metric))
    if found is None:
        return None
    each, made = found
    return VisitPace(work_a_week(float(rest or 0), weeks, [1 / each])[0], made, each)


def _visits(book: Book, actuals: Actuals, metric: str) -> tuple[float, float] | None:
    """Visits per unit of the metric of the trailing 12 months (of the months both tables cover),
    and visits a week over the latest weeks.
    """
    if not book.has("activities", "rep_id", "kind"):
        return None
    acted = coverage(book, "activities")
    start = (book.month - 11).start
    if acted.first is None or acted.first > start:
        return None  # less than a year of visits: a season would pass for a pace
    done = float(actuals.actual(metric, {}, book.window("trailing_12m")).value or 0)
    visits = _count(book, start)
    if done <= 0 or not visits:
        return None
    return visits / done, _count(book, book.as_of - timedelta(days=7 * WEEKS - 1)) / WEEKS


def _count(book: Book, start: date) -> float:
    made = work.contacts(book, start, book.as_of, ("kind",))
    return float(made.loc[made["kind"] == "visit", "contacts"].sum())
