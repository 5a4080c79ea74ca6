"""The chapter's movable cells: what figures imply, tried with other figures."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats
from playbook.page import Col, Table, table
from playbook.page.widgets import Slider, explore

from .identities import VALUE, Identities, parts_growth

STEPS = (-0.10, -0.05, 0.0, 0.05, 0.10)


def implied_table(fmt: Formats, growth: float, before: float, after: float) -> Table:
    """What a growth and two shares imply, and how that moves with the share after."""
    shares = [after + step for step in STEPS if 0 < after + step < 1]
    rows = [
        {
            "after": share,
            "returning": parts_growth(growth, before, share)[0],
            "new": parts_growth(growth, before, share)[1],
        }
        for share in shares
    ]
    columns = [
        Col("after", "share", "Returning share after"),
        Col("returning", "share", "Sales to returning customers", sign=True),
        Col("new", "share", "Sales to new customers", sign=True),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=(
            f"Growth of {fmt.share(growth)} with a returning share of {fmt.share(before)} before"
            " means …"
        ),
        note="change on the period before, by identity; no data used",
    )


def try_identity(result: Identities) -> None:
    """Sliders for growth and shares; in batch the table at the published figures."""
    fmt = result.fmt
    g, b, a = VALUE["growth.after"], VALUE["returning.before"], VALUE["returning.after"]
    explore(
        lambda growth, before, after: implied_table(fmt, growth, before, after),
        {
            "growth": Slider("Growth of sales", -0.5, 1.0, 0.01, g),
            "before": Slider("Returning share before", 0.05, 0.95, 0.01, b),
            "after": Slider("Returning share after", 0.05, 0.95, 0.01, a),
        },
        static=implied_table(fmt, g, b, a),
        missing=result,
    )
