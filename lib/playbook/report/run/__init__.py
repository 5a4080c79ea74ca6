"""A run: planned, executed over workers, watched."""
