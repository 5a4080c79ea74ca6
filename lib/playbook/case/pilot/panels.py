"""What a pilot is judged on: each outcome by group and month, and its change from one span to the
next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.language import later
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import sales
from playbook.data.measures.deals import deals_of, outcome_counts
from playbook.data.measures.people import reps as people_of

HISTORY = 24
LABEL = later({"sales": "Sales", "orders": "Orders", "buyers": "Buyers", "win_rate": "Win rate"})
COLUMN = {"sales": "amount", "orders": "orders", "buyers": "customers"}


@dataclass(frozen=True)
class Panel:
    """One outcome: ``up`` (members × months), and ``down`` below the line where it is a rate.
    ``unit`` of its effect: share (of the level before) or pp.
    """

    key: str
    members: tuple[str, ...]
    months: tuple[Month, ...]
    up: np.ndarray
    down: np.ndarray | None = None

    @property
    def unit(self) -> str:
        """Unit of an effect: share of the level before, or pp."""
        return "share" if self.down is None else "pp"

    @property
    def label(self) -> str:
        """Name on the page."""
        return LABEL[self.key]

    def changes(self, end: int, months: int) -> np.ndarray:
        """Each member's change from the ``months`` before to the ``months`` that end before column
        ``end``: logs of sums, points of rates.

        Logs, because a small group that doubles or halves would otherwise weigh more upwards than
        downwards.
        """
        after, before = slice(end - months, end), slice(end - 2 * months, end - months)
        if self.down is None:
            return np.log(self.up[:, after].mean(axis=1) / self.up[:, before].mean(axis=1))
        return self.up[:, after].sum(axis=1) / self.down[:, after].sum(axis=1) - self.up[
            :, before
        ].sum(axis=1) / self.down[:, before].sum(axis=1)

    def history(self, months: int) -> list[np.ndarray]:
        """Changes over every stretch of 2 · months."""
        return [self.changes(end, months) for end in range(2 * months, len(self.months) + 1)]

    def level(self) -> float:
        """Level of a rate over all members and months; 1 for sums, whose effects are relative
        already.
        """
        return 1.0 if self.down is None else float(self.up.sum() / self.down.sum())

    def paths(self) -> np.ndarray:
        """Members × months relative to each member's own mean (rates: their months as they are)."""
        if self.down is None:
            return self.up / self.up.mean(axis=1, keepdims=True)
        return self.up / self.down

    def as_effect(self, contrast: float | None) -> float | None:
        """A contrast of changes as an effect: share of the level before, or points of a rate."""
        if contrast is None:
            return None
        return float(np.expm1(contrast)) if self.down is None else float(contrast)


def panels(book: Book, by: str) -> dict[str, Panel]:
    """Outcomes of the groups of ``by`` that sold in every month of the history (at most two years);
    the win rate where every group decided deals in each of them.
    """
    rows = sales.monthly(book, [by])
    last = Month.of(book.as_of)
    whole = sales_coverage(book).months()
    first = max(whole[0], last - (HISTORY - 1)) if len(rows) and whole else last
    months = months_between(first, last)
    wide = {
        key: (
            rows.assign(value=rows[column].astype(float))
            .pivot(index=by, columns="month", values="value")
            .reindex(columns=months)
        )
        for key, column in COLUMN.items()
    }
    steady = (
        wide["sales"].notna().all(axis=1)
        & (wide["sales"] > 0).all(axis=1)
        & (wide["orders"] > 0).all(axis=1)
        & (wide["sales"].index != sales.NOT_GIVEN)
    )
    members = tuple(sorted(wide["sales"].index[steady]))
    found = {
        key: Panel(key, members, tuple(months), frame.loc[list(members)].to_numpy())
        for key, frame in wide.items()
    }
    decided = _decided(book, by, members, months)
    return found | ({"win_rate": decided} if decided is not None else {})


def _decided(book: Book, by: str, members: tuple[str, ...], months: list[Month]) -> Panel | None:
    """Won ÷ decided deals by closing month; none where a group decided nothing in some month."""
    if not book.has("opportunities", "outcome", "closed"):
        return None
    deals, through = deals_of(book), {"team": "rep"}.get(by, by)
    if through not in deals.dimensions:
        return None
    frame = outcome_counts(deals, by=through)
    frame = frame[frame.outcome.isin(["won", "lost"]) & frame.closed.notna() & frame.member.notna()]
    teams = people_of(book).set_index("rep_id").team.to_dict() if by == "team" else None
    frame = frame.assign(
        member=frame.member.map(teams) if teams is not None else frame.member,
        month=[Month.from_number(m) for m in frame.closed],
    )
    won, every = (
        part.groupby(["member", "month"])
        .n.sum()
        .unstack(fill_value=0)
        .reindex(index=list(members), columns=months)
        .fillna(0)
        .to_numpy(dtype=float)
        for part in (frame[frame.outcome == "won"], frame)
    )
    return (
        Panel("win_rate", members, tuple(months), won, every)
        if len(members) and (every > 0).all()
        else None
    )


def groups_of(book: Book, fewest: int) -> tuple[str, dict[str, Panel]] | None:
    """The first of the settings' dimension, team, region and product line with enough groups, and
    its outcomes.
    """
    for by in dict.fromkeys((book.settings.pilot.by, "team", "region", "product_line")):
        found = panels(book, by)
        if len(found["sales"].members) >= fewest and len(found["sales"].months) >= 4:
            return by, found
    return None


def spans_of(panel: Panel, first: Month, months: int) -> tuple[int, pd.Series]:
    """Column after the pilot's last month, and sums of the span before by member."""
    start = panel.months.index(first)
    return start + months, pd.Series(
        panel.up[:, start - months : start].sum(axis=1), index=list(panel.members)
    )
