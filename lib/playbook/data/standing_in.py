"""Won deals that stand in for orders in a book without an orders table.

Most firms export their CRM only. A won deal with an amount and a closing day is then one order: its
number, its closing day, its customer, seller and members. The page says so, once, among the data.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from playbook.base.errors import Problem
from playbook.base.language import say

NEEDED = ("outcome", "closed", "amount")
# orders column → opportunities column
FROM = {
    "order_id": "opportunity_id",
    "date": "closed",
    "customer_id": "customer_id",
    "amount": "amount",
    "rep_id": "rep_id",
    "region": "region",
    "product_line": "product_line",
    "channel": "channel",
    "opportunity_id": "opportunity_id",
}


def stand_in(
    connection: duckdb.DuckDBPyConnection,
    given: dict[str, set[str]],
    dimensions: Sequence[str] = (),
) -> list[Problem]:
    """Make ``book.orders`` of the won deals where a book has no orders, and add it to ``given``.

    dimensions: columns of the book's own that orders have as the deals do.

    Returns the note that says so; nothing where orders are given or no won deal is complete.
    """
    have = given.get("opportunities", set())
    if "orders" in given or not set(NEEDED) <= have:
        return []
    usable = "outcome = 'won' AND closed IS NOT NULL AND amount IS NOT NULL"
    some = f"SELECT 1 FROM book.opportunities WHERE {usable} LIMIT 1"
    if not connection.execute(some).fetchall():
        return []
    wanted = {**FROM, **{name: name for name in dimensions if name not in FROM}}
    columns = {ours: theirs for ours, theirs in wanted.items() if theirs in have}
    chosen = ", ".join(f'"{theirs}" AS "{ours}"' for ours, theirs in columns.items())
    connection.execute(
        f"CREATE VIEW book.orders AS SELECT {chosen}, 0 AS _file, CAST(NULL AS BIGINT) AS _row"
        f" FROM book.opportunities WHERE {usable}"
    )
    given["orders"] = set(columns)
    return [
        Problem(
            found=say("no orders: won deals with an amount and a closing day stand in for them"),
            expected=say("orders, where sales are to be what was ordered or invoiced"),
            try_=say(
                "add an orders table when there is one; nothing to do when won deals are the sales"
            ),
            severity="warning",
            table="orders",
        )
    ]


def deals_for(columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What to ask for where deals stand in for orders: the deals' own columns, or orders where
    deals cannot say it.

    >>> deals_for(("customer_id", "date")), deals_for(("cost",))
    ({'opportunities': ('customer_id', 'closed')}, {'orders': ('cost',)})
    """
    if set(columns) <= set(FROM):
        return {"opportunities": tuple(FROM[column] for column in columns)}
    return {"orders": tuple(columns)}
