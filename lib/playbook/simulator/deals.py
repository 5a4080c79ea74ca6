"""What becomes of a lead: match, stages, objection, outcome, days, price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .days import LAST, day_number, quarter_of, quarter_start, workday
from .demand import actual_leads, match_chance
from .parameters import OBJECTIONS, PRODUCTS, REGIONS, Company
from .people import Team, assign

LOST_AT_LEAD = ("need mismatch", "no budget", "no decision maker", "no response")
LOST_LATER = ("price", "chose competitor", "project postponed", "no budget", "integration effort")
WEAK_REGION, WEAK_PRODUCT = REGIONS.index("North"), PRODUCTS.index("Integration")
FUNNEL_CURE = {"funnel": 0.6, "objectives": 0.15, "enablement": 0.25}
OBJECTION_CURE = {"funnel": 0.8, "enablement": 0.2}


def new_business(c: Company, team: Team) -> pd.DataFrame:
    """Deals from leads, one row each: columns of ``demand.potential_leads`` and rep, match,
    reached, outcome, days, list price, discount.
    """
    deals = actual_leads(c)
    large = deals.type.to_numpy() == 0
    deals["rep"] = assign(
        c, team, deals.day.to_numpy(), deals.region.to_numpy(), large, deals.u_rep.to_numpy()
    )
    deals["match"] = deals.u_match.to_numpy() < match_chance(c, deals)
    tenure = deals.day.to_numpy() - team.hired[deals.rep]
    deals["skill"] = team.skill[deals.rep] * 0.35 - np.where(
        tenure < 180, 0.3 * (1 - 0.7 * c.levers.phase("enablement", deals.day)), 0.0
    )
    _stages(c, deals)
    _durations(c, deals)
    _price(c, deals)
    return deals[deals.closed >= 0].reset_index(drop=True)


def _stages(c: Company, d: pd.DataFrame) -> None:
    """How far each deal comes (0 lead … 3 won), and whether an objection is raised."""
    day = d.day.to_numpy()
    match = d.match.to_numpy()
    intent = d.u_intent.to_numpy() < np.where(match, c.level(c.intent, day, FUNNEL_CURE), 0.08)
    weak = (
        (d.region.to_numpy() == WEAK_REGION)
        & (d["product"].to_numpy() == WEAK_PRODUCT)
        & (day >= day_number(c.weak_step_from))
    )
    chance = np.where(match, c.level(c.negotiation, day + 12, FUNNEL_CURE), 0.15) * np.where(
        weak, c.weak_step_factor, 1.0
    )
    negotiation = intent & (d.u_negotiation.to_numpy() < chance)
    objected = negotiation & (
        d.u_objection.to_numpy() < c.level(c.objection, day + 25, OBJECTION_CURE)
    )
    base = np.where(
        objected,
        c.level(c.won_objected, day + 30, FUNNEL_CURE),
        c.level(c.won_clear, day + 30, FUNNEL_CURE),
    )
    won = negotiation & (d.u_won.to_numpy() < shifted(base, d.skill.to_numpy()))
    d["reached"] = intent.astype(int) + negotiation + won
    d["objected"] = objected


def shifted(chance: np.ndarray, skill: np.ndarray) -> np.ndarray:
    """A chance moved by ``skill`` on the logit scale."""
    odds = chance / (1 - chance) * np.exp(skill)
    return odds / (1 + odds)


def _durations(c: Company, d: pd.DataFrame) -> None:
    """Days of entering each stage and of closing; deals that would close after the last day stay
    open.
    """

    def scale(day: np.ndarray) -> np.ndarray:
        """Factor on the days a stage takes, by day."""
        return (1 + (c.slower - 1) * c.crisis(day)) * (
            1 + (c.faster - 1) * c.levers.phase("funnel", day, months=1.0)
        )

    at = [d.day.to_numpy().astype(float)]
    for step, median in enumerate(c.step_days):
        wait = np.maximum(
            1, median * np.exp(0.42 * d[f"z_days{step + 1}"].to_numpy()) * scale(at[-1])
        )
        lost_here = d.reached.to_numpy() == step
        at.append(at[-1] + np.where(lost_here, 1.25 * wait, wait))
    reached = d.reached.to_numpy()
    closed = np.select([reached == 0, reached == 1, reached == 2], at[1:4], at[3])
    days = [workday(np.round(x).astype(int)) for x in at]
    d["intent_day"] = np.where(reached >= 1, np.maximum(days[1], d.day), -1)
    d["negotiation_day"] = np.where(reached >= 2, np.maximum(days[2], d.day), -1)
    d["closed"] = _quarter_end(
        np.maximum(workday(np.round(closed).astype(int)), d.day),
        np.where(reached >= 2, days[2], d.day),
        reached == 3,
        d.u_pull.to_numpy(),
    )
    d["pulled"] = d.closed.to_numpy() != np.maximum(
        workday(np.round(closed).astype(int)), d.day.to_numpy()
    )


def _quarter_end(
    closed: np.ndarray, earliest: np.ndarray, won: np.ndarray, u: np.ndarray
) -> np.ndarray:
    """Some wins of a quarter's first days are pulled into the last days of the one before."""
    start = np.array([quarter_start(q) for q in range(16)])[
        np.clip(quarter_of(np.maximum(closed, 0)), 0, 15)
    ]
    pulled = workday(start - 1 - np.floor(u * 16).astype(int))
    take = won & (closed - start < 8) & (u < 0.25) & (pulled >= earliest) & (start > 0)
    return np.where(take, pulled, closed)


