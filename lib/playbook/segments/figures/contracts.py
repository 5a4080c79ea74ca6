"""Contracts, drawn: the share still running by time, and the renewal rate quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.methods.survival import Incidence
from playbook.page import Figure

YEAR = 365


def running_lines(
    table: pd.DataFrame,
    curves: Mapping[str, tuple[Incidence, Incidence]],
    fewest: int,
    note: str,
    fmt: Formats,
) -> Figure:
    """Share of contract lines still running, by years since the first contract began.

    One step curve for all lines with its 95 % band, then one per customer type (at most four
    curves). curves: group → incidence of leaving and of moving to another contract; a curve is
    drawn as long as ``fewest`` lines are watched. table: a frame of ``ContractYears``, for the
    description.
    """
    from playbook.page.charts import name_ends, number_axis
    from playbook.page.figures import INKS, canvas, finish

    fig, ax = canvas(height=2.8)
    marks, names = ("-", "--", ":", "-."), []
    for i, (name, (left, moved)) in enumerate(list(curves.items())[:4]):
        seen = left.at_risk >= fewest
        if not seen.any():
            continue
        years, gone = left.days[seen] / YEAR, (left.value + moved.value)[seen]
        if name == "All":
            ax.fill_between(
                np.concatenate([[0], years]),
                1 - np.concatenate([[0], (left.high + moved.value)[seen]]),
                1 - np.concatenate([[0], (left.low + moved.value)[seen]]),
                step="post",
                color=INKS[2],
                alpha=0.35,
                linewidth=0,
            )
        ax.step(
            np.concatenate([[0], years]),
            1 - np.concatenate([[0], gone]),
            where="post",
            linestyle=marks[i],
            color=INKS[i % len(INKS)],
            linewidth=1.4,
        )
        names.append(named(name))
    ax.set(
        xlabel=say("years after the first contract began"),
        ylabel=say("share of contracts still running"),
        ylim=(0, 1.02),
    )
    number_axis(ax, fmt, "share")
    ax.set_xlim(0, ax.get_xlim()[1] * 1.12)
    name_ends(ax, names)
    every = table[table["group"] == "All"]
    said = joined(
        (
            say("{plural} {running} still run", plural=plural, running=fmt.share(running))
            for plural, running in zip(
                [say("after {y} years", y=y) for y in every["years"]], every["running"], strict=True
            )
        ),
        "; ",
    )
    return finish(
        fig,
        title=say("Contracts still running, by time since the first one began"),
        alt=say(
            "Falling step curves of contracts still running. {value}.",
            value=said or say("No year is over yet"),
        ),
        note=say("Aalen-Johansen, 95 % band for all · {note}", note=note),
    )


def quarter_lines(rows: pd.DataFrame, as_of: date, fmt: Formats) -> Figure:
    """Renewal rate of each quarter with its Wilson interval, one panel per group.

    rows: a frame of ``RenewalQuarters``.
    """
    from playbook.page.charts import number_axis
    from playbook.page.figures import INKS, RULE, canvas, finish

    groups = list(dict.fromkeys(rows["group"]))
    fig, axes = canvas(height=2.6, columns=len(groups), squeeze=False, sharey=True)
    for ax, group in zip(axes[0], groups, strict=True):
        of = rows[rows["group"] == group]
        place = np.arange(len(of))
        for i, r in enumerate(of.to_dict("records")):
            if r["due"]:
                ax.plot(
                    [i, i],
                    [r["low"], r["high"]],
                    color=INKS[2],
                    linewidth=2.6,
                    solid_capstyle="round",
                )
        ax.plot(place, of["rate"].astype(float), "o-", color=INKS[0], markersize=3.4, linewidth=1.1)
        ax.set_title(named(group), loc="left", fontsize=8.5)
        step = max(-(-len(of) // 5), 1)
        ax.set_xticks(
            place[(len(of) - 1) % step :: step],
            [
                of["quarter"].iloc[i].replace("-", "\n")
                for i in range((len(of) - 1) % step, len(of), step)
            ],
        )
        ax.axhline(0, color=RULE, linewidth=0.4)
        ax.set_ylim(0, 1.02)
        number_axis(ax, fmt, "share")
    axes[0][0].set_ylabel(say("contracts renewed of those due"))
    newest = rows[rows["quarter"] == rows["quarter"].iloc[-1]]
    said = joined(
        (
            say("{g}: {v} (n = {n})", g=named(g), v=fmt.share(v), n=fmt.count(n))
            for g, v, n in newest[["group", "rate", "due"]].itertuples(index=False)
        ),
        "; ",
    )
    return finish(
        fig,
        title=say(
            "Renewed of the contracts ended in {quarter}: {said}",
            quarter=rows["quarter"].iloc[-1],
            said=say(
                "{v} (n = {n})",
                v=fmt.share(newest["rate"].iloc[-1]),
                n=fmt.count(newest["due"].iloc[-1]),
            ),
        ),
        alt=(
            say(
                "Renewal rate by quarter of the contract's end, with 95 % intervals."
                " Newest quarter {quarter}: {said}.",
                quarter=rows["quarter"].iloc[-1],
                said=said,
            )
        ),
        note=(
            say(
                "contracts by the quarter their last day lies in · Wilson 95 % · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def mrr_lines(months: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """Recurring revenue on the last day of each month. months: a frame of ``MrrByMonth``."""
    from playbook.page.charts import number_axis
    from playbook.page.figures import canvas, finish
    from playbook.page.line_charts import lines

    names = [str(month) for month in months["month"]]
    values = [float(value) for value in months["close"]]
    fig, ax = canvas(height=2.4)
    lines(ax, names, {"": values})
    ax.set_ylim(bottom=0)
    ax.set_ylabel(say("recurring revenue a month"))
    number_axis(ax, fmt, "money", compact=True)
    alt = say(
        "Recurring revenue a month from {names} to {names_2}: {values} to {values_2}.",
        names=names[0],
        names_2=names[-1],
        values=fmt.money(values[0], compact=True),
        values_2=fmt.money(values[-1], compact=True),
    )
    return finish(fig, title=say("Recurring revenue, month by month"), alt=alt, note=note)
