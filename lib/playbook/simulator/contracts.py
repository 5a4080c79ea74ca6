"""Contracts of every customer from year to year: renewals, and expansion deals while they run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from .days import LAST, QUARTERS, day_number, quarter_of, quarter_start, workday
from .deals import OBJECTION_CURE, WEAK_PRODUCT, WEAK_REGION, discounts
from .parameters import Company

RENEWAL_CURE_LARGE = {"tiers": 0.6, "incentives": 0.25, "objectives": 0.15}
RENEWAL_CURE_OTHER = {"tiers": 0.7, "objectives": 0.3}
EXPANSION_CURE = {"tiers": 0.5, "incentives": 0.3, "objectives": 0.2}
ROWS = QUARTERS + 6  # of a customer's random numbers: five years, then the quarters
YEARS, QUARTER_ROW = 5, 5
BY_TYPE = np.array([1.5, 1.2, 0.75])  # large customers buy more often


@dataclass(frozen=True)
class Ledger:
    """What customers signed, each frame sorted by customer and then in time. Days are numbers from
    the first day, money in CNY.

    contracts: customer, start, end, annual, renewed_on (−1: not), next (row of the contract that
    follows; −1 none). renewals: customer, day, list, discount [percent], u and v (uniforms that
    decide on refund and payment). expansions: one row per deal, as ``deals.new_business`` gives
    them.
    """

    contracts: pd.DataFrame
    renewals: pd.DataFrame
    expansions: pd.DataFrame


class Luck:
    """Random numbers of each customer under one seed: a customer, known by its key, has the same
    ones whatever the measures, so that companies differ by their measures alone.
    """

    def __init__(self, seed: int) -> None:
        self.seed, self.row = seed, {}
        self.parts = [np.empty((0, ROWS, 10)), np.empty((0, ROWS, 4)), np.empty((0, ROWS))]

    def of(self, keys: np.ndarray) -> list[np.ndarray]:
        """Uniforms (customers × rows × 10), normals (× 4) and one more uniform for each row."""
        fresh = [key for key in keys.tolist() if key not in self.row]
        if fresh:
            made = [self._sample(key) for key in fresh]
            self.row |= {key: len(self.row) + i for i, key in enumerate(fresh)}
            self.parts = [
                np.concatenate([part, np.stack([m[i] for m in made])])
                for i, part in enumerate(self.parts)
            ]
        rows = [self.row[key] for key in keys.tolist()]
        return [part[rows] for part in self.parts]

    def _sample(self, key: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, 77, key])))
        return rng.random((ROWS, 10)), rng.normal(0, 1, (ROWS, 4)), rng.random(ROWS)


_luck = lru_cache(maxsize=2)(Luck)


def lifetimes(c: Company, customers: pd.DataFrame) -> Ledger:
    """Every customer's contracts, renewals and expansion deals: all customers' first years, then
    their second, and so on.
    """
    luck, curves = _even_luck(c, customers), _curves(c)
    u, z, extra = _luck(c.seed).of(customers.key.to_numpy())
    big, since = customers.type.to_numpy() == 0, customers.since.to_numpy()
    there = np.arange(len(customers))
    start = np.where(
        since < 0, since + 365 * (-since // 365), since
    )  # the contract running on the first day
    annual = customers.annual.to_numpy().astype(float)
    contracts: list[dict[str, Any]] = []
    renewals: list[dict[str, Any]] = []
    expansions: list[dict[str, Any]] = []
    for year in range(YEARS):
        end = start + 364
        deals, added = _expand(
            c, customers, there, start, np.minimum(end, LAST), annual, (u, z, extra), curves
        )
        expansions.append(deals)
        decided = workday(end - np.floor(28 * u[there, year, 0]).astype(int))
        seen = (end <= LAST + 28) & (decided <= LAST)
        chance = np.where(
            big[there],
            curves["large"][np.minimum(end, LAST + 28)],
            curves["other"][np.minimum(end, LAST + 28)],
        )
        kept = seen & (luck[there, year] < chance)
        contracts.append(
            {
                "customer": there,
                "start": start,
                "end": end,
                "annual": annual.astype(int),
                "renewed_on": np.where(kept, decided, -1),
            }
        )
        there, start, decided = there[kept], end[kept] + 1, decided[kept]
        price = np.maximum(
            3_000,
            np.round((annual[kept] + 0.45 * added[kept]) * (1.02 + 0.05 * z[there, year, 0]) / 100)
            * 100,
        ).astype(int)
        discount = np.floor(8 * u[there, year, 2]).astype(int) + np.where(
            u[there, year, 3] > 0.93, np.floor(25 * u[there, year, 2]), 0
        ).astype(int)
        renewals.append(
            {
                "customer": there,
                "day": decided,
                "list": price,
                "discount": discount,
                "u": u[there, year, 4],
                "v": u[there, year, 5],
            }
        )
        annual = (price * (100 - discount) // 100).astype(float)
    held = _sorted(contracts, "start")
    held["next"] = np.where(held.renewed_on >= 0, np.arange(len(held)) + 1, -1)
    return Ledger(held, _sorted(renewals, "day"), _sorted(expansions, "day"))


def _sorted(parts: list[dict[str, Any]], by: str) -> pd.DataFrame:
    """One frame of the columns of all parts, by customer and then in time."""
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns[by], columns["customer"]))
    return pd.DataFrame({name: column[order] for name, column in columns.items()})


def _even_luck(c: Company, customers: pd.DataFrame) -> np.ndarray:
    """Uniforms that decide on renewals (customers × years), 0 … 1, spread evenly over customers who
    started at about the same time.

    A Kronecker sequence with one irrational step per year, for large customers and others apart:
    counts of renewals in a quarter then stray less from their chance than independent samples
    would.
    """
    shift = c.rng("renewals", c.customers_draw).random((2, YEARS))
    steps = np.array([(1 + 5**0.5) / 2, 2**0.5, 3**0.5, 7**0.5, 11**0.5])
    luck = np.empty((len(customers), YEARS))
    for group, rows in enumerate(
        (customers.index[customers.type == 0], customers.index[customers.type != 0])
    ):
        even = np.modf(np.arange(1, len(rows) + 1)[:, None] * steps + shift[group])[0]
        luck[rows] = even
    return luck


def _curves(c: Company) -> dict[str, np.ndarray]:
    """Chances and speed by day number."""
    day = np.arange(LAST + 400)
    speed = (1 + (c.slower - 1) * c.crisis(day)) * (
        1 + (c.faster - 1) * c.levers.phase("funnel", day, months=1.0)
    )
    return {
        "large": c.level(c.renewal_large, day, RENEWAL_CURE_LARGE),
        "other": c.level(c.renewal_other, day, RENEWAL_CURE_OTHER),
        "expansion": c.level(c.expansion, day, EXPANSION_CURE),
        "won": c.level(c.expansion_won, day, EXPANSION_CURE),
        "objection": c.level(c.objection, day + 25, OBJECTION_CURE),
        "speed": speed,
        "quarter": quarter_of(day),
    }


def _expand(
    c: Company,
    customers: pd.DataFrame,
    there: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    annual: np.ndarray,
    samples: tuple[np.ndarray, np.ndarray, np.ndarray],
    curves: dict[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Expansion deals opened while these contracts run, and the amount won per contract. There is a
    chance of one in each quarter.
    """
    u = samples[0][there][:, QUARTER_ROW : QUARTER_ROW + QUARTERS]
    edges = np.array([quarter_start(q) for q in range(QUARTERS + 1)])
    opened = workday(edges[:-1] + np.floor(u[:, :, 1] * np.diff(edges)).astype(int))
    since = customers.since.to_numpy()[there]
    inside = (
        (opened >= np.maximum(start, 0)[:, None] + 5)
        & (opened <= end[:, None])
        & (opened >= since[:, None] + 100)
    )
    chance = (
        curves["expansion"][np.maximum(opened, 0)]
        * BY_TYPE[customers.type.to_numpy()[there]][:, None]
    )
    row, quarter = np.nonzero(inside & (u[:, :, 0] < chance))
    deals = _expansions(
        c,
        customers.region.to_numpy()[there[row]],
        opened[row, quarter],
        annual[row],
        [part[there[row], QUARTER_ROW + quarter] for part in samples],
        curves,
    )
    won = np.where((deals["reached"] == 3) & (deals["closed"] <= LAST), deals["amount"], 0)
    return {"customer": there[row], **deals}, np.bincount(row, won, len(there))


