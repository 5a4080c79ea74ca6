"""What a page tells of channels, offers and weeks that stand at an edge."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook import funnel
from playbook.base.formats import Formats
from playbook.data.measures.deals import deals_of
from playbook.funnel import explore
from playbook.funnel.director.bridge import members_of
from playbook.funnel.director.outcomes import channels_panel
from playbook.funnel.meeting.lessons import _channels
from playbook.funnel.meeting.week_review import _asked_of
from playbook.funnel.money.ownership import Ownership, OwnershipComparison
from playbook.funnel.steps.slow_stages import _stays
from toy import toy

FMT = Formats("EUR", "en")
NONE = float("nan")


def channels(*rows: tuple) -> SimpleNamespace:
    """Channels by name, verdict, cost of a customer, cost and return."""
    table = pd.DataFrame(rows, columns=["channel", "verdict", "cac", "cost", "roi"])
    table = table.assign(new=range(1, len(rows) + 1), leads=9, match_rate=NONE)
    return SimpleNamespace(status="ok", table=table, span="a year", margin="by margin")


def test_the_cheapest_kept_channel_against_the_dearest_that_is_cut():
    many = channels(
        ("a", "keep", NONE, 9, 2.0),
        ("b", "keep", 30.0, 9, 2.0),
        ("c", "keep", 20.0, 9, 2.0),
        ("d", "cut", 40.0, 9, 0.1),
        ("e", "stopped", 50.0, 9, 0.1),
        ("f", "unclear", 60.0, 9, 0.1),
        ("g", "unclear", 10.0, 9, 0.1),
    )
    assert list(_channels(many, FMT)) == [
        "Look for customers where they are cheap to win: one by c costs €20 (3 won), one by e €50"
        " (5)."
    ]


@pytest.mark.parametrize("kept", [50.0, 60.0])
def test_a_channel_that_is_cut_for_what_its_customers_bring_is_not_called_dear(kept):
    two = channels(("a", "keep", kept, 9, 2.0), ("b", "cut", 50.0, 9, 0.1))
    assert not list(_channels(two, FMT))


def test_channels_of_the_director_are_those_with_a_cost_and_all_of_them_are_counted():
    nine = [(f"k{i}", "keep", 10.0, 5, 3.0 - i / 10) for i in range(9)]
    found = channels_panel(
        channels(*nine, ("x", "cut", 10, 5, 0.2), ("free", "keep", 0, 0, NONE)), FMT
    )
    assert found.title == "9 of 10 channels with a cost earn it back"
    assert [str(line.cells[0]["text"]) for line in found.lines] == [f"k{i}" for i in range(8)]
    assert channels_panel(channels(("free", "keep", 0, 0, NONE)), FMT) is None


def test_figures_of_an_offer_move_from_nothing_and_a_life_from_a_year(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "playbook.page.widgets.explore", lambda draw, moved, **_: seen.update(moved)
    )
    ours, theirs = Ownership("ours", 500, 3, 20), Ownership("theirs", 0, 5, 60)
    explore.show_ownership(OwnershipComparison(ours, theirs, True, date(2023, 1, 31), FMT))
    assert {name: (s.low, s.high, s.step, s.start) for name, s in seen.items()} == {
        "price": (0, 5000, 10, 500),
        "life": (1, 12, 1, 3),
        "running": (0, 200, 1, 20),
        "other": (0, 1, 1, 0),
        "other_life": (1, 20, 1, 5),
    }


def test_a_week_over_two_months_is_asked_the_part_of_each():
    """From Monday 27 February to Friday 31 March 2023: 2 of February's 20 working days and all of
    March, 2,000 × 2 ÷ 20 + 2,300; from 28 February 1 of 20; in a month without a target none.
    """
    book = toy(
        orders="""
            order_id date       customer_id amount
            O1       2023-03-31 C1          100
        """,
        targets="""
            period  metric target
            2023-02 sales  2000
            2023-03 sales  2300
        """,
        month="2023-03",
    )
    assert _asked_of(book, "sales", date(2023, 2, 27)) == pytest.approx(2500)
    assert _asked_of(book, "sales", date(2023, 2, 28)) == pytest.approx(2400)
    assert _asked_of(book, "sales", date(2023, 3, 31)) == pytest.approx(100)
    assert _asked_of(book, "sales", date(2023, 1, 31)) is None


def test_a_member_without_a_base_moved_by_all_it_brought():
    """Six moved by 10 or more; of the others the one without a year before by 3, one by 2.5 and
    one by 0.
    """
    moved = [(f"r{i}", 50.0 + i, 40.0) for i in range(6)]
    rows = [*moved, ("new", 3.0, NONE), ("old", 4.5, 2.0), ("half", 0.5, 0.5)]
    table = pd.DataFrame(rows[1:], columns=["label", "actual", "last_year"])
    table = table.assign(dimension="region", window="month", target=NONE, member=table["label"])
    found = members_of(SimpleNamespace(table=table), "region")
    assert found["label"].tolist() == ["r1", "r2", "r3", "r4", "r5", "new", "2 others"]
    two = table[table["label"].isin(["new", "half"])]
    assert members_of(SimpleNamespace(table=two), "region")["label"].tolist() == ["half", "new"]


@pytest.mark.parametrize(("lag", "said"), [(1, False), (2, True)])
def test_costs_are_needed_as_many_months_before_the_year_as_a_win_takes(lag, said):
    """The twelve months begin in April 2023, costs in March."""
    made = funnel.channels(
        toy(
            month="2024-03",
            settings={
                "book": {"name": "t", "stages": ["lead", "won"]},
                "funnel": {"channel_lag_months": lag},
            },
            opportunities="""
                opportunity_id created    stage outcome closed     amount channel
                D1             2023-06-02 won   won     2023-06-30 1000   Web
                D2             2024-03-31 lead  open    .          .      Web
            """,
            channel_costs="""
                month     channel cost
                2023-03   Web     300
                2024-03   Web     300
            """,
        )
    )
    assert ("Costs begin in" in made.costs_short) is said


def test_members_of_up_to_two_hundred_are_searched_for_long_stays():
    rows = [
        {
            "opportunity_id": f"D{i}",
            "created": "2023-06-02",
            "closed": "2023-06-30",
            "stage": "won",
            "outcome": "won",
            "rep_id": f"R{i}",
            "region": f"R{min(i, 199)}",
            "channel": "Web",
            "product_line": f"P{i % 2}" if i < 101 else None,
            "industry": f"I{i % 2}" if i < 100 else None,
        }
        for i in range(201)
    ]
    book = toy(
        month="2023-06",
        settings={"book": {"name": "t", "stages": ["lead", "won"]}},
        opportunities=rows,
        stage_events=[
            {"opportunity_id": row["opportunity_id"], "stage": "lead", "entered_at": "2023-06-02"}
            for row in rows
        ],
    )
    stays, able = _stays(deals_of(book), book)
    assert able == ["region", "product_line"] and len(stays) == 201
