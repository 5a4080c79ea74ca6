"""A target split over people: weights, floors, caps and pins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    money,
    number,
    share,
    text,
)
from playbook.base.errors import did_you_mean
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.settings import GoalSettings
from playbook.methods.apportionment import from_units, to_units
from playbook.methods.bounded import bounded


class PersonQuotas(Frame):
    """One row per person who carries a quota."""

    rep = text("the person's key")
    name = text("the person's name, with the key where two have the same")
    team = text("team, or empty")
    region = text("region, or empty")
    months = count("months of tenure when the quarter starts; missing where not known")
    ramp = share("share of a full quota")
    history = money("own sales of the trailing 12 months, at least 0")
    pipeline = money("expected amount of the open deals")
    capability = share("decided deals won, drawn towards the team's; missing where not known")
    potential = money("what the territory could bring in 12 months; missing where not known")
    last = money("own sales of the quarter to date")
    parent = text("whose target the quota is part of: a region, or Company")
    weight = number("weight in the split of the parent's target")
    quota = count("quota in minor units")
    bound = text("floor, cap or pinned where the quota stands at one, else empty")


PINNED, FLOOR, CAP = later(("pinned", "floor", "cap"), context="quota")
MOST = 10**15  # a cap that never binds, in minor units


def parts_of(staff: pd.DataFrame, settings: GoalSettings) -> dict[str, float]:
    """Column → weight in the quota (sum 1) of what is known of these people: own sales and open
    deals, their capability and potential; what is not known of them leaves its weight to the rest.
    """
    rest = 1 - settings.capability_weight - settings.potential_weight
    asked = {
        "history": rest * settings.history_weight,
        "pipeline": rest * (1 - settings.history_weight),
        "capability": settings.capability_weight,
        "potential": settings.potential_weight,
    }
    known = {c: w for c, w in asked.items() if w > 0 and float(staff[c].fillna(0).sum()) > 0}
    total = sum(known.values())
    return {c: w / total for c, w in known.items()} if total else {}


def weights(staff: pd.DataFrame, settings: GoalSettings) -> np.ndarray:
    """Quota weights: shares of own sales, open deals, capability and potential blended, a ramping
    hire on the settled average, all times the ramp; equal where nothing is known. Somebody of whom
    a part is not known stands at the mean of the others in it.
    """
    settled = staff["ramp"] >= 1
    blend = np.zeros(len(staff))
    for column, weight in parts_of(staff, settings).items():
        values = staff[column].astype(float)
        values = values.fillna(values.mean()).to_numpy()
        blend += weight * values / values.sum()
    average = blend[settled].mean() if settled.any() else 0.0
    base = np.where(settled, blend, max(average, 0.0))
    base = base if base.sum() > 0 else np.ones(len(staff))
    return base * staff["ramp"].to_numpy(dtype=float)


def quotas_of(
    staff: pd.DataFrame, name: str, target: int, settings: GoalSettings, fmt: Formats
) -> pd.DataFrame:
    """Quotas of one region's people as ``PersonQuotas``, exact to the minor unit."""
    digits = fmt.minor_digits
    total, w = carried(target, settings), weights(staff, settings)
    average = total / max(1e-9, float(staff["ramp"].sum()))
    low = np.floor(settings.quota_floor * average * staff["ramp"].to_numpy()).astype(np.int64)
    high = np.maximum(
        low, np.ceil(settings.quota_cap * average * np.ones(len(staff))).astype(np.int64)
    )
    pinned = np.array([rep in settings.pins for rep in staff["rep"]])
    for i in np.flatnonzero(pinned):
        low[i] = high[i] = to_units(settings.pins[staff["rep"].iloc[i]], digits)
    if high.sum() < total:
        high = np.where(
            pinned, high, MOST
        )  # few people for the target: the cap gives way before the sum does
    quota = bounded(
        total,
        np.maximum(w, 1e-12),
        low,
        high,
        list(staff["name"]),
        lambda u: fmt.text(from_units(u, digits), "money.exact"),
    )
    bound = np.where(
        pinned, PINNED, np.where(quota == low, FLOOR, np.where(quota == high, CAP, ""))
    )
    return PersonQuotas.make(
        dict(staff.assign(parent=name, weight=w, quota=quota, bound=bound).items())
    )


def bound_word(bound: str) -> str:
    """What a quota stands at, as said; empty where it stands at no bound."""
    return say(bound, context="quota")


def carried(target: int, settings: GoalSettings) -> int:
    """What the quotas sum to: the target times the over-assignment, in whole minor units."""
    return round(target * settings.over_assignment)


def idle_pins(settings: GoalSettings, staff: pd.DataFrame, left: set[str]) -> tuple[str, ...]:
    """Pins that hold no quota, in words: of people who have left, or are not there yet.

    staff: people who carry a quota; left: keys of those who have left.
    """
    return tuple(
        say("The pin of {rep} is not used: {rep} has left.", rep=rep)
        if rep in left
        else say(
            "The pin of {rep} waits: no such person yet ({did_you_mean}).",
            rep=rep,
            did_you_mean=did_you_mean(rep, staff["rep"]),
        )
        for rep in settings.pins
        if rep not in set(staff["rep"])
    )
