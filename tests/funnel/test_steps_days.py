"""Passing a step within so many days, and by the hour, worked by hand."""

import pytest

from playbook import funnel
from toy import toy

STAGES = {"book": {"stages": ["lead", "offer", "won"]}, "funnel": {"step_days": [30, 40, 90]}}
# lead → offer after 10 and 40 days, one lost after 20, one still there after 40: passed by day 30
# are 1 of 4; on day 40 of the 2 left one passes: 1/4 + 2/4 · 1/2.
DEALS = """
    opportunity_id created    stage outcome closed
    D1             2024-01-01 offer open    .
    D2             2024-01-01 offer open    .
    D3             2024-01-01 lead  lost    2024-01-21
    D4             2024-01-20 lead  open    .
"""
EVENTS = """
    opportunity_id stage entered_at
    D1             lead  2024-01-01
    D1             offer 2024-01-11
    D2             lead  2024-01-01
    D2             offer 2024-02-10
    D3             lead  2024-01-01
    D4             lead  2024-01-20
"""


def book(**changed):
    tables = {"opportunities": DEALS, "stage_events": EVENTS, **changed}
    return toy(month="2024-02", settings=STAGES, **tables)


def test_chances_of_a_step_by_hand():
    found = funnel.step_days(book())
    row = found.at("lead→offer", 30)
    assert (row["value"], row["n"], row["watched"]) == (0.25, 4, 4)
    assert found.at("lead→offer", 40)["value"] == 0.5
    later = found.at("lead→offer", 90)  # nobody was watched for longer than 40 days
    assert later["value"] != later["value"] and (later["n"], later["watched"]) == (4, 3)
    assert found.reading().startswith("No step has 30 deals or more")
    none = found.at("offer→won", 30)  # nobody of two passed: the interval is that of 0 of n
    assert (none["value"], none["low"]) == (0, 0) and 0.5 < none["high"] < 1
    kpi = next(k for k in found.kpis() if k.by == {"step": "lead→offer", "day": "30"})
    assert (kpi.value, kpi.n) == (0.25, 4)


def test_a_step_with_deals_enough_is_named():
    settings = STAGES | {"funnel": {"step_days": [30, 40, 90], "min_group": 3}}
    found = funnel.step_days(
        toy(month="2024-02", settings=settings, opportunities=DEALS, stage_events=EVENTS)
    )
    assert found.reading() == (
        "Within 30 d of entering it 25.0 % of 4 deals pass lead→offer [0.9–66.5 %], within 40 d"
        " 50.0 %."
    )


def test_the_days_are_a_setting():
    settings = STAGES | {"funnel": {"step_days": [5, 10]}}
    found = funnel.step_days(
        toy(month="2024-02", settings=settings, opportunities=DEALS, stage_events=EVENTS)
    )
    assert found.table.day.unique().tolist() == [5, 10]
    assert found.at("lead→offer", 10)["value"] == 0.25 and found.at("lead→offer", 5)["value"] == 0


def test_hours_where_the_source_keeps_the_clock():
    """6 and 18 hours from lead to offer: median 12, four in five within 15.6; a midnight event of
    D3 makes no clock of the others.
    """
    events = """
        opportunity_id,stage,entered_at
        D1,lead,2024-01-01 08:00
        D1,offer,2024-01-01 14:00
        D2,lead,2024-01-01 09:30
        D2,offer,2024-01-02 03:30
        D3,lead,2024-01-01
        D4,lead,2024-02-01
        """
    found = funnel.step_days(book(stage_events=events)).hours
    assert found.stage.tolist() == ["lead"] and found.n.tolist() == [2]
    assert found.hours.tolist() == [12.0] and found.slow.tolist() == [pytest.approx(15.6)]
    assert found.day.tolist() == [1.0]


def test_days_alone_give_no_hours():
    assert funnel.step_days(book()).hours.empty


def test_without_dated_stages_the_section_says_what_it_needs():
    found = funnel.step_days(toy(month="2024-01", settings=STAGES, opportunities=DEALS))
    assert found.status != "ok" and "stage_events" in found.reason
