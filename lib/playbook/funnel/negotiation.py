"""Inside the negotiation: which micro-steps a deal went through and what they go with; cost of ownership; the customer's return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from playbook import page
from playbook.base.formats import Formats
from playbook.base.uncertainty import Rate
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.reasons import micro_counts
from playbook.page import Col, Table, table

from .places import two_sample


@dataclass(frozen=True)
class Negotiation(page.Result):
    """Micro-steps of deals that reached the last stage before winning.

    table: step, deals, of (deals in the stage), share, won_with, won_without [share of decided], low, high, apart (beyond chance).
    """

    table: pd.DataFrame
    stage: str
    as_of: date
    fmt: Formats
    section = "negotiation"

    def tables(self) -> list[Table]:
        columns = [Col("step", "text", "Micro-step"), Col("deals", "count", "Deals with it on record"), Col("share", "share", "Of all"), Col("won_with", "share", "Won with it", low="low", high="high"),
                   Col("won_without", "share", "Won without"), Col("said", "text", "Difference")]
        return [table(self.table, columns, self.fmt, title="Micro-steps of the negotiation",
                      note=f"Deals that reached {self.stage} in the last 12 months; won of decided; Wilson 95 %; as of {self.fmt.text(self.as_of, 'date')}")]

    def reading(self) -> str:
        fmt = self.fmt
        rows = self.table[~self.table.evidence.isin(["won", "objection"])]
        if rows.empty or not self.table.of.iloc[0]:
            return f"No deal reached {self.stage} in the last 12 months."
        rare = rows.sort_values(["share", "step"]).iloc[0]
        text = f"Of the {fmt.count(self.table.of.iloc[0])} deals that reached {self.stage}, the step least often on record is {rare.step}: {fmt.rate(rare.deals, rare.of)}."
        apart = self.table[self.table.said == "beyond chance"]
        for row in apart.itertuples():
            text += f" With {row.step} {fmt.share(row.won_with)} were won, without {fmt.share(row.won_without)}."
        return text

    def headline(self) -> str:
        return ""

    def notes(self) -> list[str]:
        return ["A step counts where it is on record (a contact of that kind, or the deal's own fields). A difference goes with the step; it does not prove that the step makes it: "
                "deals that look good get more attention."]


@page.section("negotiation")
def negotiation(book: Book) -> Negotiation:
    """Micro-steps on record and the win rate with and without each. Needs opportunities; activities show demos and quotes."""
    book.need("activities", "opportunity_id", "kind", gives="which micro-steps of a negotiation are taken and what they go with")
    deals = deals_of(book)
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    evidence = book.settings.funnel.negotiation_steps
    counts = micro_counts(deals, book, stage, evidence)
    rows = [_step(counts, f"step{i}", step, kind) for i, (step, kind) in enumerate(evidence.items())]
    return Negotiation(pd.DataFrame(rows), deals.stages[stage], book.as_of, book.fmt)


def _step(counts: pd.DataFrame, column: str, step: str, kind: str) -> dict:
    """One micro-step: how often, and the win rate with and without."""
    has, won, decided = counts[column] == 1, counts.outcome == "won", counts.outcome != "open"
    rates = [Rate(int(counts.n[side & won].sum()), int(counts.n[side & decided].sum())) for side in (has, ~has)]
    deals, of = int(counts.n[has].sum()), int(counts.n.sum())
    row = {"step": step, "evidence": kind, "deals": deals, "of": of, "share": deals / of if of else None, "won_with": None, "won_without": None, "low": None, "high": None, "said": "–"}
    if kind == "won" or min(r.n for r in rates) == 0:
        return row
    p = 2 * min(two_sample(rates[0], rates[1]), two_sample(rates[1], rates[0]))
    return row | {"won_with": rates[0].value, "won_without": rates[1].value, "low": rates[0].interval[0], "high": rates[0].interval[1], "said": "beyond chance" if p < 0.05 else "within chance"}


# -- cost of ownership and the customer's return: calculators for the rep to hand over

@dataclass(frozen=True)
class Ownership:
    """What a thing costs a year over its life: price ÷ life + running cost."""

    name: str
    price: float       # [currency]
    life: float        # [years]
    running: float     # [currency a year]

    def __post_init__(self) -> None:
        if self.life <= 0 or self.price < 0 or self.running < 0:
            raise ValueError(f"{self.name}: a life above 0 years and costs not below 0 are expected; found life {self.life}, price {self.price}, running cost {self.running}")

    @property
    def yearly(self) -> float:
        """Cost a year [currency]."""
        return self.price / self.life + self.running


def compare_ownership(ours: Ownership, theirs: Ownership, fmt: Formats) -> Table:
    """Total cost of ownership side by side, the difference in the last column."""
    rows = [("Price", ours.price, theirs.price, "money"), ("Life", ours.life, theirs.life, "number"), ("Running cost a year", ours.running, theirs.running, "money"), ("Cost a year of life", ours.yearly, theirs.yearly, "money")]
    frame = pd.DataFrame([{"what": what, "ours": fmt.text(a, unit), "theirs": fmt.text(b, unit), "apart": a / b - 1 if b else None} for what, a, b, unit in rows])
    columns = [Col("what", "text", ""), Col("ours", "text", ours.name), Col("theirs", "text", theirs.name), Col("apart", "share", "Difference", sign=True)]
    return table(frame, columns, fmt, title="Total cost of ownership", note="Life in years; cost a year = price ÷ life + running cost; no interest")


def customer_return(costs: dict[str, float], savings: dict[str, float], price: float, yearly: float, fmt: Formats, years: int = 3) -> Table:
    """A customer's yearly saving as a one-page hand-over.

    costs: item → present cost a year [currency]. savings: item → share of it saved. price: one-off [currency]; yearly: fee a year [currency].
    """
    unknown = set(savings) - set(costs)
    if unknown:
        raise ValueError(f"a saving is named for {', '.join(sorted(unknown))}, but no present cost; expected items among {', '.join(costs)}")
    if any(not 0 <= s <= 1 for s in savings.values()):
        raise ValueError("savings are shares of the present cost, between 0 and 1")
    saved = {item: costs[item] * savings.get(item, 0.0) for item in costs}
    total = sum(saved.values())
    net = total - yearly
    rows = [{"item": item, "cost": costs[item], "share": savings.get(item, 0.0), "saved": saved[item]} for item in costs]
    columns = [Col("item", "text", "Item"), Col("cost", "money", "Cost a year now"), Col("share", "share", "Saved"), Col("saved", "money", "Saved a year")]
    payback = f"pays back in {fmt.text(price / net * 12, 'number', decimals=1)} months" if net > 0 else "does not pay back"
    outlay = price + yearly * years
    back = f"return over {years} years {fmt.text(total * years / outlay, 'ratio')}" if outlay else "no outlay"
    note = f"{fmt.money(price)} once and {fmt.money(yearly)} a year: net saving {fmt.money(net)} a year, {payback}; {back}"
    return table(pd.DataFrame(rows), columns, fmt, title="What the customer saves", total={"item": "All", "cost": sum(costs.values()), "saved": total}, note=note)
