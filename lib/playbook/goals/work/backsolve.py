"""From deals wanted back to leads and visits needed: in expectation, and with a chosen probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.goals.figures import chance_curve
from playbook.methods.apportionment import split
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Result, Table, section, table

from .capacity import Capacity, Limit, capacity_of, limits, told
from .rates import DECIDED, Step, lead_steps, leads_wait, learnt

WEEKS = 52 / 12  # weeks of a month
MOST = 10**12  # leads beyond which a rate is as good as none


def needed(target: int, rate: float) -> int:
    """Tries needed in expectation: target ÷ rate, rounded up.

    >>> needed(10, 0.2)
    50
    """
    _check(target, rate)
    return math.ceil(target / rate - 1e-9)


def needed_for(target: int, rate: float, probability: float) -> int:
    """Smallest number of tries with which at least ``target`` succeed with ``probability``
    (binomial).

    >>> needed_for(10, 0.2, 0.8)
    61
    """
    _check(target, rate)
    if not 0 < probability < 1:
        raise ParameterProblem(
            Problem(
                found=f"probability {probability}",
                expected="a probability between 0 and 1, both excluded",
                try_="0.8",
            )
        )
    if target == 0:
        return 0
    low, high = target - 1, max(target, needed(target, rate))
    while chance(high, target, rate) < probability and high < MOST:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle, target, rate) >= probability else (middle, high)
    return high


def chance(tries: Any, target: int, rate: float) -> Any:
    """Probability that at least ``target`` of ``tries`` succeed.

    >>> round(float(chance(50, 10, 0.2)), 2)
    0.56
    """
    from scipy.stats import binom

    return binom.sf(target - 1, tries, rate)


def most_deals(tries: int, rate: float, probability: float) -> int:
    """Most successes that so many tries bring with ``probability``.

    >>> most_deals(61, 0.2, 0.8), most_deals(60, 0.2, 0.8)
    (10, 9)
    """
    low, high = 0, max(0, tries) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if chance(tries, middle, rate) >= probability else (low, middle)
    return low


def chain(target: int, rates: Sequence[float]) -> list[int]:
    """Needed at each stage, first stage first, target last: ceil(needed at the next ÷ rate), back
    from the target.

    >>> chain(10, [0.625, 0.2])
    [80, 50, 10]
    """
    found = [target]
    for rate in reversed(rates):
        found.insert(0, needed(found[0], rate))
    return found


def _check(target: int, rate: float) -> None:
    if not 0 < rate <= 1:
        raise ParameterProblem(
            Problem(
                found=f"a rate of {rate}",
                expected="a rate above 0 and at most 1",
                try_="0.2 for 20 %; a stage nobody passes cannot be worked back through",
            )
        )
    if target < 0 or target != int(target):
        raise ParameterProblem(
            Problem(
                found=f"a target of {target} deals",
                expected="a whole number of deals, 0 or more",
                try_="10",
            )
        )


@dataclass(frozen=True)
class BackSolve(Result):
    """table and leads: stage, rate, low, high, n, source, expected, sure, week, day, rep [units
    needed]; leads is the way through valid leads, or empty.
    channels: channel, share, deals, rate, low, high, n, expected, sure, week, day, rep, there
    (leads a month), covered.
    """

    section: ClassVar[str] = "back-solving"
    fmt: Formats
    as_of: date
    deals: int
    probability: float
    steps: tuple[Step, ...]
    table: pd.DataFrame
    leads: pd.DataFrame
    channels: pd.DataFrame
    capacity: Capacity
    wait: int

    @property
    def rate(self) -> float:
        """From the first stage to a deal."""
        return float(np.prod([step.rate for step in self.steps]))

    def with_(
        self,
        deals: int,
        rates: Sequence[float],
        probability: float,
        contacts_a_day: float | None = None,
    ) -> BackSolve:
        """The same question with other figures: a rate per step."""
        steps = tuple(
            replace(step, rate=rate, counts=None, decided=None, source="the rate chosen")
            for step, rate in zip(self.steps, rates, strict=True)
        )
        capacity = (
            self.capacity
            if contacts_a_day is None
            else self.capacity.with_a_day("contacts", contacts_a_day)
        )
        return replace(
            self,
            deals=deals,
            probability=probability,
            steps=steps,
            capacity=capacity,
            channels=self.channels.iloc[:0],
            leads=self.leads.iloc[:0],
            table=stages(deals, steps, probability, capacity),
        )

    def figure(self) -> Figure:
        """Chance of the deals by number of entries."""
        top = self.table.iloc[0]
        marks = np.array([int(top["expected"]), int(top["sure"])])
        most = max(marks) * 1.3 + 3
        entries = np.unique(np.linspace(self.deals, most, 160).astype(int))
        learnt_from = dict.fromkeys(step.source for step in self.steps if step.source)
        return chance_curve(
            *(
                pd.DataFrame({"entries": n, "chance": chance(n, self.deals, self.rate)})
                for n in (entries, marks)
            ),
            self.fmt,
            deals=self.deals,
            probability=self.probability,
            stage=top["stage"],
            note=(
                f"binomial at {self.fmt.share(self.rate)} from {top['stage']} to a deal ·"
                f" {'; '.join(learnt_from)}"
            ),
        )

    def tables(self) -> list[Table]:
        found = [
            self._chain(self.table, f"Work a month for {self.fmt.count(self.deals)} deals", "")
        ]
        if len(self.leads):
            found.append(
                self._chain(
                    self.leads,
                    "The same from content, through valid leads",
                    " · valid: purchase plan, budget and decision maker all known; leads that are"
                    " not valid bring some deals too, which this counts on not at all",
                )
            )
        return [*found, *self._channel_table(), *self._capacity_table()]

    def _chain(self, rows: pd.DataFrame, title: str, more: str) -> Table:
        sure = f"Needed for {self.fmt.share(self.probability, decimals=0)}"
        columns = [
            Col("stage", label="Stage"),
            Col("rate", "share", "Rate to the next", low="low", high="high"),
            Col("n", "count", "n"),
            Col("expected", "count", "Needed in expectation"),
            Col("sure", "count", sure),
            *_per(self.capacity),
            *(
                [Col("source", label="Rate learnt from")]
                if rows["source"].astype(bool).any()
                else []
            ),
        ]
        brackets = " · brackets: Wilson 95 %" if rows["n"].notna().any() else ""
        return table(
            rows,
            columns,
            self.fmt,
            title=title,
            note=(
                "a week, a day, a rep: of the number that is enough with"
                f" {self.fmt.share(self.probability, decimals=0)} probability{brackets}{more} · as"
                f" of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def _channel_table(self) -> list[Table]:
        if self.channels.empty:
            return []
        columns = [
            Col("channel"),
            Col("deals", "count", "Deals"),
            Col("rate", "share", "Lead to deal", low="low", high="high"),
            Col("n", "count", "n"),
            Col("expected", "count", "Expected"),
            Col("sure", "count", f"For {self.fmt.share(self.probability, decimals=0)}"),
            *_per(self.capacity),
            Col("there", "number", "There a month", decimals=1),
            Col("covered", "share", "Covered", decimals=0, tone=_short),
        ]
        return [
            table(
                self.channels,
                columns,
                self.fmt,
                title="Leads needed by channel",
                limit=15,
                note=(
                    "leads a month; deals split by where they were won (largest remainder) · rate:"
                    f" leads {self.wait} to {self.wait + 11} months old that became a deal · there:"
                    " leads created a month, trailing 12 months · – : no lead of the channel"
                    " won yet"
                ),
            )
        ]

    def _capacity_table(self) -> list[Table]:
        rows = pd.DataFrame(
            [
                (limit.name, limit.needed, limit.there, limit.covered, limit.enough_for)
                for limit in self.constraints()
            ],
            columns=["name", "needed", "there", "covered", "most"],
        )
        if rows.empty:
            return []
        columns = [
            Col("name", label="Limit"),
            Col("needed", "number", "Needed a month", decimals=0),
            Col("there", "number", "There a month", decimals=0),
            Col("covered", "share", "Covered", decimals=0, tone=_short),
            Col("most", "count", "Enough for deals"),
        ]
        return [
            table(
                rows,
                columns,
                self.fmt,
                title="Does the team have it? The first limit binds",
                note=(
                    "entries: deals created (without a day of creation, leads) a month over the"
                    " trailing 12 months · contacts and visits:"
                    f" {self.fmt.count(self.capacity.reps or 0)} reps × {self.capacity.days}"
                    " working days of the next month × what a rep does a day (median, last three"
                    " months), against all of them in 12 months ÷ deals won"
                ),
            )
        ]

    def constraints(self) -> list[Limit]:
        """The limits the book tells of, the binding one first."""
        there = self.capacity.entries_a_month
        first = (
            None
            if there is None
            else (
                f"{self.table['stage'].iloc[0]} entries",
                int(self.table["sure"].iloc[0]),
                most_deals(int(there), self.rate, self.probability),
            )
        )
        return limits(self.capacity, self.deals, first)

    def reading(self) -> str:
        top, fmt = self.table.iloc[0], self.fmt
        hit = chance(int(top["expected"]), self.deals, self.rate)
        text = (
            f"{fmt.count(self.deals)} deals need {fmt.count(top['expected'])} {top['stage']}"
            f" entries in expectation, which reaches them {fmt.share(float(hit), decimals=0)} of"
            f" the time; {fmt.count(top['sure'])} reach them with"
            f" {fmt.share(self.probability, decimals=0)} probability."
        )
        if len(self.leads):
            text += (
                f" From content alone that is {fmt.count(self.leads['sure'].iloc[0])} leads,"
                f" {fmt.count(self.leads['sure'].iloc[1])} of them valid."
            )
        return text + told(self.constraints(), self.deals, fmt)

    def headline(self) -> str:
        top = self.table.iloc[0]
        return (
            f"Back-solving {self.fmt.count(self.deals)} deals at {self.fmt.share(self.rate)}:"
            f" {self.fmt.count(top['expected'])} {top['stage']} entries expected,"
            f" {self.fmt.count(top['sure'])} for {self.fmt.share(self.probability, decimals=0)}."
        )

    def notes(self) -> list[str]:
        cautious, biased = self._cautious(), self._biased()
        said = [
            (
                "The number for a probability takes the rate as known; its interval says how far"
                f" it may be off. At the low end of the interval {self.fmt.count(cautious)} would"
                " be needed."
                if cautious
                else "The rate is the one chosen; nothing is learnt from the book."
            )
        ]
        return [*said, *([biased] if biased else [])]

    def _biased(self) -> str:
        """What the decided deals alone would have told, in points and in entries."""
        if not all(step.decided and step.decided.value for step in self.steps):
            return ""
        if all(step.source == DECIDED for step in self.steps):
            return (
                "Rates come from deals whose way on is decided, for the book dates too few stage"
                " entries: among young deals the quick ones decide first, so the rate may be off to"
                " either side."
            )
        naive = float(np.prod([step.decided.value for step in self.steps]))  # type: ignore[union-attr]
        return (
            "A cohort counts once it has had the wait of nine in ten advances. The deals decided"
            f" so far alone would say {self.fmt.share(naive)} from {self.steps[0].start} to won"
            f" ({self.fmt.text(naive - self.rate, 'pp')}), so"
            f" {self.fmt.count(needed_for(self.deals, naive, self.probability))} entries."
        )

    def _cautious(self) -> int | None:
        """Entries for the asked probability when every learnt rate stands at the low end of its
        interval.
        """
        lows = [step.counts.interval[0] if step.counts else step.rate for step in self.steps]
        if not any(step.counts for step in self.steps) or not all(lows):
            return None
        return needed_for(self.deals, float(np.prod(lows)), self.probability)  # type: ignore[arg-type]


def _per(capacity: Capacity) -> list[Col]:
    """Columns of the work a week, a working day and a rep."""
    return [
        Col("week", "number", "A week", decimals=1),
        Col("day", "number", "A day", decimals=1),
        *([Col("rep", "number", "A rep a week", decimals=1)] if capacity.reps else []),
    ]


def _short(row: Any) -> str:
    return "bad" if row["covered"] is not None and row["covered"] < 1 else ""


@section("back-solving")
def backsolve(
    book: Book, deals_target: int = 10, win_rate: float = 0.0, probability: float = 0.8
) -> BackSolve:
    """Entries needed at every stage for a month's deals. ``win_rate`` 0 = the book's own stage
    rates.
    """
    steps = (
        (Step("lead → won", "lead", win_rate, source="the rate given"),)
        if win_rate
        else learnt(book)
    )
    capacity = capacity_of(book)
    leads = () if win_rate else lead_steps(book)
    return BackSolve(
        book.fmt,
        book.as_of,
        deals_target,
        probability,
        steps,
        stages(deals_target, steps, probability, capacity),
        stages(deals_target, leads, probability, capacity),
        no_channels() if win_rate else channels(book, deals_target, probability, capacity),
        capacity,
        leads_wait(book) if book.has("opportunities", "outcome") else 0,
    )


def stages(
    deals: int, steps: Sequence[Step], probability: float, capacity: Capacity
) -> pd.DataFrame:
    """Needed at each stage; no rows without steps."""
    expected = chain(deals, [step.rate for step in steps])
    rows: list[tuple] = []
    for i, step in enumerate(steps):
        onward = float(np.prod([later.rate for later in steps[i:]]))
        low, high = step.counts.interval if step.counts else (None, None)
        rows.append(
            (
                step.start,
                step.rate,
                low,
                high,
                step.counts.n if step.counts else None,
                step.source,
                expected[i],
                needed_for(deals, onward, probability),
            )
        )
    if steps:
        rows.append(("won", None, None, None, None, "", deals, deals))
    return _a_week(
        pd.DataFrame(
            rows, columns=["stage", "rate", "low", "high", "n", "source", "expected", "sure"]
        ),
        capacity,
    )


def _a_week(frame: pd.DataFrame, capacity: Capacity) -> pd.DataFrame:
    """The sure number a week, a working day of the next month, and a rep and week."""
    sure = frame["sure"].astype(float)
    return frame.assign(
        week=sure / WEEKS,
        day=sure / capacity.days if capacity.days else None,
        rep=sure / WEEKS / capacity.reps if capacity.reps else None,
    )


def no_channels() -> pd.DataFrame:
    return pd.DataFrame(
        columns=[
            "channel",
            "deals",
            "rate",
            "low",
            "high",
            "n",
            "expected",
            "sure",
            "there",
            "covered",
        ]
    )


def channels(book: Book, deals: int, probability: float, capacity: Capacity) -> pd.DataFrame:
    """Deals by channel as they were won, the leads each needs at its own rate, and the leads it
    brings.
    """
    if not book.has("leads", "created", "channel") or not book.has("opportunities", "outcome"):
        return no_channels()
    leads, lag = work.leads_by_month(book, ("channel",)), leads_wait(book)
    old = (
        sales.within(leads, book.month - lag - 11, book.month - lag)
        .groupby("channel", sort=True)[["leads", "won"]]
        .sum()
    )
    now = sales.in_window(leads, book.window("trailing_12m")).groupby("channel")["leads"].sum() / 12
    if not old["won"].sum():
        return no_channels()
    rows = []
    for (channel, row), share in zip(old.iterrows(), split(deals, old["won"]), strict=True):
        rate, there = Rate(int(row["won"]), int(row["leads"])), float(now.get(channel, 0.0))
        known = (
            (needed(int(share), rate.value), needed_for(int(share), rate.value, probability))
            if rate.value
            else (None, None)
        )
        rows.append(
            (
                channel,
                int(share),
                rate.value,
                *rate.interval,
                rate.n,
                *known,
                there,
                there / known[1] if known[1] else None,
            )
        )
    made = _a_week(pd.DataFrame(rows, columns=no_channels().columns), capacity)
    return made.sort_values(
        ["deals", "channel"], ascending=[False, True], kind="stable", ignore_index=True
    )
