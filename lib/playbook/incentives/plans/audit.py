"""Is the plan being worked? Excess periods just above edges, and deals and discounts crowded into
the last days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import credits
from playbook.data.measures.credits import TICKS
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Result, Table, section, table
from playbook.pay.credit import UNASSIGNED, credited
from playbook.pay.history import History, history
from playbook.pay.periods import period_number, period_span
from playbook.pay.quota import Quotas
from playbook.pay.tiers import bands, cliffs

NEAR = 0.05  # distance from an edge that counts as just below or just above
LAST = 5  # days at the end of a period that count as its last


@dataclass(frozen=True)
class Audit(Result):
    """Bunching at edges and at period ends, over all closed periods in the data.

    edges: edge [currency, or share of the quota], told [edge in words], below, above [rep-periods
    within 5 %], share_above, low, high, p [chance of so many above if both sides were alike],
    cliff.
    ends: what, last, rest [rates with n], difference [pp], low, high.
    """

    section = "bunching"
    edges: pd.DataFrame
    ends: pd.DataFrame
    period: str
    plan: str
    as_of: date
    fmt: Formats

    def tables(self) -> list[Table]:
        note = (
            f"Closed {self.period}s of all data to {self.fmt.text(self.as_of, 'date')}, plan"
            f" {self.plan}"
        )
        made = []
        if len(self.edges):
            columns = [
                Col("told", "text", "Edge", align="r"),
                Col("below", "count", "Just below"),
                Col("above", "count", "Just above"),
                Col("share_above", "share", "Share above", low="low", high="high"),
                Col("p", "number", "Chance if even", decimals=3),
                Col("cliff", "text", "Cliff"),
            ]
            made.append(
                table(
                    self.edges,
                    columns,
                    self.fmt,
                    title=f"Do {self.period}s end just above an edge?",
                    note=(
                        f"Rep-{self.period}s within {self.fmt.share(NEAR, decimals=0)} of the edge;"
                        f" chance: one-sided binomial against an even split · {note}"
                    ),
                )
            )
        if len(self.ends):
            columns = [
                Col("what", "text", "What", weight=2),
                Col("last", "text", f"Last {LAST} days", align="r"),
                Col("rest", "text", "Other days", align="r"),
                Col("expected", "text", "If days were alike", align="r"),
                Col("difference", "text", "Difference", align="r"),
            ]
            made.append(
                table(
                    self.ends,
                    columns,
                    self.fmt,
                    title=f"What happens in the last {LAST} days",
                    note=f"Difference with its 95 % interval · {note}",
                )
            )
        return made

    @property
    def crowded(self) -> pd.DataFrame:
        """Edges with more periods just above than chance allows (one in twenty, divided by the
        number of edges looked at).
        """
        return (
            self.edges[self.edges["p"] < 0.05 / max(len(self.edges), 1)]
            if len(self.edges)
            else self.edges
        )

    def reading(self) -> str:
        found = self.crowded
        if len(found):
            worst = found.iloc[0]
            text = (
                f"More {self.period}s end just above {worst.told} ({int(worst.above)}) than just"
                f" below ({int(worst.below)}): deals may be timed to cross it."
            )
        elif len(self.edges):
            text = f"No edge has more {self.period}s just above it than chance allows."
        else:
            text = "The plan has no edges inside its tiers."
        return text + "".join(f" {told}" for told in self.ends.get("told", []))

    def headline(self) -> str:
        return (
            f"Bunching: {plural(len(self.crowded), 'edge')} of {len(self.edges)} crowded just"
            " above;"
            f" {'; '.join(self.ends['short']) if len(self.ends) else 'period ends not judged'}"
        )

    def actions(self) -> list[Action]:
        if not len(self.crowded):
            return []
        worst = self.crowded.iloc[0]
        due = (Month.of(self.as_of) + 1).start.replace(day=20)
        return [
            Action(
                f"Look through the deals booked just before {worst.told} was passed",
                "finance",
                due,
                f"{int(worst.above)} {self.period}s end just above, {int(worst.below)} just below",
                None,
            )
        ]

    def notes(self) -> list[str]:
        return [
            "Crowding is a reason to look, not a proof: customers' own budgets also end with the"
            " quarter."
        ]


@section("bunching")
def audit(book: Book, plan: str = "", compare_with: str = "") -> Result:
    """Bunching above edges and at period ends; needs a plan that adds up over a period."""
    past = history(book, plan, compare_with)
    current = past.chosen.current
    if (not current.tiers and current.attainment is None) or current.accumulate == "deal":
        raise NotAvailable(
            {},
            gives="whether deals crowd around edges and period ends",
            because=f"plan '{current.name}' does not pay for a period's amount",
        )
    rows = credited(
        past.orders,
        current,
        fiscal_year_start=past.fiscal_year_start,
        tiers=book.settings.segments.tiers,
    )
    closed = {
        int(n): period_span(int(n), current.accumulate, past.fiscal_year_start)
        for n in np.unique(rows["period"])
    }
    rows = rows[[closed[int(n)][1] <= book.as_of for n in rows["period"]]]
    if not len(rows):
        raise NotAvailable(
            {},
            gives="whether deals crowd around edges and period ends",
            because="no period of the plan is closed yet",
        )
    return Audit(
        edges=at_edges(rows, past),
        ends=at_ends(rows, past, closed),
        period=current.accumulate,
        plan=current.name,
        as_of=book.as_of,
        fmt=book.fmt,
    )


def at_edges(rows: pd.DataFrame, past: History) -> pd.DataFrame:
    """Rep-periods just below and just above each edge: bands in money, and bands, levels and the
    threshold in shares of the quota.
    """
    plan, f = past.chosen.current, past.book.fmt
    totals = rows[rows["rep_id"] != UNASSIGNED].groupby(["rep_id", "period"])["amount"].sum()
    amounts = totals.to_numpy() / TICKS
    jump = {c.at for c in cliffs(plan)}
    made = (
        []
        if plan.tiers_of == "quota"
        else [
            (amounts, float(band.lower), f.money(band.lower), band.lower in jump)
            for band in bands(plan)[1:]
        ]
    )
    if plan.needs_quota:
        quota = Quotas(past.book, plan, past.people, strict=False)(
            totals.reset_index()[["rep_id", "period"]]
        )
        share = totals.to_numpy()[quota > 0] / quota[quota > 0]
        stepped = (
            plan.attainment.levels
            if plan.attainment and plan.attainment.between == "stepped"
            else plan.attainment.levels[:1]
            if plan.attainment
            else []
        )
        steep = {plan.threshold, *(level.at for level in stepped)}
        parts = (
            {plan.threshold}
            | {band.lower for band in plan.tiers if plan.tiers_of == "quota"}
            | {level.at for level in (plan.attainment.levels if plan.attainment else [])}
        )
        made += [
            (
                share,
                float(part),
                f"{f.share(float(part), decimals=0)} of the quota",
                part in steep or (plan.mode == "whole" and plan.tiers_of == "quota"),
            )
            for part in sorted(parts)
            if part > 0
        ]
    return pd.DataFrame(
        [_edge(*one) for one in made],
        columns=["edge", "told", "below", "above", "share_above", "low", "high", "p", "cliff"],
    )


def _edge(totals: np.ndarray, edge: float, told: str, cliff: bool) -> dict:
    """How many totals end within 5 % of an edge on either side."""
    below, above = (
        int(((totals > low) & (totals <= high)).sum())
        for low, high in ((edge * (1 - NEAR), edge), (edge, edge * (1 + NEAR)))
    )
    low, high = Rate(above, below + above).interval
    return {
        "edge": edge,
        "told": told,
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
    end = pd.to_datetime([spans[int(n)][1] for n in rows["period"]])
    last = (end - rows["date"].to_numpy()).days < LAST
    amount = rows["amount"].clip(lower=0).to_numpy() / TICKS
    days = sum((b - a).days + 1 for a, b in spans.values() if b <= past.book.as_of)
    expected = LAST * sum(b <= past.book.as_of for _, b in spans.values()) / days
    share = float(amount[last].sum() / amount.sum()) if amount.sum() else 0.0
    made = [
        {
            "what": "Share of sales",
            "last": f.share(share),
            "rest": f.share(1 - share),
            "expected": f.share(expected),
            "difference": f.text(share - expected, "pp"),
            "short": (
                f"{f.share(share)} of sales in the last {LAST} days (even: {f.share(expected)})"
            ),
            "told": (
                f"{f.share(share)} of sales fall in the last {LAST} days, against"
                f" {f.share(expected)} if all days were alike."
            ),
        }
    ]
    discounts = credits.won_discounts(past.book)
    if len(discounts):
        made.append(_discounts(discounts, past, f))
    return pd.DataFrame(made)


def _discounts(deals: pd.DataFrame, past: History, f: Formats) -> dict:
    """Mean discount of deals closed in the last days against the others, Welch interval."""
    plan = past.chosen.current
    numbers = period_number(deals["closed"], plan.accumulate, past.fiscal_year_start)
    ends = pd.to_datetime(
        [period_span(int(n), plan.accumulate, past.fiscal_year_start)[1] for n in numbers]
    )
    last = (ends - deals["closed"].to_numpy()).days < LAST
    a, b = deals["discount"].to_numpy()[last], deals["discount"].to_numpy()[~last]
    if min(len(a), len(b)) < 2:
        return {
            "what": "Mean discount",
            "last": "–",
            "rest": "–",
            "expected": "–",
            "difference": "too few deals",
            "short": "discounts not judged",
            "told": "",
        }
    low, high = (
        stats.ttest_ind(a, b, equal_var=False).confidence_interval()
        if a.std() + b.std() > 0
        else (0.0, 0.0)
    )
    deep = "deeper than" if low > 0 else "no deeper than"
    return {
        "what": "Mean discount of won deals",
        "last": f"{f.share(a.mean())} (n = {len(a)})",
        "rest": f"{f.share(b.mean())} (n = {len(b)})",
        "expected": "the same",
        "difference": f"{f.text(a.mean() - b.mean(), 'pp')} [{f.interval(low, high, 'pp')}]",
        "short": f"discounts then {f.share(a.mean())} against {f.share(b.mean())}",
        "told": (
            f"Discounts in those days are {deep} on other days ({f.share(a.mean())} against"
            f" {f.share(b.mean())})."
        ),
    }
