"""The retention triangle, drawn with its numbers in the cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page import Figure

MOST = 13  # cohorts and ages drawn; older cohorts are in the pooled table


def triangle(
    table: pd.DataFrame, pooled: pd.DataFrame, unit: str, note: str, fmt: Formats
) -> Figure:
    """Rows: the newest MOST cohorts; columns: periods after the first order; cells: the share of
    the cohort's customers that ordered, darker for more.

    table: a frame of ``CohortAges``; pooled: all cohorts together, per age; unit: quarter or month.
    """
    from playbook.page.axes import SHADES
    from playbook.page.figures import INKS, canvas, finish

    sizes = table.drop_duplicates("cohort").set_index("cohort")["customers"]
    grid = table[table["age"] > 0].pivot(index="cohort", columns="age", values="share")
    grid = grid.reindex(sizes.index).iloc[-MOST:, :MOST]
    fig, ax = canvas(height=0.9 + 0.22 * len(grid))
    values = grid.to_numpy(dtype=float)
    if values.size:
        top = max(np.nanmax(values, initial=0.01), 0.01)
        ax.imshow(np.ma.masked_invalid(values), cmap=SHADES, vmin=0, vmax=top * 1.15, aspect="auto")
        for (row, column), share in np.ndenumerate(values):
            if share == share:
                ax.text(
                    column,
                    row,
                    fmt.share(share, decimals=0).removesuffix(fmt.after("share")),
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if share > 0.65 * top else INKS[0],
                )
    ax.set_xticks(range(values.shape[1]), [str(age) for age in grid.columns])
    ax.set_yticks(
        range(len(grid)),
        [
            say("{cohort}  ({sizes})", cohort=cohort, sizes=fmt.count(sizes[cohort]))
            for cohort in grid.index
        ],
    )
    ax.set_xlabel(say("{unit}s after the first order", unit=term(unit)))
    ax.set_ylabel(say("{unit} of the first order (customers)", unit=term(unit)))
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    said = joined(
        (
            say("{unit} {age}: {share}", unit=term(unit), age=age, share=fmt.share(share))
            for age, share in pooled[["age", "share"]].head(8).itertuples(index=False)
        ),
        "; ",
    )
    return finish(
        fig,
        title=say("Customers who order again, by {unit} of their first order [%]", unit=term(unit)),
        alt=(
            say(
                "Retention triangle of {sizes} cohorts. All cohorts together, {value}.",
                sizes=len(sizes),
                value=said or say("no later period yet"),
            )
        ),
        note=note,
    )
