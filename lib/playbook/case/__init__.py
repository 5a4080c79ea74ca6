"""The case, replayed: a simulated company whose published figures can be recomputed, changed and
doubted.
"""

from .actions import decisions
from .course.indicators import indicators
from .explore import try_beliefs, try_identity, try_levers, try_timing
from .measures.levers import levers
from .peers.benchmarks import benchmarks
from .pilot.effect import pilot_effect
from .pilot.plan import pilot_plan
from .pilot.readiness import readiness
from .story.claim_check import claims
from .story.identities import identities
from .walkthrough.walk import walk

__all__ = [
    "benchmarks",
    "claims",
    "decisions",
    "identities",
    "indicators",
    "levers",
    "pilot_effect",
    "pilot_plan",
    "readiness",
    "try_beliefs",
    "try_identity",
    "try_levers",
    "try_timing",
    "walk",
]
