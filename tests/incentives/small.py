"""A small company as CSV files, for tests that need a whole book."""

from __future__ import annotations

from pathlib import Path

from playbook.data.book import Book

PLANS = """
[[commission_plans]]
name = "new"
starts = 2023-01-01
tiers = [{ lower = 0, upper = 1000, rate = 0.08 }, { lower = 1000, upper = 2000, rate = 0.10 }, { lower = 2000, rate = 0.12 }]
rules = [{ name = "large renewal", kind = ["renewal"], customer_type = ["large"], times = 1.2 }]
awards = [
  { name = "referral", event = "referral", to = ["rep", "customer_owner"], amount = 1000 },
  { name = "mentor", event = "first_deal", to = ["mentor"], amount = 500 },
]

[[commission_plans]]
name = "old"
starts = 2020-01-01
mode = "whole"
tiers = [{ lower = 0, upper = 1000, rate = 0.08 }, { lower = 1000, upper = 2000, rate = 0.10 }, { lower = 2000, rate = 0.12 }]
"""
TABLES = {
    "customers": (
        "customer_id,name,customer_type,channel,rep_id\nC1,One,large,web,R1\nC2,Two,small,referral,R2\nC3,Three,small,web,R1\n"
    ),
    "reps": (
        "rep_id,name,team,manager_id,mentor_id,hired,left\nM1,Boss,A,,,2020-01-01,\nR1,Ann,A,M1,,2020-01-01,\nR2,Bob,A,M1,R1,2023-02-01,\nR3,Cai,A,M1,R1,2023-03-01,2023-06-01\n"
    ),
    "orders": (
        "order_id,date,customer_id,amount,rep_id,kind,paid_amount,paid_date\n"
        "A,2022-02-10,C1,500,R1,new,500,2022-03-01\nB,2023-01-15,C1,900,R1,renewal,900,2023-02-01\nC,2023-02-20,C2,600,R1,new,600,2023-04-05\n"
        "D,2023-05-02,C3,1500,R2,new,1500,2023-05-02\nE,2023-05-20,C2,800,R2,repurchase,800,2023-06-02\nC,2023-06-01,C2,-600,R1,refund,,\n"
    ),
}


def book(folder: Path, toml: str = PLANS, month: str = "2023-06", **tables: str) -> Book:
    """A book of ``TABLES``; a keyword replaces a table, an empty text leaves it out."""
    for name, text in {**TABLES, **tables}.items():
        if text:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "playbook.toml").write_text(f'[book]\nname = "small"\n{toml}', encoding="utf-8")
    return Book.open(folder, month)
