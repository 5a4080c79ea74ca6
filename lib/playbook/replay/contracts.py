"""Existing customers: yearly contracts, renewals, expansions, the orders that follow."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .days import LAST, QUARTERS, quarter_of, quarter_start, workday
from .deals import discounts
from .names import companies
from .parameters import CHANNELS, INDUSTRIES, INDUSTRY_SHARE, PRODUCT_SHARE, REGION_SHARE, Company
from .people import Team

RENEWAL_CURE_LARGE = {"tiers": 0.6, "incentives": 0.25, "objectives": 0.15}
RENEWAL_CURE_OTHER = {"tiers": 0.7, "objectives": 0.3}
EXPANSION_CURE = {"tiers": 0.5, "incentives": 0.3, "objectives": 0.2}


@dataclass
class Ledger:
    """Rows as they arise."""

    contracts: list[dict] = field(default_factory=list)
    renewals: list[dict] = field(default_factory=list)
    expansions: list[dict] = field(default_factory=list)


def customers(c: Company, team: Team, deals: pd.DataFrame) -> pd.DataFrame:
    """Customers of before 2021 and those won since, in order of their first contract; one row each."""
    rng = c.rng("first customers")
    n = c.first_customers
    region = np.minimum(np.searchsorted(np.cumsum(REGION_SHARE), rng.random(n), side="right"), 4)
    pools = [np.flatnonzero((team.region == r) & (team.hired <= 0) & ~team.manager) for r in range(5)]
    kinds = np.minimum(np.searchsorted(np.cumsum(c.type_share), rng.random(n), side="right"), 2)
    old = pd.DataFrame({
        "since": -1 - np.floor(rng.random(n) * 1100).astype(int), "region": region, "type": kinds,
        "industry": np.minimum(np.searchsorted(np.cumsum(INDUSTRY_SHARE), rng.random(n), side="right"), 5),
        "product": np.minimum(np.searchsorted(np.cumsum(PRODUCT_SHARE), rng.random(n), side="right"), 3),
        "channel": np.minimum(np.searchsorted(np.cumsum([s.calm for s in CHANNELS]), rng.random(n), side="right"), len(CHANNELS) - 1),
        "rep": [int(rng.choice(pools[r])) for r in region], "key": np.arange(n), "deal": -1,
        "annual": (np.round(np.array(c.annual_median)[kinds] * c.first_customers_scale * np.exp(c.annual_spread * rng.normal(0, 1, n)) / 100) * 100).astype(int)})
    won = deals[(deals.reached == 3) & (deals.closed <= LAST)]
    new = pd.DataFrame({
        "since": won.closed, "region": won.region, "type": won.type, "industry": won.industry, "product": won["product"], "channel": won.channel,
        "rep": won.rep, "key": n + (won["quarter"] + 1) * 2000 + won.channel * 250 + won["rank"], "deal": won.index, "annual": won.annual})
    everyone = pd.concat([old, new], ignore_index=True).sort_values(["since", "key"], kind="stable").reset_index(drop=True)
    everyone["id"] = [f"C{i + 1:05d}" for i in range(len(everyone))]
    everyone["rep"] = [team.on(rep, max(since, 0)) for rep, since in zip(everyone.rep, everyone.since, strict=True)]
    low, high = np.array([1000, 200, 20]), np.array([9000, 1000, 200])
    u = c.rng("employees").random(60_000)[everyone.key]
    everyone["employees"] = np.floor(low[everyone.type] * (high / low)[everyone.type] ** u).astype(int)
    everyone["name"] = companies(c.rng("names"), [INDUSTRIES[i] for i in everyone.industry])
    return everyone


def lifetimes(c: Company, people: pd.DataFrame) -> Ledger:
    """Every customer's contracts, renewals and expansion deals."""
    ledger = Ledger()
    curves, luck = _curves(c), _even_luck(c, people)
    for row in people.itertuples():
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([c.seed, 77, row.key])))
        _life(c, row, rng.random((QUARTERS + 6, 10)).tolist(), rng.normal(0, 1, (QUARTERS + 6, 4)).tolist(), luck[row.Index], curves, ledger)
    return ledger


def _even_luck(c: Company, people: pd.DataFrame) -> dict[int, list[float]]:
    """Renewal draws per customer and year, 0 … 1, spread evenly over customers who started at about the same time.

    A Kronecker sequence with one irrational step per year, for large customers and others apart: counts of renewals in a
    quarter then stray less from their chance than independent draws would.
    """
    shift = c.rng("renewals", c.customers_draw).random((2, 5))
    steps = np.array([(1 + 5**0.5) / 2, 2**0.5, 3**0.5, 7**0.5, 11**0.5])
    luck = {}
    for group, rows in enumerate((people.index[people.type == 0], people.index[people.type != 0])):
        even = np.modf(np.arange(1, len(rows) + 1)[:, None] * steps + shift[group])[0]
        luck |= dict(zip(rows.tolist(), even.tolist(), strict=True))
    return luck


