"""What several drawings share: short names, axes of months, shares and money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook.base.formats import Formats
from playbook.base.language import language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


def short(text: str, most: int = 18) -> str:
    """A name that fits beside an axis; wide (Chinese) characters count double."""
    width = 0
    kept: list[str] = []
    for letter in str(text):
        width += 2 if ord(letter) > 0x2E7F else 1
        if width > most:
            return "".join(kept).rstrip() + "…"
        kept.append(letter)
    return "".join(kept)


def month_axis(ax: Axes, months: list[str], most: int = 6) -> None:
    """Months on the x axis, at most ``most`` labels, the last one always there."""
    every = max(1, -(-len(months) // most))
    places = list(range(len(months) - 1, -1, -every))[::-1]
    fmt = Formats(language=language())
    names = {i: str(fmt.text(months[i], "month")) for i in places}
    ax.set_xticks(
        places, [name.replace(" ", "\n").replace("年", "年\n") for name in names.values()]
    )
    ax.set_xlim(-0.6, len(months) - 0.4)


def percent_axis(axis: Axis) -> None:
    """Ticks of a share as percent."""
    from matplotlib.ticker import FuncFormatter

    sign = Formats(language=language()).after("share")
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v * 100:g}{sign}"))


def money_axis(axis: Axis, fmt: Formats) -> None:
    """Ticks of an amount in short form."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda v, _: fmt.money(v, compact=True)))
