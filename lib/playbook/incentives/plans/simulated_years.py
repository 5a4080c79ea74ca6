"""Years put together from months of history, and what two plans pay for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.periods import Month, months_between
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.pay.history import History
from playbook.pay.lines import within
from playbook.pay.monthly import MonthlyHistory
from playbook.pay.resampled import yearly_pay
from playbook.pay.total import total_pay

Pair = tuple[MonthlyHistory, MonthlyHistory]  # history under the plan in force and the other
MONTHS = 24  # months of history drawn from


class YearCosts(Frame):
    """One row per kind of team and plan: pay of the simulated years."""

    culture = c.text("kind of team")
    plan = c.text("the plan's name")
    p10 = c.money("pay that one year in ten stays below")
    p50 = c.money("pay of the middle year")
    p90 = c.money("pay that one year in ten goes above")
    cost = c.share("pay ÷ sales of all simulated years; none without sales")
    profit = c.money("gross profit less pay of the middle year")
    over = c.share("share of years whose pay is above the budget")


class ResponseCosts(Frame):
    """One row per assumed response of sales to pay: change of a year under the other plan."""

    effort = c.ratio("relative change of sales per relative change of pay")
    p10 = c.share("relative change of pay that one year in ten stays below")
    p50 = c.share("relative change of pay of the middle year")
    p90 = c.share("relative change of pay that one year in ten goes above")
    sales = c.share("relative change of sales")


@dataclass(frozen=True)
class SimulatedYears:
    """Two plans on the same simulated years.

    pay: per plan (years, reps) [minor units]. sales: per plan, by year, on its own basis
    [currency]. alike: per plan, by year, on the first plan's basis [currency]. change: (years,
    reps) relative change of pay under the second plan on the same sales. unanswered: per plan
    (years, reps) pay on the same sales [minor units]. sampled: (years, 12)
    positions of the months of history that make up each year.
    """

    pay: tuple[np.ndarray, np.ndarray]
    sales: tuple[np.ndarray, np.ndarray]
    alike: tuple[np.ndarray, np.ndarray]
    change: np.ndarray
    unanswered: tuple[np.ndarray, np.ndarray]
    sampled: np.ndarray


def sample_years(months: int, years: int, seed: int) -> np.ndarray:
    """Years put together from months drawn with replacement: positions of months, (years, 12)."""
    return np.random.default_rng(seed).integers(0, months, size=(years, 12))


def spread_factor(sales: np.ndarray, spread: float) -> np.ndarray:
    """Factors (months, reps) that stretch each month's distance from the rep's mean by ``spread``
    and keep the mean; months without sales stay without.
    """
    sales = sales.astype(float)
    mean = sales.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(sales > 0, np.maximum(mean + spread * (sales - mean), 0) / sales, 1.0)
        kept = (sales * factor).sum(axis=0)
        return factor * np.where(kept > 0, np.maximum(sales.sum(axis=0), 0) / kept, 1.0)


def yearly_totals(pay: np.ndarray, minor: int) -> np.ndarray:
    """Yearly totals of (years, reps) minor units [currency]."""
    return pay.sum(axis=1) / 10**minor


def simulate(pair: Pair, sampled: np.ndarray, effort: float, hold: float = 1.0) -> SimulatedYears:
    """Pay under the first plan on the sampled years as they were, and under the second with sales
    that respond to it (``sales_response``).
    """
    base, other = pair
    was, now = (
        yearly_pay(base, sampled, owed=base.owed),
        yearly_pay(other, sampled, owed=other.owed),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.where(was > 0, now / was - 1, 0.0)
    factor = sales_response(change, effort, hold)
    sold = [one.sales[sampled].sum(axis=1) / TICKS for one in pair]
    same = bool((factor == 1).all())
    return SimulatedYears(
        (was, now if same else yearly_pay(other, sampled, factor, other.owed)),
        (sold[0].sum(axis=1), (sold[1] * factor).sum(axis=1)),
        (sold[0].sum(axis=1), (sold[0] * factor).sum(axis=1)),
        change,
        (was, now),
        sampled,
    )


def sales_response(change: np.ndarray, effort: float, hold: float = 1.0) -> np.ndarray:
    """Factor on sales: 1 + effort × change of pay, and never below 0; where pay falls only the
    share ``hold`` of the sales stays.
    """
    return np.maximum(1 + effort * change, 0) * np.where(change < 0, hold, 1.0)


def last_year(months: int) -> np.ndarray:
    """The last twelve months as one year."""
    return np.arange(months - 12, months)[None]


def break_even(pair: Pair, margin: float) -> float | None:
    """Smallest uplift of the last twelve months' sales at which gross profit less pay under the
    second plan is no less than under the first without uplift.

    None when not even a doubling does it. Gross profit less pay rises with sales wherever pay per
    unit is below the margin.
    """
    base, other = (one.as_paid() for one in pair)
    year = last_year(len(base.months))
    sales = base.sales[year].sum() / TICKS
    now = margin * sales - yearly_totals(yearly_pay(base, year, owed=base.owed), base.minor)[0]

    def gain(uplift: float) -> float:
        factor = np.full((1, len(other.reps)), 1 + uplift)
        return (
            margin * sales * (1 + uplift)
            - yearly_totals(yearly_pay(other, year, factor, other.owed), other.minor)[0]
            - now
        )

    if (
        yearly_totals(yearly_pay(other, year, owed=other.owed), other.minor)[0]
        <= margin * sales - now
    ):
        return 0.0
    grid = np.linspace(0, 1, 51)[1:]
    above = next((u for u in grid if gain(u) >= 0), None)
    if above is None:
        return None
    low, high = above - grid[0], above
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if gain(middle) >= 0 else (middle, high)
    return float(high)


def sensitivity(other: MonthlyHistory, made: SimulatedYears, years: int) -> pd.DataFrame:
    """Change of a year's pay under the second plan against the first, by assumed answer to pay:
    effort, p10, p50, p90, and the change of sales.
    """
    sampled, change, was = (
        made.sampled[:years],
        made.change[:years],
        made.pay[0][:years].sum(axis=1),
    )
    sold = other.sales[sampled].sum(axis=1)
    rows = []
    for effort in (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0):
        factor = sales_response(change, effort)
        more = (
            yearly_pay(other, sampled, factor, other.owed).sum(axis=1) / np.where(was > 0, was, 1)
            - 1
        )
        rows.append(
            {
                "effort": effort,
                "p10": np.quantile(more, 0.1),
                "p50": np.median(more),
                "p90": np.quantile(more, 0.9),
                "sales": float((sold * factor).sum() / sold.sum() - 1) if sold.sum() > 0 else 0.0,
            }
        )
    return ResponseCosts.make(rows)


def months_and_reps(
    past: History, plans: tuple[CommissionPlan, ...]
) -> tuple[list[Month], list[str]]:
    """Months of history that years are sampled from, at most the last two years, and the ids of
    everyone credited or paid under either plan in the last twelve of them.
    """
    last = Month.of(past.book.as_of)
    if not len(past.orders):
        return [], []
    first = max(Month.of(past.orders["date"].min().date()), last + (1 - MONTHS))
    window = past.book.window("trailing_12m")
    reps: set[str] = set()
    for one in plans:
        paid = total_pay(past, one).lines[["date", "rep_id"]]
        reps |= set(within(paid, window.start, window.end)["rep_id"].unique())
        reps |= set(past.prepared_lines(one).credited(window.start, window.end)["rep_id"].unique())
    return months_between(first, last), sorted(reps)
