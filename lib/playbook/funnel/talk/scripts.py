"""The script library: each objection the team met, what it cost, and what to answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, listing, plural
from playbook.base.language import later, say
from playbook.base.settings import Script
from playbook.base.settings.funnel import SCRIPTS
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.reasons import objection_counts
from playbook.funnel.money.ownership import Ownership, ownership, sentence
from playbook.funnel.windows import inside
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, Worksheet, table

from .wording import tidy


class ObjectionScripts(Frame):
    """One row per objection of the last 12 months, the costliest first."""

    objection = col.text(later("the objection as written, blanks and capitals aside"))
    n = col.count("deals")
    won = col.count(later("of these, won"))
    lost = col.count(later("of these, lost"))
    priced = col.count(later("of the lost, those with an amount"))
    amount = col.money(later("their expected amount; empty where none has one"))
    rate = col.share(later("won ÷ (won + lost)"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    script = col.text(later("name of the script in the library; empty = none"))
    say = col.text(later("what to answer"))
    show = col.text(later("what to show"))


@dataclass(frozen=True)
class Scripts(page.Result):
    """Objections of the last 12 months with the answer to use."""

    table: Annotated[pd.DataFrame, ObjectionScripts]
    as_of: date
    currency: str
    fmt: Formats
    section = "scripts"

    @property
    def missing(self) -> list[str]:
        """Objections the library has no answer to, the costliest first."""
        return list(self.table.objection[self.table.script == ""])

    def tables(self) -> list[Table]:
        shown = self.table.assign(
            say=[s or say("no script yet: write one with those who won") for s in self.table.say]
        )
        columns = [
            Col("objection", "text", "Objection"),
            Col("n", "count", "Deals"),
            Col("rate", "share", "Won ÷ decided"),
            Col("amount", "money", "Lost with it", compact=True),
            Col("say", "text", "What to answer", weight=4),
            Col("show", "text", "What to show", weight=2),
        ]
        return [
            table(
                shown,
                columns,
                self.fmt,
                title=say("Objections and the script to use"),
                note=(
                    say(
                        "{currency}, expected amounts of lost deals; last 12 months; as of {as_of}",
                        currency=self.currency,
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
                limit=12,
            )
        ]

    def reading(self) -> str:
        if self.table.empty:
            return say("No objection is on record in the last 12 months.")
        fmt, top = self.fmt, self.table.iloc[0]
        decided = top.won + top.lost
        if top.priced:
            text = say(
                "The costliest objection is {objection}: {amount} lost in {deals}",
                objection=top.objection,
                amount=fmt.money(top.amount, compact=True),
                deals=plural(int(top.priced), "deal"),
            )
        else:
            text = say(
                "The most frequent objection is {objection}: {deals}",
                objection=top.objection,
                deals=plural(int(top.n), "deal"),
            )
        if top.rate == top.rate:
            text += say(
                "; {won} of its decided deals are won all the same", won=fmt.rate(top.won, decided)
            )
        text += say(".")
        return text + (
            say(" The library has no answer yet to {missing}.", missing=listing(self.missing))
            if self.missing
            else ""
        )

    def notes(self) -> list[str]:
        return [
            say(
                "A script is found by its name or one of its words in what the team"
                " wrote. The library is a setting of the book (funnel.scripts): the"
                " firm's own answers replace the stock ones."
            )
        ]

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("objection", say("Objection"), "text"),
            ("n", say("Deals"), "count"),
            ("won", say("Won"), "count"),
            ("lost", say("Lost"), "count"),
            ("rate", say("Won of decided"), "share"),
            ("amount", say("Lost with it"), "money"),
            ("say", say("What to answer"), "text"),
            ("show", say("What to show"), "text"),
        )
        return (
            [
                Worksheet(
                    say("Objection scripts"),
                    keys,
                    tuple(
                        tuple(row[k] for k, _, _ in keys) for row in self.table.to_dict("records")
                    ),
                )
            ]
            if len(self.table)
            else []
        )


@page.section("scripts")
def scripts(book: Book) -> Scripts:
    """Each objection with what it cost and the script to use. Needs opportunities.objection."""
    book.need(
        "opportunities",
        "objection",
        gives=say("the objections met, what they cost, and the answer to each"),
    )
    deals = deals_of(book)
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    counts = objection_counts(deals, stage)
    counts = counts[inside(counts.month, book, "trailing_12m") & counts.objection.notna()]
    sums = (
        counts.assign(objection=[tidy(o) for o in counts.objection])
        .groupby("objection")[["n", "won", "lost", "priced", "amount"]]
        .sum()
        .reset_index()
    )
    decided = sums.won + sums.lost
    low, high = wilson(sums.won.to_numpy(), decided.to_numpy()) if len(sums) else ([], [])
    compared = ownership(book)
    found = [find(o, book.settings.funnel.scripts) for o in sums.objection]
    losses = bool(counts.lost.sum())  # a win rate needs losses on record
    sums = sums.assign(
        amount=sums.amount.where(sums.priced > 0),
        rate=sums.won / decided.where((decided > 0) & losses, np.nan),
        low=low,
        high=high,
        script=[s.objection if s else "" for s in found],
        say=[
            answer(s, compared.ours, compared.theirs, compared.given, book.fmt) if s else ""
            for s in found
        ],
        show=[in_words(s, s.show) if s else "" for s in found],
    )
    return Scripts(
        sums.sort_values(
            ["amount", "n", "objection"], ascending=[False, False, True], kind="stable"
        ).reset_index(drop=True),
        book.as_of,
        book.currency,
        book.fmt,
    )


def find(objection: str, library: list[Script]) -> Script | None:
    """The script to use: the one of that name, else the first whose name or one of whose words
    occurs in what was written.
    """
    text = tidy(objection)
    named = [s for s in library if tidy(s.objection) == text]
    return next(
        iter(
            named
            or [s for s in library if any(_occurs(tidy(w), text) for w in (s.objection, *s.words))]
        ),
        None,
    )


def _occurs(word: str, text: str) -> bool:
    """Whether a word stands in a text: from its beginning on where words are set apart ("fit" is
    not in "profit"), anywhere where they are not.
    """
    return bool(re.search(rf"\b{re.escape(word)}", text)) if word.isascii() else word in text


def in_words(script: Script, text: str) -> str:
    """What a script says: of a stock one in the language spoken, of the firm's own as it stands."""
    return say(text) if script in SCRIPTS else text


def answer(script: Script, ours: Ownership, theirs: Ownership, given: bool, fmt: Formats) -> str:
    """The script's answer with the comparison of yearly costs put in; without figures of the firm's
    own, how to make the comparison.
    """
    compared = (
        sentence(ours, theirs, fmt)
        if given
        else say(
            "what a year of use costs, over the life of each offer (price ÷ life + running cost)."
        )
    )
    return in_words(script, script.say).replace("{ownership}", compared)
