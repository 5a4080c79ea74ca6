"""The course of a company: one small panel per indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.page.blocks import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 33  # months drawn


@dataclass(frozen=True)
class IndicatorPanel:
    """What one small panel shows. ``is_sum``: a quarter is the sum of its months."""

    key: str
    label: str
    unit: str
    is_sum: bool


def indicator_grid(
    monthly: pd.DataFrame,
    quarterly: pd.DataFrame,
    panels: Sequence[IndicatorPanel],
    fmt: Formats,
    *,
    measures_from: date | None,
    currency: str,
    as_of: date,
) -> Figure:
    """One small panel per indicator: months thin, quarters thick, a line where the measures begin.

    monthly, quarterly: indicator, period (YYYY-MM or YYYY-Qn), value. panels: the indicators in
    order; at most twelve are drawn.
    """
    from playbook.page import charts
    from playbook.page import figures as page

    shown = [p for p in panels if not (p.key == "growth" and len(panels) > 11)][:12]
    down = -(-len(shown) // 3)
    fig, axes = page.canvas(height=0.5 + 1.75 * down, columns=3, rows=down, squeeze=False)
    months = sorted(monthly.period.unique())[-MOST:]
    place = {month: i for i, month in enumerate(months)}
    begin = place.get(f"{measures_from:%Y-%m}") if measures_from else None
    texts = []
    for ax, panel in zip(axes.flat, shown, strict=False):
        by_month = monthly[(monthly.indicator == panel.key) & monthly.period.isin(place)]
        by_quarter = _middles(quarterly[quarterly.indicator == panel.key], place)
        scale = 1 / 3 if panel.is_sum else 1.0  # a quarter's sum as a month's mean
        ax.plot(
            [place[m] for m in by_month.period], by_month.value, color=page.MUTED, linewidth=0.7
        )
        ax.plot(
            by_quarter.x, by_quarter.value * scale, color=page.INKS[0], marker="o", markersize=3
        )
        if begin is not None:
            ax.axvline(begin - 0.5, color=page.INKS[1], linewidth=1, linestyle=(0, (4, 2)))
        ax.set_title(charts.short(panel.label, 30), loc="left")
        charts.number_axis(ax, fmt, panel.unit, most=4)
        _years(ax, months)
        if len(by_quarter):
            texts.append(
                say(
                    "{label} {value} in {period}",
                    label=panel.label,
                    value=fmt.text(by_quarter.value.iloc[-1], panel.unit, compact=True),
                    period=by_quarter.period.iloc[-1],
                )
            )
    for ax in list(axes.flat)[len(shown) :]:
        ax.set_visible(False)
    start = (
        say(
            "; the vertical line marks the measures of {measures_from}",
            measures_from=fmt.text(measures_from, "date"),
        )
        if measures_from
        else ""
    )
    return page.finish(
        fig,
        title=say("The company's course: months thin, quarters thick"),
        alt=say(
            "{n} small panels over {months} months: {texts}{start}.",
            n=len(shown),
            months=len(months),
            texts=joined(texts, "; "),
            start=start,
        ),
        note=(
            say(
                "dots: calendar quarters (sums as a month's mean){start} · money in"
                " {currency} · as of {as_of}",
                start=start,
                currency=currency,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def _middles(quarterly: pd.DataFrame, place: dict[str, int]) -> pd.DataFrame:
    """Quarters with the place of their middle month."""
    middle = [f"{p[:4]}-{(int(p[6]) - 1) * 3 + 2:02d}" for p in quarterly.period]
    return quarterly.assign(x=[place.get(m) for m in middle]).dropna(subset=["x", "value"])


def _years(ax: Axes, months: list[str]) -> None:
    """January of each year on the axis; every quarter's start where the span is short."""
    marks = [i for i, m in enumerate(months) if m.endswith("-01")] or [0]
    ax.set_xticks(marks, [months[i][:4] for i in marks])
    ax.set_xlim(-1, len(months))
