"""Which measure did what: the simulated company with its measures on, off and moved in time, and
what the published story alone can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing
from playbook.base.language import say
from playbook.case.alignment import aligned
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.simulator.days import END
from playbook.simulator.outcomes import OUTCOMES

from .assumptions import assumed_table
from .cancelling import cancelled
from .codes import LABELS, LEVERS, SHIFT
from .effects import LeverContributions, Runs, contributions
from .evidence import evidence_table
from .runs import CACHE, cached
from .timing import LeverTiming, moved
from .together import LeverEnds, LeverPairs, corners, pairs, together_table
from .wording import OUTCOME, SHARE_OUTCOMES, OutcomeFormats


@dataclass(frozen=True)
class LeverEffects(Result):
    """Effects of the five measures in the simulated company: contributions, what they do together,
    and what another date does; ``runs`` holds the companies they are computed from.
    """

    section: ClassVar[str] = "levers"
    table: Annotated[pd.DataFrame, LeverContributions]
    corners: Annotated[pd.DataFrame, LeverEnds]
    pairs: Annotated[pd.DataFrame, LeverPairs]
    moved: Annotated[pd.DataFrame, LeverTiming]
    runs: Annotated[pd.DataFrame, Runs]
    as_of: date
    fmt: Formats

    @property
    def seeds(self) -> int:
        """Number of simulated companies."""
        return int(self.runs.seed.nunique())

    @property
    def wording(self) -> OutcomeFormats:
        """How values and effects of the outcomes are written."""
        return OutcomeFormats(self.fmt)

    def figure(self) -> Figure:
        from playbook.case.figures.levers import lever_bars

        growth = self.table[self.table.outcome == "growth"]
        return lever_bars(
            growth,
            {name: say(label) for name, label in LABELS.items()},
            self.fmt,
            seeds=self.seeds,
            as_of=self.as_of,
        )

    def tables(self) -> Sequence[Table]:
        return [
            self._contributions(),
            self._one_company(),
            assumed_table(self.fmt),
            together_table(self.corners, self.pairs, self.seeds, self.fmt),
            evidence_table(self.table, self.fmt),
        ]

    def _contributions(self) -> Table:
        """Outcomes by measures, each effect with its interval, and the change by all together."""
        change, wording = self.corners.set_index("outcome").change, self.wording
        rows: list[dict[str, str]] = [
            {"outcome": OUTCOME[o][0], "all": wording.signed(o, change[o])} for o in OUTCOMES
        ]
        place = {o: row for o, row in zip(OUTCOMES, rows, strict=True)}
        for r in self.table.itertuples():
            place[r.outcome][r.lever] = wording.interval(r.outcome, r.effect, r.low, r.high)
        columns = [
            Col("outcome", "term", weight=1.4),
            *(Col(name, label=LABELS[name]) for name in LEVERS),
            Col("all", label="All together"),
        ]
        made = table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title=say("What each measure contributes (Shapley values)"),
            note=(
                say(
                    "third quarter of the last year; {seeds} simulated companies, each"
                    " with every combination of the measures on the same random numbers;"
                    " 95 % t interval over the companies; – = the measure does not touch"
                    " it",
                    seeds=self.seeds,
                )
            ),
        )
        return aligned(made, "r" * (len(LEVERS) + 1))

    def _one_company(self) -> Table:
        """Growth by measure: the mean's interval beside the range of single companies. Firms are
        single companies: the interval of the mean would promise too much.
        """
        growth, wording = self._largest_on_growth(), self.wording
        total = float(growth.effect.sum())
        rows = [
            {
                "lever": LABELS[r.lever],
                "mean": wording.interval("growth", r.effect, r.low, r.high),
                "one": (
                    say(
                        "{signed} to {signed_2}",
                        signed=wording.signed("growth", r.one_low),
                        signed_2=wording.signed("growth", r.one_high),
                    )
                ),
                "share": r.effect / total if total else None,
            }
            for r in growth.itertuples()
        ]
        columns = [
            Col("lever", "term", "Measure", weight=1.6),
            Col("mean", label="Mean of the companies [95 % interval]", weight=1.4),
            Col("one", label="One company: nine in ten lie within", weight=1.4),
            Col("share", "share", "Of the change"),
        ]
        made = table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title=say("Growth by measure: the mean, and what one company sees"),
            note=(
                say(
                    "{seeds} simulated companies; the interval says how well the mean is"
                    " known, the range what chance does to a single company with the"
                    " same measures",
                    seeds=self.seeds,
                )
            ),
        )
        return aligned(made, "rrr")

    def _largest_on_growth(self) -> pd.DataFrame:
        """Contributions to growth, the largest first."""
        growth = self.table[self.table.outcome == "growth"]
        return growth.sort_values("effect", ascending=False)

    def reading(self) -> str:
        growth, wording = self._largest_on_growth(), self.wording
        ends = self.corners.set_index("outcome").loc["growth"]
        best = [
            say(
                "{label} {value}",
                label=say(LABELS[r.lever]).lower(),
                value=wording.signed("growth", r.effect),
            )
            for r in growth.head(3).itertuples()
        ]
        early = self.moved[
            (self.moved.code == "e" * len(LEVERS)) & (self.moved.outcome == "sales_year")
        ].iloc[0]
        return say(
            "Without any measure growth in the simulated company would have been"
            " {value}, with all five {value_2}. Of the difference, {best}. All"
            " five {shift} months earlier would have brought {signed} of sales"
            " by September. These are the shares built into the simulation; the"
            " published story, in which everything began in one quarter, could"
            " not have told them apart.",
            value=wording.text("growth", ends.off),
            value_2=wording.text("growth", ends.on),
            best=listing(best),
            shift=SHIFT,
            signed=wording.signed("sales_year", early.effect),
        )

    def headline(self) -> str:
        first, wording = self._largest_on_growth().iloc[0], self.wording
        return say(
            "Levers: all five {signed} of growth; most from {labels} ({signed_2}).",
            signed=wording.signed("growth", self.corners.set_index("outcome").change["growth"]),
            labels=say(LABELS[first.lever]).lower(),
            signed_2=wording.signed("growth", first.effect),
        )

    def notes(self) -> Sequence[str]:
        return (
            *cancelled(self.table, self.wording),
            (
                say(
                    "The sample's tables are one draw of this simulation, the one fitted"
                    " to the published figures; the companies counted here are other"
                    " draws of the same parameters, so their levels differ from the"
                    " story's by chance. The effects are assumptions of the simulation"
                    " made visible, not evidence about any firm."
                )
            ),
            (
                say(
                    "A measure that shortens the way to a win moves deals forward once:"
                    " begun later, it helps the third quarter more and the nine months"
                    " less."
                )
            ),
        )

    def kpis(self) -> Sequence[Kpi]:
        return [
            Kpi(
                "lever.effect",
                "all",
                float(r.effect),
                "pp",
                {"lever": r.lever, "outcome": r.outcome},
                float(r.low),
                float(r.high),
                n=self.seeds,
                method="Shapley value, 95 % t interval over simulated companies",
            )
            for r in self.table.itertuples()
            if r.outcome in SHARE_OUTCOMES
        ]


@section("levers")
def levers(book: Book) -> LeverEffects:
    """Contributions of the case's five measures, from the cached simulation of all their
    combinations.
    """
    gives = say("what each of the case's measures contributes in the simulated company")
    if not book.settings.case.company:
        raise NotAvailable(
            {},
            gives,
            say(
                "belongs to the case's simulated company; this book's own measures"
                " can be judged by a pilot, below"
            ),
        )
    if book.as_of < END:
        raise NotAvailable(
            {},
            gives,
            say(
                "speaks of outcomes known on {end}, after the report month",
                end=book.fmt.text(END, "date"),
            ),
        )
    if not CACHE.exists():
        raise NotAvailable(
            {}, gives, say("needs the simulated combinations: run python -m playbook.case")
        )
    runs, _ = cached()
    return LeverEffects(
        contributions(runs),
        corners(runs),
        pairs(runs),
        moved(runs),
        runs,
        book.as_of,
        book.fmt,
    )
