"""A legend of the chapter's drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def legend_above(fig: Any, marks: Sequence[dict[str, Any]]) -> None:
    """A legend above the plot, outside its frame, so that no sign of it passes for a value."""
    from matplotlib.lines import Line2D

    from playbook.page.notation import figure_key

    figure_key(fig, [Line2D([], [], markersize=5, linewidth=1.2, **mark) for mark in marks])
