"""Forecasts as the chapter uses them: the one method, its intervals widened by its own record."""

from __future__ import annotations

from collections.abc import Mapping

from playbook.data.memo import once
from playbook.methods.forecast import Forecast
from playbook.methods.forecast_record import Calibration, calibrated, calibration

from .actuals import Actuals

TRIED = 3  # months ahead that the record is made of


def record_of(actuals: Actuals, metric: str = "sales") -> Calibration:
    """How the method in force did on the company's own earlier month-ends; worked out once."""
    return once(
        actuals.book,
        ("forecast record", metric),
        lambda: calibration(actuals.learnable(metric, {}), TRIED),
    )


def outlook(
    actuals: Actuals, metric: str, members: Mapping[str, str], ahead: int
) -> Forecast | None:
    """Simulated months ahead of the company or a part of it; None where the history is too short.

    A part's own record is short and rough, so the company's factor widens its intervals too.
    """
    factor = record_of(actuals, metric).factor
    return calibrated(actuals.learnable(metric, members), ahead, factor)
