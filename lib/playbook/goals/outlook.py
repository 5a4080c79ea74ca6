"""Forecasts as the chapter uses them: the one method, its intervals widened by its own record."""

from __future__ import annotations

from collections.abc import Mapping

from playbook.base.language import say
from playbook.data.memo import once
from playbook.methods.forecast import LEAST, Forecast
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


def there_before(actuals: Actuals, metric: str) -> str:
    """Why new customers cannot be forecast: most of them are first seen in the first month of the
    data, as customers are who were there before it. Empty where they can, and for other metrics.
    """
    if metric != "new_customers":
        return ""
    known = actuals.history(metric, {})
    if len(known) < LEAST or 2 * known.iloc[0] <= known.sum():
        return ""
    fmt = actuals.book.fmt
    return say(
        "{share} of the customers are first seen in {month}, the first month of the data: how many"
        " were new then is not known, so new customers cannot be forecast",
        share=fmt.rate(int(known.iloc[0]), int(known.sum())),
        month=fmt.text(known.index[0], "month"),
    )


def outlook(
    actuals: Actuals, metric: str, members: Mapping[str, str], ahead: int
) -> Forecast | None:
    """Simulated months ahead of the company or a part of it; None where the history is too short or
    tells nothing (``there_before``).

    A part's own record is short and rough, so the company's factor widens its intervals too.
    """
    if there_before(actuals, metric):
        return None
    factor = record_of(actuals, metric).factor
    return calibrated(actuals.learnable(metric, members), ahead, factor)
