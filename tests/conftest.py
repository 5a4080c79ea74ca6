"""Shared by all tests: figures drawn without a screen, hypothesis quick and repeatable."""

import matplotlib
from hypothesis import HealthCheck, settings

matplotlib.use("Agg")
settings.register_profile("house", deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
