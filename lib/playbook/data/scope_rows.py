"""The rows of a book that one audience may see, table by table, as SQL conditions.

A row belongs to a part by its own cell, else by its customer's or its rep's, as sales are split
(``measures.sales.order_rows``). Rows without such a cell belong to what they name: a stage entry to
its deal, a payment to its order. What is nobody's (costs of channels, the market) is left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.formats import joined
from playbook.base.language import say

from .databases import quoted
from .read import Read
from .scope import Scope
from .scope_words import Words, mentions, words_of
from .tables import TABLES

COMPANY = ("channel_costs", "market")
OWNED = {  # tables of what somebody is to do: the columns that say who
    "key_results": ("owner",),
    "strategies": ("owner",),
    "tasks": ("owner",),
    "meetings": ("owner",),
    "action_log": ("owner",),
}
# by what they name: (column, whose number it is)
LINKS = {
    "stage_events": (("opportunity_id", "deals"),),
    "snapshots": (("opportunity_id", "deals"),),
    "changes": (("opportunity_id", "deals"),),
    "deal_splits": (("opportunity_id", "deals"), ("order_id", "orders")),
    "payments": (
        ("order_id", "orders"),
        ("contract_id", "contracts"),
        ("customer_id", "customers"),
    ),
    "activities": (
        ("customer_id", "customers"),
        ("lead_id", "leads"),
        ("opportunity_id", "deals"),
    ),
    "cases": (("customer_id", "customers"),),
    "care_plan": (("customer_id", "customers"),),
}
OF_REPS = ("training", "awards", "pay_adjustments", "deal_splits")
NUMBERS = {  # whose numbers are gathered, from which column of which tables
    "orders": (("orders", "order_id"),),
    "deals": (("opportunities", "opportunity_id"),),
    "contracts": (("contracts", "contract_id"),),
    "leads": (("leads", "lead_id"),),
    "customers": tuple(
        (table, "customer_id") for table in ("customers", "orders", "opportunities", "contracts")
    ),
    "reps": (("reps", "rep_id"),),
}
_numbers = itertools.count()


class ScopedRows:
    """Views of the book's tables with the rows of a scope: ``view(table)`` names one."""

    def __init__(self, read: Read, scope: Scope):
        self.read, self.scope, self.given = read, scope, read.given
        self.schema = f"scope_{next(_numbers)}"
        self.dims = dict(scope.see)
        self.run(f"CREATE SCHEMA {self.schema}")
        self._facts()
        self.words = words_of(self)
        for name in self.given:
            if name not in self.made:
                self._keep(name, self._condition(name))

    def run(self, sql: str) -> list[tuple]:
        return self.read.connection.execute(sql).fetchall()

    def close(self) -> None:
        self.run(f"DROP SCHEMA {self.schema} CASCADE")

    def view(self, table: str) -> str:
        return f"{self.schema}.{quoted('t_' + table)}"

    def kept(self, what: str) -> str:
        """The table of kept numbers: orders, deals, contracts, leads, customers, reps."""
        return f"{self.schema}.k_{what}"

    def of(self, column: str, what: str) -> str:
        return f"t.{quoted(column)} IN (SELECT id FROM {self.kept(what)})"

    # -- the tables that say whose a row is

    def _facts(self) -> None:
        self.made: set[str] = set()
        if not any(not self._unresolved(name) for name in ("orders", "opportunities", "leads")):
            raise ParameterProblem(
                Problem(
                    found=say(
                        "audience '{name}' goes by {dims}",
                        name=self.scope.name,
                        dims=joined(self.dims),
                    ),
                    expected=say("a dimension that orders, deals or leads can be told apart by"),
                    try_=say("map the column, or choose another dimension"),
                    column=f"audiences.{self.scope.name}",
                )
            )
        for name in ("orders", "opportunities", "contracts"):
            self._keep(name, "FALSE" if self._unresolved(name) else self._own(name))
        self._gather("orders", "deals", "contracts")
        linked = [
            f"t.{mine} IN (SELECT {theirs} FROM {self.view('opportunities')})"
            for mine, theirs in (("converted_opportunity_id", "opportunity_id"), ("lead_id",) * 2)
            if mine in self.given.get("leads", ()) and theirs in self.given.get("opportunities", ())
        ]
        own = self._own("leads") if "leads" in self.given else ""
        by_link = " OR ".join(linked) or "FALSE"
        self._keep("leads", f"({own}) AND ({by_link})" if self._unresolved("leads") else own)
        bought = " OR ".join(
            f"t.customer_id IN (SELECT customer_id FROM {self.view(name)})"
            for name in ("orders", "opportunities", "contracts")
            if name in self.made and "customer_id" in self.given[name]
        )
        own = "" if self._unresolved("customers") else self._own("customers")
        self._keep("customers", " OR ".join(filter(None, (own, bought))) or "FALSE")
        sold = " OR ".join(
            f"t.rep_id IN (SELECT rep_id FROM {self.view(name)})"
            for name in ("orders", "opportunities", "leads")
            if name in self.made and "rep_id" in self.given[name]
        )
        own = self._own("reps") if "reps" in self.given else ""
        apart = f"({own}) AND ({sold or 'FALSE'})" if self._unresolved("reps") else own
        self._keep("reps", apart)
        self._gather("leads", "customers", "reps")

    def _gather(self, *names: str) -> None:
        for what in names:
            pairs = NUMBERS[what]
            if what == "reps" and "reps" not in self.given:
                pairs = tuple((t, "rep_id") for t in ("orders", "opportunities", "leads"))
            parts = [
                f"SELECT {column} AS id FROM {self.view(table)} WHERE {column} IS NOT NULL"
                for table, column in pairs
                if table in self.made and column in self.given[table]
            ]
            asked = " UNION ".join(parts) or "SELECT CAST(NULL AS VARCHAR) AS id WHERE FALSE"
            self.run(f"CREATE TABLE {self.kept(what)} AS {asked}")

    def _keep(self, name: str, condition: str) -> None:
        if name not in self.given:
            return
        joins, _ = self._joined(name)
        self.run(
            f"CREATE TABLE {self.view(name)} AS SELECT t.* FROM book.{name} t {joins} WHERE"
            f" {condition or 'TRUE'}"
        )
        self.made.add(name)

    # -- by dimension

    def _joined(self, name: str) -> tuple[str, bool]:
        """Joins that give the customer's (c) and the rep's (r) columns, and whether both do."""
        have, joins = self.given.get(name, set()), ""
        customers = name != "customers" and {"customer_id"} <= have & self._columns("customers")
        if customers:
            joins += (
                " LEFT JOIN (SELECT DISTINCT ON (customer_id) * FROM book.customers) c ON"
                " c.customer_id = t.customer_id"
            )
        rep = "t.rep_id" if "rep_id" in have else ""
        if not rep and customers and "rep_id" in self._columns("customers"):
            rep = "c.rep_id"
        if rep and name != "reps" and "rep_id" in self._columns("reps"):
            joins += (
                f" LEFT JOIN (SELECT DISTINCT ON (rep_id) * FROM book.reps) r ON r.rep_id = {rep}"
            )
        return joins, customers

    def _member(self, name: str, dimension: str) -> str:
        """SQL of a row's member; empty where the table cannot say."""
        have = self.given.get(name, set())
        joins, customers = self._joined(name)
        column = "rep_id" if dimension == "rep" else dimension
        parts = [f"t.{quoted(column)}"] if column in have else []
        if (
            customers
            and column in self._columns("customers")
            and not (column == "rep_id" and parts)
        ):
            parts.append(f"c.{quoted(column)}")
        if " r ON " in joins and dimension in ("region", "team"):
            parts += [f"r.{quoted(column)}"] if column in self._columns("reps") else []
        return f"coalesce({', '.join(parts)})" if parts else ""

    def _unresolved(self, name: str) -> list[str]:
        if name not in self.given:
            return list(self.dims)
        return [dimension for dimension in self.dims if not self._member(name, dimension)]

    def _own(self, name: str) -> str:
        asked = [
            f"{member} IN ({texts(members)})"
            for dimension, members in self.dims.items()
            if (member := self._member(name, dimension))
        ]
        return " AND ".join(asked) or "TRUE"

    def _columns(self, table: str) -> set[str]:
        return self.given.get(table, set())

    # -- the others

    def _condition(self, name: str) -> str:
        have = self.given[name]
        if not self.dims:
            return "TRUE"
        if name == "targets":
            return self._targets(have)
        if name == "assignments":
            return self._assignments(have)
        if name == "fit_scores":
            return f"({self.of('subject_id', 'leads')} OR {self.of('subject_id', 'customers')})"
        if name in LINKS:
            return self._linked(name, have)
        if name in OF_REPS:
            return self.of("rep_id", "reps")
        if name in OWNED:
            return self._owned(name, have)
        if name == "check_ins":
            if "key_results" not in self.given:
                return "FALSE"
            return f"t.key_result IN (SELECT key_result FROM {self.view('key_results')})"
        return "FALSE" if name in COMPANY and not self.scope.audience.company else "TRUE"

    def _linked(self, name: str, have: set[str]) -> str:
        """Every number a row names is kept, and it names one, or its rep is kept."""
        rep = self.of("rep_id", "reps") if "rep_id" in have else "FALSE"
        asked, some = [], []
        for column, what in LINKS[name]:
            if column not in have:
                continue
            known = any(table in self.given for table, _ in NUMBERS[what])
            asked.append(f"(t.{column} IS NULL OR {self.of(column, what) if known else rep})")
            some.append(f"t.{column} IS NOT NULL")
        theirs = [rep] if name == "deal_splits" else []
        return " AND ".join([*asked, *theirs, f"({' OR '.join([*some, rep])})"])

    def _targets(self, have: set[str]) -> str:
        columns = {"rep" if c == "rep_id" else c: f"t.{quoted(c)}" for c in have}
        mine, names_one = [], []
        for dimension, column in columns.items():
            if dimension in self.dims:
                inside = f"{column} IN ({texts(self.dims[dimension])})"
            elif dimension == "rep":
                inside = self.of("rep_id", "reps")
            elif dimension == "team":
                inside = f"{column} IN ({texts(self.words.teams)})"
            else:
                continue
            mine.append(f"({column} IS NULL OR {inside})")
            names_one.append(f"{column} IS NOT NULL")
        return " AND ".join([*mine, f"({' OR '.join(names_one) or 'FALSE'})"])

    def _assignments(self, have: set[str]) -> str:
        members = [m for d in ("region", "team") for m in self.dims.get(d, ())]
        value = f"t.value IN ({texts([*members, *self.words.teams])})"
        return (
            f"CASE WHEN t.subject = 'customer' THEN {self.of('subject_id', 'customers')} ELSE"
            f" {self.of('subject_id', 'reps')} END AND CASE WHEN t.role IN ('owner', 'manager',"
            f" 'overlay') THEN {self.of('value', 'reps')} WHEN t.role IN ('region', 'team') THEN"
            f" {value} ELSE TRUE END"
        )

    def _owned(self, name: str, have: set[str]) -> str:
        if self.scope.audience.company:
            return "TRUE"
        columns = [column for column in OWNED[name] if column in have]
        asked = []
        for column in columns:
            rows = self.run(f"SELECT DISTINCT {column} FROM book.{name} WHERE {column} IS NOT NULL")
            mine = [row[0] for row in rows if self._is_mine(row[0], self.words)]
            asked.append(f"t.{column} IN ({texts(mine)})")
        return " OR ".join(asked) or "FALSE"

    @staticmethod
    def _is_mine(owner: str, words: Words) -> bool:
        return mentions(owner, words.mine) and not mentions(owner, words.others)


def texts(values: Iterable[str]) -> str:
    """SQL of a list of texts; of none, a list nothing is in."""
    made: Sequence[str] = ["'" + str(v).replace("'", "''") + "'" for v in values]
    return ", ".join(made) or "NULL"


def refers_to(table: str, column: str) -> str:
    """Whose number a column holds (a key of ``NUMBERS``); empty for others."""
    targets = {
        "reps.rep_id": "reps",
        "customers.customer_id": "customers",
        "opportunities.opportunity_id": "deals",
        "leads.lead_id": "leads",
        "contracts.contract_id": "contracts",
    }
    spec = TABLES[table]
    found = next((c for c in spec.columns if c.name == column), None)
    if found is None:
        return ""
    return targets.get(found.refers or "", "orders" if column == "order_id" else "")
