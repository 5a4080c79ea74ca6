"""Which channel earns its money: cost, leads, matches, wins, what a customer costs and brings, and
where the next unit of budget should go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import channels as measure
from playbook.data.measures.acquisition import short_history
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.profit import margins
from playbook.data.measures.sales import NOT_GIVEN
from playbook.funnel.figures.money import channel_roi
from playbook.funnel.windows import bounds, label
from playbook.page import Col, Figure, Table, table
from playbook.page.blocks import Tone
from playbook.page.kpi import Kpi

from .budget_moves import BudgetMoves, budget_moves, moves_table
from .channel_economics import (
    DAYS_A_MONTH,
    ChannelEconomics,
    customer_values,
    economics,
    lead_to_win_days,
    leads_by_channel,
    sum_by_channel,
    wins_by_channel,
)
from .channel_kpis import kpis_of
from .channel_texts import headline, reading


@dataclass(frozen=True)
class Channels(page.Result):
    """What channels cost and bring, last 12 months.

    lag: months that cost is taken earlier than wins; lag_days: median days from lead to win, None
    when the lag is set. assumed: no order carries a cost, the margin is assumed; margin: what the
    profit rests on, in words. marginal: what the next unit of budget brings, as a share of the
    average. costs_short, history: caveats where costs or customers are not known long enough.
    no_churn: why churn is not known.
    """

    table: Annotated[pd.DataFrame, ChannelEconomics]
    lag: int
    lag_days: float | None
    assumed: bool
    margin: str
    moves: Annotated[pd.DataFrame, BudgetMoves]
    marginal: float
    span: str
    as_of: date
    currency: str
    fmt: Formats
    costs_short: str = ""
    history: str = ""
    no_churn: str = ""
    section = "channels"

    def figure(self) -> Figure | None:
        return channel_roi(self.table, self.span, self.lag, self.fmt)

    def tables(self) -> list[Table]:
        fmt = self.fmt
        tone: dict[str, Tone] = {"cut": "bad", "keep": "good", "watch": "warn"}
        columns = [
            Col("channel", "name"),
            Col("cost", "money", "Cost", context="channel", compact=True),
            Col("leads", "count"),
            Col("match_rate", "share", "Matched"),
            Col("new", "count", "New customers"),
            Col("cac", "money", "CAC", compact=True, low="cac_low", high="cac_high"),
            Col("ltv_cac", "ratio", "LTV ÷ CAC", low="ltv_cac_low", high="ltv_cac_high"),
            Col("roi", "ratio", "ROI", low="roi_low", high="roi_high"),
            Col("payback", "number", "Payback, months", decimals=1),
            Col("verdict", "term", "Verdict", tone=lambda row: tone.get(row["verdict"], "muted")),
            Col("why", "text", "Why", weight=3),
        ]
        note = say(
            "{currency}; {span}; cost {months} earlier; intervals 95 %; as of {as_of}",
            currency=self.currency,
            span=self.span,
            months=plural(self.lag, "month"),
            as_of=fmt.text(self.as_of, "date"),
        )
        found = [
            table(self.table, columns, fmt, title=say("What channels cost and bring"), note=note)
        ]
        if len(self.moves):
            found.append(moves_table(self.moves, self.marginal, self.currency, fmt))
        return found

    def reading(self) -> str:
        return reading(self.table, self.moves, self.assumed, self.fmt)

    def headline(self) -> str:
        return headline(self.table, self.assumed)

    def notes(self) -> list[str]:
        lag = (
            say(
                "the median win takes {lag_days} from its lead",
                lag_days=self.fmt.text(self.lag_days, "days"),
            )
            if self.lag_days is not None
            else say("set in the settings")
        )
        notes = [
            (
                say(
                    "Cost is taken {months} earlier than wins ({lag}). CAC = cost ÷"
                    " customers who bought for the first time ever. ROI = gross profit"
                    " of all wins ÷ cost, so 1.00× is the cut line. LTV = monthly gross"
                    " profit per customer ÷ monthly churn, with a longest life set;"
                    " churn of small channels is drawn towards that of all. A channel of"
                    " few leads is too little data, not bad.",
                    months=plural(self.lag, "month"),
                    lag=lag,
                )
            ),
            (
                say(
                    "A deal belongs to the channel it carries (else its lead's, else its"
                    " customer's): one channel gets the whole credit."
                )
            ),
            say(
                "Gross profit: {margin}.",
                margin=self.margin.removeprefix("gross profit "),
            ),
        ]
        if self.no_churn:
            notes.append(
                say(
                    "No customer value: churn needs the year before, and {no_churn}.",
                    no_churn=self.no_churn,
                )
            )
        return notes + [note for note in (self.costs_short, self.history) if note]

    def kpis(self) -> list[Kpi]:
        rows = self.table.to_dict("records")
        return [kpi for row in rows for kpi in kpis_of(row, self.currency)]


@page.section("channels")
def channels(book: Book) -> Channels:
    """Channel economics of the last 12 months with verdicts and a reallocation.

    Needs channel_costs and leads or deals with a channel; orders for what customers bring.
    """
    book.need(
        "channel_costs",
        "month",
        "channel",
        "cost",
        gives=(
            say(
                "what a new customer costs by channel, what it brings, and which"
                " channel to keep or cut"
            )
        ),
    )
    book.need("opportunities", "outcome", gives=say("wins by channel"))
    return channels_of(deals_of(book), book)


def channels_of(deals: Deals, book: Book) -> Channels:
    """The same from deals made ready before."""
    settings = book.settings.funnel
    lag_days = lead_to_win_days(deals, book) if settings.channel_lag_months < 0 else None
    lag = (
        settings.channel_lag_months
        if settings.channel_lag_months >= 0
        else round((lag_days or 0) / DAYS_A_MONTH)
    )
    first, last = bounds(book, "trailing_12m")
    costs = measure.costs_by_month(book)
    frame = pd.DataFrame(
        {
            "cost": sum_by_channel(costs[costs.month.between(first - lag, last - lag)], "cost"),
            "running": sum_by_channel(costs[costs.month > last - 3], "cost"),
        }
    )
    frame = frame.join(leads_by_channel(book, deals, first, last), how="outer").join(
        wins_by_channel(book, deals, first, last), how="outer"
    )
    values = customer_values(book)
    if len(values):
        frame = frame.join(values, how="outer")
    seen = [c for c in ("cost", "running", "leads", "wins", "new") if c in frame]
    frame = frame[frame[seen].notna().any(axis=1) & (frame.index != NOT_GIVEN)]
    table_ = economics(frame, book).rename_axis("channel").reset_index()
    table_ = table_.sort_values(
        ["roi", "cost", "channel"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
    ).reset_index(drop=True)
    window = book.window("trailing_12m")
    filled = table_.filled.sum() / table_.amount.sum() if table_.amount.sum() > 0 else 0.0
    return Channels(
        table_,
        lag,
        lag_days,
        margins(book).basis == "assumed",
        margins(book).note(min(1.0, filled), book.fmt),
        budget_moves(table_, settings.marginal_return),
        settings.marginal_return,
        window.label,
        book.as_of,
        book.currency,
        book.fmt,
        _cost_history(costs, first - lag, book),
        short_history(book, window.start),
        sales_coverage(book).window_gap(window.year_before(), book.fmt),
    )


def _cost_history(costs: pd.DataFrame, needed: int, book: Book) -> str:
    """A caveat where the costs begin after the first month they are needed for, else empty."""
    if costs.empty or costs.month.min() <= needed:
        return ""
    return say(
        "Costs begin in {label}: wins before they can have worked count as"
        " theirs, so ROI is too high and CAC too low.",
        label=book.fmt.text(label(costs.month.min()), "month"),
    )
