"""Returns that a file writes as positive amounts, told by the kind of the row."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from playbook.base.language import say
from playbook.data.tables import TABLES

from .plan import Line, TablePlan
from .profile import SIGN

MONEY = [c.name for c in TABLES["orders"].columns if c.kind == "money"]


def signed(plan: TablePlan) -> TablePlan:
    """The plan of orders with money that is negative on the rows of returns, where the file writes
    all of them as positive amounts; as it is where one is negative already.
    """
    kind, amount = plan.line("kind"), plan.line("amount")
    if plan.table != "orders" or plan.open_ or plan.sql or kind is None or amount is None:
        return plan
    if not isinstance(kind.said, str) or not isinstance(amount.said, str):
        return plan
    columns = {c.name: c.values.astype("string").str.strip() for c in plan.found.columns}
    known = {"refund": "refund", **plan.values.get("kind", {})}
    words = [w for w in columns[kind.said].dropna().unique() if known.get(w) == "refund"]
    rows = columns[kind.said].isin(words).fillna(False)
    bare = columns[amount.said][rows].str.replace(SIGN, "", regex=True)
    values = pd.to_numeric(bare.str.replace("−", "-"), errors="coerce").dropna()
    minus = columns[amount.said][rows].str.contains(r"[(（−-]", regex=True).any()
    if values.empty or minus or (values < 0).any():
        return plan
    told = {kind.said: sorted(words)}
    reason = say("CHECK: returns are written as positive amounts")
    lines = tuple(
        Line(one.column, {"column": one.said, "negative": told}, reason)
        if one.column in MONEY and isinstance(one.said, str)
        else one
        for one in plan.lines
    )
    return replace(plan, lines=lines)
