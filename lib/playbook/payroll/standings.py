"""Where each rep stands at the end of the month, and how each line of the month comes about: what a
statement prints beside the pay.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from playbook.base.formats import is_missing
from playbook.base.periods import Window
from playbook.incentives.plans.standing import standing
from playbook.incentives.plans.statement_lines import statement_lines, typical_deal

from .earned import KEY, Earned

SHOWN = ("total", "quota", "band_rate", "edge", "to_next", "next_deal")


def standings(made: Earned, reps: list[str]) -> dict[str, dict[str, str]]:
    """Rep id → total, quota, band_rate, edge, to_next and next_deal of the running period, and the
    typical ``deal``, as exact texts; what is not known is left out.
    """
    if not reps:
        return {}
    deal = typical_deal(made.past.orders, made.book.window("trailing_12m"))
    rows = standing(reps, made.made.payroll, made.past, deal)
    return {
        row["rep_id"]: {
            "deal": f"{deal:f}",
            **{key: f"{row[key]:f}" for key in SHOWN if not is_missing(row.get(key))},
        }
        for row in rows.to_dict("records")
    }


def line_texts(made: Earned) -> Earned:
    """The same with ``why`` of the month's lines filled: amounts, rates, and what bound them."""
    month = made.month
    window = Window("month", month.start, month.end)
    rows = statement_lines(made.past, made.made, made.plan, window)
    if not len(rows):
        return made
    keys = pd.DataFrame(
        {
            **{
                column: rows[column].where(rows[column].notna(), "").astype(str)
                for column in KEY
                if column in rows and column != "date"
            },
            "date": rows["date"].dt.strftime("%Y-%m-%d"),
            "adjustment_id": "",
        }
    )[KEY]
    texts: dict[tuple, list[str]] = {}
    for key, how in zip(keys.itertuples(index=False, name=None), rows["how"], strict=True):
        said = texts.setdefault(key, [])
        if how and how not in said:
            said.append(how)
    why = [
        " · ".join(texts.get(key, [])) or old
        for key, old in zip(
            made.lines[KEY].itertuples(index=False, name=None), made.lines["why"], strict=True
        )
    ]
    return replace(made, lines=made.lines.assign(why=why))
