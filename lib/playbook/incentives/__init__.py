"""What the plan pays for: exact pay, statements, plans compared and simulated, and whether people grow."""

from .comparison import comparison
from .curve import curve
from .decisions import decisions
from .explorer import explore_plan
from .statements import statements

__all__ = ["comparison", "curve", "decisions", "explore_plan", "statements"]
