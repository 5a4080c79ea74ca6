"""Judging a pilot that ran: difference in differences over equal spans, randomisation inference,
what came before, go, extend or stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Month
from playbook.case.benchmarks import aligned
from playbook.data.book import Book
from playbook.methods import experiment as pilot
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .panels import LABEL, Panel, panels, spans_of
from .plan import FEWEST, LONGEST


@dataclass(frozen=True)
class PilotEffect(Result):
    """table: outcome, role, unit, effect, low, high, p, adjusted. paths: month, pilot, others
    (relative to before). placebo: span, effect, p (of the primary outcome, where nothing was done).
    """

    section: ClassVar[str] = "pilot-effect"
    table: pd.DataFrame
    paths: pd.DataFrame
    placebo: pd.DataFrame
    chosen: tuple[str, ...]
    groups: int
    starts: date
    months: int
    trend: tuple[float, float]
    rule: str
    why: str
    as_of: date
    fmt: Formats

    def figure(self) -> Figure:
        from playbook.case.figures.pilot import pilot_paths

        return pilot_paths(self)

    @property
    def smallest(self) -> float:
        return pilot.smallest_p(self.groups, len(self.chosen))

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("outcome"),
            Col("role"),
            Col("effect", label="Effect"),
            Col("range", label="95 % interval"),
            Col("p", "number", "p", decimals=3),
            Col("adjusted", "number", "p, adjusted", decimals=3),
        ]
        shown = self.table.assign(
            range=[self._range(r) for r in self.table.itertuples()],
            effect=[self.fmt.text(r.effect, r.unit, sign=True) for r in self.table.itertuples()],
        )
        note = (
            f"pilot in {listing(list(self.chosen), 9)} of {self.groups} groups; smallest p that"
            f" could come out {self.fmt.text(self.smallest, 'number', decimals=3)};"
            f" {plural(self.months, 'month')} from {self.fmt.text(self.starts, 'date')} against as"
            " many before; difference in differences of log changes (win rate: of points), p by"
            " randomisation over all choices of groups, second outcomes adjusted (Holm) · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )
        made = [
            aligned(table(shown, columns, self.fmt, title="What the pilot did", note=note), "lrr")
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
                Col("p", "number", "p", decimals=3),
            ]
            made.append(
                table(
                    self.placebo,
                    columns,
                    self.fmt,
                    title="The same comparison where nothing was done",
                    note=(
                        "earlier spans of the same length, same groups: effects as large as the"
                        " pilot's show what chance does here"
                    ),
                )
            )
        return made

    def _range(self, row: Any) -> str:
        if is_missing(row.low) and is_missing(row.high):
            return "no bound: too few groups"
        return (
            f"{self.fmt.text(row.low, row.unit, sign=True)} to"
            f" {self.fmt.text(row.high, row.unit, sign=True)}"
        )

    def reading(self) -> str:
        first = self.table.iloc[0]
        gap, p = self.trend
        before = (
            "their trends differed before it already, so the comparison is weak"
            if p <= 0.1
            else "their trends before it do not differ beyond chance"
        )
        return (
            f"{first.outcome} of the piloted groups changed by"
            f" {self.fmt.text(first.effect, first.unit, sign=True)} beside the others' (p ="
            f" {self.fmt.text(first.p, 'number', decimals=3)}, smallest possible"
            f" {self.fmt.text(self.smallest, 'number', decimals=3)}). Trend gap before the pilot"
            f" {self.fmt.text(gap, 'share', sign=True)} a month (p ="
            f" {self.fmt.text(p, 'number', decimals=3)}): {before}. Decision by the rule:"
            f" {self.rule}, because {self.why}."
        )

    def headline(self) -> str:
        first = self.table.iloc[0]
        return (
            f"Pilot: {self.rule}; effect on {first.outcome.lower()}"
            f" {self.fmt.text(first.effect, first.unit, sign=True)} (p ="
            f" {self.fmt.text(first.p, 'number', decimals=3)})."
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
                why="nothing to count before" if is_missing(r.effect) else None,
            )
            for r in self.table.itertuples()
        ]


@section("pilot-effect")
def pilot_effect(book: Book) -> PilotEffect:
    """Effect of the pilot named in the settings (``[pilot] groups, starts``) on its primary outcome
    and the others.
    """
    gives = "the effect of the pilot with its interval, and whether to roll out, extend or stop"
    settings = book.settings.pilot
    if not settings.groups or settings.starts is None:
        raise NotAvailable(
            {},
            gives,
            "needs the pilot's groups and first day in the settings ([pilot] groups, starts)",
        )
    book.need("orders", "amount", gives=gives)
    found = panels(book, settings.by)
    first = Month.of(settings.starts)
    months, members = min(settings.months, Month.of(book.as_of) - first + 1), found["sales"].members
    missing = [g for g in settings.groups if g not in members]
    if (
        months < 1
        or missing
        or len(members) < FEWEST
        or len(settings.groups) >= len(members)
        or first - months < found["sales"].months[0]
    ):
        raise NotAvailable(
            {},
            gives,
            f"has no month of the pilot yet, no equal span before it, fewer than {FEWEST} groups,"
            " none that waits, or no sales in every month for"
            f" {listing(missing or ['its groups'])}",
        )
    primary = settings.outcome if settings.outcome in found else "sales"
    order = [primary, *(key for key in found if key != primary)]
    result = pd.DataFrame(
        [
            _outcome(
                found[key],
                settings.groups,
                first,
                months,
                "primary" if key == primary else "second",
            )
            for key in order
        ]
    )
    result["adjusted"] = [result.p.iloc[0], *pilot.holm(result.p.iloc[1:].tolist())]
    main, chosen = found[primary], [members.index(g) for g in settings.groups]
    start = main.months.index(first)
    base = float(spans_of(found["sales"], first, months)[1].iloc[chosen].sum())
    rule, why = decide(result.iloc[0], book, main, chosen, months, base)
    return PilotEffect(
        result,
        _paths(found["sales"], chosen, first, months),
        _placebo(main, chosen, start, months),
        tuple(settings.groups),
        len(members),
        settings.starts,
        months,
        pilot.trend_gap(main.paths()[:, :start][:, -12:], chosen),
        rule,
        why,
        book.as_of,
        book.fmt,
    )


def _outcome(panel: Panel, groups: Sequence[str], first: Month, months: int, role: str) -> dict:
    change = panel.changes(panel.months.index(first) + months, months)
    chosen = [panel.members.index(g) for g in groups]
    low, high = pilot.interval(change, chosen)
    return {
        "outcome": LABEL[panel.key],
        "role": role,
        "unit": panel.unit,
        "effect": panel.told(pilot.contrast(change, chosen)),
        "low": panel.told(low),
        "high": panel.told(high),
        "p": pilot.p_value(change, chosen),
    }


def _placebo(panel: Panel, chosen: list[int], start: int, months: int) -> pd.DataFrame:
    """The comparison at earlier spans that do not touch the pilot, the latest first."""
    rows = []
    for end in range(start, 2 * months - 1, -months):
        change = panel.changes(end, months)
        rows.append(
            {
                "span": str(panel.months[end - months]),
                "effect": panel.told(pilot.contrast(change, chosen)),
                "p": pilot.p_value(change, chosen),
            }
        )
    return pd.DataFrame(rows[:4], columns=["span", "effect", "p"])


def _paths(panel: Panel, chosen: list[int], first: Month, months: int) -> pd.DataFrame:
    """Monthly sales of pilot and others, each group relative to its mean in the span before."""
    start = panel.months.index(first)
    relative = panel.up / panel.up[:, start - months : start].mean(axis=1, keepdims=True)
    inside = np.zeros(len(relative), dtype=bool)
    inside[chosen] = True
    shown = slice(max(0, start - 12), start + months)
    return pd.DataFrame(
        {
            "month": [str(m) for m in panel.months[shown]],
            "pilot": relative[inside][:, shown].mean(axis=0),
            "others": relative[~inside][:, shown].mean(axis=0),
        }
    )


def decide(
    primary: pd.Series, book: Book, panel: Panel, chosen: list[int], months: int, base: float
) -> tuple[str, str]:
    """go, extend or stop: by the interval of the primary outcome, the effect wanted, the cost, and
    how long it would take to know.
    """
    settings, fmt = book.settings.pilot, book.fmt
    gain = float(primary.effect) * base if panel.unit == "share" else None
    wanted, asked = (
        (settings.wanted, float(np.log1p(settings.wanted)))
        if panel.unit == "share"
        else (settings.wanted * panel.level(),) * 2
    )
    if not is_missing(primary.low) and primary.low > 0 and (gain is None or gain >= settings.cost):
        return "go", "the interval lies above zero" + (
            f" and the gain of {fmt.money(gain)} covers the cost of {fmt.money(settings.cost)}"
            if gain is not None
            else ""
        )
    if not is_missing(primary.low) and primary.low > 0:
        return (
            "stop",
            (
                f"the effect is real, but its gain of {fmt.money(gain)} does not cover the cost of"
                f" {fmt.money(settings.cost)}"
            ),
        )
    if not is_missing(primary.high) and primary.high < wanted:
        return "stop", f"an effect of {fmt.text(wanted, panel.unit)} or more is ruled out"
    return _extended(panel, chosen, months, asked, fmt.text(wanted, panel.unit), settings.cost, fmt)


def _extended(
    panel: Panel,
    chosen: list[int],
    months: int,
    asked: float,
    wanted: str,
    cost: float,
    fmt: Formats,
) -> tuple[str, str]:
    """Undecided: how long to go on and what that costs, or why going on would not settle it."""
    open_case = f"the interval holds both no effect and the {wanted} wanted"
    seen = pilot.detectable(panel.history(months), len(chosen))
    if seen is None:
        return "extend", f"{open_case}; the history is too short to say for how long"
    need = pilot.longer(seen, asked, months)
    if need > LONGEST:
        return (
            "stop",
            (
                f"{open_case}, and about {plural(need, 'month')} in these groups would be needed to"
                " tell; plan it anew with more groups, pairs or a steadier outcome, as in the plan"
                " above"
            ),
        )
    more = need - months
    price = (
        f" at a cost of about {fmt.money(cost * more / months)}"
        if cost
        else " (its cost is not in the settings: [pilot] cost)"
    )
    return (
        "extend",
        (
            f"{open_case}; {plural(more, 'more month')}, {plural(need, 'month')} in all, would show"
            f" it with 80 % power{price}"
        ),
    )
