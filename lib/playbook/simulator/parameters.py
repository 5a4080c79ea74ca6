"""The simulated technology company as one frozen object: every rate, volume and date it is made
from.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import numpy as np

from .days import START, day_number

REGIONS = ("East", "South", "North", "Central", "West")
REGION_SHARE = (0.30, 0.24, 0.19, 0.14, 0.13)
PRODUCTS = ("Analytics", "Workflow", "Integration", "Services")
PRODUCT_SHARE = (0.38, 0.30, 0.22, 0.10)
REGION_PRODUCT_SHARE = {"North": (0.27, 0.21, 0.44, 0.08)}  # the others as PRODUCT_SHARE
INDUSTRIES = ("Finance", "Manufacturing", "Retail", "Healthcare", "Logistics", "Education")
INDUSTRY_SHARE = (0.22, 0.24, 0.18, 0.14, 0.13, 0.09)
TYPES = ("large", "medium", "small")
OBJECTIONS = ("price", "integration effort", "data security", "timing", "incumbent supplier")


@dataclass(frozen=True)
class Channel:
    """A source of leads. Shares are of the quarter's potential leads: in calm times, in the crisis,
    after the refocus (of crisis volume).
    """

    name: str
    calm: float
    crisis: float
    focused: float
    match: float
    focused_match: float
    cost_per_lead: float
    fixed_cost: float = 0.0


CHANNELS = (
    Channel("Industry association", 0.10, 0.09, 0.18, 0.74, 0.86, 2_400, 12_000),
    Channel("Referral", 0.12, 0.10, 0.13, 0.76, 0.83, 900),
    Channel("Website", 0.24, 0.20, 0.19, 0.60, 0.69, 700, 15_000),
    Channel("Search ads", 0.20, 0.19, 0.12, 0.52, 0.60, 2_800),
    Channel("Partner", 0.12, 0.10, 0.08, 0.64, 0.71, 1_500, 6_000),
    Channel("General trade fair", 0.13, 0.19, 0.00, 0.22, 0.22, 9_800, 30_000),
    Channel("Bought list", 0.09, 0.13, 0.00, 0.14, 0.14, 4_200),
)
EXISTING = "Existing customers"  # channel of deals with customers we already have


@dataclass(frozen=True)
class Levers:
    """First day each measure of the second quarter of 2023 is in force; empty = never."""

    objectives: str = "2023-04-01"
    tiers: str = "2023-04-01"
    funnel: str = "2023-04-01"
    incentives: str = "2023-04-01"
    enablement: str = "2023-04-01"

    def phase(self, name: str, day: np.ndarray | float, months: float = 1.5) -> np.ndarray:
        """How far a measure has taken hold on each day, 0 … 1, rising evenly over ``months``
        [months].
        """
        start = getattr(self, name)
        if not start:
            return np.zeros_like(np.asarray(day, dtype=float))
        return np.clip(
            (np.asarray(day, dtype=float) - day_number(start)) / (30.4 * months) + 1e-9, 0, 1
        )


@dataclass(frozen=True)
class Company:
    """What the company is made from. Quarters run from 2021-Q1 (index 0) to 2023-Q3 (index 10);
    money in CNY.
    """

    seed: int = 20230930
    # which stream of random numbers people and customers' decisions use: chosen so that the small
    # counts of the story come out
    people_draw: int = 87
    customers_draw: int = 177
    # which stream the step to negotiation uses: chosen so that no group stands out but the
    # planted one
    negotiation_draw: int = 148
    levers: Levers = field(default_factory=Levers)
    # people
    first_team: int = 34
    hires: tuple[tuple[str, int], ...] = (
        ("2021-03", 2),
        ("2021-06", 3),
        ("2021-09", 3),
        ("2022-02", 3),
        ("2022-05", 3),
        ("2022-08", 5),
        ("2022-10", 5),
        ("2023-01", 3),
        ("2023-04", 6),
        ("2023-05", 3),
        ("2023-06", 2),
    )
    leavers: tuple[tuple[str, str, int], ...] = (
        ("2021-05", "other", 1),
        ("2021-11", "other", 2),
        ("2022-03", "other", 2),
        ("2022-06", "other", 2),
        ("2022-11", "top", 1),
        ("2022-12", "new", 3),
        ("2022-12", "other", 1),
        ("2023-01", "top", 1),
        ("2023-02", "new", 3),
        ("2023-02", "other", 3),
        ("2023-03", "top", 1),
        ("2023-03", "other", 1),
        ("2023-05", "other", 3),
        ("2023-06", "new", 1),
        ("2023-07", "top", 1),
        ("2023-07", "other", 1),
    )
    newcomer_load: float = (
        0.90  # a newcomer's share of a full load of leads, before mentoring and with it
    )
    newcomer_load_mentored: float = 0.70
    # demand
    leads: tuple[int, ...] = (372, 390, 396, 420, 420, 438, 450, 480, 495, 495, 495)
    leads_before: int = (
        360  # in the quarter before the first; its deals still open then are taken over
    )
    type_share: tuple[float, ...] = (0.13, 0.32, 0.55)
    annual_spread: float = 0.36  # standard deviation of the logarithm within a size class
    annual_median: tuple[float, ...] = (520_000, 175_000, 58_000)
    first_customers: int = 640
    first_customers_scale: float = 0.66
    # funnel: matched leads
    crisis_match: float = 0.8564
    focused_match: float = 0.9006
    intent: tuple[float, float, float] = (0.77, 0.74, 0.78)  # calm, crisis, after
    negotiation: tuple[float, float, float] = (0.70, 0.62, 0.69)
    objection: tuple[float, float, float] = (0.27, 0.3952, 0.1793)
    won_clear: tuple[float, float, float] = (
        0.75,
        0.73,
        0.75,
    )  # in negotiation without an objection
    won_objected: tuple[float, float, float] = (0.45, 0.40, 0.48)
    weak_step_factor: float = 0.45  # North × Integration, intent → negotiation
    weak_step_from: str = "2022-09-01"
    step_days: tuple[float, float, float] = (
        11.0,
        17.0,
        22.0,
    )  # medians of lead, intent, negotiation
    faster: float = 0.7063  # factor on days with the funnel measure
    slower: float = 1.0156  # factor on days in the crisis
    # existing customers
    renewal_large: tuple[float, float, float] = (0.85, 0.68, 0.88)
    renewal_other: tuple[float, float, float] = (0.74, 0.6229, 0.74)
    expansion: tuple[float, float, float] = (
        0.16,
        0.145,
        0.28,
    )  # chance of an expansion deal per customer and quarter
    expansion_won: tuple[float, float, float] = (0.46, 0.42, 0.56)
    setup_share: float = 0.38  # one-off share on top of the first year
    first_index: tuple[float, ...] = (
        0.9227,
        1.1284,
        1.1113,
        1.5367,
        0.8453,
        1.5472,
        1.1958,
        1.0638,
        1.5256,
        0.973,
        1.3034,
    )
    expansion_index: tuple[float, ...] = (
        0.922,
        0.7222,
        1.2898,
        1.6865,
        0.7712,
        1.0006,
        0.7073,
        0.4819,
        0.5673,
        0.9114,
        1.1427,
    )
    refund_share: float = 0.015
    # shape of the crisis
    crisis_from: str = "2022-09-01"
    crisis_full: str = "2023-01-01"

    def leads_in(self, quarter: int) -> int:
        """Potential leads of a quarter [leads]; −1 is the quarter before the first."""
        return self.leads[quarter] if quarter >= 0 else self.leads_before

    def crisis(self, day: np.ndarray | float) -> np.ndarray:
        """Depth of the crisis on each day, 0 … 1; without measures it stays at 1."""
        first, full = day_number(self.crisis_from), day_number(self.crisis_full)
        return np.clip((np.asarray(day, dtype=float) - first) / (full - first), 0, 1)

    def level(
        self, triple: tuple[float, float, float], day: np.ndarray | float, weights: dict[str, float]
    ) -> np.ndarray:
        """A rate on each day: calm → crisis, then towards its value after the measures.

        weights: share of the way back each lever brings, summing to 1.
        """
        calm, crisis, after = triple
        depth = self.crisis(day)
        base = calm + (crisis - calm) * depth
        healed = sum(weight * self.levers.phase(name, day) for name, weight in weights.items())
        return base + (after - base) * healed

    def without_levers(self) -> Company:
        """The same company with no measure taken: what does not depend on the measures is kept
        under this name.
        """
        return replace(self, levers=Levers(*[""] * len(fields(Levers))))

    def rng(self, question: str, draw: int = 0) -> np.random.Generator:
        """Random numbers of one question: changing how one is used never moves another's."""
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, draw, *question.encode()]))
        )

    def describe(self) -> list[tuple[str, str]]:
        """(name, value) of every parameter."""
        return [(f.name, repr(getattr(self, f.name))) for f in fields(self)]


__all__ = [
    "CHANNELS",
    "EXISTING",
    "INDUSTRIES",
    "OBJECTIONS",
    "PRODUCTS",
    "REGIONS",
    "START",
    "TYPES",
    "Channel",
    "Company",
    "Levers",
]
