"""Drawings of the funnel: from a result's frame to a figure with a generated text alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playbook.page.blocks import Figure

if TYPE_CHECKING:
    from playbook.funnel.meeting.dashboard import Dashboard
    from playbook.funnel.places.groups import StepsBy
    from playbook.funnel.steps.before_after import BeforeAfter
    from playbook.funnel.steps.conversion import Conversion
    from playbook.funnel.steps.cycle import Cycle
    from playbook.funnel.steps.outcomes import WinRate
    from playbook.funnel.steps.stuck import Stuck


ENDS = 8  # members drawn from each end of a long ranking: a figure that fits below its text


def short(text: str, most: int = 18) -> str:
    """A name that fits beside an axis; wide (Chinese) characters count double."""
    width, kept = 0, []
    for letter in str(text):
        width += 2 if ord(letter) > 0x2E7F else 1
        if width > most:
            return "".join(kept).rstrip() + "…"
        kept.append(letter)
    return "".join(kept)


def month_axis(ax, months: list[str], most: int = 6) -> None:
    """Months on the x axis, at most ``most`` labels, the last one always there."""
    import calendar

    every = max(1, -(-len(months) // most))
    places = list(range(len(months) - 1, -1, -every))[::-1]
    ax.set_xticks(
        places, [f"{calendar.month_abbr[int(months[i][5:7])]}\n{months[i][:4]}" for i in places]
    )
    ax.set_xlim(-0.6, len(months) - 0.4)


def percent_axis(axis) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v * 100:g} %"))


def conversion_months(result: Conversion, months: int = 18) -> Figure:
    """One panel per step: cohort rate with interval (young cohorts hollow) and the activity rate as
    a thin line.
    """
    from playbook.page import figures as page

    steps = result.steps
    across = 2 if len(steps) in (2, 4) else min(3, len(steps))  # no panel alone on its line
    down = -(-len(steps) // across)
    fig, axes = page.canvas(height=0.4 + 2.0 * down, columns=across, rows=down, squeeze=False)
    told = []
    for ax, step in zip(axes.flat, steps, strict=False):
        rows = result.cohorts[result.cohorts.step == step].tail(months).reset_index(drop=True)
        _cohort_panel(ax, rows, page)
        ax.set_title(short(step, 30), loc="left")
        now = result.step(step)
        told.append(
            f"{step} {result.fmt.share(now['rate'])} by cohort and"
            f" {result.fmt.share(now['activity'])} by activity"
        )
    for ax in list(axes.flat)[len(steps) :]:
        ax.set_visible(False)
    axes[0, 0].legend(loc="best")
    axes[0, 0].set_ylabel("passed on")
    note = (
        "Share of deals by month of entry; bars Wilson 95 %; hollow = young cohort, not in any"
        f" rate; activity above 125 % not drawn; as of {result.fmt.text(result.as_of, 'date')}"
    )
    return page.finish(
        fig,
        title="Conversion from stage to stage, month by month",
        note=note,
        alt=f"Monthly conversion of {len(steps)} steps; last 12 months: {'; '.join(told)}.",
    )


def _cohort_panel(ax, rows, page) -> None:
    x = np.arange(len(rows))
    mature = rows.mature.to_numpy(bool)
    rate, low, high = rows.rate.to_numpy(float), rows.low.to_numpy(float), rows.high.to_numpy(float)
    activity = np.where(rows.activity > 1.25, np.nan, rows.activity)
    ax.plot(x, activity, color=page.INKS[1], linewidth=1, linestyle="--", label="by activity")
    ax.vlines(x, low, high, color=page.INKS[0], linewidth=0.8, alpha=0.6)
    ax.plot(x[mature], rate[mature], "o", color=page.INKS[0], label="by cohort")
    ax.plot(
        x[~mature],
        rate[~mature],
        "o",
        markerfacecolor="white",
        markeredgecolor=page.INKS[0],
        label="young cohort",
    )
    ax.set_ylim(0, max(1.0, float(np.nanmax(activity, initial=0)) * 1.05))
    percent_axis(ax.yaxis)
    month_axis(ax, list(rows.month), most=4)


def win_rate_months(result: WinRate) -> Figure | None:
    """Narrow win rate by closing month with interval, and the deals it rests on."""
    from playbook.page import figures as page

    rows = result.monthly.tail(18).reset_index(drop=True)
    if rows.empty:
        return None
    fig, (top, bottom) = page.canvas(
        height=3.0, rows=2, sharex=True, gridspec_kw={"height_ratios": [3, 1.4]}
    )
    x = np.arange(len(rows))
    solid = (rows.won + rows.lost >= result.small).to_numpy()
    top.vlines(
        x,
        rows.low.astype(float),
        rows.high.astype(float),
        color=page.INKS[0],
        linewidth=0.9,
        alpha=0.6,
    )
    top.plot(x[solid], rows.narrow[solid], "o", color=page.INKS[0], label="won ÷ decided")
    if not solid.all():
        top.plot(
            x[~solid],
            rows.narrow[~solid],
            "o",
            markerfacecolor="white",
            markeredgecolor=page.INKS[0],
            label=f"fewer than {result.small} deals",
        )
    overall = result.rate("trailing_12m").value
    if overall is not None:
        top.axhline(
            overall, color=page.INKS[1], linewidth=1, linestyle="--", label="last 12 months"
        )
    top.set_ylim(0, 1)
    percent_axis(top.yaxis)
    top.set_ylabel("won")
    page.legend_right(top)
    bottom.bar(x, rows.won, color=page.INKS[0], width=0.7, label="won")
    bottom.bar(x, rows.lost, bottom=rows.won, color=page.RULE, width=0.7, label="lost")
    bottom.set_ylabel("deals")
    page.legend_right(bottom)
    month_axis(bottom, list(rows.month), most=9)
    last = rows.iloc[-1]
    alt = (
        f"Win rate of decided deals over {len(rows)} months; last month"
        f" {result.fmt.share(last.narrow)} of {result.fmt.count(last.won + last.lost)}, last 12"
        f" months {result.fmt.share(overall)}."
    )
    note = (
        "Share of decided deals by closing month, Wilson 95 %; deals decided below; as of"
        f" {result.fmt.text(result.as_of, 'date')}"
    )
    return page.finish(fig, title="Win rate of decided deals by closing month", alt=alt, note=note)


def win_rate_groups(result: WinRate, dimension: str) -> Figure | None:
    """Members ranked: own rate with interval, the rate drawn to the whole beside it, the common
    rate as a line.
    """
    from playbook.page import figures as page

    rows = result.of(dimension)
    rows = rows[rows.won + rows.lost > 0]
    if rows.empty:
        return None
    shown = (
        rows
        if len(rows) <= 2 * ENDS
        else rows.iloc[[*range(ENDS), *range(len(rows) - ENDS, len(rows))]]
    )
    fig, ax = page.canvas(height=0.8 + 0.19 * max(4, len(shown)))
    y = np.arange(len(shown))[::-1]
    ax.hlines(
        y,
        shown.low.astype(float),
        shown.high.astype(float),
        color=page.INKS[0],
        linewidth=0.8,
        alpha=0.6,
    )
    ax.plot(shown.narrow.astype(float), y, "o", color=page.INKS[0], label="own rate")
    ax.plot(shown.shrunk, y, "D", color=page.INKS[1], markersize=3.5, label="for ranking")
    overall = result.rate("trailing_12m").value
    if overall is not None:
        ax.axvline(overall, color=page.MUTED, linewidth=0.9, linestyle="--", label="all deals")
    ax.set_yticks(
        y,
        [
            f"{short(name, 22)}  ({won + lost:,})"
            for name, won, lost in zip(shown.label, shown.won, shown.lost, strict=True)
        ],
    )
    ax.set_xlim(0, 1)
    percent_axis(ax.xaxis)
    ax.set_xlabel("won of decided deals")
    page.legend_right(ax)
    word = dimension.replace("_", " ")
    first, last = shown.iloc[0], shown.iloc[-1]
    alt = (
        f"Win rate by {word}, {len(rows)} members, ranked; first {first.label}"
        f" {result.fmt.share(first.narrow)}, last {last.label} {result.fmt.share(last.narrow)}, all"
        f" {result.fmt.share(overall)}."
    )
    cut = "" if len(shown) == len(rows) else f"; first and last {ENDS} of {len(rows)}"
    note = (
        f"Decided deals of the last 12 months (n in brackets), Wilson 95 %{cut}; as of"
        f" {result.fmt.text(result.as_of, 'date')}"
    )
    return page.finish(fig, title=f"Win rate by {word}", alt=alt, note=note)


def cycle_curves(result: Cycle) -> Figure | None:
    """Chance of won, lost and still open by day; the usual report's curve thin beside it."""
    from playbook.page import figures as page

    curve = result.curve
    if not len(curve.days):
        return None
    end = min(float(curve.days[-1]), 2.0 * max(result.chances.day))
    x = np.concatenate([[0], curve.days, [end]])

    def stairs(values):
        return np.concatenate([[0], values, values[-1:]])

    fig, ax = page.canvas(height=2.7)
    ax.fill_between(
        x,
        stairs(curve.low),
        stairs(curve.high),
        step="post",
        color=page.INKS[0],
        alpha=0.15,
        linewidth=0,
    )
    ax.step(x, stairs(curve.value), where="post", color=page.INKS[0], label="won")
    ax.step(x, stairs(result.lost_curve.value), where="post", color=page.INKS[3], label="lost")
    ax.step(
        x,
        stairs(result.naive.value),
        where="post",
        color=page.INKS[1],
        linewidth=1,
        linestyle="--",
        label="won, losses taken\nas still open",
    )
    ax.set_xlim(0, end)
    ax.set_ylim(0, 1)
    percent_axis(ax.yaxis)
    ax.set_xlabel("days since creation")
    ax.set_ylabel("deals")
    page.legend_right(ax)
    known = result.chances[(result.chances.window == "all") & result.chances.value.notna()]
    said = "; ".join(f"{result.fmt.share(r.value)} within {r.day} days" for r in known.itertuples())
    note = (
        f"Share of {result.fmt.count(curve.n)} deals, all data; band 95 %; open deals count as long"
        f" as they were watched; as of {result.fmt.text(result.as_of, 'date')}"
    )
    return page.finish(
        fig,
        title="Chance that a deal is won, by days since creation",
        alt=f"Rising curves of deals won and lost by age; won: {said or 'not known'}.",
        note=note,
    )


