"""What the plan pays for: exact pay, statements, plans compared and simulated, and whether people
grow.
"""

from .attainment import attainment
from .attrition import attrition
from .audit import audit
from .board import board
from .comparison import comparison
from .curve import curve
from .decisions import decisions
from .explorer import explore_plan
from .gaps import gaps
from .ramp import ramp
from .recognition import recognition
from .simulation import simulation
from .statements import statements
from .training import training

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
