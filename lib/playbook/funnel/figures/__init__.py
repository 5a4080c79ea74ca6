"""Drawings of the funnel chapter, from frames."""
