"""What happened: the indicators of the case, counted by month and quarter from any book."""
