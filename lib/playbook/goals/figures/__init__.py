"""Figures of the goal chapter.

Each takes frames, numbers and ``Formats`` and imports nothing of the chapter but its labels.
"""

from .aims import key_results
from .plan import decomposition_months, phasing_days
from .risk import concentration
from .track import (
    likelihood_lines,
    replanned_months,
    sales_months,
    tracking_year,
)
from .work import chance_curve

__all__ = [
    "chance_curve",
    "concentration",
    "decomposition_months",
    "key_results",
    "likelihood_lines",
    "phasing_days",
    "replanned_months",
    "sales_months",
    "tracking_year",
]
