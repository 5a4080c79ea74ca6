"""Which measure did what: the simulated company with its measures on and off, and what the published story alone can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing
from playbook.base.kpi import Kpi
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.widgets import Choice, explore

from .course import BY_KEY
from .days import END
from .levers import CACHE, LABELS, LEVERS, OUTCOMES, cached, fingerprint, mask_of, shapley

POINTS = ("growth", "returning", "renewal", "churn", "match", "objection")
# What the published story, with every measure begun in one quarter and no control group, lets one say about each outcome.
STORY = {"renewal": "plausible: the value reviews aim at it, but the awards and objectives began the same quarter", "churn": "not identified: one figure only",
         "match": "plausible: closing two channels changes the mix at once, and no other measure touches leads", "objection": "plausible: the calculator aims at it; training began the same quarter",
         "cycle": "not identified: tools, training and easier customers all shorten it", "growth": "not identified: five measures, one quarter, a weak base", "returning": "not identified: fewer new customers raise it too",
         "won": "not identified: no figure published"}


@dataclass(frozen=True)
class Switches(Result):
    """table: outcome, lever, effect, low, high (95 % over seeds). corners: outcome, off, on, change, interaction. runs: mask, seed, outcomes."""

    section: ClassVar[str] = "levers"
    table: pd.DataFrame
    corners: pd.DataFrame
    runs: pd.DataFrame
    as_of: date
    fmt: Formats

    @property
    def seeds(self) -> int:
        return int(self.runs.seed.nunique())

    def figure(self) -> Figure:
        from .figures import lever_bars
        return lever_bars(self)

    def tables(self) -> Sequence[Table]:
        note = (f"third quarter of the last year; {self.seeds} simulated companies, each with every combination of the measures on the same random numbers; 95 % t interval over the companies; – = the measure does not touch it")
        shown = [{"outcome": BY_KEY[o].label, **{name: self._effect(o, name) for name in LEVERS}, "all": self._change(o)} for o in OUTCOMES]
        columns = [Col("outcome", weight=1.4), *(Col(name, label=LABELS[name]) for name in LEVERS), Col("all", label="All together")]
        first = table(pd.DataFrame(shown), columns, self.fmt, title="What each measure contributes (Shapley values)", note=note)
        ends = self.corners.assign(label=[BY_KEY[o].label for o in self.corners.outcome], off_text=[self._text(o, v) for o, v in zip(self.corners.outcome, self.corners.off, strict=True)],
                                   on_text=[self._text(o, v) for o, v in zip(self.corners.outcome, self.corners.on, strict=True)], beyond=[self._signed(o, v) for o, v in zip(self.corners.outcome, self.corners.interaction, strict=True)],
                                   story=[STORY[o] for o in self.corners.outcome])
        second = table(ends, [Col("label", label="Outcome", weight=1.2), Col("off_text", label="No measure"), Col("on_text", label="All five"), Col("beyond", label="Beyond the single effects"), Col("story", label="What the story alone shows", weight=2.6)],
                       self.fmt, title="With no measure and with all; and what can be known without a simulation", note=f"means over {self.seeds} companies; beyond = all five less the sum of each measure taken alone")
        return [first, second]

    def row(self, outcome: str, lever: str) -> pd.Series:
        return self.table[(self.table.outcome == outcome) & (self.table.lever == lever)].iloc[0]

    def _effect(self, outcome: str, lever: str) -> str:
        r = self.row(outcome, lever)
        if r.low == r.high == 0:
            return "–"
        return f"{self._signed(outcome, r.effect)} [{self._signed(outcome, r.low)}; {self._signed(outcome, r.high)}]"

    def _change(self, outcome: str) -> str:
        r = self.corners.set_index("outcome").loc[outcome]
        return self._signed(outcome, r.change)

    def _text(self, outcome: str, value: float) -> str:
        return self.fmt.text(value, BY_KEY[outcome].unit, decimals=1 if BY_KEY[outcome].unit != "count" else 0)

    def _signed(self, outcome: str, value: float) -> str:
        unit = "pp" if BY_KEY[outcome].unit == "share" else BY_KEY[outcome].unit
        return self.fmt.text(value, unit, sign=True, decimals=1 if unit != "count" else 0)

    def reading(self) -> str:
        growth = self.table[self.table.outcome == "growth"].sort_values("effect", ascending=False)
        ends = self.corners.set_index("outcome").loc["growth"]
        best = [f"{LABELS[r.lever].lower()} {self._signed('growth', r.effect)}" for r in growth.head(3).itertuples()]
        return (f"Without any measure the simulated company would have grown by {self._text('growth', ends.off)}, with all five by {self._text('growth', ends.on)}. Of the difference, {listing(best)}. "
                "These are the shares built into the simulation; the published story, in which everything began in one quarter, could not have told them apart.")

    def headline(self) -> str:
        growth = self.table[self.table.outcome == "growth"].sort_values("effect", ascending=False).iloc[0]
        return f"Levers: all five {self._signed('growth', self.corners.set_index('outcome').change['growth'])} of growth; most from {LABELS[growth.lever].lower()} ({self._signed('growth', growth.effect)})."

    def notes(self) -> Sequence[str]:
        return ("The sample's tables are one draw of this simulation, the one fitted to the published figures; the companies counted here are other draws of the same parameters, so their levels differ from the story's by chance. "
                "The effects are assumptions of the simulation made visible, not evidence about any firm.",)

    def kpis(self) -> Sequence[Kpi]:
        return [Kpi("lever.effect", "all", float(r.effect), "pp", {"lever": r.lever, "outcome": r.outcome}, float(r.low), float(r.high), n=self.seeds, method="Shapley value, 95 % t interval over simulated companies")
                for r in self.table.itertuples() if r.outcome in POINTS]


@section("levers")
def levers(book: Book) -> Switches:
    """Contributions of the case's five measures, from the cached simulation of all their combinations."""
    gives = "what each of the case's measures contributes in the simulated company"
    if not book.settings.case.company:
        raise NotAvailable({}, gives, "belongs to the case's simulated company; this book's own measures can be judged by a pilot, below")
    if book.as_of < END:
        raise NotAvailable({}, gives, f"speaks of outcomes known on {book.fmt.text(END, 'date')}, after the report month")
    if not CACHE.exists():
        raise NotAvailable({}, gives, "needs the simulated combinations: run python -m playbook.replay.levers")
    runs, _ = cached()
    return Switches(contributions(runs), corners(runs), runs, book.as_of, book.fmt)


