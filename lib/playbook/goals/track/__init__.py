"""Where targets stand, how likely the year is, and what changes when a target moves."""
