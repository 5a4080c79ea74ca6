"""How many deals were opened, won and lost, what they were worth, and who wins how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.formats import Formats, is_missing, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.data.measures.facts import degenerate
from playbook.funnel.figures.outcomes import win_rate_groups, win_rate_months
from playbook.funnel.windows import SPANS, WINDOW_NAMES
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .outcome_counts import OutcomeCounts, outcomes_in
from .outcome_texts import outcome_notes
from .win_rate_months import MonthlyWinRates, monthly_win_rates
from .win_rates_by import BY, MemberWinRates, members_table, outliers_sentence, win_rates_by


@dataclass(frozen=True)
class WinRate(page.Result):
    """Deals opened, won, lost and still open, with narrow and broad win rates.

    undated, created_unknown: deals without closing and creation date. sources: dimension → where it
    comes from. no_losses: that lost deals are not recorded, as a sentence; then no rate of decided
    deals is given. small: fewest deals of a month or member that is compared.
    """

    table: Annotated[pd.DataFrame, OutcomeCounts]
    groups: Annotated[pd.DataFrame, MemberWinRates]
    monthly: Annotated[pd.DataFrame, MonthlyWinRates]
    undated: int
    created_unknown: int
    sources: dict[str, str]
    no_losses: str
    small: int
    as_of: date
    currency: str
    fmt: Formats
    top: int = 15
    section = "win-rate"

    def row(self, window: str) -> dict:
        """The counts of one window."""
        return self.table.set_index("window").loc[window].to_dict()

    def rate(self, window: str, kind: str = "narrow") -> Rate:
        """Win rate of a window: narrow = won ÷ decided by closing date, broad = won ÷ created by
        creation date.
        """
        row = self.row(window)
        if kind == "narrow" and self.no_losses:
            return Rate(0, 0)
        return (
            Rate(row["won"], row["won"] + row["lost"])
            if kind == "narrow"
            else Rate(row["won_of_created"], row["created"])
        )

    def figure(self) -> Figure | None:
        if self.no_losses:
            return None
        overall = self.rate("trailing_12m").value
        return win_rate_months(self.monthly, overall, self.small, self.fmt, self.as_of)

    def of(self, dimension: str, window: str = "trailing_12m") -> pd.DataFrame:
        """Members of a dimension in a window, best shrunk rate first."""
        rows = self.groups[(self.groups.dimension == dimension) & (self.groups.window == window)]
        return rows.sort_values(
            ["shrunk", "label"], ascending=[False, True], kind="stable"
        ).reset_index(drop=True)

    def figure_by(self, dimension: str = "rep") -> Figure | None:
        """Dots with intervals per member: own rate and shrunk rate; None for a single member."""
        rows, overall = self.of(dimension), self.rate("trailing_12m").value
        if len(rows) < 2:
            return None
        return win_rate_groups(rows, dimension, overall, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        shown = self.table.assign(window=[say(WINDOW_NAMES[w]) for w in self.table.window])
        columns = [
            Col("window"),
            Col("created", "count", "Created"),
            Col("won", "count"),
            Col("lost", "count"),
            Col("open", "count", "Of created, open"),
            Col("won_amount", "money", "Won amount"),
            Col("narrow", "share", "Won ÷ decided", low="narrow_low", high="narrow_high"),
            Col("broad", "share", "Won ÷ created", low="broad_low", high="broad_high"),
        ]
        note = say(
            "Deals; rates with Wilson 95 % interval; as of {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return [table(shown, columns, self.fmt, title=say("Deals opened and decided"), note=note)]

    def table_by(self, dimension: str, window: str = "trailing_12m") -> Table | None:
        """One dimension's members, ranked by the shrunk rate; None where no member is known."""
        rows = self.of(dimension, window)
        if rows.empty:
            return None
        source = self.sources[dimension]
        return members_table(rows, dimension, window, source, self.fmt, self.as_of, self.top)

    def reading(self) -> str:
        fmt, row, rate = self.fmt, self.row("trailing_12m"), self.rate("trailing_12m")
        if self.no_losses:
            return say(
                "{no_losses} In the last 12 months {deals} {en_were} won; {open} are open.",
                no_losses=self.no_losses,
                deals=plural(row["won"], "deal"),
                en_were="was" if row["won"] == 1 else "were",
                open=fmt.count(self.row("all")["open"]),
            )
        if rate.value is None:
            return say(
                "No deal was decided in the last 12 months; {open} are open.",
                open=fmt.count(self.row("all")["open"]),
            )
        low, high = rate.interval
        broad = self.rate("trailing_12m", "broad")
        worth = (
            ""
            if is_missing(row["won_amount"])
            else say(", worth {won_amount}", won_amount=fmt.money(row["won_amount"]))
        )
        first = say(
            "In the last 12 months {numerator} of the decided deals were won [{low}]{worth}.",
            numerator=fmt.rate(rate.numerator, rate.denominator),
            low=fmt.interval(low, high, "share"),
            worth=worth,
        )
        second = (
            ""
            if broad.value is None
            else (
                say(
                    " Of the deals created in the same months {value} are won so far:"
                    " {open} of them {en_are} still open.",
                    value=fmt.share(broad.value),
                    open=fmt.count(row["open"]),
                    en_are="is" if row["open"] == 1 else "are",
                )
            )
        )
        return first + second + outliers_sentence({d: self.of(d) for d in BY}, self.fmt)

    def headline(self) -> str:
        fmt, rate = self.fmt, self.rate("trailing_12m")
        if self.no_losses:
            return say(
                "Win rate not known, no lost deal is recorded: {deals} won in 12 months",
                deals=plural(self.row("trailing_12m")["won"], "deal"),
            )
        if rate.value is None:
            return say(
                "Win rate: no deal decided in the last 12 months; {open} open",
                open=fmt.count(self.row("all")["open"]),
            )
        low, high = rate.interval
        return say(
            "Win rate, last 12 months: {numerator} of decided deals [{low}]",
            numerator=fmt.rate(rate.numerator, rate.denominator),
            low=fmt.interval(low, high, "share"),
        )

    def notes(self) -> list[str]:
        return outcome_notes(self.undated, self.created_unknown)

    def kpis(self) -> list[Kpi]:
        kpis: list[Kpi] = []
        for row in self.table.to_dict("records"):
            window = row["window"]
            kpis += [
                Kpi(f"deals.{what}", window, int(row[what]), "count", n=int(row[what]))
                for what in ("created", "won", "lost", "open")
            ]
            unknown = is_missing(row["won_amount"])
            kpis.append(
                Kpi(
                    "won_amount",
                    window,
                    None if unknown else row["won_amount"],
                    self.currency,
                    n=int(row["won"]),
                    why=say("no won deal carries an amount") if unknown else None,
                )
            )
            blind = row["open"] > 0 and row["priced"] == 0
            kpis.append(
                Kpi(
                    "pipeline_amount",
                    window,
                    None if blind else row["pipeline_amount"],
                    self.currency,
                    n=int(row["priced"]),
                    why=say("no open deal carries an amount") if blind else None,
                )
            )
            kpis += [
                Kpi.rate(
                    "win_rate.narrow",
                    window,
                    self.rate(window),
                    why=self.no_losses or say("nothing to count in this window"),
                ),
                Kpi.rate("win_rate.broad", window, self.rate(window, "broad")),
            ]
        for row in self.groups.to_dict("records"):
            by = {row["dimension"]: row["member"]}
            kpis.append(
                Kpi.rate(
                    "win_rate.narrow", row["window"], Rate(row["won"], row["won"] + row["lost"]), by
                )
            )
            kpis.append(
                Kpi.rate(
                    "win_rate.broad", row["window"], Rate(row["won_of_created"], row["created"]), by
                )
            )
        return kpis

    def changes(self) -> list[page.Change]:
        if self.no_losses:
            return []
        months = self.monthly[self.monthly.won + self.monthly.lost >= self.small].tail(13)
        if len(months) < 2 or self.monthly.month.iloc[-1] != months.month.iloc[-1]:
            return []
        last, before = months.iloc[-1], months.iloc[-2]
        step = last.narrow - before.narrow
        text = say(
            "Win rate of decided deals {narrow} in {month}, {step} against {month_2}",
            narrow=self.fmt.share(last.narrow),
            month=self.fmt.text(last.month, "month"),
            step=self.fmt.text(step, "pp"),
            month_2=self.fmt.text(before.month, "month"),
        )
        return [page.Change(text, float(step))]


@page.section("win-rate")
def win_rate(book: Book, *, top: int = 15) -> WinRate:
    """Deals and win rates: report month, last 12 months and all data, by rep, region, product line
    and channel.

    Needs opportunities (outcome); closed and created place deals in months.
    """
    return win_rate_of(deals_of(book), book, top=top)


def win_rate_of(deals: Deals, book: Book, *, top: int = 15) -> WinRate:
    """The same from deals made ready before."""
    counts = outcome_counts(deals)
    no_losses = degenerate(book).no_losses
    dims = [d for d in BY if d in deals.dimensions and not no_losses]
    by = {d: outcome_counts(deals, by=d) for d in dims}
    decided = counts[counts.outcome != "open"]
    return WinRate(
        OutcomeCounts.make(outcomes_in(counts, book, w, not no_losses) for w in SPANS),
        win_rates_by(by, book),
        monthly_win_rates(decided, book),
        int(decided.n[decided.closed.isna()].sum()),
        int(counts.n[counts.created.isna()].sum()),
        deals.dimensions,
        no_losses,
        book.settings.funnel.min_group,
        book.as_of,
        book.currency,
        book.fmt,
        top,
    )
