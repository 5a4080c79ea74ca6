"""Goal setting: from the company's number to months and people, and back. One function per section of the chapter."""

from .actions import actions
from .backsolve import backsolve
from .decomposition import decomposition
from .interactive import try_backsolving
from .overview import sales_overview
from .tracking import tracking

__all__ = ["actions", "backsolve", "decomposition", "sales_overview", "tracking", "try_backsolving"]
