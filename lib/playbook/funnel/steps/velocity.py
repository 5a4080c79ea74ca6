"""Sales velocity: open deals × win rate × average win ÷ cycle, now and a year before, and which of
the four moved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.data.measures.facts import degenerate
from playbook.funnel.windows import bounds
from playbook.methods.attribution import product_split
from playbook.methods.intervals import wilson
from playbook.methods.survival import quantile
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi

from .velocity_columns import VelocityChange, VelocityParts

NOW, BEFORE = "now", later("year before")


@dataclass(frozen=True)
class Velocity(page.Result):
    """The four factors and their product, now and a year before.

    why: why the year before is not known, else empty. undated: open deals without a day of
    creation.
    """

    table: Annotated[pd.DataFrame, VelocityParts]
    change: Annotated[pd.DataFrame, VelocityChange]
    why: str
    as_of: date
    currency: str
    fmt: Formats
    section = "velocity"

    def row(self, time: str = NOW) -> dict | None:
        """The parts of one time; None where they are not known."""
        rows = self.table[self.table.time == time]
        return None if rows.empty else rows.iloc[0].to_dict()

    def tables(self) -> list[Table]:
        fmt, day = self.fmt, self.fmt.text(self.as_of, "date")
        rows = self.table.assign(
            time=[
                say("12 months to the month") if time == NOW else say("the year before")
                for time in self.table.time
            ]
        )
        columns = [
            Col("time", "text", "Time"),
            Col("open", "count", "Open deals"),
            Col("win_rate", "share", "Won ÷ decided", low="low", high="high"),
            Col("decided", "count", "Decided"),
            Col("size", "money", "Average win"),
            Col("priced", "count", "Priced wins"),
            Col("cycle", "days", "Days to win"),
            Col("timed", "count", "Dated wins"),
            Col("velocity", "money", "A day"),
        ]
        note = say(
            "{currency}; open deals × win rate × average win ÷ median days to win; as of {day}",
            currency=self.currency,
            day=day,
        )
        found = [table(rows, columns, fmt, title=say("Sales velocity"), note=note)]
        if len(self.change):
            text = [
                [fmt.text(value, unit) for value, unit in zip(rows, self.change.unit, strict=True)]
                for rows in (self.change.before, self.change.now)
            ]
            found.append(
                table(
                    self.change.assign(before=text[0], now=text[1]),
                    [
                        Col("factor", "term", "Factor"),
                        Col("before", "text", "The year before", align="r"),
                        Col("now", "text", "Now", align="r"),
                        Col("change", "money", "Change a day", sign=True),
                    ],
                    fmt,
                    title=say("What moved the velocity"),
                    note=say(
                        "{currency}; average over all orders of change (Shapley)",
                        currency=self.currency,
                    ),
                    total={"factor": say("Whole change"), "change": self.change.change.sum()},
                )
            )
        return found

    def reading(self) -> str:
        fmt, now = self.fmt, self.row()
        if now is None:
            return ""
        text = say(
            "{open_deals} at {won} won, {size} a win ({wins}) and {cycle} to a"
            " win ({wins_2}) make {velocity} a day.",
            open_deals=plural(int(now["open"]), "open deal"),
            won=fmt.rate(now["won"], now["decided"]),
            size=fmt.money(now["size"], compact=True),
            wins=plural(int(now["priced"]), "win"),
            cycle=fmt.text(now["cycle"], "days"),
            wins_2=plural(int(now["timed"]), "win"),
            velocity=fmt.money(now["velocity"], compact=True),
        )
        before = self.row(BEFORE)
        if before is None or self.change.empty:
            return text + (
                say(" Nothing to compare with: {why}.", why=self.why) if self.why else ""
            )
        most = self.change.loc[self.change.change.abs().idxmax()]
        if now["velocity"] == before["velocity"]:
            return text + say(" A year before it was the same.")
        return text + (
            say(
                " A year before it was {velocity}; what moved it most is {factor}:"
                " {before} → {now} ({change} a day).",
                velocity=fmt.money(before["velocity"], compact=True),
                factor=term(most.factor),
                before=fmt.text(most.before, most.unit),
                now=fmt.text(most.now, most.unit),
                change=fmt.money(most.change, compact=True, sign=True),
            )
        )

    def headline(self) -> str:
        now = self.row()
        if now is None:
            return ""
        return say(
            "Sales velocity: {velocity} a day",
            velocity=self.fmt.money(now["velocity"], compact=True),
        )

    def notes(self) -> list[str]:
        return [
            say(
                "Every open deal counts, also the old ones: a pipeline full of deals"
                " that will never be decided looks fast. The days are of deals that"
                " were won; those still open are not in them."
            )
        ]

    def kpis(self) -> list[Kpi]:
        now = self.row()
        if now is None:
            return []
        value = float(now["velocity"])
        return [
            Kpi("sales.velocity", "trailing_12m", value, self.currency, n=int(now["open"])),
        ]


@page.section("velocity")
def velocity(book: Book) -> Velocity:
    """Sales velocity of the last 12 months and of the year before, split into its four factors.

    Needs opportunities with created, closed and amounts, and lost deals.
    """
    return velocity_of(deals_of(book), book)


def velocity_of(deals: Deals, book: Book) -> Velocity:
    """The same from deals made ready before."""
    gives = say("what the pipeline turns into sales a day: deals × win rate × average win ÷ cycle")
    book.need("opportunities", "created", "closed", "amount", gives=gives)
    if reason := degenerate(book).no_losses:
        raise NotAvailable({}, gives, reason)
    counts = outcome_counts(deals, days=True)
    now = parts(counts, *bounds(book, "trailing_12m"))
    if now is None:
        raise NotAvailable(
            {}, gives, say("the last 12 months hold no win with an amount and both its days")
        )
    first, last = bounds(book, "trailing_12m")
    year = book.window("trailing_12m").year_before()
    why = coverage(book, "opportunities", "closed").window_gap(year, book.fmt)
    before = None if why else parts(counts, first - 12, last - 12)
    if before is None and not why:
        why = say("the year before holds no win with an amount and both its days")
    rows = [{"time": NOW, **now}, *([{"time": BEFORE, **before}] if before else [])]
    return Velocity(
        VelocityParts.make(rows),
        _change(before, now) if before else VelocityChange.make([]),
        why,
        book.as_of,
        book.currency,
        book.fmt,
    )


def parts(counts: pd.DataFrame, first: int, last: int) -> dict | None:
    """The four factors and the velocity at the end of month ``last``.

    counts: ``outcome_counts`` with days. first, last: month numbers of the window. None where no
    win carries an amount, or none both its days, or the median win takes no day.
    """
    found = member_parts(counts.assign(member="all"), first, last)
    return None if found.empty else found.drop(columns="member").iloc[0].to_dict()


def member_parts(counts: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """The same for each member (column ``member`` of the counts): one row per member that has all
    four factors, with the columns of ``VelocityParts`` but for the time.
    """
    closed = counts.closed.between(first, last)
    won, lost = (closed & (counts.outcome == outcome) for outcome in ("won", "lost"))
    there = counts.created.isna() | (counts.created <= last)
    still = there & ((counts.outcome == "open") | (counts.closed > last))
    timed = won & (counts.days >= 0)
    kinds = (("open", still), ("won", won), ("lost", lost), ("timed", timed))
    numbers = {name: counts.n.where(rows, 0) for name, rows in kinds}
    numbers |= {"priced": counts.amounts.where(won, 0), "sum": counts.amount.where(won)}
    sums = pd.DataFrame(numbers).astype(float).fillna(0).groupby(counts.member).sum()
    sums = sums[(sums.priced > 0) & (sums.timed > 0)]
    waits = dict(list(counts[timed].groupby("member")))
    sums["cycle"] = [quantile(waits[m].days, waits[m].n, 0.5) for m in sums.index]
    sums = sums[sums.cycle > 0]
    whole = ["open", "won", "lost", "timed", "priced"]
    sums = sums.astype(dict.fromkeys(whole, int))
    decided = sums.won + sums.lost
    low, high = wilson(sums.won.to_numpy(), decided.to_numpy()) if len(sums) else ([], [])
    size, rate = sums["sum"] / sums.priced, sums.won / decided
    return pd.DataFrame(
        {
            "open": sums.open,
            "won": sums.won,
            "decided": decided,
            "win_rate": rate,
            "low": low,
            "high": high,
            "size": size,
            "priced": sums.priced,
            "cycle": sums.cycle.astype(float),
            "timed": sums.timed,
            "velocity": sums.open * rate * size / sums.cycle.astype(float),
        }
    ).reset_index()


def _change(before: dict, now: dict) -> pd.DataFrame:
    def factors(row: dict) -> Sequence[float]:
        return [row["open"], row["win_rate"], row["size"], 1 / row["cycle"]]

    split = product_split(factors(before), factors(now))
    named = (
        (later("open deals"), "open", "count"),
        (later("win rate"), "win_rate", "share"),
        (later("average win"), "size", "money"),
        (later("cycle"), "cycle", "days"),
    )
    return VelocityChange.make(
        {
            "factor": name,
            "before": before[key],
            "now": now[key],
            "unit": unit,
            "change": float(part),
        }
        for (name, key, unit), part in zip(named, split, strict=True)
    )
