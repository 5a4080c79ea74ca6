"""Drawings of the incentive chapter, from frames."""
