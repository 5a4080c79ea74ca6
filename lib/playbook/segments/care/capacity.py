"""Capacity: hours a week that the promised contacts take, against the hours of each rep."""

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
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.care import load_bars
from playbook.segments.illustrations import illustration, not_set
from playbook.segments.population import in_charge

from .attention import YEAR, attention, promised_hours, rhythm_settings, spent_hours

GIVES = later("whether the promised contacts fit into the team's hours, and who is over-committed")
FULL = 1.0
HOURS = ("tier_visits", "tier_calls", "visit_hours", "contact_hours", "selling_hours")


class RepLoads(column.Frame):
    """One row per rep in charge of customers or leads, most loaded first."""

    owner_id = column.text("the rep")
    owner = column.text("the rep's name")
    A = column.count("customers of class A")
    B = column.count("customers of class B")
    C = column.count("customers of class C")
    leads = column.count("open leads")
    promised = column.number("hours a week that the promised contacts take")
    available = column.number("hours a week a rep has for customers, by the settings")
    load = column.ratio("promised ÷ available")
    spent = column.number("hours a week recorded in the trailing 12 months")


@dataclass(frozen=True)
class ContactCapacity(Result):
    """Load per rep.

    orphans: customers and leads with nobody in charge; orphan_hours: hours a week promised to them;
    unset: settings of promises and hours that nobody set: then the load is an illustration.
    """

    section: ClassVar[str] = "capacity"
    table: Annotated[pd.DataFrame, RepLoads]
    orphans: int
    orphan_hours: float
    top: int
    as_of: date
    fmt: Formats
    unset: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        return say(
            "hours a week · {reps} · as of {as_of}",
            reps=plural(len(self.table), "rep"),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure:
        return load_bars(self.table, self.note, self.fmt)

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("owner", "name", weight=1.5),
            Col("A", "count"),
            Col("B", "count"),
            Col("C", "count"),
            Col("leads", "count", "Open leads"),
            Col("promised", "number", "Hours promised", decimals=1),
            Col("available", "number", "Hours available", decimals=1),
            Col(
                "load",
                "share",
                "Load",
                decimals=0,
                tone=lambda row: "bad" if row["load"] > FULL and not self.unset else "",
            ),
            Col("spent", "number", "Hours recorded", decimals=1),
        ]
        total = {
            "owner": "All",
            **{c: self.table[c].sum() for c in ("A", "B", "C", "leads", "promised", "available")},
            "spent": self.table["spent"].sum(min_count=1),
            "load": self.load,
        }
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=(
                    say("Illustration: promised hours against the hours there are")
                    if self.unset
                    else say("Promised hours against the hours there are")
                ),
                note=self.note,
                total=total,
                limit=self.top,
            )
        ]

    @property
    def load(self) -> float:
        """Hours promised ÷ hours available of all reps together."""
        return float(self.table["promised"].sum() / self.table["available"].sum())

    def reading(self) -> str:
        orphans = (
            say(
                "{customer_or_leads} {en_have} nobody in charge.",
                customer_or_leads=plural(self.orphans, "customer or lead", "customers and leads"),
                en_have="has" if self.orphans == 1 else "have",
            )
            if self.orphans
            else ""
        )
        plan = f"{illustration(self.unset)} {self._load_text()}" if self.unset else ""
        shown = (plan or f"{self._load_text()} {self._advice()}", orphans)
        return joined((part.strip() for part in shown if part.strip()), " ")

    def _load_text(self) -> str:
        promised, there = self.table["promised"].sum(), self.table["available"].sum()
        places = dict(
            promised=self.fmt.text(promised, "number", decimals=0),
            reps=plural(len(self.table), "rep"),
            en_have="has" if len(self.table) == 1 else "have",
            there=self.fmt.text(there, "number", decimals=0),
            load=self.fmt.share(self.load, decimals=0),
        )
        if self.unset:
            return say(
                "Such a contact plan would take {promised} hours a week; {reps} with"
                " customers or leads {en_have} {there}: a load of {load}.",
                **places,
            )
        return say(
            "The contact plan would take {promised} hours a week; {reps} with"
            " customers or leads {en_have} {there}: a load of {load}.",
            **places,
        )

    def _advice(self) -> str:
        """Who is promised more than there is, and what follows."""
        over = self._over
        if not over:
            return say("No rep is promised more hours than there are.")
        text = say(
            "{reps} of {n} {en_are} promised more hours than there are.",
            reps=plural(over, "rep"),
            n=self.fmt.count(len(self.table)),
            en_are="is" if over == 1 else "are",
        )
        return text + (
            say(
                " At this load every rhythm would have to be {load} as long to be kept.",
                load=self.fmt.text(self.load, "ratio", decimals=1),
            )
            if self.load > FULL
            else say(" Shared evenly the plan would fit: move customers before promising less.")
        )

    @property
    def _over(self) -> int:
        return int((self.table["load"] > FULL).sum())

    def headline(self) -> str:
        if self.unset:
            return ""
        return say(
            "Capacity: the contact plan needs {load} of the team's hours; {reps} over-committed.",
            load=self.fmt.share(self.load, decimals=0),
            reps=plural(self._over, "rep"),
        )

    def kpis(self) -> Sequence[Kpi]:
        how = say("illustration: promises and hours nobody set") if self.unset else None
        return [
            Kpi("capacity.load", "month", self.load, "ratio", n=len(self.table), method=how),
            *(
                Kpi(
                    "capacity.load",
                    "month",
                    float(r["load"]),
                    "ratio",
                    {"rep": r["owner_id"]},
                    method=how,
                )
                for r in self.table.to_dict("records")
            ),
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Promised: contacts in the rhythm of ABC class or intent, plus the"
                    " visits and calls of the value tier. Hours per visit and contact,"
                    " and hours a rep has for customers, are settings. Recorded:"
                    " contacts in the log, visits and demos counted as a visit."
                )
            ),
        )


