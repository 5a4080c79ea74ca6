"""The case, replayed: a simulated company whose published figures can be recomputed, changed and
doubted.
"""

from .actions import decisions
from .benchmarks import benchmarks
from .claim_check import claims
from .explore import try_identity
from .identities import identities
from .indicators import indicators
from .measures.switches import levers, try_levers, try_timing
from .pilot.effect import pilot_effect
from .pilot.plan import pilot_plan
from .pilot.readiness import readiness
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
    "try_identity",
    "try_levers",
    "try_timing",
    "walk",
]
