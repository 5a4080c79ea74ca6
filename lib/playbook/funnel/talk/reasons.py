"""Whether leads match a need, why deals are lost, and which objections come up and what becomes of
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.reasons import loss_counts, match_counts, objection_counts
from playbook.funnel.figures.talk import match_months
from playbook.funnel.windows import SPANS, bounds, inside, label
from playbook.methods.attribution import product_split
from playbook.methods.intervals import Rate, wilson
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

NONE = "no reason given"


@dataclass(frozen=True)
class Reasons(page.Result):
    """Match, losses, objections.

    match: window, matched, assessed, won_matched, won_other … per window; monthly: month, leads,
    matched, rate, objections, negotiated, objection_rate.
    losses: reason, n, share, amount, before (share a year ago). objections: objection, n, won,
    lost, rate, low, high.
    """

    match: pd.DataFrame
    monthly: pd.DataFrame
    losses: pd.DataFrame
    objections: pd.DataFrame
    objected: pd.DataFrame
    moved: dict | None
    stage: str
    as_of: date
    currency: str
    fmt: Formats
    section = "match-and-losses"

    def figure(self) -> Figure | None:
        return match_months(self.monthly, self.stage, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        fmt, day = self.fmt, self.fmt.text(self.as_of, "date")
        found = []
        if len(self.losses):
            columns = [
                Col("reason"),
                Col("n", "count", "Lost deals"),
                Col("share", "share", low="low", high="high"),
                Col("before", "share", "The year before"),
                Col("amount", "money", "Expected amount"),
            ]
            found.append(
                table(
                    self.losses,
                    columns,
                    fmt,
                    title="Why deals are lost",
                    note=f"Deals closed in the last 12 months; Wilson 95 %; as of {day}",
                    limit=12,
                )
            )
        if len(self.objections):
            columns = [
                Col("objection", "text", "Objection"),
                Col("n", "count", "Deals"),
                Col("won", "count"),
                Col("lost", "count"),
                Col("rate", "share", "Won ÷ decided", low="low", high="high"),
            ]
            found.append(
                table(
                    self.objections,
                    columns,
                    fmt,
                    title="Objections and what became of them",
                    note=(
                        f"Deals that reached {self.stage} in the last 12 months; Wilson 95 %; as of"
                        f" {day}"
                    ),
                )
            )
        return found

    def reading(self) -> str:
        fmt, parts = self.fmt, []
        year = self.match[self.match.window == "trailing_12m"]
        if len(year) and year.assessed.iloc[0]:
            r = year.iloc[0]
            parts.append(
                f"{fmt.rate(r.matched, r.assessed)} of the leads assessed in the last 12 months"
                f" match a need; those that match are won {fmt.share(r.won_matched)} of the time,"
                f" the others {fmt.share(r.won_other)}."
            )
        if self.moved:
            m = self.moved
            parts.append(
                "Against the quarter a year ago leads went"
                f" {fmt.text(m['leads_change'], 'share', sign=True)} and the match rate from"
                f" {fmt.share(m['before'])} to {fmt.share(m['now'])}: matched leads"
                f" {fmt.text(m['matched_change'], 'share', sign=True)}"
                f" ({fmt.text(m['by_volume'], 'count', sign=True, decimals=0)} by number of leads,"
                f" {fmt.text(m['by_rate'], 'count', sign=True, decimals=0)} by match rate)."
            )
        if len(self.losses):
            top = self.losses.iloc[0]
            parts.append(
                f"The first reason for losing is {top.reason}: {fmt.share(top.share)} of"
                f" {fmt.count(self.losses.n.sum())} lost deals."
            )
        o = self.objected[self.objected.window == "trailing_12m"]
        if len(o) and o.n.iloc[0]:
            parts.append(
                f"An objection came up in {fmt.rate(o.k.iloc[0], o.n.iloc[0])} of the deals that"
                f" reached {self.stage}."
            )
        return " ".join(parts)

    def headline(self) -> str:
        year = self.match[self.match.window == "trailing_12m"]
        o = self.objected[self.objected.window == "trailing_12m"]
        parts = (
            [f"match rate {self.fmt.rate(year.matched.iloc[0], year.assessed.iloc[0])}"]
            if len(year) and year.assessed.iloc[0]
            else []
        )
        parts += (
            [f"objections {self.fmt.rate(o.k.iloc[0], o.n.iloc[0])}"]
            if len(o) and o.n.iloc[0]
            else []
        )
        return f"Last 12 months: {'; '.join(parts)}" if parts else ""

    def notes(self) -> list[str]:
        return [
            "The match is what the team recorded on the deal; reasons and objections are taken as"
            " written but for blanks and upper case. An objection is counted where the deal carries"
            " one; a deal won in spite of it counts too."
        ]

    def kpis(self) -> list[Kpi]:
        kpis = [
            Kpi.rate(
                "match_rate",
                r["window"],
                Rate(r["matched"], r["assessed"]),
                why="no lead assessed in this window",
            )
            for r in self.match.to_dict("records")
        ]
        return kpis + [
            Kpi.rate(
                "objection_rate",
                r["window"],
                Rate(r["k"], r["n"]),
                why="no deal reached the stage in this window",
            )
            for r in self.objected.to_dict("records")
        ]


@page.section("match-and-losses")
def reasons(book: Book) -> Reasons:
    """Match rate, loss reasons and objections.

    Needs at least one of need_match, lost_reason and objection in opportunities.
    """
    gives = (
        "the share of leads that match a need, the reasons deals are lost, and which objections"
        " cost deals"
    )
    if not any(book.has("opportunities", c) for c in ("need_match", "lost_reason", "objection")):
        raise NotAvailable({"opportunities": ("need_match", "lost_reason", "objection")}, gives)
    deals = deals_of(book)
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    match = match_counts(deals) if book.has("opportunities", "need_match") else None
    objected = objection_counts(deals, stage) if book.has("opportunities", "objection") else None
    return Reasons(
        _match(match, book),
        _monthly(match, objected, book),
        (
            _losses(loss_counts(deals), book)
            if book.has("opportunities", "lost_reason")
            else pd.DataFrame()
        ),
        _objections(objected, book),
        _objected(objected, book),
        _moved(match, book),
        deals.stages[stage],
        book.as_of,
        book.currency,
        book.fmt,
    )


def tidy(reason) -> str:
    """A reason as written, blanks and capitals aside; empty ones named."""
    text = (
        re.sub(r"\s+", " ", reason).strip(" .;,。；，").lower() if isinstance(reason, str) else ""
    )
    return text or NONE


def _match(counts: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    rows = []
    for window in SPANS if counts is not None else ():
        part = counts[inside(counts.month, book, window)]
        yes, no = part[part.match.astype(bool)], part[~part.match.astype(bool)]
        rows.append(
            {
                "window": window,
                "matched": int(yes.n.sum()),
                "assessed": int(part.n.sum()),
                "won_matched": Rate(yes.won.sum(), yes.decided.sum()).value,
                "won_other": Rate(no.won.sum(), no.decided.sum()).value,
            }
        )
    return pd.DataFrame(rows, columns=["window", "matched", "assessed", "won_matched", "won_other"])


def _monthly(match: pd.DataFrame | None, objected: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    first, last = bounds(book, "trailing_12m")
    frame = pd.DataFrame(index=range(first - 6, last + 1))
    if match is not None:
        frame = frame.join(match.groupby("month").n.sum().rename("leads")).join(
            match[match.match.astype(bool)].groupby("month").n.sum().rename("matched")
        )
    if objected is not None:
        frame = frame.join(objected.groupby("month").n.sum().rename("negotiated")).join(
            objected[objected.objection.notna()].groupby("month").n.sum().rename("objections")
        )
    frame = frame.reindex(columns=["leads", "matched", "negotiated", "objections"]).fillna(0)
    return frame.assign(
        month=[label(m) for m in frame.index],
        rate=frame.matched / frame.leads.where(frame.leads > 0),
        objection_rate=frame.objections / frame.negotiated.where(frame.negotiated > 0),
    ).reset_index(drop=True)


def _losses(counts: pd.DataFrame, book: Book) -> pd.DataFrame:
    counts = counts.assign(reason=[tidy(r) for r in counts.reason])
    first, last = bounds(book, "trailing_12m")
    now, then = (
        counts[counts.month.between(first, last)],
        counts[counts.month.between(first - 12, first - 1)],
    )
    sums, old = now.groupby("reason")[["n", "expected"]].sum(), then.groupby("reason").n.sum()
    low, high = (
        wilson(sums.n.to_numpy(), np.full(len(sums), sums.n.sum())) if len(sums) else ([], [])
    )
    frame = pd.DataFrame(
        {
            "reason": sums.index,
            "n": sums.n.to_numpy(int),
            "share": (sums.n / sums.n.sum()).to_numpy(),
            "low": low,
            "high": high,
            "amount": sums.expected.to_numpy(),
            "before": (
                (old.reindex(sums.index).fillna(0) / old.sum()).to_numpy() if old.sum() else np.nan
            ),
        }
    )
    return frame.sort_values(["n", "reason"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )


def _objected(counts: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    rows = []
    for window in SPANS if counts is not None else ():
        part = counts[inside(counts.month, book, window)]
        rows.append(
            {
                "window": window,
                "k": int(part.n[part.objection.notna()].sum()),
                "n": int(part.n.sum()),
            }
        )
    return pd.DataFrame(rows, columns=["window", "k", "n"])


def _objections(counts: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    if counts is None:
        return pd.DataFrame()
    part = counts[inside(counts.month, book, "trailing_12m")]
    part = part.assign(
        objection=[tidy(o) if isinstance(o, str) else "none" for o in part.objection]
    )
    sums = part.groupby("objection")[["n", "won", "lost"]].sum().reset_index()
    low, high = (
        wilson(sums.won.to_numpy(), (sums.won + sums.lost).to_numpy()) if len(sums) else ([], [])
    )
    sums = sums.assign(
        rate=sums.won / (sums.won + sums.lost).where(sums.won + sums.lost > 0), low=low, high=high
    )
    return sums.sort_values(["n", "objection"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )


def _moved(counts: pd.DataFrame | None, book: Book) -> dict | None:
    """The last three months against the same a year before: leads, match rate, matched leads, and
    how much of that each explains.
    """
    if counts is None:
        return None
    last = bounds(book, "month")[1]
    spans = [counts[counts.month.between(last - 2 - back, last - back)] for back in (12, 0)]
    leads = [float(s.n.sum()) for s in spans]
    matched = [float(s.n[s.match.astype(bool)].sum()) for s in spans]
    if not all(leads) or not matched[0]:
        return None
    return matched_change(leads[0], matched[0] / leads[0], leads[1], matched[1] / leads[1])


def matched_change(leads_before: float, rate_before: float, leads: float, rate: float) -> dict:
    """Matched leads now against before, and what the number of leads and the match rate each did
    (mid-point, nothing left over).
    """
    volume, quality = product_split([leads_before, rate_before], [leads, rate])
    return {
        "before": rate_before,
        "now": rate,
        "leads_change": leads / leads_before - 1,
        "matched_change": leads * rate / (leads_before * rate_before) - 1,
        "by_volume": float(volume),
        "by_rate": float(quality),
    }
