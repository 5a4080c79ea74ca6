"""Shared by all tests: figures drawn without a screen, hypothesis quick and repeatable."""

import matplotlib
from hypothesis import HealthCheck, settings

from runs import sample_run
from sliders import live

__all__ = ["live", "sample_run"]  # fixtures for every room

matplotlib.use("Agg")
settings.register_profile(
    "house",
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption(
        "--golden",
        action="store_true",
        help=(
            "write the reviewed texts of tests/golden anew; read the difference before you"
            " commit it"
        ),
    )
