"""How likely is the year: three lines from the forecast, the past years beside them, the market's
room, and how past forecasts did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    money,
    ratio,
    share,
    text,
)
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined
from playbook.base.language import english, later, say
from playbook.base.periods import months_between, months_label
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import month_end
from playbook.goals.figures import likelihood_lines
from playbook.goals.labels import line_name
from playbook.goals.outlook import outlook, record_of
from playbook.goals.plan.year import YearFigure, year_figure
from playbook.methods.forecast import band, line, reached
from playbook.methods.forecast_record import Calibration
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .forecast_words import record_notes, record_sentence
from .likelihood_actions import likelihood_actions
from .market_room import MarketRoom, market_room, market_tables
from .past_periods import PastPeriods, past_periods, past_tables

LINES = later(("base", "sprint", "breakthrough"), context="line")


class TargetLines(Frame):
    """One row per line: base, sprint, breakthrough."""

    line = text("name of the line")
    probability = share("probability with which it is reached")
    amount = money("sales of the year planned reached with that probability")
    lift = ratio("amount ÷ the sales lifts compare with − 1; missing where those are not above 0")


@dataclass(frozen=True)
class Likelihood(Result):
    """The chance of the year's figure, three lines beside it, past years and the market.

    done: sales of the year planned so far [currency]; totals: simulated totals of the year planned;
    tried: how the method in force did on earlier month-ends; due: by when to decide.
    """

    section: ClassVar[str] = "likelihood"
    fmt: Formats
    as_of: date
    planned: YearFigure
    done: float
    totals: np.ndarray
    method: str
    lines: Annotated[pd.DataFrame, TargetLines]
    past: Annotated[pd.DataFrame, PastPeriods]
    market: Annotated[pd.DataFrame, MarketRoom]
    tried: Calibration
    base: tuple[str, float]  # what lifts compare with: label, sales
    due: date
    left: int  # months of the year planned after the as-of month

    @property
    def chance(self) -> float:
        """Share of paths that reach the figure planned."""
        return reached(self.totals, self.planned.amount)

    def figure(self) -> Figure:
        """Chance of each total of the year."""
        return likelihood_lines(
            self.totals,
            self.lines,
            self.planned.amount,
            self.fmt,
            self.as_of,
            given=self.planned.given,
            chance=self.chance,
            year=self.planned.name,
            method=self.method,
        )

    def tables(self) -> list[Table]:
        return [
            self._lines(),
            *past_tables(self.past, self.fmt),
            *market_tables(self.market, self.fmt),
        ]

    def _lines(self) -> Table:
        note = say(
            "sales of {name} that are reached with that probability · {method} ·"
            " lift against {base} · as of {as_of}",
            name=self.planned.name,
            method=self.method,
            base=self.base[0],
            as_of=self.fmt.text(self.as_of, "date"),
        )
        columns = [
            Col("line", label="Line", context="target"),
            Col("probability", "share", "Chance", decimals=0),
            Col("amount", "money", say("Sales of {name}", name=self.planned.name)),
            Col("lift", "share", "Lift", sign=True),
        ]
        planned = {
            "line": say("the target"),
            "probability": self.chance,
            "amount": self.planned.amount,
            "lift": self._lift(self.planned.amount),
        }
        rows = (
            pd.concat([self.lines, pd.DataFrame([planned])]) if self.planned.given else self.lines
        )
        return table(
            rows.assign(line=[line_name(line) for line in rows["line"]]),
            columns,
            self.fmt,
            title=say("Three lines for {name}", name=self.planned.name),
            note=note,
        )

    def _lift(self, amount: float) -> float | None:
        return amount / self.base[1] - 1 if self.base[1] > 0 else None

    def reading(self) -> str:
        fmt = self.fmt
        low, _, high = band(self.totals)
        ends = say(
            "80 % of them end between {low} and {high}.", low=fmt.money(low), high=fmt.money(high)
        )
        text = (
            say(
                "{amount} for {name} ({source}) is reached on {chance} of forecast paths; {ends}",
                amount=fmt.money(self.planned.amount),
                name=self.planned.name,
                source=self.planned.source,
                chance=fmt.chance(self.chance),
                ends=ends,
            )
            if self.planned.given
            else (
                say(
                    "The book has no target for {name}; 80 % of the forecast paths end"
                    " between {low} and {high}.",
                    name=self.planned.name,
                    low=fmt.money(low),
                    high=fmt.money(high),
                )
            )
        )
        if len(self.market):
            room = float(self.market["keep"].sum())
            text += say(
                " At today's market shares the market would bring {room} next year.",
                room=fmt.money(room, compact=True),
            )
        return joined([text, self._trust()], " ")

    def _trust(self) -> str:
        return record_sentence(self.tried, self.fmt)

    def headline(self) -> str:
        amounts = joined(
            say(
                "{line} {amount}",
                line=line_name(row["line"]),
                amount=self.fmt.money(row["amount"]),
            )
            for row in self.lines.to_dict("records")
        )
        target = (
            say(
                "; the target of {amount} is reached on {chance} of paths",
                amount=self.fmt.money(self.planned.amount),
                chance=self.fmt.chance(self.chance),
            )
            if self.planned.given
            else ""
        )
        return say(
            "Lines for {name}: {amounts}{target}.",
            name=self.planned.name,
            amounts=amounts,
            target=target,
        )

    def notes(self) -> list[str]:
        return [
            say(
                "The base line should be reached in most years, the sprint line in"
                " every second, the breakthrough line only when something new works."
            ),
            *record_notes(self.tried, self.fmt),
        ]

    def kpis(self) -> list[Kpi]:
        found = [
            Kpi(
                "target_line",
                "year_to_date",
                row["amount"],
                self.fmt.currency,
                {"line": row["line"]},
                method=english(self.method),
            )
            for row in self.lines.to_dict("records")
        ]
        return [
            *found,
            Kpi.rate(
                "forecast.inside",
                "all",
                Rate(self.tried.held, self.tried.n),
                why=say("the history is too short to test the forecast"),
            ),
        ]

    def actions(self) -> list[Action]:
        return likelihood_actions(
            self.planned, self.left, self.lines, self.totals, self.due, self.fmt
        )


@section("likelihood")
def likelihood(book: Book, year_target: float = 0.0) -> Likelihood:
    """Probability of the year's figure and the three lines, with the forecast's own record."""
    book.need("orders", "amount", gives=say("the chance of the year's target and the three lines"))
    actuals = Actuals(book)
    planned, history = year_figure(book, year_target, actuals), actuals.history("sales", {})
    months = [planned.first + i for i in range(12)]
    done = sum(float(history.get(month, 0.0)) for month in months)
    made = outlook(actuals, "sales", {}, planned.last - book.month)
    if made is None:
        raise NotAvailable(
            {},
            gives=say("the chance of the year's target"),
            because=say("fewer than three months of orders"),
        )
    totals = done + made.paths[:, [month >= planned.first for month in made.months]].sum(axis=1)
    base = _base(history, planned, book)
    chances = book.settings.goals.lines
    lines = pd.DataFrame(
        {"line": LINES, "probability": chances, "amount": [line(totals, p) for p in chances]}
    )
    lines["lift"] = lines["amount"] / base[1] - 1 if base[1] > 0 else None
    return Likelihood(
        book.fmt,
        book.as_of,
        planned,
        done,
        totals,
        made.method,
        lines,
        past_periods(book, actuals),
        market_room(book, actuals),
        record_of(actuals),
        base,
        month_end(book.as_of, book.calendar),
        planned.last - book.month,
    )


def _base(history: pd.Series, planned: YearFigure, book: Book) -> tuple[str, float]:
    """The sales of the year before where the data cover all of it, else the trailing 12 months
    where they cover those; 0, which nothing is compared with, otherwise.
    """
    covered = sales_coverage(book)
    year = (planned.first - 12, planned.first - 1, "")
    recent = (book.month - 11, book.month, say("the last 12 months"))
    for first, last, name in (year, recent):
        if last <= book.month and covered.covers(first.start, last.end):
            total = sum(float(history.get(m, 0.0)) for m in months_between(first, last))
            return name or say(
                "the sales of {months_label}", months_label=months_label(first, last)
            ), total
    return say("a year before, which the data do not cover"), 0.0