def _expansions(
    c: Company,
    region: np.ndarray,
    opened: np.ndarray,
    annual: np.ndarray,
    samples: list[np.ndarray],
    curves: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Expansion deals, from opening to outcome."""
    u, z, extra = samples
    steps = np.cumsum(
        np.maximum(
            1.0,
            np.array(c.step_days)
            * 0.97
            * np.exp(0.4 * z[:, :3])
            * curves["speed"][opened][:, None],
        ),
        axis=1,
    )
    product = np.floor(u[:, 7] * 4).astype(int)
    reached = np.where(
        u[:, 2] < curves["won"][opened], 3, (u[:, 3] < 0.75).astype(int) + (u[:, 3] < 0.4)
    )
    weak = (
        (region == WEAK_REGION)
        & (product == WEAK_PRODUCT)
        & (opened >= day_number(c.weak_step_from))
    )
    reached = np.where(weak & (reached >= 2) & (extra >= c.weak_step_factor), 1, reached)
    objected = (reached >= 2) & (u[:, 4] < curves["objection"][opened])
    days = np.maximum(workday(opened[:, None] + np.round(steps).astype(int)), opened[:, None])
    closed = np.take_along_axis(days, np.minimum(reached, 2)[:, None], axis=1)[:, 0]
    index = np.array(c.expansion_index)[np.minimum(curves["quarter"][closed], QUARTERS - 1)]
    price = (
        np.maximum(50, np.round(annual * 0.75 * np.exp(0.35 * z[:, 3]) * index / 100)) * 100
    ).astype(int)
    discount = discounts(price, u[:, 5], np.zeros(len(price), dtype=bool), objected)
    return {
        "day": opened,
        "intent_day": np.where(reached >= 1, days[:, 0], -1),
        "negotiation_day": np.where(reached >= 2, days[:, 1], -1),
        "closed": closed,
        "reached": reached,
        "objected": objected,
        "list": price,
        "discount": discount,
        "amount": price * (100 - discount) // 100,
        "kind": np.where(u[:, 6] < 0.4, "repurchase", "upgrade"),
        "product": product,
        "u_refund": u[:, 8],
        "u_late": u[:, 9],
    }
