"""The company's customers: those of before the first day and those won since."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from .days import LAST
from .demand import product_of
from .names import company_names
from .parameters import CHANNELS, INDUSTRIES, INDUSTRY_SHARE, REGION_SHARE, Company
from .people import Team


def customers_of(c: Company, team: Team, deals: pd.DataFrame) -> pd.DataFrame:
    """One row per customer, of before 2021 or won since, in order of the first contract."""
    everyone = owners(c, team, deals)
    everyone["id"] = [f"C{i + 1:05d}" for i in range(len(everyone))]
    everyone["rep"] = [
        team.on(rep, max(since, 0)) for rep, since in zip(everyone.rep, everyone.since, strict=True)
    ]
    low, high = np.array([1000, 200, 20]), np.array([9000, 1000, 200])
    u = c.rng("employees").random(60_000)[everyone.key]
    everyone["employees"] = np.floor(low[everyone.type] * (high / low)[everyone.type] ** u).astype(
        int
    )
    everyone["name"] = company_names(c.rng("names"), [INDUSTRIES[i] for i in everyone.industry])
    return everyone


def owners(c: Company, team: Team, deals: pd.DataFrame) -> pd.DataFrame:
    """What the outcomes need of each customer: since [day], region, type, industry, product,
    channel, rep (who won it), key (of its random numbers), deal (row that won it; −1 none), annual
    [CNY].
    """
    old = _first_customers(c.without_levers(), team)
    won = deals[(deals.reached == 3) & (deals.closed <= LAST)]
    new = pd.DataFrame(
        {
            "since": won.closed,
            "region": won.region,
            "type": won.type,
            "industry": won.industry,
            "product": won["product"],
            "channel": won.channel,
            "rep": won.rep,
            "key": (
                c.first_customers + (won["quarter"] + 1) * 2000 + won.channel * 250 + won["rank"]
            ),
            "deal": won.index,
            "annual": won.annual,
        }
    )
    return (
        pd.concat([old, new], ignore_index=True)
        .sort_values(["since", "key"], kind="stable")
        .reset_index(drop=True)
    )


@lru_cache(maxsize=2)
def _first_samples(c: Company) -> dict[str, np.ndarray]:
    """The customers of before the first day, without their reps; the same whatever the measures."""
    rng = c.rng("first customers")
    n = c.first_customers
    region = np.minimum(np.searchsorted(np.cumsum(REGION_SHARE), rng.random(n), side="right"), 4)
    kinds = np.minimum(np.searchsorted(np.cumsum(c.type_share), rng.random(n), side="right"), 2)
    return {
        "since": -1 - np.floor(rng.random(n) * 1100).astype(int),
        "region": region,
        "type": kinds,
        "industry": np.minimum(
            np.searchsorted(np.cumsum(INDUSTRY_SHARE), rng.random(n), side="right"), 5
        ),
        "product": product_of(rng.random(n), region),
        "channel": np.minimum(
            np.searchsorted(np.cumsum([s.calm for s in CHANNELS]), rng.random(n), side="right"),
            len(CHANNELS) - 1,
        ),
        "rep": rng.random(n),
        "key": np.arange(n),
        "deal": np.full(n, -1),
        "annual": (
            (
                np.round(
                    np.array(c.annual_median)[kinds]
                    * c.first_customers_scale
                    * np.exp(c.annual_spread * rng.normal(0, 1, n))
                    / 100
                )
                * 100
            ).astype(int)
        ),
    }


def _first_customers(c: Company, team: Team) -> pd.DataFrame:
    sampled = _first_samples(c)
    pools = [
        np.flatnonzero((team.region == r) & (team.hired <= 0) & ~team.manager)
        for r in range(len(REGION_SHARE))
    ]
    rep = [
        pools[r][int(u * len(pools[r]))]
        for r, u in zip(sampled["region"], sampled["rep"], strict=True)
    ]
    return pd.DataFrame({**sampled, "rep": rep})
