"""Rates with their intervals, drawn one line per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.page import Figure

Dot = tuple[str, float, float, float, int]  # group, rate, low, high, n


def retention_dots(table: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """Share of customers kept per value tier. table: a frame of ``RetentionTiers``."""
    rows = [
        (fmt.text(r["tier"], "tier"), r["retention"], r["low"], r["high"], int(r["customers"]))
        for r in table.to_dict("records")
        if r["customers"]
    ]
    return dots(
        rows,
        fmt,
        say("customers kept from the year before"),
        say("Customers kept, by value tier of the year before"),
        note,
    )


def renewal_dots(table: pd.DataFrame, note: str, fmt: Formats) -> Figure:
    """Share of contracts renewed per group. table: a frame of ``RenewalGroups``."""
    rows = [
        (group_word(r, fmt), r["rate"], r["low"], r["high"], int(r["due"]))
        for r in table.to_dict("records")
        if r["due"]
    ]
    return dots(
        rows,
        fmt,
        say("contracts renewed of those due"),
        say("Renewal rate by value tier and customer type"),
        note,
    )


def group_word(row: Mapping[str, Any], fmt: Formats) -> str:
    """The name of a group (columns by, group): of a value tier, a customer type, or All."""
    return fmt.text(row["group"], "tier" if row["by"] == "tier" else "name")


def dots(rows: Sequence[Dot], fmt: Formats, axis: str, title: str, note: str) -> Figure:
    """A point and its interval per row, with the number of cases written beside it."""
    from playbook.page.charts import short
    from playbook.page.figures import INKS, RULE, canvas, finish

    fig, ax = canvas(height=0.8 + 0.3 * max(len(rows), 1))
    for i, (_, value, low, high, n) in enumerate(rows):
        ax.plot([low, high], [i, i], color=INKS[2], linewidth=3, solid_capstyle="round")
        ax.plot(value, i, "o", color=INKS[0])
        ax.text(1.02, i, f"{fmt.share(value)}  n = {fmt.count(n)}", va="center", fontsize=7.5)
        ax.hlines(i, 0, 1, color=RULE, linewidth=0.4, zorder=0)
    ax.set_yticks(range(len(rows)), [short(named(name)) for name, *_ in rows])
    ax.set(
        xlim=(0, 1.28),
        ylim=(len(rows) - 0.4, -0.6),
        xlabel=say("share of {axis}, 95 % interval", axis=axis),
    )
    ax.set_xticks(
        [0, 0.25, 0.5, 0.75, 1.0],
        [fmt.share(tick, decimals=0) for tick in (0, 0.25, 0.5, 0.75, 1.0)],
    )
    said = joined(
        (
            say(
                "{name}: {v} ({lo}, n = {n})",
                name=named(name),
                v=fmt.share(v),
                lo=fmt.interval(lo, hi, "share"),
                n=fmt.count(n),
            )
            for name, v, lo, hi, n in rows
        ),
        "; ",
    )
    return finish(
        fig,
        title=title,
        alt=say("{axis}, with 95 % intervals. {said}.", axis=axis.capitalize(), said=said),
        note=note,
    )
