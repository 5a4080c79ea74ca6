"""A book's own counterparts of the short cases' figures, each from the ordinary measures, with
span, count and interval where it has one.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log, sqrt

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.case.course.catalogue import BY_KEY
from playbook.case.course.indicators import CaseIndicators
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import channels, repurchase
from playbook.data.measures.deals import deals_of, outcome_counts

from .from_chapters import attainment, high_value, intent_step, ramp
from .own_figure import OwnFigure

WAIT = 3  # months a lead has to become a win before it is counted


FEWEST = 5  # wins on each side of a ratio, customers a median is taken of


def latest(course: CaseIndicators, key: str) -> OwnFigure | None:
    """Latest quarter of an indicator and the same quarter a year before."""
    known = course.course.quarterly[
        (course.course.quarterly.indicator == key) & course.course.quarterly.value.notna()
    ]
    if known.empty:
        return None
    last = known.iloc[-1]
    year = known[known.period == f"{int(last.period[:4]) - 1}{last.period[4:]}"]
    counted = (
        BY_KEY[key].unit != "money" and pd.notna(last.n) and key not in ("growth", "returning")
    )
    return OwnFigure(
        float(last.value),
        last.period,
        f"n = {last.n:,.0f}" if counted else "",
        float(year.value.iloc[0]) if len(year) else None,
    )


def counterparts(book: Book, course: CaseIndicators) -> dict[str, OwnFigure]:
    """Key of a short case → the book's own figure; keys the tables cannot give are left out."""
    match = latest(course, "match")
    made = {
        "cycle": latest(course, "cycle"),
        "attainment": attainment(book),
        "high_value": high_value(book),
        "intent_step": intent_step(book),
        "referral": referral_ratio(book),
        "repurchase": repurchase_cycle(book),
        "lead_cost_change": lead_cost_change(book),
        "ramp": ramp(book),
        "mismatch": (
            match
            and OwnFigure(
                1 - match.value,
                match.period,
                match.detail,
                None if match.before is None else 1 - match.before,
            )
        ),
    }
    head = course.table[course.table.indicator == "per_head"]
    if len(head):
        made["per_head_change"] = OwnFigure(
            float(head.iloc[0].change),
            say("{before} to {after}", before=head.iloc[0].before, after=head.iloc[0].after),
        )
    return {key: own for key, own in made.items() if own is not None}


def named(channels_given: list[str], parts: list[str]) -> list[str]:
    """Channels whose name holds one of the parts, whatever the case of the letters."""
    return [
        channel
        for channel in channels_given
        if any(part.casefold() in channel.casefold() for part in parts)
    ]


def referral_ratio(book: Book) -> OwnFigure | None:
    """Share of referred leads won ÷ share of advertised leads won, of the leads of the 12 months
    that ended three months before the as-of date.

    Which channels are which: ``[case] referral``, ``advertising`` in the settings. Interval: delta
    method on the logarithm (Katz).
    """
    frame = _leads(book)
    if frame is None:
        return None
    last = Month.of(book.as_of) - WAIT
    frame = _year_to(frame, frame.month, last)
    sums = frame.groupby("channel")[["n", "wins"]].sum()
    sides = [
        sums.loc[named(sums.index.tolist(), parts)].sum()
        for parts in (book.settings.case.referral, book.settings.case.advertising)
    ]
    if any(side.wins < FEWEST for side in sides):
        return None
    (k1, n1), (k2, n2) = ((int(side.wins), int(side.n)) for side in sides)
    ratio, spread = (k1 / n1) / (k2 / n2), sqrt(1 / k1 - 1 / n1 + 1 / k2 - 1 / n2)
    return OwnFigure(
        ratio,
        say("12 months to {last}", last=last),
        say(
            "{k1:,} of {n1:,} referred, {k2:,} of {n2:,} advertised won", k1=k1, n1=n1, k2=k2, n2=n2
        ),
        None,
        exp(log(ratio) - 1.96 * spread),
        exp(log(ratio) + 1.96 * spread),
    )


def _year_to(frame: pd.DataFrame, months: Iterable[Month], last: Month) -> pd.DataFrame:
    """Rows whose month lies in the twelve that end with ``last``."""
    return frame[np.array([last - 11 <= m <= last for m in months], dtype=bool)]


def _leads(book: Book) -> pd.DataFrame | None:
    """Leads (where a book has none: deals) by channel and month they came, with those won: channel,
    month, n, wins.
    """
    if book.has("leads", "channel", "created"):
        frame = channels.leads_by_month(book)
        frame = frame[frame.month.notna() & frame.channel.notna()]
        return frame.assign(month=[Month.from_number(m) for m in frame.month])
    if not book.has("opportunities", "channel", "created"):
        return None
    frame = outcome_counts(deals_of(book), by="channel")
    frame = frame[frame.created.notna() & frame.member.notna()].assign(
        wins=lambda f: f.n.where(f.outcome == "won", 0)
    )
    return frame.assign(month=[Month.from_number(m) for m in frame.created], channel=frame.member)


def repurchase_cycle(book: Book) -> OwnFigure | None:
    """Median days from first to second order, of the customers who came back in the last 12 months;
    before: of the 12 months before those.
    """
    year = book.window("trailing_12m")
    if not book.has("orders", "customer_id") or not sales_coverage(book).covers(
        year.start, book.as_of
    ):
        return None
    frame = repurchase.repeat_counts(book)
    frame = frame[frame.status == "advanced"]
    month = Month.of(book.as_of)
    again = [Month.from_number(m) for m in frame.again]
    spans = [_year_to(frame, again, last) for last in (month, month - 12)]
    days = [
        np.repeat(span.days.to_numpy(dtype=float), span.n.to_numpy(dtype=int)) for span in spans
    ]
    if len(days[0]) < FEWEST:
        return None
    return OwnFigure(
        float(np.median(days[0])),
        say("12 months"),
        say("{days:,} customers, from first to second order", days=len(days[0])),
        float(np.median(days[1]))
        if len(days[1]) >= FEWEST and sales_coverage(book).covers((month - 23).start, book.as_of)
        else None,
    )


def lead_cost_change(book: Book) -> OwnFigure | None:
    """Cost per lead of the last 12 months against the 12 before, over all channels with a cost."""
    if not book.has("channel_costs", "cost") or not book.has("leads", "channel", "created"):
        return None
    cost, leads, last = (
        channels.costs_by_month(book),
        channels.leads_by_month(book),
        Month.of(book.as_of),
    )
    leads = leads[leads.channel.isin(set(cost.channel)) & leads.month.notna()]
    each = []
    for end in (last, last - 12):
        inside = [
            _year_to(frame, [Month.from_number(m) for m in frame.month], end)
            for frame in (cost, leads)
        ]
        if inside[0].month.nunique() < 12 or not inside[1].n.sum():
            return None
        each.append(
            (float(inside[0].cost.sum()) / float(inside[1].n.sum()), int(inside[1].n.sum()))
        )
    return OwnFigure(
        each[0][0] / each[1][0] - 1,
        say("12 months on the 12 before"),
        say(
            "{each} a lead of {each_2:,}, then {each_3} of {each_4:,}",
            each=book.fmt.money(each[1][0]),
            each_2=each[1][1],
            each_3=book.fmt.money(each[0][0]),
            each_4=each[0][1],
        ),
    )