def contributions(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean Shapley value per outcome and measure with a 95 % t interval over the seeds."""
    rows = []
    for outcome in OUTCOMES:
        each = pd.DataFrame([shapley(dict(zip(g["mask"], g[outcome], strict=True))) for _, g in runs.groupby("seed", sort=True)])
        half = stats.t.ppf(0.975, len(each) - 1) * each.std(ddof=1) / np.sqrt(len(each)) if len(each) > 1 else each.iloc[0] * np.nan
        rows += [{"outcome": outcome, "lever": name, "effect": each[name].mean(), "low": each[name].mean() - half[name], "high": each[name].mean() + half[name]} for name in LEVERS]
    return pd.DataFrame(rows)


def corners(runs: pd.DataFrame) -> pd.DataFrame:
    """Per outcome: mean with no measure and with all, the change, and what all give beyond the sum of the single effects."""
    means = runs.groupby("mask")[list(OUTCOMES)].mean()
    none, every = means.loc[mask_of(())], means.loc[mask_of(LEVERS)]
    alone = sum(means.loc[mask_of((name,))] - none for name in LEVERS)
    return pd.DataFrame([{"outcome": o, "off": none[o], "on": every[o], "change": every[o] - none[o], "interaction": every[o] - none[o] - alone[o]} for o in OUTCOMES])


def stale() -> bool:
    """Whether the parameters have changed since the cached runs were made."""
    return cached()[1] != fingerprint()


def combination(result: Switches, on: Sequence[str]) -> Table:
    """Outcomes with the measures of ``on``, beside none and all."""
    means = result.runs.groupby("mask")[list(OUTCOMES)].mean()
    rows = [{"outcome": BY_KEY[o].label, "none": result._text(o, means.loc[mask_of(()), o]), "chosen": result._text(o, means.loc[mask_of(on), o]), "every": result._text(o, means.loc[mask_of(LEVERS), o])} for o in OUTCOMES]
    named = listing([LABELS[name].lower() for name in on], 5)
    return table(pd.DataFrame(rows), [Col("outcome", weight=1.4), Col("none", label="No measure"), Col("chosen", label="Chosen"), Col("every", label="All five")], result.fmt, title=f"The company with: {named}",
                 note=f"means over {result.seeds} simulated companies")


def try_levers(result: Result) -> None:
    """A switch per measure; in batch the company with the funnel measure alone."""
    static = combination(result, ("funnel",)) if isinstance(result, Switches) else None
    explore(lambda **on: combination(result, [name for name in LEVERS if on[name] == "on"]), {name: Choice(LABELS[name], ("on", "off")) for name in LEVERS}, static=static, missing=result)  # type: ignore[arg-type]
