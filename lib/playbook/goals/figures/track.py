"""Figures of where targets stand: sales, the year, its chance, the re-plan, concentration."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, is_missing, joined
from playbook.base.language import say
from playbook.goals.labels import line_name
from playbook.methods.apportionment import from_units
from playbook.page import Figure

from .axes import money_axis, month_ticks, share_axis


def sales_months(months: pd.DataFrame, currency: str, fmt: Formats, as_of: date) -> Figure:
    """Monthly sales as bars, the same month a year before as marks.

    months: month, sales, before (NaN where the data do not reach back).
    """
    from playbook.page.figures import canvas, finish
    from playbook.page.notation import AC, PY, columns, name_series

    fig, ax = canvas(2.4)
    x = np.arange(len(months))
    known = months["before"].notna()
    if known.any():
        columns(ax, x[known] - 0.22, months["before"][known].astype(float), PY, width=0.42)
    columns(ax, x, months["sales"], AC, width=0.56)
    ax.set_ylabel(say("{currency} a month", currency=currency))
    money_axis(ax, fmt)
    month_ticks(ax, list(months["month"]))
    name_series(ax)
    best = months.loc[months["sales"].idxmax()]
    last = months.iloc[-1]
    against = (
        ""
        if is_missing(last["before"])
        else say(", a year before {before}", before=fmt.money(last["before"]))
    )
    alt = say(
        "Bars of monthly sales from {month} to {month_2}: last"
        " {sales}{against}; highest {sales_2} in {month_3}.",
        month=fmt.text(months["month"].iloc[0], "month"),
        month_2=fmt.text(last["month"], "month"),
        sales=fmt.money(last["sales"]),
        against=against,
        sales_2=fmt.money(best["sales"]),
        month_3=fmt.text(best["month"], "month"),
    )
    return finish(
        fig,
        title=say("Sales by month against the year before"),
        alt=alt,
        note=(
            say(
                "net of refunds, in {currency} · {months} months to {as_of}",
                currency=currency,
                months=len(months),
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def tracking_year(year: pd.DataFrame, currency: str, fmt: Formats, as_of: date) -> Figure:
    """Cumulative sales of the year against the plan's curve, with the forecast's 80 % band.

    year: month, plan, actual, low, middle, high; all cumulative, in the currency.
    """
    from playbook.page.figures import INKS, canvas, finish
    from playbook.page.notation import AC, FC, PL, name_series, path

    fig, ax = canvas(2.6)
    x = np.arange(len(year))
    path(ax, x, year["plan"], PL)
    path(ax, x, year["actual"], AC, marker="o")
    ahead = year["middle"].notna()
    if ahead.any():
        ax.fill_between(
            x[ahead],
            year["low"][ahead],
            year["high"][ahead],
            color=INKS[2],
            alpha=0.25,
            linewidth=0,
        )
        path(ax, x[ahead], year["middle"][ahead], FC, label=say("FC, 80 % band"))
    ax.set_ylim(bottom=0)
    ax.set_ylabel(say("{currency}, cumulative", currency=currency))
    money_axis(ax, fmt)
    month_ticks(ax, list(year["month"]))
    name_series(ax)
    done = year["actual"].dropna()
    here = len(done) - 1
    alt = say(
        "Cumulative sales stand at {done} in {month} where the plan asks for"
        " {plan}; the year's target is {plan_2}",
        done=fmt.money(done.iloc[-1]),
        month=fmt.text(year["month"].iloc[here], "month"),
        plan=fmt.money(year["plan"].iloc[here]),
        plan_2=fmt.money(year["plan"].iloc[-1]),
    )
    alt += (
        say(
            ", the forecast ends at {middle} ({low} to {high}).",
            middle=fmt.money(year["middle"].iloc[-1]),
            low=fmt.money(year["low"].iloc[-1]),
            high=fmt.money(year["high"].iloc[-1]),
        )
        if ahead.any()
        else say(".")
    )
    return finish(
        fig,
        title=say("The year against its own curve"),
        alt=alt,
        note=say(
            "net sales in {currency} · as of {as_of}",
            currency=currency,
            as_of=fmt.text(as_of, "date"),
        ),
    )


def likelihood_lines(
    totals: np.ndarray,
    lines: pd.DataFrame,
    amount: float,
    fmt: Formats,
    as_of: date,
    *,
    given: bool,
    chance: float,
    year: str,
    method: str,
) -> Figure:
    """Chance of reaching at least a total, with the three lines and the amount planned marked.

    totals: simulated totals of the year; lines: line, probability, amount; given: whether the
    amount planned is a target rather than a forecast; chance: of the amount planned.
    """
    from matplotlib.ticker import FuncFormatter

    from playbook.page.figures import INKS, MUTED, canvas, finish

    totals = np.sort(totals)
    odds = 1 - np.arange(len(totals)) / len(totals)
    keep = (odds <= 0.995) & (odds >= 0.005)
    fig, ax = canvas(2.6)
    ax.plot(totals[keep], odds[keep], color=INKS[0])
    for row, ink in zip(lines.to_dict("records"), (INKS[2], INKS[4], INKS[1]), strict=True):
        ax.plot([row["amount"]], [row["probability"]], "o", color=ink, markersize=6)
        ax.annotate(
            say(
                "{line} {amount}",
                line=line_name(row["line"]),
                amount=fmt.money(row["amount"], compact=True),
            ),
            (row["amount"], row["probability"]),
            xytext=(7, 2),
            textcoords="offset points",
        )
    if given:
        ax.axvline(amount, color=MUTED, linestyle="--", linewidth=1)
        right = amount < np.quantile(totals, 0.7)
        ax.annotate(
            say("planned {amount}", amount=fmt.money(amount, compact=True)),
            (amount, 0.97),
            xytext=(5 if right else -5, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="top",
        )
    ax.set_ylim(0, 1.04)
    ax.set_ylabel(say("chance of at least"))
    ax.set_xlabel(say("sales of {year} [{currency}]", year=year, currency=fmt.currency))
    share_axis(ax.yaxis, fmt)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: fmt.money(v, compact=True)))
    chances = joined(
        (
            say(
                "{line} {amount} with {probability}",
                line=line_name(row["line"]),
                amount=fmt.money(row["amount"]),
                probability=fmt.share(row["probability"], decimals=0),
            )
            for row in lines.to_dict("records")
        ),
        "; ",
    )
    return finish(
        fig,
        title=say("How likely is each total of {year}", year=year),
        alt=(
            say(
                "The chance falls as the total rises: {chances}; the figure planned,"
                " {amount}, has {chance}.",
                chances=chances,
                amount=fmt.money(amount),
                chance=fmt.chance(chance),
            )
        ),
        note=(
            say(
                "{paths:,} simulated paths · {method} · as of {as_of}",
                paths=len(totals),
                method=method,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def replanned_months(months: pd.DataFrame, year: str, fmt: Formats, as_of: date) -> Figure:
    """Months of the year: reached as bars, the plan and the two re-plans as lines over the months
    left.

    months: month, actual (missing for months ahead), plan, keep_year, keep_rate, in minor units.
    """
    from playbook.page.figures import INKS, canvas, finish
    from playbook.page.notation import AC, PL, columns, name_series

    scale = 10**fmt.minor_digits
    x = np.arange(len(months))
    gone = months["actual"].notna().to_numpy()
    fig, ax = canvas(2.5)
    columns(ax, x, months["plan"] / scale, PL)
    columns(ax, x[gone], months["actual"][gone].astype(float) / scale, AC, width=0.42)
    if (~gone).any():
        ax.plot(
            x[~gone],
            months["keep_year"][~gone] / scale,
            color=INKS[1],
            marker="o",
            label=say("keep the year"),
        )
        ax.plot(
            x[~gone],
            months["keep_rate"][~gone] / scale,
            color=INKS[2],
            marker="s",
            label=say("keep the rate"),
        )
    ax.set_ylim(bottom=0)
    ax.set_ylabel(say("{currency} a month", currency=fmt.currency))
    money_axis(ax, fmt)
    month_ticks(ax, list(months["month"]))
    name_series(ax)
    rest = {
        o: fmt.money(from_units(int(months.loc[~gone, o].sum()), fmt.minor_digits))
        for o in ("plan", "keep_year", "keep_rate")
    }
    alt = say(
        "Of {months} months {gone} are gone; the rest is planned at {plan},"
        " keeping the year asks {keep_year}, keeping the rate {keep_rate}.",
        months=len(months),
        gone=int(gone.sum()),
        plan=rest["plan"],
        keep_year=rest["keep_year"],
        keep_rate=rest["keep_rate"],
    )
    return finish(
        fig,
        title=say("The rest of {year}, before and after", year=year),
        alt=alt,
        note=say(
            "{currency} · as of {as_of}", currency=fmt.currency, as_of=fmt.text(as_of, "date")
        ),
    )
