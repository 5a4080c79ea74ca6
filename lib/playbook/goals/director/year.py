"""The director's page on the year: each part against its plan, the path, what it can bring."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.book import Book
from playbook.goals.labels import line_name
from playbook.goals.track.likelihood import Likelihood
from playbook.goals.track.tracking import Tracking
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Rows, Sheet, bars, dot, variance, words

from .months import DIMENSIONS
from .words import company_row


def year_sheet(book: Book, tracking: Tracking, likelihood: Likelihood) -> Sheet | None:
    row, fmt = company_row(tracking), book.fmt
    if row is None or row.middle is None or row.middle != row.middle:
        return None
    rows = tracking.table
    shown = rows[
        (rows.metric == "sales")
        & (rows.window == "year_to_date")
        & rows.kind.isin([d.replace("_", " ") for d in DIMENSIONS])
        & rows.middle.notna()
    ]
    lines = [_year_line(row, fmt, "total"), *_year_lines(shown, fmt)]
    columns = (
        Column("", width=1.5),
        Column(say("AC + FC, PL outlined"), "bars", 4.2),
        Column(say("PL"), "num", 0.9, right=True),
        Column(say("FC"), "num", 0.9, right=True),
        Column(say("80 % interval"), "num", 1.4, right=True),
        Column(say("FC − PL"), "delta", 2.2),
        Column(say("chance"), "num", 0.8, right=True),
    )
    gap = row.middle - row.target
    middle, away = fmt.money(row.middle, compact=True), fmt.money(abs(gap), compact=True)
    chance = fmt.chance(row.chance)
    title = (
        say(
            "The year heads for {middle}, {gap} above its plan: a chance of {chance}",
            middle=middle,
            gap=away,
            chance=chance,
        )
        if gap >= 0
        else say(
            "The year heads for {middle}, {gap} below its plan: a chance of {chance}",
            middle=middle,
            gap=away,
            chance=chance,
        )
    )
    moved = (
        say(
            " · plan in force {target}, set as {original}",
            target=fmt.money(row.target, compact=True),
            original=fmt.money(row.original, compact=True),
        )
        if row.original == row.original and row.original and abs(row.original - row.target) >= 1
        else say(" · plan {target}", target=fmt.money(row.target, compact=True))
    )
    panels = [
        Rows(
            say("Each part against its own plan of the year"),
            say(
                "sales to date and forecast to {end}",
                end=fmt.text(likelihood.planned.last.end, "date"),
            )
            if likelihood.status == "ok"
            else say("sales to date and forecast to the year's end"),
            columns,
            tuple(lines),
            foot=say(
                "Forecasts of the parts are made one by one; whisker: 80 % of simulated paths."
            ),
            name="year",
        )
    ]
    path = _path(tracking, fmt)
    if path is not None:
        panels.append(path)
    lines_ = _lines(likelihood, fmt)
    if lines_ is not None:
        panels.append(lines_)
    return Sheet(
        "forecast",
        title,
        say(
            "Sales, {currency}, net of refunds · year {period}{moved} · as of {as_of}",
            currency=book.currency,
            period=row.period,
            moved=moved,
            as_of=fmt.text(book.as_of, "date"),
        ),
        say("Will we make it, and from where?"),
        tuple(panels),
    )


def _year_lines(rows: pd.DataFrame, fmt: Formats) -> list[Line]:
    made = []
    for kind in dict.fromkeys(rows.kind):
        part = rows[rows.kind == kind].sort_values("target", ascending=False)
        for i, row in enumerate(part.head(7).itertuples()):
            made.append(_year_line(row, fmt, "rule" if i == 0 else ""))
    return made


def _year_line(row: Any, fmt: Formats, style: Any) -> Line:
    gap = row.middle - row.target
    tone: Any = "good" if row.chance > 0.9 else "bad" if row.chance < 0.1 else ""
    sure = "chance" if 0.1 <= row.chance <= 0.9 else "good" if gap >= 0 else "bad"
    return Line(
        (
            words(say("All") if row.kind == "company" else row.label),
            bars(
                row.actual,
                bare(fmt, row.middle),
                plan=row.target,
                forecast=(row.middle, row.low, row.high),
            ),
            words(bare(fmt, row.target)),
            words(bare(fmt, row.middle), "strong"),
            words(f"[{bare(fmt, row.low)}–{bare(fmt, row.high)}]", "muted"),
            variance(gap, bare(fmt, gap, sign=True), sure),
            words(fmt.chance(row.chance), tone),
        ),
        style,
    )


def _path(tracking: Tracking, fmt: Formats) -> Rows | None:
    """The year month by month: cumulated plan, actual or forecast."""
    year = tracking.year
    if year is None or year.empty:
        return None
    lines = []
    for row in year.itertuples():
        done = row.actual == row.actual and row.actual is not None
        value = row.actual if done else row.middle
        if value is None or value != value:
            continue
        gap = value - row.plan if row.plan == row.plan else None
        within = not done and gap is not None and row.low <= row.plan <= row.high
        tone: Any = (
            "muted" if gap is None else "chance" if within else "good" if gap >= 0 else "bad"
        )
        lines.append(
            Line(
                (
                    words(fmt.text(row.month, "month")),
                    bars(
                        row.actual if done else None,
                        bare(fmt, value),
                        plan=row.plan,
                        forecast=None if done else (row.middle, row.low, row.high),
                    ),
                    variance(gap, "–" if gap is None else bare(fmt, gap, sign=True), tone),
                )
            )
        )
    if not lines:
        return None
    return Rows(
        say("The year month by month"),
        say("sales summed since the year began, against the plan to the same month"),
        (
            Column("", width=1.0),
            Column(say("AC or FC, PL outlined"), "bars", 3.2),
            Column(say("ΔPL"), "delta", 1.9),
        ),
        tuple(lines),
        wide=0.56,
        name="path",
    )


def _lines(likelihood: Likelihood, fmt: Formats) -> Rows | None:
    if likelihood.status != "ok" or likelihood.lines.empty:
        return None
    low = float(likelihood.lines.amount.min())
    rows = [
        Line(
            (
                words(line_name(r.line)),
                words(fmt.share(r.probability, decimals=0)),
                dot(r.amount, None, None, bare(fmt, r.amount)),
            )
        )
        for r in likelihood.lines.itertuples()
    ]
    planned = float(likelihood.planned.amount)
    rows.append(
        Line(
            (
                words(say("plan", context="target")),
                words(fmt.chance(likelihood.chance)),
                dot(planned, None, None, bare(fmt, planned)),
            ),
            "rule",
        )
    )
    high = max(float(likelihood.lines.amount.max()), planned)
    low = min(low, planned)
    room = (high - low) * 0.1 or 1.0
    return Rows(
        say("What the year can bring"),
        say("amounts reached with a given chance"),
        (
            Column("", width=1.4),
            Column(say("chance"), "num", 0.8, right=True),
            Column(
                say("amount of the year"), "dot", 2.4, scale=(low - room, high + room), mark=planned
            ),
        ),
        tuple(rows),
        wide=0.44,
        name="lines",
    )
