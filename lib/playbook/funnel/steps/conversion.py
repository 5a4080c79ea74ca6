"""Where deals stop: conversion from stage to stage by entry cohort and by activity, and what became
of every deal that entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.deals import (
    Deals,
    deals_of,
    odd_counts,
)
from playbook.data.measures.facts import degenerate
from playbook.funnel.figures.steps import conversion_months
from playbook.funnel.windows import SPANS
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .balance import StageBalance, balance_table, stage_balance
from .chain import ChainRates, chain_of, chain_table
from .changes import (
    StepChanges,
    changes_sentence,
    changes_table,
    step_changes,
    whole_months,
)
from .cohorts import (
    REPURCHASE,
    StepCohorts,
    StepRates,
    cohorts_of,
    dates_stages,
    rate_steps,
    repurchase_step,
    window_row,
)
from .conversion_texts import cohort_notes, repurchase_note
from .decided import decided_headline, decided_reading, decided_table
from .odd_entries import odd_notes


@dataclass(frozen=True)
class Conversion(page.Result):
    """Conversion of every step, by cohort and by activity side by side.

    limits: step → days after which a cohort is mature. unseen: stages without entry days. odd: kind
    of oddity in the stage entries → deals. events: whether the book has stage entries. percentile:
    share of advancing deals a cohort must have had time for. small: fewest deals of a rate.
    followed: the deals of the chain, as words. decided: one step, won ÷ decided by closing month,
    because no entry to a stage carries a day; undated: that fact as a sentence.
    """

    table: Annotated[pd.DataFrame, StepRates]
    cohorts: Annotated[pd.DataFrame, StepCohorts]
    balance: Annotated[pd.DataFrame, StageBalance]
    changed: Annotated[pd.DataFrame, StepChanges]
    chain: Annotated[pd.DataFrame, ChainRates]
    followed: str
    limits: dict[str, float | None]
    unseen: tuple[str, ...]
    odd: dict[str, int]
    events: bool
    as_of: date
    fmt: Formats
    percentile: float
    small: int
    decided: bool
    undated: str
    section = "conversion"

    @property
    def steps(self) -> list[str]:
        return list(dict.fromkeys(self.table.step))

    def step(self, name: str, window: str = "trailing_12m") -> dict:
        """The row of one step and window."""
        return (
            self.table[(self.table.step == name) & (self.table.window == window)].iloc[0].to_dict()
        )

    def figure(self) -> Figure:
        return conversion_months(self.table, self.cohorts, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        day = self.fmt.text(self.as_of, "date")
        rows = self.table[self.table.window == "trailing_12m"]
        all_data = self.table[self.table.window == "all"].set_index("step")
        rows = rows.assign(
            all_rate=all_data.rate.reindex(rows.step).to_numpy(),
            all_n=all_data.entered.reindex(rows.step).to_numpy(),
            waits=[self.limits[s] for s in rows.step],
        )
        if self.decided:
            return [
                decided_table(rows, self.fmt, self.as_of),
                balance_table(self.balance, self.fmt, self.as_of),
            ]
        columns = [
            Col("step", "name"),
            Col("entered", "count", "Entered (mature)"),
            Col("advanced", "count"),
            Col("rate", "share", "By cohort", low="low", high="high"),
            Col("immature", "count", "Young cohorts left out"),
            Col("activity", "share", "By activity"),
            Col("all_rate", "share", "All data, by cohort"),
            Col("all_n", "count", "n"),
            Col("waits", "days", "Mature after"),
        ]
        note = say(
            "Cohorts of the last 12 months by first entry to the stage; Wilson 95 %; as of {day}",
            day=day,
        )
        balance = balance_table(self.balance, self.fmt, self.as_of)
        return [
            table(rows, columns, self.fmt, title=say("Conversion from stage to stage"), note=note),
            *(
                [chain_table(self.chain, self.followed, self.fmt, self.as_of)]
                if len(self.chain) > 1
                else []
            ),
            changes_table(self.changed, self.fmt, self.as_of),
            balance,
        ]

    def weakest(self, window: str = "trailing_12m") -> dict | None:
        """The step of lowest mature rate with enough deals, repurchase apart (its unit is
        customers).
        """
        rows = self.table[
            (self.table.window == window)
            & self.table.rate.notna()
            & (self.table.entered >= self.small)
            & ~self.table.step.str.endswith(REPURCHASE)
        ]
        return None if rows.empty else rows.sort_values(["rate", "step"]).iloc[0].to_dict()

    def reading(self) -> str:
        fmt, low = self.fmt, self.weakest()
        if self.decided:
            return decided_reading(low, self.undated, fmt)
        if low is None:
            return say(
                "No step has a mature cohort with enough deals in the last 12"
                " months: no rate is stated rather than a young one."
            )
        text = say(
            "The narrowest step of the last 12 months is {step}: {advanced} of"
            " the deals in mature cohorts passed [{low}].",
            step=low["step"],
            advanced=fmt.rate(low["advanced"], low["entered"]),
            low=fmt.interval(low["low"], low["high"], "share"),
        )
        if low["activity"] is not None and low["activity"] == low["activity"]:
            other = fmt.share(low["activity"])
            text += (
                say(" Counted by activity in the same months it reads {other} too.", other=other)
                if other == fmt.share(low["rate"])
                else say(
                    " Counted by activity in the same months it reads {other}, because entries"
                    " and exits belong to different deals.",
                    other=other,
                )
            )
        if low["immature"]:
            text += say(
                " {cohorts} {en_are} left out.",
                cohorts=plural(int(low["immature"]), "young cohort"),
                en_are="is" if low["immature"] == 1 else "are",
            )
        return text + changes_sentence(self.changed, self.fmt)

    def headline(self) -> str:
        low = self.weakest()
        if self.decided:
            return decided_headline(low, self.fmt)
        if low is None:
            return say("Conversion: no mature cohort with enough deals in the last 12 months")
        return say(
            "Narrowest step: {step} {advanced} [{low}], mature cohorts of 12 months",
            step=low["step"],
            advanced=self.fmt.rate(low["advanced"], low["entered"]),
            low=self.fmt.interval(low["low"], low["high"], "share"),
        )

    def notes(self) -> list[str]:
        share = self.fmt.text(self.percentile * 100, "count")
        first = [] if self.decided else cohort_notes(share, self.unseen)
        repeat = any(s.endswith(REPURCHASE) for s in self.steps)
        return [*first, *odd_notes(self.odd), *([repurchase_note()] if repeat else [])]

    def kpis(self) -> list[Kpi]:
        kpis = []
        for row in self.table.to_dict("records"):
            by = {"step": row["step"]}
            why = (
                say("no cohort of this window is mature yet")
                if row["immature"]
                else say("no deal was decided in this window")
                if self.decided and not row["step"].endswith(REPURCHASE)
                else say("no deal entered the stage in this window")
            )
            kpis.append(
                Kpi.rate(
                    "conversion", row["window"], Rate(row["advanced"], row["entered"]), by, why
                )
            )
            none = not row["activity_in"]
            kpis.append(
                Kpi(
                    "conversion.activity",
                    row["window"],
                    None if none else row["activity"],
                    "ratio",
                    by,
                    numerator=row["activity_out"],
                    denominator=row["activity_in"],
                    n=int(row["activity_in"]),
                    why=say("no entry to the stage in this window") if none else None,
                )
            )
        return kpis

    def changes(self) -> list[page.Change]:
        rows = self.changed[self.changed.reading_year.isin(["up", "down"])]
        return [
            page.Change(
                say(
                    "Conversion {step} {now} in the newest mature cohorts, {change_year}"
                    " on a year before",
                    step=r.step,
                    now=self.fmt.share(r.now),
                    change_year=self.fmt.text(r.change_year, "pp"),
                ),
                r.change_year,
            )
            for r in rows.itertuples()
        ]


@page.section("conversion")
def conversion(book: Book) -> Conversion:
    """Stage conversion by cohort and by activity, and the balance of every stage.

    Needs opportunities; stage_events date the stages, orders add the repurchase step.
    """
    return conversion_of(deals_of(book), book)


def conversion_of(deals: Deals, book: Book) -> Conversion:
    """The same from deals made ready before."""
    found = rate_steps(deals, book)
    repeat = repurchase_step(book, deals.stages[-1])
    found_all = [*found, *([repeat] if repeat else [])]
    if not found_all:
        raise NotAvailable(
            {"stage_events": ("stage", "entered_at")},
            say("conversion from stage to stage, by cohort and by activity"),
            say("no two stages carry a day"),
        )
    cohorts = pd.concat([cohorts_of(step, book) for step in found_all], ignore_index=True)
    settings = book.settings.funnel
    rows = [window_row(step, cohorts, book, window) for window in SPANS for step in found_all]
    unseen = tuple(deals.stages[i] for i in range(deals.last) if i not in deals.dated)
    followed, chain = chain_of(book)
    return Conversion(
        StepRates.make(rows),
        cohorts,
        stage_balance(deals),
        step_changes(cohorts, [s.name for s in found_all], settings.min_group, whole_months(book)),
        chain,
        followed,
        {s.name: s.limit for s in found_all},
        unseen,
        odd_counts(deals),
        deals.events,
        book.as_of,
        book.fmt,
        settings.mature_percentile,
        settings.min_group,
        not dates_stages(deals),
        degenerate(book).undated_stages,
    )
