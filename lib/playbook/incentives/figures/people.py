"""Pictures of people and of futures: attainment, simulated cost, first deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.methods.survival import Incidence

from ..people.hires import hires_said
from .plans import BARS, money_axis, short

if TYPE_CHECKING:
    from playbook.page import Figure


def attainment(
    rows: pd.DataFrame,
    levels: Sequence[tuple[str, float]],
    *,
    basis: str,
    where: str,
    fmt: Formats,
) -> Figure:
    """Attainment of every rep against the levels.

    rows: rep and attainment [share of the quota], best first. levels: name and share of the quota,
    rising. basis: what is credited, bookings or cash. where: window and number of reps, for the
    note.
    """
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house

    fig, ax = house.canvas(2.6)
    share, most = rows["attainment"].to_numpy(dtype=float), 2.5
    reached = [sum(v >= at for _, at in levels) for v in share]
    inks = [house.RULE, house.INKS[2], house.INKS[0], house.INKS[0]]
    ax.bar(
        range(len(rows)),
        np.minimum(share, most),
        color=[inks[min(n, 3)] for n in reached],
        width=0.75,
    )
    for i, value in enumerate(share):
        if value > most:
            ax.annotate("↑", (i, most), ha="center", va="top", fontsize=8, color="white")
    for name, at in levels:
        ax.axhline(at, color=house.INKS[1], linewidth=0.9, linestyle=(0, (4, 2)))
        ax.annotate(
            f"{name} {fmt.share(at, decimals=0)}",
            (1, at),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
    ax.axhline(0, color=house.MUTED, linewidth=0.8)
    if len(rows) <= BARS:
        ax.set_xticks(
            range(len(rows)),
            [short(name, 10) for name in rows["rep"]],
            rotation=45,
            ha="right",
            fontsize=7,
        )
    else:
        ax.set_xticks([])
    ax.set_xlim(-0.7, len(rows) - 0.3)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        ylabel=say("Credited ÷ quota"),
        xlabel=say("{n} reps, best first", n=len(rows)) if len(rows) > BARS else "",
    )
    full = sum(value >= 1.0 for value in share)
    high = int((share > most).sum())
    return house.finish(
        fig,
        title=say("{full} of reps reached their quota", full=fmt.rate(full, len(rows))),
        alt=say(
            "Bars of attainment of {n} reps from {most} down to {least}, with lines at {lines}.",
            n=len(rows),
            most=fmt.share(float(share.max())),
            least=fmt.share(float(share.min())),
            lines=joined(fmt.share(at, decimals=0) for _, at in levels),
        ),
        note=say("Credited ÷ quota, {basis} · {where}", basis=basis, where=where)
        + (
            say(
                " · ↑ {n} beyond the scale, to {most}",
                n=high,
                most=fmt.share(float(share.max()), decimals=0),
            )
            if high
            else ""
        ),
    )


def simulated(
    costs: Mapping[str, np.ndarray],
    sensitivity: pd.DataFrame,
    *,
    names: tuple[str, str],
    budget: float,
    effort: float,
    where: str,
    fmt: Formats,
) -> Figure:
    """Left, the distribution of a year's pay under both plans; right, how the difference depends on
    the assumed response of sales to pay.

    costs: plan → pay of each simulated year [currency]. sensitivity: effort, p10, p50, p90, sales
    [shares]. names: the plan in force and the other. effort: the response the settings assume.
    """
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house
    from playbook.page.notation import key_above, name_series

    fig, (left, right) = house.canvas(2.9, columns=2)
    every = np.concatenate(list(costs.values()))
    edges = np.linspace(every.min(), every.max(), 40) if np.ptp(every) > 0 else 10
    for name, ink, style in zip(names, house.INKS, ("stepfilled", "step"), strict=False):
        left.hist(
            costs[name],
            bins=edges,
            histtype=style,
            color=ink,
            alpha=0.45 if style == "stepfilled" else 1,
            linewidth=1.4,
            label=short(named(name), 30),
        )
    left.axvline(budget, color=house.BAD, linewidth=1, linestyle=(0, (4, 2)))
    left.annotate(
        say("budget", context="pay"),
        (budget, 1),
        xycoords=("data", "axes fraction"),
        xytext=(2, -8),
        textcoords="offset points",
        fontsize=7.5,
    )
    money_axis(left.xaxis, fmt)
    left.xaxis.get_major_locator().set_params(nbins=3)
    left.set(xlabel=say("Pay of a simulated year"), ylabel=say("Years"))
    key_above(left, 2)
    rows = sensitivity
    right.fill_between(
        rows["effort"], rows["p10"], rows["p90"], color=house.INKS[2], alpha=0.35, linewidth=0
    )
    right.plot(rows["effort"], rows["p50"], color=house.INKS[0], label=say("pay", context="sum"))
    right.plot(
        rows["effort"],
        rows["sales"],
        color=house.INKS[1],
        linestyle=(0, (4, 2)),
        label=say("sales"),
    )
    right.axvline(effort, color=house.MUTED, linewidth=0.8)
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.set(
        xlabel=say("Assumed answer to pay (line: setting)"),
        ylabel=say("Change under {plan}", plan=short(named(names[1]), 20)),
    )
    name_series(right)
    a, b = (float((costs[name] > budget).mean()) for name in names)
    return house.finish(
        fig,
        title=(
            say(
                "Over budget in {a} of years under {current}, {b} under {other}",
                a=fmt.share(a),
                current=named(names[0]),
                b=fmt.share(b),
                other=named(names[1]),
            )
        ),
        alt=(
            say(
                "Left, two histograms of a year's pay with the budget at {budget}:"
                " medians {current} and {other}. Right, change of pay and sales under the"
                " second plan as the assumed answer to pay rises from 0 to 1: pay"
                " {first} to {last}.",
                budget=fmt.money(budget),
                current=fmt.money(np.median(costs[names[0]])),
                other=fmt.money(np.median(costs[names[1]])),
                first=fmt.share(rows["p50"].iloc[0], sign=True),
                last=fmt.share(rows["p50"].iloc[-1], sign=True),
            )
        ),
        note=(
            say(
                "Money in {currency} · {where} · right: middle and 80 % band of simulated years",
                currency=fmt.currency,
                where=where,
            )
        ),
    )


def first_deals(curves: Mapping[str, Incidence], *, ramp_days: int, where: str) -> Figure:
    """Share of new hires who have won their first deal, by days since hiring.

    curves: group of hires → Kaplan-Meier incidence of the first deal. ramp_days: the day the page
    asks about.
    """
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house
    from playbook.page.notation import name_series

    fig, ax = house.canvas(2.7)
    for (name, group), ink, dash in zip(
        curves.items(), house.INKS, ("-", (0, (4, 2)), (0, (1, 1))), strict=False
    ):
        ax.step(
            np.r_[0, group.days],
            np.r_[0, group.value],
            where="post",
            color=ink,
            linestyle=dash,
            label=say("{group} (n = {n:.0f})", group=hires_said(name), n=group.n),
        )
    ax.axvline(ramp_days, color=house.MUTED, linewidth=0.8)
    ax.annotate(
        say("{n} days", n=ramp_days),
        (ramp_days, 0.02),
        xytext=(3, 0),
        textcoords="offset points",
        fontsize=7.5,
    )
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel=say("Days since hiring"),
        ylabel=say("Have won a first deal"),
        ylim=(0, 1.02),
        xlim=(0, None),
    )
    name_series(ax)
    medians = joined(
        (
            (
                say(
                    "{group}: half by day {median:.0f}",
                    group=hires_said(name),
                    median=group.median,
                )
                if group.median is not None
                else say("{group}: half not reached", group=hires_said(name))
            )
            for name, group in curves.items()
        ),
        "; ",
    )
    return house.finish(
        fig,
        title=say("How long new hires take to their first deal"),
        alt=(
            say(
                "Rising step lines of the share of new hires with a first deal by"
                " days since hiring. {medians}.",
                medians=medians,
            )
        ),
        note=(
            say(
                "Kaplan-Meier, those without a deal kept in to the as-of date or"
                " their leaving · {where}",
                where=where,
            )
        ),
    )
