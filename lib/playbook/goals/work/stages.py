"""Leads, entries at each stage and contacts needed for a number of deals: one chain for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    number,
    share,
    text,
)
from playbook.base.language import later, say
from playbook.methods.planning import chain, needed, needed_for

from .capacity import Capacity, per_week
from .rates import LeadRates, Step


class StageNeeds(Frame):
    """One row per stage, first stage first, and a last one for the deals themselves; of leads and
    contacts, one row each.
    """

    stage = text("the stage, or 'won'; leads, valid leads, contacts, visits")
    rate = share("rate to the next stage; missing where there is none", low="low", high="high")
    low = share("lower end of the Wilson 95 % interval of the rate")
    high = share("upper end of the Wilson 95 % interval of the rate")
    to_deal = share("rate from here to a deal: the product of the rates from here on")
    n = count("cases the rate is learnt from; missing where it is given")
    source = text("what the rate is learnt from, or empty")
    expected = count("needed in expectation: deals ÷ rate to a deal, rounded up once")
    sure = count("enough with the probability asked for")
    week = number("sure a week")
    day = number("sure a working day of the next month")
    rep = number("sure a rep and week; missing where the number of reps is not known")


EMPTY = dict.fromkeys(("rate", "low", "high", "to_deal", "n"))
OURS = ("leads", "valid leads", "contacts", "visits", "won")  # named here, not in data


def stages(
    deals: int, steps: Sequence[Step], probability: float, capacity: Capacity
) -> pd.DataFrame:
    """Entries needed at each stage, as ``StageNeeds``; no rows without steps."""
    if not steps:
        return StageNeeds.make([])
    expected = chain(deals, [step.rate for step in steps])
    rows: list[dict[str, Any]] = []
    for i, step in enumerate(steps):
        onward = float(np.prod([later.rate for later in steps[i:]]))
        low, high = step.counts.interval if step.counts else (None, None)
        rows.append(
            {
                "stage": step.start,
                "rate": step.rate,
                "low": low,
                "high": high,
                "to_deal": onward,
                "n": step.counts.n if step.counts else None,
                "source": step.source,
                "expected": expected[i],
                "sure": needed_for(deals, onward, probability),
            }
        )
    rows.append({"stage": later("won"), **EMPTY, "source": "", "expected": deals, "sure": deals})
    return _made(rows, capacity)


def lead_needs(
    deals: int, leads: LeadRates | None, probability: float, capacity: Capacity
) -> pd.DataFrame:
    """Leads needed for the same deals, and how many of them are valid ones, as ``StageNeeds``; no
    rows where the book cannot tell.
    """
    if leads is None or not leads.rate.value:
        return StageNeeds.make([])
    rate = float(leads.rate.value)
    low, high = leads.rate.interval
    total = {
        "stage": later("leads"),
        "rate": rate,
        "low": low,
        "high": high,
        "to_deal": rate,
        "n": leads.rate.n,
        "source": leads.source,
        "expected": needed(deals, rate),
        "sure": needed_for(deals, rate, probability),
    }
    rows = [total]
    if leads.valid and leads.valid.value:
        part = float(leads.valid.value)
        rows.append(
            {
                "stage": later("valid leads"),
                **EMPTY,
                "n": leads.valid.n,
                "source": leads.source,
                "expected": _up(deals / rate * part),
                "sure": _up(needed_for(deals, rate, probability) * part),
            }
        )
    return _made(rows, capacity)


def stage_label(stage: str) -> str:
    """A stage as the book names it; what we name ourselves in the language spoken."""
    return say(stage) if stage in OURS else stage


def contact_needs(deals: int, rate: float, sure: int, capacity: Capacity) -> pd.DataFrame:
    """Contacts and visits that go with the entries, as ``StageNeeds``: as many for each entry as
    the team made so far.

    rate: from the first stage to a deal; sure: entries enough with the probability asked for.
    """
    rows = [
        {
            "stage": kind.name,
            **EMPTY,
            "source": say("contacts ÷ deals won, trailing 12 months"),
            "expected": _up(deals * kind.a_deal),
            "sure": _up(sure * rate * kind.a_deal),
        }
        for kind in capacity.work
        if kind.a_deal
    ]
    return _made(rows, capacity) if rows else StageNeeds.make([])


def _up(number: float) -> int:
    return math.ceil(number - 1e-9)


def _made(rows: list[dict[str, Any]], capacity: Capacity) -> pd.DataFrame:
    return StageNeeds.make(dict(per_week(pd.DataFrame(rows), capacity).items()))
