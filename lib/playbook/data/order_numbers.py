"""Order numbers that stand for several orders: said, and counted apart in ``order_ids``."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from .examples import examples
from .staged import Staged

APART = 366  # days between two rows of one number from which they are two orders


def numbers_reused(
    connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]
) -> list[Problem]:
    """A warning for order ids seen with two customers, or again after more than a year."""
    if staged.table.name != "orders" or not {"order_id", "date", "customer_id"} <= have:
        return []
    if staged.lazy:
        return []
    sold = "amount >= 0" + (" AND kind IS DISTINCT FROM 'refund'" if "kind" in have else "")
    sold = sold if "amount" in have else "TRUE"
    odd = (
        f"SELECT order_id FROM book.orders WHERE {sold} GROUP BY order_id HAVING"
        f" count(DISTINCT customer_id) > 1 OR max(date) - min(date) > {APART}"
    )
    count = connection.execute(f"SELECT count(*) FROM ({odd})").fetchall()[0][0]
    if not count:
        return []
    _, rows = examples(
        connection, staged, "book.orders t", f"order_id IN ({odd})", ["order_id", "customer_id"]
    )
    return [
        Problem(
            say(
                "{order_ids} of several customers, or again after more than a year:"
                " counted as an order of each customer and time",
                order_ids=plural(count, "order id"),
            ),
            say("one id for each order"),
            say("if numbers restart by till, shop or year, join that to the id"),
            "warning",
            "orders",
            "order_id",
            staged.label,
            count,
            rows,
        )
    ]
