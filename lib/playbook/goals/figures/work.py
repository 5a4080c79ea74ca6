"""The figure of the work behind a number of deals."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.page import Figure

from .axes import share_axis


def chance_curve(
    curve: pd.DataFrame,
    marks: pd.DataFrame,
    fmt: Formats,
    *,
    deals: int,
    probability: float,
    stage: str,
    note: str,
) -> Figure:
    """Probability of reaching the deals by number of entries, with the two answers marked.

    curve: entries, chance; marks: entries, chance, for the number that is enough in expectation and
    the one that is enough with the probability asked for.
    """
    from playbook.page.figures import INKS, MUTED, canvas, finish

    fig, ax = canvas(2.4)
    ax.plot(curve["entries"], curve["chance"], color=INKS[0])
    ax.axhline(probability, color=MUTED, linewidth=0.8, linestyle=":")
    names = (
        say("in expectation"),
        say("for {probability}", probability=fmt.share(probability, decimals=0)),
    )
    for n, at, name in zip(marks["entries"], marks["chance"], names, strict=True):
        ax.plot([n], [at], "o", color=INKS[1])
        ax.annotate(
            say("{n} {name}", n=fmt.count(n), name=name),
            (n, at),
            xytext=(8, -12),
            textcoords="offset points",
        )
    ax.set_ylim(0, 1.04)
    ax.set_xlabel(say("{stage} entries", stage=stage))
    ax.set_ylabel(say("probability"))
    share_axis(ax.yaxis, fmt)
    reached = [
        say("{at} at {n}", at=fmt.share(at, decimals=0), n=fmt.count(n))
        for n, at in zip(marks["entries"], marks["chance"], strict=True)
    ]
    alt = say(
        "The chance of at least {deals} deals rises with the number of {stage} entries: {reached}.",
        deals=fmt.count(deals),
        stage=stage,
        reached=joined(reached),
    )
    return finish(fig, title=say("How many entries make the deals likely"), alt=alt, note=note)
