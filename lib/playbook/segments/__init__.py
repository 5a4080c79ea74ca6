"""Segmentation: who is worth what, who is leaving, what to do about it."""

from .abc import abc
from .calls import calls
from .explore import explore_segments
from .rfm import rfm
from .tiers import tiers

__all__ = ["abc", "calls", "explore_segments", "rfm", "tiers"]
