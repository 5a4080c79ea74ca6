"""Sentences of the plan document, with places for the plan's own numbers."""

from __future__ import annotations

from playbook.base.language import later, say, speaking

from .rule_words import RULE_WORDS

PLAN_WORDS: dict[str, str] = later(
    {
        "title": "Commission plan “{name}”",
        "who": "For",
        "everybody": "everybody who sells",
        "roles": "roles {names}",
        "teams": "teams {names}",
        "in_force": "In force",
        "from": "from {starts}",
        "from_to": "{starts} to {ends}",
        "settled": "Adds up over",
        "each_deal": "each deal alone",
        "each_month": "the month",
        "each_quarter": "the quarter",
        "each_year": "the fiscal year",
        "deal": "deal",
        "month": "month",
        "quarter": "quarter",
        "year": "fiscal year",
        "pays_on": "Counts",
        "bookings": "booked orders, on the day of the order",
        "cash": "amounts paid, on the day of payment",
        "replaces": "In place of",
        "nothing_before": "no earlier plan",
        "version": "Version",
        "contact": "Contact",
        "currency": "Currency",
        "only_compared": "comparison only, never in force",
        # tiers
        "tiers": "What is paid",
        "band": "Sales of the {period}",
        "band_deal": "Amount of the deal",
        "rate": "Rate",
        "pay_there": "Pay at its end",
        "up_to": "to {upper}",
        "between": "more than {lower}, to {upper}",
        "above": "more than {lower}",
        "of_quota": "{share} of the quota",
        "pays_band": "{money} for the band, evenly",
        "reaches_back": "{rate}, on everything below too",
        "marginal": (
            "Each band is paid at its own rate; an amount exactly on an edge belongs to the band"
            " below."
        ),
        "whole": (
            "The rate of the band reached is paid on the whole amount; an amount exactly on an edge"
            " belongs to the band below."
        ),
        "curve": "Pay by sales of the {period}",
        "curve_deal": "Pay by amount of the deal",
        "assumed": "drawn for a quota of {quota}",
        "assumed_margin": "at a margin of {margin}",
        "assumed_measures": "other measures as far along as revenue",
        # examples
        "examples": "Examples, computed by the program that pays",
        "example": "Example",
        "sold": "Sold",
        "earned": "Paid",
        "how": "How",
        "below": "Below",
        "at": "On it",
        "over": "Above",
        "refund": "Above, then the last order refunded",
        "hire": "On it, hired {day}",
        "several": "{amount} in {n} orders",
        "refunded": "{amount}, of it {back} refunded",
        # the quota
        "quota": "Pay for the quota",
        "target_pay": "Full attainment pays {pay} a {period}; {levels}, {between}.",
        "target_only": "Full attainment pays {pay} a {period}.",
        "level": "{at} pays {pay}",
        "stepped": "held until the next level",
        "interpolated": "rising evenly between",
        "beyond": "Beyond the last level every part of the quota adds {above} times its share.",
        "measure": "{name} ({of}) counts for {weight}{quota}{gate}{levels}.",
        "measure_quota": ", quota {quota}",
        "measure_levels": ": {levels}",
        "measure_gate": ", and pays only once {measure} has reached {at}",
        "revenue": "revenue",
        "gross_margin": "gross margin",
        "new_logos": "new customers",
        "multi_year": "multi-year orders",
        "units": "units",
        "matrix_title": "Pay by {rows} and {columns}",
        "matrix_from": "from {at}",
        "matrix": (
            "Pay follows from both {rows} and {columns}, by the table above; below its first row or"
            " column nothing is paid."
        ),
        "quota_is": "The quota of a {period} is {quota}.",
        "quota_given": "The quota of a {period} is set for each person by name in the targets.",
        "quota_own": "Quotas by name: {names}.",
        "quota_from": "From {starts} the quota is {quota}{who}; parts of a period count by days.",
        "relief": "{rep}: {share} of the quota is let off from {starts} to {ends} ({reason}).",
        "ramp": "New hires: {shares} of the quota in the first months, then all of it; {first}.",
        "ramp_month": "the month of hiring counts whole",
        "ramp_days": "the month of hiring counts by days",
    },
    context="plan document",
)


PLAIN = {"reps": "{names}", "matrix_head": "{rows} \\ {columns}", "rule_rate": "{rate}"}


def plan_words(language: str) -> dict[str, str]:
    """Key → sentence in the language."""
    with speaking(language):
        texts = {**PLAN_WORDS, **RULE_WORDS}
        return PLAIN | {key: say(text, context="plan document") for key, text in texts.items()}
