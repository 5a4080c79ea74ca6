"""Load per rep as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.page import Figure

if TYPE_CHECKING:
    from playbook.segments.care.capacity import Capacity

MOST = 15  # reps drawn; the table has them all


def load_bars(result: Capacity) -> Figure:
    from playbook.page.charts import short
    from playbook.page.figures import BAD, INKS, canvas, finish

    rows, fmt = result.table.head(MOST), result.fmt
    fig, ax = canvas(height=0.8 + 0.17 * len(rows))
    places = np.arange(len(rows))
    ax.barh(
        places,
        rows["promised"],
        color=[INKS[1] if load > 1 else INKS[2] for load in rows["load"]],
        height=0.7,
        label="promised",
    )
    known = rows["spent"].notna().any()
    if known:
        ax.plot(rows["spent"], places, "D", color=INKS[0], markersize=3.5, label="recorded")
    ax.axvline(rows["available"].iloc[0], color=BAD, linewidth=1, linestyle="--", label="available")
    ax.set_yticks(places, [short(str(name)) for name in rows["owner"]])
    ax.invert_yaxis()
    ax.set_xlabel("hours a week")
    ax.legend(loc="lower right")
    over = int((result.table["load"] > 1).sum())
    said = "; ".join(
        f"{name}: {fmt.text(hours, 'number', decimals=0)} hours"
        for name, hours in rows[["owner", "promised"]].head(5).itertuples(index=False)
    )
    return finish(
        fig,
        title=f"Hours promised{', recorded' if known else ''} and available per rep",
        alt=(
            f"Bars of hours a week promised per rep, most loaded first; {over} of"
            f" {len(result.table)} above the hours available. {said}."
        ),
        note=f"{result.note}{f' · the {MOST} most loaded' if len(result.table) > MOST else ''}",
    )
