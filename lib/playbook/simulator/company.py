"""The sample company: simulated from a seed and one frozen parameter object, written as a book,
byte for byte the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from playbook.data.tables import TABLES

from . import contacts, contracts, deals, people, plan, programme, records
from .parameters import Company
from .writing import readme, to_csv, toml


@dataclass(frozen=True)
class Simulated:
    """All tables of the contract by name, in the contract's column order."""

    company: Company
    tables: dict[str, pd.DataFrame]


def simulate(c: Company | None = None) -> Simulated:
    """The company's tables from its parameters; no clock, no hash order, numpy's generator only."""
    c = c or Company()
    team = people.build_team(c)
    new = deals.new_business(c, team)
    owners = contracts.customers(c, team, new)
    ledger = contracts.lifetimes(c, owners)
    everything = deals.deals_frames(
        c,
        team,
        records.join_deals(c, team, owners, new, records.expansions_frame(c, team, owners, ledger)),
    )
    return Simulated(c, _tables(c, team, owners, ledger, everything))


def _tables(
    c: Company,
    team: people.Team,
    owners: pd.DataFrame,
    ledger: contracts.Ledger,
    every: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    fresh = every[every.lead_id != ""].sort_values("lead_id", kind="stable").reset_index(drop=True)
    names = {i: owners.name[k] for i, k in enumerate(fresh.customer) if k >= 0}
    tables = {
        "customers": records.customers_table(c, team, owners),
        "reps": people.reps_table(c, team),
        "leads": records.leads_table(c, team, fresh, names),
        "opportunities": records.opportunities_table(c, team, owners, every),
        "stage_events": records.stage_events_table(team, every),
        "contracts": records.contracts_table(team, owners, ledger),
        "orders": records.orders_table(c, team, owners, every, ledger),
    }
    orders, customers = tables["orders"], tables["customers"]
    tier = records.value_tiers(owners, orders)
    tables |= {
        "activities": contacts.activities_table(c, team, every, owners, tier),
        "fit_scores": contacts.fit_scores_table(c, team, every),
        "channel_costs": plan.channel_costs_table(c, tables["leads"]),
        "targets": plan.targets_table(c, team, orders, customers, every),
        "key_results": programme.key_results_table(team),
        "check_ins": programme.check_ins_table(team, tables["contracts"], customers, 0.55),
        "strategies": programme.strategies_table(),
        "care_plan": contacts.care_plan_table(c, team, owners, tier),
        "tasks": programme.tasks_table(),
        "meetings": programme.meetings_table(c),
        "training": contacts.training_table(c, team),
        "market": plan.market_table(orders, customers),
        "awards": contacts.awards_table(c, orders),
    }
    return {name: tables[name][TABLES[name].names] for name in TABLES}


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
