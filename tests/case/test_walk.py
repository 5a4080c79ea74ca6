"""The walk-through: thirty-nine weeks, each from what was known on its last day; a player that
works without script.
"""

from datetime import date

import pandas as pd
import pytest
from tests.shared import REPO, real

from playbook import case, goals
from playbook.case.walkthrough.weeks import due_by, tracks, week_ends
from playbook.data.book import Book

SAMPLE = REPO / "data" / "sample"


@pytest.fixture(scope="module")
def walk(book):
    return case.walk(book)


def test_nine_months_are_thirty_nine_weeks(walk):
    """2023-01-01 to 2023-09-30 are 273 days: 39 weeks of seven, the first ending on 7 January."""
    assert walk.weeks.end.tolist() == [
        date.fromordinal(date(2023, 1, 7).toordinal() + 7 * i) for i in range(39)
    ]
    assert week_ends(date(2023, 9, 30), 2) == [date(2023, 9, 23), date(2023, 9, 30)]


@pytest.mark.parametrize("month", ["2023-03", "2023-06"])
def test_a_day_replayed_uses_nothing_dated_later(book, month):
    """What September says of the last days of March and June is what the book said then, to the
    last figure.
    """
    early = Book.open(SAMPLE, month)
    ends = [early.as_of]
    then, now = (tracks(b, ends).set_index("key") for b in (early, book))
    assert sorted(then.index) == sorted(now.index) and len(then) == 7
    pd.testing.assert_frame_equal(then.sort_index(), now.sort_index())


def test_rows_of_tomorrow_change_nothing_of_today(book):
    """Days before the as-of date are told from rows up to them, whatever came after: two books with
    different ends agree on both.
    """
    ends = [date(2023, 2, 4), date(2023, 3, 25)]
    pd.testing.assert_frame_equal(tracks(Book.open(SAMPLE, "2023-04"), ends), tracks(book, ends))


def test_a_late_renewal_a_late_refund_and_a_late_win_are_not_known_before():
    """Twelve contracts end in March: seven renewed in time, two in April. On 31 March seven are
    kept, whatever the book learnt since.
    """
    orders = pd.DataFrame(
        [
            ("O1", "2023-03-05", "C1", 100),
            ("O1", "2023-04-10", "C1", -100),
            ("O2", "2022-03-05", "C1", 80),
            ("O3", "2021-12-01", "C1", 5),
            ("O4", "2023-06-29", "C1", 5),
        ],
        columns=["order_id", "date", "customer_id", "amount"],
    )
    renewed = ["2023-03-01"] * 7 + ["2023-04-20"] * 2 + [""] * 3
    ended = [
        (f"K{i}", "C1", "2022-03-11", "2023-03-10", 10, f"N{i}" if day else "", day)
        for i, day in enumerate(renewed)
    ]
    following = [
        (f"N{i}", "C1", "2023-03-11", "2024-03-10", 10, "", "")
        for i, day in enumerate(renewed)
        if day
    ]
    contracts = pd.DataFrame(
        ended + following,
        columns=[
            "contract_id",
            "customer_id",
            "start",
            "end",
            "annual_value",
            "renewed_by",
            "renewed_on",
        ],
    )
    deals = pd.DataFrame(
        [
            ("D1", "2023-01-01", "2023-03-01", "won", "won"),
            ("D2", "2023-03-02", "2023-05-01", "won", "won"),
        ],
        columns=["opportunity_id", "created", "closed", "stage", "outcome"],
    )
    ends = [date(2023, 3, 31)]
    then, now = (
        tracks(
            Book.from_frames(orders=orders, contracts=contracts, opportunities=deals, month=month),
            ends,
        )
        for month in ("2023-03", "2023-06")
    )
    pd.testing.assert_frame_equal(then, now)
    seen = now.set_index("key").value
    assert (
        seen["renewal"] == pytest.approx(7 / 12)
        and seen["growth"] == pytest.approx(100 / 80 - 1)
        and seen["cycle"] == 59
    )


