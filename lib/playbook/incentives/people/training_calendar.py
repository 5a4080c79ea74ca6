"""A training calendar from the gaps: who learns what from whom, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import people
from playbook.pay.history import History

SEATS = 8  # people a course takes on one day


class TrainingDays(Frame):
    """One row per rep and course, soonest first."""

    day = c.day("day of the course")
    course = c.text("the course")
    rep_id = c.text("rep who is trained")
    rep = c.text("the rep's name")
    manager = c.text("name of the rep's manager, – without")
    step = c.text("the step it is for, written from→to")
    coach = c.text("name of the coach")
    last = c.day("day the rep had the same course last; none when never")
    lost_deals = c.number("deals more a year at the team's rate")


def calendar(past: History, found: pd.DataFrame, able: pd.DataFrame) -> pd.DataFrame:
    """One row per gap: a course, its day, and a coach who is good at the step (``TrainingDays``).

    found: gaps, ``RepStepGaps``. able: the same columns for every rep with enough decided deals.
    """
    book, courses = past.book, past.book.settings.incentives.courses
    held = (
        people.training(book)
        if book.has("training")
        else pd.DataFrame({"rep_id": [], "course": [], "date": []})
    )
    rows, week = [], 0
    cost = found.groupby("stage")["lost_deals"].sum().sort_values(ascending=False)
    for stage in cost.index:
        part = found[found["stage"] == stage]
        step = part["step"].iloc[0]
        course = courses.get(step, part["topic"].iloc[0])
        best = able[(able["stage"] == stage) & ~able["rep_id"].isin(part["rep_id"])].sort_values(
            ["rate", "n", "rep_id"], ascending=[False, False, True]
        )
        sure = best[best["low"] > best["team"]]
        coach = (
            past.name((sure if len(sure) else best)["rep_id"].iloc[0])
            if len(best)
            else say("an outside trainer")
        )
        for number, row in enumerate(part.itertuples(index=False)):
            day = _working_week(book, week + number // SEATS)
            before = held[(held["rep_id"] == row.rep_id) & (held["course"] == course)]["date"]
            rows.append(
                {
                    "day": day,
                    "course": course,
                    "rep_id": row.rep_id,
                    "rep": row.rep,
                    "manager": (
                        past.name(past.managers[row.rep_id]) if row.rep_id in past.managers else "–"
                    ),
                    "step": step,
                    "coach": coach,
                    "last": before.max().date() if len(before) else None,
                    "lost_deals": float(row.lost_deals),
                }
            )
        week += (len(part) - 1) // SEATS + 1
    return TrainingDays.make(rows)


def _working_week(book: Book, number: int) -> date:
    """The first working day on or after the Wednesday of the ``number``-th week, counted from the
    second after the as-of date.
    """
    wednesday = book.as_of + timedelta(days=(2 - book.as_of.weekday()) % 7 + 7 + 7 * number)
    days = book.settings.calendar.working_days(wednesday, wednesday + timedelta(days=20))
    return days[0] if days else wednesday
