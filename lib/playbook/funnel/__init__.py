"""Funnel diagnosis: where deals stop, what it costs, and why the month missed."""

from .conversion import conversion
from .cycle import cycle
from .outcomes import win_rate
from .performance import performance
from .stuck import stuck_deals
from .whatif import chain, what_if

__all__ = ["chain", "conversion", "cycle", "performance", "stuck_deals", "what_if", "win_rate"]
