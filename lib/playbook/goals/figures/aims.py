"""The figure of the objectives' key results."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page import Figure

from .axes import share_axis, shortened


def key_results(results: pd.DataFrame, fmt: Formats, as_of: date, most: int = 16) -> Figure:
    """Progress of each key result as a bar, time gone as a mark.

    results: key_result, score, elapsed [shares], state; at most ``most`` rows are drawn.
    """

    from playbook.page.figures import BAD, GOOD, INKS, MUTED, WARN, canvas, finish
    from playbook.page.notation import key_above

    rows = results.head(most)
    fig, ax = canvas(0.8 + 0.24 * len(rows))
    inks = {"reached": GOOD, "on course": INKS[0], "behind": WARN, "missed": BAD}
    y = np.arange(len(rows))[::-1]
    known = rows["score"].astype(float)
    score = known.fillna(0.0)
    # a progress that cannot be told (stale, no baseline) is named by its state alone
    said = [
        term(state)
        if np.isnan(value)
        else say("{share} {state}", share=fmt.share(value, decimals=0), state=term(state))
        for value, state in zip(known, rows["state"], strict=True)
    ]
    ax.barh(y, score, color=[inks.get(s, MUTED) for s in rows["state"]], height=0.62)
    elapsed = rows["elapsed"].astype(float)
    ax.plot(
        elapsed, y, "|", color=INKS[0], markersize=10, markeredgewidth=1.6, label=say("time gone")
    )
    for place, value, words in zip(y, score, said, strict=True):
        ax.annotate(
            words,
            (max(1.0, value), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
    ax.set_yticks(y, [shortened(name, 42) for name in rows["key_result"]])
    ax.set_xlim(0, 1.3)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    share_axis(ax.xaxis, fmt)
    key_above(ax)
    progress = joined(
        (
            say("{name}: {words}", name=name, words=words)
            for name, words in zip(rows["key_result"], said, strict=True)
        ),
        "; ",
    )
    more = (
        say(" · first {most} of {results}", most=most, results=len(results))
        if len(results) > most
        else ""
    )
    return finish(
        fig,
        title=say("Progress of the key results"),
        alt=say("Progress against time gone: {progress}.", progress=progress),
        note=say(
            "progress from baseline to target, as of {as_of}{more}",
            as_of=fmt.text(as_of, "date"),
            more=more,
        ),
    )
