"""Figures of the plan: the year by month and the month by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.methods.apportionment import from_units
from playbook.page import Figure

from .axes import money_axis, month_ticks, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def decomposition_months(
    cross: pd.DataFrame,
    due: pd.Series,
    amount: float,
    year: str,
    source: str,
    fmt: Formats,
    as_of: date,
) -> Figure:
    """The year's figure by month, stacked by member of the first dimension.

    cross: members × months in minor units, or empty; due: share of the amount by month; source:
    where these shares come from.
    """
    from playbook.page.figures import INKS, canvas, finish
    from playbook.page.notation import PL, columns, name_series

    scale = 10**fmt.minor_digits
    fig, ax = canvas(2.6)
    months = list(due.index)
    if cross.empty:
        columns(ax, range(len(months)), due.to_numpy() * amount, PL)
    else:
        _stack(ax, cross / scale, INKS)
    ax.set_ylabel(say("{currency} a month", currency=fmt.currency))
    money_axis(ax, fmt)
    month_ticks(ax, months)
    name_series(ax)
    high = int(np.argmax(due.to_numpy()))
    low = int(np.argmin(due.to_numpy()))
    alt = say(
        "{amount} for {year} by month: most in {months} ({due}), least in {months_2} ({due_2}).",
        amount=fmt.money(amount),
        year=year,
        months=fmt.text(months[high], "month"),
        due=fmt.share(due.iloc[high]),
        months_2=fmt.text(months[low], "month"),
        due_2=fmt.share(due.iloc[low]),
    )
    return finish(
        fig,
        title=say(
            "{amount} for {year}: most due in {high} ({most}), least in {low} ({least})",
            amount=fmt.money(amount, compact=True),
            year=year,
            high=fmt.text(months[high], "month"),
            most=fmt.share(due.iloc[high]),
            low=fmt.text(months[low], "month"),
            least=fmt.share(due.iloc[low]),
        ),
        alt=alt,
        note=(
            say(
                "curve: {source} · {currency} · as of {as_of}",
                source=source,
                currency=fmt.currency,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def _stack(ax: Axes, frame: pd.DataFrame, inks: Sequence[str], most: int = 5) -> None:
    """Bars stacked by row; beyond ``most`` members the smaller ones are one grey part."""
    from playbook.page.figures import RULE
    from playbook.page.notation import stacked

    size = frame.sum(axis=1)
    big = (
        list(size.sort_values(ascending=False, kind="stable").index[:most])
        if len(frame) > most + 1
        else list(frame.index)
    )
    rest = frame.drop(index=big).sum(axis=0)
    base = np.zeros(frame.shape[1])
    parts = [
        (shortened(str(m)), frame.loc[m].to_numpy(dtype=float), inks[i % len(inks)])
        for i, m in enumerate(big)
    ]
    if len(big) < len(frame):
        parts.append((say("{n} others", n=len(frame) - len(big)), rest.to_numpy(dtype=float), RULE))
    for label, values, ink in parts:
        stacked(ax, values, base, ink, label=label)
        base = base + values
    ax.set_ylim(bottom=0)


def phasing_days(
    days: pd.DataFrame, month: Month, units: int, source: str, thirds: Sequence[str], fmt: Formats
) -> Figure:
    """Target of each working day of a month, each ten-day third named.

    days: date, third (1 to 3), units [minor units]; units: the month's sum; thirds: their names.
    """
    from playbook.page.figures import canvas, finish
    from playbook.page.notation import BARS, PL

    scale = 10**fmt.minor_digits
    fig, ax = canvas(2.2)
    for third in (1, 2, 3):
        rows = days[days["third"] == third]
        ax.bar(
            [day.day for day in rows["date"]],
            rows["units"] / scale,
            width=0.75,
            **BARS[PL],
        )
        if len(rows):
            ax.annotate(
                thirds[third - 1],
                (rows["date"].iloc[0].day - 0.4, rows["units"].max() / scale),
                xytext=(0, 3),
                textcoords="offset points",
                fontsize=7.5,
            )
    ax.set_xticks([day.day for day in days["date"]])
    ax.set_xlim(0.2, month.end.day + 0.8)
    ax.margins(y=0.14)
    ax.set_xlabel(say("working day of {month}", month=fmt.text(month, "month")))
    ax.set_ylabel(say("{currency} a day", currency=fmt.currency))
    money_axis(ax, fmt)
    best = days.loc[days["units"].idxmax()]
    most = fmt.money(from_units(best["units"], fmt.minor_digits))
    alt = say(
        "{from_units} over {days} working days of {month}; the most is asked"
        " of each day of the third that holds {date}: {most}.",
        from_units=fmt.money(from_units(units, fmt.minor_digits)),
        days=len(days),
        month=fmt.text(month, "month"),
        date=fmt.text(best["date"], "date"),
        most=most,
    )
    return finish(
        fig,
        title=say(
            "{month}: {amount} over {days} working days, at most {most} on one",
            month=fmt.text(month, "month"),
            amount=fmt.money(from_units(units, fmt.minor_digits)),
            days=len(days),
            most=most,
        ),
        alt=alt,
        note=f"{source} · {fmt.currency}",
    )
