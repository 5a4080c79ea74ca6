"""The table of transitions: from which state to which, in customers or in revenue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import later, say, term
from playbook.page import Col, Table, table
from playbook.page.blocks import Turn
from playbook.page.tables import DATA

TIERS = later("value tiers")
WIDE = 8  # states from which the columns are numbered, so that they fit an upright page


def transition_table(
    states: Sequence[str], flows: pd.DataFrame, between: str, note: str, fmt: Formats
) -> Table:
    """States before in rows, states after in columns, customers in cells; by a switch of the page,
    the revenue these customers brought before. Rows add up to the starting counts.

    states: all states in their order; flows: a frame of ``MovementFlows``; between: what the states
    are, such as "segments".
    """
    unit = "tier" if between == TIERS else "term"
    counts, money = (_grid(states, flows, values) for values in ("customers", "net_before"))
    rows = [state for state in counts.columns if state in counts.index]
    number = (
        {state: f"{i} " for i, state in enumerate(rows, 1)} if len(counts.columns) > WIDE else {}
    )
    made = [
        _numbered(grid, kind, number, between, unit, note, fmt)
        for grid, kind in ((counts, "count"), (money, "money"))
    ]
    versions = {str(i): one.rows + one.total for i, one in enumerate(made)}
    return replace(
        made[0],
        choices=(Turn(say("in revenue before instead of customers")),),
        rows=versions["0"],
        versions=versions,
        turn=say("From which to which of the {between}", between=term(between)),
        total=(),
    )


def _grid(states: Sequence[str], flows: pd.DataFrame, values: str) -> pd.DataFrame:
    seen = set(flows["before"]) | set(flows["after"])
    order = [state for state in states if state in seen]
    grid = flows.pivot(index="before", columns="after", values=values)
    return grid.loc[
        [s for s in order if s in grid.index], [s for s in order if s in grid.columns]
    ].fillna(0)


def _numbered(
    grid: pd.DataFrame,
    unit: str,
    number: dict[str, str],
    between: str,
    state_unit: str,
    note: str,
    fmt: Formats,
) -> Table:
    """The table of one grid; with ``number``, columns are headed by the numbers of the rows."""
    heads = [number.get(c, c).strip() for c in grid.columns]
    frame = grid.set_axis(heads, axis=1).assign(total=grid.sum(axis=1)).reset_index()
    frame = frame.assign(
        before=[
            f"{number.get(state, '')}{fmt.text(state, state_unit)}" for state in frame["before"]
        ]
    )
    total = {
        "before": "All",
        **dict(zip(heads, grid.sum(), strict=True)),
        "total": grid.to_numpy().sum(),
    }
    columns = [
        Col("before", "name", label="From \\ to", weight=1.5),
        *(
            Col(head, unit, fmt.text(state, state_unit), compact=unit == "money", context=DATA)
            if head == state
            else Col(head, unit, head, compact=unit == "money", context=DATA)
            for head, state in zip(heads, grid.columns, strict=True)
        ),
        Col("total", unit, "Before", compact=unit == "money"),
    ]
    return table(
        frame,
        columns,
        fmt,
        title=say("From which to which of the {between}", between=term(between)),
        total=total,
        note=say("columns are numbered as the rows · {note}", note=note) if number else note,
    )


def balance_table(states: pd.DataFrame, between: str, note: str, fmt: Formats) -> Table:
    """States with their customers and money before and after, and who left and joined.

    states: a frame of ``StateBalance``; between: what the states are, such as "segments".
    """
    columns = [
        Col("state", "tier" if between == TIERS else "term", label="State", weight=1.5),
        Col("start", "count", "Before"),
        Col("left", "count", "Left", context="state"),
        Col("joined", "count", "Joined"),
        Col("end", "count", "After"),
        Col("net_start", "money", "Revenue before", context="state"),
        Col("net_left", "money", "of those who left"),
        Col("net_joined", "money", "of those who joined"),
        Col("net_stayed", "money", "Change of stayers", sign=True),
        Col("net_end", "money", "Revenue after"),
    ]
    counted = states[(states["start"] > 0) | (states["end"] > 0)]
    total = {column.key: counted[column.key].sum() for column in columns[1:]}
    return table(
        counted,
        columns,
        fmt,
        title=say("Movement between {between}", between=term(between)),
        note=note,
        total={"state": "All", **total},
    )
