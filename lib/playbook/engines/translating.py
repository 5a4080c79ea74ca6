"""DuckDB's SQL said in Spark's: checks and point-in-time views are written once.

A parser reads DuckDB's dialect and writes Spark's, so that quotes, backslashes and names inside
texts stay what they are; what it does not know is taught here.
"""

from __future__ import annotations

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp

SCHEMAS = ("raw", "stage", "book", "main")  # of a book's database; views of a session have none


def view_name(prefix: str, schema: str, table: str) -> str:
    """The name under which a session knows ``schema.table`` of one book; a view's name has letters
    and digits only.

    >>> view_name("b1", "raw", "Orders 2023")
    'b1_raw_orders_20_2023'
    """
    plain = re.sub(r"[^a-z0-9]", lambda m: f"_{ord(m[0]):x}_", table.casefold())
    return f"{prefix}_{schema}_{plain}"


@lru_cache(maxsize=4096)
def spark_sql(query: str, prefix: str) -> str:
    """One statement of DuckDB as Spark reads it; tables of the book by their view's name.

    >>> spark_sql("SELECT count(*) FILTER (v = 'book.x') AS n FROM book.orders", "b1")
    "SELECT COUNT(*) FILTER(WHERE v = 'book.x') AS n FROM `b1_book_orders`"
    """
    return parsed(query, prefix).sql(dialect="spark")


def parsed(query: str, prefix: str) -> exp.Expr:
    """The statement as a tree in Spark's words."""
    tree = sqlglot.parse_one(query, read="duckdb")
    return tree.transform(_said, prefix)


def _said(node: exp.Expr, prefix: str) -> exp.Expr:
    if isinstance(node, exp.Table) and node.db in SCHEMAS:
        named = exp.to_identifier(view_name(prefix, node.db, node.name), quoted=True)
        table = exp.Table(this=named, alias=node.args.get("alias"))
        table.set("joins", node.args.get("joins"))
        return table
    if isinstance(node, exp.Not) and isinstance(node.this, exp.In) and node.this.args.get("query"):
        return _not_in(node.this, prefix)
    if isinstance(node, exp.RegexpFullMatch):
        return _full_match(node.this.transform(_said, prefix), node.expression)
    if isinstance(node, exp.Least | exp.Greatest) and not node.expressions:
        return node.this.transform(_said, prefix)  # of one value: Spark wants two
    if isinstance(node, exp.RegexpReplace):
        return _replaced(node)
    if isinstance(node, exp.Anonymous):
        return _function(node, prefix)
    return node


def _not_in(node: exp.In, prefix: str) -> exp.Expr:
    """True where NOT IN is: Spark compares every row with every row for NOT IN outside a plain
    WHERE, and looks a match up for EXISTS.
    """
    query = node.args["query"]
    query = (query.this if isinstance(query, exp.Subquery) else query).transform(_said, prefix)
    among, value = query.sql(dialect="spark"), node.this.transform(_said, prefix)
    text = value.sql(dialect="spark")
    rows = f"(SELECT 1 FROM ({among}) AS playbook_k(playbook_v)"
    return sqlglot.parse_one(
        f"(NOT EXISTS {rows} WHERE playbook_v = {text}) AND (NOT EXISTS {rows}) OR"
        f" ({text} IS NOT NULL AND NOT EXISTS {rows} WHERE playbook_v IS NULL))))",
        read="spark",
    )


def _replaced(node: exp.RegexpReplace) -> exp.Expr:
    """Spark replaces every match and writes a group as $1."""
    by = node.args.get("replacement")
    if isinstance(by, exp.Literal):
        text = re.sub(r"\\(\d)", r"$\1", by.name.replace("$", "\\$"))
        node.set("replacement", exp.Literal.string(text))
    node.set("modifiers", None)
    return node


def _function(node: exp.Anonymous, prefix: str) -> exp.Expr:
    """Functions that the parser hands on by their DuckDB name."""
    name = node.name.casefold()
    if name not in ("list_position", "timezone"):
        return node
    given = [one.transform(_said, prefix) for one in node.expressions]
    if name == "list_position":
        return exp.Anonymous(this="array_position", expressions=given)
    if name == "timezone":  # the clock of a zone at an instant
        clock = exp.cast(given[1], "timestampntz", dialect="duckdb")
        here = exp.Anonymous(this="current_timezone")
        return exp.Anonymous(this="convert_timezone", expressions=[here, given[0], clock])
    return node


def _full_match(text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
    whole = exp.Literal.string(f"^(?:{pattern.name})$")
    return exp.RegexpLike(this=text.copy(), expression=whole)
