"""Pictures of people and of futures: attainment, simulated cost, first deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .plans import BARS, money_axis, short

if TYPE_CHECKING:
    from playbook.incentives.people.ramp import Ramp
    from playbook.incentives.plans.attainment import Attainment
    from playbook.incentives.plans.simulation import Simulation
    from playbook.page import Figure


def attainment(result: Attainment) -> Figure:
    """Attainment of every rep, best first, against the three lines."""
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house

    fmt, rows = result.fmt, result.table
    fig, ax = house.canvas(2.6)
    share, most = rows["attainment"].to_numpy(dtype=float), 2.5
    reached = [sum(v >= level.at for level in result.levels) for v in share]
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
    for level in result.levels:
        ax.axhline(level.at, color=house.INKS[1], linewidth=0.9, linestyle=(0, (4, 2)))
        ax.annotate(
            f"{level.name} {fmt.share(level.at, decimals=0)}",
            (1, level.at),
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
        ylabel="Credited ÷ quota",
        xlabel=f"{len(rows)} reps, best first" if len(rows) > BARS else "",
    )
    full = result.reached(1.0)
    high = int((share > most).sum())
    return house.finish(
        fig,
        title=f"{fmt.rate(full.numerator, full.denominator)} of reps reached their quota",
        alt=(
            f"Bars of attainment of {len(rows)} reps from {fmt.share(float(share.max()))} down to"
            f" {fmt.share(float(share.min()))}, with lines at "
        )
        + ", ".join(fmt.share(level.at, decimals=0) for level in result.levels)
        + ".",
        note=f"Credited ÷ quota, {result.basis} · {result.where}"
        + (
            f" · ↑ {high} beyond the scale, to {fmt.share(float(share.max()), decimals=0)}"
            if high
            else ""
        ),
    )


def simulated(result: Simulation) -> Figure:
    """Distribution of a year's pay under both plans, and how the difference hangs on the assumed
    answer.
    """
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house

    fmt = result.fmt
    fig, (left, right) = house.canvas(2.9, columns=2)
    every = np.concatenate(list(result.costs.values()))
    edges = np.linspace(every.min(), every.max(), 40) if np.ptp(every) > 0 else 10
    for plan, ink, style in zip(result.plans, house.INKS, ("stepfilled", "step"), strict=False):
        left.hist(
            result.costs[plan.name],
            bins=edges,
            histtype=style,
            color=ink,
            alpha=0.45 if style == "stepfilled" else 1,
            linewidth=1.4,
            label=short(plan.name, 30),
        )
    left.axvline(result.budget, color=house.BAD, linewidth=1, linestyle=(0, (4, 2)))
    left.annotate(
        "budget",
        (result.budget, 1),
        xycoords=("data", "axes fraction"),
        xytext=(2, -8),
        textcoords="offset points",
        fontsize=7.5,
    )
    money_axis(left.xaxis, fmt)
    left.xaxis.get_major_locator().set_params(nbins=3)
    left.set(xlabel="Pay of a simulated year", ylabel="Years")
    left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, fontsize=7)
    rows = result.sensitivity
    right.fill_between(
        rows["effort"], rows["p10"], rows["p90"], color=house.INKS[2], alpha=0.35, linewidth=0
    )
    right.plot(rows["effort"], rows["p50"], color=house.INKS[0], label="pay")
    right.plot(
        rows["effort"], rows["sales"], color=house.INKS[1], linestyle=(0, (4, 2)), label="sales"
    )
    right.axvline(result.effort, color=house.MUTED, linewidth=0.8)
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.set(
        xlabel="Assumed answer to pay (line: setting)",
        ylabel=f"Change under {short(result.plans[1].name, 20)}",
    )
    right.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, fontsize=7)
    a, b = (float((result.costs[p.name] > result.budget).mean()) for p in result.plans)
    return house.finish(
        fig,
        title=(
            f"Over budget in {fmt.share(a)} of years under {result.plans[0].name}, {fmt.share(b)}"
            f" under {result.plans[1].name}"
        ),
        alt=(
            f"Left, two histograms of a year's pay with the budget at {fmt.money(result.budget)}:"
            f" medians {fmt.money(np.median(result.costs[result.plans[0].name]))} and"
            f" {fmt.money(np.median(result.costs[result.plans[1].name]))}. Right, change of pay and"
            " sales under the second plan as the assumed answer to pay rises from 0 to 1: pay"
            f" {fmt.share(rows['p50'].iloc[0], sign=True)} to"
            f" {fmt.share(rows['p50'].iloc[-1], sign=True)}."
        ),
        note=(
            f"Money in {fmt.currency} · {result.where} · right: middle and 80 % band of simulated"
            " years"
        ),
    )


def first_deals(result: Ramp) -> Figure:
    """Share of new hires who have won their first deal, by days since hiring."""
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house

    fig, ax = house.canvas(2.7)
    for (name, group), ink, dash in zip(
        result.curves.items(), house.INKS, ("-", (0, (4, 2)), (0, (1, 1))), strict=False
    ):
        ax.step(
            np.r_[0, group.days],
            np.r_[0, group.value],
            where="post",
            color=ink,
            linestyle=dash,
            label=f"{name} (n = {group.n:.0f})",
        )
    ax.axvline(result.ramp_days, color=house.MUTED, linewidth=0.8)
    ax.annotate(
        f"{result.ramp_days} days",
        (result.ramp_days, 0.02),
        xytext=(3, 0),
        textcoords="offset points",
        fontsize=7.5,
    )
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(
        xlabel="Days since hiring", ylabel="Have won a first deal", ylim=(0, 1.02), xlim=(0, None)
    )
    house.legend_right(ax)
    told = "; ".join(
        (
            f"{name}: half by day {group.median:.0f}"
            if group.median is not None
            else f"{name}: half not reached"
        )
        for name, group in result.curves.items()
    )
    return house.finish(
        fig,
        title="How long new hires take to their first deal",
        alt=(
            "Rising step lines of the share of new hires with a first deal by days since hiring."
            f" {told}."
        ),
        note=(
            "Kaplan-Meier, those without a deal kept in to the as-of date or their leaving ·"
            f" {result.where}"
        ),
    )
