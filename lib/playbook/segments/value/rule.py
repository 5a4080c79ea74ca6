"""The rule on the page: which scores make a segment, with the customers in each cell."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import later, say, term
from playbook.page import Col, Table, table

from .maps import SegmentMap


def rule_table(customers: pd.DataFrame, segments: SegmentMap, note: str, fmt: Formats) -> Table:
    """The map as a table: recency in rows and the mean of frequency and monetary in columns, with
    the segment and its customers in each cell; one row per segment where the map has three axes.

    customers: a frame of ``ScoredCustomers``.
    """
    scored = customers[customers["r"].notna()]
    return (
        _grid(scored, segments, note, fmt)
        if segments.merged
        else _list(scored, segments, note, fmt)
    )


def _grid(scored: pd.DataFrame, segments: SegmentMap, note: str, fmt: Formats) -> Table:
    mean = (scored["f"].astype(int) + scored["m"].astype(int) + 1) // 2
    counts = scored.groupby([scored["r"].astype(int), mean]).size().to_dict()
    rows = [
        {
            "r": f"R {r}" + (say(" (most recent)") if r == segments.classes else ""),
            **{
                f"fm{fm}": f"{term(segments.matches(r, fm, fm)[0])} · "
                f"{fmt.count(counts.get((r, fm), 0))}"
                for fm in segments.scores
            },
        }
        for r in reversed(segments.scores)
    ]
    columns = [
        Col("r", label="Recency"),
        *(Col(f"fm{k}", label=say("FM {k}", k=k)) for k in segments.scores),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say(
            "The rule of the {name} map: which scores make a segment", name=term(segments.name)
        ),
        note=(
            say(
                "segment · customers in the cell; FM = mean of the frequency and the"
                " monetary score, rounded half up · {note}",
                note=note,
            )
        ),
    )


def _list(scored: pd.DataFrame, segments: SegmentMap, note: str, fmt: Formats) -> Table:
    rows = []
    counts = scored["segment"].value_counts()
    for one in segments.segments:
        for i, box in enumerate(one.boxes):
            rows.append(
                {
                    "segment": one.name if not i else later("or"),
                    **dict(zip("rfm", (_span(scores) for scores in box), strict=True)),
                    "customers": int(counts.get(one.name, 0)) if not i else None,
                }
            )
    columns = [
        Col("segment", "term", weight=2),
        Col("r", label="Recency"),
        Col("f", label="Frequency"),
        Col("m", label="Monetary"),
        Col("customers", "count"),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say(
            "The rule of the {name} map: which scores make a segment", name=term(segments.name)
        ),
        note=say("scores, the highest is best · {note}", note=note),
    )


def _span(scores: tuple[int, ...]) -> str:
    return str(scores[0]) if len(scores) == 1 else f"{scores[0]}–{scores[-1]}"
