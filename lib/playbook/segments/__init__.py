"""Segmentation: who is worth what, who is leaving, what to do about it, and whether we can."""

from .actions.action_list import actions
from .actions.calls import calls
from .actions.stop_list import stop_list
from .care.capacity import capacity
from .care.follow_up import follow_up
from .care.leads import leads
from .care.need_fit import need_fit
from .care.relationship import relationship
from .director import director
from .explore import explore_segments
from .stay.ahead import ahead
from .stay.cohorts import cohorts
from .stay.contract_life import contract_life
from .stay.recurring_revenue import recurring
from .stay.renewals import renewals
from .stay.retention import retention
from .value.abc import abc
from .value.movement import movement, tier_movement
from .value.revenue_bridge import revenue_bridge
from .value.rfm import rfm
from .value.sensitivity import sensitivity
from .value.sizes import sizes
from .value.tiers import tiers
from .value.won_back import won_back

__all__ = [
    "abc",
    "actions",
    "ahead",
    "calls",
    "capacity",
    "cohorts",
    "contract_life",
    "director",
    "explore_segments",
    "follow_up",
    "leads",
    "movement",
    "need_fit",
    "recurring",
    "relationship",
    "renewals",
    "retention",
    "revenue_bridge",
    "rfm",
    "sensitivity",
    "sizes",
    "stop_list",
    "tier_movement",
    "tiers",
    "won_back",
]
