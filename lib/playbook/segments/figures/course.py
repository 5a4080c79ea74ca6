"""Segments and revenue over time, drawn: sizes month by month, and the bridge between two years."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say, term
from playbook.page import Figure


def size_lines(groups: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """Customers per month in each group of segments. groups: months in rows, groups in columns."""
    from playbook.page.charts import number_axis
    from playbook.page.figures import canvas, finish
    from playbook.page.line_charts import lines

    months = [str(month) for month in groups.index]
    fig, ax = canvas(height=2.6)
    lines(ax, months, {term(name): groups[name].tolist() for name in groups})
    ax.set_ylim(bottom=0)
    ax.set_xlim(right=(len(months) - 1) * 1.22)
    ax.set_ylabel(say("customers"))
    number_axis(ax, fmt, "count")
    said = joined(
        (
            say(
                "{name} {groups} to {groups_2}",
                name=term(name),
                groups=fmt.count(groups[name].iloc[0]),
                groups_2=fmt.count(groups[name].iloc[-1]),
            )
            for name in groups
        ),
        "; ",
    )
    alt = say(
        "Customers from {months} to {months_2}: {said}.",
        months=months[0],
        months_2=months[-1],
        said=said,
    )
    near = groups.iloc[:, 0].fillna(0)
    title = say(
        "{customers} customers {group}, {change} since {month}",
        customers=fmt.count(near.iloc[-1]),
        group=term(groups.columns[0]),
        change=fmt.text(int(near.iloc[-1] - near.iloc[0]), "count", sign=True),
        month=months[0],
    )
    return finish(fig, title=title, alt=alt, note=note)


def bridge_bars(
    names: Sequence[str], steps: Sequence[float], start: float, note: str, fmt: Formats
) -> Figure:
    """A waterfall from the revenue of the year before over signed steps to that of the 12 months
    [currency].
    """
    from playbook.page.charts import waterfall
    from playbook.page.figures import canvas, finish

    fig, ax = canvas(height=2.9)
    ends = (say("Year before"), say("Trailing 12 months"))
    waterfall(ax, names, steps, start, fmt, "money", start_label=ends[0], end_label=ends[1])
    said = joined(
        f"{name} {fmt.money(value, compact=True, sign=True)}"
        for name, value in zip(names, steps, strict=True)
    )
    alt = say(
        "From {start}: {said}, to {start_2}.",
        start=fmt.money(start, compact=True),
        said=said,
        start_2=fmt.money(start + sum(steps)),
    )
    return finish(fig, title=say("From last year's revenue to this year's"), alt=alt, note=note)
