"""Simulated years: what two plans may cost when months come in another order and people answer to what the next deal pays.

Months of the last two years are drawn with replacement, whole, so that good and bad months stay good and bad for everyone in them.
The answer to pay is an assumption, stated beside every number that rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.kpi import Kpi
from playbook.base.plans import CommissionPlan
from playbook.base.uncertainty import Rate
from playbook.data.book import Book
from playbook.data.measures.credits import TICKS
from playbook.page import Action, Col, Figure, Result, Table, section, table

from . import figures_team as figures
from .credit import UNASSIGNED, on_basis
from .history import History, history
from .pay import within

YEARS = 1000
MONTHS = 24        # months of history drawn from


@dataclass(frozen=True)
class Culture:
    """How a team answers to pay: ``effort`` = factor on the assumed answer to pay, ``spread`` = how much more some months
    vary than history's, ``hold`` = share of sales that stays when pay falls (the rest
    leaves with people)."""

    name: str
    effort: float
    spread: float
    hold: float
    words: str


CULTURES = (
    Culture("as assumed", 1.0, 1.0, 1.0, "the response of the settings, nothing else"),
    Culture("wolf", 2.0, 1.3, 0.97, "high pay for results and the last ones go: strong answer to rates, uneven months, some sales leave when pay falls"),
    Culture("mixed", 1.0, 1.1, 0.99, "results and shared learning: middling answer to rates"),
    Culture("learning", 0.5, 0.9, 1.0, "knowledge shared in the team: weak answer to rates, even months"),
)


@dataclass(frozen=True)
class Simulation(Result):
    """Pay of simulated years under both plans.

    table: one row per culture and plan: culture, plan, p10, p50, p90 [currency], cost [share of sales], over [share of years above the budget].
    costs: plan → pay of each simulated year under the first culture [currency]. uplift: break-even sales uplift of the other plan [share].
    """

    section = "simulation"
    table: pd.DataFrame
    costs: dict[str, np.ndarray]
    budget: float
    uplift: float | None
    margin: float
    effort: float
    sensitivity: pd.DataFrame
    plans: tuple[CommissionPlan, CommissionPlan]
    given: bool
    months: int
    reps: int
    years: int
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return (f"{self.years:,} simulated years, {self.months} months of history drawn with replacement, {plural(self.reps, 'rep')} · budget {self.fmt.money(self.budget)} · "
                f"as of {self.fmt.text(self.as_of, 'date')}")

    def figure(self) -> Figure | None:
        return figures.simulated(self)

    def tables(self) -> list[Table]:
        columns = [Col("culture", "text", "Team"), Col("plan", "text", "Plan"), Col("p10", "money", "Good year for cost (10 %)"), Col("p50", "money", "Middle year"),
                   Col("p90", "money", "Dear year (90 %)"), Col("cost", "share", "Cost of sales", decimals=2), Col("over", "share", "Years over budget")]
        teams = pd.DataFrame([{"culture": c.name, "effort": c.effort * self.effort, "spread": c.spread, "hold": c.hold, "words": c.words} for c in CULTURES])
        assumed = [Col("culture", "text", "Team"), Col("effort", "ratio", "Answer to rates"), Col("spread", "ratio", "Month-to-month spread"), Col("hold", "share", "Sales kept when pay falls", decimals=0),
                   Col("words", "text", "What is assumed", weight=3)]
        return [table(self.table, columns, self.fmt, title="What a year may cost", note=f"Pay of a year in {self.fmt.currency}, tiers alone · {self.where}"),
                table(teams, assumed, self.fmt, title="What is assumed about the team", note="Assumptions, not findings: change effort under [incentives] and see what moves")]

    def reading(self) -> str:
        f, current, other = self.fmt, self.plans[0].name, self.plans[1].name
        first = self.table[self.table["culture"] == CULTURES[0].name].set_index("plan")
        a, b = first.loc[current], first.loc[other]
        text = (f"A middle year costs {f.money(a.p50)} under plan {current} and {f.money(b.p50)} under plan {other}; the budget of {f.money(self.budget)} is overspent in "
                f"{f.share(a.over)} and {f.share(b.over)} of simulated years.")
        return f"{text} {self._worth()}"

    def _worth(self) -> str:
        f, other = self.fmt, self.plans[1].name
        if self.uplift is None:
            return f"No rise of sales up to a doubling would earn plan {other}'s pay back at a gross margin of {f.share(self.margin)}."
        if self.uplift == 0:
            return f"Plan {other} costs no more on the same sales, so nothing has to be earned back."
        return f"Plan {other} earns its extra pay back once sales are {f.share(self.uplift, decimals=2)} higher (gross margin {f.share(self.margin)})."

    def headline(self) -> str:
        f = self.fmt
        over = [f"{plan.name} {f.share(float((self.costs[plan.name] > self.budget).mean()))}" for plan in self.plans]
        return f"Simulated years over the pay budget: {', '.join(over)}; break-even uplift {f.share(self.uplift, decimals=2)}"

    def kpis(self) -> list[Kpi]:
        if not self.given:
            return []
        found = [Kpi.rate("pay.overspend", "trailing_12m", Rate(int((self.costs[p.name] > self.budget).sum()), self.years), {"plan": p.name}) for p in self.plans]
        return [*found, Kpi("pay.break_even_uplift", "trailing_12m", self.uplift, "share", {"plan": self.plans[1].name}, why="no uplift up to a doubling earns the extra pay back")]

    def actions(self) -> list[Action]:
        """Set money aside where a budget would often be overspent."""
        costs = self.costs[self.plans[0].name]
        over = float((costs > self.budget).mean())
        if over < 0.1 or not self.given:
            return []
        reserve = max(float(np.quantile(costs, 0.9)) - self.budget, 0.0)
        due = date(self.as_of.year + (self.as_of.month == 12), self.as_of.month % 12 + 1, 15)
        return [Action("Set a reserve aside for variable pay", "finance", due, f"the pay budget is overspent in {self.fmt.share(over)} of simulated years; the reserve covers nine of ten", reserve)]

    def notes(self) -> list[str]:
        return [f"Budget: the last twelve months' tier pay under plan {self.plans[0].name} and {self.fmt.share(self.uplift_allowed)} on top. When a plan pays more or less per unit sold than plan "
                f"{self.plans[0].name} does, a rep's sales are assumed to move by {self.fmt.text(self.effort, 'number')} of that relative change, times the team's own factor. This is an assumption; the picture shows how the answer hangs on it."]

    @property
    def uplift_allowed(self) -> float:
        return self.budget / self.base - 1 if self.base else 0.0

    base: float = 0.0


@section("simulation")
def simulation(book: Book, plan: str = "", compare_with: str = "", years: int = YEARS) -> Result:
    """Both plans on simulated years; needs twelve months of credited orders and tiers of amounts."""
    past = history(book, plan, compare_with)
    plans = (past.chosen.current, past.chosen.other)
    for one in plans:
        if not one.tiers or one.tiers_of == "quota" or one.accumulate == "deal":
            raise NotAvailable({}, gives="what a year may cost under either plan", because=f"plan '{one.name}' does not pay tiers of a period's amount")
    months = monthly(past, plans[0])
    if months.shape[0] < 12:
        raise NotAvailable({}, gives="what a year may cost under either plan", because=f"needs twelve months of credited orders; there are {months.shape[0]}")
    settings = book.settings.incentives
    base = float(yearly_pay(last_year(months), plans[0])[0])
    budget = base * (1 + settings.budget_uplift)
    rows, costs = [], {}
    for number, culture in enumerate(CULTURES):
        drawn = draw_years(months, years, settings.seed + number, culture.spread)
        for one in plans:
            sales = answered(drawn, one, plans[0], settings.effort * culture.effort, culture.hold)
            pay = yearly_pay(sales, one)
            rows.append({"culture": culture.name, "plan": one.name, "p10": np.quantile(pay, 0.1), "p50": np.median(pay), "p90": np.quantile(pay, 0.9),
                         "cost": float(pay.sum() / sales.sum()) if sales.sum() > 0 else None, "over": float((pay > budget).mean())})
            if number == 0:
                costs[one.name] = pay
    margin = book.settings.funnel.margin
    return Simulation(table=pd.DataFrame(rows), costs=costs, budget=budget, uplift=break_even(last_year(months), plans, margin), margin=margin, effort=settings.effort,
                      sensitivity=sensitivity(months, plans, budget, settings, min(years, 400)), plans=plans, given=past.chosen.given, months=months.shape[0], reps=months.shape[1], years=years,
                      as_of=book.as_of, fmt=book.fmt, base=base)


def monthly(past: History, plan: CommissionPlan) -> np.ndarray:
    """Credited amount per month (rows, oldest first) and rep on board today or paid in the last year (columns) [currency]."""
    last = pd.Period(past.book.as_of, freq="M")
    rows = on_basis(past.orders, plan)
    rows = within(rows[rows["rep_id"].notna() & (rows["rep_id"] != UNASSIGNED)], (last - MONTHS + 1).start_time.date(), past.book.as_of)
    grid = rows.assign(month=rows["date"].dt.to_period("M")).pivot_table(index="month", columns="rep_id", values="amount", aggfunc="sum", fill_value=0)
    if not len(grid):
        return np.zeros((0, 0))
    grid = grid.reindex(pd.period_range(grid.index.min(), last, freq="M"), fill_value=0).sort_index(axis=1)
    recent = grid.iloc[-12:].sum() != 0
    return grid.loc[:, recent].to_numpy(dtype=float) / TICKS


def last_year(months: np.ndarray) -> np.ndarray:
    """The last twelve months as one year: shape (1, 12, reps)."""
    return months[-12:][None]


def draw_years(months: np.ndarray, years: int, seed: int, spread: float = 1.0) -> np.ndarray:
    """Years of twelve drawn months, shape (years, 12, reps); ``spread`` stretches each month's distance from the rep's mean."""
    drawn = months[np.random.default_rng(seed).integers(0, len(months), size=(years, 12))]
    return drawn if spread == 1 else np.maximum(months.mean(axis=0) + spread * (drawn - months.mean(axis=0)), 0)


def per_period(sales: np.ndarray, plan: CommissionPlan) -> np.ndarray:
    """Sums per accumulation period: shape (years, periods, reps)."""
    length = {"month": 1, "quarter": 3, "year": 12}[plan.accumulate]
    return sales.reshape(sales.shape[0], 12 // length, length, sales.shape[2]).sum(axis=2)


def curve_arrays(plan: CommissionPlan) -> tuple[np.ndarray, np.ndarray]:
    """(lower edges, rates) of the tiers as floats."""
    rising = sorted(plan.tiers, key=lambda band: band.lower)
    return np.array([float(b.lower) for b in rising]), np.array([float(b.rate) for b in rising])


def tier_pay(total: np.ndarray, plan: CommissionPlan) -> np.ndarray:
    """Tier pay of period totals, float: for simulated years, never for a statement."""
    lower, rates = curve_arrays(plan)
    if plan.mode == "whole":
        pay = np.full_like(total, rates[0])
        for edge, rate in zip(lower[1:], rates[1:], strict=True):
            pay[total > edge] = rate
        pay *= total
    else:
        pay = total * rates[0]
        for edge, step in zip(lower[1:], np.diff(rates), strict=True):
            pay += step * np.maximum(total - edge, 0)
    return pay if plan.cap is None else np.minimum(pay, float(plan.cap))


def yearly_pay(sales: np.ndarray, plan: CommissionPlan) -> np.ndarray:
    """Tier pay of each simulated year over all reps [currency]."""
    return tier_pay(per_period(sales, plan), plan).sum(axis=(1, 2))


def answered(sales: np.ndarray, plan: CommissionPlan, base: CommissionPlan, effort: float, hold: float = 1.0) -> np.ndarray:
    """Sales under ``plan``: each rep's year moves by ``effort`` times the relative change of average pay per unit against ``base``; when that falls only ``hold`` of sales stays."""
    if plan == base or (effort == 0 and hold == 1):
        return sales
    year = sales.sum(axis=1)
    was, now = (tier_pay(per_period(sales, one), one).sum(axis=1) for one in (base, plan))
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.where((was > 0) & (year > 0), now / was - 1, 0.0)
    factor = np.maximum(1 + effort * change, 0) * np.where(change < 0, hold, 1.0)
    return sales * factor[:, None, :]


