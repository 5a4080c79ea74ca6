"""Drawings of the steps: conversion by month and by member, open deals that are stuck."""

from __future__ import annotations

from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.funnel.dimension_words import dimension_word
from playbook.page.blocks import Figure

from .axes import month_axis, percent_axis, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def conversion_months(
    table: pd.DataFrame, cohorts: pd.DataFrame, fmt: Formats, as_of: date, months: int = 18
) -> Figure:
    """One panel per step: cohort rate with interval (young cohorts hollow) and the activity rate as
    a thin line.
    """
    from playbook.page import figures as page
    from playbook.page.notation import key_above

    steps = list(dict.fromkeys(table.step))
    year = table[table.window == "trailing_12m"].set_index("step")
    across = 2 if len(steps) in (2, 4) else min(3, len(steps))  # no panel alone on its line
    down = -(-len(steps) // across)
    fig, axes = page.canvas(height=0.4 + 2.0 * down, columns=across, rows=down, squeeze=False)
    rates = []
    for ax, step in zip(axes.flat, steps, strict=False):
        rows = cohorts[cohorts.step == step].tail(months).reset_index(drop=True)
        _cohort_panel(ax, rows, page)
        ax.set_title(short(named(step), 30), loc="left")
        now = year.loc[step]
        rates.append(
            say(
                "{step} {rate} by cohort and {activity} by activity",
                step=named(step),
                rate=fmt.share(now["rate"]),
                activity=fmt.share(now["activity"]),
            )
        )
    for ax in list(axes.flat)[len(steps) :]:
        ax.set_visible(False)
    axes[0, 0].set_ylabel(say("passed on"))
    key_above(axes[0, 0], 3)
    axes[0, 0].set_title(axes[0, 0].get_title(loc="left"), loc="left", pad=16)
    note = say(
        "Share of deals by month of entry; bars Wilson 95 %; hollow = young"
        " cohort, not in any rate; activity above 125 % not drawn; as of"
        " {as_of}",
        as_of=fmt.text(as_of, "date"),
    )
    return page.finish(
        fig,
        title=say("Conversion from stage to stage, month by month"),
        note=note,
        alt=say(
            "Monthly conversion of {steps} steps; last 12 months: {rates}.",
            steps=len(steps),
            rates=joined(rates, "; "),
        ),
    )


def _cohort_panel(ax: Axes, rows: pd.DataFrame, page: ModuleType) -> None:
    x = np.arange(len(rows))
    mature = rows.mature.to_numpy(bool)
    rate, low, high = rows.rate.to_numpy(float), rows.low.to_numpy(float), rows.high.to_numpy(float)
    activity = np.where(rows.activity > 1.25, np.nan, rows.activity)
    ax.plot(x, activity, color=page.INKS[1], linewidth=1, linestyle="--", label=say("by activity"))
    ax.vlines(x, low, high, color=page.INKS[0], linewidth=0.8, alpha=0.6)
    ax.plot(x[mature], rate[mature], "o", color=page.INKS[0], label=say("by cohort"))
    ax.plot(
        x[~mature],
        rate[~mature],
        "o",
        markerfacecolor="white",
        markeredgecolor=page.INKS[0],
        label=say("young cohort"),
    )
    ax.set_ylim(0, max(1.0, float(np.nanmax(activity, initial=0)) * 1.05))
    percent_axis(ax.yaxis)
    month_axis(ax, list(rows.month), most=4)


def steps_heat(table: pd.DataFrame, dimension: str, span: str, fmt: Formats, as_of: date) -> Figure:
    """Members × steps, shaded by the shrunk rate; the own rate written in, with n. span: of which
    months the cohorts are, as words.
    """
    from playbook.page import figures as page
    from playbook.page.axes import SHADES

    steps = list(dict.fromkeys(table.step))
    sizes = table.groupby("label").entered.max().sort_values(ascending=False, kind="stable")
    labels = list(sizes.index[:18])
    fig, ax = page.canvas(height=0.8 + 0.26 * len(labels))
    shrunk = table.pivot_table(index="label", columns="step", values="shrunk").reindex(
        index=labels, columns=steps
    )
    own = table.set_index(["label", "step"])
    ax.pcolormesh(
        shrunk.to_numpy(float), cmap=SHADES, vmin=0, vmax=1.3, edgecolors="white", linewidth=1.5
    )
    for i, label in enumerate(labels):
        for j, step in enumerate(steps):
            if (label, step) in own.index and own.entered[label, step]:
                dark = shrunk.iloc[i, j] > 0.75
                ax.text(
                    j + 0.5,
                    i + 0.5,
                    say(
                        "{rate}  ({entered:,})",
                        rate=fmt.share(own.rate[label, step], decimals=0),
                        entered=own.entered[label, step],
                    ),
                    ha="center",
                    va="center",
                    fontsize=7.5,
                    color="white" if dark else page.INKS[0],
                )
    ax.set_xticks(np.arange(len(steps)) + 0.5, [_step_label(s, len(steps)) for s in steps])
    ax.set_yticks(np.arange(len(labels)) + 0.5, [short(x, 24) for x in labels])
    ax.invert_yaxis()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    word = dimension_word(dimension)
    low = table.sort_values(["shrunk", "label"]).iloc[0]
    return page.finish(
        fig,
        title=_ends_said(table, word, fmt),
        alt=(
            say(
                "Share passed by {word} and step; lowest {label}, {step}, {rate} of {entered}.",
                word=word,
                label=low.label,
                step=low.step,
                rate=fmt.share(low.rate),
                entered=fmt.count(low.entered),
            )
        ),
        note=(
            say(
                "Share passed (deals entered); the shade of a small group lies"
                " nearer to that of all; mature cohorts of {span}; as of {as_of}",
                span=span,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def _ends_said(table: pd.DataFrame, word: str, fmt: Formats) -> str:
    """The step whose members lie furthest apart, with its ends, as a title."""
    known = table[table.entered > 0]
    ends = known.groupby("step", sort=False).shrunk.agg(["min", "max"])
    step = str((ends["max"] - ends["min"]).idxmax())
    rows = known[known.step == step].sort_values(["shrunk", "label"])
    low, high = rows.iloc[0], rows.iloc[-1]
    return say(
        "{step} by {word}: {high} pass ({high_name}), {low} pass ({low_name})",
        step=named(step),
        word=word,
        high=fmt.share(high.rate),
        high_name=named(high.label),
        low=fmt.share(low.rate),
        low_name=named(low.label),
    )


STEP_LABELS = 84  # characters that stand beside each other below a figure


def _step_label(step: str, n: int) -> str:
    """A step named below one of ``n`` columns: its two stages under each other where they are
    long.
    """
    most = max(8, STEP_LABELS // n)
    if len(step) <= most:
        return step
    first, arrow, last = step.partition("→")
    if not arrow:
        return short(step, most - 1)
    return f"{short(first, most - 2)}{arrow}\n{short(last, most - 1)}"


def stuck_stages(stages: pd.DataFrame, percentile: float, fmt: Formats, as_of: date) -> Figure:
    """Open deals per stage: moving, and stuck."""
    from playbook.page import figures as page
    from playbook.page.notation import key_above

    fig, ax = page.canvas(height=0.9 + 0.33 * len(stages))
    y = np.arange(len(stages))[::-1]
    ax.barh(y, stages.open - stages.stuck, color=page.INKS[0], label=say("moving"), height=0.6)
    ax.barh(
        y,
        stages.stuck,
        left=stages.open - stages.stuck,
        color=page.BAD,
        label=say("stuck"),
        height=0.6,
    )
    for place, row in zip(y, stages.itertuples(), strict=True):
        ax.annotate(
            say(" {stuck:,} of {open:,}", stuck=row.stuck, open=row.open),
            (row.open, place),
            va="center",
        )
    ax.set_yticks(y, [short(s) for s in stages.stage])
    ax.set_xlim(0, max(stages.open) * 1.2)
    ax.set_xlabel(say("open deals"))
    key_above(ax)
    said = joined(
        (
            say("{stage} {stuck:,} of {open:,}", stage=r.stage, stuck=r.stuck, open=r.open)
            for r in stages.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say("Open deals by stage, and how many are stuck"),
        alt=say("Stuck open deals by stage: {said}.", said=said),
        note=(
            say(
                "Open deals; stuck = longer in the stage than {percentile} of 100"
                " that advanced; as of {as_of}",
                percentile=fmt.text(percentile * 100, "count"),
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
