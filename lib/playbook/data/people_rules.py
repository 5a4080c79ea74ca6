"""Warnings of rows that contradict what the table of reps says of their people."""

from __future__ import annotations

from playbook.base.language import later, say

from .rule import Rule

GIVEN_AFTER = 31  # days after leaving in which an order may still be booked for a rep
DAYS = {"orders": "date", "opportunities": "closed", "activities": "date"}
NOUNS = later({"orders": "order", "opportunities": "deal", "activities": "contact"})


def people_rules(table: str, have: set[str], given: dict[str, set[str]]) -> list[Rule]:
    """Sales and contacts before hiring or long after leaving, and circles of managers."""
    reps = given.get("reps", set())
    if table == "reps":
        return _circles(have)
    day = DAYS.get(table, "")
    if not {"rep_id", day} <= have or "rep_id" not in reps:
        return []
    won = " AND t.outcome = 'won'" if table == "opportunities" else ""
    noun, on = NOUNS[table], f'CAST(t."{day}" AS DATE)'
    rules = []
    if "hired" in reps:
        rules.append(
            Rule(
                table,
                day,
                f"EXISTS (SELECT 1 FROM book.reps r WHERE r.rep_id = t.rep_id AND {on} <"
                f" r.hired){won}",
                say(
                    "before their rep was hired: the rep is kept; where it is more than"
                    " a month, the day of hiring is left out and the rep counts as no"
                    " new hire"
                ),
                say("a {noun} on or after reps.hired", noun=say(noun)),
                say("correct hired, or give the rep of that day: exports often show today's owner"),
                "warning",
                (day, "rep_id"),
                noun,
            )
        )
    if "left" in reps:
        rules.append(
            Rule(
                table,
                day,
                f"EXISTS (SELECT 1 FROM book.reps r WHERE r.rep_id = t.rep_id AND {on} >"
                f' r."left" + {GIVEN_AFTER}){won}',
                say("more than a month after their rep left: kept under that name"),
                say("a {noun} on or before reps.left", noun=say(noun)),
                say("correct left, or give the rep who took over"),
                "warning",
                (day, "rep_id"),
                noun,
            )
        )
    return rules


def circle(table: str, key: str, link: str) -> str:
    """SQL for the keys from which following ``link`` comes back to the key itself."""
    return (
        f"WITH RECURSIVE up(first, node, steps) AS (SELECT {key}, {link}, 1 FROM book.{table} WHERE"
        f" {link} IS NOT NULL UNION ALL SELECT up.first, n.{link}, steps + 1 FROM up JOIN"
        f" book.{table} n ON n.{key} = up.node WHERE up.node <> up.first AND steps < 30 AND"
        f" n.{link} IS NOT NULL) SELECT first FROM up WHERE node = first"
    )


def _circles(have: set[str]) -> list[Rule]:
    names = {"manager_id": say("manager"), "mentor_id": say("mentor")}
    return [
        Rule(
            "reps",
            column,
            f"t.rep_id IN ({circle('reps', 'rep_id', column)})",
            say("in a circle: following {column} leads back to the same person", column=column),
            say("a {name} who is somebody else, up to one without any", name=name),
            say("leave {column} empty for the person at the top", column=column),
            "warning",
            (column,),
            "person",
        )
        for column, name in names.items()
        if {"rep_id", column} <= have
    ]
