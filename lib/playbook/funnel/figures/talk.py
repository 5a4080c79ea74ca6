"""The drawing of leads that match a need and of objections."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.page.blocks import Figure

from .axes import month_axis, percent_axis


def match_months(monthly: pd.DataFrame, stage: str, fmt: Formats, as_of: date) -> Figure | None:
    """Match rate of leads and objection rate of negotiations, by month."""
    from playbook.page import figures as page
    from playbook.page.notation import name_series

    if monthly.rate.isna().all() and monthly.objection_rate.isna().all():
        return None
    fig, ax = page.canvas(height=2.4)
    x = np.arange(len(monthly))
    ax.plot(x, monthly.rate, "o-", color=page.INKS[0], label=say("leads that match"))
    if monthly.objection_rate.notna().any():
        ax.plot(
            x,
            monthly.objection_rate,
            "s--",
            color=page.INKS[1],
            markersize=3.5,
            label=say("objections"),
        )
    ax.set_ylim(0, 1)
    percent_axis(ax.yaxis)
    month_axis(ax, list(monthly.month), most=9)
    name_series(ax)
    last = monthly.iloc[-1]
    return page.finish(
        fig,
        title=say("Leads that match a need, deals that meet an objection"),
        alt=(
            say(
                "Match rate and objection rate by month; last month {rate} and {objection_rate}.",
                rate=fmt.share(last.rate),
                objection_rate=fmt.share(last.objection_rate),
            )
        ),
        note=(
            say(
                "Share of leads by month created; share of deals by month of"
                " reaching {stage}; as of {as_of}",
                stage=stage,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
