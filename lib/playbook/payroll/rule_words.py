"""Sentences of a plan's rules."""

from __future__ import annotations

from playbook.base.language import later

RULE_WORDS: dict[str, str] = later(
    {
        "rules": "Rules",
        "refunds": "Refunds and cancellations",
        "recompute": (
            "A refund or cancellation takes back what the sale's own {period} pays without it;"
            " never"
            " more than was paid."
        ),
        "original_rate": (
            "A refund takes back pay at the rate that the sale was paid at; never more than was"
            " paid."
        ),
        "by_time": (
            "A refund takes back pay for the part of the contract's {by} that was not served."
        ),
        "months": "months",
        "days": "days",
        "window": "Nothing is taken back later than {days} days after the sale.",
        "no_window": "There is no end to this.",
        "leaving": "Leaving",
        "leaving_none": (
            "Orders after the last day pay nothing; what was ordered before it is paid."
        ),
        "leaving_within_days": "Orders within {days} days after the last day pay {share}.",
        "leaving_booked": "Orders after the last day that are credited to the person pay {share}.",
        "caps": "Caps and guarantees",
        "cap": "A {period} pays at most {cap} for sales and quota.",
        "cap_year": "A fiscal year pays at most {cap}.",
        "excess_lost": "What is above it is lost.",
        "excess_later": "What is above it is paid in later periods.",
        "no_cap": "There is no cap.",
        "deal_cap": "One deal pays at most {cap}.",
        "deal_floor": "One deal pays at least {floor}.",
        "floor": "A {period} pays at least {floor}; part of a period by days.",
        "draw": "In {months} at least {monthly} is paid out ({kind}).",
        "draw_always": "every month",
        "draw_months": "the first {n} months",
        "draw_kept": "not paid back",
        "draw_owed": "later pay makes up for it",
        "draw_top": "on top of what is earned",
        "draw_recovery": (
            "It is taken back from month {first} on, with {share} of the pay above it{most}; what a"
            " leaver still owes is {exit}."
        ),
        "draw_most": ", at most {most} a month",
        "draw_exit_owed": "owed",
        "draw_exit_written_off": "written off",
        "threshold": "Below {share} of the quota the bands pay nothing; above it {first}.",
        "threshold_first": "they pay from the first unit",
        "threshold_excess": "they pay only what is above",
        "gate": "The bands pay only once {measure} has reached {at} of its quota.",
        "modifier": "The bands' pay is multiplied by the {period}'s margin: {steps}.",
        "modifier_step": "from {at} × {times}",
        "rule": "{name}: {what}{when}: {effect}{counts}.",
        "rule_any": "every order",
        "rule_times": "the band's rate × {times}",
        "rule_points": "the band's rate {points} points",
        "rule_apart": ", and the amount does not move the bands",
        "rule_from": ", from {starts}",
        "rule_to": ", to {ends}",
        "rule_months": "orders for {n} months or more",
        "rule_least": "of {amount} or more",
        "credit": "Credit",
        "splits": "An order's credit is shared: {shares}.",
        "split_order": "{share} to the order's owner",
        "split_deal": "{share} to the deal's owner",
        "split_customer": "{share} to the customer's owner",
        "split_lead": "{share} to the lead's owner",
        "credit_rep": "An order is credited to the rep on it.",
        "manager": "Managers earn {rates} of the credit of those who report to them on the day.",
        "booking_share": (
            "{share} of an order's pay is due at booking, the rest as the customer pays."
        ),
        "negative": "Debts",
        "negative_deduct": "A month below nothing is deducted.",
        "negative_carry": (
            "A month below nothing pays nothing; later pay makes up for it, at most {share} of a"
            " month."
        ),
        "negative_instalments": (
            "A month below nothing pays nothing and is made up for in {n} equal parts, at most"
            " {share}"
            " of a month."
        ),
        "awards": "Awards",
        "award": "{name}: {amount} to {to}{limits}.",
        "award_each": ", at most {most} a person",
        "award_all": ", at most {most} in all",
        "currency_rate": "Orders in another currency count at the rate of {whose}.",
        "currency_plan": "the plan's first month",
        "currency_close": "the order's month",
        "currency_payment": "the payment's month",
        "change": "Changes",
        "changes_forward": (
            "Changes hold from their first day on and never for what was ordered before."
        ),
        "change_prorate": (
            "Inside a {period}, bands, quota, caps and the pay for the quota are shortened to the"
            " days in force."
        ),
        "change_months": (
            "Inside a {period}, bands, quota, caps and the pay for the quota are shortened to the"
            " months in force."
        ),
        "change_whole": (
            "Inside a {period}, bands, quota, caps and the pay for the quota hold in full."
        ),
        "change_carry": "Inside a {period} the total reached before is carried on.",
        "rounding": "Rounding",
        "rounding_is": (
            "Pay is worked out exactly and rounded half-even to the smallest coin; lines add"
            " up to the"
            " pay."
        ),
        "statements": "Statements",
        "statements_are": (
            "Every month each person gets a statement with every line; a line may be disputed"
            " within"
            " {days} days, and not objecting is no consent. Questions: {contact}."
        ),
        "payroll_office": "the payroll office",
        "legal": (
            "For review by counsel before signing: local law may set limits on deductions, on"
            " pay after"
            " leaving and on targets given late."
        ),
        "company": "For the company, date",
        "manager_sign": "Manager, date",
        "rep_sign": "Employee, date",
        "page": "page {x} of {y}",
        "to_rep": "the rep",
        "to_customer_owner": "the customer's owner",
        "to_lead_owner": "the lead's owner",
        "to_mentor": "the mentor",
        "kind_new": "new orders",
        "kind_repurchase": "repurchases",
        "kind_upgrade": "upgrades",
        "kind_renewal": "renewals",
    },
    context="plan document",
)
