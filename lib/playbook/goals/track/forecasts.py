"""Forecasts of the company and its parts that agree: the parts' sum to the company's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from playbook.base.errors import NotAvailable
from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.goals.actuals import Actuals
from playbook.goals.outlook import outlook, there_before
from playbook.methods.forecast import Forecast

# Cuts whose members sum to the company; customers new to a member may be new to several.
CUTS = ("region", "product_line", "customer_type", "rep", "team")


class Forecasts:
    """Simulated totals of the months ahead by metric and member; each worked out once.

    Each part is forecast from its own months. Medians of parts do not sum to the median of the
    whole, so the paths of all members of a cut are multiplied by one factor: the company's median ÷
    the sum of theirs. Nothing is forecast of people who have left: the others share what they sold.
    """

    def __init__(self, actuals: Actuals):
        self.actuals = actuals
        self._factors: dict[tuple[str, str, int], float] = {}
        self._made: dict[tuple, Forecast | None] = {}
        self._left = {rep["rep_id"] for rep in actuals.people if not is_missing(rep["left"])}

    def totals(
        self, metric: str, members: Mapping[str, str], ahead: int
    ) -> tuple[np.ndarray | None, str]:
        """Totals of the months ahead, one per path, and how they were made; None and why there are
        none, empty where the history is too short and for people who have left.
        """
        made = self._forecast(metric, members, ahead)
        if made is None:
            return None, there_before(self.actuals, metric)
        factor = self.factor(metric, members, ahead)
        if factor == 1.0:
            return made.totals, made.method
        return made.totals * factor, say(
            "{method}, scaled to sum to the company's", method=made.method
        )

    def factor(self, metric: str, members: Mapping[str, str], ahead: int) -> float:
        """What a part's paths are multiplied by; 1 for the company and for what is no cut of it."""
        dimension = next(iter(members), "")
        if len(members) != 1 or dimension not in CUTS or metric == "new_customers":
            return 1.0
        key = (metric, dimension, ahead)
        if key not in self._factors:
            self._factors[key] = self._factor(*key)
        return self._factors[key]

    def _factor(self, metric: str, dimension: str, ahead: int) -> float:
        try:
            names = sorted(set(self.actuals.months(metric, (dimension,))[dimension]))
        except NotAvailable:
            return 1.0
        company = self._median(metric, {}, ahead)
        parts = sum(self._median(metric, {dimension: name}, ahead) for name in names)
        return company / parts if company > 0 and parts > 0 else 1.0

    def _median(self, metric: str, members: Mapping[str, str], ahead: int) -> float:
        made = self._forecast(metric, members, ahead)
        return 0.0 if made is None else float(np.median(made.totals))

    def _forecast(self, metric: str, members: Mapping[str, str], ahead: int) -> Forecast | None:
        key = (metric, tuple(members.items()), ahead)
        if key not in self._made:
            gone = members.get("rep") in self._left
            self._made[key] = None if gone else outlook(self.actuals, metric, members, ahead)
        return self._made[key]
