"""Hours promised, recorded and available per rep, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.page import Figure

MOST = 15  # reps drawn; the table has them all


def load_bars(table: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """One bar per rep, most loaded first, at most MOST. table: a frame of ``RepLoads``."""
    from playbook.page.charts import short
    from playbook.page.figures import BAD, INKS, canvas, finish
    from playbook.page.notation import key_above, on_bars

    rows = table.head(MOST)
    fig, ax = canvas(height=0.8 + 0.17 * len(rows))
    places = np.arange(len(rows))
    ax.barh(
        places,
        rows["promised"],
        color=[BAD if load > 1 else INKS[2] for load in rows["load"]],
        height=0.7,
        label=say("promised"),
    )
    known = rows["spent"].notna().any()
    if known:
        ax.plot(
            rows["spent"],
            places,
            "D",
            color=INKS[0],
            markersize=3.5,
            label=say("recorded"),
            path_effects=on_bars(),
        )
    ax.axvline(
        rows["available"].iloc[0],
        color=INKS[0],
        linewidth=1,
        linestyle="--",
        label=say("available"),
        path_effects=on_bars(),
    )
    ax.set_yticks(places, [short(str(name)) for name in rows["owner"]])
    ax.invert_yaxis()
    ax.set_xlabel(say("hours a week"))
    key_above(ax)
    over = int((table["load"] > 1).sum())
    said = joined(
        (
            say("{name}: {hours} hours", name=name, hours=fmt.text(hours, "number", decimals=0))
            for name, hours in rows[["owner", "promised"]].head(5).itertuples(index=False)
        ),
        "; ",
    )
    return finish(
        fig,
        title=say(
            "Hours promised{word} and available per rep", word=say(", recorded") if known else ""
        ),
        alt=(
            say(
                "Bars of hours a week promised per rep, most loaded first; {over} of"
                " {n} above the hours available. {said}.",
                over=over,
                n=len(table),
                said=said,
            )
        ),
        note=say("{note} · the {n} most loaded", note=note, n=MOST) if len(table) > MOST else note,
    )
