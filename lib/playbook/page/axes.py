"""Labels and axes of drawings: texts cut to their room, ticks as the book writes numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter, MaxNLocator

from playbook.base.formats import Formats

from .figures import INKS

MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", (0, (5, 2)), (0, (1.2, 1.4)), (0, (6, 2, 1, 2)))
LIGHT, DEEP = "#f3f5f8", INKS[0]
SHADES = LinearSegmentedColormap.from_list("playbook", [LIGHT, "#c3cad4", "#7d8899", DEEP])
ROUND = re.compile(r"\.0+(?=\D*$)")
TEXT = 7.5  # words inside a drawing [pt]


def columns_of(text: str) -> int:
    """How much room a text takes: Chinese characters count twice."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def short(text: Any, most: int = 26) -> str:
    """``text`` for a label: whole when it fits ``most`` Latin characters (half as many Chinese
    ones), else cut with ….
    """
    text = " ".join(str(text).split())
    if columns_of(text) <= most:
        return text
    while columns_of(text) > most - 1:
        text = text[:-1]
    return text.rstrip(" ,;:–-") + "…"


def number_axis(
    ax: Axes, fmt: Formats, unit: str, which: str = "y", *, compact: bool = True, most: int = 6
) -> None:
    """Ticks of an axis written as the book writes its numbers, few and round."""
    axis = ax.yaxis if which == "y" else ax.xaxis
    axis.set_major_locator(MaxNLocator(most - 1, steps=[1, 2, 2.5, 5, 10], integer=unit == "count"))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, fmt, unit, compact)))
    ax.grid(True, axis=which)  # type: ignore[arg-type]


def _tick(value: float, fmt: Formats, unit: str, compact: bool) -> str:
    if unit in ("share", "pp"):
        whole = abs(value * 100 - round(value * 100)) < 1e-9
        text = fmt.text(value, unit, decimals=0 if whole else 1)
        return text.removeprefix("+") if value == 0 else text
    return ROUND.sub("", fmt.text(value, unit, compact=compact))
