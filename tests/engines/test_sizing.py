"""The simulation of a night, by hand where it can be, and the page that shows it."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace

import pytest

from shared import REPO

SPEC = importlib.util.spec_from_file_location("sizing", REPO / "bench" / "sizing.py")
sizing = importlib.util.module_from_spec(SPEC)
sys.modules["sizing"] = sizing
SPEC.loader.exec_module(sizing)
EVEN = sizing.Inputs(pack=10, opening=1, sent=0, spread=0, lost=0, driver=1)


def test_a_night_without_surprises_by_hand():
    """Books are ready after 1, 2, 3, 4 s; two workers take 10 s each: 1–11, 2–12, 11–21, 12–22."""
    night = sizing.simulate(4, 2, EVEN)
    assert night.hours * 3600 == pytest.approx(22)
    assert night.busy == pytest.approx(40 / 44) and night.again == 0


def test_the_driver_and_the_link_are_limits_of_their_own():
    slow = sizing.simulate(100, 256, replace(EVEN, opening=6, driver=2))
    assert slow.hours * 3600 == pytest.approx(100 * 3 + 10)
    narrow = sizing.simulate(100, 256, replace(EVEN, opening=0, sent=50, link=10))
    assert narrow.hours * 3600 == pytest.approx(100 * 5 + 10)


def test_a_lost_worker_costs_time_and_no_pack():
    calm, rough = (sizing.simulate(200, 4, replace(EVEN, lost=lost)) for lost in (0.0, 30.0))
    assert rough.again > 0 and rough.hours > calm.hours
    assert rough == sizing.simulate(200, 4, replace(EVEN, lost=30.0)), "a fixed seed"
    worked = calm.busy * calm.hours * 3600 * 4
    assert rough.busy * rough.hours * 3600 * 4 == pytest.approx(worked) == pytest.approx(2000)


def test_the_fewest_workers_that_are_done_in_a_night():
    workers, night = sizing.workers_for(10_000, EVEN)
    assert workers == 4 and night.hours == pytest.approx((10_000 / 4 * 10 + 4) / 3600, abs=0.01)
    assert sizing.workers_for(10_000, replace(EVEN, opening=3)) is None


def test_rows_by_hand():
    inputs = replace(EVEN, answers=360, fixed=0.5, spark=2.0, duck=1.0)
    assert sizing.row_hours(1e9, 8, inputs) == pytest.approx(0.1 * (0.5 + 2 * 1000 / 8))
    assert sizing.here_hours(1e8, inputs) == pytest.approx(10)


def test_the_tables_reach_ten_thousand_books_and_ten_billion_lines_and_print_their_inputs():
    text = sizing.tables(sizing.measured())
    assert "| 10,000 |" in text and "| 10 billion |" in text
    for name in sizing.Inputs.__annotations__:
        assert name == "source" or f"{name} = " in text