def break_even(year: np.ndarray, plans: tuple[CommissionPlan, CommissionPlan], margin: float) -> float | None:
    """Smallest uplift of sales at which gross profit less pay under the second plan is no less than under the first without uplift.

    None when not even a doubling does it. Gross profit less pay rises with sales wherever pay per unit is below the margin.
    """
    now = margin * year.sum() - yearly_pay(year, plans[0])[0]
    def gain(uplift: float) -> float:
        more = year * (1 + uplift)
        return margin * more.sum() - yearly_pay(more, plans[1])[0] - now
    if gain(0.0) >= 0:
        return 0.0
    grid = np.linspace(0, 1, 201)[1:]
    above = next((u for u in grid if gain(u) >= 0), None)
    if above is None:
        return None
    low, high = above - grid[0], above
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if gain(middle) >= 0 else (middle, high)
    return float(high)


def sensitivity(months: np.ndarray, plans, budget: float, settings, years: int) -> pd.DataFrame:
    """Extra profit before other cost of the second plan against the first, by assumed answer to pay: effort, p10, p50, p90, as shares of the first plan's pay."""
    drawn = draw_years(months, years, settings.seed)
    pay = yearly_pay(drawn, plans[0])
    rows = []
    for effort in (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0):
        sales = answered(drawn, plans[1], plans[0], effort)
        change = yearly_pay(sales, plans[1]) / np.where(pay > 0, pay, 1) - 1
        rows.append({"effort": effort, "p10": np.quantile(change, 0.1), "p50": np.median(change), "p90": np.quantile(change, 0.9),
                     "sales": float(sales.sum() / drawn.sum() - 1) if drawn.sum() > 0 else 0.0})
    return pd.DataFrame(rows)

