"""What a deal takes of each rep: entries by own conversion, shrunk to the team's."""

from __future__ import annotations

import math

import pandas as pd

from playbook.base.contracts import Frame, count, flag, number, share, text
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import as_given, deal_counts, sales
from playbook.data.measures.names import member_names
from playbook.data.measures.plan import plan_of
from playbook.goals.labels import metric_label
from playbook.methods.intervals import wilson
from playbook.methods.shrinkage import shrink
from playbook.page import Col, Table, table

from .capacity import WEEKS, Capacity

ACTIVE = 3  # months in which somebody at work opens a deal or has one decided
PARTED_BY = ("deals.won", "won_amount", "sales")  # targets of reps, the nearest to deals first


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
    deals = number("the rep's part of the month's deals: by quota, or an even one")
    entries = count("entries a month for that part, rounded up")
    week = number("entries a week")
    by = text("what the deals are parted by: the metric of the reps' targets, or empty: evenly")
    listed = flag("whether a list of people says who is there, not the deals of the last months")


def rep_needs(book: Book, deals: int, onward: float, capacity: Capacity, few: int) -> pd.DataFrame:
    """``RepNeeds``; no rows where deals name no rep or fewer than two reps have enough.

    onward: the team's rate from the first stage to a deal, which each rep's own win rate raises or
    lowers in proportion; few: decided deals a rep must have. The deals are parted by the reps'
    targets of the next month (``[goals] deals_by``), evenly where there are none. Without a list of
    people those count who opened a deal or had one decided in the last ``ACTIVE`` months.
    """
    if not book.has("opportunities", "rep_id", "closed") or not onward:
        return RepNeeds.make([])
    months = deal_counts.deals_by_month(book, ("rep",))
    here = _staff(book)
    listed = here is not None
    if here is None:
        here = _at_work(sales.within(months, book.month - (ACTIVE - 1), book.month))
    people = capacity.reps if listed else len(here)
    if not people:
        return RepNeeds.make([])
    year = sales.within(months, book.month - 11, book.month)
    sums = year[year["rep"].notna()].groupby("rep", sort=True)[["won", "lost"]].sum()
    n = sums["won"] + sums["lost"]
    if not sums["lost"].sum() or not sums["won"].sum():
        return RepNeeds.make([])
    found = shrink(sums["won"], n)  # the people who have left tell how far people differ
    kept = (n >= few) & sums.index.isin(here)
    if kept.sum() < 2:
        return RepNeeds.make([])
    names = member_names(book).get("rep", {})
    quotas, by = _quotas(book, here)
    even = 1 / people
    rows = []
    for rep, won, of, rate in zip(sums.index, sums["won"], n, found.value, strict=True):
        if not kept[rep] or (by and rep not in quotas):
            continue
        part = deals * quotas.get(rep, even)
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
                "by": by,
                "listed": listed,
            }
        )
    rows.sort(key=lambda row: (-row["n"], row["rep"]))  # no ranking of people
    return RepNeeds.make(rows)


def _at_work(months: pd.DataFrame) -> set[str]:
    """Reps who opened a deal or had one decided in these months."""
    did = months[["created", "won", "lost"]].sum(axis=1) > 0
    return set(months.loc[did & months["rep"].notna(), "rep"])


def _quotas(book: Book, here: set[str]) -> tuple[dict[str, float], str]:
    """Rep → share of the reps' targets of the next month, and their metric; of the as-of month
    where none are given for the next. Empty where no rep who is here has one, or by setting.
    """
    if book.settings.goals.deals_by == "even" or not book.has("targets"):
        return {}, ""
    plan = plan_of(book)
    for metric in PARTED_BY:
        each = [
            (dict(members)["rep"], members)
            for name, members in plan.subjects()
            if name == metric and "rep" in dict(members)
        ]
        # a rep's target may stand beside those of its parts (by line, say): the widest ones count
        widest = {rep: min(len(members) for one, members in each if one == rep) for rep, _ in each}
        of = [(r, plan.months(metric, m)) for r, m in each if len(m) == widest[r]]
        for month in (book.month + 1, book.month):
            mine: dict[str, float] = {}
            for rep, months in of:
                if months.get(month, 0.0) > 0 and rep in here:
                    mine[rep] = mine.get(rep, 0.0) + float(months[month])
            if total := sum(mine.values()):
                return {rep: amount / total for rep, amount in mine.items()}, metric
    return {}, ""


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
    by = str(needs["by"].iloc[0])
    columns = [
        Col("label", "name", "Rep", weight=2),
        Col("n", "count", "Deals decided"),
        Col("own", "share", "Own win rate", low="low", high="high"),
        Col("rate", "share", "shrunk to the team's"),
        Col("a_deal", "number", "Entries a deal", decimals=1),
        *([Col("deals", "number", "Deals a month", decimals=1)] if by else []),
        Col("entries", "count", "Entries a month"),
        Col("week", "number", "A week", decimals=1),
    ]
    parted = (
        say("parted by the reps' targets ({metric})", metric=metric_label(by))
        if by
        else say(
            "an even part ({deals} a rep)",
            deals=fmt.text(float(needs["deals"].iloc[0]), "number", decimals=1),
        )
    )
    note = say(
        "entries: {stage} · win rate: won ÷ decided of the trailing 12 months, Wilson 95 %; the"
        " fewer the deals, the nearer to the team's rate · deals a month: {parted} · reps with"
        " fewer than {few} decided deals are asked the team's number",
        stage=stage,
        parted=parted,
        few=few,
    )
    if not needs["listed"].all():
        note += say(
            " · reps: who opened a deal or had one decided in the last {months} months",
            months=ACTIVE,
        )
    return [table(needs, columns, fmt, title=say("What each rep is asked"), note=note, limit=15)]
