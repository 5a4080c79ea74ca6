"""Attention: what was promised to whom, whether it is kept, and whether it can be."""
