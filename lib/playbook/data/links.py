"""Links between rows that cannot be meant: left out and said, so that nothing counts by them."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import later, say

from .examples import examples
from .people_rules import circle
from .staged import Staged

_OTHER = "EXISTS (SELECT 1 FROM book.contracts n WHERE n.contract_id = t.renewed_by AND {})"
FALSE_RENEWALS = (
    (later("renewed by themselves"), "t.renewed_by = t.contract_id"),
    (
        later("renewing each other in a circle"),
        f"t.contract_id IN ({circle('contracts', 'contract_id', 'renewed_by')})",
    ),
    (
        later("renewed by a contract of another customer"),
        _OTHER.format("n.customer_id <> t.customer_id"),
    ),
    (
        later("renewed by a contract that begins before they do"),
        _OTHER.format('n."start" < t."start"'),
    ),
)


def drop_false_renewals(
    connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]
) -> list[Problem]:
    """Empty ``renewed_by`` where it names the contract itself, runs in a circle, or names another
    customer's or an earlier contract; a warning for each kind. Tables read in place are only read.
    """
    if staged.table.name != "contracts" or "renewed_by" not in have or staged.lazy:
        return []
    if not {"contract_id", "customer_id", "start"} <= have:
        return []
    problems, done = [], "FALSE"
    for words, condition in FALSE_RENEWALS:
        new = f"t.renewed_by IS NOT NULL AND ({condition}) AND NOT ({done})"
        count, rows = examples(connection, staged, "book.contracts t", new, ["renewed_by"])
        if count:
            done = f"{done} OR ({condition})"
            problems.append(
                Problem(
                    say(
                        "{contracts} {words}: the link is left out",
                        contracts=plural(count, "contract"),
                        words=say(words),
                    ),
                    say("the later contract of the same customer"),
                    say("correct renewed_by, or leave it empty"),
                    "warning",
                    "contracts",
                    "renewed_by",
                    staged.label,
                    count,
                    rows,
                )
            )
    if problems:
        connection.execute(
            "UPDATE book.contracts SET renewed_by = NULL WHERE contract_id IN (SELECT"
            f" t.contract_id FROM book.contracts t WHERE t.renewed_by IS NOT NULL AND ({done}))"
        )
    return problems
