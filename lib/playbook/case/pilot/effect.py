"""Judging a pilot that ran: difference in differences over equal spans, randomisation inference,
and the decision by the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Month
from playbook.case.alignment import aligned
from playbook.data.book import Book
from playbook.methods import experiment
from playbook.methods.comparisons import holm
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .compared import NAMES
from .comparison import (
    PilotOutcomes,
    PilotPaths,
    PilotPlacebo,
    elsewhere,
    outcome_row,
    placebo_spans,
    relative_paths,
)
from .decision import decide
from .one_by_one import StaggeredEffect, staggered_effect
from .panels import panels, spans_of
from .plan import FEWEST_GROUPS
from .spill import FEW, PilotSpill, spill_over, spill_sentence, spill_table


@dataclass(frozen=True)
class PilotEffect(Result):
    """What a pilot did.

    chosen: piloted groups, of ``groups`` in all. starts: its first day. months: its length, and
    that of the span before. compare: what the groups are held against. trend: gap between the
    trends before it [share a month], and its p. rule: go, extend or stop; why: the reason.
    """

    section: ClassVar[str] = "pilot-effect"
    table: Annotated[pd.DataFrame, PilotOutcomes]
    paths: Annotated[pd.DataFrame, PilotPaths]
    placebo: Annotated[pd.DataFrame, PilotPlacebo]
    spill: Annotated[pd.DataFrame, PilotSpill]
    chosen: tuple[str, ...]
    groups: int
    starts: date
    months: int
    trend: tuple[float, float]
    rule: str
    why: str
    as_of: date
    fmt: Formats
    compare: str = "means"

    def figure(self) -> Figure:
        from playbook.case.figures.pilot import pilot_paths

        return pilot_paths(
            self.paths, self.fmt, starts=self.starts, months=self.months, as_of=self.as_of
        )

    @property
    def smallest(self) -> float:
        """Smallest p value that could come out."""
        return experiment.smallest_p(self.groups, len(self.chosen))

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("outcome", "term"),
            Col("role", "term"),
            Col("effect", label="Effect"),
            Col("range", label="95 % interval"),
            Col("p", "p", "p"),
            Col("adjusted", "p", "p, adjusted"),
        ]
        shown = self.table.assign(
            range=[self._range(r) for r in self.table.itertuples()],
            effect=[self.fmt.text(r.effect, r.unit, sign=True) for r in self.table.itertuples()],
        )
        note = say(
            "pilot in {chosen} of {groups} groups; smallest p that could come"
            " out {smallest}; held against: {names}; {months} from {starts}"
            " against as many before; difference in differences of log changes"
            " (win rate: of points), p by randomisation over all choices of"
            " groups, second outcomes adjusted (Holm) · as of {as_of}",
            chosen=listing(list(self.chosen), 9),
            groups=self.groups,
            smallest=self.fmt.text(self.smallest, "p"),
            names=say(NAMES[self.compare]),
            months=plural(self.months, "month"),
            starts=self.fmt.text(self.starts, "date"),
            as_of=self.fmt.text(self.as_of, "date"),
        )
        made = [
            aligned(
                table(shown, columns, self.fmt, title=say("What the pilot did"), note=note), "lrr"
            )
        ]
        if len(self.placebo):
            columns = [
                Col("span", label="As if it had begun"),
                Col(
                    "effect",
                    "share" if self.table.unit.iloc[0] == "share" else "pp",
                    "Effect found",
                    sign=True,
                ),
                Col("p", "p", "p"),
            ]
            made.append(
                table(
                    self.placebo,
                    columns,
                    self.fmt,
                    title=say("The same comparison where nothing was done"),
                    note=say(
                        "earlier spans of the same length, same groups; {elsewhere}",
                        elsewhere=elsewhere(self.table, self.placebo, self.fmt),
                    ),
                )
            )
        if len(self.spill) and self.spill["common"].max() >= FEW:
            made.append(spill_table(self.spill, self.fmt))
        return made

    def _range(self, row: Any) -> str:
        if is_missing(row.low) and is_missing(row.high):
            return say("no bound: too few groups")
        return say(
            "{low} to {high}",
            low=self.fmt.text(row.low, row.unit, sign=True),
            high=self.fmt.text(row.high, row.unit, sign=True),
        )

    def reading(self) -> str:
        first = self.table.iloc[0]
        gap, p = self.trend
        before = (
            say("their trends differed before it already, so the comparison is weak")
            if p <= 0.1
            else (
                say("their trends before it do not differ beyond chance")
                if self.smallest <= experiment.ALPHA
                else say("too few groups to tell whether they differed before it already")
            )
        )
        earlier = (
            [
                say(
                    "Where nothing was done, {elsewhere}.",
                    elsewhere=elsewhere(self.table, self.placebo, self.fmt),
                )
            ]
            if len(self.placebo)
            else []
        )
        found = say(
            "{outcome} of the piloted groups changed by {effect} beside the"
            " others' (p = {p}, smallest possible {smallest}). Trend gap before"
            " the pilot {gap} a month (p = {p_2}): {before}.",
            outcome=term(first.outcome),
            effect=self.fmt.text(first.effect, first.unit, sign=True),
            p=self.fmt.text(first.p, "p"),
            smallest=self.fmt.text(self.smallest, "p"),
            gap=self.fmt.text(gap, "share", sign=True),
            p_2=self.fmt.text(p, "p"),
            before=before,
        )
        rule = say(
            "Decision by the rule: {rule}, because {why}.",
            rule=say(self.rule, context="pilot"),
            why=self.why,
        )
        return joined([found, *earlier, spill_sentence(self.spill, self.fmt), rule], " ")

    def headline(self) -> str:
        first = self.table.iloc[0]
        return say(
            "Pilot: {rule}; effect on {outcome} {effect} (p = {p}).",
            rule=say(self.rule, context="pilot"),
            outcome=term(first.outcome).lower(),
            effect=self.fmt.text(first.effect, first.unit, sign=True),
            p=self.fmt.text(first.p, "p"),
        )

    def kpis(self) -> Sequence[Kpi]:
        number = lambda v: None if is_missing(v) else float(v)  # noqa: E731
        return [
            Kpi(
                "pilot.effect",
                "all",
                number(r.effect),
                r.unit,
                {"outcome": r.outcome.lower()},
                number(r.low),
                number(r.high),
                n=self.groups,
                method="difference in differences, randomisation interval 95 %",
                why=say("nothing to count before") if is_missing(r.effect) else None,
            )
            for r in self.table.itertuples()
        ]


@section("pilot-effect")
def pilot_effect(book: Book) -> PilotEffect | StaggeredEffect:
    """Effect of the pilot named in the settings (``[pilot] groups, starts``, or ``starts_by`` where
    all started one after the other) on its primary outcome and the others.
    """
    gives = say(
        "the effect of the pilot with its interval, and whether to roll out, extend or stop"
    )
    settings = book.settings.pilot
    if settings.starts_by:
        book.need("orders", "amount", gives=gives)
        return staggered_effect(book, gives)
    if not settings.groups or settings.starts is None:
        raise NotAvailable(
            {},
            gives,
            say("needs the pilot's groups and first day in the settings ([pilot] groups, starts)"),
        )
    book.need("orders", "amount", gives=gives)
    found = panels(book, settings.by)
    first = Month.of(settings.starts)
    months, members = min(settings.months, Month.of(book.as_of) - first + 1), found["sales"].members
    missing = [g for g in settings.groups if g not in members]
    if (
        months < 1
        or missing
        or len(members) < FEWEST_GROUPS
        or len(settings.groups) >= len(members)
        or first - months < found["sales"].months[0]
    ):
        raise NotAvailable(
            {},
            gives,
            say(
                "has no month of the pilot yet, no equal span before it, fewer than"
                " {fewest_groups} groups, none that waits, or no sales in every"
                " month for {groups}",
                fewest_groups=FEWEST_GROUPS,
                groups=listing(missing) if missing else say("its groups"),
            ),
        )
    primary = settings.outcome if settings.outcome in found else "sales"
    order = [primary, *(key for key in found if key != primary)]
    rows = [
        outcome_row(
            found[key],
            first,
            months,
            later("primary") if key == primary else later("second"),
            settings,
        )
        for key in order
    ]
    corrected = [rows[0]["p"], *holm([row["p"] for row in rows[1:]]).tolist()]
    result = PilotOutcomes.make(
        row | {"adjusted": p} for row, p in zip(rows, corrected, strict=True)
    )
    main, chosen = found[primary], [members.index(g) for g in settings.groups]
    start = main.months.index(first)
    base = float(spans_of(found["sales"], first, months)[1].iloc[chosen].sum())
    rule, why = decide(result.iloc[0], book, main, chosen, months, base)
    return PilotEffect(
        result,
        relative_paths(found["sales"], chosen, first, months),
        placebo_spans(main, chosen, start, months),
        spill_over(
            book,
            settings.by,
            members,
            chosen,
            first,
            found["sales"].changes(start + months, months),
        ),
        tuple(settings.groups),
        len(members),
        settings.starts,
        months,
        experiment.trend_gap(main.paths()[:, :start][:, -12:], chosen),
        rule,
        why,
        book.as_of,
        book.fmt,
        settings.compare,
    )
