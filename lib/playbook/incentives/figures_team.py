"""Pictures of people and of futures: attainment, simulated cost, first deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .figures import BARS, money_axis, short

if TYPE_CHECKING:
    from playbook.page import Figure

    from .attainment import Attainment
    from .ramp import Ramp
    from .simulation import Simulation


def attainment(result: Attainment) -> Figure:
    """Attainment per rep against the three lines."""
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house
    fmt, rows = result.fmt, result.table.head(BARS)
    fig, ax = house.canvas(max(1.7, 0.6 + 0.17 * len(rows)))
    share = rows["attainment"].to_numpy(dtype=float)
    most = 2.5
    ax.barh(range(len(rows)), np.minimum(share, most), color=[house.INKS[0] if v >= 1 else house.INKS[2] if v >= 0.8 else house.RULE for v in share], height=0.7)
    for i, value in enumerate(share):
        if value > most:
            ax.annotate(f"{fmt.share(value, decimals=0)} →", (most, i), xytext=(-3, 0), textcoords="offset points", ha="right", va="center", fontsize=7, color="white")
    for level in result.levels:
        ax.axvline(level.at, color=house.INKS[1], linewidth=0.9, linestyle=(0, (4, 2)))
        ax.annotate(level.name, (level.at, 1), xycoords=("data", "axes fraction"), xytext=(2, 2), textcoords="offset points", fontsize=7.5)
    ax.set_yticks(range(len(rows)), [short(name) for name in rows["rep"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Credited amount ÷ quota")
    full = result.reached(1.0)
    return house.finish(fig, title=f"{fmt.rate(full.numerator, full.denominator)} of reps reached their quota",
                        alt=f"Bars of attainment per rep from {fmt.share(float(share.max()))} down to {fmt.share(float(share.min()))}, with lines at " + ", ".join(fmt.share(level.at, decimals=0) for level in result.levels) + ".",
                        note=f"Credited ÷ quota, {result.basis} · {result.where}" + (f" · the best {len(rows)} of {len(result.table)}" if len(rows) < len(result.table) else ""))


def simulated(result: Simulation) -> Figure:
    """Distribution of a year's pay under both plans, and how the difference hangs on the assumed answer."""
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house
    fmt = result.fmt
    fig, (left, right) = house.canvas(2.9, columns=2)
    every = np.concatenate(list(result.costs.values()))
    edges = np.linspace(every.min(), every.max(), 40) if np.ptp(every) > 0 else 10
    for plan, ink, style in zip(result.plans, house.INKS, ("stepfilled", "step"), strict=False):
        left.hist(result.costs[plan.name], bins=edges, histtype=style, color=ink, alpha=0.45 if style == "stepfilled" else 1, linewidth=1.4, label=short(plan.name, 30))
    left.axvline(result.budget, color=house.BAD, linewidth=1, linestyle=(0, (4, 2)))
    left.annotate("budget", (result.budget, 1), xycoords=("data", "axes fraction"), xytext=(2, -8), textcoords="offset points", fontsize=7.5)
    money_axis(left.xaxis, fmt)
    left.xaxis.get_major_locator().set_params(nbins=3)
    left.set(xlabel="Pay of a simulated year", ylabel="Years")
    left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, fontsize=7)
    rows = result.sensitivity
    right.fill_between(rows["effort"], rows["p10"], rows["p90"], color=house.INKS[2], alpha=0.35, linewidth=0)
    right.plot(rows["effort"], rows["p50"], color=house.INKS[0], label="pay")
    right.plot(rows["effort"], rows["sales"], color=house.INKS[1], linestyle=(0, (4, 2)), label="sales")
    right.axvline(result.effort, color=house.MUTED, linewidth=0.8)
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.set(xlabel="Assumed answer to pay (line: setting)", ylabel=f"Change under {short(result.plans[1].name, 20)}")
    right.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, fontsize=7)
    a, b = (float((result.costs[p.name] > result.budget).mean()) for p in result.plans)
    return house.finish(fig, title=f"Over budget in {fmt.share(a)} of years under {result.plans[0].name}, {fmt.share(b)} under {result.plans[1].name}",
                        alt=f"Left, two histograms of a year's pay with the budget at {fmt.money(result.budget)}: medians {fmt.money(np.median(result.costs[result.plans[0].name]))} and {fmt.money(np.median(result.costs[result.plans[1].name]))}. "
                            f"Right, change of pay and sales under the second plan as the assumed answer to pay rises from 0 to 1: pay {fmt.share(rows['p50'].iloc[0], sign=True)} to {fmt.share(rows['p50'].iloc[-1], sign=True)}.",
                        note=f"Money in {fmt.currency} · {result.where} · right: middle and 80 % band of simulated years")


def first_deals(result: Ramp) -> Figure:
    """Share of new hires who have won their first deal, by days since hiring."""
    from matplotlib.ticker import PercentFormatter

    from playbook.page import figures as house
    fig, ax = house.canvas(2.7)
    for (name, group), ink, dash in zip(result.curves.items(), house.INKS, ("-", (0, (4, 2)), (0, (1, 1))), strict=False):
        ax.step(np.r_[0, group.days], np.r_[0, group.value], where="post", color=ink, linestyle=dash, label=f"{name} (n = {group.n:.0f})")
    ax.axvline(result.ramp_days, color=house.MUTED, linewidth=0.8)
    ax.annotate(f"{result.ramp_days} days", (result.ramp_days, 0.02), xytext=(3, 0), textcoords="offset points", fontsize=7.5)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel="Days since hiring", ylabel="Have won a first deal", ylim=(0, 1.02), xlim=(0, None))
    house.legend_right(ax)
    told = "; ".join(f"{name}: half by day {group.median:.0f}" if group.median is not None else f"{name}: half not reached" for name, group in result.curves.items())
    return house.finish(fig, title="How long new hires take to their first deal", alt=f"Rising step lines of the share of new hires with a first deal by days since hiring. {told}.",
                        note=f"Kaplan-Meier, those without a deal kept in to the as-of date or their leaving · {result.where}")
