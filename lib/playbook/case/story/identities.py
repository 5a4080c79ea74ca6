"""What published figures say together: identities between claims, and what they imply that the text
does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.contracts import Frame, number, text
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.case.course.indicators import CaseIndicators
from playbook.case.course.periods import Course
from playbook.page import Col, Result, Table, section, table

from .published import CASE

VALUE = {claim.id: claim.value for claim in CASE}


def parts_growth(growth: float, before: float, after: float) -> tuple[float, float]:
    """Growth of returning and of new customers' sales, from total growth and the returning share
    before and after.

    growth [share], before and after [share] of the same two periods. Returns (returning, new)
    [share].

    >>> tuple(round(x, 3) for x in parts_growth(0.42, 0.55, 0.70))
    (0.807, -0.053)
    """
    if not 0 < before < 1:
        raise ValueError(f"a share before of {before} leaves one side without a base")
    return (1 + growth) * after / before - 1, (1 + growth) * (1 - after) / (1 - before) - 1


def matched_change(leads: float, before: float, after: float) -> float:
    """Change of matching leads, from the change of all leads and the match rates.

    >>> round(matched_change(-0.30, 0.45, 0.72), 3)
    0.12
    """
    return (1 + leads) * after / before - 1


def heads_change(growth: float, per_head: float) -> float:
    """Change of head count, from the growth of sales and of sales per head.

    >>> round(heads_change(0.42, 0.38), 3)
    0.029
    """
    return (1 + growth) / (1 + per_head) - 1


class ImpliedFigures(Frame):
    """One row per quantity that follows from published figures taken together."""

    identity = text("key of the quantity")
    given = text("the published figures it follows from")
    implied = text("what is implied")
    value = number("its value, in its unit")
    unit = text("share or pp")
    why = text("what it means")
    recomputed = number("the same quantity straight from the book's tables")


@dataclass(frozen=True)
class Identities(Result):
    """Quantities that published figures imply together."""

    section: ClassVar[str] = "identities"
    table: Annotated[pd.DataFrame, ImpliedFigures]
    fmt: Formats
    note: str

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("given", label="Published together", weight=2),
            Col("implied", label="Means", weight=1.4),
            Col("value", label="Implied"),
            Col("found", label="In these tables"),
            Col("why", label="So", weight=2),
        ]
        shown = self.table.assign(
            value=[self.fmt.text(r.value, r.unit, sign=True) for r in self.table.itertuples()],
            found=[self.fmt.text(r.recomputed, r.unit, sign=True) for r in self.table.itertuples()],
        )
        own = (
            self.table.recomputed.notna().any()
        )  # another company's book has none of the case's quarters
        made = table(
            shown,
            columns if own else [c for c in columns if c.key != "found"],
            self.fmt,
            title=say("What the figures imply together"),
            note=self.note,
        )
        return [replace(made, align="llrrl" if own else "llrl")]

    def value(self, name: str) -> float:
        """Implied value of one identity."""
        return float(self.table.set_index("identity").value[name])

    def reading(self) -> str:
        return say(
            "If both shares speak of the quarters the growth speaks of,"
            " returning customers' sales rose by {value} and new customers'"
            " sales changed by {value_2}: the story of growth hides a new"
            " business that did not grow.",
            value=self.fmt.share(self.value("returning")),
            value_2=self.fmt.text(self.value("new"), "share", sign=True),
        )

    def headline(self) -> str:
        return say(
            "Implied by the published figures: returning {value}, new {value_2}.",
            value=self.fmt.text(self.value("returning"), "share", sign=True),
            value_2=self.fmt.text(self.value("new"), "share", sign=True),
        )


@section("identities")
def identities(course: CaseIndicators) -> Identities:
    """Identities between the published figures, each beside the same quantity in the book's tables
    where its quarters are there.
    """
    c, v = course.course, VALUE
    returning, new = parts_growth(v["growth.after"], v["returning.before"], v["returning.after"])
    matched = matched_change(v["leads.change"], v["match.before"], v["match.after"])
    points, relative = (
        v["renewal.after"] - v["renewal.crisis"],
        v["renewal.after"] / v["renewal.crisis"] - 1,
    )
    own = _found(c) if course.measures_from is not None else {}
    rows = [
        (
            "returning",
            say("growth and returning share"),
            say("sales to returning customers"),
            returning,
            "share",
            say("shares of one quarter on the growth of the same quarter"),
        ),
        (
            "new",
            say("growth and returning share"),
            say("sales to new customers"),
            new,
            "share",
            say("the firm lives on its customers; who brings the next ones?"),
        ),
        (
            "matched",
            say("fewer leads and a better match"),
            say("leads that match"),
            matched,
            "share",
            say("closing channels cost no matching lead; the rest must have brought more"),
        ),
        (
            "heads",
            say("growth and sales per head"),
            say("people employed"),
            heads_change(v["growth.after"], v["per_head.change"]),
            "share",
            say("output per head and growth agree only if the team hardly grew"),
        ),
        (
            "renewal.points",
            say("renewal in the crisis and after"),
            say("renewal of large customers, in points"),
            points,
            "pp",
            say("rates differ in points"),
        ),
        (
            "renewal.relative",
            say("renewal in the crisis and after"),
            say("the same, as a share of the lower rate"),
            relative,
            "share",
            say("the same move sounds larger as a percentage; never mix the two"),
        ),
        (
            "cycle",
            say("days before and after"),
            say("deals a rep can finish in the same time"),
            v["cycle.before"] / v["cycle.after"] - 1,
            "share",
            say("only if the work, not the waiting, got shorter"),
        ),
    ]
    frame = pd.DataFrame(rows, columns=["identity", "given", "implied", "value", "unit", "why"])
    return Identities(
        frame.assign(recomputed=[own.get(k) for k in frame.identity]),
        course.fmt,
        say("computed from the published figures alone")
        + (
            say("; the column 'in these tables' uses the book's own quarters")
            if any(v is not None for v in own.values())
            else ""
        ),
    )


def _found(c: Course) -> dict[str, float]:
    """The implied quantities straight from the tables (not through the identity), where the case's
    quarters are there.
    """

    def value(key: str, quarter: str, column: str = "value") -> float | None:
        row = c.value(key, quarter)
        return None if row is None else float(row[column])

    def ratio(a: float | None, b: float | None) -> float | None:
        return a / b - 1 if a is not None and b else None

    sold, again = (
        {q: value("sales", q) for q in ("2022-Q3", "2023-Q3")},
        {q: value("returning", q, "k") for q in ("2022-Q3", "2023-Q3")},
    )
    fresh = {
        q: sold[q] - again[q] if sold[q] is not None and again[q] is not None else None
        for q in sold
    }
    renewal = value("renewal", "2023-Q1"), value("renewal", "2023-Q3")
    heads = c.heads.get("2023-Q3"), c.heads.get("2022-Q3")
    return {
        "returning": ratio(again["2023-Q3"], again["2022-Q3"]),
        "new": ratio(fresh["2023-Q3"], fresh["2022-Q3"]),
        "matched": ratio(value("match", "2023-Q3", "k"), value("match", "2023-Q1", "k")),
        "heads": ratio(*heads),
        "renewal.points": renewal[1] - renewal[0] if None not in renewal else None,
        "renewal.relative": ratio(renewal[1], renewal[0]),
        "cycle": ratio(value("cycle", "2023-Q1"), value("cycle", "2023-Q3")),
    }
