"""The funnel member by member: what each rep, region, product line, channel, industry (and every
dimension of the firm's own) passes, how long it takes, and how fast it sells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.data.measures.facts import degenerate
from playbook.data.measures.names import member_names
from playbook.funnel.dimension_words import dimension_word, source_words
from playbook.funnel.steps.cohorts import rate_steps
from playbook.funnel.steps.velocity import member_parts
from playbook.funnel.windows import bounds
from playbook.page import Col, Table, table

from .member_steps import (
    MemberSpeed,
    MemberSteps,
    MemberTimes,
    TopQuartiles,
    member_steps,
    member_times,
    steps_by,
    top_quartiles,
)
from .place import within

GIVES = later(
    "what each rep, region, product line, channel and industry passes, and how long it takes"
)


@dataclass(frozen=True)
class FunnelMembers(page.Result):
    """Steps, times and speed of every member; the firm's own top quartile.

    sources: dimension → where it comes from. small: fewest deals of a member in the quartile.
    """

    steps: Annotated[pd.DataFrame, MemberSteps]
    times: Annotated[pd.DataFrame, MemberTimes]
    speed: Annotated[pd.DataFrame, MemberSpeed]
    quartiles: Annotated[pd.DataFrame, TopQuartiles]
    sources: dict[str, str]
    small: int
    as_of: date
    currency: str
    fmt: Formats
    top: int = 15
    section = "funnel-members"

    @property
    def dimensions(self) -> list[str]:
        """Dimensions with a table."""
        return [d for d in self.sources if (self.steps.dimension == d).any()]

    def of(self, dimension: str) -> pd.DataFrame:
        """One row per member: label, entered (first step), a column ``rate →step`` and a column
        ``days stage`` each as text with its n, cycle, velocity.
        """
        steps, times, speed = (
            frame[frame.dimension == dimension] for frame in (self.steps, self.times, self.speed)
        )
        frame = steps.drop_duplicates("member")[["member", "label", "entered"]]
        for step, part in steps.groupby("step", sort=False):
            said = {
                member: _of(self.fmt.share(rate), entered, self.fmt)
                for member, rate, entered in zip(part.member, part.rate, part.entered, strict=True)
            }
            frame[f"rate {step}"] = frame.member.map(said)
        for stage, part in times.groupby("stage", sort=False):
            said = {
                member: "–" if median != median else self.fmt.text(median, "days")
                for member, median in zip(part.member, part["median"], strict=True)
            }
            frame[f"days {stage}"] = frame.member.map(said)
        frame = frame.merge(
            speed[["member", "won", "decided", "cycle", "timed", "velocity"]],
            on="member",
            how="left",
        )
        return frame.sort_values(
            ["entered", "label"], ascending=[False, True], kind="stable", ignore_index=True
        )

    def table_of(self, dimension: str) -> Table:
        """One dimension, the largest members first."""
        rows, word = self.of(dimension), dimension_word(dimension)
        texts = [c for c in rows if c.startswith(("rate ", "days "))]
        rows = rows.assign(
            cycle=[
                "–" if pd.isna(r.cycle) else _of(self.fmt.text(r.cycle, "days"), r.timed, self.fmt)
                for r in rows.itertuples()
            ],
            won=[
                "–"
                if pd.isna(r.decided)
                else _of(self.fmt.share(r.won / r.decided), r.decided, self.fmt)
                for r in rows.itertuples()
            ],
        )
        columns = [
            Col("label", "text", word.capitalize(), weight=2),
            *(
                Col(
                    c,
                    "text",
                    c[5:] if c.startswith("rate ") else say("Days in {c}", c=c[5:]),
                    align="r",
                )
                for c in texts
            ),
            Col("won", "text", "Won ÷ decided", align="r"),
            Col("cycle", "text", "Days to win", align="r"),
            Col("velocity", "money", "Velocity a day", compact=True),
        ]
        unfair = (
            say("; its rates flatter: it is written down less often for deals that stopped")
            if not self.steps.comparable[self.steps.dimension == dimension].all()
            else ""
        )
        return table(
            rows,
            columns,
            self.fmt,
            title=say("Steps, time and speed by {word}", word=word),
            limit=self.top,
            note=(
                say(
                    "Mature cohorts of the last 12 months with their deals in brackets;"
                    " median stay, deals still there kept in; {word} from"
                    " {sources}{unfair}; as of {as_of}",
                    word=word,
                    sources=source_words(self.sources[dimension]),
                    unfair=unfair,
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )

    def tables(self) -> list[Table]:
        found = []
        if len(self.quartiles):
            rows = self.quartiles.assign(
                dimension=self.quartiles.dimension.map(dimension_word),
                cost=[
                    within(r.worth, r.low, r.high, self.fmt) for r in self.quartiles.itertuples()
                ],
            )
            columns = [
                Col("step"),
                Col("dimension", "text", "Among"),
                Col("members", "count", "Compared"),
                Col("below", "count", "Below it"),
                Col("n", "count", "Their deals"),
                Col("rate", "share", "They pass"),
                Col("quartile", "share", "Top quartile"),
                Col("benchmark", "share", "Less luck"),
                Col("cost", "text", "Worth a year", align="r"),
            ]
            found.append(
                table(
                    rows,
                    columns,
                    self.fmt,
                    title=say("What those below would bring at the firm's own top quartile"),
                    note=(
                        say(
                            "{currency}; members of {small} deals or more, one in four passes as"
                            " many; less luck = without what being among the best adds; mature"
                            " cohorts of the last 12 months; 95 %; as of {as_of}",
                            currency=self.currency,
                            small=self.small,
                            as_of=self.fmt.text(self.as_of, "date"),
                        )
                    ),
                )
            )
        return found + [self.table_of(d) for d in self.dimensions]

    def reading(self) -> str:
        fmt = self.fmt
        known = self.quartiles[self.quartiles.worth > 0]
        if known.empty:
            return say(
                "Neither reps nor regions have deals enough for a top quartile of their own."
            )
        if not known.below.any():
            return say(
                "Nobody lies below the firm's own top quartile: reps and regions pass alike."
            )
        top = known[known.below > 0].iloc[0]
        return say(
            "The widest gap to the firm's own top quartile is at {step} by"
            " {dimension}: the {below} of {members} below it pass {rate} of {n}"
            " deals, one in four about {benchmark} without luck; at that rate"
            " they would bring {worth} more a year [{low} to {high}].",
            step=top.step,
            dimension=dimension_word(top.dimension),
            below=fmt.count(top.below),
            members=fmt.count(top.members),
            rate=fmt.share(top.rate),
            n=fmt.count(top.n),
            benchmark=fmt.share(top.benchmark),
            worth=fmt.money(top.worth, compact=True),
            low=fmt.money(top.low, compact=True),
            high=fmt.money(top.high, compact=True),
        )

    def notes(self) -> list[str]:
        return [
            say(
                "These tables compare; they call nobody out: small members lie far"
                " out by luck. Who differs by more than chance is said where the"
                " search for places and slow stages is. The same deals stand in"
                " every dimension, so worths of two dimensions are not added."
            )
        ]


@page.section("funnel-members")
def funnel_members(book: Book, *, top: int = 15) -> FunnelMembers:
    """Step rates, time in stage, cycle and velocity of every member of every dimension the deals
    carry, and the firm's own top quartile as a benchmark.

    Needs opportunities with at least one dimension (rep, region, product_line, channel, industry,
    customer_type).
    """
    return members_of(deals_of(book), book, top=top)


def members_of(deals: Deals, book: Book, *, top: int = 15) -> FunnelMembers:
    """The same from deals made ready before."""
    dims = list(deals.dimensions)
    if not dims:
        raise NotAvailable({"opportunities": ("rep_id", "region", "product_line")}, GIVES)
    every, split = rate_steps(deals, book), steps_by(deals, book, dims)
    steps = member_steps(split, every, book)
    if steps.empty:
        raise NotAvailable({}, GIVES, say("no mature cohort in the last 12 months"))
    return FunnelMembers(
        steps,
        member_times(split, book),
        _speed(deals, book, dims),
        top_quartiles(steps, every, book),
        deals.dimensions,
        book.settings.funnel.min_group,
        book.as_of,
        book.currency,
        book.fmt,
        top,
    )


def _speed(deals: Deals, book: Book, dims: list[str]) -> pd.DataFrame:
    if degenerate(book).no_losses:
        return MemberSpeed.make([])
    span, names, frames = bounds(book, "trailing_12m"), member_names(book), []
    for d in dims:
        found = member_parts(outcome_counts(deals, by=d, days=True), *span)
        label = [names.get(d, {}).get(m, m) for m in found.member]
        frames.append(found.assign(dimension=d, label=label))
    found = pd.concat(frames, ignore_index=True)
    return found[MemberSpeed.names()] if len(found) else MemberSpeed.make([])


def _of(text: str, n: int, fmt: Formats) -> str:
    """A figure with the deals it rests on."""
    return say("{figure} ({n})", figure=text, n=fmt.count(n))
