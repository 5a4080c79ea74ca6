"""The simulated company whose tables are the sample."""
