"""Counts of the audit: rep-periods around an edge, and sales and discounts of the last days."""

from __future__ import annotations

import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
from scipy import stats

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.measures import credits
from playbook.data.measures.credits import TICKS
from playbook.methods.intervals import Rate
from playbook.pay.amounts import as_decimal
from playbook.pay.credit import UNASSIGNED
from playbook.pay.history import History
from playbook.pay.period_pay import PeriodPay
from playbook.pay.periods import period_number, period_span
from playbook.pay.quota import Quotas

NEAR = 0.05  # distance from an edge that counts as just below or just above


WHOLE = Decimal(7**9)  # quota at which edges are shares of it; no edge in money stands on one


LAST = 5  # days at the end of a period that count as its last


class EdgeCounts(Frame):
    """One row per edge of the plan: rep-periods that ended within 5 % of it, on either side."""

    edge = c.number("the edge [currency, or share of the quota]")
    label = c.text("the edge as the page writes it")
    below = c.count("rep-periods just below or on the edge")
    above = c.count("rep-periods just above it")
    share_above = c.share("above ÷ (below + above), Wilson interval", low="low", high="high")
    low = c.share("lower end of the 95 % interval")
    high = c.share("upper end of the 95 % interval")
    p = c.number("chance of so many above if both sides were alike (one-sided binomial)")
    cliff = c.text("yes where pay jumps at the edge")


class PeriodEnds(Frame):
    """One row per measure: the last days of a period against its other days, as the page writes
    them.
    """

    what = c.text("what is compared")
    last = c.text("in the last days")
    others = c.text("on the other days")
    expected = c.text("what the last days would show if days were alike")
    difference = c.text("last days − expected or other days, with the interval where there is one")
    short = c.text("the finding in a few words")
    sentence = c.text("the finding as a sentence; empty where too few deals are known")


def at_edges(rows: pd.DataFrame, past: History) -> pd.DataFrame:
    """Rep-periods just below and just above each edge: bands in money, and bands, levels and the
    threshold in shares of the quota.
    """
    plan, f = past.chosen.current, past.book.fmt
    totals = rows[rows["rep_id"] != UNASSIGNED].groupby(["rep_id", "period"])["amount"].sum()
    amounts, bare = totals.to_numpy() / TICKS, PeriodPay(plan)
    jumps = {cliff.at for cliff in bare.cliffs()}
    made = [
        (amounts, float(edge), f.money(edge), edge in jumps)
        for edge in map(as_decimal, bare.edges())
    ]
    if plan.needs_quota:
        quota = Quotas(past.book, plan, past.people, strict=False)(
            totals.reset_index()[["rep_id", "period"]]
        )
        share = totals.to_numpy()[quota > 0] / quota[quota > 0]
        whole = PeriodPay(plan, WHOLE)
        steep = {cliff.at for cliff in whole.cliffs()}
        made += [
            (
                share,
                float(edge / WHOLE),
                say("{edge} of the quota", edge=f.share(float(edge / WHOLE), decimals=0)),
                edge in steep,
            )
            for edge in map(as_decimal, whole.edges())
            if plan.tiers_of == "quota" or edge not in set(map(as_decimal, bare.edges()))
        ]
    return EdgeCounts.make([_edge(*one) for one in made])


def _edge(totals: np.ndarray, edge: float, label: str, cliff: bool) -> dict:
    """How many totals end within 5 % of an edge on either side."""
    below, above = (
        int(((totals > low) & (totals <= high)).sum())
        for low, high in ((edge * (1 - NEAR), edge), (edge, edge * (1 + NEAR)))
    )
    low, high = Rate(above, below + above).interval
    return {
        "edge": edge,
        "label": label,
        "below": below,
        "above": above,
        "share_above": above / (below + above) if below + above else None,
        "low": low,
        "high": high,
        "p": (
            float(stats.binomtest(above, below + above, alternative="greater").pvalue)
            if below + above
            else 1.0
        ),
        "cliff": "yes" if cliff else "no",
    }


def at_ends(rows: pd.DataFrame, past: History, spans: dict) -> pd.DataFrame:
    """Share of sales and depth of discount in the last days of a period against its other days."""
    f = past.book.fmt
    numbers, which = np.unique(rows["period"], return_inverse=True)
    end = pd.to_datetime([spans[int(n)][1] for n in numbers])[which]
    last = (end - rows["date"].to_numpy()).days < LAST
    amount = rows["sold"].to_numpy() / TICKS
    days = sum((b - a).days + 1 for a, b in spans.values() if b <= past.book.as_of)
    expected = LAST * sum(b <= past.book.as_of for _, b in spans.values()) / days
    share = float(amount[last].sum() / amount.sum()) if amount.sum() else 0.0
    made = [
        {
            "what": say("Share of sales"),
            "last": f.share(share),
            "others": f.share(1 - share),
            "expected": f.share(expected),
            "difference": f.text(share - expected, "pp"),
            "short": (
                say(
                    "{share} of sales in the last {last} days (even: {expected})",
                    share=f.share(share),
                    last=LAST,
                    expected=f.share(expected),
                )
            ),
            "sentence": (
                say(
                    "{share} of sales fall in the last {last} days, against {expected}"
                    " if all days were alike.",
                    share=f.share(share),
                    last=LAST,
                    expected=f.share(expected),
                )
            ),
        }
    ]
    discounts = credits.won_discounts(past.book)
    if len(discounts):
        made.append(_discounts(discounts, past, f))
    return PeriodEnds.make(made)


def _discounts(deals: pd.DataFrame, past: History, f: Formats) -> dict:
    """Mean discount of deals closed in the last days against the others, Welch interval."""
    plan = past.chosen.current
    numbers = period_number(deals["closed"], plan.accumulate, past.fiscal_year_start)
    ends = pd.to_datetime(
        [period_span(int(n), plan.accumulate, past.fiscal_year_start)[1] for n in numbers]
    )
    last = (ends - deals["closed"].to_numpy()).days < LAST
    a, b = deals["discount"].to_numpy()[last], deals["discount"].to_numpy()[~last]
    few = min(len(a), len(b)) < 2
    flat = not few and np.ptp(a) < 1e-9 and np.ptp(b) < 1e-9
    if few or (flat and abs(a.mean() - b.mean()) > 1e-9):  # nothing says what chance does
        return {
            "what": say("Mean discount"),
            "last": "–",
            "others": "–",
            "expected": "–",
            "difference": say("too few deals") if few else say("one discount on each side"),
            "short": say("discounts not judged"),
            "sentence": "",
        }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of a side that hardly varies
        welch = None if flat else stats.ttest_ind(a, b, equal_var=False)
    low, high = welch.confidence_interval() if welch else (0.0, 0.0)
    places = {"a": f.share(a.mean()), "b": f.share(b.mean())}
    return {
        "what": say("Mean discount of won deals"),
        "last": say("{a} (n = {n})", a=f.share(a.mean()), n=len(a)),
        "others": say("{b} (n = {n})", b=f.share(b.mean()), n=len(b)),
        "expected": say("the same"),
        "difference": f"{f.text(a.mean() - b.mean(), 'pp')} [{f.interval(low, high, 'pp')}]",
        "short": say("discounts then {a} against {b}", a=f.share(a.mean()), b=f.share(b.mean())),
        "sentence": (
            say(
                "Discounts in those days are deeper than on other days ({a} against {b}).", **places
            )
            if low > 0
            else say(
                "Discounts in those days are no deeper than on other days ({a} against {b}).",
                **places,
            )
        ),
    }
