"""What each measure contributes: Shapley values over the simulated runs, with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, days, money, number, share, text
from playbook.methods.attribution import shapley
from playbook.methods.means import mean_interval
from playbook.simulator.outcomes import OUTCOMES

from .codes import LEVERS


class Runs(Frame):
    """One row per simulated company and code: its outcomes (``simulator.outcomes``)."""

    mask = text("the measures, one letter each: 0 never, 1 on its date, e earlier, l later")
    seed = count("seed of the company's random numbers")
    growth = share("sales of the third quarter ÷ those a year before − 1")
    sales_year = money("sales of January to September")
    returning = share("share of sales to customers who had bought before the quarter")
    per_head = share("sales per head against the same quarter a year before − 1")
    leads = share("leads against the first quarter − 1")
    match = share("leads whose need fits ÷ leads")
    objection = share("deals with an objection ÷ deals that entered negotiation")
    won = count("deals won in the quarter")
    cycle = days("median days from creation to winning")
    renewal = share("contracts of large customers renewed ÷ due")
    churn = share("contracts of other customers not renewed ÷ due")
    first_deal = share("hires with a win in their first 92 days ÷ hires who stayed that long")


class LeverContributions(Frame):
    """One row per outcome and measure: its Shapley value, in the outcome's unit."""

    outcome = text("outcome of the simulated company")
    lever = text("the measure")
    effect = number("mean contribution over the companies", low="low", high="high")
    low = number("lower end of the 95 % t interval over the companies")
    high = number("upper end of it")
    one_low = number("contribution that only one company in twenty lies below")
    one_high = number("contribution that only one company in twenty lies above")


def switched_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs in which each measure is on its date or never."""
    return runs[runs["mask"].str.fullmatch("[01]+")]


def by_seed(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Seeds × codes of one outcome."""
    return runs.pivot(index="seed", columns="mask", values=outcome)


def contributions(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean Shapley value per outcome and measure with a 95 % t interval over the seeds, and the
    range in which nine in ten single companies lie.
    """
    kept, rows = switched_runs(runs), []
    codes = list(dict.fromkeys(kept["mask"]))
    shares = pd.DataFrame(
        [
            shapley(dict(zip(codes, unit, strict=True)), LEVERS)
            for unit in np.eye(len(codes)).tolist()
        ],
        index=codes,
    )  # linear in the outcomes: worked out once
    for outcome in OUTCOMES:
        each = by_seed(kept, outcome)[codes] @ shares
        for name in LEVERS:
            mean, low, high = mean_interval(each[name])
            one_low, one_high = np.quantile(each[name], (0.05, 0.95)).tolist()
            rows.append(
                {
                    "outcome": outcome,
                    "lever": name,
                    "effect": mean,
                    "low": low,
                    "high": high,
                    "one_low": one_low,
                    "one_high": one_high,
                }
            )
    return LeverContributions.make(rows)