def stuck_stages(result: Stuck) -> Figure:
    """Open deals per stage: moving, and stuck."""
    from playbook.page import figures as page

    rows = result.stages
    fig, ax = page.canvas(height=0.9 + 0.33 * len(rows))
    y = np.arange(len(rows))[::-1]
    ax.barh(y, rows.open - rows.stuck, color=page.INKS[2], label="moving", height=0.6)
    ax.barh(
        y, rows.stuck, left=rows.open - rows.stuck, color=page.INKS[1], label="stuck", height=0.6
    )
    for place, row in zip(y, rows.itertuples(), strict=True):
        ax.annotate(f" {row.stuck:,} of {row.open:,}", (row.open, place), va="center")
    ax.set_yticks(y, [short(s) for s in rows.stage])
    ax.set_xlim(0, max(rows.open) * 1.2)
    ax.set_xlabel("open deals")
    page.legend_right(ax)
    said = "; ".join(f"{r.stage} {r.stuck:,} of {r.open:,}" for r in rows.itertuples())
    return page.finish(
        fig,
        title="Open deals by stage, and how many are stuck",
        alt=f"Stuck open deals by stage: {said}.",
        note=(
            "Open deals; stuck = longer in the stage than"
            f" {result.fmt.text(result.percentile * 100, 'count')} of 100 that advanced; as of"
            f" {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def before_after_curves(result: BeforeAfter) -> Figure:
    """Chance of a win by age, deals created before and after."""
    from playbook.page import figures as page

    fig, ax = page.canvas(height=2.4)
    said = []
    for curve, word, ink, line in (
        (result.before, "before", page.INKS[3], "--"),
        (result.after, "after", page.INKS[0], "-"),
    ):
        x, y = np.concatenate([[0], curve.days]), np.concatenate([[0], curve.value])
        ax.fill_between(
            np.concatenate([[0], curve.days]),
            np.concatenate([[0], curve.low]),
            np.concatenate([[0], curve.high]),
            step="post",
            color=ink,
            alpha=0.15,
            linewidth=0,
        )
        ax.step(x, y, where="post", color=ink, linestyle=line, label=word)
        said.append(f"{word} up to {result.fmt.share(float(curve.value[-1]))}")
    ax.set_xlim(0, min(float(result.before.days[-1]), float(result.after.days[-1])))
    ax.set_ylim(0, None)
    percent_axis(ax.yaxis)
    ax.set_xlabel("days since creation")
    ax.set_ylabel("won")
    page.legend_right(ax)
    return page.finish(
        fig,
        title=(
            "Chance of a win, deals created before and after"
            f" {result.fmt.text(result.since, 'month')}"
        ),
        alt=f"Two rising curves of deals won by age: {'; '.join(said)}.",
        note=(
            f"Band 95 %; {result.months} months on each side; as of"
            f" {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def dashboard_panels(result: Dashboard, across: int = 4) -> Figure:
    """A small line per indicator with its usual range; the last month as a dot."""
    from playbook.page import figures as page

    rows = result.table
    down = -(-len(rows) // across)
    fig, axes = page.canvas(height=0.3 + 1.15 * down, columns=across, rows=down, squeeze=False)
    tones = {"better": page.GOOD, "worse": page.BAD}
    for ax, row in zip(axes.flat, rows.itertuples(), strict=False):
        line = result.series[row.indicator]
        if row.low == row.low:
            ax.axhspan(row.low, row.high, color=page.RULE, alpha=0.6, linewidth=0)
        ax.plot(line, color=page.INKS[0], linewidth=1)
        ax.plot(
            len(line) - 1,
            line[-1],
            "o" if row.alert in ("as usual", "too little history") else "D",
            color=tones.get(row.alert, page.INKS[0]),
        )
        ax.set_title(
            short(row.indicator.removesuffix(" by activity"), 24), loc="left", fontsize=7.5
        )
        ax.set_xticks([])
        ax.set_yticks([])
        ax.annotate(
            result.fmt.text(row.value, row.unit, compact=row.unit == "money"),
            (0.98, 0.03),
            xycoords="axes fraction",
            ha="right",
            fontsize=7.5,
        )
        ax.margins(x=0.08, y=0.25)
    for ax in list(axes.flat)[len(rows) :]:
        ax.set_visible(False)
    said = "; ".join(
        f"{r.indicator} {result.fmt.text(r.value, r.unit, compact=r.unit == 'money')} ({r.alert})"
        for r in rows.itertuples()
    )
    return page.finish(
        fig,
        title="Indicators of 13 months, each with its usual range",
        alt=f"Small lines of {len(rows)} indicators: {said}.",
        note=(
            f"{result.months[0]} to {result.months[-1]}; grey = usual range from the 12 months"
            f" before; diamond = outside it; as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )


def steps_heat(result: StepsBy) -> Figure:
    """Members × steps, shaded by the rate drawn to the whole; the own rate written in, with n."""
    from playbook.page import figures as page

    steps = list(dict.fromkeys(result.table.step))
    sizes = result.table.groupby("label").entered.max().sort_values(ascending=False, kind="stable")
    labels = list(sizes.index[:18])
    fig, ax = page.canvas(height=0.8 + 0.26 * len(labels))
    shrunk = result.table.pivot_table(index="label", columns="step", values="shrunk").reindex(
        index=labels, columns=steps
    )
    own = result.table.set_index(["label", "step"])
    ax.pcolormesh(
        shrunk.to_numpy(float), cmap="Blues", vmin=0, vmax=1.3, edgecolors="white", linewidth=1.5
    )
    for i, label in enumerate(labels):
        for j, step in enumerate(steps):
            if (label, step) in own.index and own.entered[label, step]:
                dark = shrunk.iloc[i, j] > 0.75
                ax.text(
                    j + 0.5,
                    i + 0.5,
                    f"{result.fmt.share(own.rate[label, step], decimals=0)} "
                    f" ({own.entered[label, step]:,})",
                    ha="center",
                    va="center",
                    fontsize=7.5,
                    color="white" if dark else "#1d1d1f",
                )
    ax.set_xticks(np.arange(len(steps)) + 0.5, steps)
    ax.set_yticks(np.arange(len(labels)) + 0.5, [short(x, 24) for x in labels])
    ax.invert_yaxis()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    word = result.dimension.replace("_", " ")
    low = result.table.sort_values(["shrunk", "label"]).iloc[0]
    return page.finish(
        fig,
        title=f"Each step by {word}",
        alt=(
            f"Share passed by {word} and step; lowest {low.label}, {low.step},"
            f" {result.fmt.share(low.rate)} of {result.fmt.count(low.entered)}."
        ),
        note=(
            "Share passed (deals entered); shade = rate drawn to the whole; mature cohorts of 12"
            f" months; as of {result.fmt.text(result.as_of, 'date')}"
        ),
    )
