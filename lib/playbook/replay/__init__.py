"""The case, replayed: a simulated company whose published figures can be recomputed, changed and
doubted.
"""

from .benchmarks import benchmarks
from .decisions import decisions
from .identities import identities
from .indicators import indicators
from .interactive import try_identity
from .readiness import readiness
from .stated import claims
from .switches import levers, try_levers, try_timing
from .trial import pilot_plan
from .verdict import pilot_effect
from .walk import walk

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
