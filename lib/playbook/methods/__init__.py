"""Statistics and exact arithmetic: arrays in, numbers out. Knows no book and no page."""
