"""How much sales hang on the largest customers and industries, drawn."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.goals.labels import kind_label
from playbook.page import Figure

from .axes import share_axis


def concentration(top: pd.DataFrame, fmt: Formats, as_of: date) -> Figure | None:
    """Cumulative share of the largest members, one line per dimension; None without members.

    top: dimension, member, sales, share; largest member first inside a dimension.
    """

    from playbook.page.figures import INKS, canvas, finish
    from playbook.page.notation import name_series

    if top.empty:
        return None
    fig, ax = canvas(2.3)
    sentences = []
    for (dimension, rows), ink, mark in zip(
        top.groupby("dimension", sort=True), INKS, "osD", strict=False
    ):
        ax.plot(
            range(1, len(rows) + 1),
            rows["share"].cumsum(),
            marker=mark,
            color=ink,
            label=say("by {dimension}", dimension=kind_label(dimension)),
        )
        sentences.append(
            say(
                "the {n} largest by {dimension} hold {share}, the first alone {first}",
                n=len(rows),
                dimension=kind_label(dimension),
                share=fmt.share(rows["share"].sum()),
                first=fmt.share(rows["share"].iloc[0]),
            )
        )
    ax.set_ylim(0, 1.04)
    ax.set_xticks(range(1, int(top.groupby("dimension").size().max()) + 1))
    ax.set_xlabel(say("largest members taken together"))
    ax.set_ylabel(say("share of sales"))
    share_axis(ax.yaxis, fmt)
    name_series(ax)
    return finish(
        fig,
        title=say("How much hangs on the largest"),
        alt=say("Cumulative share of sales: {sentences}.", sentences=joined(sentences, "; ")),
        note=say(
            "net sales of the trailing 12 months · as of {as_of}", as_of=fmt.text(as_of, "date")
        ),
    )
