"""Names of metrics, windows, dimensions and parts of the company, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.language import later, say

WINDOW_NAMES = {
    "month": "Month",
    "quarter_to_date": later("Quarter to date"),
    "year_to_date": later("Fiscal year to date"),
    "trailing_12m": later("Trailing 12 months"),
    "all": later("All data"),
}


def named(row: dict[str, Any], shorter: Mapping[str, str] | None = None) -> str:
    """A row's part of the company with its kind: ``region East``; the company and people by name.

    shorter: kind → shorter word, for a narrow column of a table.
    """
    kind = (shorter or {}).get(row["kind"], row["kind"])
    return row["label"] if kind in ("", "rep", "company") else f"{kind} {row['label']}"


def metric_label(metric: str) -> str:
    """``new_customers`` → ``New customers``."""
    return metric.replace(".", " ").replace("_", " ").capitalize()


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
    return text if text != text.lower() else text[:1].upper() + text[1:]
