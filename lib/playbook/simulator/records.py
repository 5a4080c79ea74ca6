"""The simulated company's customers, leads, deals, stage entries and contracts as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .contracts import Ledger
from .days import LAST, to_date
from .names import company_names
from .parameters import CHANNELS, EXISTING, INDUSTRIES, PRODUCTS, REGIONS, TYPES, Company
from .people import Team, success_of

STAGES = ("lead", "intent", "negotiation", "won")
HOURS = (9, 11, 14, 17)


def customers_table(c: Company, team: Team, customers: pd.DataFrame) -> pd.DataFrame:
    """Table ``customers``; contact details are visibly made up."""
    return pd.DataFrame(
        {
            "customer_id": customers.id,
            "name": customers.name,
            "industry": np.array(INDUSTRIES)[customers.industry],
            "region": np.array(REGIONS)[customers.region],
            "customer_type": np.array(TYPES)[customers.type],
            "size_employees": customers.employees,
            "since": [to_date(d) for d in customers.since],
            "channel": np.array([s.name for s in CHANNELS])[customers.channel],
            "rep_id": [team.id(team.on(rep, LAST)) for rep in customers.rep],
            "strategic": np.where(customers.type == 0, "true", "false"),
            "contact_name": [f"Contact {i + 1}" for i in range(len(customers))],
            "phone": [f"000-0000-{i + 1:04d}" for i in range(len(customers))],
            "email": [f"contact{i + 1}@customer.example" for i in range(len(customers))],
        }
    )


def leads_table(c: Company, team: Team, deals: pd.DataFrame, names: dict[int, str]) -> pd.DataFrame:
    """Table ``leads``. Each lead became the deal named in converted_opportunity_id on the day it
    came; a referral is held by the person of customer success who brought it in.
    """
    rng = c.rng("lead words")
    n = len(deals)
    employees = np.floor(
        np.array([1000, 200, 20])[deals.type]
        * np.array([9.0, 5.0, 10.0])[deals.type] ** rng.random(n)
    ).astype(int)
    match = deals.match.to_numpy()
    made = company_names(rng, [INDUSTRIES[i] for i in deals.industry])
    wait = np.floor(15 + 110 * rng.random(n) ** (np.where(match, 1.6, 0.8))).astype(int)
    known, has_budget, decides = (
        rng.random(n) < np.where(match, 0.93, 0.6),
        rng.random(n) < np.where(match, 0.86, 0.45),
        rng.random(n) < np.where(match, 0.68, 0.3),
    )
    needs = np.array(
        [
            "reporting by hand",
            "scattered data",
            "slow approvals",
            "audit trail",
            "several systems",
            "planning in sheets",
        ]
    )
    return pd.DataFrame(
        {
            "lead_id": deals.lead_id,
            "created": [to_date(d) for d in deals.day],
            "channel": np.array([s.name for s in CHANNELS])[deals.channel],
            "company": [names.get(i, made[i]) for i in range(n)],
            "industry": np.array(INDUSTRIES)[deals.industry],
            "size_employees": employees,
            "annual_revenue": employees * np.floor(200 + 600 * rng.random(n)).astype(int) * 1000,
            "region": np.array(REGIONS)[deals.region],
            "rep_id": [
                success_of(team, g, i) if CHANNELS[k].name == "Referral" else team.id(r)
                for i, (r, g, k) in enumerate(
                    zip(deals.rep, deals.region, deals.channel, strict=True)
                )
            ],
            "need": needs[np.floor(rng.random(n) * len(needs)).astype(int)],
            "expected_purchase": [
                to_date(d + w) if k else None
                for d, w, k in zip(deals.day, wait, known, strict=True)
            ],
            "budget": [
                int(b) if k else None
                for b, k in zip(
                    np.round(deals.list * (0.7 + 0.6 * rng.random(n)) / 1000) * 1000,
                    has_budget,
                    strict=True,
                )
            ],
            "decision_maker": np.where(decides, "true", "false"),
            "converted_opportunity_id": deals.id,
            "contact_name": [f"Lead contact {i + 1}" for i in range(n)],
            "phone": [f"000-1{i // 10000:03d}-{i % 10000:04d}" for i in range(n)],
            "email": [f"lead{i + 1}@prospect.example" for i in range(n)],
        }
    )


def expansions_frame(
    c: Company, team: Team, customers: pd.DataFrame, ledger: Ledger
) -> pd.DataFrame:
    """Expansion deals in the form of ``deals_frames``, in order of their day."""
    x = ledger.expansions.copy()
    x["region"], x["industry"], x["match"] = (
        customers.region.to_numpy()[x.customer],
        customers.industry.to_numpy()[x.customer],
        True,
    )
    x["type"], x["rep"] = (
        customers.type.to_numpy()[x.customer],
        [team.on(customers.rep[k], d) for k, d in zip(x.customer, x.day, strict=True)],
    )
    return x.sort_values(["day", "customer"], kind="stable").reset_index(drop=True)


def opportunities_table(
    c: Company, team: Team, customers: pd.DataFrame, deals: pd.DataFrame
) -> pd.DataFrame:
    """Table ``opportunities``. need_match is judged for leads only; expansions have no lead."""
    rng = c.rng("expectations")
    n = len(deals)
    won, is_open = deals.outcome == "won", deals.outcome == "open"
    guess = np.round(deals.list * (0.85 + 0.3 * rng.random(n)) / 100) * 100
    expected_close = [
        to_date(d + int(40 + 50 * u)) for d, u in zip(deals.day, rng.random(n), strict=True)
    ]
    new = deals.lead_id != ""
    ids = customers.id.tolist()
    return pd.DataFrame(
        {
            "opportunity_id": deals.id,
            "created": [to_date(d) for d in deals.day],
            "stage": np.array(STAGES)[deals.stage_reached],
            "outcome": deals.outcome,
            "closed": [
                None if o else to_date(d) for d, o in zip(deals.closed, is_open, strict=True)
            ],
            "amount": [int(a) if w else None for a, w in zip(deals.amount, won, strict=True)],
            "expected_amount": guess.astype(int),
            "expected_close": expected_close,
            "customer_id": [ids[k] if k >= 0 else "" for k in deals.customer],
            "lead_id": deals.lead_id,
            "rep_id": [team.id(r) for r in deals.rep_now],
            "region": np.array(REGIONS)[deals.region],
            "product_line": np.array(PRODUCTS)[deals["product"]],
            "industry": np.array(INDUSTRIES)[deals.industry],
            "channel": [CHANNELS[k].name if k >= 0 else EXISTING for k in deals.channel],
            "need_match": np.where(new, np.where(deals.match, "true", "false"), ""),
            "objection": deals.objection_word,
            "lost_reason": deals.reason,
            "discount": [
                f"{d / 100:.2f}" if w else "" for d, w in zip(deals.discount, won, strict=True)
            ],
        }
    )


def stage_events_table(team: Team, deals: pd.DataFrame) -> pd.DataFrame:
    """Table ``stage_events``: one row per stage entered up to the last day; on one day the stages
    follow by the hour.
    """
    rows = []
    for d in deals.itertuples():
        days = (d.day, d.intent_day, d.negotiation_day, d.closed)
        for stage in range(d.stage_reached + 1):
            when = days[stage]
            rows.append(
                (
                    d.id,
                    STAGES[stage],
                    (
                        f"{to_date(when)}"
                        f" {HOURS[stage]:02d}:{(int(d.id[1:]) * 7 + stage * 13) % 60:02d}:00"
                    ),
                    team.id(team.on(d.rep, when)),
                )
            )
    return pd.DataFrame(rows, columns=["opportunity_id", "stage", "entered_at", "rep_id"])


def contracts_table(team: Team, customers: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Table ``contracts``, in order of start."""
    held = ledger.contracts
    order = sorted(range(len(held)), key=lambda k: (int(held.start[k]), k))
    number = {k: f"K{i + 1:05d}" for i, k in enumerate(order)}
    rows, owners, listed = [], list(customers.itertuples()), list(held.itertuples())
    for k in order:
        row = listed[k]
        owner = owners[row.customer]
        rows.append(
            {
                "contract_id": number[k],
                "customer_id": owner.id,
                "start": to_date(row.start),
                "end": to_date(row.end),
                "annual_value": row.annual,
                "renewed_by": number.get(row.next, ""),
                "renewed_on": to_date(row.renewed_on) if row.next >= 0 else None,
                "product_line": PRODUCTS[owner.product],
                "rep_id": team.id(team.on(owner.rep, max(min(row.start, LAST), 0))),
            }
        )
    return pd.DataFrame(rows)


def join_deals(
    c: Company, team: Team, customers: pd.DataFrame, new: pd.DataFrame, grown: pd.DataFrame
) -> pd.DataFrame:
    """New business and expansions in one frame, in order of the day they were opened."""
    by_deal = {deal: k for k, deal in enumerate(customers.deal) if deal >= 0}
    new = new.assign(
        customer=[by_deal.get(i, -1) for i in range(len(new))], kind="new", source=range(len(new))
    )
    grown = grown.assign(channel=-1, source=-1)
    columns = [
        "day",
        "source",
        "customer",
        "channel",
        "region",
        "product",
        "industry",
        "type",
        "rep",
        "match",
        "reached",
        "objected",
        "intent_day",
        "negotiation_day",
        "closed",
        "list",
        "discount",
        "amount",
        "kind",
        "u_refund",
        "u_late",
    ]
    deals = (
        pd.concat([new[columns], grown[columns]], ignore_index=True)
        .sort_values(["day", "source", "customer"], kind="stable")
        .reset_index(drop=True)
    )
    deals["lead_id"] = [f"L{s + 1:05d}" if s >= 0 else "" for s in deals.source]
    return deals
