"""Goal setting: from the company's number to months and people, and back. One function per section
of the chapter.
"""

from .actions import actions
from .adjust import adjustment
from .backsolve import backsolve
from .calendar import phasing
from .deals import orders_needed
from .decomposition import decomposition
from .interactive import try_backsolving, try_split, try_target
from .likelihood import likelihood
from .objectives import objectives
from .overview import sales_overview
from .people import people
from .rhythm import rhythm
from .risk import risk
from .smart import check_goal, smart
from .strategies import strategies
from .tracking import tracking

__all__ = [
    "actions",
    "adjustment",
    "backsolve",
    "check_goal",
    "decomposition",
    "likelihood",
    "objectives",
    "orders_needed",
    "people",
    "phasing",
    "rhythm",
    "risk",
    "sales_overview",
    "smart",
    "strategies",
    "tracking",
    "try_backsolving",
    "try_split",
    "try_target",
]
