"""Numbers and names that stand for people, customers and deals in a pack whose readers are not to
know them.
"""

from __future__ import annotations

import duckdb

from .databases import quoted
from .scope_rows import refers_to
from .table_specs import is_free_text
from .tables import TABLES

WHAT = {  # whose numbers → prefix of the new ones, and the columns that name them, by table
    "reps": ("Person", "reps", "rep_id", "name"),
    "customers": ("Customer", "customers", "customer_id", "name"),
    "leads": ("Lead", "leads", "lead_id", "company"),
    "deals": ("Deal", "opportunities", "opportunity_id", ""),
    "orders": ("Order", "orders", "order_id", ""),
    "contracts": ("Contract", "contracts", "contract_id", ""),
}
# What people are to do names them in words: left out.
WORK = ("tasks", "meetings", "action_log", "key_results", "check_ins", "strategies", "care_plan")
REFERS = {("reps", "manager_id"): "reps", ("reps", "mentor_id"): "reps"}
# free texts that group rows and name nobody
GROUPING = ("industry", "need", "objection", "lost_reason", "course")


def without_names(connection: duckdb.DuckDBPyConnection, given: dict[str, set[str]]) -> None:
    """Replace numbers and names by running ones (``Customer 12``), in the order of the numbers, and
    leave free texts out of ``book``'s tables and of ``given``.
    """
    for name in (*WORK, "assignments"):
        if given.pop(name, None) is not None:
            connection.execute(f"DROP TABLE book.{name}")
    columns = [(name, column) for name, have in given.items() for column in sorted(have)]
    for what, (word, owner, key, called) in WHAT.items():
        places = [
            (table, column)
            for table, column in columns
            if (table, column) == (owner, key) or _whose(table, column) == what
        ]
        if not places:
            continue
        every = " UNION ".join(f"SELECT {quoted(c)} AS id FROM book.{t}" for t, c in places)
        if what in ("customers", "leads") and "subject_id" in given.get("fit_scores", ()):
            places.append(("fit_scores", "subject_id"))
        connection.execute(
            f"CREATE TEMP TABLE _called AS SELECT id, '{word} ' || lpad(CAST(row_number() OVER"
            f" (ORDER BY id) AS VARCHAR), CAST(greatest(2, length(CAST(count(*) OVER () AS"
            f" VARCHAR))) AS INTEGER), '0') AS word FROM ({every}) WHERE id IS NOT NULL"
        )
        for table, column in places:
            connection.execute(
                f"UPDATE book.{table} SET {quoted(column)} = c.word FROM _called c WHERE"
                f" {quoted(column)} = c.id"
            )
        connection.execute("DROP TABLE _called")
        if called and called in given.get(owner, ()):
            connection.execute(f"UPDATE book.{owner} SET {called} = {key}")
    for table, column in columns:
        spec = next((c for c in TABLES[table].columns if c.name == column), None)
        if spec is None or column in ("name", "company", *GROUPING):
            continue
        if is_free_text(spec) or spec.personal or column in ("invoice", "line_id"):
            if spec.required:
                connection.execute(f"UPDATE book.{table} SET {quoted(column)} = 'not named'")
            else:
                connection.execute(f"ALTER TABLE book.{table} DROP COLUMN {quoted(column)}")
                given[table].discard(column)


def _whose(table: str, column: str) -> str:
    if (table, column) in REFERS:
        return REFERS[table, column]
    return refers_to(table, column)
