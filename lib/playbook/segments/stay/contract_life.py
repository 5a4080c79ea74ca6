"""How long contracts live: the share of lines that still run, left or moved, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures import customer_list
from playbook.methods.survival import Incidence, aalen_johansen
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.contracts import running_lines
from playbook.segments.running_contracts import contracts_of, how_renewed, left_out

from .contract_lines import GRACE, LEFT, MOVED, ContractLines, lines

GIVES = later("how long contracts live and how they end")
YEAR = 365
FEWEST = 30  # lines still running below which a curve is not drawn on


class ContractYears(column.Frame):
    """One row per group and number of whole years since the first contract began."""

    group = column.text("customer type with enough lines, or All")
    years = column.count("years since the first contract of the line began")
    running = column.share("of lines still running")
    left = column.share("whose customer has left", low="left_low", high="left_high")
    left_low = column.share("lower end of the 95 % interval")
    left_high = column.share("upper end")
    moved = column.share("moved to another contract", low="moved_low", high="moved_high")
    moved_low = column.share("lower end of the 95 % interval")
    moved_high = column.share("upper end")
    at_risk = column.count("lines watched that long")


@dataclass(frozen=True)
class ContractLife(Result):
    """How long lines of contracts run and how they end (Aalen-Johansen, two competing ends).

    curves: group → cumulative incidence of leaving and of moving to another contract; wrong: number
    of contracts left out because they end before they start; how: a sentence where renewals are
    inferred.
    """

    section: ClassVar[str] = "contract-survival"
    table: Annotated[pd.DataFrame, ContractYears]
    lines: Annotated[pd.DataFrame, ContractLines]
    curves: dict[str, tuple[Incidence, Incidence]]
    wrong: int
    as_of: date
    fmt: Formats
    how: str = ""

    def figure(self) -> Figure | None:
        if self.table.empty:
            return None
        return running_lines(self.table, self.curves, FEWEST, self.note, self.fmt)

    @property
    def note(self) -> str:
        return say(
            "lines of contracts, each renewal going on with the one before · all"
            " data · n = {lines} lines · as of {as_of}",
            lines=self.fmt.count(len(self.lines)),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("group", "name", label="Group", weight=1.5),
            Col("years", "count", "Years after the first contract began"),
            Col("running", "share", "Still running"),
            Col("left", "share", "Left", context="customers", low="left_low", high="left_high"),
            Col("moved", "share", "Another contract instead", low="moved_low", high="moved_high"),
            Col("at_risk", "count", "Lines watched that long"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("How long contracts live"),
                note=say("Aalen-Johansen, 95 % · {note}", note=self.note),
            )
        ]

    def reading(self) -> str:
        every = self.table[self.table["group"] == "All"]
        if every.empty:
            return say(
                "Fewer than {fewest} lines of contracts have been watched for a year.",
                fewest=FEWEST,
            )
        last = every.iloc[-1]
        ended = int((self.lines["cause"] == LEFT).sum())
        text = say(
            "{years} after their first contract began {running} of the lines"
            " still run; {left} have left (95 % {left_low}). {ended} of {lines}"
            " lines {en_have} ended with the customer leaving.",
            years=plural(int(last["years"]), "year"),
            running=self.fmt.share(last["running"]),
            left=self.fmt.share(last["left"]),
            left_low=self.fmt.interval(last["left_low"], last["left_high"], "share"),
            ended=self.fmt.count(ended),
            lines=self.fmt.count(len(self.lines)),
            en_have="has" if ended == 1 else "have",
        )
        return joined(filter(None, (text, left_out(self.wrong))), " ")

    def headline(self) -> str:
        every = self.table[self.table["group"] == "All"]
        if every.empty:
            return ""
        last = every.iloc[-1]
        return say(
            "Contracts: {running} still run {years} after the first one began.",
            running=self.fmt.share(last["running"]),
            years=plural(int(last["years"]), "year"),
        )

    def kpis(self) -> Sequence[Kpi]:
        found = []
        for r in self.table.to_dict("records"):
            by = {"years": str(r["years"])} | (
                {} if r["group"] == "All" else {"customer_type": r["group"]}
            )
            found.append(
                Kpi(
                    "contract.left",
                    "all",
                    r["left"],
                    "share",
                    by,
                    r["left_low"],
                    r["left_high"],
                    n=int(r["at_risk"]),
                    method="Aalen-Johansen 95 %",
                )
            )
        return found

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "A line begins with a contract that renews no other and goes on"
                    " through its renewals. It ends on the last day of a contract that"
                    " nothing renewed: the customer left, or, when another contract of"
                    " the customer runs on or begins within {grace} days, moved to that"
                    " one; lines still running are watched until the as-of date. What"
                    " was signed before the data begin is not known, so old customers"
                    " look younger than they are.{word}{how}",
                    grace=GRACE,
                    word=" " if self.how else "",
                    how=self.how,
                )
            ),
        )


@section("contract-survival")
def contract_life(book: Book) -> ContractLife:
    """Contract lines by time until they end. Needs contracts (customer_id, start)."""
    book.need("contracts", "customer_id", "start", gives=GIVES)
    right, wrong = contracts_of(book)
    if right.empty:
        raise NotAvailable(
            {"contracts": ("start", "end")}, GIVES, say("every contract ends before it starts")
        )
    found = lines(right, book.as_of)
    kinds = (
        customer_list.who(book.table("customers")).set_index("customer_id")["customer_type"]
        if book.has("customers", "customer_type")
        else pd.Series(dtype="str")
    )
    kind = found["customer_id"].map(kinds.to_dict())
    groups = {"All": found} | {
        name: found[kind == name]
        for name in sorted(kind.dropna().unique())
        if (kind == name).sum() >= FEWEST
    }
    curves = {
        name: (
            aalen_johansen(of["days"], of["cause"]),
            aalen_johansen(of["days"], of["cause"], of=MOVED),
        )
        for name, of in groups.items()
    }
    return ContractLife(
        _at_years(curves),
        found,
        curves,
        wrong,
        book.as_of,
        book.fmt,
        how_renewed(right, book.settings.segments.renewal_days),
    )


def _at_years(curves: dict[str, tuple[Incidence, Incidence]]) -> pd.DataFrame:
    rows = []
    for name, (left, moved) in curves.items():
        for years in range(1, int(left.days[-1] // YEAR) + 1 if len(left.days) else 1):
            watched = (
                left.at_risk[np.searchsorted(left.days, years * YEAR)]
                if years * YEAR <= left.days[-1]
                else 0
            )
            if watched < FEWEST:
                break
            (value, low, high), (other, other_low, other_high) = (
                left.at(years * YEAR),
                moved.at(years * YEAR),
            )
            rows.append(
                {
                    "group": name,
                    "years": years,
                    "left": value,
                    "left_low": low,
                    "left_high": high,
                    "moved": other,
                    "moved_low": other_low,
                    "moved_high": other_high,
                    "running": 1 - value - other,
                    "at_risk": int(watched),
                }
            )
    return ContractYears.make(rows)
