"""The rest of a year planned again, exact and by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from toy_books import TOML, TWO_REGIONS, many_lines

from playbook.base.periods import Month
from playbook.goals.track.adjustment import adjustment
from playbook.goals.track.replan import replan


def test_replans_keep_the_past_and_the_year_or_the_rate():
    frame = replan(
        [Month(2023, m) for m in range(1, 5)], np.array([100, 100, 100, 100]), [50, 100, None, None]
    )
    assert frame["keep_year"].tolist() == [50, 100, 125, 125]
    assert frame["keep_rate"].tolist() == [50, 100, 75, 75]


@given(
    st.lists(st.integers(0, 10**6), min_size=12, max_size=12).filter(sum),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=11),
)
def test_keeping_the_year_always_ends_at_its_figure(planned, done):
    actual = done + [None] * (12 - len(done))
    frame = replan([Month(2023, m) for m in range(1, 13)], np.array(planned), actual)
    assert frame["keep_year"].sum() == max(sum(planned), sum(done))


def test_the_window_opens_at_the_quarters_end_and_logs_what_was_moved(book):
    toml = (
        TOML
        + '[[goals.adjustments]]\ndate = 2023-04-03\nperiod = "2023"\ntarget = 2000.0\nreason = "a'
        ' rival cut prices"\n[[goals.adjustments]]\ndate = 2023-09-01\nperiod = "2023"\ntarget ='
        ' 1.0\nreason = "later"\n'
    )
    targets = "period,metric,target\n2023,sales,2500"
    made = adjustment(book("2023-06", toml=toml, orders=TWO_REGIONS, targets=targets))
    assert made.open and made.current == 2000
    row = made.log.iloc[0]
    assert (row["before"], row["after"], row["reason"]) == (
        2500,
        2000,
        "a rival cut prices",
    ) and len(made.log) == 1
    assert row["now"] > row["original"]
    assert not adjustment(book("2023-05", toml=toml, orders=TWO_REGIONS, targets=targets)).open


def test_without_a_target_there_is_nothing_to_adjust(book):
    assert adjustment(book("2023-06", orders=TWO_REGIONS)).status == "not available"


def test_a_hundred_parts_stand_on_the_page_and_all_in_a_sheet():
    made = adjustment(many_lines(120))
    (parts,) = made._members()
    assert len(parts.rows) == 100 and parts.note.endswith("first 100 of 120 rows")
    assert [(s.name, len(s.rows)) for s in made.worksheets()] == [
        ("Adjustment window", 12),
        ("The year kept by part", 120),
    ]
    _, target, reached, _, needed, _ = made.worksheets()[1].rows[0]
    assert (target, reached, needed) == (1200.0, 200.0, 1000.0)


def test_few_parts_stand_on_the_page_alone():
    made = adjustment(many_lines(20))
    assert len(made._members()[0].rows) == 20 and len(made.worksheets()) == 1
