"""Names of what is paid, as statements say them. Ledgers and numbers keep the English name."""

from __future__ import annotations

from playbook.base.language import later, say

ITEMS = later(
    (
        "commission",
        "refund",
        "clawback",
        "refund beyond the sale",
        "attainment",
        "adjustment",
        "manager",
        "guarantee",
        "guarantee kept",
        "draw",
        "draw recovered",
        "draw written off",
        "held until paid",
        "released by payment",
        "cap held",
        "cap released",
        "negative carried",
        "carried taken back",
        "kinds of fewer than five people",
        "other",
    ),
    context="pay",
)
MEASURE = "attainment: "  # before the name of the measure


def item_said(item: str) -> str:
    """An item of pay in the language spoken; the plan's own names (rules, awards, measures) stay.

    >>> item_said("attainment: margin"), item_said("Summer award")
    ('attainment: margin', 'Summer award')
    """
    if item in ITEMS:
        return say(item, context="pay")
    if item.startswith(MEASURE):
        return say("attainment: {measure}", measure=item.removeprefix(MEASURE))
    return item
