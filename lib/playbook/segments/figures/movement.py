"""Customers moving between states, drawn as bands from before to after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page import Figure

GAP, APART = 0.018, 0.05  # between the bands of a stack, and between its labels
Stack = Mapping[str, tuple[float, float, int]]  # state → (top, height, customers)


def flow(
    states: Sequence[str], flows: pd.DataFrame, between: str, unit: str, note: str, fmt: Formats
) -> Figure:
    """Bands from the states before (left) to the states after (right); height = customers, dark =
    moved, pale = stayed.

    states: all states in their order; flows: a frame of ``MovementFlows``; between: what the states
    are, such as "segments"; unit: how their names are written, "term" or "tier".
    """
    from playbook.page.figures import canvas, finish

    order = [s for s in states if s in set(flows["before"]) | set(flows["after"])]
    total = max(flows["customers"].sum(), 1)
    left, right = (
        _stack(flows.groupby("before")["customers"].sum(), order, total),
        _stack(flows.groupby("after")["customers"].sum(), order, total),
    )
    fig, ax = canvas(height=1.1 + 0.21 * len(order))
    _bands(ax, flows, order, total, left, right)
    _ends(ax, left, 0.0, "right", unit, fmt)
    _ends(ax, right, 1.0, "left", unit, fmt)
    ax.set(
        xlim=(-0.42, 1.42), ylim=(-0.02, max(bottom for bottom in (_end(left), _end(right))) + 0.02)
    )
    ax.invert_yaxis()
    ax.axis("off")
    movers = flows[flows["before"] != flows["after"]].sort_values(
        ["customers", "before", "after"], ascending=[False, True, True]
    )
    said = joined(
        (
            say("{n} from {a} to {b}", n=n, a=fmt.text(a, unit), b=fmt.text(b, unit))
            for a, b, n in movers[["before", "after", "customers"]].head(6).itertuples(index=False)
        ),
        "; ",
    )
    alt = say(
        "Flows between {between} of {total} customers. Largest moves: {value}.",
        between=term(between),
        total=fmt.count(total),
        value=said or say("none"),
    )
    return finish(
        fig,
        title=say("Who moved between {between}", between=term(between)),
        alt=alt,
        note=say("{note} · pale bands stayed, dark bands moved", note=note),
    )


def _stack(counts: pd.Series, order: list[str], total: float) -> Stack:
    """State → (top, height, customers), stacked with a gap."""
    top, found = 0.0, {}
    for state in order:
        n = int(counts.get(state, 0))
        if n:
            found[state] = (top, n / total, n)
            top += n / total + GAP
    return found


def _end(stack: Stack) -> float:
    """Where a stack ends, its last label included."""
    placed = -1.0
    for top, height, _ in stack.values():
        placed = max(top + height / 2, placed + APART)
    return max([placed, *(top + height for top, height, _ in stack.values())])


def _bands(
    ax: Any, flows: pd.DataFrame, order: list[str], total: float, left: Stack, right: Stack
) -> None:
    from playbook.page.figures import BAD, GOOD, INKS, RULE

    at_left, at_right = {s: v[0] for s, v in left.items()}, {s: v[0] for s, v in right.items()}
    rank = {s: i for i, s in enumerate(order)}
    curve = np.linspace(0, 1, 30)
    ease = 3 * curve**2 - 2 * curve**3
    ordered = flows.assign(a=flows["before"].map(rank), b=flows["after"].map(rank)).sort_values(
        ["a", "b"]
    )
    for start, end, n, a, b in ordered[["before", "after", "customers", "a", "b"]].itertuples(
        index=False
    ):
        height, y0, y1 = n / total, at_left[start], at_right[end]
        at_left[start], at_right[end] = y0 + height, y1 + height
        color, alpha = (
            (RULE, 0.9)
            if start == end
            else (INKS[2] if start == "new" else GOOD if b < a else BAD, 0.75)
        )
        lower = y0 + (y1 - y0) * ease
        ax.fill_between(
            curve,
            lower,
            lower + max(height, 0.002),
            color=color,
            alpha=alpha,
            linewidth=0,
            zorder=1 if start == end else 2,
        )


def _ends(ax: Any, stack: Stack, x: float, align: str, unit: str, fmt: Formats) -> None:
    from playbook.page.charts import short
    from playbook.page.figures import INKS

    placed = -1.0
    for state, (top, height, n) in stack.items():
        ax.plot(
            [x, x],
            [top, top + max(height, 0.002)],
            color=INKS[0],
            linewidth=4,
            solid_capstyle="butt",
        )
        placed = max(top + height / 2, placed + APART)  # labels of thin states keep their distance
        ax.text(
            x + (-0.03 if align == "right" else 0.03),
            placed,
            f"{short(fmt.text(state, unit), 24)}  {fmt.count(n)}",
            ha=align,
            va="center",
            fontsize=7.5,
        )
