"""A plan's bands and rules as whole numbers: rates, the bands that reach back, edges per group."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from playbook.base.settings.plan_parts import Band
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .terms import GroupTerms


@dataclass(frozen=True)
class Rates:
    """Rates and effects of a plan in whole numbers.

    unit: parts of a rate. paths: for each band that may be the highest reached, the rates of all
    bands as they are then paid; equal ones once. path_of: number of the path of each band reached.
    times, points, counts, attains: effects by code + 1, see ``codes``; times in ``times_unit``
    parts, points in unit × times_unit.
    """

    unit: int
    paths: tuple[tuple[int, ...], ...]
    path_of: tuple[int, ...]
    times_unit: int
    times: tuple[int, ...]
    points: tuple[int, ...]
    counts: tuple[int, ...]
    attains: tuple[int, ...]

    @property
    def mixed(self) -> bool:
        """Whether lines of one band may pay at different rates."""
        return any(times != self.times_unit for times in self.times[:-1])

    @property
    def even(self) -> bool:
        """Whether every path pays one rate on everything."""
        return all(len(set(path)) == 1 for path in self.paths)


def rising(plan: CommissionPlan) -> list[Band]:
    """The plan's bands by their lower edge."""
    return sorted(plan.tiers, key=lambda band: band.lower)


def codes(plan: CommissionPlan) -> int:
    """How many codes a line's ``rule`` may have: −1 for the tiers alone, 0 … for the plan's rules,
    the same again for lines after the last day of whom they credit, and one that pays nothing.
    """
    return 2 * (len(plan.rules) + 1) + 1


def rates_of(plan: CommissionPlan) -> Rates:
    """The plan's rates and rules as whole numbers."""
    bands = rising(plan)
    band_rates = [band.share for band in bands] or [Fraction(0)]
    flat = [Fraction(r.points if r.rate is None else r.rate) for r in plan.rules]
    unit = math.lcm(*(rate.denominator for rate in [*band_rates, *flat]))
    leaves = Fraction(plan.leaving.share)
    factors = [Fraction(0) if r.rate is not None else Fraction(r.times) for r in plan.rules]
    factors, plus = [Fraction(1), *factors], [Fraction(0), *flat]
    times_unit = math.lcm(*(f.denominator for f in factors)) * leaves.denominator
    counts = [1, *(int(rule.counts) for rule in plan.rules)]
    whole = [int(rate * unit) for rate in band_rates]
    paths, path_of = _paths(plan, bands, whole)
    both = (Fraction(1), leaves)
    return Rates(
        unit,
        tuple(paths),
        tuple(path_of),
        times_unit,
        (*(int(f * part * times_unit) for part in both for f in factors), 0),
        (*(int(p * part * unit * times_unit) for part in both for p in plus), 0),
        (*counts, *counts, 0),
        (*(1 for _ in range(2 * len(counts))), 0),
    )


def _paths(
    plan: CommissionPlan, bands: list[Band], rates: list[int]
) -> tuple[list[tuple[int, ...]], list[int]]:
    """Rates of all bands by the highest one reached: a band that reaches back pays its rate on
    everything below it too.
    """
    paths: list[tuple[int, ...]] = []
    path_of = []
    for reached in range(len(rates)):
        back = [i for i in range(1, reached + 1) if bands and reaches_back(plan, bands[i])]
        last = back[-1] if back else 0
        path = tuple(rates[max(i, last)] if i < last else rates[i] for i in range(len(rates)))
        if plan.mode == "whole" and all(band.retroactive is None for band in bands):
            path = (rates[reached],) * len(rates)
        if path not in paths:
            paths.append(path)
        path_of.append(paths.index(path))
    return paths, path_of


def reaches_back(plan: CommissionPlan, band: Band) -> bool:
    """Whether reaching the band pays its rate on everything below it too."""
    return plan.mode == "whole" if band.retroactive is None else band.retroactive


def edge_parts(plan: CommissionPlan, terms: GroupTerms) -> int:
    """Parts of a tick in which every edge of the plan is a whole number in every group."""
    shares = [plan.threshold]
    shares += [band.lower for band in plan.tiers] if plan.tiers_of == "quota" else []
    return terms.parts() * math.lcm(1, *(Fraction(part).denominator for part in shares))


def edges_of(plan: CommissionPlan, terms: GroupTerms, groups: int, scale: int) -> np.ndarray:
    """Lower edges in ``scale`` parts of a tick, one row per band and one column per group, or a
    single column where all groups have the same.
    """
    same = plan.tiers_of == "amount" and terms.days is None
    rows = []
    for i, band in enumerate(rising(plan)):
        if plan.tiers_of == "quota":
            top, bottom = band.lower.as_integer_ratio()
            edge = terms.share_of(exact.times(terms.quota, top), scale // bottom)
            none_yet = exact.SAFE if i else 0  # no quota yet: first band
            rows.append(np.where(terms.quota > 0, edge, none_yet))
        elif same:
            rows.append(np.array([int(band.lower * TICKS) * scale]))
        else:
            ticks = np.full(groups, int(band.lower * TICKS), dtype=np.int64)
            rows.append(terms.share_of(ticks, scale))
    return np.stack(rows) if rows else np.zeros((1, 1 if same else groups), dtype=np.int64)


def along(path: tuple[int, ...], edges: np.ndarray, total: np.ndarray) -> np.ndarray:
    """What a total earns at the rates of a path: Σ (rateᵢ − rateᵢ₋₁) × the amount above edge i; the
    first band also takes amounts below 0.
    """
    pay = total * path[0]
    for edge, (below, rate) in zip(edges[1:], itertools.pairwise(path), strict=False):
        if rate != below:
            pay = pay + (rate - below) * np.maximum(total - edge, 0)
    return pay


def reached(edges: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Number of the band each total lies in: above its lower edge; 0 for totals of 0 and below."""
    band = np.zeros(len(total), dtype=np.int64)
    for edge in edges[1:]:
        band += (total > edge).astype(np.int64)
    return band
