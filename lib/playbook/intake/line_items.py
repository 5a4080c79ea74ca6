"""Orders in one file and their lines in another: the lines are the orders, and what is said once of
each order is looked up.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from playbook.base.language import say

from .files import Found
from .headers import likeness
from .matching import SURE, match
from .plan import Line, TablePlan
from .profile import Profile
from .units import in_unit

INSIDE = 0.98  # share of the lines' order numbers that are those of orders
AGREE = 0.9  # share of orders that their lines add up to, where both say an amount
OF_A_LINE = ("amount", "product_line", "quantity", "line_id", "cost", "list_amount")


def with_lines(
    tables: list[TablePlan], rest: list[tuple[Found, str]]
) -> tuple[list[TablePlan], list[Found]]:
    """The tables with orders made of their lines, and the files that were taken for it."""
    place = next((i for i, p in enumerate(tables) if p.table == "orders" and not p.open_), None)
    if place is None:
        return tables, []
    for one, _ in rest:
        if (plan := _of_lines(tables[place], one)) is not None:
            return [*tables[:place], plan, *tables[place + 1 :]], [one]
    return tables, []


def _of_lines(orders: TablePlan, lines: Found) -> TablePlan | None:
    """The plan of orders made of a file of lines; None where it is not one of theirs."""
    key, amount = orders.line("order_id"), orders.line("amount")
    plain = not (orders.sql or orders.more or orders.where or orders.system)
    if not plain or key is None or amount is None or not (orders.found.whole and lines.whole):
        return None
    numbers = _column(orders.found, key.said)
    ref = max(lines.columns, key=lambda c: likeness(c.name, "orders", "order_id"), default=None)
    if numbers is None or ref is None or numbers.distinct < 0.999:
        return None
    named = likeness(ref.name, "orders", "order_id") >= SURE and ref.distinct < 0.98
    known = set(numbers.filled)
    if not named or not len(ref.filled) or ref.filled.isin(known).mean() < INSIDE:
        return None
    own = [m for m in match(lines, "orders") if m.sure and m.column in OF_A_LINE]
    worth = next((m.header for m in own if m.column == "amount"), None)
    if worth is None or not _add_up(orders, str(key.said), amount.said, lines, ref.name, worth):
        return None
    made = [Line("order_id", ref.name, say("the order of the line"))]
    made += [
        Line(m.column, in_unit(lines, "orders", m.column, m.header), say("of the line"))
        for m in own
    ]
    have = {line.column for line in made}
    for line in orders.lines:
        if line.column not in have and isinstance(line.said, str):
            said = {"look_up": orders.found.name, "by": ref.name, "key": key.said}
            made.append(Line(line.column, {**said, "give": line.said}, say("of the order")))
    return replace(
        orders,
        found=lines,
        lines=tuple(made),
        sure=say("lines, with what {label} says of each order", label=orders.found.label),
        asks=(),
        left=(),
    )


def _add_up(
    orders: TablePlan, key: str, amount: object, lines: Found, ref: str, worth: str
) -> bool:
    """Whether nearly all orders are worth what their lines are."""
    whole, parts = _column(orders.found, amount), _column(lines, worth)
    numbers, of = _column(orders.found, key), _column(lines, ref)
    if whole is None or parts is None or numbers is None or of is None:
        return False
    said = pd.Series(_plain(whole).to_numpy(), index=numbers.values.astype("string").str.strip())
    sums = _plain(parts).groupby(of.values.astype("string").str.strip()).sum(min_count=1)
    both = pd.DataFrame({"said": said, "sum": sums.reindex(said.index)})
    if both["said"].isna().mean() > 0.02:
        return False
    near = ((both["said"] - both["sum"]).abs() <= 0.011).fillna(False)  # no lines: not near
    return bool(near.mean() >= AGREE)


def _plain(column: Profile) -> pd.Series:
    return pd.to_numeric(column.values.astype("string").str.replace(",", ""), errors="coerce")


def _column(found: Found, said: object) -> Profile | None:
    return next((c for c in found.columns if c.name == said), None)
