"""What happens around a run, unattended: when it starts, what is on record of it, who is told."""
