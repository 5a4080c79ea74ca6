"""Ready definitions of a monthly run for the schedulers there are."""
