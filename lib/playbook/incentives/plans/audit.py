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
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import named, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.methods.comparisons import SEARCH_LEVEL, holm
from playbook.page import Action, Col, Result, Table, section, table
from playbook.pay.credited_days import credited_days
from playbook.pay.history import history
from playbook.pay.periods import period_name, period_span

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
        places = {
            "period": period_name(self.period),
            "as_of": self.fmt.text(self.as_of, "date"),
        }
        note = (
            say(
                "Closed {period}s of all data to {as_of}, plan {plan}",
                plan=named(self.plan),
                **places,
            )
            if self.given
            else say("Closed {period}s of all data to {as_of}", **places)
        )
        made = []
        if len(self.edges):
            columns = [
                Col("label", "text", "Edge", align="r"),
                Col("below", "count", "Just below"),
                Col("above", "count", "Just above"),
                Col("share_above", "share", "Share above", low="low", high="high"),
                Col("p", "number", "Chance if even", decimals=3),
                Col("cliff", "term", "Cliff"),
            ]
            made.append(
                table(
                    self.edges,
                    columns,
                    self.fmt,
                    title=say(
                        "Do {period}s end just above an edge?", period=period_name(self.period)
                    ),
                    note=(
                        say(
                            "Rep-{period}s within {near} of the edge; chance: one-sided binomial"
                            " against an even split · {note}",
                            period=period_name(self.period),
                            near=self.fmt.share(NEAR, decimals=0),
                            note=note,
                        )
                    ),
                )
            )
        if len(self.ends):
            columns = [
                Col("what", "text", "What", context="audit", weight=2),
                Col("last", "text", say("Last {last} days", last=LAST), align="r"),
                Col("others", "text", "Other days", align="r"),
                Col("expected", "text", "If days were alike", align="r"),
                Col("difference", "text", "Difference", context="audit", align="r"),
            ]
            made.append(
                table(
                    self.ends,
                    columns,
                    self.fmt,
                    title=say("What happens in the last {last} days", last=LAST),
                    note=(
                        say("Difference with its 95 % interval · {note}", note=note)
                        if self.ends.difference.astype(str).str.contains("[", regex=False).any()
                        else note
                    ),
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
            text = say(
                "More {period}s end just above {label} ({above}) than just below"
                " ({below}): deals may be timed to cross it.",
                period=period_name(self.period),
                label=worst.label,
                above=int(worst.above),
                below=int(worst.below),
            )
        elif len(self.edges) and not self.edges[["below", "above"]].to_numpy().sum():
            text = say(
                "No {period} ended within {near} of an edge, so nothing can be said about them.",
                period=period_name(self.period),
                near=self.fmt.share(NEAR, decimals=0),
            )
        elif len(self.edges):
            text = say(
                "No edge has more {period}s just above it than chance allows.",
                period=period_name(self.period),
            )
        elif self.given:
            text = say("The plan has no edges inside its tiers.")
        else:
            text = say("No commission plan is given, so there is no edge to look at.")
        return joined([text, *(one for one in self.ends["sentence"])], " ")

    def headline(self) -> str:
        if not self.given:
            return joined(
                [say("Bunching: no plan is given, no edge judged"), *self.ends["short"]], "; "
            )
        return say(
            "Bunching: {edges} of {edges_2} crowded just above; {short}",
            edges=plural(len(self.crowded), "edge"),
            edges_2=len(self.edges),
            short=joined(self.ends["short"], "; ")
            if len(self.ends)
            else say("period ends not judged"),
        )

    def actions(self) -> list[Action]:
        if not len(self.crowded):
            return []
        worst = self.crowded.iloc[0]
        due = (Month.of(self.as_of) + 1).start.replace(day=20)
        return [
            Action(
                say(
                    "Look through the deals booked just before {label} was passed",
                    label=worst.label,
                ),
                say("finance"),
                due,
                say(
                    "{above} {period}s end just above, {below} just below",
                    above=int(worst.above),
                    period=period_name(self.period),
                    below=int(worst.below),
                ),
                None,
            )
        ]

    def notes(self) -> list[str]:
        return [
            say(
                "Crowding is a reason to look, not a proof: customers' own budgets"
                " also end with the quarter."
            )
        ]


@section("bunching")
def audit(book: Book, plan: str = "", compare_with: str = "") -> Audit:
    """Bunching above edges and at period ends; needs a plan that adds up over a period."""
    past = history(book, plan, compare_with)
    current = past.chosen.current
    if (not current.tiers and current.attainment is None) or current.accumulate == "deal":
        raise NotAvailable(
            {},
            gives=say("whether deals crowd around edges and period ends"),
            because=say("plan '{name}' does not pay for a period's amount", name=current.name),
        )
    rows = credited_days(past, current)
    numbers, which = np.unique(rows["period"], return_inverse=True)
    closed = {
        int(n): period_span(int(n), current.accumulate, past.fiscal_year_start) for n in numbers
    }
    over = np.array([closed[int(n)][1] <= book.as_of for n in numbers], dtype=bool)
    rows = rows[over[which]]
    if not len(rows):
        raise NotAvailable(
            {},
            gives=say("whether deals crowd around edges and period ends"),
            because=say("no period of the plan is closed yet"),
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
