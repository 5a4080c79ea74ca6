"""Pictures of movement: flows between states, and the retention triangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.page import Figure

if TYPE_CHECKING:
    from playbook.segments.value.movement import Movement

GAP, APART = 0.018, 0.05  # between the bands of a stack, and between its labels


def flow(result: Movement) -> Figure:
    """Bands from the states before (left) to the states after (right), height = customers; movers
    dark, stayers pale.
    """
    from playbook.page.figures import canvas, finish

    order = [
        s for s in result.table["state"] if s in set(result.flows["from"]) | set(result.flows["to"])
    ]
    total = max(result.flows["customers"].sum(), 1)
    left, right = (
        _stack(result.flows.groupby("from")["customers"].sum(), order, total),
        _stack(result.flows.groupby("to")["customers"].sum(), order, total),
    )
    fig, ax = canvas(height=1.1 + 0.21 * len(order))
    _bands(ax, result.flows, order, total, left, right)
    _ends(ax, left, 0.0, "right", result)
    _ends(ax, right, 1.0, "left", result)
    ax.set(
        xlim=(-0.42, 1.42), ylim=(-0.02, max(bottom for bottom in (_end(left), _end(right))) + 0.02)
    )
    ax.invert_yaxis()
    ax.axis("off")
    movers = result.flows[result.flows["from"] != result.flows["to"]].sort_values(
        ["customers", "from", "to"], ascending=[False, True, True]
    )
    said = "; ".join(
        f"{n} from {a} to {b}"
        for a, b, n in movers[["from", "to", "customers"]].head(6).itertuples(index=False)
    )
    alt = (
        f"Flows between {result.of} of {result.fmt.count(total)} customers. Largest moves:"
        f" {said or 'none'}."
    )
    return finish(
        fig,
        title=f"Who moved between {result.of}",
        alt=alt,
        note=f"{result.note} · pale bands stayed, dark bands moved",
    )


def _stack(counts, order: list[str], total: float) -> dict[str, tuple[float, float, int]]:
    """State → (top, height, customers), stacked with a gap."""
    top, found = 0.0, {}
    for state in order:
        n = int(counts.get(state, 0))
        if n:
            found[state] = (top, n / total, n)
            top += n / total + GAP
    return found


def _end(stack: dict[str, tuple[float, float, int]]) -> float:
    """Where a stack ends, its last label included."""
    placed = -1.0
    for top, height, _ in stack.values():
        placed = max(top + height / 2, placed + APART)
    return max([placed, *(top + height for top, height, _ in stack.values())])


def _bands(ax, flows, order, total, left, right) -> None:
    from playbook.page.figures import BAD, GOOD, INKS, RULE

    at_left, at_right = {s: v[0] for s, v in left.items()}, {s: v[0] for s, v in right.items()}
    rank = {s: i for i, s in enumerate(order)}
    curve = np.linspace(0, 1, 30)
    ease = 3 * curve**2 - 2 * curve**3
    ordered = flows.assign(a=flows["from"].map(rank), b=flows["to"].map(rank)).sort_values(
        ["a", "b"]
    )
    for start, end, n, a, b in ordered[["from", "to", "customers", "a", "b"]].itertuples(
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


def _ends(ax, stack, x: float, align: str, result) -> None:
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
            f"{short(state, 24)}  {result.fmt.count(n)}",
            ha=align,
            va="center",
            fontsize=7.5,
        )
