"""What a deal takes of each rep: entries by own conversion, shrunk to the team's."""

from __future__ import annotations

import math

import pandas as pd

from playbook.base.contracts import Frame, count, number, share, text
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import as_given, deal_counts, sales
from playbook.data.measures.names import member_names
from playbook.methods.intervals import wilson
from playbook.methods.shrinkage import shrink
from playbook.page import Col, Table, table

from .capacity import WEEKS, Capacity


class RepNeeds(Frame):
    """One row per rep with enough decided deals, most deals decided first."""

    rep = text("the rep's key")
    label = text("the rep as a page names it")
    n = count("deals decided in the trailing 12 months")
    own = share("won ÷ decided", low="low", high="high")
    low = share("lower end of the Wilson 95 % interval")
    high = share("upper end of the Wilson 95 % interval")
    rate = share("own rate shrunk to the team's (beta-binomial)")
    a_deal = number("entries at the first stage that one deal takes of this rep")
    deals = number("an even part of the month's deals")
    entries = count("entries a month for that part, rounded up")
    week = number("entries a week")


def rep_needs(book: Book, deals: int, onward: float, capacity: Capacity, few: int) -> pd.DataFrame:
    """``RepNeeds``; no rows where deals name no rep or fewer than two reps have enough.

    onward: the team's rate from the first stage to a deal, which each rep's own win rate raises or
    lowers in proportion; few: decided deals a rep must have.
    """
    if not book.has("opportunities", "rep_id", "closed") or not capacity.reps or not onward:
        return RepNeeds.make([])
    months = deal_counts.deals_by_month(book, ("rep",))
    year = sales.within(months, book.month - 11, book.month)
    sums = year[year["rep"].notna()].groupby("rep", sort=True)[["won", "lost"]].sum()
    n = sums["won"] + sums["lost"]
    if not sums["lost"].sum() or not sums["won"].sum():
        return RepNeeds.make([])
    found = shrink(sums["won"], n)  # the people who have left tell how far people differ
    here = _staff(book)
    kept = (n >= few) & (sums.index.isin(here) if here is not None else True)
    if kept.sum() < 2:
        return RepNeeds.make([])
    names = member_names(book).get("rep", {})
    part = deals / capacity.reps
    rows = []
    for rep, won, of, rate in zip(sums.index, sums["won"], n, found.value, strict=True):
        if not kept[rep]:
            continue
        low, high = wilson(int(won), int(of))
        a_deal = 1 / min(1.0, onward * rate / found.mean)
        rows.append(
            {
                "rep": rep,
                "label": names.get(rep, rep),
                "n": int(of),
                "own": won / of,
                "low": low,
                "high": high,
                "rate": float(rate),
                "a_deal": a_deal,
                "deals": part,
                "entries": math.ceil(part * a_deal - 1e-9),
                "week": part * a_deal / WEEKS,
            }
        )
    rows.sort(key=lambda row: (-row["n"], row["rep"]))  # no ranking of people
    return RepNeeds.make(rows)


def _staff(book: Book) -> set[str] | None:
    """Reps who have not left; None without a list of people."""
    if not book.has("reps"):
        return None
    reps = as_given.rep_rows(book)
    return set(reps.loc[reps["left"].isna(), "rep_id"])


def rep_tables(needs: pd.DataFrame | None, few: int, stage: str, fmt: Formats) -> list[Table]:
    """What each rep is asked; no table without rows. needs: ``RepNeeds``; stage: of the entries."""
    if needs is None or needs.empty:
        return []
    columns = [
        Col("label", "name", "Rep", weight=2),
        Col("n", "count", "Deals decided"),
        Col("own", "share", "Own win rate", low="low", high="high"),
        Col("rate", "share", "shrunk to the team's"),
        Col("a_deal", "number", "Entries a deal", decimals=1),
        Col("entries", "count", "Entries a month"),
        Col("week", "number", "A week", decimals=1),
    ]
    note = say(
        "entries: {stage} · win rate: won ÷ decided of the trailing 12 months, Wilson 95 %; the"
        " fewer the deals, the nearer to the team's rate · a month: an even part of the deals"
        " ({deals} a rep) · reps with fewer than {few} decided deals are asked the team's number",
        stage=stage,
        deals=fmt.text(float(needs["deals"].iloc[0]), "number", decimals=1),
        few=few,
    )
    return [table(needs, columns, fmt, title=say("What each rep is asked"), note=note, limit=15)]
