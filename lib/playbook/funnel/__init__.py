"""Funnel diagnosis: where deals stop, what it costs, and why the month missed."""

from .beforeafter import before_after
from .bottleneck import bottleneck
from .channels import channels, move
from .closedates import close_dates
from .conversion import conversion
from .cycle import cycle
from .dashboard import dashboard
from .gap import gap
from .groups import conversion_by
from .ladder import price_ladder
from .movement import movement
from .negotiation import negotiation
from .outcomes import win_rate
from .ownership import Ownership, compare_ownership, customer_return, ownership
from .performance import performance
from .reasons import reasons
from .review import review
from .scripts import scripts
from .stuck import stuck_deals
from .whatif import (
    chain,
    move_budget,
    show_ownership,
    show_return,
    try_performance,
    try_steps,
    what_if,
)

__all__ = [
    "Ownership",
    "before_after",
    "bottleneck",
    "chain",
    "channels",
    "close_dates",
    "compare_ownership",
    "conversion",
    "conversion_by",
    "customer_return",
    "cycle",
    "dashboard",
    "gap",
    "move",
    "move_budget",
    "movement",
    "negotiation",
    "ownership",
    "performance",
    "price_ladder",
    "reasons",
    "review",
    "scripts",
    "show_ownership",
    "show_return",
    "stuck_deals",
    "try_performance",
    "try_steps",
    "what_if",
    "win_rate",
]
