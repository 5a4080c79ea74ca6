"""Figures of the goal chapter, drawn from the results' own frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.base.formats import Formats, is_missing
from playbook.page import Figure

if TYPE_CHECKING:
    from playbook.goals.aims.objectives import Objectives
    from playbook.goals.plan.calendar import Phasing
    from playbook.goals.plan.decomposition import Decomposition
    from playbook.goals.track.adjustment import Replan
    from playbook.goals.track.likelihood import Likelihood
    from playbook.goals.track.overview import SalesOverview
    from playbook.goals.track.risk import Risk
    from playbook.goals.track.tracking import Tracking
    from playbook.goals.work.backsolve import BackSolve


def _month_ticks(ax, months, fmt: Formats, most: int = 12) -> None:
    step = max(1, -(-len(months) // most))
    shown = list(range(0, len(months), step))
    ax.set_xticks(
        shown,
        [
            (
                f"{months[i].month:02d}\n{months[i].year}"
                if i == shown[0] or months[i].month <= step
                else f"{months[i].month:02d}"
            )
            for i in shown
        ],
    )


def _money_axis(ax, fmt: Formats) -> None:
    from matplotlib.ticker import FuncFormatter

    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda v, _: fmt.money(v, compact=True) if v else "0")
    )


def short(text: str, most: int = 18) -> str:
    """A label that fits a figure; the full one stands in the table."""
    return text if len(text) <= most else text[: most - 1] + "…"


def sales_months(overview: SalesOverview) -> Figure:
    """Monthly sales as bars, the year before as marks."""
    from playbook.page.figures import INKS, canvas, finish

    fmt, months = overview.fmt, overview.months
    fig, ax = canvas(2.4)
    ax.bar(range(len(months)), months["sales"], color=INKS[0], width=0.7, label="month")
    known = months["before"].notna()
    if known.any():
        ax.plot(
            np.flatnonzero(known),
            months["before"][known].astype(float),
            "o",
            color=INKS[1],
            markersize=4.5,
            markeredgecolor="white",
            label="same month a year before",
        )
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)
    ax.set_ylabel(f"{overview.currency} a month")
    _money_axis(ax, fmt)
    _month_ticks(ax, list(months["month"]), fmt)
    best = months.loc[months["sales"].idxmax()]
    last = months.iloc[-1]
    against = "" if is_missing(last["before"]) else f", a year before {fmt.money(last['before'])}"
    alt = (
        f"Bars of monthly sales from {fmt.text(months['month'].iloc[0], 'month')} to"
        f" {fmt.text(last['month'], 'month')}: last {fmt.money(last['sales'])}{against}; highest"
        f" {fmt.money(best['sales'])} in {fmt.text(best['month'], 'month')}."
    )
    return finish(
        fig,
        title="Sales by month against the year before",
        alt=alt,
        note=(
            f"net of refunds, in {overview.currency} · {len(months)} months to"
            f" {fmt.text(overview.as_of, 'date')}"
        ),
    )


def tracking_year(result: Tracking) -> Figure:
    """Cumulative actual against the plan's curve, with the forecast's fan."""
    from playbook.page.figures import INKS, canvas, finish

    fmt, year = result.fmt, result.year
    fig, ax = canvas(2.6)
    x = np.arange(len(year))
    ax.plot(x, year["plan"], color=INKS[3], linestyle="--", label="plan")
    ax.plot(x, year["actual"], color=INKS[0], marker="o", label="actual")
    ahead = year["middle"].notna()
    if ahead.any():
        ax.fill_between(
            x[ahead],
            year["low"][ahead],
            year["high"][ahead],
            color=INKS[2],
            alpha=0.25,
            linewidth=0,
            label="80 % of forecasts",
        )
        ax.plot(x[ahead], year["middle"][ahead], color=INKS[2], label="forecast")
    ax.legend(loc="upper left")
    ax.set_ylim(bottom=0)
    ax.set_ylabel(f"{result.currency}, cumulative")
    _money_axis(ax, fmt)
    _month_ticks(ax, list(year["month"]), fmt)
    done = year["actual"].dropna()
    here = len(done) - 1
    alt = (
        f"Cumulative sales stand at {fmt.money(done.iloc[-1])} in"
        f" {fmt.text(year['month'].iloc[here], 'month')} where the plan asks for"
        f" {fmt.money(year['plan'].iloc[here])}; the year's target is"
        f" {fmt.money(year['plan'].iloc[-1])}"
    )
    alt += (
        f", the forecast ends at {fmt.money(year['middle'].iloc[-1])}"
        f" ({fmt.money(year['low'].iloc[-1])} to {fmt.money(year['high'].iloc[-1])})."
        if ahead.any()
        else "."
    )
    return finish(
        fig,
        title="The year against its own curve",
        alt=alt,
        note=f"net sales in {result.currency} · as of {fmt.text(result.as_of, 'date')}",
    )


def decomposition_months(result: Decomposition) -> Figure:
    """The year's figure by month, stacked by member of the first dimension."""
    from playbook.page.figures import INKS, canvas, finish, legend_right

    fmt, scale = result.fmt, 10**result.digits
    fig, ax = canvas(2.6)
    months = list(result.curve.months)
    if result.cross.empty:
        ax.bar(
            range(len(months)),
            np.array(result.curve.shares) * result.whole.amount,
            color=INKS[0],
            width=0.7,
        )
    else:
        _stack(ax, result.cross / scale, INKS)
        legend_right(ax)
    ax.set_ylabel(f"{fmt.currency} a month")
    _money_axis(ax, fmt)
    _month_ticks(ax, months, fmt)
    high = int(np.argmax(result.curve.shares))
    low = int(np.argmin(result.curve.shares))
    alt = (
        f"{fmt.money(result.whole.amount)} for {result.whole.name} by month: most in"
        f" {fmt.text(months[high], 'month')} ({fmt.share(result.curve.shares[high])}), least in"
        f" {fmt.text(months[low], 'month')} ({fmt.share(result.curve.shares[low])})."
    )
    return finish(
        fig,
        title=f"{result.whole.name} month by month",
        alt=alt,
        note=(
            f"curve: {result.curve.source} · {fmt.currency} · as of"
            f" {fmt.text(result.as_of, 'date')}"
        ),
    )


