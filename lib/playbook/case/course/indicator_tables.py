"""The tables of a company's indicators: two quarters side by side, and every period in a row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.case.alignment import aligned
from playbook.page import Col, Table, table

from .catalogue import INDICATORS, RATES


def before_after(
    changes: pd.DataFrame, fmt: Formats, measures_from: date | None, as_of: date
) -> Table | None:
    """The quarter compared with and the last one, a row an indicator; None without any."""
    if changes.empty:
        return None
    shown = changes.assign(
        before_text=[_cell(r, "before", fmt) for r in changes.to_dict("records")],
        after_text=[_cell(r, "after", fmt) for r in changes.to_dict("records")],
        change_text=[fmt.text(r.change, r.change_unit, sign=True) for r in changes.itertuples()],
    )
    columns = [
        Col("label", "term", "Indicator", weight=1.6),
        Col("before", label="Quarter"),
        Col("before_text", label="Value"),
        Col("after", label="Quarter"),
        Col("after_text", label="Value"),
        Col("change_text", label="Change"),
        Col(
            "way",
            "term",
            "That is",
            tone=lambda r: {"better": "good", "worse": "bad"}.get(r["way"], "muted"),
        ),
    ]
    start = (
        say("measures from {measures_from}", measures_from=fmt.text(measures_from, "date"))
        if measures_from
        else (
            say(
                "no measures dated; the base is the quarter a year before, for rates"
                " and days the quarter before where there is none"
            )
        )
    )
    return aligned(
        table(
            shown,
            columns,
            fmt,
            title=say("Before and after"),
            note=(
                say(
                    "{start} · calendar quarters that are over · shares with counts · as"
                    " of {as_of}",
                    start=start,
                    as_of=fmt.text(as_of, "date"),
                )
            ),
        ),
        "lrlrrl",
    )


def _cell(row: dict[str, Any], side: str, fmt: Formats) -> str:
    text = fmt.text(row[f"value_{side}"], row["unit"], compact=row["unit"] == "money")
    k, n = row[f"k_{side}"], row[f"n_{side}"]
    return (
        say("{text} ({k} of {n})", text=text, k=fmt.count(k), n=fmt.count(n))
        if row["indicator"] in RATES and pd.notna(n)
        else text
    )


def by_period(
    frame: pd.DataFrame, most: int, title: str, fmt: Formats, currency: str, as_of: date
) -> Table | None:
    """One row an indicator, one column each of the last ``most`` periods; None without a value."""
    frame = frame[frame.value.notna()]
    if frame.empty:
        return None
    periods = sorted(frame.period.unique())[-most:]
    wide = frame.pivot(index="indicator", columns="period", values="value").reindex(columns=periods)
    rows = [
        {
            "label": i.label,
            **{
                p: fmt.text(
                    wide.at[i.key, p],
                    i.unit,
                    compact=i.unit == "money",
                    decimals=0 if i.unit == "share" else None,
                )
                for p in periods
            },
        }
        for i in INDICATORS
        if i.key in wide.index
    ]
    columns = [
        Col("label", "term", "Indicator", weight=2),
        *(Col(p, label=p[2:]) for p in periods),
    ]
    return aligned(
        table(
            pd.DataFrame(rows),
            columns,
            fmt,
            title=title,
            note=(
                say(
                    "money in {currency}; – where there is nothing to count or no year"
                    " before · as of {as_of}",
                    currency=currency,
                    as_of=fmt.text(as_of, "date"),
                )
            ),
        ),
        "r" * len(periods),
    )
