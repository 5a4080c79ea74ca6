"""Segmentation: who is worth what, who is leaving, what to do about it, and whether we can."""

from .abc import abc
from .actions import actions
from .ahead import ahead
from .calls import calls
from .capacity import capacity
from .cohorts import cohorts
from .contract_life import contract_life
from .explore import explore_segments
from .follow_up import follow_up
from .leads import leads
from .movement import movement, tier_movement
from .need_fit import need_fit
from .relationship import relationship
from .renewals import renewals
from .retention import retention
from .rfm import rfm
from .sensitivity import sensitivity
from .stop_list import stop_list
from .tiers import tiers

__all__ = [
    "abc",
    "actions",
    "ahead",
    "calls",
    "capacity",
    "cohorts",
    "contract_life",
    "explore_segments",
    "follow_up",
    "leads",
    "movement",
    "need_fit",
    "relationship",
    "renewals",
    "retention",
    "rfm",
    "sensitivity",
    "stop_list",
    "tier_movement",
    "tiers",
]
