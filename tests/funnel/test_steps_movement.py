"""The movement of the pipeline adds up to the last unit whatever the deals; each deal is in the
parts it belongs to.
"""

from datetime import date, timedelta

import narwhals as nw
import pandas as pd
import pytest
from funnel_books import small_book
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.data.measures import deals as d
from playbook.data.measures.movement import (
    PARTS,
    against_their_day,
    moved,
    movement_sums,
    open_past_their_day,
)
from playbook.funnel.steps.movement import movement

START, END = date(2023, 6, 1), date(2023, 6, 30)
STAGES = ("lead", "won")
days = st.one_of(
    st.none(), st.integers(-60, 60).map(lambda n: pd.Timestamp(START) + timedelta(days=n))
)
money = st.one_of(st.none(), st.integers(0, 1000))
deal = st.tuples(
    days,
    days,
    days,
    st.sampled_from(["open", "won", "lost"]),
    money,
    money,
    st.sampled_from(["r1", "r2", None]),
)


def ready(rows) -> d.Deals:
    """Deals as known on END: created by then; decided later means open."""
    frame = pd.DataFrame(
        rows,
        columns=[
            "created",
            "closed",
            "expected_close",
            "outcome",
            "amount",
            "expected_amount",
            "rep",
        ],
    )
    for column in ("created", "closed", "expected_close"):
        frame[column] = pd.to_datetime(frame[column])
    frame = frame[~(frame.created > pd.Timestamp(END))]
    later = (frame.outcome == "open") | (frame.closed > pd.Timestamp(END))
    frame = frame.assign(
        outcome=frame.outcome.where(~later, "open"),
        closed=frame.closed.where(~later),
        stage="lead",
        customer_id=None,
        lead_id=None,
        rep_id=frame.rep,
        opportunity_id=[f"D{i}" for i in range(len(frame))],
        amount=frame.amount.astype(float),
        expected_amount=frame.expected_amount.astype(float),
    )
    return d.Deals(
        d.passages(nw.from_native(frame).lazy(), None, STAGES),
        STAGES,
        (0, 1),
        END,
        {"rep": "the deal"},
        False,
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(deal, min_size=1, max_size=25))
def test_opening_and_all_that_moved_is_closing_for_every_rep(rows):
    sums = movement_sums(moved(ready(rows), START, END))
    total = (
        sums.opening
        + sums.new
        + sums.up
        - sums.down
        - sums.won
        - sums.lost
        - sums.pushed
        + sums.back
    )
    assert list(total) == list(sums.closing)  # whole units: exact


@settings(max_examples=12, deadline=None)
@given(st.lists(deal, min_size=1, max_size=20), st.randoms())
def test_row_order_moves_nothing(rows, random):
    again = list(rows)
    random.shuffle(again)
    one, two = (movement_sums(moved(ready(r), START, END)) for r in (rows, again))
    pd.testing.assert_frame_equal(one, two)


ONE = {
    "in time, open": (
        ["2023-05-01", None, "2023-07-15", "open", None, 100, "r1"],
        {"opening": 100, "closing": 100},
    ),
    "came in and is open": (
        ["2023-06-05", None, "2023-07-15", "open", None, 70, "r1"],
        {"new": 70, "closing": 70},
    ),
    "won above what was expected": (
        ["2023-05-01", "2023-06-10", "2023-06-15", "won", 130, 100, "r1"],
        {"opening": 100, "up": 30, "won": 130},
    ),
    "won below what was expected": (
        ["2023-05-01", "2023-06-10", "2023-06-15", "won", 80, 100, "r1"],
        {"opening": 100, "down": 20, "won": 80},
    ),
    "lost": (
        ["2023-05-01", "2023-06-10", "2023-06-15", "lost", None, 100, "r1"],
        {"opening": 100, "lost": 100},
    ),
    "its day passed in the month": (
        ["2023-05-01", None, "2023-06-15", "open", None, 100, "r1"],
        {"opening": 100, "pushed": 100},
    ),
    "its day passed long ago": (["2023-04-01", None, "2023-05-15", "open", None, 100, "r1"], {}),
    "decided after its day": (
        ["2023-04-01", "2023-06-10", "2023-05-15", "won", 100, 100, "r1"],
        {"back": 100, "won": 100},
    ),
    "came and went in the month": (
        ["2023-06-05", "2023-06-20", "2023-07-15", "lost", None, 40, "r1"],
        {"new": 40, "lost": 40},
    ),
    "decided before the month": (
        ["2023-04-01", "2023-05-20", "2023-05-15", "won", 100, 100, "r1"],
        {},
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_one_deal_is_in_its_parts(name):
    row, parts = ONE[name]
    sums = movement_sums(moved(ready([row]), START, END))
    assert {p: float(sums[p].sum()) for p in PARTS if len(sums) and sums[p].sum()} == parts


def test_expected_days_worked_by_hand():
    """Decided 5 days late, on its day, 10 days early; open past its day, open on its day (over by
    the evening), open in time.
    """
    rows = [
        ["2023-05-01", "2023-06-20", "2023-06-15", "won", 10, 10, "r1"],
        ["2023-05-01", "2023-06-15", "2023-06-15", "lost", None, 10, "r1"],
        ["2023-05-01", "2023-06-05", "2023-06-15", "won", 10, 10, "r2"],
        ["2023-05-01", None, "2023-06-01", "open", None, 7, "r1"],
        ["2023-05-01", None, "2023-06-30", "open", None, 5, "r1"],
        ["2023-05-01", None, "2023-07-30", "open", None, 9, "r2"],
    ]
    deals = ready(rows)
    done = against_their_day(deals, 0)
    assert sorted(zip(done.rep, done.late, strict=True)) == [("r1", 0), ("r1", 5), ("r2", -10)]
    past = open_past_their_day(deals).set_index("rep")
    assert (past.n["r1"], past.amount["r1"], past.open["r1"], past.n["r2"]) == (2, 12, 2, 0)


def test_deals_without_any_amount_are_not_told_as_a_pipeline_worth_nothing():
    """Two of three open deals carry no amount: the page says so, and does not hold what came in
    against what left.
    """
    deals = [
        {
            "opportunity_id": f"D{i}",
            "created": "2023-06-05",
            "stage": "lead",
            "outcome": "open",
            "expected_amount": 100 if i == 0 else None,
        }
        for i in range(3)
    ]
    deals.append(
        {
            "opportunity_id": "D9",
            "created": "2023-05-05",
            "stage": "won",
            "outcome": "won",
            "closed": "2023-06-20",
            "amount": 500,
        }
    )
    said = movement(small_book("2023-06", opportunities=deals)).reading()
    assert (
        "2 of the 3 deals open at the end carry no amount and are in no sum" in said
        and "replaced" not in said
    )
