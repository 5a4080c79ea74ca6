"""Judging a pilot in which every group started, one after the other: the started against those that
still waited, by randomisation over the orders of starting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, month, number, share, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing
from playbook.base.language import say, term
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.data.book import Book
from playbook.methods import experiment, staggered
from playbook.methods.comparisons import holm
from playbook.page import Col, Result, Table, table
from playbook.page.kpi import Kpi

from .panels import LABEL, Panel, panels


class StaggeredOutcomes(Frame):
    """One row per outcome, the primary one first: effect of starting."""

    outcome = text("name of the outcome")
    role = text("primary, or second")
    unit = text("unit of the effect: share of the level before, or pp")
    effect = number("how much more the started had than the waiting, each against its own before")
    p = share("p value by randomisation over all orders of starting")
    adjusted = share("p value corrected for several outcomes (Holm); the primary one as it is")


class StaggeredPaths(Frame):
    """One row per month from the first before the pilot: how many had started."""

    month = month("the month")
    started = number("groups that had started")
    pilot = number("mean of the started, relative to their own mean before; none before the first")
    others = number("mean of the waiting, the same way; none when all had started")


@dataclass(frozen=True)
class StaggeredEffect(Result):
    """What starting one after the other did. starts: group → first day. smallest: least p."""

    section: ClassVar[str] = "pilot-effect"
    table: Annotated[pd.DataFrame, StaggeredOutcomes]
    paths: Annotated[pd.DataFrame, StaggeredPaths]
    starts: dict[str, date]
    smallest: float
    as_of: date
    fmt: Formats

    @property
    def rule(self) -> str:
        """go where the primary effect is above chance and above zero; stop where the groups are too
        few for any result to count; else extend.
        """
        first = self.table.iloc[0]
        if self.smallest > experiment.ALPHA:
            return "stop"
        return "go" if first.p <= experiment.ALPHA and first.effect > 0 else "extend"

    def tables(self) -> Sequence[Table]:
        shown = self.table.assign(
            effect=[self.fmt.text(r.effect, r.unit, sign=True) for r in self.table.itertuples()]
        )
        columns = [
            Col("outcome", "term"),
            Col("role", "term"),
            Col("effect", label="Effect", align="r"),
            Col("p", "p", "p"),
            Col("adjusted", "p", "p, adjusted"),
        ]
        order = listing(
            [
                f"{group} {self.fmt.text(str(Month.of(day)), 'month')}"
                for group, day in sorted(self.starts.items(), key=lambda one: (one[1], one[0]))
            ],
            9,
        )
        note = say(
            "started: {order}; in every month the started less the waiting, each"
            " against its own mean before anybody started; p by randomisation"
            " over the orders of starting, smallest possible {smallest} · as of"
            " {as_of}",
            order=order,
            smallest=self.fmt.text(self.smallest, "p"),
            as_of=self.fmt.text(self.as_of, "date"),
        )
        title = say("What starting one after the other did")
        return [table(shown, columns, self.fmt, title=title, note=note)]

    def reading(self) -> str:
        first = self.table.iloc[0]
        why = {
            "go": say("it is above chance and above zero"),
            "stop": say("with so few orders of starting no result could be told from chance"),
            "extend": say("it cannot be told from chance yet"),
        }[self.rule]
        return say(
            "{outcome} of groups that had started lay {effect} beside that of"
            " groups that still waited (p = {p}). Decision by the rule: {rule},"
            " because {why}.",
            outcome=term(first.outcome),
            effect=self.fmt.text(first.effect, first.unit, sign=True),
            p=self.fmt.text(first.p, "p"),
            rule=say(self.rule, context="pilot"),
            why=why,
        )

    def headline(self) -> str:
        first = self.table.iloc[0]
        return say(
            "Pilot, one group after the other: {rule}; effect on {outcome} {effect} (p = {p}).",
            rule=say(self.rule, context="pilot"),
            outcome=term(first.outcome).lower(),
            effect=self.fmt.text(first.effect, first.unit, sign=True),
            p=self.fmt.text(first.p, "p"),
        )

    def kpis(self) -> Sequence[Kpi]:
        return [
            Kpi(
                "pilot.effect",
                "all",
                float(r.effect),
                r.unit,
                {"outcome": r.outcome.lower()},
                n=len(self.starts),
                method="started against waiting, randomisation over the orders of starting",
            )
            for r in self.table.itertuples()
        ]


def staggered_effect(book: Book, gives: str) -> StaggeredEffect:
    """Effect of the pilot of ``[pilot] starts_by``. Raises NotAvailable for groups without sales in
    every month, no month before the first start, or none in which some had started and some waited.
    """
    settings = book.settings.pilot
    found = panels(book, settings.by)
    sales = found["sales"]
    if wrong := _cannot(sales, settings, Month.of(book.as_of)):
        raise NotAvailable({}, gives, wrong)
    primary = settings.outcome if settings.outcome in found else "sales"
    order = [primary, *(key for key in found if key != primary)]
    made = [_judged(found[key], settings) for key in order]
    adjusted = [made[0][1], *holm([p for _, p in made[1:]]).tolist()]
    outcomes = StaggeredOutcomes.make(
        {
            "outcome": LABEL[key],
            "role": "primary" if key == primary else "second",
            "unit": found[key].unit,
            "effect": found[key].as_effect(effect),
            "p": p,
            "adjusted": corrected,
        }
        for key, (effect, p), corrected in zip(order, made, adjusted, strict=True)
    )
    starts = [Month.of(day).number for day in settings.starts_by.values()]
    return StaggeredEffect(
        outcomes,
        _paths(sales, settings),
        dict(settings.starts_by),
        staggered.smallest_p_staggered(starts),
        book.as_of,
        book.fmt,
    )


def _cannot(sales: Panel, settings: PilotSettings, last: Month) -> str:
    """Why the pilot cannot be judged; empty when it can."""
    missing = [group for group in settings.starts_by if group not in sales.members]
    if missing:
        return say("has no sales in every month for {missing}", missing=listing(missing))
    first = Month.of(settings.ran[0])
    if first <= sales.months[0]:
        return say("has no month before the first start")
    if first > last:  # the settings hold at least two different months: the other waits
        return say("has no month yet in which some had started and some waited")
    return ""


def _span(panel: Panel, settings: PilotSettings) -> tuple[list[int], list[int], slice]:
    """Rows of the groups, column of each start within the span, and the span's columns."""
    rows = [panel.members.index(group) for group in settings.starts_by]
    columns = [Month.of(day) - panel.months[0] for day in settings.starts_by.values()]
    begin = max(0, min(columns) - settings.months)
    end = min(max(columns) + settings.months, len(panel.months))
    return rows, [column - begin for column in columns], slice(begin, end)


def _judged(panel: Panel, settings: PilotSettings) -> tuple[float, float]:
    rows, starts, span = _span(panel, settings)
    paths = np.log(panel.up) if panel.down is None else panel.paths()
    return staggered.staggered_test(paths[rows][:, span], starts)


def _paths(panel: Panel, settings: PilotSettings) -> pd.DataFrame:
    rows, starts, span = _span(panel, settings)
    values = panel.up[rows][:, span]
    relative = values / values[:, : min(starts)].mean(axis=1, keepdims=True)
    made = []
    for column, when in enumerate(panel.months[span]):
        on = np.array(starts) <= column
        made.append(
            {
                "month": str(when),
                "started": float(on.sum()),
                "pilot": float(relative[on, column].mean()) if on.any() else None,
                "others": float(relative[~on, column].mean()) if not on.all() else None,
            }
        )
    return StaggeredPaths.make(made)
