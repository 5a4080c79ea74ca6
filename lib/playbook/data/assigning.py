"""Sales given to whom they belonged on their day: owners of customers, regions and teams of people.

An order's own seller, region and team count first. Without a table of assignments a customer's
owner of today gets its sales of all years, and the data page says so.
"""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.language import say

from .staged import Staged

# columns of orders ← role, whose, and the column of orders that names whose
FILLED = (
    ("rep_id", "owner", "customer", "customer_id"),
    ("region", "region", "rep", "rep_id"),
    ("team", "team", "rep", "rep_id"),
)


def assign(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: dict[str, set[str]],
) -> list[Problem]:
    """Fill seller, region and team of ``book.orders`` from ``assignments`` by each order's day, and
    add the columns to ``given``.
    """
    have = given.get("orders", set())
    if "orders" not in given or ("orders" in staged and staged["orders"].lazy):
        return []
    if "assignments" not in given or "date" not in have:
        return _todays_owner(given)
    for column, role, subject, key in FILLED:
        if key in have:
            have |= _fill(connection, given, column, role, subject, key)
    return []


def _fill(
    connection: duckdb.DuckDBPyConnection,
    given: dict[str, set[str]],
    column: str,
    role: str,
    subject: str,
    key: str,
) -> set[str]:
    """Fill one column; its name, where any assignment speaks of it."""
    days = {
        day: f'a."{day}"' if day in given["assignments"] else "CAST(NULL AS DATE)"
        for day in ("from", "to")
    }
    spans = f"book.assignments a WHERE a.subject = '{subject}' AND a.role = '{role}'"
    if not connection.execute(f"SELECT 1 FROM {spans} LIMIT 1").fetchall():
        return set()
    begun = f"coalesce({days['from']}, DATE '0001-01-01')"
    on = (
        f"(SELECT arg_max(a.value, {begun}) FROM {spans} AND a.subject_id = o.{key} AND {begun} <="
        f" CAST(o.date AS DATE) AND coalesce({days['to']}, DATE '9999-12-31') >= CAST(o.date AS"
        " DATE))"
    )
    if column == "region" and "region" in given.get("customers", set()):
        own = "(SELECT any_value(c.region) FROM book.customers c WHERE c.customer_id ="
        on = f"coalesce({own} o.customer_id), {on})" if "customer_id" in given["orders"] else on
    there = column in given["orders"]
    value = f"coalesce(o.{column}, {on})" if there else on
    exclude = f" EXCLUDE ({column})" if there else ""
    connection.execute(
        f"CREATE TABLE book.orders_assigned AS SELECT o.*{exclude}, {value} AS {column} FROM"
        " book.orders o"
    )
    kind = connection.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = 'book' AND"
        " table_name = 'orders'"
    ).fetchall()[0][0]
    connection.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} book.orders")
    connection.execute("ALTER TABLE book.orders_assigned RENAME TO orders")
    return {column}


def _todays_owner(given: dict[str, set[str]]) -> list[Problem]:
    if "rep_id" in given["orders"] or "rep_id" not in given.get("customers", set()):
        return []
    if "customer_id" not in given["orders"]:
        return []
    return [
        Problem(
            say(
                "sales name no seller: today's owner of the customer gets those of earlier days too"
            ),
            say("the seller of each sale, or a table assignments: who had which customer when"),
            say(
                "map rep_id in orders, or give assignments: subject, subject_id,"
                " role, value, from, to"
            ),
            "warning",
            "orders",
            "rep_id",
        )
    ]
