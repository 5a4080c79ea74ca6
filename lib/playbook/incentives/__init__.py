"""What the plan pays for: exact pay, statements, plans compared and simulated, and whether people
grow.
"""

from .actions import decisions
from .explore import explore_plan
from .people.attrition import attrition
from .people.ramp import ramp
from .people.recognition import recognition
from .people.skill_gaps import gaps
from .people.task_board import board
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
    "board",
    "comparison",
    "curve",
    "decisions",
    "explore_plan",
    "gaps",
    "ramp",
    "recognition",
    "simulation",
    "statements",
    "training",
]
