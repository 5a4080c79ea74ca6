"""What the plan pays for: exact pay, statements, plans compared and simulated, and whether people
grow.
"""

from .actions import decisions
from .director import director
from .explore import explore_plan
from .people.attrition import attrition
from .people.ramp import ramp
from .people.recognition import recognition
from .people.skill_gaps import skill_gaps
from .people.task_board import task_board
from .people.training import training
from .plans.attainment import attainment
from .plans.audit import audit
from .plans.comparison import comparison
from .plans.curve import curve
from .plans.simulation import simulation
from .plans.statements import statements

__all__ = [
    "attainment",
    "attrition",
    "audit",
    "comparison",
    "curve",
    "decisions",
    "director",
    "explore_plan",
    "ramp",
    "recognition",
    "simulation",
    "skill_gaps",
    "statements",
    "task_board",
    "training",
]
