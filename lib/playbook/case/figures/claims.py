"""Published figures beside the recomputed ones."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page.blocks import Figure

from .legend import legend_above


def claims_dots(claims: pd.DataFrame, fmt: Formats, *, as_of: date) -> Figure:
    """Each published figure beside the recomputed one, with its interval.

    claims: claim, unit, published, recomputed, low, high, verdict. Figures not recomputed are left
    out.
    """
    from playbook.page import charts
    from playbook.page import figures as page

    rows = claims[claims.recomputed.notna()].reset_index(drop=True)
    fig, ax = page.canvas(height=0.8 + 0.235 * len(rows))
    scale = np.where(rows.unit == "days", 100.0, 1.0)  # days on the same axis as percent
    published, found = rows.published * 100 / scale, rows.recomputed.astype(float) * 100 / scale
    matches = int((claims.verdict == "match").sum())
    y = np.arange(len(rows))[::-1]
    for at, a, b in zip(y, published, found, strict=True):
        ax.plot([a, b], [at, at], color=page.RULE, linewidth=1.5, zorder=1)
    low, high = rows.low.astype(float) * 100, rows.high.astype(float) * 100
    ax.hlines(y, low, high, color=page.INKS[2], linewidth=0.8, alpha=0.7)
    ax.scatter(
        published,
        y,
        s=34,
        facecolors="none",
        edgecolors=page.INKS[1],
        linewidths=1.3,
        label=say("published"),
        zorder=3,
    )
    ax.scatter(found, y, s=12, color=page.INKS[0], label=say("recomputed"), zorder=4)
    ax.set_yticks(y, [charts.short(term(c), 44) for c in rows.claim])
    ax.set_xlabel(say("percent; days for the two cycle lines"))
    ax.grid(True, axis="x")
    legend_above(
        fig,
        [
            {
                "linestyle": "",
                "marker": "o",
                "markerfacecolor": "none",
                "markeredgecolor": page.INKS[1],
                "label": say("published"),
            },
            {"linestyle": "", "marker": "o", "color": page.INKS[0], "label": say("recomputed")},
            {"color": page.INKS[2], "label": say("Wilson 95 %")},
        ],
    )
    texts = joined(
        (
            say(
                "{claim} stated {published}, recomputed {recomputed}",
                claim=term(r.claim),
                published=fmt.text(r.published, r.unit, decimals=0),
                recomputed=fmt.text(r.recomputed, r.unit),
            )
            for r in rows.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=(
            say(
                "{matches} of {rows} recomputed figures fall on the published ones",
                matches=matches,
                rows=len(rows),
            )
        ),
        alt=say("Pairs of dots: {texts}.", texts=texts),
        note=(
            say(
                "rings: published, dots: recomputed from the tables, lines: Wilson"
                " 95 % · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
