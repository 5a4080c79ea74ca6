"""What courses did, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.methods.comparisons import SEARCH_LEVEL
from playbook.page import Col, Result, Table, table
from playbook.page.kpi import Kpi

from .sales_around import AROUND

NO_SALES = later("no sales in this book")


class CourseEffects(Frame):
    """One row per course. Gains are points of its test; sales are changes of credit a month."""

    course = c.text("the course")
    n = c.count("trained people with both scores")
    control_n = c.count("people with both scores who were not trained")
    full = c.number("full score of the test")
    pre = c.number("mean score before, of the trained")
    post = c.number("mean score after, of the trained")
    gain = c.number("mean of post − pre (paired t)", low="low", high="high")
    low = c.number("lower end of the 95 % interval of the gain")
    high = c.number("upper end of it")
    g = c.ratio("Hedges' g: the gain in units of the scores' spread")
    net = c.number("gain − the control's gain (Welch)", low="net_low", high="net_high")
    net_low = c.number("lower end of the 95 % interval of net")
    net_high = c.number("upper end of it")
    attendance = c.share("mean attendance of the trained")
    satisfaction = c.number("mean satisfaction of the trained")
    with_sales = c.count("trained people whose sales are known on both sides")
    sales = c.money("mean change of credit a month", low="sales_low", high="sales_high")
    sales_low = c.money("lower end of its 95 % interval")
    sales_high = c.money("upper end of it")
    net_sales = c.money("sales − the control's", low="net_sales_low", high="net_sales_high")
    net_sales_low = c.money("lower end of its 95 % interval")
    net_sales_high = c.money("upper end of it")
    net_p = c.number("chance of such a net gain among all courses (Welch, Holm)")
    sales_p = c.number("chance of such a rise of sales beyond the control's (Welch, Holm)")
    why = c.text("why sales are missing; empty where they are not")


@dataclass(frozen=True)
class Training(Result):
    """Courses and what they did to scores and to sales."""

    section = "training"
    table: Annotated[pd.DataFrame, CourseEffects]
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return say(
            "courses held by then, people with both scores · as of {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> list[Table]:
        scores = [
            Col("course", "text", "Course", weight=2),
            Col("n", "count", "Trained"),
            Col("pre", "number", "Before", context="course", decimals=1),
            Col("post", "number", "After", context="course", decimals=1),
            Col("gain", "number", "Gain", decimals=1, low="low", high="high", sign=True),
            Col("g", "number", "Hedges' g"),
            Col("control_n", "count", "Control"),
            Col(
                "net",
                "number",
                "Gain less control's",
                decimals=1,
                low="net_low",
                high="net_high",
                sign=True,
            ),
            Col("attendance", "share", "Attendance", decimals=0),
            Col("satisfaction", "number", "Satisfaction", decimals=1),
        ]
        results = [
            Col("course", "text", "Course", weight=2),
            Col("with_sales", "count", "People compared"),
            Col(
                "sales",
                "money",
                "Change of sales a month",
                sign=True,
                low="sales_low",
                high="sales_high",
            ),
            Col(
                "net_sales",
                "money",
                "Less the control's",
                sign=True,
                low="net_sales_low",
                high="net_sales_high",
            ),
            Col("why", "term", "If missing", weight=2),
        ]
        made = [
            table(
                self.table,
                scores,
                self.fmt,
                title=say("Scores before and after"),
                note=say(
                    "Points of the test, 95 % t-intervals in brackets · {where}", where=self.where
                ),
            ),
        ]
        if self.table["why"].eq(NO_SALES).all():
            return made
        return [
            *made,
            table(
                self.table,
                results,
                self.fmt,
                title=say("Sales before and after"),
                note=(
                    say(
                        "Credited a month in the {around} days after a course less the"
                        " {around} days before, 95 % t-intervals · money in {currency} ·"
                        " {where}",
                        around=AROUND,
                        currency=self.fmt.currency,
                        where=self.where,
                    )
                ),
            ),
        ]

    def reading(self) -> str:
        best = self.table.dropna(subset=["gain"]).sort_values(
            ["gain", "course"], ascending=[False, True]
        )
        if not len(best):
            return say("No course has scores before and after.")
        row, f = best.iloc[0], self.fmt
        text = say(
            "The largest gain in scores is that of {course}: {gain} points ({low}).",
            course=row.course,
            gain=f.text(row.gain, "number", decimals=1, sign=True),
            low=f.interval(row.low, row.high, "number"),
        )
        proved = [
            r.course
            for r in self.table.itertuples(index=False)
            if r.net_p is not None and r.net_p < SEARCH_LEVEL and r.net > 0
        ]
        held = self.table["control_n"].gt(0).any()
        if held:
            text += say(
                " Against people who were not trained, {courses} {en_have} a gain"
                " above chance, all courses counted.",
                courses=plural(len(proved), "course"),
                en_have="has" if len(proved) == 1 else "have",
            )
        else:
            text += say(
                " There is no control group: retesting alone raises scores, so a"
                " gain is not yet an effect."
            )
        sold = [
            r.course
            for r in self.table.itertuples(index=False)
            if r.sales_p is not None and r.sales_p < SEARCH_LEVEL and r.net_sales > 0
        ]
        if sold:
            return say(
                "{text} Sales rose beyond the control's after {sold}.", text=text, sold=sold[0]
            )
        if self.table["why"].eq(NO_SALES).all():
            return say(
                "{text} This book holds no sales to see what a course did to them.", text=text
            )
        if not any(r.sales_p is not None for r in self.table.itertuples(index=False)):
            return say(
                "{text} Sales after a course are not compared: no control group's are known.",
                text=text,
            )
        return say("{text} In sales no course shows a rise beyond chance.", text=text)

    def headline(self) -> str:
        f = self.fmt
        return say(
            "Training gain in points: {courses}",
            courses=joined(
                f"{r.course} {f.text(r.gain, 'number', decimals=1, sign=True)}"
                for r in self.table.itertuples(index=False)
            ),
        )

    def kpis(self) -> list[Kpi]:
        found = []
        for r in self.table.itertuples(index=False):
            use = (
                ("net", "net_low", "net_high", "difference from the control group, Welch 95 %")
                if r.net is not None
                else ("gain", "low", "high", "paired t 95 %")
            )
            value, low, high = (
                None if getattr(r, c) is None else getattr(r, c) / r.full for c in use[:3]
            )
            found.append(
                Kpi(
                    "training.effect",
                    "all",
                    value,
                    "pp",
                    {"course": r.course},
                    low,
                    high,
                    n=int(r.n),
                    method=use[3],
                    why=say("no one has both scores"),
                )
            )
            gain = [None if one is None else one / r.full for one in (r.gain, r.low, r.high)]
            found.append(
                Kpi(
                    "training.gain",
                    "all",
                    gain[0],
                    "pp",
                    {"course": r.course},
                    gain[1],
                    gain[2],
                    n=int(r.n),
                    method="paired t 95 %",
                    why=say("no one has both scores"),
                )
            )
        return found

    def notes(self) -> list[str]:
        return [
            say(
                "Gain = score after − score before of the same people. Hedges' g ="
                " gain ÷ average spread of the scores, corrected for small numbers:"
                " about 0.2 is small, 0.5 middling, 0.8 large. Trained people are"
                " usually chosen, not drawn by lot; where no control group is named"
                " the gain includes what retesting alone brings, and high scores"
                " leave little room to rise."
            )
        ]
