"""Which measure did what: the simulated company with its measures on, off and moved in time, and
what the published story alone can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing
from playbook.case.benchmarks import aligned
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.blocks import Turn
from playbook.page.kpi import Kpi
from playbook.page.widgets import Choice, explore
from playbook.simulator.days import END

from . import effects
from .effects import OUTCOME, STORY
from .levers import CACHE, LABELS, LEVERS, OUTCOMES, SHIFT, cached, fingerprint, mask_of

WHEN = {"e": f"{SHIFT} months earlier", "1": "on its date", "l": f"{SHIFT} months later"}
POINTS = tuple(o for o in OUTCOMES if OUTCOME[o][1] == "share")


@dataclass(frozen=True)
class Switches(Result):
    """table: outcome, lever, effect, low, high (95 % over seeds). corners: outcome, off, on,
    change, interaction, low, high. pairs: outcome, pair, effect, low, high. moved: code, lever,
    when, outcome, effect, low, high.

    runs: mask, seed, outcomes, as ``levers.runs`` gives them.
    """

    section: ClassVar[str] = "levers"
    table: pd.DataFrame
    corners: pd.DataFrame
    pairs: pd.DataFrame
    moved: pd.DataFrame
    runs: pd.DataFrame
    as_of: date
    fmt: Formats

    @property
    def seeds(self) -> int:
        return int(self.runs.seed.nunique())

    def figure(self) -> Figure:
        from playbook.case.figures.course import lever_bars

        return lever_bars(self)

    def tables(self) -> Sequence[Table]:
        note = (
            f"third quarter of the last year; {self.seeds} simulated companies, each with every"
            " combination of the measures on the same random numbers; 95 % t interval over the"
            " companies; – = the measure does not touch it"
        )
        shown = [
            {
                "outcome": OUTCOME[o][0],
                **{name: self._effect(o, name) for name in LEVERS},
                "all": self._change(o),
            }
            for o in OUTCOMES
        ]
        columns = [
            Col("outcome", weight=1.4),
            *(Col(name, label=LABELS[name]) for name in LEVERS),
            Col("all", label="All together"),
        ]
        first = table(
            pd.DataFrame(shown),
            columns,
            self.fmt,
            title="What each measure contributes (Shapley values)",
            note=note,
        )
        return [
            aligned(first, "r" * (len(LEVERS) + 1)),
            aligned(self._together(), "rrr"),
            self._known(),
        ]

    def _together(self) -> Table:
        """Ends and interaction."""
        top = {
            o: g.sort_values("size", ascending=False, kind="stable").iloc[0]
            for o, g in self.pairs.assign(size=self.pairs.effect.abs()).groupby("outcome")
        }
        rows = [
            {
                "label": OUTCOME[r.outcome][0],
                "off": self.text(r.outcome, r.off),
                "on": self.text(r.outcome, r.on),
                "beyond": self._range(r.outcome, r.interaction, r.low, r.high),
                "pair": (
                    "–"
                    if top[r.outcome].effect == 0
                    else (
                        f"{top[r.outcome].pair}:"
                        f" {self._range(r.outcome, top[r.outcome].effect, top[r.outcome].low, top[r.outcome].high)}"
                    )
                ),
            }
            for r in self.corners.itertuples()
        ]
        columns = [
            Col("label", label="Outcome", weight=1.4),
            Col("off", label="No measure"),
            Col("on", label="All five"),
            Col("beyond", label="Beyond the single effects", weight=1.3),
            Col("pair", label="Pair that adds most to, or takes most from, each other", weight=2.2),
        ]
        return table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title="With no measure, with all, and what they do together",
            note=(
                f"means over {self.seeds} companies; beyond = all five less the sum of each measure"
                " taken alone; pair: Shapley interaction of two measures; 95 % t intervals"
            ),
        )

    def _known(self) -> Table:
        """What can be known of each outcome, in the simulation and from the story."""
        rows = []
        for o in OUTCOMES:
            own = self.table[
                (self.table.outcome == o) & ((self.table.low > 0) | (self.table.high < 0))
            ]
            names = [
                LABELS[name].lower()
                for name in own.sort_values("effect", key=abs, ascending=False, kind="stable").lever
            ]
            rows.append(
                {
                    "label": OUTCOME[o][0],
                    "measured": (
                        "measured: "
                        + (
                            "all five"
                            if len(names) == len(LEVERS)
                            else listing(names, 5)
                            if names
                            else "no measure moves it beyond chance"
                        )
                    ),
                    "story": STORY[o][0],
                    "why": STORY[o][1],
                }
            )
        columns = [
            Col("label", label="Outcome", weight=1.2),
            Col("measured", label="In the simulation", weight=2.2),
            Col(
                "story",
                label="From the story alone",
                tone=lambda r: {"plausible": "warn"}.get(r["story"], "muted"),
            ),
            Col("why", label="Why", weight=2.2),
        ]
        return table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title="Measured, plausible, not identified",
            note=(
                "in the simulation a measure can be switched off, so its effect is measured; in the"
                " story all began in one quarter and nobody waited"
            ),
        )

    def moving(self) -> Table:
        """What starting each measure earlier or later would have done to sales of the nine months
        and to the third quarter.
        """
        rows = []
        for _, group in self.moved.groupby("code", sort=False):
            by = group.set_index("outcome")
            cell = lambda o, by=by: self._range(o, by.effect[o], by.low[o], by.high[o])  # noqa: E731
            rows.append(
                {
                    "what": f"{group.lever.iloc[0]}: {group.when.iloc[0]}",
                    "year": cell("sales_year"),
                    "growth": cell("growth"),
                    "renewal": cell("renewal"),
                    "match": cell("match"),
                }
            )
        columns = [
            Col("what", label="Measure", weight=2.2),
            Col("year", label="Sales January to September", weight=1.6),
            Col("growth", label=OUTCOME["growth"][0], weight=1.4),
            Col("renewal", label=OUTCOME["renewal"][0], weight=1.4),
            Col("match", label=OUTCOME["match"][0]),
        ]
        made = table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title="The same measures at another time",
            note=(
                f"difference from all five on their dates, {self.seeds} companies on the same"
                " random numbers, 95 % t interval; – = no difference"
            ),
        )
        return aligned(made, "rrrr")

    def row(self, outcome: str, lever: str) -> pd.Series:
        return self.table[(self.table.outcome == outcome) & (self.table.lever == lever)].iloc[0]

    def _effect(self, outcome: str, lever: str) -> str:
        r = self.row(outcome, lever)
        return self._range(outcome, r.effect, r.low, r.high)

    def _range(self, outcome: str, effect: float, low: float, high: float) -> str:
        if abs(low) < 1e-9 and abs(high) < 1e-9:
            return "–"
        return (
            f"{self.signed(outcome, effect)} [{self._bare(outcome, low)};"
            f" {self._bare(outcome, high)}]"
        )

    def _bare(self, outcome: str, value: float) -> str:
        """An end of an interval, without its unit."""
        unit = OUTCOME[outcome][1]
        if unit == "money":
            return self.signed(outcome, value)
        return self.fmt.text(
            value * 100 if unit == "share" else value,
            "number",
            sign=True,
            decimals=0 if unit == "count" else 1,
        )

    def _change(self, outcome: str) -> str:
        return self.signed(outcome, self.corners.set_index("outcome").change[outcome])

    def text(self, outcome: str, value: float) -> str:
        unit = OUTCOME[outcome][1]
        return self.fmt.text(
            value,
            unit,
            decimals=None if unit == "money" else 1 if unit != "count" else 0,
            compact=unit == "money",
        )

    def signed(self, outcome: str, value: float) -> str:
        unit = "pp" if OUTCOME[outcome][1] == "share" else OUTCOME[outcome][1]
        return self.fmt.text(
            value,
            unit,
            sign=True,
            decimals=None if unit == "money" else 1 if unit != "count" else 0,
            compact=unit == "money",
        )

    def reading(self) -> str:
        growth = self.table[self.table.outcome == "growth"].sort_values("effect", ascending=False)
        ends = self.corners.set_index("outcome").loc["growth"]
        best = [
            f"{LABELS[r.lever].lower()} {self.signed('growth', r.effect)}"
            for r in growth.head(3).itertuples()
        ]
        early = self.moved[
            (self.moved.code == "e" * len(LEVERS)) & (self.moved.outcome == "sales_year")
        ].iloc[0]
        return (
            "Without any measure growth in the simulated company would have been"
            f" {self.text('growth', ends.off)}, with all five {self.text('growth', ends.on)}. Of"
            f" the difference, {listing(best)}. All five {SHIFT} months earlier would have brought"
            f" {self.signed('sales_year', early.effect)} of sales by September. These are the"
            " shares built into the simulation; the published story, in which everything began in"
            " one quarter, could not have told them apart."
        )

    def headline(self) -> str:
        growth = (
            self.table[self.table.outcome == "growth"]
            .sort_values("effect", ascending=False)
            .iloc[0]
        )
        return (
            "Levers: all five"
            f" {self.signed('growth', self.corners.set_index('outcome').change['growth'])} of"
            f" growth; most from {LABELS[growth.lever].lower()}"
            f" ({self.signed('growth', growth.effect)})."
        )

    def notes(self) -> Sequence[str]:
        return (
            (
                "The sample's tables are one draw of this simulation, the one fitted to the"
                " published figures; the companies counted here are other draws of the same"
                " parameters, so their levels differ from the story's by chance. The effects are"
                " assumptions of the simulation made visible, not evidence about any firm."
            ),
            (
                "A measure that shortens the way to a win moves deals forward once: begun later, it"
                " helps the third quarter more and the nine months less."
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
            if r.outcome in POINTS
        ]


@section("levers")
def levers(book: Book) -> Switches:
    """Contributions of the case's five measures, from the cached simulation of all their
    combinations.
    """
    gives = "what each of the case's measures contributes in the simulated company"
    if not book.settings.case.company:
        raise NotAvailable(
            {},
            gives,
            "belongs to the case's simulated company; this book's own measures can be judged by a"
            " pilot, below",
        )
    if book.as_of < END:
        raise NotAvailable(
            {},
            gives,
            f"speaks of outcomes known on {book.fmt.text(END, 'date')}, after the report month",
        )
    if not CACHE.exists():
        raise NotAvailable(
            {}, gives, "needs the simulated combinations: run python -m playbook.replay"
        )
    runs, _ = cached()
    return Switches(
        effects.contributions(runs),
        effects.corners(runs),
        effects.pairs(runs),
        effects.moved(runs),
        runs,
        book.as_of,
        book.fmt,
    )


def stale() -> bool:
    """Whether the parameters have changed since the cached runs were made."""
    return cached()[1] != fingerprint()


def combination(result: Switches, on: Sequence[str]) -> Table:
    """Outcomes with the measures of ``on``, beside none and all."""
    named = listing([LABELS[name].lower() for name in on], 5)
    return aligned(
        table(
            _beside(result, mask_of(on)),
            _COLUMNS,
            result.fmt,
            title=f"The company with: {named}",
            note=f"means over {result.seeds} simulated companies",
        ),
        "rrr",
    )


_COLUMNS = [
    Col("outcome", weight=1.6),
    Col("none", label="No measure"),
    Col("chosen", label="As chosen"),
    Col("every", label="All five"),
]


def _beside(result: Switches, code: str) -> pd.DataFrame:
    means = result.runs.groupby("mask")[list(OUTCOMES)].mean()
    return pd.DataFrame(
        [
            {
                "outcome": OUTCOME[o][0],
                "none": result.text(o, means.at[mask_of(()), o]),
                "chosen": result.text(o, means.at[code, o]),
                "every": result.text(o, means.at[mask_of(LEVERS), o]),
            }
            for o in OUTCOMES
        ]
    )


def switchboard(result: Switches) -> Table:
    """A table with a switch per measure, for a page nobody computes behind: every combination is in
    it.
    """
    note = (
        f"means over {result.seeds} simulated companies; outcomes of the third quarter of the last"
        " year, sales of its nine months"
    )
    versions = {
        "-".join(map(str, state)): (
            table(_beside(result, "".join(map(str, state))), _COLUMNS, result.fmt, title="").rows
        )
        for state in product((0, 1), repeat=len(LEVERS))
    }
    shown = aligned(
        table(
            _beside(result, "00100"),
            _COLUMNS,
            result.fmt,
            title="The company with channels and funnel alone",
            note=note,
        ),
        "rrr",
    )
    turns = tuple(Turn(LABELS[name], start=int(name == "funnel")) for name in LEVERS)
    return Table(
        shown.title,
        shown.head,
        shown.rows,
        shown.align,
        shown.note,
        weights=shown.weights,
        choices=turns,
        versions=versions,
        turn="The company with the measures you choose",
    )


def clock(result: Switches) -> Table:
    """A table with two choices: a measure (or all), and when it begins, the others on their dates."""
    columns = [
        *_COLUMNS[:1],
        Col("every", label="All on their dates"),
        Col("chosen", label="As chosen"),
    ]
    whose = [*range(len(LEVERS)), None]
    made = {
        f"{i}-{j}": (
            table(_beside(result, _moved(which, letter)), columns, result.fmt, title="").rows
        )
        for i, which in enumerate(whose)
        for j, letter in enumerate(WHEN)
    }
    shown = aligned(
        table(
            _beside(result, _moved(None, "e")),
            columns,
            result.fmt,
            title=f"The company with all five {WHEN['e']}",
            note=(
                f"means over {result.seeds} simulated companies; a measure's own date is the first"
                " of April"
            ),
        ),
        "rr",
    )
    turns = (
        Turn("Measure", (*(LABELS[name] for name in LEVERS), "all five"), len(LEVERS)),
        Turn("Begins", tuple(WHEN.values()), 0),
    )
    return Table(
        shown.title,
        shown.head,
        shown.rows,
        shown.align,
        shown.note,
        weights=shown.weights,
        choices=turns,
        versions=made,
        turn="The company with a measure moved in time",
    )


def _moved(which: int | None, letter: str) -> str:
    """Code with one measure (None: all) as ``letter`` says and the others on their dates."""
    return "".join(letter if which in (None, i) else "1" for i in range(len(LEVERS)))


def try_levers(result: Result) -> None:
    """A switch per measure: live ones where someone computes, else a page's own."""
    static = [switchboard(result)] if isinstance(result, Switches) else None
    explore(
        lambda **on: combination(result, [name for name in LEVERS if on[name] == "on"]),
        {name: Choice(LABELS[name], ("on", "off")) for name in LEVERS},
        static=static,
        missing=result,
    )  # type: ignore[arg-type]


def try_timing(result: Result) -> None:
    """A measure earlier or later: live where someone computes, else a page's own choice; and the
    table of all.
    """
    static = [clock(result), result.moving()] if isinstance(result, Switches) else None
    whose, when = (
        {**{LABELS[name]: i for i, name in enumerate(LEVERS)}, "all five": None},
        {words: letter for letter, words in WHEN.items()},
    )
    columns = [
        *_COLUMNS[:1],
        Col("every", label="All on their dates"),
        Col("chosen", label="As chosen"),
    ]
    explore(
        lambda measure, begins: table(
            _beside(result, _moved(whose[measure], when[begins])),
            columns,
            result.fmt,
            title=f"{measure}: {begins}",
            note=f"means over {result.seeds} simulated companies",
        ),  # type: ignore[arg-type]
        {"measure": Choice("Measure", tuple(whose)), "begins": Choice("Begins", tuple(when))},
        static=static,
        missing=result,
    )


__all__ = [
    "Switches",
    "clock",
    "combination",
    "levers",
    "stale",
    "switchboard",
    "try_levers",
    "try_timing",
]
