"""One row per target in force: what was reached, the pace, and where it is heading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    day,
    flag,
    money,
    month,
    number,
    ratio,
    share,
    text,
    thing,
)
from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.base.vocabulary import LOWER_IS_BETTER
from playbook.data.book import Book
from playbook.data.measures.plan import Plan, TargetInForce
from playbook.goals.actuals import Actual, Actuals
from playbook.goals.outlook import outlook
from playbook.goals.plan.target import owner_of, unknown_member, window_of
from playbook.methods.forecast import Forecast, band

from .forecasts import Forecasts
from .judging import combined, gap, judge, judge_falling, nothing, projection


class TargetRows(Frame):
    """One row per target in force; amounts are in the unit of the row's metric."""

    window = text("year_to_date, quarter_to_date or month")
    period = text("the target's period as targets name it: 2023, 2023-Q3, 2023-09")
    metric = text("metric of the vocabulary")
    unit = text("unit of the metric; the currency for money")
    additive = flag("members and months of the metric may be summed")
    falls = flag("less is better")
    members = thing("(dimension, member) pairs the target is for; none for the company")
    kind = text("dimensions of the members in words, or 'company'")
    label = text("names of the members, or 'Company'")
    target = number("the target of the whole period, as it stands")
    original = number("what the table of targets says; missing where it has none")
    baseline = number("the equal span a year before, for metrics of which less is better")
    actual = number("reached from the period's start to the as-of date")
    numerator = number("numerator of the actual, where it is a rate")
    denominator = number("denominator of the actual, where it is a rate")
    completion = share("actual ÷ target; where less is better, the way covered from the baseline")
    due = share("share of the target its curve asks for by the as-of date")
    to_date = number("target × due")
    pace = ratio("completion ÷ due; where less is better, to_date ÷ actual")
    status = text("green, amber, red by pace and chance; not measured, no target, not due yet")
    gap = number("target less actual, at least 0")
    days = count("working days left in the period")
    per_day = number("gap ÷ days")
    low = number("lower end of the 80 % forecast interval of the period's total")
    middle = number("median forecast of the period's total", low="low", high="high")
    high = number("upper end of the 80 % forecast interval of the period's total")
    chance = share("share of simulated paths that keep the target")
    curve = text("where the curve comes from")
    method = text("how the forecast was made, or why there is none")
    owner = text("owner of the target; empty when none is named")
    remark = text("remark of the table of targets")
    moved = text("from what to what the target was moved, and when; empty where it was not")
    moved_on = day("when it was; missing where it was not")
    why = text("why a value is missing, or empty")


class CumulativeYear(Frame):
    """The company's sales of the fiscal year, cumulative, one row per month [currency]."""

    month = month("month of the fiscal year")
    plan = money("what the plan's curve asks for by the month's end")
    actual = money("what was reached by the month's end; missing for months ahead")
    low = money("lower end of the 80 % band of the forecast")
    middle = money("median forecast", low="low", high="high")
    high = money("upper end of the 80 % band of the forecast")


def _moved(fmt: Formats, target: TargetInForce, unit: str) -> str:
    """From what to what a target was moved, and when; empty where it stands as the table has it."""
    if target.moved is None or target.original == target.target:
        return ""
    day = fmt.text(target.moved.date_, "date")
    if is_missing(target.original):
        return say("set to {target} on {day}", target=fmt.text(target.target, unit), day=day)
    was, now = (fmt.text(value, unit) for value in (target.original, target.target))
    return say("moved from {was} to {now} on {day}", was=was, now=now, day=day)


def target_row(
    book: Book,
    plan: Plan,
    actuals: Actuals,
    forecasts: Forecasts,
    target: TargetInForce,
    names: dict[str, dict[str, str]],
) -> dict[str, Any]:
    """One target in force as a row of ``TargetRows``. names: dimension → member → name shown."""
    additive, members = actuals.additive(target.metric), dict(target.members)
    unknown = unknown_member(target, actuals)
    actual = (
        Actual(None, why=unknown)
        if unknown
        else actuals.actual(target.metric, members, window_of(book, target))
    )
    span = (target.period.first, target.period.last)
    curve = plan.curve(target.metric, target.members, *span) if additive else None
    due = curve.elapsed(book.as_of, book.settings.goals, book.calendar) if curve else 1.0
    label = (
        " · ".join(names.get(key, {}).get(member, member) for key, member in target.members)
        or "Company"
    )
    falls = target.metric in LOWER_IS_BETTER
    base = (
        actuals.baseline(target.metric, members, window_of(book, target))
        if falls and not unknown
        else Actual(None)
    )
    moved = _moved(book.fmt, target, actuals.unit(target.metric))
    row = {
        "window": target.window,
        "period": target.period.label,
        "metric": target.metric,
        "unit": actuals.unit(target.metric),
        "additive": additive,
        "falls": falls,
        "members": target.members,
        "kind": " · ".join(key.replace("_", " ") for key, _ in target.members) or "company",
        "label": label,
        "target": target.target,
        "original": target.original,
        "baseline": base.value,
        "actual": actual.value,
        "numerator": actual.numerator,
        "denominator": actual.denominator,
        "due": due,
        "curve": curve.source if curve else "",
        "owner": owner_of(target, actuals),
        "remark": target.remark or (say("sum of its shorter periods") if target.derived else ""),
        "moved": moved,
        "moved_on": target.moved.date_ if moved and target.moved else None,
        "why": actual.why,
    }
    settings = book.settings.goals
    row.update(
        judge_falling(row["actual"], target.target, due, settings, base)
        if falls
        else judge(row["actual"], target.target, due, settings)
    )
    left = book.calendar.working_days(book.as_of + timedelta(days=1), target.period.last.end)
    row.update(gap(row, len(left)))
    ahead = target.period.last - book.month
    rest = forecasts.totals(target.metric, members, ahead) if ahead > 0 and additive else (None, "")
    row |= projection(*rest, row, ahead) if additive and not actual.why else nothing()
    return {**row, "status": combined(row, settings)}


def cumulative_year(book: Book, plan: Plan, actuals: Actuals) -> pd.DataFrame:
    """Cumulative plan, actual and forecast of the company's sales in the fiscal year; empty without
    its target.
    """
    first, last = book.fiscal_year
    target = plan.get("sales", (), first, last)
    history = actuals.history("sales", {})
    if target is None or not len(history):
        return CumulativeYear.make([])
    curve = plan.curve("sales", (), first, last)
    actual = np.cumsum(
        [float(history.get(month, 0.0)) for month in curve.months if month <= book.month]
    )
    made = outlook(actuals, "sales", {}, last - book.month)
    frame = pd.DataFrame({"month": curve.months, "plan": np.cumsum(curve.shares) * target.target})
    frame["actual"] = pd.Series(actual).reindex(range(len(frame)))
    return frame.join(_fan(made, actual[-1], len(actual), len(frame)))


def _fan(made: Forecast | None, done: float, known: int, length: int) -> pd.DataFrame:
    """Low, middle and high of the cumulative forecast; empty cells where nothing is forecast."""
    fan = pd.DataFrame(np.nan, index=range(length), columns=["low", "middle", "high"])
    if made is not None:
        fan.loc[known - 1] = done
        totals = done + made.paths.cumsum(axis=1)
        for i in range(totals.shape[1]):
            fan.loc[known + i] = band(totals[:, i])
    return fan
