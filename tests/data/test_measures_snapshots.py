"""Open deals as snapshots of their day showed them."""

from datetime import date

import pytest

from playbook import funnel
from playbook.base.errors import NotAvailable
from playbook.data.measures.frames import collect
from playbook.data.measures.pipeline import open_sums
from playbook.data.measures.snapshots import (
    deals_as_seen,
    first_chances,
    newest_before,
    postponed,
)
from toy import toy

STAGES = {"book": {"stages": ["lead", "won"]}}
DEALS = """
    opportunity_id created    stage outcome closed     amount expected_amount expected_close
    D1             2024-01-05 lead  open    .          .      900             2024-06-30
    D2             2024-01-05 won   won     2024-03-20 700    700             2024-03-31
    D3             2024-01-05 lead  lost    2024-03-10 .      400             2024-03-31
    D4             2024-03-05 lead  open    .          .      50              2024-05-31
    D5             2024-01-05 lead  open    .          .      300             2024-05-31
"""
# D1: 1,000 in February, cut to 800 in March, its day moved from April to May to June. D2: 600.
# D3: 400. D5: its day, the end of February, was over when it was moved to the end of May.
SEEN = """
    snapshot_date opportunity_id amount expected_close probability
    2024-02-15    D1             1000   2024-04-30     0.6
    2024-02-15    D2             600    2024-03-31     0.8
    2024-02-15    D3             400    2024-03-31     0.3
    2024-02-15    D5             300    2024-02-28     0.3
    2024-03-15    D1             800    2024-05-31     0.5
    2024-03-15    D5             300    2024-05-31     0.3
    2024-04-15    D1             850    2024-06-30     0.5
"""


@pytest.fixture(scope="module")
def book():
    return toy(month="2024-03", settings=STAGES, opportunities=DEALS, snapshots=SEEN)


def test_the_newest_snapshot_up_to_a_day(book):
    rows = collect(newest_before(book, date(2024, 2, 29)), sort=["opportunity_id"])
    assert rows.set_index("opportunity_id").seen_amount.astype(int).to_dict() == {
        "D1": 1000,
        "D2": 600,
        "D3": 400,
        "D5": 300,
    }


def test_deals_are_as_the_newest_snapshot_of_the_day_shows_them(book):
    """The April snapshot is not known in March; D4 was never in one and stays as exported."""
    rows = collect(deals_as_seen(book), sort=["opportunity_id"]).set_index("opportunity_id")
    assert rows.expected_amount.astype(int).to_dict() == {
        "D1": 800,
        "D2": 600,
        "D3": 400,
        "D4": 50,
        "D5": 300,
    }
    assert rows.expected_close["D1"].isoformat()[:10] == "2024-05-31"
    assert rows.probability.dropna().to_dict() == {"D1": 0.5, "D2": 0.8, "D3": 0.3, "D5": 0.3}


def test_the_open_pipeline_of_two_months(book):
    """March: 800 + 50 + 300; February: 1,000 + 600 + 400 + 300."""
    assert open_sums(book).amount.tolist() == [1150]
    assert open_sums(book.at(date(2024, 2, 29))).amount.tolist() == [2300]


def test_the_movement_of_march_by_hand(book):
    """Opening: D1 1,000, D2 600, D3 400 (D5's day is over). New 50. D1 is cut by 200, D2 brings 100
    more than expected, D5 returns with 300. Won 700, lost 400, closing 800 + 50 + 300.
    """
    total = funnel.movement(book).total
    parts = ("opening", "new", "up", "down", "won", "lost", "pushed", "closing")
    assert [total[part] for part in parts] == [2000, 50, 100, 200, 700, 400, -300, 1150]
    signs = (1, 1, 1, -1, -1, -1, -1)
    assert sum(s * total[p] for s, p in zip(signs, parts, strict=False)) == total["closing"]
    assert "those of the snapshots of the time" in " ".join(funnel.movement(book).notes())


def test_without_snapshots_nothing_is_said_of_them():
    plain = toy(month="2024-03", settings=STAGES, opportunities=DEALS)
    assert "snapshots" not in " ".join(funnel.movement(plain).notes())
    assert funnel.movement(plain).total["down"] == 0
    with pytest.raises(NotAvailable, match="snapshots"):
        first_chances(plain)


def test_each_deal_is_judged_by_the_first_chance_it_was_given(book):
    rows = first_chances(book)
    assert rows.set_index("opportunity_id").given.to_dict() == {
        "D1": 0.6,
        "D2": 0.8,
        "D3": 0.3,
        "D5": 0.3,
    }
    assert rows.outcome.tolist() == ["open", "won", "lost", "open"]


def test_planned_days_moved_on(book):
    """D1 once by 31 days (April to May) as of March, twice by 61 once April is known."""
    moves = postponed(book).set_index("opportunity_id")
    assert moves.loc["D1"].tolist() == [1, 31] and moves.loc["D5"].tolist() == [1, 93]
    assert moves.loc["D2"].tolist() == [0, 0]


def test_logged_changes_tell_how_often_a_day_was_moved():
    """D1's day was moved on twice (30 and 31 days) and back once (10); an amount is no day."""
    changes = """
        opportunity_id field           from       to         changed_at
        D1             expected_close  2024-04-01 2024-05-01 2024-02-01
        D1             expected_close  2024-05-01 2024-06-01 2024-02-20
        D1             expected_close  2024-06-01 2024-05-22 2024-03-01
        D2             amount          900        800        2024-02-20
        D1             expected_close  2024-05-22 2024-09-01 2024-04-02
    """
    book = toy(month="2024-03", settings=STAGES, opportunities=DEALS, changes=changes)
    moves = postponed(book).set_index("opportunity_id")
    assert moves.loc["D1"].tolist() == [2, 51] and len(moves) == 1  # April is not known yet
    risks = funnel.deal_risk(book).table.set_index("opportunity_id").why
    assert "planned day moved 2 times" in risks["D1"]
