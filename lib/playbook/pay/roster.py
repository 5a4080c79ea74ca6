"""Who was in which team and role, and under whom, on a day; and who had left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan

from .periods import period_span


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

    def present(
        self,
        groups: pd.DataFrame,
        plan: CommissionPlan,
        fiscal_year_start: int,
        *,
        in_force: bool = False,
    ) -> tuple[np.ndarray, np.ndarray]:
        """(days on board, days) of each group's period, by the plan's rule of presence. in_force:
        of a presence that pays by days, only those on which the plan is in force.
        """
        hired = {}
        if "hired" in self.people:
            known = self.people.dropna(subset=["hired"])
            hired = {r.rep_id: r.hired.date() for r in known.itertuples(index=False)}
        at_end = plan.attainment is not None and plan.attainment.presence == "at_end"
        made = []
        for rep, number in zip(groups["rep_id"], groups["period"], strict=True):
            first, last = period_span(int(number), plan.accumulate, fiscal_year_start)
            length, left = (last - first).days + 1, self.left.get(rep, last)
            if at_end:
                made.append((length if left >= last else 0, length))
            else:
                if in_force:
                    first, last = max(first, plan.starts), min(last, plan.ends or last)
                here = (min(left, last) - max(hired.get(rep, first), first)).days + 1
                made.append((max(here, 0), length))
        both = np.array(made, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]