def _stack(ax, frame, inks, most: int = 5) -> None:
    """Bars stacked by row; beyond ``most`` members the smaller ones are one grey part."""
    size = frame.sum(axis=1)
    big = (
        list(size.sort_values(ascending=False, kind="stable").index[:most])
        if len(frame) > most + 1
        else list(frame.index)
    )
    rest = frame.drop(index=big).sum(axis=0)
    base = np.zeros(frame.shape[1])
    parts = [
        (short(str(m)), frame.loc[m].to_numpy(dtype=float), inks[i % len(inks)])
        for i, m in enumerate(big)
    ]
    if len(big) < len(frame):
        parts.append((f"{len(frame) - len(big)} others", rest.to_numpy(dtype=float), "#c9ccd1"))
    for label, values, ink in parts:
        ax.bar(
            range(len(values)),
            values,
            bottom=base,
            color=ink,
            width=0.7,
            label=label,
            edgecolor="white",
            linewidth=0.4,
        )
        base = base + values


def chance_curve(result: BackSolve) -> Figure:
    """Probability of reaching the deals by number of entries, with the two answers marked."""
    from playbook.goals.work.backsolve import chance
    from playbook.page.figures import INKS, MUTED, canvas, finish

    fmt, top = result.fmt, result.table.iloc[0]
    expected, sure = int(top["expected"]), int(top["sure"])
    tries = np.unique(np.linspace(result.deals, max(sure, expected) * 1.3 + 3, 160).astype(int))
    odds = chance(tries, result.deals, result.rate)
    fig, ax = canvas(2.4)
    ax.plot(tries, odds, color=INKS[0])
    ax.axhline(result.probability, color=MUTED, linewidth=0.8, linestyle=":")
    for n, name in (
        (expected, "in expectation"),
        (sure, f"for {fmt.share(result.probability, decimals=0)}"),
    ):
        at = float(chance(n, result.deals, result.rate))
        ax.plot([n], [at], "o", color=INKS[1])
        ax.annotate(f"{fmt.count(n)} {name}", (n, at), xytext=(8, -12), textcoords="offset points")
    ax.set_ylim(0, 1.04)
    ax.set_xlabel(f"{top['stage']} entries")
    ax.set_ylabel("probability")
    from matplotlib.ticker import FuncFormatter

    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.share(v, decimals=0)))
    alt = (
        f"The chance of at least {fmt.count(result.deals)} deals rises with the number of"
        f" {top['stage']} entries:"
        f" {fmt.share(float(chance(expected, result.deals, result.rate)), decimals=0)} at"
        f" {fmt.count(expected)},"
        f" {fmt.share(float(chance(sure, result.deals, result.rate)), decimals=0)} at"
        f" {fmt.count(sure)}."
    )
    return finish(
        fig,
        title="How many entries make the deals likely",
        alt=alt,
        note=(
            f"binomial at {fmt.share(result.rate)} from {top['stage']} to a deal ·"
            f" {'; '.join(dict.fromkeys(step.source for step in result.steps if step.source))}"
        ),
    )


