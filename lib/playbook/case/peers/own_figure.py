"""A book's own figure beside a published one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnFigure:
    """A book's figure beside a published one. detail: what was counted."""

    value: float
    period: str
    detail: str = ""
    before: float | None = None
    low: float | None = None
    high: float | None = None
