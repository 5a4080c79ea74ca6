"""Axes and labels that the figures of the chapter share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from playbook.base.formats import Formats
from playbook.base.periods import Month

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


def month_ticks(ax: Axes, months: Sequence[Month], most: int = 12) -> None:
    """Ticks of the months along x, at most ``most`` of them; the year stands under the first one
    shown of each.
    """
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


def money_axis(ax: Axes, fmt: Formats) -> None:
    """Amounts along y in the currency's short form."""
    from matplotlib.ticker import FuncFormatter

    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda v, _: fmt.money(v, compact=True) if v else "0")
    )


def share_axis(axis: Axis, fmt: Formats) -> None:
    """Shares as whole percentages along an axis."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda v, _: fmt.share(v, decimals=0)))


def shortened(text: str, most: int = 18) -> str:
    """A label that fits a figure; the full one stands in the table."""
    return text if len(text) <= most else text[: most - 1] + "…"
