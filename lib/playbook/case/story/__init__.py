"""Does the published story hold: its figures recomputed, and what they say together."""
