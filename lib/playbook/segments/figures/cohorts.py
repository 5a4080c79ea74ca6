"""The retention triangle as a picture whose cells can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.page import Figure

if TYPE_CHECKING:
    from playbook.segments.stay.cohorts import Cohorts

MOST = 13  # cohorts and ages drawn; older cohorts are in the pooled table


def triangle(result: Cohorts) -> Figure:
    """Rows: cohorts, newest MOST; columns: periods after the first; cells: share that ordered,
    darker is more.
    """
    from playbook.page.figures import canvas, finish

    grid = result.table[result.table["age"] > 0].pivot(
        index="cohort", columns="age", values="share"
    )
    grid = grid.reindex(result.sizes.index).iloc[-MOST:, :MOST]
    fig, ax = canvas(height=0.9 + 0.22 * len(grid))
    values = grid.to_numpy(dtype=float)
    if values.size:
        top = max(np.nanmax(values, initial=0.01), 0.01)
        ax.imshow(
            np.ma.masked_invalid(values), cmap="Blues", vmin=0, vmax=top * 1.15, aspect="auto"
        )
        for (row, column), share in np.ndenumerate(values):
            if share == share:
                ax.text(
                    column,
                    row,
                    result.fmt.share(share, decimals=0).removesuffix(" %"),
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if share > 0.65 * top else "#1d1d1f",
                )
    ax.set_xticks(range(values.shape[1]), [str(age) for age in grid.columns])
    ax.set_yticks(
        range(len(grid)),
        [f"{cohort}  ({result.fmt.count(result.sizes[cohort])})" for cohort in grid.index],
    )
    ax.set_xlabel(f"{result.unit}s after the first order")
    ax.set_ylabel(f"{result.unit} of the first order (customers)")
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    pooled = result.pooled()
    said = "; ".join(
        f"{result.unit} {age}: {result.fmt.share(share)}"
        for age, share in pooled[["age", "share"]].head(8).itertuples(index=False)
    )
    return finish(
        fig,
        title=f"Customers who order again, by {result.unit} of their first order [%]",
        alt=(
            f"Retention triangle of {len(result.sizes)} cohorts. All cohorts together,"
            f" {said or 'no later period yet'}."
        ),
        note=result.note,
    )
