"""A small company as frames, for tests of pay and incentives that need a whole book."""

from __future__ import annotations

import io
import tomllib

import pandas as pd

from playbook.data.book import Book

PLANS = """
[[commission_plans]]
name = "new"
starts = 2023-01-01
replaces = "old"
tiers = [
  { lower = 0, upper = 1000, rate = 0.08 },
  { lower = 1000, upper = 2000, rate = 0.10 },
  { lower = 2000, rate = 0.12 },
]
rules = [{ name = "large renewal", kind = ["renewal"], customer_type = ["large"], times = 1.2 }]
awards = [
  { name = "referral", event = "referral", to = ["rep", "customer_owner"], amount = 1000 },
  { name = "mentor", event = "first_deal", to = ["mentor"], amount = 500 },
]

[[commission_plans]]
name = "old"
starts = 2020-01-01
mode = "whole"
tiers = [
  { lower = 0, upper = 1000, rate = 0.08 },
  { lower = 1000, upper = 2000, rate = 0.10 },
  { lower = 2000, rate = 0.12 },
]
"""
TABLES = {
    "customers": (
        "customer_id,name,customer_type,channel,rep_id\n"
        "C1,One,large,web,R1\n"
        "C2,Two,small,referral,R2\n"
        "C3,Three,small,web,R1\n"
    ),
    "reps": (
        "rep_id,name,team,manager_id,mentor_id,hired,left\n"
        "M1,Boss,A,,,2020-01-01,\n"
        "R1,Ann,A,M1,,2020-01-01,\n"
        "R2,Bob,A,M1,R1,2023-02-01,\n"
        "R3,Cai,A,M1,R1,2023-03-01,2023-06-01\n"
    ),
    "orders": (
        "order_id,date,customer_id,amount,rep_id,kind,paid_amount,paid_date\n"
        "A,2022-02-10,C1,500,R1,new,500,2022-03-01\n"
        "B,2023-01-15,C1,900,R1,renewal,900,2023-02-01\n"
        "C,2023-02-20,C2,600,R1,new,600,2023-04-05\n"
        "D,2023-05-02,C3,1500,R2,new,1500,2023-05-02\n"
        "E,2023-05-20,C2,800,R2,repurchase,800,2023-06-02\n"
        "C,2023-06-01,C2,-600,R1,refund,,\n"
    ),
}


def small_book(toml: str = PLANS, month: str = "2023-06", **tables: str) -> Book:
    """A book of ``TABLES`` with the plans and settings of ``toml``; a keyword replaces a table, an
    empty text leaves it out.
    """
    frames = {
        name: pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        for name, text in {**TABLES, **tables}.items()
        if text
    }
    settings = tomllib.loads(f'[book]\nname = "small"\n{toml}')
    return Book.from_frames(month=month, settings=settings, **frames)
