"""What a plan promises, pays and may cost."""
