"""Each step by member of a dimension: mature cohorts of a window, and who differs from the rest by
more than chance gives among as many comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.names import member_names
from playbook.funnel.dimension_words import dimension_word, source_words
from playbook.funnel.figures.steps import steps_heat
from playbook.funnel.ranking import ABOVE, BELOW, SAME, STEPS_LEVEL, member_rates, with_verdicts
from playbook.funnel.steps.cohorts import rate_steps
from playbook.funnel.windows import bounds
from playbook.page import Col, Figure, Table, table

from .dimensions import usable
from .step_value import mature_cells

FLATTERED = later("not comparable")
COHORT_WINDOWS = {
    "quarter_to_date": later("the quarter to date"),
    "year_to_date": later("the year to date"),
    "trailing_12m": later("the last 12 months"),
    "all": later("all data"),
}


class MemberStepRates(Frame):
    """One row per step and member of the dimension, mature cohorts only."""

    member = col.text(later("the member as the data write it"))
    entered = col.count(later("deals that entered the step"))
    advanced = col.count(later("of these, passed it"))
    rate = col.share(later("advanced ÷ entered"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    shrunk = col.share(
        later("rate, drawn to the rate of all members by empirical Bayes: for ranking")
    )
    p = col.number(later("p against all others at the step, adjusted for every step and member"))
    verdict = col.text(
        later("above the rest, below the rest, as the rest, too few deals or not comparable")
    )
    step = col.text(later("the step, written from→to"))
    label = col.text(later("the member as a page names it"))


@dataclass(frozen=True)
class StepsBy(page.Result):
    """Rates of every step by member of one dimension.

    source: where the dimension comes from. small: fewest deals a verdict is given on.
    """

    table: Annotated[pd.DataFrame, MemberStepRates]
    dimension: str
    source: str
    small: int
    as_of: date
    fmt: Formats
    top: int = 15
    window: str = "trailing_12m"
    section = "conversion-by"

    def figure(self) -> Figure | None:
        return (
            steps_heat(
                self.table, self.dimension, say(COHORT_WINDOWS[self.window]), self.fmt, self.as_of
            )
            if len(self.table)
            else None
        )

    def tables(self) -> list[Table]:
        apart = self.table[self.table.verdict.isin([ABOVE, BELOW])].sort_values(["step", "shrunk"])
        if apart.empty:
            return []
        columns = [
            Col("step"),
            Col("label", "text", dimension_word(self.dimension).capitalize()),
            Col("entered", "count"),
            Col("rate", "share", "Passed", low="low", high="high"),
            Col("shrunk", "share", "For ranking"),
            Col(
                "verdict",
                "term",
                "Reading",
                tone=lambda r: "bad" if r["verdict"] == BELOW else "good",
            ),
        ]
        return [
            table(
                apart,
                columns,
                self.fmt,
                title=say(
                    "Steps by {dimension}: who differs beyond chance",
                    dimension=dimension_word(self.dimension),
                ),
                limit=self.top,
                note=(
                    say(
                        "Mature cohorts of {span}; {dimension} from {source};"
                        " Wilson 95 %; as of {as_of}",
                        span=say(COHORT_WINDOWS[self.window]),
                        dimension=dimension_word(self.dimension),
                        source=source_words(self.source),
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        below = self.table[self.table.verdict == BELOW]
        word = dimension_word(self.dimension)
        if not self.table.verdict.isin([ABOVE, BELOW, SAME]).any():
            return say(
                "No {word} has enough deals at a step to be compared with the rest.", word=word
            )
        if below.empty:
            return say(
                "No {word} passes a step less often than the rest by more than chance.", word=word
            )
        low = below.sort_values(["shrunk", "label"]).iloc[0]
        return say(
            "By {word}, {label} is furthest below the rest: {step} {advanced}.",
            word=word,
            label=low.label,
            step=low.step,
            advanced=self.fmt.rate(low.advanced, low.entered),
        )

    def table_of_all(self) -> Table:
        """Every member at every step, whether or not it differs."""
        word = dimension_word(self.dimension)
        columns = [
            Col("step"),
            Col("label", "text", word.capitalize()),
            Col("entered", "count"),
            Col("rate", "share", "Passed", low="low", high="high"),
            Col("shrunk", "share", "For ranking"),
            Col(
                "verdict",
                "term",
                "Reading",
                tone=lambda r: {ABOVE: "good", BELOW: "bad"}.get(r["verdict"], ""),
            ),
        ]
        return table(
            self.table,
            columns,
            self.fmt,
            title=say(
                "Steps by {word}, {span}",
                word=word,
                span=say(COHORT_WINDOWS[self.window]),
            ),
            limit=3 * self.top,
            note=say(
                "Mature cohorts; Wilson 95 %; as of {as_of}",
                as_of=self.fmt.text(self.as_of, "date"),
            ),
        )

    def notes(self) -> list[str]:
        word = dimension_word(self.dimension)
        flattered = (
            [
                say(
                    "Not comparable: {word} is written down less often for deals that"
                    " stopped than for those that passed, so its rates flatter.",
                    word=word,
                )
            ]
            if (self.table.verdict == FLATTERED).any()
            else []
        )
        return [
            *flattered,
            (
                say(
                    "For ranking, the rate of a small group lies nearer to that of all,"
                    " as far as its number of deals leaves room for luck. Above or below"
                    " the rest is called only what stands out among all steps and"
                    " members compared: where all passed alike, in 2 companies of 100"
                    " anybody would be named. Groups of fewer than {small} deals are"
                    " never called so.",
                    small=self.small,
                )
            ),
        ]


@page.section("conversion-by")
def conversion_by(
    book: Book, dimension: str = "channel", *, window: str = "trailing_12m", top: int = 15
) -> StepsBy:
    """The rate of every step by member of a dimension.

    dimension: channel, rep, region, product_line, industry or customer_type. window:
    quarter_to_date, year_to_date, trailing_12m or all. top: rows of a table.
    """
    deals = deals_of(book)
    if dimension not in deals.dimensions:
        raise NotAvailable(
            {"opportunities": ("rep_id" if dimension == "rep" else dimension,)},
            say("each step's rate by {dimension}", dimension=dimension_word(dimension)),
        )
    first, last = bounds(book, window)
    names, small = member_names(book).get(dimension, {}), book.settings.funnel.min_group
    frames, flattered = [], []
    for step, total in zip(
        rate_steps(deals, book, by=dimension), rate_steps(deals, book), strict=True
    ):
        every = mature_cells(step.counts, total.limit, book)
        every = every[every.month.between(first, last)]
        cells = every.dropna(subset=["member"])
        sums = (
            pd.DataFrame(
                {
                    "entered": cells.groupby("member").n.sum(),
                    "advanced": cells[cells.status == "advanced"].groupby("member").n.sum(),
                }
            )
            .fillna(0)
            .astype(int)
        )
        if len(sums):
            sums = sums.rename_axis("member").reset_index()
            rates = member_rates(sums.advanced, sums.entered)
            one_kind = (every.status == "advanced").nunique() < 2
            if not (one_kind or usable(every, ["member"])):
                flattered.append(step.name)
            frames.append(sums.join(rates).assign(step=step.name))
    if not frames:
        raise NotAvailable(
            {},
            say("each step's rate by {dimension}", dimension=dimension_word(dimension)),
            say("no mature cohort in {span}", span=say(COHORT_WINDOWS[window])),
        )
    found = pd.concat(frames, ignore_index=True)
    # a step whose rates flatter is never compared, and no comparison is paid for it
    trials = found.entered.mask(found.step.isin(flattered), 0)
    passed = found.advanced.mask(found.step.isin(flattered), 0)
    found = with_verdicts(found, passed, trials, found.step, small, STEPS_LEVEL)
    found["verdict"] = found.verdict.mask(found.step.isin(flattered), FLATTERED)
    found["label"] = [names.get(m, m) for m in found.member]
    return StepsBy(
        found[MemberStepRates.names()],
        dimension,
        deals.dimensions[dimension],
        small,
        book.as_of,
        book.fmt,
        top,
        window,
    )
