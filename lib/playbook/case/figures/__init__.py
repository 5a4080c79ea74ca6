"""Drawings of the case chapter, from frames."""
