"""Names of metrics, windows, dimensions and parts of the company, as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.formats import joined
from playbook.base.language import Said, language, later, say

YEAR = re.compile("[0-9]{4}")
LEFT = " (has left)"  # after the name of an owner who has
WINDOW_NAMES = later(
    {
        "month": "Month",
        "quarter_to_date": "Quarter to date",
        "year_to_date": "Fiscal year to date",
        "trailing_12m": "Trailing 12 months",
        "all": "All data",
    },
    context="window",
)
KINDS = later(
    (
        "company",
        "team",
        "person",
        "region",
        "product line",
        "customer type",
        "channel",
        "rep",
        "industry",
        "customer",
        "sku",
    )
)
DIMENSIONS = later(
    (
        "Company",
        "Team",
        "Region",
        "Product line",
        "Customer type",
        "Channel",
        "Rep",
        "Industry",
        "Customer",
    )
)
METRICS = later(
    (
        "Sales",
        "Orders",
        "New customers",
        "Deals created",
        "Deals won",
        "Deals lost",
        "Won amount",
        "Channel leads",
        "Channel cost",
        "Repurchase rate",
        "Win rate (won ÷ decided)",
        "Win rate (won ÷ created)",
        "Days to a win",
        "Days to a loss",
        "Match rate",
        "Objection rate",
        "Renewal rate",
        "Attrition rate",
        "Retention",
        "Churn rate",
    )
)
OWN_NAMES = {  # metrics whose name in the vocabulary is no name for a page
    "win_rate.narrow": METRICS[10],
    "win_rate.broad": METRICS[11],
    "cycle.won_median_days": METRICS[12],
    "cycle.lost_median_days": METRICS[13],
}
STATUSES = later(("green", "amber", "red", "not measured", "no target", "not due yet"))


def window_name(window: str) -> str:
    """What a window is called: ``year_to_date`` → ``Fiscal year to date``."""
    return say(WINDOW_NAMES[window], context="window")


def named(row: dict[str, Any], shorter: Mapping[str, str] | None = None) -> str:
    """A row's part of the company with its kind: ``region East``; the company and people by name.

    shorter: kind → shorter word, for a narrow column of a table.
    """
    kind = row["kind"]
    if kind in ("", "rep", "company"):
        return part_label(row)
    if shorter and kind in shorter:
        return say("{kind} {label}", kind=say(shorter[kind], context="kind"), label=row["label"])
    return say("{kind} {label}", kind=kind_label(kind), label=row["label"])


def part_label(row: Mapping[str, Any]) -> str:
    """A row's part of the company by name; ``Company`` where it is the whole."""
    return say("Company") if row["label"] == "Company" else row["label"]


def kind_label(kind: str) -> str:
    """What kind of part it is; a kind that only the data know stays as it is."""
    return joined((say(one) if one in KINDS else one for one in kind.split(" · ")), " · ")


def metric_label(metric: str) -> str:
    """What a metric is called: ``new_customers`` → ``New customers``.

    >>> metric_label("new_customers"), metric_label("cycle.won_median_days")
    ('New customers', 'Days to a win')
    """
    plain = metric.replace(".", " ").replace("_", " ").capitalize()
    return say(OWN_NAMES.get(metric, plain))


def metric_as(metric: str, text: str) -> str:
    """``text`` for a metric in English; in another language what the metric is called there."""
    return text if language() == "en" else Said(metric_label(metric), text)


def line_name(line: str) -> str:
    """The name of one of the three lines of a year's sales: base, sprint, breakthrough."""
    return say(line, context="line")


def owner_label(owner: str) -> str:
    """An owner's name, with what is known of one who has left."""
    return say("{name} (has left)", name=owner.removesuffix(LEFT)) if has_left(owner) else owner


def has_left(owner: str) -> bool:
    """Whether the owner of a target has left."""
    return owner.endswith(LEFT)


def period_name(label: str) -> str:
    """A target's period as a page names it: ``2023``, ``2023-Q3``; a year with its word."""
    return say("{year}", context="year", year=label) if YEAR.fullmatch(label) else label


def is_person(members: Sequence[tuple[str, str]]) -> bool:
    """Whether a target is for one salesperson."""
    return any(key == "rep" for key, _ in members)


def dimension_label(dimension: str) -> str:
    """``product_line`` → ``Product line``; a name in capitals of its own stays as it is.

    >>> dimension_label("product_line"), dimension_label("kind"), dimension_label("SKU")
    ('Product line', 'Kind of business', 'SKU')
    """
    if dimension == "kind":
        return say("Kind of business")
    text = dimension.replace("_", " ")
    label = text if text != text.lower() else text[:1].upper() + text[1:]
    return say(label) if label in DIMENSIONS else label
