"""Who was in which team and role, and under whom, on a day; and who had left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan


class Roster:
    """``Roster(people, assigned)``: people as ``measures.people.reps``, assigned as
    ``measures.assigned.assigned`` gives them.

    What a person is on a day is what an assignment says of it; a person without any assignment of a
    kind is what the reps table says, on every day.
    """

    def __init__(self, people: pd.DataFrame | None = None, assigned: pd.DataFrame | None = None):
        self.people = pd.DataFrame({"rep_id": []}) if people is None else people
        self.spans: dict[str, dict[str, list[tuple[np.datetime64, np.datetime64, str]]]] = {}
        if assigned is not None and len(assigned):
            for row in assigned.itertuples(index=False):
                span = (np.datetime64(row[3], "s"), np.datetime64(row[4], "s"), row.value)
                self.spans.setdefault(row.role, {}).setdefault(row.subject_id, []).append(span)

    @cached_property
    def left(self) -> Mapping[str, date]:
        """Rep id → last day of those who left."""
        if "left" not in self.people:
            return {}
        gone = self.people.dropna(subset=["left"])
        return {r.rep_id: r.left.date() for r in gone.itertuples(index=False)}

    def now(self, kind: str) -> dict[str, str]:
        """Rep id → team, role or manager of the reps table."""
        column = "manager_id" if kind == "manager" else kind
        if column not in self.people:
            return {}
        known = self.people.dropna(subset=[column])
        return dict(zip(known["rep_id"], known[column], strict=True))

    def on(self, kind: str, reps: pd.Series, days: pd.Series) -> np.ndarray:
        """Team, role or manager of each rep on each day; None where none is known."""
        now, spans = self.now(kind), self.spans.get(kind, {})
        found = reps.map(now).astype(object).to_numpy(copy=True)
        if not spans:
            return found
        who, day = reps.to_numpy(), days.to_numpy().astype("datetime64[s]")
        order = np.argsort(who, kind="stable")
        names, start = np.unique(who[order], return_index=True)
        ends = np.r_[start[1:], len(order)]
        for name, low, high in zip(names, start, ends, strict=True):
            if name not in spans:
                continue
            at = order[low:high]
            found[at] = None
            for first, last, value in spans[name]:
                found[at[(day[at] >= first) & (day[at] <= last)]] = value
        return found

    def holds(self, plan: CommissionPlan, reps: pd.Series, days: pd.Series) -> np.ndarray:
        """Whether the plan is for each rep on each day, whatever its own days."""
        if plan.for_all:
            return np.ones(len(reps), dtype=bool)
        mine = reps.isin(plan.reps).to_numpy()
        for kind, wanted in (("team", plan.teams), ("role", plan.roles)):
            if wanted:
                mine = mine | np.isin(self.on(kind, reps, days).astype(str), wanted)
        return mine

    def reports(self, kind: str = "manager") -> set[str]:
        """Everybody who ever had a manager."""
        return set(self.now(kind)) | set(self.spans.get(kind, {}))
