"""Planning a pilot from the book's history, before any result: which groups, how long, on which
outcome, what it could show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.case.benchmarks import aligned
from playbook.data.book import Book
from playbook.data.measures.names import member_names
from playbook.methods import experiment as pilot
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .panels import HISTORY, LABEL, Panel, groups_of

LENGTHS = (1, 2, 3, 6)
FEWEST = 4
LONGEST = 12  # months a pilot may run in all; one that needs more is no pilot


@dataclass(frozen=True)
class PilotPlan(Result):
    """groups: member, label. choices: names, gap (smallest first). pairs: first, second, gap.
    power: outcome, months, detectable, scaled (÷ the effect wanted), unit.

    designs: design, take (0 = pairs), choices [count], smallest (p), and per outcome the effect
    seen at the settings' length.
    """

    section: ClassVar[str] = "pilot-plan"
    groups: pd.DataFrame
    choices: pd.DataFrame
    pairs: pd.DataFrame
    power: pd.DataFrame
    designs: pd.DataFrame
    outcomes: tuple[str, ...]
    primary: str
    by: str
    take: int
    length: int
    wanted: float
    wanted_points: float | None
    cost: float
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from playbook.case.figures.pilot import power_lines

        return power_lines(self) if self.power.detectable.notna().any() else None

    def tables(self) -> Sequence[Table]:
        return [
            self._power(),
            self._rule(),
            self._designs(),
            self._choices(),
            self._pairs(),
            self._shares(),
        ]

    def _rule(self) -> Table:
        """The decision, fixed before the result."""
        name, cost = (
            LABEL[self.primary].lower(),
            (
                f"a gain of at least {self.fmt.money(self.cost)}, what the pilot costs"
                if self.cost
                else "any gain (no cost in the settings: [pilot] cost)"
            ),
        )
        wanted = (
            self.fmt.share(self.wanted)
            if self.primary != "win_rate"
            else self.fmt.text(self.wanted_points, "pp")
        )
        rows = [
            {"rule": "go", "when": f"the 95 % interval of {name} lies above zero, with {cost}"},
            {
                "rule": "stop",
                "when": (
                    f"{wanted} or more is ruled out, or the gain does not cover the cost, or"
                    f" {LONGEST} months in all would not be enough to tell"
                ),
            },
            {
                "rule": "extend",
                "when": (
                    f"neither; for as long as {wanted} takes to be seen with 80 % power, at the"
                    " pilot's cost a month"
                ),
            },
        ]
        return table(
            pd.DataFrame(rows),
            [Col("rule", label="Decision"), Col("when", label="When", weight=4)],
            self.fmt,
            title="What will be decided, agreed before the result",
            note=(
                f"on {name} alone, the primary outcome ([pilot] outcome); the others are looked at"
                " with a correction for several looks (Holm)"
            ),
        )

    def _power(self) -> Table:
        wide = [
            {"months": months, **{o: self._seen(o, months) for o in self.outcomes}}
            for months in LENGTHS
        ]
        columns = [
            Col("months", "count", "Months before and after"),
            *(
                Col(o, label=f"{LABEL[o]}{' (primary)' if o == self.primary else ''}")
                for o in self.outcomes
            ),
        ]
        made = table(
            pd.DataFrame(wide),
            columns,
            self.fmt,
            title="Smallest effect a pilot shows, before any result",
            note=(
                f"with 80 % power; {self.take} of"
                f" {plural(len(self.groups), self.by.replace('_', ' '))}; smallest p"
                f" {self.fmt.text(self.smallest, 'number', decimals=3)} (1 in"
                f" {round(1 / self.smallest)}); effect wanted {self._wanted()}; from {HISTORY}"
                f" months of history · as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )
        return aligned(made, "r" * len(self.outcomes))

    def _wanted(self) -> str:
        points = (
            f", {self.fmt.text(self.wanted_points, 'pp')} of the win rate"
            if self.wanted_points is not None
            else ""
        )
        return f"{self.fmt.share(self.wanted)} of sales, orders and buyers{points}"

    def _seen(self, outcome: str, months: int) -> str:
        rows = self.power[(self.power.outcome == outcome) & (self.power.months == months)]
        if rows.empty or is_missing(rows.detectable.iloc[0]):
            return "–"
        return self.fmt.text(rows.detectable.iloc[0], rows.unit.iloc[0]) + (
            " ✓" if rows.scaled.iloc[0] <= 1 else ""
        )

    def _designs(self) -> Table:
        shown = self.designs.assign(
            one_in=[
                f"{r.smallest:.3f} (1 in {round(1 / r.smallest)})"
                for r in self.designs.itertuples()
            ],
            **{
                o: [self.fmt.text(v, "pp" if o == "win_rate" else "share") for v in self.designs[o]]
                for o in self.outcomes
            },
        )
        columns = [
            Col("design", label="Design", weight=1.6),
            Col("one_in", label="Smallest p"),
            *(Col(o, label=LABEL[o]) for o in self.outcomes),
        ]
        made = table(
            shown,
            columns,
            self.fmt,
            title=f"More groups, or pairs: what {plural(self.length, 'month')} would show",
            note=(
                "smallest effect with 80 % power; a smallest p above 0.050 can never be called"
                " beyond chance, whatever the effect"
            ),
        )
        return aligned(made, "r" * (1 + len(self.outcomes)))

    def _choices(self) -> Table:
        return table(
            self.choices,
            [
                Col("names", label="Pilot in", weight=2),
                Col("gap", "share", "Gap to the others before"),
            ],
            self.fmt,
            title="Groups that moved most like the others",
            limit=5,
            note=(
                "root mean square gap of their joint monthly sales path to the others' over twelve"
                " months, each relative to its own mean"
            ),
        )

    def _pairs(self) -> Table:
        return table(
            self.pairs,
            [
                Col("first", label="One of these starts", weight=1.4),
                Col("second", label="the other waits", weight=1.4),
                Col("gap", "share", "Gap of their paths"),
            ],
            self.fmt,
            title="Matched pairs",
            note="closest pairs first, each group once; draw in each pair by lot who starts",
        )

    def _shares(self) -> Table:
        sizes = pd.DataFrame(
            [
                {"what": what, "before": a, "after": b, "n": pilot.per_group(a, b)}
                for what, a, b in (
                    ("First deal in three months, as in the case", 0.30, 0.55),
                    ("Win rate, a fifth better", 0.20, 0.24),
                )
            ]
        )
        return table(
            sizes,
            [
                Col("what", label="To tell apart", weight=2),
                Col("before", "share", "From"),
                Col("after", "share", "To"),
                Col("n", "count", "People or deals per group"),
            ],
            self.fmt,
            title="When single people or deals are drawn instead of groups",
            note="80 % power, 5 % two-sided, normal approximation",
        )

    @property
    def smallest(self) -> float:
        return pilot.smallest_p(len(self.groups), self.take)

    @property
    def best(self) -> pd.Series | None:
        """The outcome and length closest to the effect wanted: the shortest that shows it, else the
        one that misses it least.
        """
        known = self.power[self.power.scaled.notna()]
        if known.empty:
            return None
        enough = known[known.scaled <= 1]
        return (
            enough.sort_values(["months", "scaled"], kind="stable")
            if len(enough)
            else known.sort_values(["scaled", "months"], kind="stable")
        ).iloc[0]

    @property
    def months(self) -> int | None:
        """Shortest length at which some outcome shows the effect wanted."""
        return int(self.best.months) if self.best is not None and self.best.scaled <= 1 else None

    def reading(self) -> str:
        best, text = (
            self.best,
            f"Pilot in {self.choices.iloc[0].names}, which moved most like the others. ",
        )
        if best is None:
            return text + "The history is too short to say what a pilot could show."
        primary = self.power[(self.power.outcome == self.primary) & self.power.detectable.notna()]
        if best.scaled <= 1:
            text += (
                f"{LABEL[best.outcome]} would show the effect wanted in"
                f" {plural(int(best.months), 'month')}."
            )
        else:
            text += (
                f"No outcome shows the effect wanted within {plural(LENGTHS[-1], 'month')}; closest"
                f" is {LABEL[best.outcome].lower()}, which shows"
                f" {self.fmt.text(best.detectable, best.unit)} or more in"
                f" {plural(int(best.months), 'month')}."
            )
        if len(primary) and primary.scaled.min() > 1:
            row = primary.sort_values(["months"], kind="stable").iloc[-1]
            need = pilot.longer(row.log, self._log(row), int(row.months))
            text += (
                f" {LABEL[self.primary]} of single groups"
                f" {'swings' if self.primary == 'win_rate' else 'swing'} too much: about"
                f" {plural(need, 'month')} would be needed"
                + (
                    ", which is no plan; draw people or deals by lot instead of groups, as the last"
                    " table counts."
                    if need > HISTORY
                    else "."
                )
            )
        return text

    def _log(self, row: pd.Series) -> float:
        return (
            float(np.log1p(self.wanted))
            if row.unit == "share"
            else float(self.wanted_points or np.nan)
        )

    def headline(self) -> str:
        rows = self.power[(self.power.months == self.length) & self.power.detectable.notna()]
        if rows.empty:
            return ""
        row = rows.sort_values("scaled", kind="stable").iloc[0]
        return (
            f"Pilot of {plural(self.length, 'month')} in {self.take} of {len(self.groups)} groups"
            f" would show {self.fmt.text(row.detectable, row.unit)} or more of"
            f" {LABEL[row.outcome].lower()} (smallest p {self.smallest:.3f})."
        )

    def kpis(self) -> Sequence[Kpi]:
        mine = self.power[self.power.outcome == "sales"]
        return [
            Kpi(
                "pilot.power",
                "all",
                None if is_missing(r.detectable) else float(r.detectable),
                "share",
                {"months": str(int(r.months))},
                n=len(self.groups),
                method="80 % power, from contrasts no pilot caused",
                why="the history is too short" if is_missing(r.detectable) else None,
            )
            for r in mine.itertuples()
        ]


@section("pilot-plan")
def pilot_plan(book: Book) -> PilotPlan:
    """Which groups to pilot, for how long, on which outcome, and what could be seen. Groups:
    ``[pilot] by``, else the first of team, region, product line with enough.
    """
    gives = "which groups to pilot, for how long, and the smallest effect that could be seen"
    book.need("orders", "amount", gives=gives)
    found = groups_of(book, FEWEST)
    if found is None:
        raise NotAvailable(
            {},
            gives,
            f"needs at least {FEWEST} teams, regions or product lines with sales in every month",
        )
    by, outcomes = found
    settings, first = book.settings.pilot, outcomes["sales"]
    take = min(settings.take, len(first.members) // 2)
    names = member_names(book, by) if by == "rep" else {}
    label = [names.get(m, m) for m in first.members]
    paths = first.paths()[:, -12:]
    choices = pd.DataFrame(
        [
            {"names": listing([label[i] for i in chosen], 9), "gap": gap}
            for gap, chosen in pilot.closest(paths, take)[:20]
        ]
    )
    pairs = pilot.matched(paths)
    points = settings.wanted * outcomes["win_rate"].level() if "win_rate" in outcomes else None
    rows = [
        _power(panel, take, months, settings.wanted, points)
        for panel in outcomes.values()
        for months in LENGTHS
    ]
    primary = settings.outcome if settings.outcome in outcomes else "sales"
    return PilotPlan(
        pd.DataFrame({"member": first.members, "label": label}),
        choices,
        pd.DataFrame([{"first": label[i], "second": label[j], "gap": gap} for gap, i, j in pairs]),
        pd.DataFrame(rows),
        _designs(outcomes, settings.months, [(i, j) for _, i, j in pairs]),
        tuple(outcomes),
        primary,
        by,
        take,
        settings.months,
        settings.wanted,
        points,
        settings.cost,
        book.as_of,
        book.fmt,
    )


def _power(panel: Panel, take: int, months: int, wanted: float, points: float | None) -> dict:
    """Smallest effect of one outcome at one length; ``scaled`` by the effect wanted, on the scale
    it is judged on.
    """
    seen = pilot.detectable(panel.history(months), take)
    asked = np.log1p(wanted) if panel.unit == "share" else points
    return {
        "outcome": panel.key,
        "months": months,
        "detectable": np.nan if seen is None else panel.told(seen),
        "log": np.nan if seen is None else seen,
        "scaled": np.nan if seen is None or not asked else seen / asked,
        "unit": panel.unit,
    }


def _designs(outcomes: dict[str, Panel], months: int, pairs: list[tuple[int, int]]) -> pd.DataFrame:
    """Each number of piloted groups, and matched pairs, at one length."""
    n = len(outcomes["sales"].members)
    rows = []
    for take in range(1, n // 2 + 1):
        seen = {
            key: panel.told(pilot.detectable(panel.history(months), take))
            for key, panel in outcomes.items()
        }
        rows.append(
            {
                "design": f"{take} of {n} groups",
                "take": take,
                "smallest": pilot.smallest_p(n, take),
                **seen,
            }
        )
    seen = {
        key: panel.told(pilot.detectable_pairs(panel.history(months), pairs))
        for key, panel in outcomes.items()
    }
    return pd.DataFrame(
        [
            *rows,
            {
                "design": f"one of each of {len(pairs)} pairs",
                "take": 0,
                "smallest": 2 / 2 ** len(pairs),
                **seen,
            },
        ]
    )