def test_pace_at_a_month_end_is_the_goal_chapters(book):
    """At a month's end the plan is known to the day, and both chapters say the same."""
    kpi = next(
        k
        for k in goals.tracking(book).kpis()
        if k.name == "pace"
        and k.window == "year_to_date"
        and (k.by or {}) in ({}, {"metric": "sales"})
    )
    pace = tracks(book, [book.as_of]).set_index("key").value["pace"]
    assert pace == pytest.approx(kpi.value, abs=0.005)


def test_what_is_due_by_a_day_by_hand():
    """January 310 in full, of February's 280 the 14 days of 28."""
    plan = {"2023-01": 310.0, "2023-02": 280.0}
    assert due_by(plan, date(2023, 2, 14), 1) == 310 + 140
    assert due_by(plan, date(2023, 3, 1), 1) is None


def test_the_crisis_stands_out_before_the_measures_and_not_at_the_end(walk):
    march = walk.weeks[walk.weeks.end == date(2023, 3, 25)].iloc[0]
    assert {"match", "churn"} <= set(march.signal.split()) and "need-match" in march.known
    assert walk.weeks.signal.iloc[-1] == ""
    april = walk.weeks[walk.weeks.end == date(2023, 4, 1)].iloc[0]
    assert "objective:" in april.decided and april.later != "not over yet"
    assert (walk.weeks.later.tail(13) == "not over yet").all()


def test_the_player_has_a_step_and_a_picture_for_each_week(walk):
    player, turns = walk.tables()
    page = player.html()
    assert page.count('type="radio"') == 39 == page.count("<section>") == page.count("<svg")
    assert page.count("<script>") == 1 and "prefers-reduced-motion" in page and "src=" not in page
    assert player.folded and not turns.folded and 5 < len(turns.rows) < 39


def test_a_picture_shows_no_week_after_its_own(walk):
    player = walk.tables()[0]
    assert player.pictures[5].count("L") < player.pictures[38].count("L")
    assert "36 d" in player.pictures[38] and "36 d" not in player.pictures[5]


def test_the_strip_tells_its_days(walk):
    drawn = walk.figure()
    assert drawn.alt.startswith("9 pictures") and "30 Sep 2023: nothing out of line" in drawn.alt


@pytest.mark.parametrize(
    ("name", "keys"), [("crm_maven", {"growth", "cycle"}), ("superstore_zh", {"growth"})]
)
def test_another_company_is_walked_with_what_its_tables_give(name, keys):
    real(name)
    steps = case.walk(Book.open(REPO / "tests" / "books" / name / "playbook.toml", "2017-12"))
    assert (
        keys & set(steps.tracks.key)
        and len(steps.weeks)
        and steps.tables()[0].html()
        and steps.headline()
    )


def test_a_year_that_is_not_there_whole_is_no_year_to_compare_with():
    """Wins from May 2022 on: the 364 days before a span of 91 are whole from August 2023 on."""
    wins = pd.date_range("2022-05-01", "2023-09-30", freq="3D")
    deals = pd.DataFrame(
        {
            "opportunity_id": [f"D{i}" for i in range(len(wins))],
            "created": [(d - pd.Timedelta(days=5 if d.year == 2022 else 60)).date() for d in wins],
            "closed": [d.date() for d in wins],
            "stage": "won",
            "outcome": "won",
            "amount": 100,
        }
    ).astype(str)
    book = Book.from_frames(opportunities=deals, month="2023-09")
    seen = tracks(book, [date(2023, 6, 30), date(2023, 9, 30)])
    cycle = seen[seen.key == "cycle"].set_index("end")
    assert cycle.base.isna().tolist() == [True, False]
    assert cycle.alarm.tolist() == [False, True] and cycle.value.tolist() == [60, 60]
    weeks = case.walk(book).weeks.set_index("end")
    told = weeks.said[date(2023, 7, 1)]
    assert told == "Nothing to compare with: the data do not reach a year further back."
    assert not case.walk(book).unjudged
    young = case.walk(Book.from_frames(opportunities=deals, month="2023-06"))
    assert young.unjudged and young.headline() == "Walk-through: 39 weeks to 30 Jun 2023."
    assert young.reading() == (
        "In none of the 39 weeks can an indicator be held against the year before: the data do not"
        " reach so far back."
    )
