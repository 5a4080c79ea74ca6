"""The chain from the first dated stage to the win: the same deals all the way."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures.stage_rates import stage_rates
from playbook.methods.intervals import Rate
from playbook.page import Col, Table, table

SOURCES = later(
    (
        "deals won of those decided, trailing 12 months",
        "deals won of those decided, all data",
    )
)


class ChainRates(Frame):
    """One row per step of the chain from the first dated stage to the win: the same deals all the
    way, so that the product of the rates is won ÷ entered.
    """

    step = col.text(later("the step, written from→to"))
    entered = col.count(later("of the deals followed, those that reached its first stage"))
    advanced = col.count(later("of these, reached its second stage or a later one"))
    rate = col.share(later("advanced ÷ entered"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))


def chain_of(book: Book) -> tuple[str, pd.DataFrame]:
    """The chain of rates every chapter uses, and which deals it follows."""
    chain = stage_rates(book)
    rows = []
    for step in chain.steps:
        rate = Rate(step.advanced, step.entered)
        low, high = rate.interval
        rows.append(
            {
                "step": step.name,
                "entered": step.entered,
                "advanced": step.advanced,
                "rate": rate.value,
                "low": low,
                "high": high,
            }
        )
    followed = (
        say("deals of {first} to {last}", first=chain.first, last=chain.last)
        if chain.by_cohort
        else term(chain.source)
    )
    return followed, ChainRates.make(rows)


def chain_table(chain: pd.DataFrame, followed: str, fmt: Formats, as_of: date) -> Table:
    """The chain that needed entries are worked out from (``ChainRates``).

    followed: which deals it follows, as words.
    """
    first, last = chain.iloc[0], chain.iloc[-1]
    rate = Rate(int(last.advanced), int(first.entered))
    total = {
        "step": f"{first.step.split('→')[0]}→{last.step.split('→')[-1]}",
        "entered": rate.n,
        "advanced": int(rate.numerator),
        "rate": rate.value,
        "low": rate.interval[0],
        "high": rate.interval[1],
    }
    columns = [
        Col("step", "name"),
        Col("entered", "count"),
        Col("advanced", "count"),
        Col("rate", "share", "Passed", low="low", high="high"),
    ]
    note = say(
        "The same deals all the way: {followed}, those that have had time to"
        " win; needed entries are worked out from these rates; Wilson 95 %;"
        " as of {as_of}",
        followed=followed,
        as_of=fmt.text(as_of, "date"),
    )
    return table(
        chain,
        columns,
        fmt,
        title=say("The chain from the first stage to the win"),
        note=note,
        total=total,
    )
