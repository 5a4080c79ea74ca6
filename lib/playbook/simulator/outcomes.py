"""The case's indicators straight from simulated deals and contracts, without writing tables: what a
combination of measures leads to, in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from . import contracts, customers, deals, orders, people
from .days import LAST, quarter_start
from .parameters import Company

OUTCOMES = (
    "growth",
    "sales_year",
    "returning",
    "per_head",
    "leads",
    "match",
    "objection",
    "won",
    "cycle",
    "renewal",
    "churn",
    "first_deal",
)
BASE = 6  # 2022-Q3, the quarter growth is measured against
BEFORE = 8  # 2023-Q1, the last quarter before the measures
LATEST = 10  # 2023-Q3, the quarter the outcomes are of


def outcomes(c: Company) -> dict[str, float]:
    """Indicators of the third quarter of 2023, straight from the simulated deals and contracts,
    without writing tables.

    The definitions are those of ``playbook.case.course``, and a test compares the two. growth and
    per_head: against the same quarter of 2022; sales_year: January to September [currency];
    leads: against the first quarter of 2023. A rate with nothing to count is nan.
    """
    team = people.build_team(c)
    new = deals.new_business(c, team)
    held = customers.owners(c, team, new)
    ledger = contracts.lifetimes(c, held)
    grown = ledger.expansions
    sold = _sales(c, new, held, ledger)
    heads = {q: _heads(team, q) for q in (BASE, LATEST)}
    year = sum(sum(sold[q]) for q in (BEFORE, BEFORE + 1, LATEST))
    growth = sum(sold[LATEST]) / sum(sold[BASE]) - 1
    closed, day = (
        np.concatenate([f[column][f.reached == 3] for f in (new, grown)])
        for column in ("closed", "day")
    )
    latest = in_quarter(closed, LATEST)
    return {
        "growth": growth,
        "sales_year": year,
        "returning": sold[LATEST][1] / sum(sold[LATEST]),
        "per_head": (1 + growth) * heads[BASE] / heads[LATEST] - 1,
        **_funnel(new, grown),
        "won": float(latest.sum()),
        "cycle": float(np.median((closed - day)[latest])),
        **_contracts(ledger, held),
        "first_deal": _first_deals(team, new, held, grown),
    }


def in_quarter(day: np.ndarray | pd.Series, quarter: int) -> np.ndarray:
    """Which days lie in a quarter."""
    days = np.asarray(day)
    return (days >= quarter_start(quarter)) & (days < quarter_start(quarter + 1))


def _sales(
    c: Company, new: pd.DataFrame, held: pd.DataFrame, ledger: contracts.Ledger
) -> dict[int, tuple[float, float]]:
    """Net sales of the quarters growth and the year are made of: (to new customers, to those of
    before the quarter).
    """
    deal = held.deal.to_numpy()
    first = new.iloc[deal[deal >= 0]].assign(customer=np.flatnonzero(deal >= 0))
    more = ledger.expansions[(ledger.expansions.reached == 3) & (ledger.expansions.closed <= LAST)]
    again = ledger.renewals[ledger.renewals.day >= 0]
    frames = [f[["customer", "closed", "amount", "u_refund", "u_late"]] for f in (first, more)]
    frames.append(
        pd.DataFrame(
            {
                "customer": again.customer,
                "closed": again.day,
                "amount": again["list"] * (100 - again.discount) // 100,
                "u_refund": again.u,
                "u_late": again.v,
            }
        )
    )
    rows = pd.concat(frames, ignore_index=True)
    back = orders.refunds(
        c,
        rows.closed.to_numpy(),
        rows.amount.to_numpy(),
        rows.u_refund.to_numpy(),
        rows.u_late.to_numpy(),
    )
    day, amount = np.concatenate([rows.closed, back[1]]), np.concatenate([rows.amount, back[2]])
    since = held.since.to_numpy()[
        np.concatenate([rows.customer, rows.customer.to_numpy()[back[0]]])
    ]
    made = {}
    for quarter in (BASE, BEFORE, BEFORE + 1, LATEST):
        here, known = in_quarter(day, quarter), since < quarter_start(quarter)
        made[quarter] = float(amount[here & ~known].sum()), float(amount[here & known].sum())
    return made


def _heads(team: people.Team, quarter: int) -> float:
    """Mean number of people employed over the days of a quarter."""
    days = np.arange(quarter_start(quarter), quarter_start(quarter + 1))[:, None]
    hired, left = (
        np.concatenate([a, b])
        for a, b in (
            (team.hired, people.SUCCESS_HIRED),
            (team.left, np.full(len(people.SUCCESS_HIRED), people.NEVER)),
        )
    )
    return float(((hired <= days) & (left >= days)).sum() / len(days))


def _contracts(ledger: contracts.Ledger, held: pd.DataFrame) -> dict[str, float]:
    due = ledger.contracts[in_quarter(ledger.contracts.end, LATEST)]
    large, kept = held.type.to_numpy()[due.customer] == 0, due.renewed_on.to_numpy() >= 0
    return {"renewal": share(kept[large]), "churn": 1 - share(kept[~large])}


def _funnel(new: pd.DataFrame, grown: pd.DataFrame) -> dict[str, float]:
    came = in_quarter(new.day, LATEST)
    there = np.concatenate(
        [f.objected[(f.reached >= 2) & in_quarter(f.negotiation_day, LATEST)] for f in (new, grown)]
    )
    return {
        "leads": came.sum() / in_quarter(new.day, BEFORE).sum() - 1,
        "match": share(new.match.to_numpy()[came]),
        "objection": share(there),
    }


def _first_deals(
    team: people.Team, new: pd.DataFrame, held: pd.DataFrame, grown: pd.DataFrame
) -> float:
    """Of the hires whose first 92 days were over in the quarter and who stayed that long, the share
    with a win in them.
    """
    within = 92
    hires = np.flatnonzero(
        in_quarter(team.hired + within, LATEST) & (team.left >= team.hired + within)
    )
    holder = held.rep.to_numpy()[grown.customer]
    seller, closed = (
        np.concatenate([new.rep[new.reached == 3], holder[grown.reached == 3]]),
        np.concatenate([f.closed[f.reached == 3] for f in (new, grown)]),
    )
    near = closed <= team.hired[hires].max(initial=0) + within
    at_close = np.array([team.on(r, d) for r, d in zip(seller[near], closed[near], strict=True)])
    return share(
        [
            bool(
                (
                    (at_close == hire)
                    & (closed[near] >= team.hired[hire])
                    & (closed[near] <= team.hired[hire] + within)
                ).any()
            )
            for hire in hires
        ]
    )


def share(hits: Sequence[bool] | np.ndarray) -> float:
    """Share of hits; nan of none at all."""
    return float(np.mean(hits)) if len(hits) else float("nan")
