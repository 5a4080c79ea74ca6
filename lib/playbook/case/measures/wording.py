"""Outcomes of the simulated company on the page: label, unit, and how values and effects are
written.
"""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.simulator.outcomes import OUTCOMES

OUTCOME = {  # label, unit
    "growth": (later("Growth on a year before"), "share"),
    "sales_year": (later("Sales January to September"), "money"),
    "returning": (later("Returning customers' share"), "share"),
    "per_head": (later("Sales per head on a year before"), "share"),
    "leads": (later("Leads against the first quarter"), "share"),
    "match": (later("Need-match rate"), "share"),
    "objection": (later("Objection rate"), "share"),
    "won": (later("Deals won"), "count"),
    "cycle": (later("Days to a win"), "days"),
    "renewal": (later("Renewal, large customers"), "share"),
    "churn": (later("Churn, other customers"), "share"),
    "first_deal": (later("First deal in three months"), "share"),
}
SHARE_OUTCOMES = tuple(o for o in OUTCOMES if OUTCOME[o][1] == "share")


@dataclass(frozen=True)
class OutcomeFormats:
    """Writes values and effects of outcomes in the outcome's own unit."""

    fmt: Formats

    def text(self, outcome: str, value: float) -> str:
        """A value of an outcome, such as ``42.0 %``."""
        unit = OUTCOME[outcome][1]
        return self.fmt.text(
            value,
            unit,
            decimals=None if unit == "money" else 1 if unit != "count" else 0,
            compact=unit == "money",
        )

    def signed(self, outcome: str, value: float) -> str:
        """A difference with its sign; differences of shares in percentage points."""
        unit = "pp" if OUTCOME[outcome][1] == "share" else OUTCOME[outcome][1]
        return self.fmt.text(
            value,
            unit,
            sign=True,
            decimals=None if unit == "money" else 1 if unit != "count" else 0,
            compact=unit == "money",
        )

    def interval(self, outcome: str, effect: float, low: float, high: float) -> str:
        """A difference with its interval; a dash where the interval is zero alone."""
        if abs(low) < 1e-9 and abs(high) < 1e-9:
            return "–"
        return say(
            "{signed} [{bound}; {bound_2}]",
            signed=self.signed(outcome, effect),
            bound=self._bound(outcome, low),
            bound_2=self._bound(outcome, high),
        )

    def _bound(self, outcome: str, value: float) -> str:
        """An end of an interval, without its unit."""
        unit = OUTCOME[outcome][1]
        if unit == "money":
            return self.signed(outcome, value)
        return self.fmt.text(
            value * 100 if unit == "share" else value,
            "number",
            sign=True,
            decimals=0 if unit == "count" else 1,
        )
