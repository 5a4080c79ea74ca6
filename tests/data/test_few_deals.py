"""Deals counted from arrays are the deals the engine counts: one meaning, two ways."""

import pandas as pd
import pytest

from playbook.data.measures import deals, few_deals
from toy import toy

# Undated entries, an undated deal, amounts with cents and none, a member missing.
EDGES = """
    opportunity_id,created,stage,outcome,closed,amount,expected_amount,rep_id,region
    A,2023-01-02,won,won,2023-02-03,100.25,,R1,North
    B,2023-01-02,won,won,2023-02-03,,90,R1,North
    C,2023-01-31,intent,lost,2023-03-01,,40.0001,R2,
    D,2023-02-01,lead,open,,,10,R2,South
    E,2023-02-01,intent,open,,,,,South
    F,,lead,lost,2023-01-05,7,,R1,North
    G,2023-03-01,intent,lost,2023-03-05,,5,R1,South
"""
EVENTS = """
    opportunity_id,stage,entered_at
    A,intent,2023-01-10
    C,intent,2023-02-10
    E,intent,2023-02-28
    G,intent,2023-03-02
"""


@pytest.fixture(scope="module")
def counted():
    """Deals, and the same as arrays."""
    settings = {"book": {"stages": ["lead", "intent", "won"]}}
    book = toy(month="2023-03", opportunities=EDGES, stage_events=EVENTS, settings=settings)
    found = deals.deals_of(book)
    return found, few_deals.few(found)


def same(by_engine: pd.DataFrame, by_arrays: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(by_engine, by_arrays, check_exact=True)
    assert len(by_engine)


@pytest.mark.parametrize("days", [True, False])
@pytest.mark.parametrize("by", [None, "rep", ["region", "rep"]])
def test_steps_are_counted_alike(counted, by, days):
    found, some = counted
    for k, to in ((0, 1), (1, found.last), (found.last, found.last)):
        same(
            deals._step_counts(found, k, to, by, days),
            few_deals.step_counts(found, some, k, to, by, days),
        )


@pytest.mark.parametrize("days", [True, False])
@pytest.mark.parametrize("by", [None, "region"])
def test_outcomes_are_counted_alike(counted, by, days):
    found, some = counted
    same(deals._outcome_counts(found, by, days), few_deals.outcome_counts(found, some, by, days))


def test_many_deals_stay_with_the_engine(counted, monkeypatch):
    monkeypatch.setattr(few_deals, "MOST", 3)
    assert few_deals._few(counted[0]) is None