def likelihood_lines(result: Likelihood) -> Figure:
    """Chance of reaching at least a total, with the three lines and the figure planned marked on
    it.
    """
    from matplotlib.ticker import FuncFormatter

    from playbook.page.figures import INKS, MUTED, canvas, finish

    fmt, totals = result.fmt, np.sort(result.totals)
    odds = 1 - np.arange(len(totals)) / len(totals)
    keep = (odds <= 0.995) & (odds >= 0.005)
    fig, ax = canvas(2.6)
    ax.plot(totals[keep], odds[keep], color=INKS[0])
    for row, ink in zip(result.lines.to_dict("records"), (INKS[2], INKS[4], INKS[1]), strict=True):
        ax.plot([row["amount"]], [row["probability"]], "o", color=ink, markersize=6)
        ax.annotate(
            f"{row['line']} {fmt.money(row['amount'], compact=True)}",
            (row["amount"], row["probability"]),
            xytext=(7, 2),
            textcoords="offset points",
        )
    if result.whole.given:
        ax.axvline(result.whole.amount, color=MUTED, linestyle="--", linewidth=1)
        right = result.whole.amount < np.quantile(totals, 0.7)
        ax.annotate(
            f"planned {fmt.money(result.whole.amount, compact=True)}",
            (result.whole.amount, 0.97),
            xytext=(5 if right else -5, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="top",
        )
    ax.set_ylim(0, 1.04)
    ax.set_ylabel("chance of at least")
    ax.set_xlabel(f"sales of {result.whole.name} [{fmt.currency}]")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.share(v, decimals=0)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.money(v, compact=True)))
    told = "; ".join(
        f"{row['line']} {fmt.money(row['amount'])} with {fmt.share(row['probability'], decimals=0)}"
        for row in result.lines.to_dict("records")
    )
    return finish(
        fig,
        title=f"How likely is each total of {result.whole.name}",
        alt=(
            f"The chance falls as the total rises: {told}; the figure planned,"
            f" {fmt.money(result.whole.amount)}, has {fmt.share(result.chance, decimals=0)}."
        ),
        note=(
            f"{len(result.totals):,} simulated paths · {result.method} · as of"
            f" {fmt.text(result.as_of, 'date')}"
        ),
    )


def phasing_days(result: Phasing) -> Figure:
    """Target per working day of the next month, thirds told apart by ink."""
    from playbook.goals.plan.calendar import THIRDS
    from playbook.page.figures import INKS, canvas, finish

    fmt, days = result.fmt, result.days
    scale = 10**fmt.minor_digits
    fig, ax = canvas(2.2)
    for third in (1, 2, 3):
        rows = days[days["third"] == third]
        ax.bar(
            [day.day for day in rows["date"]],
            rows["units"] / scale,
            color=(INKS[0], INKS[2], INKS[4])[third - 1],
            width=0.75,
            label=THIRDS[third - 1],
        )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2)
    ax.set_xticks([day.day for day in days["date"]])
    ax.set_xlim(0.2, result.month.end.day + 0.8)
    ax.set_xlabel(f"working day of {fmt.text(result.month, 'month')}")
    ax.set_ylabel(f"{fmt.currency} a day")
    _money_axis(ax, fmt)
    best = days.loc[days["units"].idxmax()]
    alt = (
        f"{fmt.money(result.amount(result.units))} over {len(days)} working days of"
        f" {fmt.text(result.month, 'month')}; the most is asked of each day of the third that holds"
        f" {fmt.text(best['date'], 'date')}: {fmt.money(result.amount(best['units']))}."
    )
    return finish(
        fig,
        title=f"{fmt.text(result.month, 'month')} day by day",
        alt=alt,
        note=f"{result.source} · {fmt.currency}",
    )


