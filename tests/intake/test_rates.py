"""Headers of a hundred public systems, each judged as if it had never been seen."""

from __future__ import annotations

import importlib.util
import sys

from shared import REPO


def test_columns_of_unseen_systems_are_taken_rightly_and_mostly_found():
    spec = importlib.util.spec_from_file_location(
        "intake_labels", REPO / "bench" / "intake_labels.py"
    )
    bench = importlib.util.module_from_spec(spec)
    sys.modules["intake_labels"] = bench
    spec.loader.exec_module(bench)
    assert len({one.system for one in bench.labelled()}) >= 90
    total, _ = bench.rates(unseen=True, part=4)  # a quarter: all of them are the bench's work
    assert total.wanted >= 140
    assert total.precision >= 0.95, total.wrong
    assert total.recall >= 0.85, total.missed
