"""Funnel diagnosis: where deals stop, what it costs, and why sales ended above or below target."""

from .director import director
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
from .meeting.day_review import day_review
from .meeting.review import review
from .meeting.week_review import week_review
from .money.channels import channels
from .money.customer_return import return_sheet
from .money.discount_wins import discount_wins
from .money.gap import gap
from .money.move_budget import move
from .money.ownership import Ownership, compare_ownership, customer_return, ownership
from .money.performance import performance
from .money.price_ladder import price_ladder
from .places.bottleneck import bottleneck
from .places.causes import causes
from .places.groups import conversion_by
from .places.members import funnel_members
from .steps.before_after import before_after
from .steps.close_dates import close_dates
from .steps.conversion import conversion
from .steps.cycle import cycle
from .steps.deal_risk import deal_risk
from .steps.movement import movement
from .steps.outcomes import win_rate
from .steps.step_days import step_days
from .steps.stuck import stuck_deals
from .steps.velocity import velocity
from .steps.weighted import weighted_pipeline
from .talk.negotiation import negotiation
from .talk.objection_change import objections
from .talk.reasons import reasons
from .talk.scripts import scripts

__all__ = [
    "Ownership",
    "before_after",
    "bottleneck",
    "causes",
    "channels",
    "close_dates",
    "compare_ownership",
    "conversion",
    "conversion_by",
    "customer_return",
    "cycle",
    "dashboard",
    "day_review",
    "deal_risk",
    "director",
    "discount_wins",
    "funnel_members",
    "funnel_model",
    "gap",
    "move",
    "move_budget",
    "movement",
    "negotiation",
    "objections",
    "ownership",
    "performance",
    "price_ladder",
    "reasons",
    "return_sheet",
    "review",
    "scripts",
    "show_ownership",
    "show_return",
    "step_days",
    "stuck_deals",
    "try_performance",
    "try_steps",
    "velocity",
    "week_review",
    "weighted_pipeline",
    "what_if",
    "win_rate",
]
