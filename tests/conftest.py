"""Shared by all tests: figures drawn without a screen, hypothesis quick and repeatable."""

import os

import matplotlib
import pytest
from hypothesis import HealthCheck, settings

from playbook.base.language import use_language
from runs import sample_run
from sliders import live

__all__ = ["live", "sample_run"]  # fixtures for every room

matplotlib.use("Agg")
for name, examples in (("house", 25), ("thorough", 400)):  # thorough: PLAYBOOK_TESTS=thorough
    settings.register_profile(
        name,
        deadline=None,
        max_examples=examples,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("PLAYBOOK_TESTS", "house"))


# Files in the order they are begun by several workers, longest first: a long one begun last would
# keep one worker alone at the end. All others follow as they are collected.
FIRST = (
    "test_sample_run.py",
    "test_every_month.py",
    "test_pairs.py",
    "test_types.py",
    "03-funnel-diagnosis.ipynb",
    "01-goal-setting.ipynb",
    "02-segmentation.ipynb",
    "05-case-study-replay.ipynb",
    "04-incentive-design.ipynb",
    "test_run_killed.py",
    "test_wheel.py",
    "test_engine.py",
    "test_cli.py",
    "test_odd_books.py",
    "test_isolation.py",
)


@pytest.fixture(autouse=True)
def english():
    """Every test begins in English, whatever book the one before opened."""
    use_language("en")


def pytest_collection_modifyitems(items):
    rank = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(FIRST)))


def pytest_addoption(parser):
    parser.addoption(
        "--golden",
        action="store_true",
        help=(
            "write the reviewed texts of tests/golden anew; read the difference before you"
            " commit it"
        ),
    )
