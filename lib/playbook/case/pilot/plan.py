"""Planning a pilot from the book's history, before any result: which groups, how long, on which
outcome, what it could show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.names import member_names
from playbook.methods import experiment, pilot_design
from playbook.page import Figure, Result, Table, section
from playbook.page.kpi import Kpi

from .decision import rule_table
from .groups import (
    PilotChoices,
    PilotGroups,
    PilotPairs,
    choices_of,
    choices_table,
    pairs_of,
    pairs_table,
    sizes_table,
)
from .panels import LABEL, groups_of
from .plan_texts import COUNTED, needed, power_note, undecidable
from .power import (
    LENGTHS,
    PilotDesigns,
    PilotPower,
    closest_to_wanted,
    designs_of,
    designs_table,
    power_row,
    power_table,
)

FEWEST_GROUPS = 4


@dataclass(frozen=True)
class PilotPlan(Result):
    """What a pilot could be.

    outcomes: keys of ``panels.LABEL`` that every group has. primary: the one decided on. by:
    dimension of the groups. take: groups piloted. length [months]. wanted: effect wanted [share],
    for the win rate ``wanted_points``. cost: of the pilot, 0 where the settings have none.
    history: months that the effects are learnt from.
    """

    section: ClassVar[str] = "pilot-plan"
    groups: Annotated[pd.DataFrame, PilotGroups]
    choices: Annotated[pd.DataFrame, PilotChoices]
    pairs: Annotated[pd.DataFrame, PilotPairs]
    power: Annotated[pd.DataFrame, PilotPower]
    designs: Annotated[pd.DataFrame, PilotDesigns]
    outcomes: tuple[str, ...]
    primary: str
    by: str
    take: int
    length: int
    wanted: float
    wanted_points: float | None
    cost: float
    history: int
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from playbook.case.figures.pilot import power_lines

        if self.power.detectable.isna().all():
            return None
        return power_lines(
            self.power,
            {outcome: say(LABEL[outcome]) for outcome in self.outcomes},
            self.fmt,
            take=self.take,
            groups=len(self.groups),
            as_of=self.as_of,
        )

    def tables(self) -> Sequence[Table]:
        return [
            power_table(self.power, self.outcomes, self.primary, self._power_note(), self.fmt),
            rule_table(self.primary, self._wanted_text(), self.cost, self.fmt),
            designs_table(self.designs, self.outcomes, self.length, self.fmt),
            *(
                [choices_table(self.choices, self.fmt), pairs_table(self.pairs, self.fmt)]
                if self.decidable
                else []  # groups that cannot be decided are no proposal
            ),
            sizes_table(self.fmt),
        ]

    def _wanted_text(self) -> str:
        """The effect wanted of the primary outcome."""
        if self.primary != "win_rate":
            return self.fmt.share(self.wanted)
        return self.fmt.text(self.wanted_points, "pp")

    def _power_note(self) -> str:
        """What the table of smallest effects rests on."""
        return power_note(
            self.decidable,
            "" if self.wanted_points is None else self.fmt.text(self.wanted_points, "pp"),
            take=self.take,
            groups=plural(len(self.groups), *COUNTED[self.by]),
            smallest=self.fmt.text(self.smallest, "p"),
            smallest_2=round(1 / self.smallest),
            wanted=self.fmt.share(self.wanted),
            months=plural(self.history, "month"),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    @property
    def smallest(self) -> float:
        """Smallest p value the pilot could give."""
        return experiment.smallest_p(len(self.groups), self.take)

    @property
    def decidable(self) -> bool:
        """Whether any result could be called beyond chance."""
        return self.smallest <= experiment.ALPHA

    @property
    def best(self) -> pd.Series | None:
        """Row of ``power`` closest to the effect wanted."""
        return closest_to_wanted(self.power)

    @property
    def months(self) -> int | None:
        """Shortest length at which some outcome shows the effect wanted."""
        best = self.best
        return int(best.months) if best is not None and best.scaled <= 1 else None

    def reading(self) -> str:
        if not self.decidable:
            return undecidable(
                len(self.groups),
                self.take,
                self.by,
                self.fmt.text(self.smallest, "p"),
            )
        best, text = (
            self.best,
            say(
                "Pilot in {groups}, which moved most like the others. ",
                groups=self.choices.iloc[0].groups,
            ),
        )
        if best is None:
            return text + say("The history is too short to say what a pilot could show.")
        primary = self.power[(self.power.outcome == self.primary) & self.power.detectable.notna()]
        if best.scaled <= 1:
            text += say(
                "{label} would show the effect wanted in {months}.",
                label=say(LABEL[best.outcome]),
                months=plural(int(best.months), "month"),
            )
        else:
            text += say(
                "No outcome shows the effect wanted within {months}; closest is"
                " {label}, which shows {size} or more in {months_2}.",
                months=plural(LENGTHS[-1], "month"),
                label=say(LABEL[best.outcome]).lower(),
                size=self._size(best),
                months_2=plural(int(best.months), "month"),
            )
        if len(primary) and primary.scaled.min() > 1:
            row = primary.sort_values(["months"], kind="stable").iloc[-1]
            need = pilot_design.longer(row.log, self._log(row), int(row.months))
            text += needed(self.primary, need)
        return text

    def _size(self, row: pd.Series) -> str:
        """The smallest effect seen, without a sign: it is a size."""
        return self.fmt.text(row.detectable, row.unit).lstrip("+")

    def _log(self, row: pd.Series) -> float:
        return (
            float(np.log1p(self.wanted))
            if row.unit == "share"
            else float(self.wanted_points or np.nan)
        )

    def headline(self) -> str:
        if not self.decidable:
            return say(
                "A pilot in {take} of {groups} groups cannot be decided (smallest p"
                " {smallest:.3f}).",
                take=self.take,
                groups=len(self.groups),
                smallest=self.smallest,
            )
        rows = self.power[(self.power.months == self.length) & self.power.detectable.notna()]
        if rows.empty:
            return ""
        row = rows.sort_values("scaled", kind="stable").iloc[0]
        return say(
            "Pilot of {months} in {take} of {groups} groups would show {size} or"
            " more of {label} (smallest p {smallest:.3f}).",
            months=plural(self.length, "month"),
            take=self.take,
            groups=len(self.groups),
            size=self._size(row),
            label=say(LABEL[row.outcome]).lower(),
            smallest=self.smallest,
        )

    def _why(self) -> str:
        """Why no effect could be seen."""
        if self.decidable:
            return say("the history is too short or too few groups move alike")
        return say("too few groups to decide")

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
                method="80 % power of the randomisation test, from changes no pilot caused",
                why=self._why() if is_missing(r.detectable) else None,
            )
            for r in mine.itertuples()
        ]


@section("pilot-plan")
def pilot_plan(book: Book) -> PilotPlan:
    """Which groups to pilot, for how long, on which outcome, and what could be seen. Groups:
    ``[pilot] by``, else the first of team, region, product line with enough.
    """
    gives = say("which groups to pilot, for how long, and the smallest effect that could be seen")
    book.need("orders", "amount", gives=gives)
    found = groups_of(book, FEWEST_GROUPS)
    if found is None:
        raise NotAvailable(
            {},
            gives,
            say(
                "needs at least {fewest_groups} teams, regions or product lines with"
                " sales in every month",
                fewest_groups=FEWEST_GROUPS,
            ),
        )
    by, outcomes = found
    settings, first = book.settings.pilot, outcomes["sales"]
    take = min(settings.take, len(first.members) // 2)
    names = member_names(book).get(by, {})
    labels = [names.get(m, m) for m in first.members]
    paths = first.paths()[:, -12:]
    pairs, pair_numbers = pairs_of(paths, labels)
    points = settings.wanted * outcomes["win_rate"].level() if "win_rate" in outcomes else None
    rows = [
        power_row(panel, take, months, settings, points)
        for panel in outcomes.values()
        for months in LENGTHS
    ]
    primary = settings.outcome if settings.outcome in outcomes else "sales"
    return PilotPlan(
        PilotGroups.make({"member": first.members, "label": labels}),
        choices_of(paths, labels, take),
        pairs,
        PilotPower.make(rows),
        designs_of(outcomes, settings, take, pair_numbers),
        tuple(outcomes),
        primary,
        by,
        take,
        settings.months,
        settings.wanted,
        points,
        settings.cost,
        len(first.months),
        book.as_of,
        book.fmt,
    )