@section("capacity")
def capacity(book: Book, top: int = 15) -> ContactCapacity:
    """Load per rep. Needs orders (customer_id, amount), or leads (lead_id, rep_id); the hours
    recorded come from activities where given.
    """
    if not book.has("leads", "lead_id", "rep_id"):
        book.need("orders", "customer_id", "amount", gives=GIVES)
    settings, found = book.settings.segments, attention(book)
    subjects = found.subjects.assign(hours=promised_hours(found.subjects, settings))
    idle = subjects["owner_id"].isna() | ~in_charge(subjects["owner"])
    mine = subjects[~idle]
    if mine.empty:
        raise NotAvailable(
            {"customers": ("rep_id",)}, GIVES, say("somebody in charge of the customers")
        )
    counts = mine.pivot_table(
        index="owner_id", columns="group", values="subject", aggfunc="size", fill_value=0
    )
    rows = (
        mine.groupby("owner_id")
        .agg(
            owner=("owner", "first"),
            promised=("hours", "sum"),
            leads=("kind", lambda kinds: int((kinds == "lead").sum())),
        )
        .reset_index()
    )
    for name in ("A", "B", "C"):
        rows[name] = (
            rows["owner_id"].map(counts[name]).fillna(0).astype(int) if name in counts else 0
        )
    hours = spent_hours(found.log, settings).groupby(found.log["rep_id"]).sum() * 7 / YEAR
    spent = rows["owner_id"].map(hours).fillna(0.0) if len(hours) else np.nan
    rows = rows.assign(
        available=settings.selling_hours,
        load=rows["promised"] / settings.selling_hours,
        spent=spent,
    )
    rows = rows.sort_values(["load", "owner_id"], ascending=[False, True]).reset_index(drop=True)
    return ContactCapacity(
        rows,
        int(idle.sum()),
        float(subjects.loc[idle, "hours"].sum()),
        top,
        book.as_of,
        book.fmt,
        not_set(settings, *rhythm_settings(mine), *HOURS),
    )
