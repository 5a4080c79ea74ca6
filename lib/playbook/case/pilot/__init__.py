"""A pilot planned, judged, and whether the company is ready for one."""
