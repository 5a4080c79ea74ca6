"""How the pipeline moved in the month: opening + new + up − down − won − lost − pushed = closing,
to the last unit, by rep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.movement import UNVALUED, largest_in, moved, movement_sums
from playbook.data.measures.names import member_names
from playbook.funnel.deal_lists import with_names
from playbook.funnel.figures.money import movement_bars
from playbook.funnel.stand_ins import NOBODY, WHOLE
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .movement_rows import LABELS, NEITHER, SIGNS, MovedDeals, MovementByRep
from .pipeline_names import pipeline_names


@dataclass(frozen=True)
class PipelineMovement(page.Result):
    """The live pipeline from the start of a month to its end.

    deal_lists: part (new, won, lost, pushed) → its largest deals. dated: whether the book gives
    expected closing days. names: the other figures called pipeline, and how the closing one relates
    to them, as sentences. seen: whether snapshots show amounts and days as they were.
    """

    table: Annotated[pd.DataFrame, MovementByRep]
    deal_lists: Annotated[dict[str, pd.DataFrame], MovedDeals]
    span: str
    dated: bool
    names: tuple[str, ...]
    as_of: date
    currency: str
    fmt: Formats
    top: int = 15
    seen: bool = False
    section = "pipeline-movement"

    @property
    def total(self) -> dict:
        """The whole book."""
        return self.table.iloc[-1].to_dict()

    def figure(self) -> Figure:
        total = self.total
        shown = [p for p in SIGNS if p in ("opening", "closing") or total[p]]
        parts = [(say(LABELS[part]), total[part] * (SIGNS[part] or 1)) for part in shown]
        neither = {i for i, part in enumerate(shown) if part in NEITHER}
        return movement_bars(parts, neither, self.currency, self.span, self.fmt)

    def tables(self) -> list[Table]:
        columns = [
            Col("label", "name", "Rep"),
            *(Col(part, "money", LABELS[part]) for part in SIGNS if part != "pushed" or self.dated),
        ]
        rows = (
            self.table.iloc[:-1]
            .assign(size=lambda f: f.closing.abs() + f.won)
            .sort_values(["size", "label"], ascending=[False, True])
        )
        note = say(
            "{currency}, expected amounts of open deals in date; {span}; every"
            " line adds up; as of {as_of}",
            currency=self.currency,
            span=self.span,
            as_of=self.fmt.text(self.as_of, "date"),
        )
        first = table(
            rows,
            columns,
            self.fmt,
            title=say("Pipeline movement by rep"),
            note=note,
            total={**self.total, "label": WHOLE},
            limit=self.top,
        )
        listed = pd.concat(
            [
                frame.head(3).assign(part=LABELS[part])
                for part, frame in self.deal_lists.items()
                if len(frame)
            ]
            or [pd.DataFrame()],
            ignore_index=True,
        )
        if listed.empty:
            return [first]
        columns = [
            Col("part", "term", "Part"),
            Col("opportunity_id", "text", "Deal"),
            Col("customer", "name", "Customer", weight=2),
            Col("owner", "name", "Owner"),
            Col("value", "money", "Value", context="money"),
        ]
        return [
            first,
            table(
                listed,
                columns,
                self.fmt,
                title=say("The largest deals behind each part"),
                note=say("{currency}; {span}", currency=self.currency, span=self.span),
            ),
        ]

    def reading(self) -> str:
        fmt, t = self.fmt, self.total
        text = say(
            "The pipeline went from {opening} ({deals}) to {closing}"
            " ({deals_2}): {new} new, {won} won, {lost} lost",
            opening=fmt.money(t["opening"], compact=True),
            deals=plural(int(t["n_opening"]), "deal"),
            closing=fmt.money(t["closing"], compact=True),
            deals_2=plural(int(t["n_closing"]), "deal"),
            new=fmt.money(t["new"], compact=True, sign=True),
            won=fmt.money(-t["won"], compact=True),
            lost=fmt.money(-t["lost"], compact=True),
        )
        if self.dated and t["pushed"]:
            text += say(
                ", {pushed} past their expected day",
                pushed=fmt.money(-t["pushed"], compact=True, sign=True),
            )
        if t["up"] or t["down"]:
            up = fmt.money(t["up"] - t["down"], compact=True, sign=True)
            text += (
                say("; amounts changed by {up} against what was expected of them", up=up)
                if self.seen
                else say("; wins brought {up} against what was expected of them", up=up)
            )
        out = t["won"] + t["lost"] + t["pushed"]
        if bare := int(t[UNVALUED]):
            text += say(
                ". {bare} of the {deals} open at the end {en_carry} no amount and {en_are}"
                " in no sum",
                bare=fmt.count(bare),
                deals=plural(int(t["n_closing"]), "deal"),
                en_carry="carries" if bare == 1 else "carry",
                en_are="is" if bare == 1 else "are",
            )
        known = 2 * bare <= t["n_closing"]  # else what came in cannot be held against what left
        return text + (
            say(". New deals replaced {new} of what left.", new=fmt.share(t["new"] / out))
            if out > 0 and known
            else say(".")
        )

    def headline(self) -> str:
        fmt, t = self.fmt, self.total
        return say(
            "Pipeline: {opening} → {closing} in the month",
            opening=fmt.money(t["opening"], compact=True),
            closing=fmt.money(t["closing"], compact=True),
        )

    def notes(self) -> list[str]:
        notes = [
            say(
                "Opening + new + up − down − won − lost − past their day = closing,"
                " for every rep. A deal whose win brought another amount than"
                " expected shows in two parts: up or down, and won at what it"
                " brought."
            ),
            *self.names,
        ]
        if self.dated:
            notes.append(
                say(
                    "A deal leaves the live pipeline when its expected day passes"
                    " undecided; one that is decided after its day is netted against"
                    " these."
                )
                + (
                    say(" Amounts and days are those of the snapshots of the time.")
                    if self.seen
                    else say(
                        " The book keeps one expected day per deal, so a day moved in time"
                        " cannot be told from a day that always stood."
                    )
                )
            )
        return notes

    def kpis(self) -> list[Kpi]:
        t = self.total
        return [
            Kpi(
                "pipeline.movement",
                "month",
                float(t[part]),
                self.currency,
                {"part": part},
                n=int(t[f"n_{part}"]),
            )
            for part in SIGNS
        ]


@page.section("pipeline-movement")
def movement(book: Book, *, top: int = 15) -> PipelineMovement:
    """The month's pipeline movement by rep, adding up exactly.

    Needs opportunities with created and expected_amount (or amount); expected_close tells which
    deals are past their day.
    """
    book.need(
        "opportunities",
        "created",
        gives=say("what came into the pipeline, what left it and why, adding up by rep"),
    )
    if not (book.has("opportunities", "expected_amount") or book.has("opportunities", "amount")):
        raise NotAvailable(
            {"opportunities": ("expected_amount",)}, say("the movement of the pipeline in money")
        )
    return movement_of(deals_of(book), book, top=top)


def movement_of(deals: Deals, book: Book, *, top: int = 15) -> PipelineMovement:
    """The same from deals made ready before."""
    window = book.window("month")
    rows = moved(deals, window.start, window.end, book)
    sums = movement_sums(rows)
    names = member_names(book).get("rep", {})
    sums = sums.assign(
        pushed=sums.pushed - sums.back,
        n_pushed=sums.n_pushed - sums.n_back,
        label=[names.get(r, r) if isinstance(r, str) else NOBODY for r in sums.rep],
    )
    parts = [*SIGNS, *(f"n_{part}" for part in SIGNS), UNVALUED]
    total = sums[parts].sum().to_dict() | {"rep": None, "label": WHOLE}
    frame = pd.concat([sums[["rep", "label", *parts]], pd.DataFrame([total])], ignore_index=True)
    listed = {
        part: (
            with_names(largest_in(rows, part, 20), book).sort_values(
                ["value", "opportunity_id"], ascending=[False, True]
            )
        )
        for part in ("new", "won", "lost", "pushed")
    }
    return PipelineMovement(
        frame,
        listed,
        window.label,
        book.has("opportunities", "expected_close"),
        pipeline_names(book, window),
        book.as_of,
        book.currency,
        book.fmt,
        top,
        book.has("snapshots", "amount"),
    )
