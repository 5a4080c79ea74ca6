"""Leads: how many come from which channel when, and who they are."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from .days import QUARTERS, quarter_start
from .parameters import (
    CHANNELS,
    INDUSTRY_SHARE,
    PRODUCT_SHARE,
    REGION_PRODUCT_SHARE,
    REGION_SHARE,
    REGIONS,
    Company,
)

# from this quarter on (2022-Q4) the step to negotiation has luck of its own, so that what happened
# before stays as it is
LATE = 7


@lru_cache(maxsize=2)
def potential_leads(c: Company) -> pd.DataFrame:
    """Every lead there could be, one row each, with its place in the queue of its quarter and
    channel.

    The queue is as long as the channel's largest use with or without measures, so that moving a
    lever keeps or drops leads and never changes who they are. The frame is kept and shared: copy it
    before changing it. Columns: quarter, channel, rank, day, region, product, industry, type, u_*.
    """
    rng = c.rng("leads")
    rows = []
    for quarter in range(-1, QUARTERS):
        for channel, spec in enumerate(CHANNELS):
            most = int(np.ceil(c.leads_in(quarter) * max(spec.calm, spec.crisis, spec.focused)))
            rows += [(quarter, channel, rank) for rank in range(most)]
    frame = pd.DataFrame(rows, columns=["quarter", "channel", "rank"])
    n = len(frame)
    starts = np.array([quarter_start(q) for q in range(-1, QUARTERS + 1)])
    length = (starts[1:] - starts[:-1])[frame.quarter + 1]
    first = starts[frame.quarter + 1]
    frame["day"] = first + np.floor(rng.random(n) * length).astype(
        int
    )  # enquiries come on any day, work is done on working days
    frame["region"] = _pick(rng, REGION_SHARE, n)
    frame["product"] = product_of(rng.random(n), frame.region.to_numpy())
    frame["industry"] = _pick(rng, INDUSTRY_SHARE, n)
    frame["type"] = _pick(rng, c.type_share, n)
    for name in (
        "rep",
        "match",
        "intent",
        "negotiation",
        "objection",
        "won",
        "late",
        "discount",
        "pull",
        "refund",
        "loss",
    ):
        frame[f"u_{name}"] = rng.random(n)
    late = frame.quarter.to_numpy() >= LATE
    frame.loc[late, "u_negotiation"] = c.rng("negotiation", c.negotiation_draw).random(
        int(late.sum())
    )
    for name in ("size", "days1", "days2", "days3", "setup"):
        frame[f"z_{name}"] = rng.normal(0, 1, n)
    return frame


def actual_leads(c: Company) -> pd.DataFrame:
    """The leads that come, in order of their day. Low-quality channels stop on the day the funnel
    measure starts.
    """
    pool = potential_leads(c.without_levers())
    volume = np.array([c.leads_in(q) for q in range(-1, QUARTERS)])[pool.quarter + 1]
    calm, crisis, focused = (
        np.array([getattr(s, k) for s in CHANNELS])[pool.channel]
        for k in ("calm", "crisis", "focused")
    )
    middle = np.array([quarter_start(q) + 45 for q in range(-1, QUARTERS)])[pool.quarter + 1]
    now = volume * (calm + (crisis - calm) * c.crisis(middle))
    phase = c.levers.phase("funnel", pool.day.to_numpy(), months=1.0)
    closed = (focused == 0) & (phase > 0)
    wanted = np.where(closed, 0, now + (volume * focused - now) * np.where(focused == 0, 0, phase))
    kept = pool[pool["rank"].to_numpy() < np.floor(wanted + 0.5)]
    return kept.sort_values(["day", "channel", "rank"], kind="stable").reset_index(drop=True)


def match_chance(c: Company, leads: pd.DataFrame) -> np.ndarray:
    """Chance that a lead's need fits, by channel and day."""
    before, after = (
        np.array([getattr(s, k) for s in CHANNELS])[leads.channel]
        for k in ("match", "focused_match")
    )
    day = leads.day.to_numpy()
    depth, phase = c.crisis(day), c.levers.phase("funnel", day, months=1.0)
    calm = before * (1 + (c.crisis_match - 1) * depth)
    return calm + (after * c.focused_match - calm) * phase


def product_of(u: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Product numbers from uniforms, by the shares of each region."""
    made = np.empty(len(u), dtype=int)
    for number, name in enumerate(REGIONS):
        here = region == number
        made[here] = np.minimum(
            np.searchsorted(
                np.cumsum(REGION_PRODUCT_SHARE.get(name, PRODUCT_SHARE)), u[here], side="right"
            ),
            len(PRODUCT_SHARE) - 1,
        )
    return made


def _pick(rng: np.random.Generator, shares: tuple[float, ...], n: int) -> np.ndarray:
    """Category numbers, at random with the given shares."""
    return np.minimum(
        np.searchsorted(np.cumsum(shares), rng.random(n), side="right"), len(shares) - 1
    )
