"""The sample's README.md: what its tables are, what is planted in them, and the published figures
they give. Every number is taken from the tables and the parameters.
"""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats
from playbook.data.tables import TABLES

from .days import END, START
from .parameters import Company
from .writing import cell

DAYS = {
    "orders": "date",
    "opportunities": "created",
    "stage_events": "entered_at",
    "leads": "created",
    "activities": "date",
    "customers": "since",
    "contracts": "start",
}
MONEY = {
    "orders": "amount",
    "opportunities": "amount",
    "contracts": "annual_value",
    "channel_costs": "cost",
    "awards": "amount",
    "leads": "budget",
}
TRUTHS = (
    (
        "From {weak} on, deals of region North with product line Integration, from leads and with"
        " customers, pass from intent to negotiation {factor} times as often as others; no measure"
        " touches this. {share} of North's leads are for Integration."
    ),
    (
        "General trade fair and Bought list bring leads that rarely match a need ({fair} and {list}"
        " of them); their share of leads grows in the crisis and both end on {funnel}."
    ),
    (
        "In the crisis ({crisis} on, full from {full}) the step from intent to negotiation weakens,"
        " objections rise, and renewals fall, most among large customers."
    ),
    (
        "The measures of {funnel} take hold over six weeks: matching, objections, days in stage,"
        " renewals, expansions, and what newcomers win."
    ),
    (
        "After the measures more deals are won but first contracts are smaller: new customers'"
        " revenue falls while returning customers' grows."
    ),
    (
        "A win due in the first week of a quarter is sometimes pulled into the last days of the one"
        " before, with a higher discount; one deal in seven gets more discount than the ladder"
        " allows."
    ),
    (
        "Three of the strongest sellers leave in the crisis, one after it. Sellers win less often"
        " in their first half year; the enablement measure takes most of that handicap away."
    ),
    (
        "Customers of every value tier ask for things (activities of kind request); most answers"
        " come within the hours of their tier, about one in seven late, a few never."
    ),
    (
        "Of the two sellers' own key results one has had no check-in for three weeks, the other's"
        " confidence falls."
    ),
    (
        "The pilot named in playbook.toml did nothing: its two teams were treated as all the"
        " others. A method that finds an effect there is wrong."
    ),
)


FITTED = (
    (
        "It is one draw, and a chosen one: rates ({rates}) were set until the mean of many draws"
        " came near the published figures."
    ),
    (
        "Sales of each quarter are then brought to the story by a factor on the size of first"
        " contracts ({first}) and on that of expansions ({grown}), one per quarter."
    ),
    (
        "Small counts (who leaves, whose first deal comes early, which large customer renews) were"
        " not fitted but picked: of the streams of random numbers those were taken in which the"
        " counts of the story come out (people {people}, customers {customers}), and for the step"
        " to negotiation one in which no group stands out but the planted one ({negotiation})."
    ),
    (
        "So the agreement with the published figures below proves nothing about the story: the"
        " company was made to agree. Other seeds give companies with the same measures that differ"
        " from it by chance; chapter 5 shows by how much."
    ),
)


def fitted(c: Company) -> list[str]:
    """How the one draw of the sample came about, from its parameters."""
    spans = {
        name: f"{cell(min(values))} to {cell(max(values))}"
        for name, values in (("first", c.first_index), ("grown", c.expansion_index))
    }
    rates = "matching, objections, winning, renewal, days in stage"
    return [
        line.format(
            rates=rates,
            people=c.people_draw,
            customers=c.customers_draw,
            negotiation=c.negotiation_draw,
            **spans,
        )
        for line in FITTED
    ]


