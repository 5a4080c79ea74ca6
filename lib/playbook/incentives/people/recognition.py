"""Recognition from the data: champion of the month, star of the quarter, benchmark case; every
award with rule, winner and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.pay.award_line import PLAN_LINES
from playbook.pay.history import history, minor_money
from playbook.pay.lines import within
from playbook.pay.total import total_pay

from .honours import REFUND_FLOOR, benchmark, most_credited

SHOWN = 12  # awards listed with their evidence


class Honours(Frame):
    """One row per honour that has a winner."""

    honour = c.text("name of the honour")
    period = c.text("what it is given for")
    winners = c.text("names of those who share it")
    evidence = c.text("what was counted")
    ties = c.flag("whether several share it")


class AwardsPaid(Frame):
    """One row per award of the trailing twelve months."""

    award = c.text("the award's name")
    times = c.count("times it was paid")
    amount = c.money("paid in all")


class AwardEvidence(Frame):
    """One row per award of the quarter to date, newest first."""

    date = c.day("day it was earned")
    award = c.text("the award's name")
    rep = c.text("name of who receives it")
    amount = c.money("amount paid")
    why = c.text("rule and evidence")


@dataclass(frozen=True)
class Recognition(Result):
    """Who is honoured and why, and which awards were paid."""

    section = "recognition"
    table: Annotated[pd.DataFrame, Honours]
    paid: Annotated[pd.DataFrame, AwardsPaid]
    evidence: Annotated[pd.DataFrame, AwardEvidence]
    window: Window
    as_of: date
    fmt: Formats
    pay_notes: tuple[str, ...] = ()
    named: bool = False

    def tables(self) -> list[Table]:
        columns = [
            Col("honour", "text", "Honour"),
            Col("period", "text", "For", context="honour"),
            Col("winners", "text", "Goes to", weight=2),
            Col("evidence", "text", "Evidence", weight=3),
        ]
        made = [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("Honours, from the data"),
                note=say(
                    "Money in {currency} · as of {as_of}",
                    currency=self.fmt.currency,
                    as_of=self.fmt.text(self.as_of, "date"),
                ),
            )
        ]
        if len(self.paid):
            total = {
                "award": say("All awards"),
                "times": int(self.paid["times"].sum()),
                "amount": sum(self.paid["amount"], Decimal(0)),
            }
            made.append(
                table(
                    self.paid,
                    [
                        Col("award", "text", "Award", weight=2),
                        Col("times", "count", "Times"),
                        Col("amount", "money", "Paid"),
                    ],
                    self.fmt,
                    title=say("Awards paid"),
                    note=(
                        say(
                            "Money in {currency}, by the plan's rules and by hand · {label}",
                            currency=self.fmt.currency,
                            label=self.window.label,
                        )
                    ),
                    total=total,
                )
            )
        if len(self.evidence):
            columns = [
                Col("date", "date", "Day"),
                Col("award", "text", "Award", weight=1),
                Col("rep", "text", "Goes to", weight=1),
                *([Col("amount", "money.exact", "Amount")] if self.named else []),
                Col("why", "text", "Rule and evidence", weight=3),
            ]
            made.append(
                table(
                    self.evidence,
                    columns,
                    self.fmt,
                    title=say("Awards of the quarter to date, and why"),
                    note=(
                        say(
                            "Money in {currency}, newest first · all awards stand in the"
                            " statements",
                            currency=self.fmt.currency,
                        )
                    ),
                    limit=SHOWN,
                )
            )
        return made

    def reading(self) -> str:
        first = self.table.iloc[0]
        text = say(
            "{honour}: {winners} ({evidence}).",
            honour=first.honour,
            winners=first.winners,
            evidence=first.evidence,
        )
        ties = int(self.table["ties"].sum())
        return text + (
            say(
                " {n} {en_are} shared.",
                n=plural(ties, "honour"),
                en_are="is" if ties == 1 else "are",
            )
            if ties
            else ""
        )

    def headline(self) -> str:
        return joined(
            (
                say("{honour} {winners}", honour=r.honour, winners=r.winners)
                for r in self.table.itertuples(index=False)
            ),
            "; ",
        )

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                "award",
                "trailing_12m",
                r.amount,
                self.fmt.currency,
                {"award": r.award},
                n=int(r.times),
            )
            for r in self.paid.itertuples(index=False)
        ]

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("honour", say("Honour"), "text"),
            ("period", say("For", context="honour"), "text"),
            ("winners", say("Goes to"), "text"),
            ("evidence", say("Evidence"), "text"),
        )
        return [
            Worksheet(
                later("Honours"),
                keys,
                tuple(tuple(r[k] for k, _, _ in keys) for r in self.table.to_dict("records")),
            )
        ]

    def notes(self) -> list[str]:
        return [
            (
                say(
                    "Champion and star: most credited in the month or quarter to date,"
                    " net of refunds; equal amounts share; whoever had more than"
                    " {refund_floor} of the period's sales refunded is passed over."
                    " Benchmark case: the month's largest won deal that had met an"
                    " objection, for the team to learn from; without objections on"
                    " record the largest deal.",
                    refund_floor=self.fmt.share(REFUND_FLOOR, decimals=0),
                )
            ),
            *self.pay_notes,
        ]


@section("recognition")
def recognition(book: Book, plan: str = "", compare_with: str = "") -> Recognition:
    """Honours of the month and the quarter to date, and awards paid."""
    past = history(book, plan, compare_with)
    month, quarter, year = (book.window(w) for w in ("month", "quarter_to_date", "trailing_12m"))
    f = book.fmt
    rows = [
        most_credited(past, say("Champion of the month"), f.text(str(book.month), "month"), month),
        most_credited(past, say("Star of the quarter"), quarter.label, quarter),
        benchmark(past, month),
    ]
    rows = [row for row in rows if row]
    if not rows:
        raise NotAvailable(
            {},
            gives=say("champion of the month, star of the quarter and benchmark case"),
            because=say("nothing was credited in the month or the quarter to date"),
        )
    made = total_pay(past, past.chosen.current, dated=past.chosen.given)
    lines = within(made.lines[made.lines["source"] == "award"], year.start, year.end)
    lines = lines[~lines["item"].isin(PLAN_LINES)]
    paid = (
        [
            {
                "award": name,
                "times": len(part),
                "amount": minor_money(part["pay"].sum(), past.minor),
            }
            for name, part in lines.groupby("item", sort=True)
        ]
        if len(lines)
        else []
    )
    recent = within(lines, quarter.start, quarter.end).sort_values(
        ["date", "item", "rep_id"], ascending=[False, True, True], kind="stable"
    )
    evidence = AwardEvidence.make(
        {
            "date": recent["date"],
            "award": recent["item"],
            "rep": [past.name(r) for r in recent["rep_id"]],
            "amount": [minor_money(v, past.minor) for v in recent["pay"]],
            "why": recent["why"],
        }
    )
    return Recognition(
        table=Honours.make(rows),
        evidence=evidence.reset_index(drop=True),
        paid=AwardsPaid.make(paid),
        window=year,
        as_of=book.as_of,
        fmt=f,
        pay_notes=made.notes,
        named=book.settings.payroll.names_in_report,
    )
