"""Funnel diagnosis: where deals stop, what it costs, and why sales ended above or below target."""

from .explore import (
    funnel_model,
    move_budget,
    show_ownership,
    show_return,
    try_performance,
    try_steps,
    what_if,
)
from .meeting.dashboard import dashboard
from .meeting.review import review
from .money.channels import channels
from .money.gap import gap
from .money.move_budget import move
from .money.ownership import Ownership, compare_ownership, customer_return, ownership
from .money.performance import performance
from .money.price_ladder import price_ladder
from .places.bottleneck import bottleneck
from .places.groups import conversion_by
from .steps.before_after import before_after
from .steps.close_dates import close_dates
from .steps.conversion import conversion
from .steps.cycle import cycle
from .steps.movement import movement
from .steps.outcomes import win_rate
from .steps.stuck import stuck_deals
from .talk.negotiation import negotiation
from .talk.reasons import reasons
from .talk.scripts import scripts

__all__ = [
    "Ownership",
    "before_after",
    "bottleneck",
    "channels",
    "close_dates",
    "compare_ownership",
    "conversion",
    "conversion_by",
    "customer_return",
    "cycle",
    "dashboard",
    "funnel_model",
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
