"""Books that several tests of the segmentation chapter share."""

import pytest
from small_books import book, order


@pytest.fixture
def contacted():
    """Customer A1 met in time with an open action; B1 stalled three times; C1 never contacted."""
    orders = [
        order("A1", "2023-05-01", 1000, 1, rep_id="r1"),
        order("B1", "2023-05-01", 200, 2, rep_id="r1"),
        order("C1", "2023-05-01", 20, 3, rep_id="r2"),
    ]
    log = [
        {
            "activity_id": "x1",
            "date": "2023-06-29",
            "rep_id": "r1",
            "kind": "visit",
            "customer_id": "A1",
            "progressed": True,
            "next_action": "send offer",
            "next_owner": "r2",
            "due": "2023-06-29",
            "status": "open",
            "recorded_at": "2023-06-29 10:00:00",
        }
    ]
    log += [
        {
            "activity_id": f"y{i}",
            "date": f"2023-06-0{i}",
            "rep_id": "r1",
            "kind": "call",
            "customer_id": "B1",
            "progressed": False,
            "next_action": None,
            "next_owner": None,
            "due": None,
            "status": "done",
            "recorded_at": f"2023-06-0{i + 3} 10:00:00",
        }
        for i in range(1, 4)
    ]
    reps = [{"rep_id": "r1", "name": "Ann"}, {"rep_id": "r2", "name": "Bo"}]
    return book("2023-06", orders=orders, activities=log, reps=reps)


@pytest.fixture
def small():
    """Ten buyers, one dormant, one with everything returned, one who never bought."""
    rows = [order(f"c{i}", f"2023-0{1 + i % 6}-10", 100 * (i + 1), i) for i in range(10)]
    rows += [
        order("old", "2020-05-05", 900, "old"),
        order("back", "2023-03-01", 400, "b1"),
        order("back", "2023-03-20", -400, "b2", kind="refund"),
    ]
    people = [
        {"customer_id": c, "name": f"Customer {c}", "rep_id": "r1"}
        for c in [*(f"c{i}" for i in range(10)), "old", "back", "never"]
    ]
    return book("2023-06", orders=rows, customers=people)