def _price(c: Company, d: pd.DataFrame) -> None:
    """First year by size of company, list price with set-up, and the discount given."""
    quarter = np.clip(quarter_of(d.closed.to_numpy()), 0, len(c.first_index) - 1)
    size = np.array(c.annual_median)[d.type] * np.exp(c.annual_spread * d.z_size.to_numpy())
    first = size * np.array(c.first_index)[quarter]
    setup = 1 + np.clip(c.setup_share * (1 + 0.3 * d.z_setup.to_numpy()), 0.05, 0.9)
    d["list"] = (np.maximum(60, np.round(first * setup / 100)) * 100).astype(int)
    d["discount"] = discounts(
        d.list.to_numpy(), d.u_discount.to_numpy(), d.pulled.to_numpy(), d.objected.to_numpy()
    )
    d["amount"] = d.list * (100 - d.discount) // 100
    d["annual"] = (np.round(d.amount.to_numpy() / setup / 100) * 100).astype(int)


def allowed(amount: np.ndarray) -> np.ndarray:
    """Discount the price ladder allows, in whole percent of the list price: 20 from 500k, 10 from
    100k, else 5.
    """
    return np.select([amount >= 500_000, amount >= 100_000], [20, 10], 5)


def discounts(
    price: np.ndarray, u: np.ndarray, pulled: np.ndarray, objected: np.ndarray
) -> np.ndarray:
    """Discount in whole percent: mostly inside the ladder, one deal in seven beyond it; more at a
    quarter's end and after an objection.
    """
    inside = np.floor(allowed(price) * np.minimum(1, u / 0.86) * 0.8).astype(int)
    beyond = np.where(u > 0.86, 1 + np.floor((u - 0.86) * 60).astype(int), 0)
    return np.clip(inside + beyond + np.where(pulled, 5, 0) + np.where(objected, 2, 0), 0, 35)


def outcome(reached: np.ndarray, closed: np.ndarray) -> np.ndarray:
    """open, won or lost on the last day, by stage reached and closing day."""
    return np.where(closed > LAST, "open", np.where(reached == 3, "won", "lost"))


def deals_frames(c: Company, team: Team, d: pd.DataFrame) -> pd.DataFrame:
    """Facts of each deal shared by new business and expansions, as the tables need them.

    Adds: id, outcome, stage as on the last day, reason, objection, rep on the last day.
    """
    rng = c.rng("deal words")
    n = len(d)
    d["outcome"] = outcome(d.reached.to_numpy(), d.closed.to_numpy())
    reached = d.reached.to_numpy().copy()
    reached[(d.closed > LAST) & (reached == 3)] = 2
    reached[(d.negotiation_day > LAST) & (reached >= 2)] = 1
    reached[(d.intent_day > LAST) & (reached >= 1)] = 0
    d["stage_reached"] = reached
    d["objection_word"] = np.where(
        d.objected & (reached >= 2),
        np.array(OBJECTIONS)[_weighted(rng, (0.42, 0.2, 0.14, 0.14, 0.1), n)],
        "",
    )
    early = np.where(
        d.match, np.array(LOST_AT_LEAD)[1 + _weighted(rng, (0.4, 0.25, 0.35), n)], LOST_AT_LEAD[0]
    )
    later = np.where(
        d.objected & (rng.random(n) < 0.6),
        "price",
        np.array(LOST_LATER)[_weighted(rng, (0.22, 0.3, 0.24, 0.14, 0.1), n)],
    )
    later = np.where(d.match, later, LOST_AT_LEAD[0])
    d["reason"] = np.where(d.outcome == "lost", np.where(reached == 0, early, later), "")
    last = np.minimum(d.closed.to_numpy(), LAST)
    d["rep_now"] = [team.on(rep, day) for rep, day in zip(d.rep, last, strict=True)]
    d["id"] = [f"D{i + 1:05d}" for i in range(n)]
    return d


def _weighted(rng: np.random.Generator, shares: tuple[float, ...], n: int) -> np.ndarray:
    return np.minimum(
        np.searchsorted(np.cumsum(shares), rng.random(n), side="right"), len(shares) - 1
    )
