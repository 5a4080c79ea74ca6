"""The way covered from a baseline to a target."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import is_missing


def progress(value: Any, baseline: Any, target: float) -> float | None:
    """Way covered from the baseline to the target, rising or falling; None when it has not been
    measured or there is no way to go.

    >>> progress(75, 90, 60)
    0.5
    """
    start = 0.0 if is_missing(baseline) else float(baseline)
    if is_missing(value) or float(target) == start:
        return None
    return (float(value) - start) / (float(target) - start)


def clipped(share: float | None) -> float | None:
    """Progress as a score between 0 and 1."""
    return None if share is None else min(1.0, max(0.0, share))
