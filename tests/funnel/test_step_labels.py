"""Names of stages below a figure never run into each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.funnel.figures.steps import STEP_LABELS, _step_label

STAGE = st.text("abcdefgh ", min_size=1, max_size=60).map(str.strip).filter(bool)


@given(STAGE, STAGE, st.integers(1, 8))
def test_no_line_of_a_label_is_wider_than_its_column(first, last, n):
    lines = _step_label(f"{first}→{last}", n).split("\n")
    assert len(lines) <= 2
    assert all(len(line) <= max(8, STEP_LABELS // n) for line in lines)


@pytest.mark.parametrize(
    "step, n, label",
    [
        ("lead→intent", 3, "lead→intent"),
        (
            "Kaufabsicht bestätigt→Vertragsverhandlung",
            3,
            "Kaufabsicht bestätigt→\nVertragsverhandlung",
        ),
        ("Kaufabsicht bestätigt→Vertragsverhandlung", 7, "Kaufabsich…→\nVertragsver…"),
    ],
)
def test_stages_stand_under_each_other_where_they_are_long(step, n, label):
    assert _step_label(step, n) == label
