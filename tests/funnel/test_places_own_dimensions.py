"""Dimensions of the firm's own stand wherever the usual ones do."""

import pandas as pd
import pytest

from playbook import funnel
from playbook.data.measures.pipeline import open_sums
from toy import toy

SETTINGS = {
    "book": {"stages": ["lead", "won"], "dimensions": ["segment"]},
    "funnel": {"min_group": 10},
}


@pytest.fixture(scope="module")
def book():
    """Gold deals are won three times in four, plain ones once; orders of gold were 300, of plain
    100, and one names no segment.
    """
    rows, events = [], []
    for i in range(80):
        born, segment = (
            pd.Timestamp("2024-01-02") + pd.Timedelta(days=i),
            ("gold", "plain")[i % 2],
        )
        won = i // 2 % 4 < (3 if segment == "gold" else 1)
        rows.append(
            dict(opportunity_id=f"D{i}", created=born, closed=born + pd.Timedelta(days=5))
            | dict(outcome="won" if won else "lost", stage="won" if won else "lead")
            | dict(amount=100 if won else None, segment=segment)
        )
        events.append(dict(opportunity_id=f"D{i}", stage="lead", entered_at=born))
    rows.append(
        dict(opportunity_id="O", created="2024-03-30", outcome="open", stage="lead", amount=70)
        | dict(segment="gold")
    )
    orders = [
        dict(order_id="A", date="2024-03-04", customer_id="C", amount=300, segment="gold"),
        dict(order_id="B", date="2024-03-05", customer_id="C", amount=100, segment="plain"),
        dict(order_id="C", date="2024-03-30", customer_id="C", amount=50),
    ]
    return toy(
        month="2024-03",
        settings=SETTINGS,
        opportunities=rows,
        stage_events=events,
        orders=pd.DataFrame(orders),
    )


def test_steps_times_and_speed_by_an_own_dimension(book):
    found = funnel.funnel_members(book)
    assert found.dimensions == ["segment"]
    rates = found.steps.set_index("member").rate  # of January and February, whose time is up
    assert rates.to_dict() == {"gold": 23 / 30, "plain": 8 / 29}
    assert "Steps, time and speed by segment" in [t.title for t in found.tables()]


def test_performance_and_pipeline_by_an_own_dimension(book):
    found = funnel.performance(book).of("segment").set_index("member").actual
    assert found.to_dict() == {"gold": 300, "plain": 100, "not given": 50}
    sums = open_sums(book, ["segment"]).set_index("segment")
    assert sums.amount["gold"] == 70


def test_the_search_for_places_looks_at_it(book):
    assert "segment" in funnel.bottleneck(book).looked
    assert funnel.conversion_by(book, "segment").table.verdict.tolist() == [
        "above the rest",
        "below the rest",
    ]