def _curves(c: Company) -> dict[str, list[float]]:
    """Chances and speed by day number, as plain lists."""
    day = np.arange(LAST + 400)
    speed = (1 + (c.slower - 1) * c.crisis(day)) * (1 + (c.faster - 1) * c.levers.phase("funnel", day, months=1.0))
    curves = {"large": c.level(c.renewal_large, day, RENEWAL_CURE_LARGE), "other": c.level(c.renewal_other, day, RENEWAL_CURE_OTHER),
              "expansion": c.level(c.expansion, day, EXPANSION_CURE), "won": c.level(c.expansion_won, day, EXPANSION_CURE),
              "objection": c.level(c.objection, day + 25, {"funnel": 0.8, "enablement": 0.2}), "speed": speed, "quarter": quarter_of(day)}
    return {name: curve.tolist() for name, curve in curves.items()}


def _life(c: Company, row, draws: list[list[float]], normal: list[list[float]], luck: list[float], curves: dict, ledger: Ledger) -> None:
    """One customer from the first contract we see to its end or the last day."""
    chance = curves["large" if row.type == 0 else "other"]
    start, annual = row.since, float(row.annual)
    if start < 0:
        start += 365 * (-start // 365)            # the contract running on the first day
    year = 0
    while True:
        end = start + 364
        contract = {"customer": row.Index, "start": start, "end": end, "annual": int(annual), "renewed_on": None, "next": None}
        ledger.contracts.append(contract)
        added = _expand(c, row, start, min(end, LAST), annual, draws, normal, curves, ledger)
        decided = workday(end - int(28 * draws[year][0]))
        if end > LAST + 28 or decided > LAST:
            return
        if luck[year] >= chance[end]:
            return
        annual = max(3_000, round((annual + 0.45 * added) * (1.02 + 0.05 * normal[year][0]) / 100) * 100)
        price = int(annual)
        discount = int(np.floor(8 * draws[year][2])) + (int(np.floor(draws[year][2] * 25)) if draws[year][3] > 0.93 else 0)
        contract["renewed_on"], contract["next"] = decided, len(ledger.contracts)
        ledger.renewals.append({"customer": row.Index, "day": decided, "list": price, "discount": discount, "u": draws[year][4], "v": draws[year][5]})
        annual = price * (100 - discount) // 100
        start, year = end + 1, year + 1


def _expand(c: Company, row, start: int, end: int, annual: float, draws: list, normal: list, curves: dict, ledger: Ledger) -> float:
    """Expansion deals opened while a contract runs; returns the amount won."""
    quarters = curves["quarter"]
    won_amount = 0.0
    for quarter in range(quarters[max(start, 0)], quarters[max(end, 0)] + 1):
        if quarter >= QUARTERS:
            break
        first, following = quarter_start(quarter), quarter_start(quarter + 1)
        u, z = draws[quarter + 5], normal[quarter + 5]
        opened = workday(first + int(u[1] * (following - first)))
        if opened < max(start, 0) + 5 or opened > end or opened < row.since + 100:
            continue
        if u[0] >= curves["expansion"][opened] * (1.5, 1.2, 0.75)[row.type]:
            continue
        won_amount += _expansion(c, row, opened, annual, u, z, curves, ledger)
    return won_amount


def _expansion(c: Company, row, opened: int, annual: float, u: list, z: list, curves: dict, ledger: Ledger) -> float:
    """One expansion deal, from opening to outcome."""
    steps = np.cumsum([max(1.0, m * 0.97 * math.exp(0.4 * z[k]) * curves["speed"][opened]) for k, m in enumerate(c.step_days)])
    won = u[2] < curves["won"][opened]
    reached = 3 if won else int(u[3] < 0.75) + int(u[3] < 0.4)
    objected = reached >= 2 and u[4] < curves["objection"][opened]
    days = [max(workday(opened + round(step)), opened) for step in steps]
    closed = days[min(reached, 2)]
    index = c.expansion_index[min(curves["quarter"][closed], QUARTERS - 1)]
    price = max(50, round(annual * 0.75 * math.exp(0.35 * z[3]) * index / 100)) * 100
    discount = int(discounts(np.array([price]), np.array(u[5:6]), np.array([False]), np.array([objected]))[0])
    amount = price * (100 - discount) // 100
    ledger.expansions.append({
        "customer": row.Index, "day": opened, "intent_day": days[0] if reached >= 1 else -1, "negotiation_day": days[1] if reached >= 2 else -1,
        "closed": closed, "reached": reached, "objected": objected, "list": price, "discount": discount, "amount": amount,
        "kind": "repurchase" if u[6] < 0.4 else "upgrade", "product": int(u[7] * 4), "u_refund": u[8], "u_late": u[9]})
    return amount if won and closed <= LAST else 0.0
