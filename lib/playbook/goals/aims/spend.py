"""What a strategy's spend brought: the change of its indicator against the change expected, and its
gross profit where the indicator is tied to money.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.base.periods import Month, Window
from playbook.base.vocabulary import LOWER_IS_BETTER
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.profit import margins, profit_by, with_profit
from playbook.goals.actuals import TRACKED, Actual, Actuals
from playbook.methods.intervals import newcombe

NUMBER = re.compile(
    r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)\s*(%|％|pp\b|points?\b|个百分点|万)?", re.IGNORECASE
)
RISE = re.compile(r"(?:^|\s)\+|\bby\s+\d|\bmore\b|\bextra\b|提高\s*\d|增加\s*\d")


@dataclass(frozen=True)
class Spend:
    """What one strategy brought.

    before, now: the indicator over the strategy's months and over the same months a year before;
    gain: now − before, with its 95 % interval (low, high) for a rate; expected: the gain expected;
    worth: gross profit of the gain [currency], None where the indicator is not tied to money; why:
    what is missing, in words.
    """

    indicator: str
    unit: str
    span: Window | None = None
    before: float | None = None
    now: float | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    worth: float | None = None
    why: str = ""

    def of_expected(self) -> float | None:
        """Gain ÷ expected gain; None where either is not known."""
        return self.gain / self.expected if self.gain is not None and self.expected else None

    def beyond_noise(self) -> bool:
        """Whether the gain lies beyond chance: the interval of a rate's change holds no 0, a count
        moved by more than 1.96 √(before + now). Other sums and medians carry no interval: taken as
        they are.
        """
        if self.gain is None:
            return False
        if self.low is not None and self.high is not None:
            return self.low > 0 or self.high < 0
        if self.unit == "count" and self.before is not None and self.now is not None:
            return abs(self.gain) > 1.96 * math.sqrt(max(0.0, self.before) + max(0.0, self.now))
        return self.unit != "share"

    def returned(self, spent: Any) -> float | None:
        """Gross profit of the gain ÷ spend, 1 being the cut line; None where the indicator did not
        move up, or not beyond chance: what did not move paid nothing back that could be counted.
        """
        if self.worth is None or is_missing(spent) or not spent:
            return None
        return self.worth / float(spent) if self.worth > 0 and self.beyond_noise() else None

    def no_return(self) -> str:
        """Why no return is given."""
        if self.worth is None:
            return say("the indicator is not tied to money")
        return say("the indicator did not rise beyond chance")

    def a_unit(self, spent: Any) -> float | None:
        """Spend per point (of a rate) or per unit gained."""
        gained = (
            None
            if self.gain is None
            else (self.gain * 100 if self.unit == "share" else self.gain)
            * (-1 if self.indicator in LOWER_IS_BETTER else 1)
        )
        return None if gained is None or gained <= 0 or is_missing(spent) else float(spent) / gained


def spend_of(book: Book, actuals: Actuals, strategy: Mapping[str, Any]) -> Spend:
    """What a strategy brought: its indicator over its complete months so far, against the same
    months a year before. strategy: one line of the strategy sheet.
    """
    metric = "" if is_missing(strategy["indicator"]) else str(strategy["indicator"]).strip()
    if metric not in TRACKED:
        return Spend(
            metric,
            "number",
            why=(
                say("the indicator '{metric}' is not one the book measures", metric=metric)
                if metric
                else say("no indicator is named")
            ),
        )
    unit = actuals.unit(metric)
    if is_missing(strategy["start"]):
        return Spend(metric, unit, why=say("no start is given"))
    end = min(book.month, book.month if is_missing(strategy["due"]) else Month.of(strategy["due"]))
    span = Window("strategy", Month.of(strategy["start"]).start, end.end)
    now, before = actuals.actual(metric, {}, span), actuals.baseline(metric, {}, span)
    if now.value is None or before.value is None:
        return Spend(
            metric, unit, span, _float(before.value), _float(now.value), why=now.why or before.why
        )
    gain = float(now.value) - float(before.value)
    return Spend(
        metric,
        unit,
        span,
        float(before.value),
        float(now.value),
        gain,
        *_interval(now, before, unit),
        expected_gain(strategy, float(before.value), unit, metric),
        _worth(book, actuals, metric, gain, now, span),
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def expected_gain(
    strategy: Mapping[str, Any], before: float, unit: str, metric: str = ""
) -> float | None:
    """The gain the owner expects: the number in ``expected``, else in ``goal``; None where
    neither holds one that fits the unit.

    Of a rate or a median "to 70 %" is a level and "by 5 points" a gain; of something summed "30 new
    customers" is a gain.
    """
    for text in (strategy.get("expected"), strategy.get("goal")):
        if is_missing(text):
            continue
        found = [
            (float(number.replace(",", "")), mark.lower(), bool(RISE.search(str(text))))
            for number, mark in NUMBER.findall(str(text))
        ]
        for number, mark, rise in found:
            percent = mark in ("%", "％", "pp", "个百分点") or mark.startswith("point")
            if (unit == "share") != percent:
                continue
            value = number / 100 if percent else number * 10_000 if mark == "万" else number
            if (
                Actuals.additive(metric)
                or rise
                or mark in ("pp", "个百分点")
                or mark.startswith("point")
            ):
                return -value if metric in LOWER_IS_BETTER and not rise else value
            return value - before
    return None


def _interval(now: Actual, before: Actual, unit: str) -> tuple[float | None, float | None]:
    """95 % interval of a difference of two rates (Newcombe); (None, None) for sums."""
    if (
        unit != "share"
        or not now.denominator
        or not before.denominator
        or now.numerator is None
        or before.numerator is None
    ):
        return None, None
    return newcombe(now.numerator, now.denominator, before.numerator, before.denominator)


def _worth(
    book: Book, actuals: Actuals, metric: str, gain: float, now: Actual, span: Window
) -> float | None:
    """Gross profit of the gain: money itself, or so many orders or wins more of the span's average
    size; None for what is not tied to money.
    """
    if metric in ("sales", "won_amount"):
        return gain * margin(book, span)
    if metric in ("orders", "new_customers", "repurchase_rate"):
        size = _ratio(
            actuals.actual("sales", {}, span).value, actuals.actual("orders", {}, span).value
        )
        return (
            None
            if size is None
            else gain
            * (now.denominator or 0 if metric == "repurchase_rate" else 1)
            * size
            * margin(book, span)
        )
    if metric in ("deals.won", "win_rate.narrow"):
        size = _ratio(
            actuals.actual("won_amount", {}, span).value,
            actuals.actual("deals.won", {}, span).value,
        )
        return (
            None
            if size is None
            else gain
            * (now.denominator or 0 if metric == "win_rate.narrow" else 1)
            * size
            * margin(book, span)
        )
    return None


def _ratio(above: Any, below: Any) -> float | None:
    return float(above) / float(below) if above is not None and below else None


def margin(book: Book, span: Window) -> float:
    """Gross margin of the span's orders; the assumed one where no order carries a cost."""
    assumed = margins(book).book
    if not book.has("orders", "amount"):
        return assumed
    rows = sales.between(sales.filled_rows(book), span.start, span.end)
    sums = profit_by(with_profit(book, rows)).iloc[0]
    amount = float(sums["amount"] or 0.0)
    return float(sums["profit"]) / amount if amount > 0 else assumed
