"""Rules of single tables: orders, deals and stage events."""

from __future__ import annotations

from playbook.base.language import say
from playbook.base.settings import Settings

from .cast import LOST
from .rule import Rule


def no_rules(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    return []


def order_rules(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    rules = (
        [
            Rule(
                "orders",
                "amount",
                "amount = 0",
                say("with an amount of zero: counted as orders, worth nothing"),
                say("an amount"),
                say('leave them out with where = "amount <> 0" if they are no orders'),
                "warning",
                ("amount",),
            )
        ]
        if "amount" in have
        else []
    )
    treated = {
        "list_amount": say("left out of the price ladder"),
        "cost": say("its gross profit exceeds its amount"),
        "paid_amount": say("counted as paid back"),
    }
    rules += [
        Rule(
            "orders",
            name,
            f"amount > 0 AND {name} < 0",
            say("with a positive amount and a negative {name}: {effect}", name=name, effect=effect),
            say("{name} of the amount's sign", name=name),
            say("correct the sign; a refund is negative in every money column"),
            "warning",
            ("amount", name),
        )
        for name, effect in treated.items()
        if {name, "amount"} <= have
    ]
    if {"kind", "amount"} <= have:
        rules.append(
            Rule(
                "orders",
                "amount",
                "kind = 'refund' AND amount > 0",
                say("of kind refund with a positive amount"),
                say("refunds as negative rows"),
                say(
                    "say which words are returns: {example} in [tables.orders.columns]",
                    example=say(
                        'amount = { column = "…", negative = { "their column" = ["Return"] } }'
                    ),
                ),
                show=("kind", "amount"),
            )
        )
    return rules


def deal_rules(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    t, won, rules = "opportunities", settings.book.stages[-1].replace("'", "''"), []
    if {"outcome", "closed"} <= have:
        rules += [
            Rule(
                t,
                "closed",
                "outcome = 'open' AND closed IS NOT NULL",
                say("open and yet with a closing day"),
                say("closed only for deals won or lost"),
                say("set the outcome, or empty closed (a planned day is expected_close)"),
                show=("outcome", "closed"),
                noun="deal",
            ),
            Rule(
                t,
                "closed",
                "outcome <> 'open' AND closed IS NULL",
                say(
                    "decided without a closing day: counted in all data, left out of"
                    " months and time measures"
                ),
                say("the day it was won or lost"),
                say("fill closed"),
                "warning",
                ("outcome", "closed"),
                "deal",
            ),
        ]
    if "created" in have:
        rules.append(
            Rule(
                t,
                "created",
                "created IS NULL",
                say("without a day of creation: counted, left out of time measures"),
                say("the day the deal was opened"),
                say("fill created where it is known"),
                "warning",
                ("created", "stage"),
                "deal",
            )
        )
    if {"outcome", "stage"} <= have:
        rules += [
            Rule(
                t,
                "stage",
                f"(outcome = 'won' AND stage = '{LOST}') OR (outcome = 'lost' AND stage = '{won}')"
                f" OR (outcome = 'open' AND stage IN ('{won}', '{LOST}'))",
                say("whose stage and outcome contradict each other"),
                say("won deals in the last stage, lost deals in another"),
                say("map stage and outcome from the same column of the source"),
                show=("stage", "outcome"),
                noun="deal",
            ),
        ]
    if {"outcome", "amount"} <= have:
        rules.append(
            Rule(
                t,
                "amount",
                "outcome = 'won' AND amount = 0",
                say("won for nothing: counted as won, worth zero"),
                say("the amount won"),
                say("fill amount"),
                "warning",
                ("amount",),
                "deal",
            )
        )
        rules.append(
            Rule(
                t,
                "amount",
                "outcome = 'won' AND amount IS NULL",
                say("won without an amount: counted as won, worth nothing"),
                say("the amount won"),
                say("fill amount"),
                "warning",
                ("amount",),
                "deal",
            )
        )
    return rules


def stage_event_rules(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    if (
        "created" not in given.get("opportunities", ())
        or not {"opportunity_id", "entered_at"} <= have
    ):
        return []
    deal = (
        "EXISTS (SELECT 1 FROM book.opportunities d WHERE d.opportunity_id = t.opportunity_id AND"
    )
    late = (
        [
            Rule(
                "stage_events",
                "entered_at",
                f"{deal} d.outcome <> 'open' AND CAST(t.entered_at AS DATE) > d.closed)",
                say("entering a stage after their deal was closed"),
                say("entered_at on or before the deal's closed"),
                say("correct the day, or the outcome of a deal that was taken up again"),
                "warning",
                ("entered_at", "stage"),
            )
        ]
        if {"closed", "outcome"} <= given["opportunities"]
        else []
    )
    return [
        *late,
        Rule(
            "stage_events",
            "entered_at",
            f"{deal} CAST(t.entered_at AS DATE) < d.created)",
            say("entering a stage before their deal was created"),
            say("entered_at on or after the deal's created"),
            say("look for swapped day and month, or a deal created afterwards"),
            "warning",
            ("entered_at", "stage"),
        ),
    ]
