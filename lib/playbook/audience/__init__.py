"""Packs for readers of a part: a manager's region, a rep's own page, finance, a client."""
