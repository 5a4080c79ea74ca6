"""How long contracts live: from a customer's first contract to its last day without renewal, by
time, with the ways it can end competing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures import customers as measures
from playbook.methods.survival import Incidence, aalen_johansen
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.contracts import running_lines

GIVES = "how long contracts live and how they end"
GRACE = (
    60  # days after a contract's end in which another one of the customer still counts as going on
)
LEFT, MOVED = (
    1,
    2,
)  # how a line of renewals ends: nothing follows, or another contract of the customer does
YEAR = 365
MOST_RENEWALS = 100  # a longer chain renews itself in a circle
FEWEST = 30  # lines still running below which a curve is not drawn on


@dataclass(frozen=True)
class ContractLife(Result):
    """``table``: per group and year: left and moved [share, with interval], running, at_risk
    [lines]. ``lines``: one row per line of renewals:
    customer_id, start, end, renewals, days, cause (0 running, 1 left, 2 moved). ``curves``: group →
    incidence of leaving, of moving.
    """

    section: ClassVar[str] = "contract-survival"
    table: pd.DataFrame
    lines: pd.DataFrame
    curves: dict[str, tuple[Incidence, Incidence]]
    wrong: int
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        if self.table.empty:
            return None
        return running_lines(self.table, self.curves, FEWEST, self.note, self.fmt)

    @property
    def note(self) -> str:
        return (
            "lines of contracts, each renewal going on with the one before · all data · n ="
            f" {self.fmt.count(len(self.lines))} lines · as of {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("group", label="Group", weight=1.5),
            Col("years", "count", "Years after the first contract began"),
            Col("running", "share", "Still running"),
            Col("left", "share", "Left", low="left_low", high="left_high"),
            Col("moved", "share", "Another contract instead", low="moved_low", high="moved_high"),
            Col("at_risk", "count", "Lines watched that long"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="How long contracts live",
                note=f"Aalen-Johansen, 95 % · {self.note}",
            )
        ]

    def reading(self) -> str:
        every = self.table[self.table["group"] == "All"]
        if every.empty:
            return "No line of contracts has been watched for a year yet."
        last = every.iloc[-1]
        ended = int((self.lines["cause"] == LEFT).sum())
        text = (
            f"{plural(int(last['years']), 'year')} after their first contract began"
            f" {self.fmt.share(last['running'])} of the lines still run;"
            f" {self.fmt.share(last['left'])} have left (95 %"
            f" {self.fmt.interval(last['left_low'], last['left_high'], 'share')});"
            f" {self.fmt.count(ended)} of {self.fmt.count(len(self.lines))} lines have ended with"
            " the customer leaving."
        )
        return text + (
            f" {plural(self.wrong, 'contract')} that end before they start are left out."
            if self.wrong
            else ""
        )

    def headline(self) -> str:
        every = self.table[self.table["group"] == "All"]
        if every.empty:
            return ""
        last = every.iloc[-1]
        return (
            f"Contracts: {self.fmt.share(last['running'])} still run"
            f" {plural(int(last['years']), 'year')} after the first one began."
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
                "A line begins with a contract that renews no other and goes on through its"
                " renewals. It ends on the last day of a contract that nothing renewed: the"
                " customer left, or, when another contract of the customer runs on or begins"
                f" within {GRACE} days, moved to that one; lines still running are watched until"
                " the as-of date. What was signed before the data begin is not known, so old"
                " customers look younger than they are."
            ),
        )


@section("contract-survival")
def contract_life(book: Book) -> ContractLife:
    """Contracts by time until they end. Needs contracts (customer_id, start, end)."""
    book.need("contracts", "customer_id", "start", "end", gives=GIVES)
    every = measures.contracts(book.table("contracts"))
    right = every[every["end"] >= every["start"]]
    if right.empty:
        raise NotAvailable(
            {"contracts": ("start", "end")}, GIVES, "every contract ends before it starts"
        )
    found = lines(right, book.as_of)
    kinds = (
        measures.who(book.table("customers")).set_index("customer_id")["customer_type"]
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
        _at_years(curves), found, curves, len(every) - len(right), book.as_of, book.fmt
    )


def lines(contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row per line of renewals, sorted by its first contract's id: customer_id, start, end,
    renewals, days watched and cause.

    A contract renewed by one that is not in the table ends nothing: it is watched to its own end.
    """
    known = contracts.set_index("contract_id")
    after = known["renewed_by"].where(
        known["renewed_by"].isin(known.index) & (known["renewed_by"] != known.index)
    )
    first = known.index.difference(pd.Index(after.dropna().unique()))
    last, renewals = pd.Series(first, index=first), pd.Series(0, index=first)
    for _ in range(MOST_RENEWALS):
        following = last.map(after.to_dict())
        if following.isna().all():
            break
        renewals += following.notna()
        last = following.where(following.notna(), last)
    found = pd.DataFrame(
        {
            "contract_id": first,
            "customer_id": known.loc[first, "customer_id"].to_numpy(),
            "start": known.loc[first, "start"].to_numpy(),
            "end": known.loc[last, "end"].to_numpy(),
            "renewed": known.loc[last, "renewed"].to_numpy(),
            "last": last.to_numpy(),
            "renewals": renewals.to_numpy(),
        }
    )
    today = pd.Timestamp(as_of)
    ended = (found["end"] <= today) & ~found["renewed"]
    days = (found["end"].where(ended, found["end"].clip(upper=today)) - found["start"]).dt.days
    cause = np.where(ended, np.where(_goes_on(found, contracts), MOVED, LEFT), 0)
    return found.assign(days=days.clip(lower=0), cause=cause).drop(columns=["renewed", "last"])


def _goes_on(found: pd.DataFrame, contracts: pd.DataFrame) -> np.ndarray:
    """Whether the customer of each line has another contract that runs beyond the line's end and
    begins at most GRACE days after it.
    """
    pairs = (
        found[["customer_id", "end", "contract_id"]]
        .rename(columns={"contract_id": "line", "end": "ended"})
        .merge(contracts[["customer_id", "start", "end"]], on="customer_id")
    )
    other = pairs[
        (pairs["end"] > pairs["ended"])
        & (pairs["start"] <= pairs["ended"] + pd.Timedelta(days=GRACE))
    ]
    return found["contract_id"].isin(set(other["line"])).to_numpy()


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
    return pd.DataFrame(
        rows,
        columns=[
            "group",
            "years",
            "left",
            "left_low",
            "left_high",
            "moved",
            "moved_low",
            "moved_high",
            "running",
            "at_risk",
        ],
    )
