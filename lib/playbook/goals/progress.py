"""The way covered from a baseline to a target."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import is_missing


def progress(value: Any, baseline: Any, target: float) -> float | None:
    """Way covered from the baseline to the target, rising or falling; None when it has not been
    measured, no baseline is given or there is no way to go.

    >>> progress(75, 90, 60)
    0.5
    """
    if is_missing(value) or is_missing(baseline) or float(target) == float(baseline):
        return None
    return (float(value) - float(baseline)) / (float(target) - float(baseline))


def arrived(value: Any, target: float, direction: Any) -> bool:
    """Whether a value is at its target, by a direction that is stated; False where none is.

    >>> arrived(59, 60, "down"), arrived(59, 60, "up"), arrived(61, 60, None)
    (True, False, False)
    """
    if is_missing(value) or is_missing(direction):
        return False
    up = str(direction) == "up"
    return float(value) >= float(target) if up else float(value) <= float(target)


def clipped(share: float | None) -> float | None:
    """Progress as a score between 0 and 1."""
    return None if share is None else min(1.0, max(0.0, share))
