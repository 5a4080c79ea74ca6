"""The pay engine: from credited order lines to every amount a plan pays. Knows no chapter."""
