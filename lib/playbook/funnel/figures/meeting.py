"""The drawing of the review meeting's dashboard."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.funnel.meeting.words import (
    AS_USUAL,
    BETTER,
    BY_ACTIVITY,
    TOO_LITTLE,
    UNUSUAL,
    WORSE,
    indicator_word,
)
from playbook.page.blocks import Figure

from .axes import short


def dashboard_panels(
    table: pd.DataFrame,
    series: dict[str, np.ndarray],
    months: tuple[str, ...],
    fmt: Formats,
    as_of: date,
    across: int = 4,
) -> Figure:
    """A small line per indicator with its usual range; the last month as a dot."""
    from playbook.page import figures as page

    down = -(-len(table) // across)
    fig, axes = page.canvas(height=0.3 + 1.15 * down, columns=across, rows=down, squeeze=False)
    tones = {BETTER: page.GOOD, WORSE: page.BAD}
    for ax, row in zip(axes.flat, table.itertuples(), strict=False):
        line = series[row.indicator]
        if row.low == row.low:
            ax.axhspan(row.low, row.high, color=page.RULE, alpha=0.6, linewidth=0)
        ax.plot(line, color=page.INKS[0], linewidth=1)
        ax.plot(
            len(line) - 1,
            line[-1],
            "o" if row.alert in (AS_USUAL, TOO_LITTLE) else "D",
            color=tones.get(row.alert, page.INKS[0]),
        )
        name = indicator_word(row.indicator.removesuffix(BY_ACTIVITY))
        ax.set_title(short(name, 24), loc="left", fontsize=7.5)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.annotate(
            fmt.text(row.value, row.unit, compact=row.unit == "money"),
            (0.98, 0.03),
            xycoords="axes fraction",
            ha="right",
            fontsize=7.5,
        )
        ax.margins(x=0.08, y=0.25)
    for ax in list(axes.flat)[len(table) :]:
        ax.set_visible(False)
    said = joined(
        (
            say(
                "{indicator} {value} ({alert})",
                indicator=indicator_word(r.indicator),
                value=fmt.text(r.value, r.unit, compact=r.unit == "money"),
                alert=term(r.alert),
            )
            for r in table.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say(
            "Outside their own usual range: {out} of {all} indicators",
            out=int(table.alert.isin([BETTER, WORSE, UNUSUAL]).sum()),
            all=len(table),
        ),
        alt=say("Small lines of {n} indicators: {said}.", n=len(table), said=said),
        note=(
            say(
                "{months} to {months_2}; grey = usual range by the 12 months before;"
                " diamond = outside it; as of {as_of}",
                months=months[0],
                months_2=months[-1],
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
