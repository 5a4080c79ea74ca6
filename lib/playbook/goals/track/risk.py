"""What the plan leans on: concentration by customer and industry, the mix of new customers, and the
reserve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, plural
from playbook.base.periods import Calendar
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import acquisition, as_given, deal_counts, lead_counts, sales
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import month_end
from playbook.goals.figures import concentration
from playbook.goals.illustrations import example, is_set
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Figure, Result, Table, section, table
from playbook.page.blocks import Tone
from playbook.page.kpi import Kpi

from .concentration import CONCENTRATED, Concentration, LargestMembers, largest_of, spread_of


@dataclass(frozen=True)
class Risk(Result):
    """Concentration, and the two buffers: new customers and leads in reserve.

    mix: new customers outside strategic ones of all new ones, None where the book does not know;
    pool: leads in reserve, None where the book has none.
    """

    section: ClassVar[str] = "risk"
    fmt: Formats
    as_of: date
    settings: GoalSettings
    calendar: Calendar
    spread: Annotated[pd.DataFrame, Concentration]
    top: Annotated[pd.DataFrame, LargestMembers]
    mix: Rate | None
    pool: int | None

    def figure(self) -> Figure | None:
        """Cumulative share of the largest members; None where nobody has positive sales."""
        return concentration(self.top, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        columns = [
            Col("dimension", label="By"),
            Col("members", "count", "Members"),
            Col("largest", label="Largest"),
            Col("share", "share", "Its share", tone=self._tone),
            Col("five", "share", "Five largest"),
            Col("hhi", "number", "HHI", decimals=3),
            Col("evenly", "number", "Worth evenly spread members", decimals=1),
        ]
        first = table(
            self.spread,
            columns,
            self.fmt,
            title="What sales lean on",
            note=(
                "net sales of the trailing 12 months, members with positive sales · HHI: sum of"
                f" squared shares, {CONCENTRATED} and more is concentrated · as of"
                f" {self.fmt.text(self.as_of, 'date')}"
            ),
        )
        return [first, *self._buffers()]

    def _tone(self, row: dict[str, Any]) -> Tone:
        return "bad" if self._heavy(row) else ""

    def _heavy(self, row: dict[str, Any]) -> bool:
        """Whether a share reaches the limit that the book sets; without one nothing does."""
        limit = is_set(self.settings, "largest_share")
        return limit and row["share"] >= self.settings.largest_share

    def _buffers(self) -> list[Table]:
        rows = []
        if self.mix is not None:
            rows.append(
                {
                    "name": "new customers outside strategic ones",
                    "there": self.fmt.rate(self.mix.numerator, self.mix.denominator),
                    "wanted": example(
                        self.fmt.share(self.settings.new_customer_share),
                        self.settings,
                        "new_customer_share",
                    ),
                    "interval": self.fmt.interval(*self.mix.interval, "share"),
                }
            )
        if self.pool is not None:
            kept = round(self.settings.reserve_leads * self.settings.reserve_share)
            rows.append(
                {
                    "name": "leads in reserve",
                    "there": self.fmt.count(self.pool),
                    "wanted": example(
                        f"{self.fmt.count(self.settings.reserve_leads)} a month,"
                        f" {self.fmt.count(kept)} of them for plans at high risk",
                        self.settings,
                        "reserve_leads",
                    ),
                    "interval": self._coverage(),
                }
            )
        if not rows:
            return []
        return [
            table(
                pd.DataFrame(rows),
                [
                    Col("name", label="Buffer"),
                    Col("there", label="There is"),
                    Col("wanted", label="Wanted"),
                    Col("interval", label="95 % interval, or coverage"),
                ],
                self.fmt,
                title="Buffers",
                note=(
                    "new customers of the trailing 12 months; Wilson interval · reserve: open deals"
                    " still in the first stage and leads no deal has come from yet"
                ),
            )
        ]

    def _coverage(self) -> str:
        wanted = self.settings.reserve_leads
        return (
            f"{self.fmt.text(self.pool / wanted, 'ratio')} of a month's reserve"
            if wanted and self.pool is not None
            else self.fmt.text(None)
        )

    def reading(self) -> str:
        sentences = []
        for row in self.spread.to_dict("records"):
            limit = self.fmt.share(self.settings.largest_share)
            heavy = f", {limit} or more being a concentration risk" if self._heavy(row) else ""
            one = row["largest"] if row["equal"] == 1 else f"one of {row['equal']} of equal size,"
            sentences.append(
                f"The largest {row['dimension']} is {one} with"
                f" {self.fmt.share(row['share'])} of sales{heavy}."
            )
        if self.mix is not None and self.mix.value is not None:
            side = (
                ""
                if not is_set(self.settings, "new_customer_share")
                else ", enough"
                if self.mix.value >= self.settings.new_customer_share
                else ", less than wanted"
            )
            sentences.append(
                f"{self.fmt.rate(self.mix.numerator, self.mix.denominator)} of new customers are"
                f" outside the strategic ones{side}."
            )
        if self.pool is not None:
            sentences.append(f"{plural(self.pool, 'lead waits', 'leads wait')} in reserve.")
        return " ".join(sentences)

    def headline(self) -> str:
        sentences = [
            f"largest {row['dimension']} {self.fmt.share(row['share'])} of sales, worth"
            f" {self.fmt.text(row['evenly'], 'number', decimals=1)} even ones"
            for row in self.spread.to_dict("records")
        ]
        return f"Concentration: {'; '.join(sentences)}." if sentences else ""

    def kpis(self) -> list[Kpi]:
        return [
            kpi
            for row in self.spread.to_dict("records")
            for kpi in (
                Kpi(
                    "concentration.hhi",
                    "trailing_12m",
                    row["hhi"],
                    "ratio",
                    {"dimension": row["dimension"]},
                    n=int(row["members"]),
                ),
                Kpi(
                    "concentration.largest",
                    "trailing_12m",
                    row["share"],
                    "share",
                    {"dimension": row["dimension"]},
                    n=int(row["members"]),
                ),
            )
        ]

    def actions(self) -> list[Action]:
        due, found = month_end(self.as_of, self.calendar), []
        for row in self.spread.to_dict("records"):
            if self._heavy(row) and row["equal"] == 1:
                found.append(
                    Action(
                        f"Write the fallback for losing {row['largest']}",
                        "sales director",
                        due,
                        f"{self.fmt.share(row['share'])} of sales"
                        f" ({self.fmt.money(row['amount'], compact=True)} in 12 months) hang on"
                        f" this {row['dimension']}",
                        None,
                    )
                )
        if (
            self.mix is not None
            and self.mix.value is not None
            and is_set(self.settings, "new_customer_share")
            and self.mix.value < self.settings.new_customer_share
        ):
            found.append(
                Action(
                    "Open prospecting outside the strategic customers",
                    "sales director",
                    due,
                    f"{self.fmt.share(self.mix.value)} of new customers,"
                    f" {self.fmt.share(self.settings.new_customer_share)} wanted",
                    None,
                )
            )
        set_ = is_set(self.settings, "reserve_leads")
        if set_ and self.pool is not None and self.pool < self.settings.reserve_leads:
            found.append(
                Action(
                    f"Fill the reserve by {self.fmt.count(self.settings.reserve_leads - self.pool)}"
                    " leads",
                    "marketing lead",
                    due,
                    "the reserve is below a month's worth",
                    None,
                )
            )
        return found


@section("risk")
def risk(book: Book) -> Risk:
    """Concentration of the trailing 12 months, the mix of new customers and the reserve pool."""
    book.need("orders", "amount", gives="how much sales lean on single customers and industries")
    actuals, year = Actuals(book), book.window("trailing_12m")
    rows = sales.between(actuals.rows, year.start, year.end)
    customers = sales.by_customer(rows)
    frames = {"customer": customers.set_index("customer_id")["amount"]}
    industries = (
        customers[customers["industry"] != sales.NOT_GIVEN]
        .groupby("industry", sort=True)["amount"]
        .sum()
    )
    if len(industries) > 1:
        frames["industry"] = industries
    spread = Concentration.make(
        row for d, amounts in frames.items() if (row := spread_of(d, amounts))
    )
    top = pd.concat([largest_of(d, amounts) for d, amounts in frames.items()], ignore_index=True)
    return Risk(
        book.fmt,
        book.as_of,
        book.settings.goals,
        book.calendar,
        spread,
        top,
        _mix(book),
        _pool(book),
    )


def _mix(book: Book) -> Rate | None:
    """New customers of the trailing 12 months that are not strategic, where that is known."""
    if not book.has("customers", "strategic"):
        return None
    year = book.window("trailing_12m")
    new = acquisition.new_between(book, year.start, year.end)  # type: ignore[arg-type]
    flags = dict(as_given.strategic_customers(book).to_numpy())
    known = [bool(flags[c]) for c in new if c in flags and not is_missing(flags[c])]
    return Rate(sum(not strategic for strategic in known), len(known))


def _pool(book: Book) -> int | None:
    """Open deals in the first stage plus leads without a deal; None where the book has neither."""
    found = None
    if book.has("opportunities", "stage"):
        stages = deal_counts.open_by_stage(book)
        found = int(stages[stages["stage"] == book.stages[0]]["deals"].sum())
    if book.has("leads", "created") and book.has("leads", "converted_opportunity_id"):
        found = (found or 0) + lead_counts.waiting_leads(book)
    return found
