"""Tables of what is handed down to regions: by month, and the proof that quotas sum to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    text,
)
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.measures.plan_curves import Curve
from playbook.methods.apportionment import from_units
from playbook.page import Col, Table, table
from playbook.page.trim import filled

from .owners import HandedDown, parent_name
from .quota_notes import weight_words
from .quota_split import bound_word

SHOWN = 15


class ParentQuotas(Frame):
    """One row per target handed down, with the sum of its people's quotas, in minor units."""

    region = text("region, or Company")
    target = count("the quarter's target")
    carried = count("target × over-assignment")
    people = count("people who carry it")
    quotas = count("sum of their quotas; equals carried")


def quotas_table(
    quotas: pd.DataFrame,
    settings: GoalSettings,
    period: str,
    before: str,
    as_of: date,
    fmt: Formats,
) -> Table:
    """Quotas of people, the largest first. quotas: ``PersonQuotas``; before: what the sales of the
    quarter to date are called.
    """
    digits = fmt.minor_digits
    frame = quotas.assign(
        target=[from_units(u, digits) for u in quotas["quota"]],
        bound=[bound_word(bound) for bound in quotas["bound"]],
    )
    frame = frame.sort_values(["quota", "rep"], ascending=[False, True], kind="stable")
    columns = [
        Col("name", label="Person"),
        Col("region"),
        Col("ramp", "share", "Ramp", decimals=0),
        Col("history", "money", "Own 12 months"),
        *([Col("pipeline", "money", "Open deals")] if quotas["pipeline"].any() else []),
        *(
            [Col("capability", "share", "Deals won", decimals=0, context="share")]
            if quotas["capability"].notna().any()
            else []
        ),
        *([Col("potential", "money", "Potential")] if quotas["potential"].notna().any() else []),
        Col("target", "money.exact", say("Quota {period}", period=period)),
        Col("last", "money", before),
        Col("bound", label="Bound"),
    ]
    total = {
        "name": say("All"),
        "target": from_units(int(quotas["quota"].sum()), digits),
        "history": float(quotas["history"].sum()),
        "pipeline": float(quotas["pipeline"].sum()),
        "last": float(quotas["last"].sum()),
    }
    return filled(
        table(
            frame,
            columns,
            fmt,
            title=say("Quotas for {period}", period=period),
            limit=SHOWN,
            total=total,
            note=(
                say(
                    "weight: {weight_words}, times ramp · all people in the worksheets ·"
                    " as of {as_of}",
                    weight_words=weight_words(quotas, settings, fmt),
                    as_of=fmt.text(as_of, "date"),
                )
            ),
        )
    )


def months_table(handed: HandedDown, curve: Curve, period: str, fmt: Formats) -> Table:
    """The quarter of each region by month, and the company's."""

    def by_month(units: np.ndarray) -> dict[str, Any]:
        found = {
            str(m): from_units(
                int(units[[Month.of(day) == m for day in handed.dates]].sum()), fmt.minor_digits
            )
            for m in curve.months
        }
        return {**found, "all": from_units(int(units.sum()), fmt.minor_digits)}

    rows = [
        {"region": parent_name(str(r)), **by_month(units.to_numpy())}
        for r, units in handed.regions.iterrows()
    ]
    columns = [
        Col("region", label="Handed down from"),
        *(Col(str(m), "money.exact", fmt.text(str(m), "month")) for m in curve.months),
        Col("all", "money.exact", say("All {period}", period=period)),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("{period} by region and month", period=period),
        total={"region": say("All"), **by_month(handed.company)} if len(rows) > 1 else None,
        note=(
            say(
                "curve: {source} · the same by week and day, for every person too,"
                " in the worksheets",
                source=curve.source,
            )
        ),
    )


def proof_table(
    parents: pd.DataFrame, handed: HandedDown, source: str, over_assignment: float, fmt: Formats
) -> Table:
    """What is handed down beside the sum of its quotas. parents: ``ParentQuotas``."""
    digits = fmt.minor_digits
    rows = parents.assign(
        **{k: [from_units(u, digits) for u in parents[k]] for k in ("target", "carried", "quotas")},
        region=[parent_name(r) for r in parents["region"]],
        off=[
            from_units(q - c, digits)
            for q, c in zip(parents["quotas"], parents["carried"], strict=True)
        ],
    )
    columns = [
        Col("region", label="Handed down from"),
        Col("target", "money.exact"),
        Col("carried", "money.exact", "With over-assignment"),
        Col("people", "count", "People"),
        Col("quotas", "money.exact", "Sum of quotas"),
        Col("off", "money.exact", "Difference"),
    ]
    made = table(
        rows,
        columns,
        fmt,
        title=say("Proof: quotas sum to what is handed down"),
        note=(
            say(
                "{source} · over-assignment {over_assignment} · on each of {dates}"
                " working days the people sum to their region and the regions to the"
                " company: largest difference {off}",
                source=source,
                over_assignment=fmt.text(over_assignment, "ratio"),
                dates=len(handed.dates),
                off=fmt.text(from_units(handed.off(), digits), "money.exact"),
            )
        ),
    )
    return replace(made, folded=True)
