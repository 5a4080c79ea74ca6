"""The case week by week."""
