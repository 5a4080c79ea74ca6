"""Published figures of other firms beside the book's own."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page.blocks import Figure

from .legend import legend_above


def benchmark_spans(shown: pd.DataFrame, fmt: Formats, *, as_of: date) -> Figure:
    """Published before → after as an arrow, the book's own value as a dot.

    shown: source, figure, before, after, own (shares) and published (before and after in words).
    """
    from playbook.page import charts
    from playbook.page import figures as page

    rows = shown.reset_index(drop=True)
    fig, ax = page.canvas(height=0.8 + 0.26 * len(rows))
    y = np.arange(len(rows))[::-1]
    for at, r in zip(y, rows.itertuples(), strict=True):
        start = r.after if pd.isna(r.before) else r.before
        ax.annotate(
            "",
            (r.after, at),
            (start, at),
            arrowprops={"arrowstyle": "-|>", "color": page.INKS[2], "linewidth": 1.4},
        )
        ax.plot(start, at, marker="|", color=page.INKS[2], markersize=8)
    ax.scatter(rows.own.astype(float), y, s=30, color=page.INKS[1], marker="D", zorder=4)
    ax.set_yticks(
        y, [charts.short(f"{term(r.figure)} · {term(r.source)}", 52) for r in rows.itertuples()]
    )
    charts.number_axis(ax, fmt, "share", which="x")
    ax.set_ylim(-0.7, len(rows) - 0.3)
    legend_above(
        fig,
        [
            {"color": page.INKS[2], "marker": ">", "label": say("published: before → after")},
            {"linestyle": "", "color": page.INKS[1], "marker": "D", "label": say("this book")},
        ],
    )
    texts = joined(
        (
            say(
                "{figure} of {source}: published {published}, this book {own}",
                figure=term(r.figure),
                source=term(r.source),
                published=r.published,
                own=fmt.share(r.own),
            )
            for r in rows.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say("Published before and after, and where this book stands"),
        alt=say("Arrows from before to after with a dot for this book: {texts}.", texts=texts),
        note=(
            say(
                "arrows: published change · dot: this book's latest span · shares"
                " only · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
