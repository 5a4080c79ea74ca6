"""How likely is the year: three lines from the forecast, the past years beside them, the market's
room, and how past forecasts did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.goals.actions import month_end
from playbook.goals.actuals import Reached
from playbook.goals.figures import likelihood_lines
from playbook.goals.plan.targets import Plan, period_of
from playbook.goals.plan.year import Whole, whole_of
from playbook.methods.forecast import Backtest, backtest, band, forecast, line, reached
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

LINES = ("base", "sprint", "breakthrough")


@dataclass(frozen=True)
class Likelihood(Result):
    """lines: line, probability, amount, lift (against the last whole year's sales); years and
    quarters: period, actual, target, completion, growth;
    market: industry, size, growth, sales, share, keep, point; totals: simulated totals of the year
    planned.
    """

    section: ClassVar[str] = "likelihood"
    fmt: Formats
    as_of: date
    whole: Whole
    done: float
    totals: np.ndarray
    method: str
    lines: pd.DataFrame
    past: pd.DataFrame
    market: pd.DataFrame
    tested: Backtest
    base: tuple[str, float]  # what lifts compare with: label, sales
    due: date

    @property
    def chance(self) -> float:
        """Share of paths that reach the figure planned."""
        return reached(self.totals, self.whole.amount)

    def figure(self) -> Figure:
        """Chance of each total of the year."""
        return likelihood_lines(
            self.totals,
            self.lines,
            self.whole.amount,
            self.fmt,
            self.as_of,
            given=self.whole.given,
            chance=self.chance,
            year=self.whole.name,
            method=self.method,
        )

    def tables(self) -> list[Table]:
        return [self._lines(), *self._past(), *self._market()]

    def _lines(self) -> Table:
        note = (
            f"sales of {self.whole.name} that are reached with that probability · {self.method} ·"
            f" lift against {self.base[0]} · as of {self.fmt.text(self.as_of, 'date')}"
        )
        columns = [
            Col("line", label="Line"),
            Col("probability", "share", "Chance", decimals=0),
            Col("amount", "money", f"Sales of {self.whole.name}"),
            Col("lift", "share", "Lift", sign=True),
        ]
        rows = pd.concat(
            [
                self.lines,
                pd.DataFrame(
                    [
                        {
                            "line": "the figure planned",
                            "probability": self.chance,
                            "amount": self.whole.amount,
                            "lift": self._lift(self.whole.amount),
                        }
                    ]
                ),
            ]
        )
        return table(rows, columns, self.fmt, title=f"Three lines for {self.whole.name}", note=note)

    def _lift(self, amount: float) -> float | None:
        return amount / self.base[1] - 1 if self.base[1] > 0 else None

    def _past(self) -> list[Table]:
        if self.past.empty:
            return []
        columns = [
            Col("period", label="Period"),
            Col("actual", "money", "Sales"),
            Col("growth", "share", "Growth", sign=True),
            Col("target", "money"),
            Col("completion", "share"),
        ]
        return [
            table(
                self.past,
                columns,
                self.fmt,
                title="The same quarter and the whole year, two years back",
                note=(
                    "targets as the book gives them; – where it has none or the data do not reach"
                    " back"
                ),
            )
        ]

    def _market(self) -> list[Table]:
        if self.market.empty:
            return []
        columns = [
            Col("industry"),
            Col("size", "money", "Market", compact=True),
            Col("growth", "share", "Growth", sign=True),
            Col("sales", "money", "Our sales", compact=True),
            Col("share", "share", "Our share"),
            Col("keep", "money", "Next year at this share", compact=True),
            Col("point", "money", "One point more", compact=True),
        ]
        whole = self.market[["size", "sales", "keep", "point"]].sum().to_dict()
        total = {
            "industry": "All",
            **whole,
            "share": whole["sales"] / whole["size"] if whole["size"] else None,
        }
        return [
            table(
                self.market,
                columns,
                self.fmt,
                title="What the market leaves room for",
                total=total,
                note=(
                    f"market of {self.market['year'].iloc[0]}, the last year whose sales are whole"
                    " · next year: the market grown at its last rate × our share · one point more"
                    " of share, in money"
                ),
            )
        ]

    def reading(self) -> str:
        fmt = self.fmt
        low, _, high = band(self.totals)
        text = (
            f"{fmt.money(self.whole.amount)} for {self.whole.name} ({self.whole.source}) is reached"
            f" on {fmt.share(self.chance, decimals=0)} of forecast paths; 80 % of them end between"
            f" {fmt.money(low)} and {fmt.money(high)}."
        )
        if len(self.market):
            room = float(self.market["keep"].sum())
            text += (
                f" At today's market shares the market would bring {fmt.money(room, compact=True)}"
                " next year."
            )
        return text + " " + self._trust()

    def _trust(self) -> str:
        n = len(self.tested.frame)
        if not n:
            return "The history is too short to test the forecast against itself."
        return (
            f"Tested on {n} earlier month-ends, the 80 % interval for the next {self.tested.ahead}"
            f" months held {self.fmt.rate(self.tested.inside, n)} of the time; the middle missed by"
            f" {self.fmt.share(self.tested.miss)} in the median."
        )

    def headline(self) -> str:
        amounts = ", ".join(
            f"{row['line']} {self.fmt.money(row['amount'])}"
            for row in self.lines.to_dict("records")
        )
        return (
            f"Lines for {self.whole.name}: {amounts}; the figure planned is reached on"
            f" {self.fmt.share(self.chance, decimals=0)} of paths."
        )

    def notes(self) -> list[str]:
        return [
            "The base line should be reached in most years, the sprint line in every second, the"
            " breakthrough line only when something new works. Interval of the forecast test:"
            " Wilson 95 %,"
            f" {self.fmt.interval(*Rate(self.tested.inside, len(self.tested.frame)).interval, 'share')};"
            " overlapping spans make it look surer than it is."
        ]

    def kpis(self) -> list[Kpi]:
        found = [
            Kpi(
                "target_line",
                "year_to_date",
                row["amount"],
                self.fmt.currency,
                {"line": row["line"]},
                method=self.method,
            )
            for row in self.lines.to_dict("records")
        ]
        return [
            *found,
            Kpi.rate(
                "forecast.inside",
                "all",
                Rate(self.tested.inside, len(self.tested.frame)),
                why="the history is too short to test the forecast",
            ),
        ]

    def actions(self) -> list[Action]:
        if not self.whole.given:
            base, sprint = (
                self.fmt.money(amount, compact=True) for amount in self.lines["amount"].iloc[:2]
            )
            return [
                Action(
                    f"Set the target for {self.whole.name}, between the base line ({base}) and the"
                    f" sprint line ({sprint})",
                    "sales director",
                    self.due,
                    "the book has no target for the year planned",
                    None,
                )
            ]
        if self.chance < 0.2:
            gap = self.whole.amount - line(self.totals, 0.5)
            return [
                Action(
                    f"Decide on {self.whole.name}: lower it in the adjustment window, or fund"
                    f" measures worth {self.fmt.money(gap)}",
                    "sales director",
                    self.due,
                    "chance of the figure on today's course:"
                    f" {self.fmt.share(self.chance, decimals=0)}",
                    gap,
                )
            ]
        return []


@section("likelihood")
def likelihood(book: Book, year_target: float = 0.0) -> Likelihood:
    """Probability of the year's figure and the three lines, with the forecast's own record."""
    book.need("orders", "amount", gives="the chance of the year's target and the three lines")
    met = Reached(book)
    whole, history = whole_of(book, year_target, met), met.history("sales", {})
    months = [whole.first + i for i in range(12)]
    done = sum(float(history.get(month, 0.0)) for month in months)
    made = forecast(history, whole.last - book.month)
    if made is None:
        raise NotAvailable(
            {}, gives="the chance of the year's target", because="fewer than three months of orders"
        )
    totals = done + made.paths[:, [month >= whole.first for month in made.months]].sum(axis=1)
    base = _base(history, whole, book)
    chances = book.settings.goals.lines
    lines = pd.DataFrame(
        {"line": LINES, "probability": chances, "amount": [line(totals, p) for p in chances]}
    )
    lines["lift"] = lines["amount"] / base[1] - 1 if base[1] > 0 else None
    ahead = max(1, min(3, whole.last - book.month))
    return Likelihood(
        book.fmt,
        book.as_of,
        whole,
        done,
        totals,
        made.method,
        lines,
        _past(book, met),
        _market(book, met),
        backtest(history, ahead),
        base,
        month_end(book.as_of, book.calendar),
    )


def _base(history: pd.Series, whole: Whole, book: Book) -> tuple[str, float]:
    """Last year's sales where the data hold that whole year, else the trailing 12 months."""
    before = [whole.first - 12 + i for i in range(12)]
    if len(history) and before[0] >= history.index[0]:
        return f"the sales of {before[0].year}", sum(float(history[m]) for m in before)
    recent = history.iloc[-12:]
    return f"the last {len(recent)} months", float(recent.sum())


def _past(book: Book, met: Reached) -> pd.DataFrame:
    """The as-of quarter and fiscal year, this and the two years before; the running ones only as
    far as they have gone.
    """
    plan = Plan(book) if book.has("targets", "period", "metric", "target") else None
    first = sales.first_day(met.rows)
    rows = []
    for name, length in (("quarter_to_date", 3), ("year_to_date", 12)):
        now = book.window(name)
        for back in (2, 1, 0):
            start = Month.of(now.start) - 12 * back  # type: ignore[arg-type]
            last = start + (length - 1) if back else book.month
            if first is None or Month.of(first) > start:
                continue
            rows.append(
                _period(
                    met, plan, Window(name, start.start, last.end), start, length, first, back == 0
                )
            )
    return pd.DataFrame(rows)


def _period(
    met: Reached,
    plan: Plan | None,
    span: Window,
    start: Month,
    length: int,
    first: date,
    running: bool,
) -> dict[str, Any]:
    actual = float(met.actual("sales", {}, span).value)
    before = span.year_before()
    base = (
        float(met.actual("sales", {}, before).value)
        if Month.of(first) <= Month.of(before.start)
        else 0.0
    )  # type: ignore[arg-type]
    target = plan.get("sales", (), start, start + (length - 1)) if plan else None
    name = period_of(start, start + (length - 1), met.book.settings.book.fiscal_year_start).text
    return {
        "period": name + (" to date" if running and span.end < (start + (length - 1)).end else ""),
        "actual": actual,
        "growth": actual / base - 1 if base > 0 else None,
        "target": target.target if target else None,
        "completion": actual / target.target if target and target.target else None,
    }


def _market(book: Book, met: Reached) -> pd.DataFrame:
    """Size, growth and our share by industry in the last calendar year whose sales are whole."""
    if not book.has("market", "year", "industry", "size"):
        return pd.DataFrame()
    market = work.market_rows(book)
    year = book.as_of.year if book.month.month == 12 else book.as_of.year - 1
    now, before = (market[market["year"] == y].set_index("industry") for y in (year, year - 1))
    if now.empty:
        return pd.DataFrame()
    months = sales.monthly(met.book, ("industry",))
    mine = (
        sales.within(months, Month(year, 1), Month(year, 12))
        .groupby("industry")["amount"]
        .apply(lambda a: float(sales.total(a)))
    )
    frame = pd.DataFrame({"industry": now.index, "year": year, "size": now["size"].to_numpy()})
    frame["growth"] = [
        (
            float(now.loc[i, "size"] / before.loc[i, "size"] - 1)
            if i in before.index and before.loc[i, "size"]
            else None
        )
        for i in now.index
    ]
    frame["sales"] = [float(mine.get(i, 0.0)) for i in now.index]
    frame["share"] = [
        s / size if size else None for s, size in zip(frame["sales"], frame["size"], strict=True)
    ]
    grown = [
        size * (1 + (0.0 if is_missing(g) else g))
        for size, g in zip(frame["size"], frame["growth"], strict=True)
    ]
    frame["keep"] = [
        size * (share or 0.0) for size, share in zip(grown, frame["share"], strict=True)
    ]
    return frame.assign(point=[size * 0.01 for size in grown]).sort_values(
        ["size", "industry"], ascending=[False, True], kind="stable", ignore_index=True
    )
