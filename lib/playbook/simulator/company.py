"""The sample company: simulated from a seed and one frozen parameter object, written as a book,
byte for byte the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from playbook.data.tables import TABLES

from .care import care_plan_table, fit_scores_table
from .contacts import activities_table
from .contracts import Ledger, lifetimes
from .customers import customers_of
from .deals import deals_frames, new_business
from .objectives import check_ins_table, key_results_table
from .orders import orders_table, value_tiers
from .parameters import Company
from .people import Team, build_team, reps_table
from .plan import channel_costs_table, market_table, targets_table
from .programme import meetings_table, strategies_table, tasks_table
from .readme import readme
from .records import (
    contracts_table,
    customers_table,
    expansions_frame,
    join_deals,
    leads_table,
    opportunities_table,
    stage_events_table,
)
from .sample_settings import toml
from .training import awards_table, training_table
from .writing import to_csv


@dataclass(frozen=True)
class Simulated:
    """All tables of the contract by name, in the contract's column order."""

    company: Company
    tables: dict[str, pd.DataFrame]


def simulate(c: Company | None = None) -> Simulated:
    """The company's tables from its parameters; no clock, no hash order, numpy's generator only."""
    c = c or Company()
    team = build_team(c)
    new = new_business(c, team)
    owners = customers_of(c, team, new)
    ledger = lifetimes(c, owners)
    everything = deals_frames(
        c,
        team,
        join_deals(c, team, owners, new, expansions_frame(c, team, owners, ledger)),
    )
    return Simulated(c, _tables(c, team, owners, ledger, everything))


def _tables(
    c: Company,
    team: Team,
    owners: pd.DataFrame,
    ledger: Ledger,
    every: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    fresh = every[every.lead_id != ""].sort_values("lead_id", kind="stable").reset_index(drop=True)
    names = {i: owners.name[k] for i, k in enumerate(fresh.customer) if k >= 0}
    tables = {
        "customers": customers_table(c, team, owners),
        "reps": reps_table(c, team),
        "leads": leads_table(c, team, fresh, names),
        "opportunities": opportunities_table(c, team, owners, every),
        "stage_events": stage_events_table(team, every),
        "contracts": contracts_table(team, owners, ledger),
        "orders": orders_table(c, team, owners, every, ledger),
    }
    orders, customers = tables["orders"], tables["customers"]
    tier = value_tiers(owners, orders)
    tables |= {
        "activities": activities_table(c, team, every, owners, tier),
        "fit_scores": fit_scores_table(c, team, every),
        "channel_costs": channel_costs_table(c, tables["leads"]),
        "targets": targets_table(c, team, orders, customers, every),
        "key_results": key_results_table(team),
        "check_ins": check_ins_table(team, tables["contracts"], customers, 0.55),
        "strategies": strategies_table(),
        "care_plan": care_plan_table(c, team, owners, tier),
        "tasks": tasks_table(),
        "meetings": meetings_table(c),
        "training": training_table(c, team),
        "market": market_table(orders, customers),
        "awards": awards_table(c, orders),
    }
    return {
        name: tables[name][[c for c in table.names if c in tables[name]]]
        for name, table in TABLES.items()
        if name in tables
    }


def write_sample(
    folder: str | Path, published: Callable[[Path], pd.DataFrame], c: Company | None = None
) -> list[Path]:
    """Write the sample book into ``folder``: a CSV per table, playbook.toml, README.md.

    published: gives, for the folder just written, the published figures beside those recomputed
    from its tables (a frame like ``case.claims(book, ...).table``); the README prints them. Returns
    the files written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = simulate(c)
    texts = {f"{name}.csv": to_csv(frame) for name, frame in made.tables.items()} | {
        "playbook.toml": toml()
    }
    written = [_write(folder / name, text) for name, text in texts.items()]
    return [
        *written,
        _write(folder / "README.md", readme(made.company, made.tables, published(folder))),
    ]


def _write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


__all__ = ["Company", "Simulated", "simulate", "write_sample"]
