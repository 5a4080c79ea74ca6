"""Goal setting: from the company's number to months and people, and back. One function per section
of the chapter.
"""

from .actions import actions
from .agenda.rhythm import rhythm
from .aims.objectives import objectives
from .aims.smart import smart
from .aims.strategies import strategies
from .aims.verdicts import check_goal
from .director import director
from .explore import try_backsolving, try_split, try_target
from .plan.calendar import phasing
from .plan.decomposition import decomposition
from .plan.parts import plan_parts
from .plan.quotas import people
from .track.adjustment import adjustment
from .track.likelihood import likelihood
from .track.overview import sales_overview
from .track.quarter_outlook import quarter_outlook
from .track.risk import risk
from .track.tracking import tracking
from .work.backsolve import backsolve

__all__ = [
    "actions",
    "adjustment",
    "backsolve",
    "check_goal",
    "decomposition",
    "director",
    "likelihood",
    "objectives",
    "people",
    "phasing",
    "plan_parts",
    "quarter_outlook",
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
