"""Rules of tables that say who had what, who shares what, and what was paid."""

from __future__ import annotations

from playbook.base.language import say

from .rule import Rule

UNEVEN = 0.001001  # three thirds written as 0.333 are a whole


def span_rules(table: str, have: set[str], given: dict[str, set[str]]) -> list[Rule]:
    """Overlapping owners, shares that do not add up to one, payments of unknown orders."""
    if table == "assignments" and {"subject", "subject_id", "role", "value"} <= have:
        return _overlaps(have)
    if table == "deal_splits" and {"share", "rep_id"} <= have:
        return _shares(have)
    if table == "payments" and "order_id" in have and "order_id" in given.get("orders", set()):
        return [
            Rule(
                "payments",
                "order_id",
                "order_id IS NOT NULL AND order_id NOT IN (SELECT order_id FROM book.orders WHERE"
                " order_id IS NOT NULL)",
                say("whose order is not in orders: kept, paid for nothing known"),
                say("every order_id in orders"),
                say("add the orders, or look for blanks and leading zeros"),
                "warning",
                ("order_id", "amount"),
                "payment",
            )
        ]
    return []


def _overlaps(have: set[str]) -> list[Rule]:
    day = {
        "from": "coalesce({}.\"from\", DATE '0001-01-01')"
        if "from" in have
        else "DATE '0001-01-01'",
        "to": "coalesce({}.\"to\", DATE '9999-12-31')" if "to" in have else "DATE '9999-12-31'",
    }
    first, last = (day[name].format("t") for name in ("from", "to"))
    other_first, other_last = (day[name].format("o") for name in ("from", "to"))
    return [
        Rule(
            "assignments",
            "value",
            "role <> 'overlay' AND EXISTS (SELECT 1 FROM book.assignments o WHERE o.subject ="
            " t.subject AND o.subject_id = t.subject_id AND o.role = t.role AND o.value <> t.value"
            f" AND {other_first} <= {last} AND {other_last} >= {first})",
            say("at the same time as another of the same role: the one that began later counts"),
            say("one owner, team, manager, region or role on each day"),
            say("end the earlier one the day before the next begins"),
            "warning",
            ("subject_id", "role", "value"),
            "assignment",
        )
    ]


def _shares(have: set[str]) -> list[Rule]:
    kind = "coalesce({}.kind, 'split')" if "kind" in have else "'split'"
    keys = [key for key in ("opportunity_id", "order_id") if key in have]
    same = " AND ".join(f"o.{key} IS NOT DISTINCT FROM t.{key}" for key in keys) or "TRUE"
    none = " AND ".join(f"{key} IS NULL" for key in keys) or "TRUE"
    rules = [
        Rule(
            "deal_splits",
            keys[0] if keys else None,
            none,
            say("that name neither deal nor order"),
            say("opportunity_id or order_id in every row"),
            say("fill one of them"),
            show=("rep_id", "share"),
        )
    ]
    if keys:
        total = (
            f"(SELECT sum(o.share) FROM book.deal_splits o WHERE {same} AND {kind.format('o')} ="
            " 'split')"
        )
        rules.append(
            Rule(
                "deal_splits",
                "share",
                f"{kind.format('t')} = 'split' AND abs({total} - 1) > {UNEVEN}",
                say("of deals whose shares do not add up to 1"),
                say("shares of one deal that make up the whole; what comes on top is an overlay"),
                say("correct the shares, or kind = overlay"),
                show=(*keys, "rep_id", "share"),
            )
        )
    return rules
