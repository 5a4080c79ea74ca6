"""Signs that deals are timed for pay: too many periods just above edges, and sales and discounts
crowded into the last days of a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.methods.comparisons import SEARCH_LEVEL, holm
from playbook.page import Action, Col, Result, Table, section, table
from playbook.pay.credit import credited
from playbook.pay.history import history
from playbook.pay.periods import period_span

from .bunching import LAST, NEAR, EdgeCounts, PeriodEnds, at_edges, at_ends


@dataclass(frozen=True)
class Audit(Result):
    """Crowding at edges of the plan and at period ends, over all closed periods in the data."""

    section = "bunching"
    edges: Annotated[pd.DataFrame, EdgeCounts]
    ends: Annotated[pd.DataFrame, PeriodEnds]
    period: str
    plan: str
    given: bool
    as_of: date
    fmt: Formats

    def tables(self) -> list[Table]:
        plan = f", plan {self.plan}" if self.given else ""
        note = f"Closed {self.period}s of all data to {self.fmt.text(self.as_of, 'date')}{plan}"
        made = []
        if len(self.edges):
            columns = [
                Col("label", "text", "Edge", align="r"),
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
                Col("others", "text", "Other days", align="r"),
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
        """Edges with more periods just above than chance allows among all edges looked at."""
        return self.edges[holm(self.edges["p"].astype(float)) < SEARCH_LEVEL]

    def reading(self) -> str:
        found = self.crowded
        if len(found):
            worst = found.iloc[0]
            text = (
                f"More {self.period}s end just above {worst.label} ({int(worst.above)}) than just"
                f" below ({int(worst.below)}): deals may be timed to cross it."
            )
        elif len(self.edges) and not self.edges[["below", "above"]].to_numpy().sum():
            text = (
                f"No {self.period} ended within {self.fmt.share(NEAR, decimals=0)} of an edge, so"
                " nothing can be said about them."
            )
        elif len(self.edges):
            text = f"No edge has more {self.period}s just above it than chance allows."
        elif self.given:
            text = "The plan has no edges inside its tiers."
        else:
            text = "No commission plan is given, so there is no edge to look at."
        return text + "".join(f" {sentence}" for sentence in self.ends["sentence"])

    def headline(self) -> str:
        if not self.given:
            return "; ".join(["Bunching: no plan is given, no edge judged", *self.ends["short"]])
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
                f"Look through the deals booked just before {worst.label} was passed",
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
def audit(book: Book, plan: str = "", compare_with: str = "") -> Audit:
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
        edges=at_edges(rows, past) if past.chosen.given else EdgeCounts.make([]),
        ends=at_ends(rows, past, closed),
        period=current.accumulate,
        plan=current.name,
        given=past.chosen.given,
        as_of=book.as_of,
        fmt=book.fmt,
    )
