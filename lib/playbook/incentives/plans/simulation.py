"""Simulated years: what two plans may cost when months come in another order and people answer to
what the next deal pays.

Months of the last two years are drawn with replacement, whole, so that good and bad months stay
good and bad for everyone in them; each
plan then pays the drawn year by the engine of the statements: tiers, rules, attainment, caps,
guarantees, draws, awards and clawbacks.
The answer to pay is an assumption, stated beside every number that rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month, months_between
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures.credits import TICKS
from playbook.incentives.figures import people as figures
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.pay.history import History, history, minor_money
from playbook.pay.lines import within
from playbook.pay.monthly import carried
from playbook.pay.resampled import yearly
from playbook.pay.total import whole_pay

YEARS = 1000
MONTHS = 24  # months of history drawn from


@dataclass(frozen=True)
class Culture:
    """How a team answers to pay: ``effort`` = factor on the assumed answer to pay, ``spread`` = how
    much more some months
    vary than history's, ``hold`` = share of sales that stays when pay falls (the rest
    leaves with people)."""

    name: str
    effort: float
    spread: float
    hold: float
    words: str


CULTURES = (
    Culture("as assumed", 1.0, 1.0, 1.0, "the response of the settings, nothing else"),
    Culture(
        "wolf",
        2.0,
        1.3,
        0.97,
        "high pay for results and the last ones go: strong answer to rates, uneven months, some"
        " sales leave when pay falls",
    ),
    Culture("mixed", 1.0, 1.1, 0.99, "results and shared learning: middling answer to rates"),
    Culture(
        "learning", 0.5, 0.9, 1.0, "knowledge shared in the team: weak answer to rates, even months"
    ),
)


@dataclass(frozen=True)
class Simulation(Result):
    """Pay of simulated years under both plans.

    table: one row per culture and plan: culture, plan, p10, p50, p90 [currency], cost [share of
    sales], profit [gross profit less pay of the middle year, currency], over [share of years above
    the budget].
    costs and profit: plan → pay, and gross profit less pay, of each simulated year under the first
    culture [currency]. uplift: break-even sales uplift of the other plan [share].
    """

    section = "simulation"
    table: pd.DataFrame
    costs: dict[str, np.ndarray]
    profit: dict[str, np.ndarray]
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
        return (
            f"{self.years:,} simulated years, {self.months} months of history drawn with"
            f" replacement, {plural(self.reps, 'rep')} · budget {self.fmt.money(self.budget)} · as"
            f" of {self.fmt.text(self.as_of, 'date')}"
        )

    def figure(self) -> Figure | None:
        return figures.simulated(
            self.costs,
            self.sensitivity,
            names=(self.plans[0].name, self.plans[1].name),
            budget=self.budget,
            effort=self.effort,
            where=self.where,
            fmt=self.fmt,
        )

    def tables(self) -> list[Table]:
        columns = [
            Col("culture", "text", "Team"),
            Col("plan", "text", "Plan"),
            Col("p10", "money", "Good year for cost (10 %)"),
            Col("p50", "money", "Middle year"),
            Col("p90", "money", "Dear year (90 %)"),
            Col("cost", "share", "Cost of sales", decimals=2),
            Col("profit", "money", "Gross profit less pay, middle year"),
            Col("over", "share", "Years over budget"),
        ]
        teams = pd.DataFrame(
            [
                {
                    "culture": c.name,
                    "effort": c.effort * self.effort,
                    "spread": c.spread,
                    "hold": c.hold,
                    "words": c.words,
                }
                for c in CULTURES
            ]
        )
        assumed = [
            Col("culture", "text", "Team"),
            Col("effort", "ratio", "Answer to rates"),
            Col("spread", "ratio", "Month-to-month spread"),
            Col("hold", "share", "Sales kept when pay falls", decimals=0),
            Col("words", "text", "What is assumed", weight=3),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="What a year may cost",
                note=(
                    f"Money of a year in {self.fmt.currency}, everything the plan pays; gross"
                    f" profit at a margin of {self.fmt.share(self.margin)} · {self.where}"
                ),
            ),
            table(
                teams,
                assumed,
                self.fmt,
                title="What is assumed about the team",
                note=(
                    "Assumptions, not findings: change effort under [incentives] and see what moves"
                ),
            ),
        ]

    def reading(self) -> str:
        f, current, other = self.fmt, self.plans[0].name, self.plans[1].name
        first = self.table[self.table["culture"] == CULTURES[0].name].set_index("plan")
        a, b = first.loc[current], first.loc[other]
        text = (
            f"A middle year costs {f.money(a.p50)} under plan {current} and {f.money(b.p50)} under"
            f" plan {other}; the budget of {f.money(self.budget)} is overspent in {f.share(a.over)}"
            f" and {f.share(b.over)} of simulated years."
        )
        return f"{text} {self._worth()}"

    def _worth(self) -> str:
        f, other = self.fmt, self.plans[1].name
        if self.uplift is None:
            return (
                f"No rise of sales up to a doubling would earn plan {other}'s pay back at a gross"
                f" margin of {f.share(self.margin)}."
            )
        if self.uplift == 0:
            return (
                f"Plan {other} costs no more on the same sales, so nothing has to be earned back."
            )
        return (
            f"Plan {other} earns its extra pay back once sales are"
            f" {f.share(self.uplift, decimals=2)} higher (gross margin {f.share(self.margin)})."
        )

    def headline(self) -> str:
        f = self.fmt
        over = [
            f"{plan.name} {f.share(float((self.costs[plan.name] > self.budget).mean()))}"
            for plan in self.plans
        ]
        return (
            f"Simulated years over the pay budget: {', '.join(over)}; break-even uplift"
            f" {f.share(self.uplift, decimals=2)}"
        )

    def kpis(self) -> list[Kpi]:
        if not self.given:
            return []
        found = [
            Kpi.rate(
                "pay.overspend",
                "trailing_12m",
                Rate(int((self.costs[p.name] > self.budget).sum()), self.years),
                {"plan": p.name},
            )
            for p in self.plans
        ]
        return [
            *found,
            Kpi(
                "pay.break_even_uplift",
                "trailing_12m",
                self.uplift,
                "share",
                {"plan": self.plans[1].name},
                why="no uplift up to a doubling earns the extra pay back",
            ),
        ]

    def actions(self) -> list[Action]:
        """Set money aside where a budget would often be overspent."""
        costs = self.costs[self.plans[0].name]
        over = float((costs > self.budget).mean())
        if over < 0.1 or not self.given:
            return []
        reserve = max(float(np.quantile(costs, 0.9)) - self.budget, 0.0)
        due = (Month.of(self.as_of) + 1).start.replace(day=15)
        return [
            Action(
                "Set a reserve aside for variable pay",
                "finance",
                due,
                f"the pay budget is overspent in {self.fmt.share(over)} of simulated years; the"
                " reserve covers nine of ten",
                reserve,
            )
        ]

    def notes(self) -> list[str]:
        return [
            "Every plan is paid whole: what a month brought along (awards, clawbacks, quotas) is"
            f" drawn with it. Budget: the last twelve months' pay under plan {self.plans[0].name}"
            f" and {self.fmt.share(self.uplift_allowed)} on top. When a plan pays more or less per"
            f" unit sold than plan {self.plans[0].name} does, a rep's sales are assumed to move by"
            f" {self.fmt.text(self.effort, 'number')} of that relative change, times the team's own"
            " factor. This is an assumption; the picture shows how the answer hangs on it."
        ]

    @property
    def uplift_allowed(self) -> float:
        return self.budget / self.base - 1 if self.base else 0.0

    base: float = 0.0


@section("simulation")
def simulation(book: Book, plan: str = "", compare_with: str = "", years: int = YEARS) -> Result:
    """Both plans, whole, on simulated years; needs twelve months of credited orders."""
    past = history(book, plan, compare_with)
    plans = (past.chosen.current, past.chosen.other)
    months, reps = drawn_from(past, plans)
    if len(months) < 12:
        raise NotAvailable(
            {},
            gives="what a year may cost under either plan",
            because=f"needs twelve months of credited orders; there are {len(months)}",
        )
    if not reps:
        raise NotAvailable(
            {},
            gives="what a year may cost under either plan",
            because="no one was paid in the last twelve months",
        )
    settings, pair = (
        book.settings.incentives,
        tuple(carried(past, one, reps, months) for one in plans),
    )
    window = book.window("trailing_12m")
    base = float(minor_money(whole_pay(past, plans[0]).total(window), past.minor))
    budget = base * (1 + settings.budget_uplift)
    rows, costs, profit, first, margin = [], {}, {}, None, book.settings.funnel.margin
    for number, culture in enumerate(CULTURES):
        drawn = draw_years(len(months), years, settings.seed + number)
        swung = (
            [one.scaled(swing(one.sales, culture.spread)) for one in pair]
            if culture.spread != 1
            else pair
        )
        made = simulate(swung, drawn, settings.effort * culture.effort, culture.hold)
        first = first or made
        earned = (
            made.sales if plans[0].basis == plans[1].basis else made.alike
        )  # bookings and cash of the same deals differ, and no plan earns the difference
        for one, pay, sales, sold in zip(plans, made.pay, made.sales, earned, strict=True):
            cost = in_money(pay, past.minor)
            left = margin * sold - cost
            rows.append(
                {
                    "culture": culture.name,
                    "plan": one.name,
                    "p10": np.quantile(cost, 0.1),
                    "p50": np.median(cost),
                    "p90": np.quantile(cost, 0.9),
                    "cost": float(cost.sum() / sales.sum()) if sales.sum() > 0 else None,
                    "profit": float(np.median(left)),
                    "over": float((cost > budget).mean()),
                }
            )
            costs.setdefault(one.name, cost)
            profit.setdefault(one.name, left)
    return Simulation(
        table=pd.DataFrame(rows),
        costs=costs,
        profit=profit,
        budget=budget,
        uplift=break_even(pair, margin),
        margin=margin,
        effort=settings.effort,
        sensitivity=sensitivity(pair[1], first, min(years, 300)),
        plans=plans,
        given=past.chosen.given,
        months=len(months),
        reps=len(reps),
        years=years,
        as_of=book.as_of,
        fmt=book.fmt,
        base=base,
    )


def drawn_from(past: History, plans: tuple[CommissionPlan, ...]) -> tuple[list[Month], list[str]]:
    """The months of history years are drawn from, at most the last two years, and everyone credited
    or paid in the last twelve of them.
    """
    last = Month.of(past.book.as_of)
    if not len(past.orders):
        return [], []
    first = max(Month.of(past.orders["date"].min().date()), last + (1 - MONTHS))
    window = past.book.window("trailing_12m")
    reps: set[str] = set()
    for one in plans:
        reps |= set(within(whole_pay(past, one).lines, window.start, window.end)["rep_id"]) | set(
            within(past.ready(one).lines, window.start, window.end)["rep_id"]
        )
    return months_between(first, last), sorted(reps)


def draw_years(months: int, years: int, seed: int) -> np.ndarray:
    """Years of twelve drawn months: numbers of months of history, shape (years, 12)."""
    return np.random.default_rng(seed).integers(0, months, size=(years, 12))


def swing(sales: np.ndarray, spread: float) -> np.ndarray:
    """Factors (months, reps) that stretch each month's distance from the rep's mean by ``spread``
    and keep the mean; months without sales stay without.
    """
    sales = sales.astype(float)
    mean = sales.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(sales > 0, np.maximum(mean + spread * (sales - mean), 0) / sales, 1.0)
        kept = (sales * factor).sum(axis=0)
        return factor * np.where(kept > 0, np.maximum(sales.sum(axis=0), 0) / kept, 1.0)


def in_money(pay: np.ndarray, minor: int) -> np.ndarray:
    """Yearly totals of (years, reps) minor units [currency]."""
    return pay.sum(axis=1) / 10**minor


@dataclass(frozen=True)
class Drawn:
    """Both plans on the same drawn years. pay: per plan (years, reps) [minor units]; sales: per
    plan, by year, on its own basis [currency]; alike: both on the
    first plan's basis; change: relative change of each rep's pay per unit sold under the second
    plan on the same sales; drawn: the months.
    """

    pay: tuple[np.ndarray, np.ndarray]
    sales: tuple[np.ndarray, np.ndarray]
    alike: tuple[np.ndarray, np.ndarray]
    change: np.ndarray
    drawn: np.ndarray


def simulate(pair, drawn: np.ndarray, effort: float, hold: float = 1.0) -> Drawn:
    """The first plan on drawn years as they are, the second with sales that answer to it."""
    base, other = pair
    was, now = yearly(base, drawn, owed=base.owed), yearly(other, drawn, owed=other.owed)
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.where(was > 0, now / was - 1, 0.0)
    factor = answer(change, effort, hold)
    sold = [one.sales[drawn].sum(axis=1) / TICKS for one in pair]
    same = bool((factor == 1).all())
    return Drawn(
        (was, now if same else yearly(other, drawn, factor, other.owed)),
        (sold[0].sum(axis=1), (sold[1] * factor).sum(axis=1)),
        (sold[0].sum(axis=1), (sold[0] * factor).sum(axis=1)),
        change,
        drawn,
    )


def answer(change: np.ndarray, effort: float, hold: float = 1.0) -> np.ndarray:
    """Factor on sales: they move by ``effort`` times the relative change of pay; when that falls
    only ``hold`` of them stays.
    """
    return np.maximum(1 + effort * change, 0) * np.where(change < 0, hold, 1.0)


def observed(months: int) -> np.ndarray:
    """The last twelve months as one year."""
    return np.arange(months - 12, months)[None]


def break_even(pair, margin: float) -> float | None:
    """Smallest uplift of the last twelve months' sales at which gross profit less pay under the
    second plan is no less than under the first without uplift.

    None when not even a doubling does it. Gross profit less pay rises with sales wherever pay per
    unit is below the margin.
    """
    base, other = pair
    year = observed(len(base.months))
    sales = base.sales[year].sum() / TICKS
    now = margin * sales - in_money(yearly(base, year, owed=base.owed), base.minor)[0]

    def gain(uplift: float) -> float:
        factor = np.full((1, len(other.reps)), 1 + uplift)
        return (
            margin * sales * (1 + uplift)
            - in_money(yearly(other, year, factor, other.owed), other.minor)[0]
            - now
        )

    if in_money(yearly(other, year, owed=other.owed), other.minor)[0] <= margin * sales - now:
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


def sensitivity(other, made: Drawn, years: int) -> pd.DataFrame:
    """Change of a year's pay under the second plan against the first, by assumed answer to pay:
    effort, p10, p50, p90, and the change of sales.
    """
    drawn, change, was = made.drawn[:years], made.change[:years], made.pay[0][:years].sum(axis=1)
    sold = other.sales[drawn].sum(axis=1)
    rows = []
    for effort in (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0):
        factor = answer(change, effort)
        more = yearly(other, drawn, factor, other.owed).sum(axis=1) / np.where(was > 0, was, 1) - 1
        rows.append(
            {
                "effort": effort,
                "p10": np.quantile(more, 0.1),
                "p50": np.median(more),
                "p90": np.quantile(more, 0.9),
                "sales": float((sold * factor).sum() / sold.sum() - 1) if sold.sum() > 0 else 0.0,
            }
        )
    return pd.DataFrame(rows)