def key_results(result: Objectives, most: int = 16) -> Figure:
    """Progress of each key result as a bar, time gone as a mark."""
    from matplotlib.ticker import FuncFormatter

    from playbook.page.figures import BAD, GOOD, INKS, MUTED, WARN, canvas, finish

    fmt, rows = result.fmt, result.results.head(most)
    fig, ax = canvas(0.8 + 0.24 * len(rows))
    inks = {"reached": GOOD, "on course": INKS[2], "behind": WARN, "missed": BAD, "stale": MUTED}
    y = np.arange(len(rows))[::-1]
    score = rows["score"].astype(float).fillna(0.0)
    ax.barh(y, score, color=[inks[s] for s in rows["state"]], height=0.62)
    elapsed = rows["elapsed"].astype(float)
    ax.plot(elapsed, y, "|", color="#1d1d1f", markersize=10, markeredgewidth=1.6, label="time gone")
    for place, value, state in zip(y, score, rows["state"], strict=True):
        ax.annotate(
            f"{fmt.share(value, decimals=0)} {state}",
            (max(1.0, value), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
    ax.set_yticks(y, [short(name, 42) for name in rows["key_result"]])
    ax.set_xlim(0, 1.3)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.share(v, decimals=0)))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    told = "; ".join(
        f"{name} {fmt.share(value, decimals=0)}, {state}"
        for name, value, state in zip(rows["key_result"], score, rows["state"], strict=True)
    )
    more = f" · first {most} of {len(result.results)}" if len(result.results) > most else ""
    return finish(
        fig,
        title="Progress of the key results",
        alt=f"Progress against time gone: {told}.",
        note=f"progress from baseline to target, as of {fmt.text(result.as_of, 'date')}{more}",
    )


def replanned_months(result: Replan) -> Figure:
    """Months of the year: reached as bars, the plan and the two re-plans as lines over the months
    left.
    """
    from playbook.page.figures import INKS, canvas, finish

    fmt, months = result.fmt, result.months
    scale = 10**fmt.minor_digits
    x = np.arange(len(months))
    gone = months["actual"].notna().to_numpy()
    fig, ax = canvas(2.5)
    ax.bar(
        x[gone],
        months["actual"][gone].astype(float) / scale,
        color=INKS[0],
        width=0.7,
        label="reached",
    )
    ax.plot(x, months["plan"] / scale, color=INKS[3], linestyle="--", marker=".", label="plan")
    if (~gone).any():
        ax.plot(
            x[~gone],
            months["keep_year"][~gone] / scale,
            color=INKS[1],
            marker="o",
            label="keep the year",
        )
        ax.plot(
            x[~gone],
            months["keep_rate"][~gone] / scale,
            color=INKS[2],
            marker="s",
            label="keep the rate",
        )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, borderaxespad=0.2)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(f"{fmt.currency} a month")
    _money_axis(ax, fmt)
    _month_ticks(ax, list(months["month"]), fmt)
    rest = {
        o: fmt.money(result.money(months.loc[~gone, o].sum()))
        for o in ("plan", "keep_year", "keep_rate")
    }
    alt = (
        f"Of {len(months)} months {int(gone.sum())} are gone; the rest is planned at"
        f" {rest['plan']}, keeping the year asks {rest['keep_year']}, keeping the rate"
        f" {rest['keep_rate']}."
    )
    return finish(
        fig,
        title=f"The rest of {result.whole.name}, before and after",
        alt=alt,
        note=f"{fmt.currency} · as of {fmt.text(result.as_of, 'date')}",
    )


def concentration(result: Risk) -> Figure | None:
    """Cumulative share of the largest members, one line per dimension."""
    from matplotlib.ticker import FuncFormatter

    from playbook.page.figures import INKS, canvas, finish

    fmt = result.fmt
    if result.top.empty:
        return None
    fig, ax = canvas(2.3)
    told = []
    for (dimension, rows), ink, mark in zip(
        result.top.groupby("dimension", sort=True), INKS, "osD", strict=False
    ):
        ax.plot(
            range(1, len(rows) + 1),
            rows["share"].cumsum(),
            marker=mark,
            color=ink,
            label=f"by {dimension}",
        )
        told.append(
            f"the {len(rows)} largest by {dimension} hold {fmt.share(rows['share'].sum())}, the"
            f" first alone {fmt.share(rows['share'].iloc[0])}"
        )
    ax.legend(loc="center right")
    ax.set_ylim(0, 1.04)
    ax.set_xticks(range(1, int(result.top.groupby("dimension").size().max()) + 1))
    ax.set_xlabel("largest members taken together")
    ax.set_ylabel("share of sales")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.share(v, decimals=0)))
    return finish(
        fig,
        title="How much hangs on the largest",
        alt=f"Cumulative share of sales: {'; '.join(told)}.",
        note=f"net sales of the trailing 12 months · as of {fmt.text(result.as_of, 'date')}",
    )
