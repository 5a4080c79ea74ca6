"""Effects of the measures from the simulated runs: Shapley values, what measures do together, what
another date does; each with its interval.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from scipy import stats

from .levers import LABELS, LEVERS, OUTCOMES, SHIFT, mask_of, shapley

OUTCOME = {  # label, unit
    "growth": ("Growth on a year before", "share"),
    "sales_year": ("Sales January to September", "money"),
    "returning": ("Returning customers' share", "share"),
    "per_head": ("Sales per head on a year before", "share"),
    "leads": ("Leads against the first quarter", "share"),
    "match": ("Need-match rate", "share"),
    "objection": ("Objection rate", "share"),
    "won": ("Deals won", "count"),
    "cycle": ("Days to a win", "days"),
    "renewal": ("Renewal, large customers", "share"),
    "churn": ("Churn, other customers", "share"),
    "first_deal": ("First deal in three months", "share"),
}
# What the published story, with every measure begun in one quarter and nobody waiting, lets one say
# about each outcome.
STORY = {
    "growth": ("not identified", "five measures, one quarter, a weak base"),
    "sales_year": ("not identified", "no figure published"),
    "returning": ("not identified", "fewer new customers raise it too"),
    "per_head": ("not identified", "moves with sales; the team changed as well"),
    "leads": (
        "plausible",
        "two channels were closed, and nothing else is told that would lose leads",
    ),
    "match": (
        "plausible",
        "closing two channels changes the mix at once, and no other measure touches leads",
    ),
    "objection": ("plausible", "the calculator aims at it; but training began the same quarter"),
    "won": ("not identified", "no figure published"),
    "cycle": ("not identified", "tools, training and easier customers all shorten it"),
    "renewal": (
        "plausible",
        "the value reviews aim at it; but awards and objectives began the same quarter",
    ),
    "churn": ("not identified", "one figure only"),
    "first_deal": ("not identified", "a handful of hires, and better leads help them too"),
}


def interval(each: pd.Series) -> tuple[float, float, float]:
    """Mean over the seeds with its 95 % t interval."""
    each = each.dropna()
    mean = float(each.mean()) if len(each) else np.nan
    half = (
        stats.t.ppf(0.975, len(each) - 1) * each.std(ddof=1) / np.sqrt(len(each))
        if len(each) > 1
        else np.nan
    )
    return mean, mean - half, mean + half


def _switched(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs in which each measure is on its date or never."""
    return runs[runs["mask"].str.fullmatch("[01]+")]


def _by_seed(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Seeds × codes of one outcome."""
    return runs.pivot(index="seed", columns="mask", values=outcome)


def contributions(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean Shapley value per outcome and measure with a 95 % t interval over the seeds."""
    kept, rows = _switched(runs), []
    codes = list(dict.fromkeys(kept["mask"]))
    shares = pd.DataFrame(
        [shapley(dict(zip(codes, unit, strict=True))) for unit in np.eye(len(codes)).tolist()],
        index=codes,
    )  # linear in the outcomes: worked out once
    for outcome in OUTCOMES:
        each = _by_seed(kept, outcome)[codes] @ shares
        for name in LEVERS:
            mean, low, high = interval(each[name])
            rows.append(
                {"outcome": outcome, "lever": name, "effect": mean, "low": low, "high": high}
            )
    return pd.DataFrame(rows)


def corners(runs: pd.DataFrame) -> pd.DataFrame:
    """Per outcome: mean with no measure and with all, the change, and what all give beyond the sum
    of the single effects, with its interval.
    """
    rows = []
    for outcome in OUTCOMES:
        wide = _by_seed(_switched(runs), outcome)
        none, every = wide[mask_of(())], wide[mask_of(LEVERS)]
        beyond = every - none - sum(wide[mask_of((name,))] - none for name in LEVERS)
        mean, low, high = interval(beyond)
        rows.append(
            {
                "outcome": outcome,
                "off": none.mean(),
                "on": every.mean(),
                "change": every.mean() - none.mean(),
                "interaction": mean,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows)


def pair_effect(values: pd.DataFrame, i: int, j: int, n: int) -> pd.Series:
    """Shapley interaction of measures ``i`` and ``j``: what the two add together beyond each alone,
    averaged over what else is on. values: seeds × codes.

    Source: M. Grabisch and M. Roubens, An axiomatic approach to the concept of interaction among
    players in cooperative games, 1999.
    """
    total = 0.0
    for code in values.columns:
        if code[i] == code[j] == "0":
            size = code.count("1")
            with_both, with_i, with_j = (
                _turned_on(code, places) for places in ((i, j), (i,), (j,))
            )
            total = total + factorial(size) * factorial(n - size - 2) / factorial(n - 1) * (
                values[with_both] - values[with_i] - values[with_j] + values[code]
            )
    return total  # type: ignore[return-value]


def _turned_on(code: str, places: tuple[int, ...]) -> str:
    return "".join("1" if k in places else letter for k, letter in enumerate(code))


def pairs(runs: pd.DataFrame) -> pd.DataFrame:
    """Shapley interaction per outcome and pair of measures: outcome, pair, effect, low, high."""
    kept, rows = _switched(runs), []
    codes, both = list(dict.fromkeys(kept["mask"])), list(combinations(range(len(LEVERS)), 2))
    units = pd.DataFrame(np.eye(len(codes)), columns=codes)
    shares = np.column_stack([pair_effect(units, i, j, len(LEVERS)) for i, j in both])
    for outcome in OUTCOMES:
        each = _by_seed(kept, outcome)[codes].to_numpy() @ shares
        for (i, j), effects in zip(both, each.T, strict=True):
            mean, low, high = interval(pd.Series(effects))
            rows.append(
                {
                    "outcome": outcome,
                    "pair": f"{LABELS[LEVERS[i]].lower()} and {LABELS[LEVERS[j]].lower()}",
                    "effect": mean if abs(mean) > 1e-9 else 0.0,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)


def moved(runs: pd.DataFrame) -> pd.DataFrame:
    """What each measure earlier or later (the others on their dates), and all of them, change:
    code, lever, when, outcome, effect, low, high.
    """
    every, rows = "1" * len(LEVERS), []
    codes = [code for code in dict.fromkeys(runs["mask"]) if set(code) & set("el")]
    for code in codes:
        places = [i for i, letter in enumerate(code) if letter in "el"]
        who = "All five" if len(places) == len(LEVERS) else LABELS[LEVERS[places[0]]]
        when = f"{SHIFT} months {'earlier' if code[places[0]] == 'e' else 'later'}"
        for outcome in OUTCOMES:
            wide = _by_seed(runs[runs["mask"].isin([code, every])], outcome)
            mean, low, high = interval(wide[code] - wide[every])
            rows.append(
                {
                    "code": code,
                    "lever": who,
                    "when": when,
                    "outcome": outcome,
                    "effect": mean,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)
