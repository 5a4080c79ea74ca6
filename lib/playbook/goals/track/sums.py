"""Whether the targets of parts add up to the target of their whole, and by how much not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.base.language import later, say
from playbook.page import Col, Table, table

SLACK = 0.001  # share of the whole up to which a difference is rounding
OF_COMPANY = later(
    {
        "rep": "people of the company",
        "region": "regions of the company",
        "product_line": "product lines of the company",
        "customer_type": "customer types of the company",
        "team": "teams of the company",
    }
)
OF_PART = later(
    {
        "rep": "people of {of}",
        "region": "regions of {of}",
        "product_line": "product lines of {of}",
        "customer_type": "customer types of {of}",
        "team": "teams of {of}",
    }
)


def apart(sums: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``PlanSums`` whose parts do not add up to the whole, the largest difference first."""
    rows = sums[sums["difference"].abs() > SLACK * sums["target"].abs()]
    order = rows["difference"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[order]


def difference_sentence(sums: pd.DataFrame, fmt: Formats, quarter: str) -> str:
    """Where targets of parts and of their whole differ in the quarter; empty where they agree."""
    rows = apart(sums)
    if rows.empty:
        return ""
    said = [
        say(
            "{parts} {sum} against {target}",
            parts=_parts(row),
            sum=fmt.money(row["parts"], compact=True),
            target=fmt.money(row["target"], compact=True),
        )
        for row in rows.to_dict("records")
    ]
    return say(
        "Targets of {quarter} that do not add up to their whole: {said}.",
        quarter=quarter,
        said=listing(said, 4),
    )


def sums_tables(sums: pd.DataFrame, fmt: Formats, quarter: str) -> list[Table]:
    """Sums of parts beside their whole where they differ; no table where all agree."""
    rows = apart(sums)
    if rows.empty:
        return []
    shown = rows.assign(name=[_parts(row) for row in rows.to_dict("records")])
    columns = [
        Col("name", label="Parts"),
        Col("parts", "money", "Sum of their targets"),
        Col("target", "money", "Target of the whole"),
        Col("difference", "money", "Difference", sign=True),
    ]
    return [
        table(
            shown,
            columns,
            fmt,
            title=say("Targets of {quarter} that do not add up", quarter=quarter),
            note=say("sales targets in force · a part counts with the months it has a target for"),
        )
    ]


def _parts(row: Mapping[str, Any]) -> str:
    """``people of West``, ``regions``."""
    by = row["by"]
    return say(OF_PART[by], of=row["of"]) if row["of"] else say(OF_COMPANY[by])