def readme(c: Company, tables: dict[str, pd.DataFrame], figures: pd.DataFrame) -> str:
    """What the sample is, from its own tables and parameters. figures: ``table`` of
    ``case.claims``.
    """
    lines = [
        "# The sample company",
        "",
        (
            f"A simulated company that sells software to enterprises, {START} to {END}; money in"
            " CNY. Nothing here is about a real company or person: names, phones and addresses are"
            " made up. Written by `make sample` (`playbook.simulator.company.write_sample`), byte"
            " for byte the same from the seed and parameters in"
            f" `lib/playbook/simulator/parameters.py` (seed {c.seed}). Do not edit by hand."
        ),
        "",
        "## Tables",
        "",
        "| table | one row per | rows | first day | last day | total |",
        "|---|---|---:|---|---|---:|",
    ]
    lines += [_table_line(name, tables[name]) for name in TABLES if name in tables]
    lines += [
        "",
        "The total is the sum of "
        + ", ".join(f"`{t}.{m}`" for t, m in MONEY.items())
        + ", in CNY.",
        "",
        "## How the tables hang together",
        "",
        *_RULES,
        "",
        "## Planted truths",
        "",
        *[f"- {truth}" for truth in truths(c)],
        "",
        "## How this draw was fitted",
        "",
        *[f"- {line}" for line in fitted(c)],
        "",
        "## Published figures",
        "",
        *_figure_lines(figures),
    ]
    return "\n".join(lines) + "\n"


def _figure_lines(figures: pd.DataFrame) -> list[str]:
    """The published figures beside those recomputed from the tables."""
    fmt = Formats("CNY")
    share = int((figures.verdict == "match").sum())
    lines = [
        (
            f"{share} of {len(figures)} published figures of the case come out within the rounding"
            " of the text when the chapter's functions run on these tables."
        ),
        "",
        "| figure | read as | stated | recomputed | verdict |",
        "|---|---|---:|---:|---|",
    ]
    for r in figures.itertuples():
        lines.append(
            f"| {r.claim} | {r.period} |"
            f" {'below ' if r.below else ''}{fmt.text(r.published, r.unit, decimals=0)} |"
            f" {fmt.text(r.recomputed, r.unit)} | {r.verdict} |"
        )
    return lines


_RULES = [
    (
        "- Every won deal has one order with the same number, day and amount; renewals are orders"
        " without a deal. A refund repeats the order's number with a negative amount."
    ),
    (
        "- Every lead became a deal in stage `lead` on the day it came; expansions have no lead and"
        " channel `Existing customers`. Deals of the last quarter of 2020 still open on the first"
        " day are taken over."
    ),
    (
        "- `kind = new` is a customer's first order. Customers with `since` before the first day"
        " have renewals, no first order here."
    ),
    (
        "- A contract is renewed at or before its end, by the contract named, which starts the day"
        " after."
    ),
    (
        "- A lead of channel Referral is held by the person of customer success who brought it in,"
        " its deal and order by a seller. People of customer success have no deals of their own."
    ),
    (
        "- Targets of regions, product lines, customer types and (by quarter) reps add up to the"
        " company's, to the cent."
    ),
]


def _table_line(name: str, frame: pd.DataFrame) -> str:
    day, money = DAYS.get(name), MONEY.get(name)
    days = sorted(str(v)[:10] for v in frame[day] if cell(v)) if day else []
    total = f"{sum(int(v) for v in frame[money] if cell(v)):,}" if money else ""
    return (
        f"| `{name}` | {TABLES[name].grain.removeprefix('one row per ')} | {len(frame):,} |"
        f" {days[0] if days else ''} | {days[-1] if days else ''} | {total} |"
    )


def truths(c: Company) -> list[str]:
    """The planted truths, with the parameters they come from."""
    from .parameters import CHANNELS, PRODUCTS, REGION_PRODUCT_SHARE

    match = {s.name: s.match for s in CHANNELS}
    names = {
        "share": (
            Formats().share(
                REGION_PRODUCT_SHARE["North"][PRODUCTS.index("Integration")], decimals=0
            )
        ),
        "weak": c.weak_step_from,
        "factor": c.weak_step_factor,
        "fair": match["General trade fair"],
        "list": match["Bought list"],
        "funnel": c.levers.funnel or "never",
        "crisis": c.crisis_from,
        "full": c.crisis_full,
    }
    return [truth.format(**names) for truth in TRUTHS]
