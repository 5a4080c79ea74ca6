"""From deals wanted back to leads and visits needed: in expectation, and with a chosen probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable, ParameterProblem, Problem
from playbook.base.formats import Formats, listing
from playbook.base.uncertainty import Rate
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.data.measures.deals import deals_of, step_counts
from playbook.page import Col, Figure, Result, Table, section, table

WEEKS = 52 / 12          # weeks of a month
MOST = 10**12            # leads beyond which a rate is as good as none


def needed(target: int, rate: float) -> int:
    """Tries needed in expectation: target ÷ rate, rounded up.

    >>> needed(10, 0.2)
    50
    """
    _check(target, rate)
    return math.ceil(target / rate - 1e-9)


def needed_for(target: int, rate: float, probability: float) -> int:
    """Smallest number of tries with which at least ``target`` succeed with ``probability`` (binomial).

    >>> needed_for(10, 0.2, 0.8)
    61
    """
    _check(target, rate)
    if not 0 < probability < 1:
        raise ParameterProblem(Problem(found=f"probability {probability}", expected="a probability between 0 and 1, both excluded", try_="0.8"))
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


def chain(target: int, rates: Sequence[float]) -> list[int]:
    """Needed at each stage, first stage first, target last: ceil(needed at the next ÷ rate), back from the target.

    >>> chain(10, [0.625, 0.2])
    [80, 50, 10]
    """
    found = [target]
    for rate in reversed(rates):
        found.insert(0, needed(found[0], rate))
    return found


def _check(target: int, rate: float) -> None:
    if not 0 < rate <= 1:
        raise ParameterProblem(Problem(found=f"a rate of {rate}", expected="a rate above 0 and at most 1", try_="0.2 for 20 %; a stage nobody passes cannot be worked back through"))
    if target < 0 or target != int(target):
        raise ParameterProblem(Problem(found=f"a target of {target} deals", expected="a whole number of deals, 0 or more", try_="10"))


@dataclass(frozen=True)
class Step:
    """One step of the funnel: names of its ends and the deals it rests on."""

    name: str
    start: str
    rate: float
    counts: Rate | None     # None where the rate is given, not learnt


@dataclass(frozen=True)
class Capacity:
    """What the team can do in a month. None = not known from the book."""

    reps: int | None
    days: int
    contacts_a_day: float | None        # of one rep
    contacts_a_deal: float | None
    leads_a_month: float | None

    def contacts(self) -> float | None:
        """Contacts the team can make in the month."""
        return None if not self.reps or not self.contacts_a_day else self.reps * self.days * self.contacts_a_day


@dataclass(frozen=True)
class BackSolve(Result):
    """table: stage, rate, low, high, n, expected, sure, week, day, rep [units needed]; channels: channel, share, deals, rate, n, expected, sure."""

    section: ClassVar[str] = "back-solving"
    fmt: Formats
    as_of: date
    deals: int
    probability: float
    steps: tuple[Step, ...]
    table: pd.DataFrame
    channels: pd.DataFrame
    capacity: Capacity
    source: str

    @property
    def rate(self) -> float:
        """From the first stage to a deal."""
        return float(np.prod([step.rate for step in self.steps]))

    def with_(self, deals: int, rate: float, probability: float, contacts_a_day: float | None = None) -> BackSolve:
        """The same question with other figures: one step at ``rate``."""
        steps = (Step(f"{self.steps[0].start} → won", self.steps[0].start, rate, None),)
        capacity = replace(self.capacity, contacts_a_day=contacts_a_day or self.capacity.contacts_a_day)
        return replace(self, deals=deals, probability=probability, steps=steps, capacity=capacity, channels=self.channels.iloc[:0],
                       table=_stages(deals, steps, probability, capacity), source="the rate chosen")

    def figure(self) -> Figure:
        from .figures import chance_curve
        return chance_curve(self)

    def tables(self) -> list[Table]:
        sure = f"Needed for {self.fmt.share(self.probability, decimals=0)}"
        columns = [Col("stage", label="Stage"), Col("rate", "share", "Rate to the next", low="low", high="high"), Col("n", "count", "n"), Col("expected", "count", "Needed in expectation"),
                   Col("sure", "count", sure), Col("week", "number", "A week", decimals=1), Col("day", "number", "A working day", decimals=1)]
        if self.capacity.reps:
            columns.append(Col("rep", "number", "A rep a week", decimals=1))
        first = table(self.table, columns, self.fmt, title=f"Work a month for {self.fmt.count(self.deals)} deals",
                      note=f"per week, day and rep: of the number that is enough with {self.fmt.share(self.probability, decimals=0)} probability · rates: {self.source} · "
                           f"brackets: Wilson 95 % · as of {self.fmt.text(self.as_of, 'date')}")
        return [first, *self._channel_table(), *self._capacity_table()]

    def _channel_table(self) -> list[Table]:
        if self.channels.empty:
            return []
        columns = [Col("channel"), Col("deals", "count", "Deals"), Col("rate", "share", "Lead to deal", low="low", high="high"), Col("n", "count", "Leads behind it"),
                   Col("expected", "count", "Leads in expectation"), Col("sure", "count", f"Leads for {self.fmt.share(self.probability, decimals=0)}")]
        return [table(self.channels, columns, self.fmt, title="Leads needed by channel", limit=15,
                      note="deals split by where deals were won (largest remainder) · rate: leads three to fifteen months old that became a deal · – : no lead of the channel won yet")]

    def _capacity_table(self) -> list[Table]:
        rows = pd.DataFrame(self.constraints(), columns=["name", "needed", "there", "covered"])
        if rows.empty:
            return []
        return [table(rows, [Col("name", label="Limit"), Col("needed", "count", "Needed a month"), Col("there", "count", "There a month"), Col("covered", "share", "Covered")],
                      self.fmt, title="Does the team have it?", note="leads: created a month on average over the trailing 12 months · contacts: reps × working days of the next month × contacts a rep makes a day")]

    def constraints(self) -> list[tuple[str, float, float, float]]:
        """(limit, needed, there, share covered), tightest first; only those the book tells of."""
        found, capacity = [], self.capacity
        if capacity.leads_a_month is not None:
            wanted = float(self.table["sure"].iloc[0])
            found.append(("leads", wanted, capacity.leads_a_month, capacity.leads_a_month / wanted if wanted else None))
        if capacity.contacts() is not None and capacity.contacts_a_deal:
            wanted = self.deals * capacity.contacts_a_deal
            found.append(("contacts", wanted, capacity.contacts(), capacity.contacts() / wanted if wanted else None))  # type: ignore[operator]
        return sorted(found, key=lambda row: (row[3] is None, row[3] or 0, row[0]))  # type: ignore[arg-type, return-value]

    def reading(self) -> str:
        top, fmt = self.table.iloc[0], self.fmt
        hit = chance(int(top["expected"]), self.deals, self.rate)
        text = (f"{fmt.count(self.deals)} deals need {fmt.count(top['expected'])} {top['stage']} entries in expectation, which reaches them {fmt.share(float(hit), decimals=0)} of the time; "
                f"{fmt.count(top['sure'])} reach them with {fmt.share(self.probability, decimals=0)} probability.")
        return text + self._binding()

    def _binding(self) -> str:
        limits = self.constraints()
        if not limits:
            return ""
        name, wanted, there, covered = limits[0]
        if covered is None or covered >= 1:
            return f" The team has enough {listing([row[0] for row in limits])} for that."
        return f" The binding limit is {name}: {self.fmt.count(there, decimals=0)} a month against {self.fmt.count(wanted, decimals=0)} needed ({self.fmt.share(covered, decimals=0)})."

    def headline(self) -> str:
        top = self.table.iloc[0]
        return (f"Back-solving {self.fmt.count(self.deals)} deals at {self.fmt.share(self.rate)}: {self.fmt.count(top['expected'])} {top['stage']} entries expected, "
                f"{self.fmt.count(top['sure'])} for {self.fmt.share(self.probability, decimals=0)}.")

    def notes(self) -> list[str]:
        return ["The number for a probability takes the rate as known; its interval says how far it may be off. At the low end of the interval "
                f"{self.fmt.count(self._cautious())} would be needed." if self._cautious() else "The rate is the one chosen; nothing is learnt from the book."]

    def _cautious(self) -> int | None:
        """Entries for the asked probability when every learnt rate stands at the low end of its interval."""
        lows = [step.counts.interval[0] if step.counts else step.rate for step in self.steps]
        if not any(step.counts for step in self.steps) or not all(lows):
            return None
        return needed_for(self.deals, float(np.prod(lows)), self.probability)  # type: ignore[arg-type]


@section("back-solving")
def backsolve(book: Book, deals_target: int = 10, win_rate: float = 0.0, probability: float = 0.8) -> BackSolve:
    """Entries needed at every stage for a month's deals. ``win_rate`` 0 = the book's own stage rates."""
    steps = (Step("lead → won", "lead", win_rate, None),) if win_rate else _learnt(book)
    capacity = _capacity(book)
    source = "the rate given" if win_rate else "deals whose way on is decided, all data"
    return BackSolve(book.fmt, book.as_of, deals_target, probability, steps, _stages(deals_target, steps, probability, capacity),
                     _channels(book, deals_target, probability) if not win_rate else _no_channels(), capacity, source)


def _learnt(book: Book) -> tuple[Step, ...]:
    """Steps between the stages; a step everyone passed (or nobody was lost on) is kept at 100 %."""
    deals = deals_of(book)
    steps = []
    for k in range(len(deals.stages) - 1):
        counts = step_counts(deals, k, k + 1, days=False)
        n = {status: int(rows["n"].sum()) for status, rows in counts.groupby("status")}
        advanced, lost = n.get("advanced", 0), n.get("lost", 0)
        if not advanced:
            raise NotAvailable({"opportunities": ("outcome", "stage")}, gives="leads needed for the deals wanted",
                               because=f"no deal has yet gone from {deals.stages[k]} to {deals.stages[k + 1]}; give a win_rate")
        steps.append(Step(f"{deals.stages[k]} → {deals.stages[k + 1]}", deals.stages[k], advanced / (advanced + lost), Rate(advanced, advanced + lost)))
    return tuple(steps)


def _stages(deals: int, steps: Sequence[Step], probability: float, capacity: Capacity) -> pd.DataFrame:
    expected = chain(deals, [step.rate for step in steps])
    rows = []
    for i, step in enumerate(steps):
        onward = float(np.prod([later.rate for later in steps[i:]]))
        low, high = step.counts.interval if step.counts else (None, None)
        rows.append((step.start, step.rate, low, high, step.counts.n if step.counts else None, expected[i], needed_for(deals, onward, probability)))
    rows.append(("won", None, None, None, None, deals, deals))
    frame = pd.DataFrame(rows, columns=["stage", "rate", "low", "high", "n", "expected", "sure"])
    frame["week"], frame["day"] = frame["sure"] / WEEKS, frame["sure"] / capacity.days if capacity.days else None
    frame["rep"] = frame["week"] / capacity.reps if capacity.reps else None
    return frame


def _no_channels() -> pd.DataFrame:
    return pd.DataFrame(columns=["channel", "deals", "rate", "low", "high", "n", "expected", "sure"])


def _channels(book: Book, deals: int, probability: float) -> pd.DataFrame:
    """Deals by channel as they were won, and the leads each needs at its own rate."""
    from .allocate import split
    if not book.has("leads", "created", "channel") or not book.has("opportunities", "outcome"):
        return _no_channels()
    leads = work.leads_by_month(book, ("channel",))
    old = sales.within(leads, book.month - 14, book.month - 3).groupby("channel", sort=True)[["leads", "won"]].sum()
    if not old["won"].sum():
        return _no_channels()
    old["deals"] = split(deals, old["won"])
    rows = []
    for channel, row in old.iterrows():
        rate = Rate(int(row["won"]), int(row["leads"]))
        known = (needed(int(row["deals"]), rate.value), needed_for(int(row["deals"]), rate.value, probability)) if rate.value else (None, None)
        rows.append((channel, int(row["deals"]), rate.value, *rate.interval, rate.n, *known))
    return pd.DataFrame(rows, columns=_no_channels().columns).sort_values(["deals", "channel"], ascending=[False, True], kind="stable", ignore_index=True)


def _capacity(book: Book) -> Capacity:
    """The next month's working days; reps, contacts and leads as the trailing 12 months show them."""
    ahead = book.month + 1
    days = len(book.calendar.working_days(ahead.start, ahead.end))
    year = book.window("trailing_12m")
    reps = work.rep_rows(book) if book.has("reps") else pd.DataFrame(columns=["left"])
    active = int(reps["left"].isna().sum()) or None
    leads = work.leads_by_month(book) if book.has("leads", "created") else pd.DataFrame(columns=["month", "leads"])
    recent = sales.in_window(leads, year)["leads"].sum() / 12
    return Capacity(active, days, *_contacts(book), float(recent) if len(leads) else None)


def _contacts(book: Book) -> tuple[float | None, float | None]:
    """Contacts a rep makes on a working day (median of the reps, last three months), and contacts behind one won deal (trailing 12 months)."""
    if not book.has("activities", "rep_id"):
        return None, None
    quarter = (book.month - 2).start
    worked = len(book.calendar.working_days(quarter, book.as_of))
    each = work.contacts(book, quarter, book.as_of, ("rep_id",))
    year = book.window("trailing_12m")
    total = int(work.contacts(book, year.start or book.as_of - timedelta(days=365), book.as_of, ("rep_id",))["contacts"].sum())
    won = 0
    if book.has("opportunities", "outcome"):
        won = int(sales.in_window(work.deals_by_month(book), year)["won"].sum())
    return (float(each["contacts"].median() / worked) if len(each) and worked else None), (total / won if won else None)
