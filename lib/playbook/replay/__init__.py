"""The case, replayed: a simulated company whose published figures can be recomputed, changed and doubted."""

from .benchmarks import benchmarks
from .decisions import decisions
from .identities import identities
from .indicators import indicators
from .interactive import try_identity
from .stated import claims

__all__ = ["benchmarks", "claims", "decisions", "identities", "indicators", "try_identity"]
