"""Drawings of the pilot: what a length would show, and how the groups went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say
from playbook.page.blocks import Figure


def power_lines(
    power: pd.DataFrame,
    labels: Mapping[str, str],
    fmt: Formats,
    *,
    take: int,
    groups: int,
    as_of: date,
) -> Figure:
    """Smallest effect seen, in multiples of the effect wanted, by length and outcome.

    power: outcome, months, detectable, scaled, unit. labels: outcome → name, in order of drawing.
    take: groups piloted, of ``groups``.
    """
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    from playbook.page import figures as page
    from playbook.page.notation import name_series

    fig, ax = page.canvas(height=2.8)
    known = power[power.scaled.notna()]
    for i, outcome in enumerate(o for o in labels if (known.outcome == o).any()):
        rows = known[known.outcome == outcome]
        ax.plot(
            rows.months,
            rows.scaled,
            color=page.INKS[i % len(page.INKS)],
            marker="osD^"[i % 4],
            label=labels[outcome],
        )
    ax.axhline(1, color=page.BAD, linestyle=(0, (4, 2)), linewidth=1.2, label=say("effect wanted"))
    ax.set_yscale("log")
    top = float(known.scaled.max())
    ax.yaxis.set_major_locator(
        FixedLocator([v for v in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100) if v <= top * 1.3 or v <= 1])
    )
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g} ×"))
    ax.set_xticks(
        sorted(known.months.unique()),
        [plural(int(m), "month") for m in sorted(known.months.unique())],
    )
    ax.set_ylabel(say("smallest effect seen ÷ wanted"))
    name_series(ax)
    texts = joined(
        (
            say(
                "{label} in {months} {detectable}",
                label=labels[r.outcome].lower(),
                months=plural(int(r.months), "month"),
                detectable=fmt.text(r.detectable, r.unit),
            )
            for r in known.itertuples()
        ),
        "; ",
    )
    return page.finish(
        fig,
        title=say("What a pilot of that length could show"),
        alt=(
            say(
                "Lines by outcome over the length of the pilot, in multiples of the"
                " effect wanted: {texts}.",
                texts=texts,
            )
        ),
        note=(
            say(
                "80 % power; {take} of {groups} groups; below the dashed line the"
                " effect wanted is seen · from contrasts in the history that no"
                " pilot caused · as of {as_of}",
                take=take,
                groups=groups,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def pilot_paths(
    paths: pd.DataFrame, fmt: Formats, *, starts: date, months: int, as_of: date
) -> Figure:
    """Sales of the piloted groups and of the others, relative to the span before.

    paths: month (YYYY-MM), pilot, others [ratio]. starts: first day of the pilot. months: length
    of the span before.
    """
    from playbook.page import charts
    from playbook.page import figures as page

    fig, ax = page.canvas(height=2.6)
    charts.lines(
        ax,
        paths.month.tolist(),
        {
            say("others", context="groups"): paths.others.tolist(),
            say("pilot"): paths.pilot.tolist(),
        },
    )
    start = paths.month.tolist().index(f"{starts:%Y-%m}")
    ax.axvline(start - 0.5, color=page.INKS[1], linestyle=(0, (4, 2)), linewidth=1)
    ax.axhline(1, color=page.RULE, linewidth=0.8)
    ax.set_ylabel(say("sales ÷ mean before"))
    last = paths.iloc[-1]
    return page.finish(
        fig,
        title=say("Piloted groups and the others"),
        alt=(
            say(
                "Two lines over {paths} months; in {month} the pilot stands at"
                " {pilot:.2f} of its mean before, the others at {others:.2f}.",
                paths=len(paths),
                month=last.month,
                pilot=last.pilot,
                others=last.others,
            )
        ),
        note=(
            say(
                "each group relative to its own mean in the {months} months before;"
                " dashed: first day of the pilot · as of {as_of}",
                months=months,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
