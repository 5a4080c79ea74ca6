"""The numbers of a window of sales for results.json."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.page.kpi import Kpi


def window_kpis(row: dict[str, Any], currency: str, short: tuple[str, ...]) -> list[Kpi]:
    """Sales, orders, new customers and, of a window with a start, growth and repurchase rate."""
    window, n = row["window"], int(row["lines"])
    growth = None if is_missing(row["growth"]) else row["growth"]
    again = None if not row["customers"] else row["returning"] / row["customers"]
    found = [
        Kpi("sales", window, row["sales"], currency, n=n),
        Kpi("orders", window, int(row["orders"]), "count", n=n),
        Kpi(
            "new_customers",
            window,
            int(row["new_customers"]),
            "count",
            n=n,
            method="less than a year of data before" if window in short else None,
        ),
    ]
    if window != "all":
        found += [
            Kpi(
                "sales.yoy",
                window,
                growth,
                "share",
                n=n,
                numerator=row["sales"],
                denominator=row["base"],
                why=row["why"] or None,
            ),
            Kpi(
                "repurchase_rate",
                window,
                again,
                "share",
                numerator=row["returning"],
                denominator=row["customers"],
                n=int(row["customers"]),
                why=say("no buyers in this window"),
            ),
        ]
    return found
