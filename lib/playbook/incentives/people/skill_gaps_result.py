"""Steps at which a rep is below the team, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Window
from playbook.methods.comparisons import SEARCH_LEVEL
from playbook.page import Action, Col, Result, Table, Worksheet, table

from .training_calendar import SEATS, TrainingDays

FEWEST = 10  # decided deals at a step below which nothing is said about a rep


TOPICS = later(("needs research", "demonstration and objections", "price and contract"))


HOW = later(
    (
        "needs research by simulated customer scenes and the three questions that find the need",
        "demonstration and objections by rehearsing against the objection library",
        "price and contract by negotiating along the price ladder towards a date",
    )
)


class RepStepGaps(Frame):
    """One row per rep and funnel step at which the rep is below the team, most deals lost first."""

    rep_id = c.text("rep")
    stage = c.number("position of the stage the step starts from, 0 the first")
    entered = c.count("decided deals that entered the stage")
    advanced = c.count("of them, those that went on")
    team = c.share("rate of the rest of the team")
    rate = c.share("advanced ÷ entered", low="low", high="high")
    low = c.share("lower end of the 95 % Wilson interval")
    high = c.share("upper end of it")
    n = c.count("the same as entered")
    gap = c.points("rate − team")
    p = c.number("chance of so low a rate among all the comparisons made (exact, Holm)")
    rep = c.text("the rep's name")
    step = c.text("the step, written from→to")
    lost_deals = c.number("deals more a year at the team's rate")
    topic = c.text("what to train")


@dataclass(frozen=True)
class SkillGaps(Result):
    """Steps at which a rep is below the team by more than chance among all comparisons.

    judged: reps with enough decided deals at a step. compared: pairs of rep and step judged.
    """

    section = "capability-gaps"
    table: Annotated[pd.DataFrame, RepStepGaps]
    calendar: Annotated[pd.DataFrame, TrainingDays]
    judged: int
    compared: int
    window: Window
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return say(
            "decided deals that entered a stage in {label} · {reps} with at"
            " least {fewest} at a step · as of {as_of}",
            label=self.window.label,
            reps=plural(self.judged, "rep"),
            fewest=FEWEST,
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> list[Table]:
        if self.table.empty:
            return []
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("step", "text", "Step"),
            Col("rate", "share", "Rate", low="low", high="high"),
            Col("n", "count", "n"),
            Col("team", "share", "Rest of team"),
            Col("gap", "pp", "Gap"),
            Col("lost_deals", "number", "Deals missed", decimals=1),
            Col("topic", "term", "Train", weight=1),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("Below the team, and what to train"),
                note=(
                    say(
                        "Wilson 95 % intervals; listed when so low a rate would come up by"
                        " chance in fewer than {search_level} of teams without any gap, all"
                        " {compared} comparisons of a rep with the rest counted (exact test,"
                        " Holm) · {where}",
                        search_level=self.fmt.share(SEARCH_LEVEL),
                        compared=self.compared,
                        where=self.where,
                    )
                ),
                limit=20,
            ),
            *([self.calendar_table()] if len(self.calendar) else []),
        ]

    def calendar_table(self) -> Table:
        """Who learns what from whom, and when."""
        columns = [
            Col("day", "date", "Day"),
            Col("course", "text", "Course", weight=2),
            Col("rep", "text", "Rep", weight=1),
            Col("step", "text", "For the step"),
            Col("coach", "text", "Coach", weight=1),
            Col("last", "date", "Had it last"),
            Col("lost_deals", "number", "Deals to win back", decimals=1),
        ]
        note = say(
            "One course a working week from the second week after the as-of"
            " date, the costliest gap first, at most {seats} people a day ·"
            " coach: the highest rate at the step whose own interval lies above"
            " the team, else the highest · deals to win back: a year's, at the"
            " team's rate · as of {as_of}",
            seats=SEATS,
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return table(
            self.calendar.assign(course=[course_said(one) for one in self.calendar["course"]]),
            columns,
            self.fmt,
            title=say("Training calendar, from the gaps"),
            note=note,
            limit=20,
        )

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("day", say("Day"), "date"),
            ("course", say("Course"), "text"),
            ("rep", say("Rep"), "text"),
            ("manager", say("Manager"), "text"),
            ("step", say("For the step"), "text"),
            ("coach", say("Coach"), "text"),
            ("last", say("Had it last"), "date"),
            ("lost_deals", say("Deals to win back"), "number"),
        )
        return (
            [
                Worksheet(
                    later("Training calendar"),
                    keys,
                    tuple(
                        tuple(course_said(r[k]) if k == "course" else r[k] for k, _, _ in keys)
                        for r in self.calendar.to_dict("records")
                    ),
                )
            ]
            if len(self.calendar)
            else []
        )

    def reading(self) -> str:
        if not self.compared:
            return say("No rep has deals enough at any step to be compared with the others.")
        if not len(self.table):
            return say(
                "No rep is below the rest of the team at any step by more than"
                " chance would bring among {comparisons}.",
                comparisons=plural(self.compared, "comparison"),
            )
        first = self.table.iloc[0]
        return say(
            "{reps} {en_are} below the team at some step by more than chance,"
            " most {rep} at {step} ({rate} against {team}, n = {n}); all"
            " {compared} comparisons are allowed for.",
            reps=plural(self.table["rep_id"].nunique(), "rep"),
            en_are="is" if self.table["rep_id"].nunique() == 1 else "are",
            rep=first.rep,
            step=first.step,
            rate=self.fmt.share(first.rate),
            team=self.fmt.share(first.team),
            n=int(first.n),
            compared=self.compared,
        )

    def notes(self) -> list[str]:
        return [say("How to train: {ways}.", ways=joined((say(one) for one in HOW), "; "))]

    def headline(self) -> str:
        return say(
            "Capability gaps: {rep_steps} below the team",
            rep_steps=plural(len(self.table), "rep-step"),
        )

    def actions(self) -> list[Action]:
        made = []
        for (day, course), part in self.calendar.groupby(["day", "course"], sort=True):
            why = say(
                "below the team at {steps} by more than chance; {lost_deals}"
                " deals a year at the team's rate",
                steps=listing(list(dict.fromkeys(part["step"]))),
                lost_deals=self.fmt.text(float(part["lost_deals"].sum()), "number", decimals=1),
            )
            made.append(
                Action(
                    say(
                        "Train {rep}: {course}, coached by {coach}",
                        rep=listing(list(part["rep"]), 4),
                        course=course_said(course),
                        coach=part["coach"].iloc[0],
                    ),
                    say("head of training"),
                    day,
                    why,
                    None,
                )
            )
        return made[:3]


def course_said(course: str) -> str:
    """A course of the data by its own name, a topic of ours in the language spoken."""
    return term(course) if course in TOPICS else course
