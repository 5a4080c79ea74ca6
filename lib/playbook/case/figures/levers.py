"""What each measure contributes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.page.blocks import Figure


def lever_bars(
    effects: pd.DataFrame, labels: Mapping[str, str], fmt: Formats, *, seeds: int, as_of: date
) -> Figure:
    """Contribution of each measure to growth, with its interval.

    effects: lever, effect, low, high [share]. labels: lever → name. seeds: companies simulated.
    """
    from playbook.page import charts
    from playbook.page import figures as page

    rows = effects.sort_values("effect", ascending=False, kind="stable")
    fig, ax = page.canvas(height=0.9 + 0.32 * len(rows))
    charts.hbars(
        ax,
        [labels[name] for name in rows.lever],
        rows.effect.tolist(),
        fmt,
        "pp",
        low=rows.low.tolist(),
        high=rows.high.tolist(),
    )
    ax.set_xlabel(say("contribution to growth on a year before"))
    texts = joined(
        (
            say("{label} {value}", label=labels[r.lever], value=fmt.text(r.effect, "pp"))
            for r in rows.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say("What each measure contributes to growth in the simulated company"),
        alt=say("Bars: {texts}.", texts=texts),
        note=(
            say(
                "Shapley values over all combinations, {seeds} simulated companies,"
                " lines: 95 % interval · as of {as_of}",
                seeds=seeds,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
