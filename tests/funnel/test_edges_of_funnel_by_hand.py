"""What a page tells of channels, offers and weeks that stand at an edge."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from playbook import funnel
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.data.measures.deals import deals_of
from playbook.funnel import explore
from playbook.funnel.actions import _left
from playbook.funnel.director.bridge import members_of
from playbook.funnel.director.outcomes import channels_panel, indicators_panel, losses_panel
from playbook.funnel.director.parts import shortest
from playbook.funnel.director.steps import _movement
from playbook.funnel.meeting.indicators import Indicator
from playbook.funnel.meeting.lessons import _channels, _objections
from playbook.funnel.meeting.usual import _least_spread
from playbook.funnel.meeting.week_review import WeekReview, _asked_of, _judged
from playbook.funnel.meeting.words import AS_USUAL, MORE, TOO_LITTLE
from playbook.funnel.money import gap_members
from playbook.funnel.money.ownership import Ownership, OwnershipComparison
from playbook.funnel.money.performance import Performance
from playbook.funnel.places import member_steps, search_steps
from playbook.funnel.places.member_steps import _value
from playbook.funnel.steps.cohorts import FunnelStep
from playbook.funnel.steps.cycle import Cycle
from playbook.funnel.steps.movement import PipelineMovement
from playbook.funnel.steps.outcomes import WinRate
from playbook.funnel.steps.slow_stages import _left_by, _stays
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


def test_budget_moves_from_nothing_to_all_of_it_in_tenths(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "playbook.page.widgets.explore", lambda draw, moved, **_: seen.update(moved)
    )
    monkeypatch.setattr(explore, "Channels", SimpleNamespace)
    monkeypatch.setattr(explore, "move", lambda *asked: None)
    rows = [("a", "keep", 10.0, 9, 2.0), ("b", "cut", 40.0, 9, 0.1)]
    for given in (rows[:1], rows):
        found = channels(*given)
        found.table["running"] = 100.0
        explore.move_budget(found)
        assert bool(seen) is (len(given) == 2)
    share = seen["share"]
    assert (share.low, share.high, share.step, share.start) == (0, 100, 10, 50)
    assert (seen["source"].start, seen["to"].start) == ("b", "a")


def test_the_chance_of_a_win_in_the_headline_is_that_of_the_last_day_it_is_known_of():
    chances = [("all", 90, 0.2), ("all", 180, 0.3), ("all", 365, NONE), ("month", 730, 0.9)]
    medians = [("trailing_12m", 30.0, NONE)]
    found = SimpleNamespace(
        fmt=FMT,
        table=pd.DataFrame(medians, columns=["window", "won_median", "lost_median"]),
        chances=pd.DataFrame(chances, columns=["window", "day", "value"]),
    )
    assert Cycle.headline(found) == (
        "Cycle: wins of 12 months took 30 d at the median; chance of a win within 180 d: 30.0 %"
    )


@pytest.mark.parametrize(
    ("created", "entered", "stage"),
    [(None, None, "quote"), ("2023-06-01", None, "lead"), ("2023-06-01", "quote", "quote")],
)
def test_micro_steps_are_those_of_deals_at_the_last_dated_stage_before_the_win(
    created, entered, stage
):
    """Where no stage carries a day it is the last one before the win."""
    deal = {"opportunity_id": "D1", "stage": "won", "outcome": "won", "closed": "2023-06-20"}
    entry = {"opportunity_id": "D1", "stage": entered, "entered_at": "2023-06-10"}
    book = toy(
        month="2023-06",
        settings={"book": {"name": "t", "stages": ["lead", "offer", "quote", "won"]}},
        opportunities=[deal | ({"created": created} if created else {})],
        activities=[
            {"activity_id": "A", "opportunity_id": "D1", "kind": "demo"}
            | {"rep_id": "R1", "date": "2023-06-11"}
        ],
        **({"stage_events": [entry]} if entered else {}),
    )
    found = funnel.negotiation(book)
    assert found.stage == stage and found.table["of"].max() == 1


@pytest.mark.parametrize(("past", "judged"), [(5, False), (6, True)])
def test_a_week_is_judged_from_six_weeks_before_it(past, judged):
    """8 and 12 by turns; 100 is more than that."""
    sums = pd.Series([100.0, *([8.0, 12.0] * 3)[:past]])
    row = {"what": "orders", "unit": "count", "sums": sums}
    made = _judged([row], {("orders", "count"): 80.0}).iloc[0]
    assert made["reading"] == (MORE if judged else TOO_LITTLE) and made["of_target"] == 1.25
    assert (made["mean"] == 10.0) if judged else pd.isna(made["mean"])
    flat = _judged([row | {"sums": pd.Series([100.0] + [8.0] * 6)}], {}).iloc[0]
    assert flat["reading"] == TOO_LITTLE


def test_a_week_of_which_the_plan_asks_nothing_is_held_against_no_target():
    rows = [("orders", 0.0, NONE), ("sales", NONE, NONE), ("deals won", 1.0, 2.0)]
    table = pd.DataFrame(rows, columns=["what", "target", "of_target"])
    decided = pd.DataFrame({"outcome": [], "reason": []})
    table = table.assign(unit="count", reading=AS_USUAL)
    found = SimpleNamespace(table=table, decided=decided, deals=False, fmt=FMT)
    assert WeekReview.reading(found) == (
        "Nothing counted lies outside the usual range. Deals won: 200 % of the 1 the plan asks of"
        " these days."
    )


@pytest.mark.parametrize(("before", "said"), [(30, "Ask what changed"), (60, "Keep what began")])
def test_fewer_objections_are_kept_and_more_are_asked_about(before, said):
    row = {"p": 0.001, "after": 50, "after_of": 100, "before": before, "before_of": 100}
    found = SimpleNamespace(
        use=pd.DataFrame({"p": []}),
        change=pd.DataFrame([row | {"change": 0.5 - before / 100}]),
        since=Month(2023, 4),
    )
    (text,) = _objections(found, FMT)
    assert text.startswith(f"{said} in Apr 2023: 50.0 % (50 of 100)")


@pytest.mark.parametrize(("own", "left"), [([4, 9], 0.5), ([5, 9], 0.0), ([3, 4], 1.0)])
def test_who_had_left_by_the_day_three_in_four_of_the_others_had(own, left):
    """Of four others the third left on day 4."""

    def stays(days: list) -> pd.DataFrame:
        return pd.DataFrame({"days": days, "left": True, "n": 1})

    assert _left_by(stays([1, 2, 4, 8]), stays(own)) == {"day": 4, "gone": 0.75, "own_gone": left}


def test_without_reasons_of_losses_there_is_no_panel_of_them():
    some = pd.DataFrame({"reason": ["price"], "share": [1.0], "before": [NONE], "n": [3]})
    for status, rows, shown in (("ok", some, True), ("ok", some[:0], False), ("none", some, False)):
        reasons = SimpleNamespace(status=status, losses=rows)
        assert (losses_panel(reasons, FMT) is not None) is shown


def test_the_least_spread_of_a_share_is_that_of_its_deals():
    """√(p (1 − p) ÷ n); of all or none passed a quarter of a deal of n + 1 is counted instead."""

    def least(mean: float, n: float, unit: str = "share") -> float:
        trials = pd.Series({5: n}) if unit == "share" else None
        return _least_spread(Indicator("a", "b", unit, 1, pd.Series(), trials), mean, 5)

    assert least(0.5, 25) == pytest.approx(0.1) and least(0.2, 16) == pytest.approx(0.1)
    for mean in (1.0, 1.5, 0.0, -0.5):
        assert least(mean, 24) == pytest.approx((0.01 / 24) ** 0.5)
    assert least(0.5, 1) == pytest.approx(0.5) and least(0.5, 0) == 0
    assert least(9.0, 0, "count") == 3 and least(0.5, 0, "count") == 1
    assert least(9.0, 0, "money") == 0


def test_targets_that_miss_those_of_the_whole_by_a_unit_are_noted():
    off = {"region": 1.0, "channel": -1.0, "rep": 0.99, "product_line": -0.99}
    found = SimpleNamespace(
        unfinished="",
        uncovered={},
        targets=True,
        original=None,
        loose=off,
        fmt=FMT,
        total=lambda: {"target": 100.0},
    )
    assert [note.partition(",")[0] for note in Performance.notes(found)[2:]] == [
        "The targets by region sum to €101",
        "The targets by channel sum to €99",
    ]


def test_what_passed_its_day_is_taken_from_the_pipeline(monkeypatch):
    """100 + 40 + 5 − 3 − 20 − 10 − 7 = 105."""
    told = []
    monkeypatch.setattr(
        "playbook.funnel.steps.movement.movement_bars", lambda parts, *_: told.extend(parts)
    )
    total = {"opening": 100, "new": 40, "up": 5, "down": 3, "won": 20, "lost": 10, "pushed": 7}
    found = SimpleNamespace(total=total | {"closing": 105}, currency="EUR", span="", fmt=FMT)
    PipelineMovement.figure(found)
    assert [size for _, size in told] == [100, 40, 5, -3, -20, -10, -7, 105]
    assert sum(size for _, size in told[:-1]) == told[-1][1]


def test_a_change_is_followed_down_three_dimensions(monkeypatch):
    dims = ["region", "channel", "product_line", "industry"]
    cells = pd.DataFrame([{"now": 50.0, "then": 100.0} | dict.fromkeys(dims, "x")])
    monkeypatch.setattr(gap_members.measure, "customer_sales", lambda *_: cells)
    monkeypatch.setattr(gap_members, "member_names", lambda book: {})
    monkeypatch.setattr(
        gap_members,
        "moved",
        lambda cells, dims: pd.DataFrame(
            [(d, "x", -50.0, -9.0, 0.001) for d in dims],
            columns=["dimension", "member", "change", "z", "p"],
        ),
    )
    found = SimpleNamespace(dimensions=dims)
    for asked, most in (({}, 3), ({"most": 1}, 1), ({"most": 9}, 4)):
        made = gap_members.drill_down(None, found, None, None, **asked)
        assert made["level"].tolist() == list(range(1, most + 1))
        assert (
            made["dimension"].tolist() == ["region", "channel", "product line", "industry"][:most]
        )


@pytest.mark.parametrize(
    ("opening", "closing", "shown"),
    [(0, 0, False), (0, 5, True), (5, 0, True), (5, 5, True)],
)
def test_a_pipeline_that_was_or_is_there_is_shown(opening, closing, shown):
    parts = dict.fromkeys(["new", "up", "down", "won", "lost", "pushed"], 0)
    made = _movement(
        SimpleNamespace(
            status="ok",
            table=pd.DataFrame({"rep": ["R1"]}),
            total=parts | {"opening": opening, "closing": closing},
            currency="EUR",
            span="",
            dated=opening > 0,
        ),
        FMT,
    )
    assert (made is not None) is shown
    if shown:  # who never planned a day has put none off
        assert made.title == f"Pipeline €{opening} → €{closing}"
        assert len(made.lines) == (8 if opening else 7)


@pytest.mark.parametrize(("months", "told"), [(1, 0), (2, 1), (3, 1)])
def test_two_months_with_enough_deals_are_enough_to_tell_a_change(months, told):
    rows = [("2023-04", 1, 9, 0.1), ("2023-05", 5, 5, 0.5), ("2023-06", 8, 2, 0.8)][-months:]
    monthly = pd.DataFrame(rows, columns=["month", "won", "lost", "narrow"])
    found = SimpleNamespace(no_losses="", monthly=monthly, small=10, fmt=FMT)
    changes = WinRate.changes(found)
    assert [change.size for change in changes] == [pytest.approx(0.3)] * told
    assert WinRate.changes(SimpleNamespace(**vars(found) | {"small": 11})) == []


def test_members_of_up_to_two_hundred_are_searched_for_places(monkeypatch):
    """201 deals by 200 regions and by 201 industries."""
    rows = [
        {
            "opportunity_id": f"D{i}",
            "created": "2023-06-02",
            "closed": "2023-06-20",
            "stage": "won" if i % 2 else "lead",
            "outcome": "won" if i % 2 else "lost",
            "amount": "9",
            "region": f"R{min(i, 199)}",
            "industry": f"I{i}",
        }
        for i in range(201)
    ]
    book = toy(
        month="2023-06",
        settings={"book": {"name": "t", "stages": ["lead", "won"]}},
        opportunities=rows,
    )
    deals = deals_of(book)
    seen = []
    monkeypatch.setattr(
        search_steps, "places_of_step", lambda rows, able, *_: seen.append(able) or ([], 7)
    )
    step = FunnelStep("lead", "won", pd.DataFrame(), 0.0, pd.Series())
    worth = {"lead→won": {"value": 1.0, "onward": 1.0}}
    found = search_steps.search_steps([step], worth, deals, book, None)
    assert seen == [["region"]] and found == ([], 7, ("region",), ("industry",))


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (-19.0, ""),  # less than a fiftieth of the company's 1,000 is no news of the title
        (-20.0, "South €20 short of plan"),
        (-50.0, "South €50 short of plan"),
    ],
)
def test_the_title_names_who_is_short_by_a_fiftieth_of_the_company(gap, text):
    rows = [("North", "North", 600.0, 640.0), ("South", "South", 400.0, 400.0 + gap)]
    table = pd.DataFrame(rows, columns=["member", "label", "target", "actual"])
    table = table.assign(dimension="region", window="month", last_year=NONE)
    found = SimpleNamespace(
        status="ok", table=table, total=lambda window: {"target": 1000.0, "last_year": NONE}
    )
    assert shortest(found, FMT) == text


def test_two_members_below_target_are_given_their_cause():
    rows = [("a", -3.0), ("b", -9.0), ("c", -5.0), ("d", -1.0), ("e", 4.0)]
    table = pd.DataFrame(rows, columns=["member", "gap"])
    table = table.assign(
        dimension="region", label=table.member, window="month", actual=1.0, last_year=1.0
    )
    causes = {("region", name): f"why {name}" for name in "acde"}
    found = SimpleNamespace(table=table, window="month", causes=causes, fmt=FMT)
    assert Performance._caused(found) == " A cause is found at c (why c); a (why a)."


@pytest.mark.parametrize(
    ("first", "asked"),
    [(date(2023, 6, 26), 5 / 22 * 220), (date(2023, 5, 29), 220 + 3 / 23 * 115)],
)
def test_a_week_is_asked_for_its_working_days_part_of_the_month(first, asked):
    book = toy(
        month="2023-06",
        orders="""
            order_id date       customer_id amount
            O1       2023-06-30 C1          100
        """,
        targets="""
            period  metric target
            2023-05 sales  115
            2023-06 sales  220
        """,
    )
    assert _asked_of(book, "sales", first) == pytest.approx(asked)


def test_who_left_on_the_report_day_has_left():
    book = toy(
        month="2023-06",
        orders="""
            order_id date       customer_id amount rep_id
            O1       2023-06-30 C1          100    R1
        """,
        reps="""
            rep_id name left
            R1     a    .
            R2     b    2023-06-30
            R3     c    2023-07-01
            R4     d    2023-06-29
        """,
    )
    assert _left(book) == {"R2", "R4"}


def test_money_is_short_among_the_indicators_of_a_year_and_counts_are_whole():
    rows = [("leads", "count", 12_345.0), ("LTV", "money", 12_345.0)]
    table = pd.DataFrame(rows, columns=["indicator", "unit", "value"])
    table = table.assign(low=NONE, high=NONE, alert=AS_USUAL)
    found = SimpleNamespace(
        status="ok", table=table, series={"leads": [1.0, NONE], "LTV": [2.0, 3.0]}
    )
    made = indicators_panel(found, FMT)
    assert [one.value for one in made.items] == ["12,345", "€12.3k"]
    assert made.items[0].spark.actual == (1.0, None)


@pytest.mark.parametrize(
    ("won", "amount", "known"), [(0, 0, False), (2, 0, False), (2, 100, True), (2, -100, True)]
)
def test_what_a_deal_more_brings_is_known_of_wins_that_carry_an_amount(
    monkeypatch, won, amount, known
):
    cells = pd.DataFrame(
        [("advanced", 5, 4, won, amount, amount**2)],
        columns=["status", "month", "n", "won", "amount", "square"],
    )
    monkeypatch.setattr(member_steps, "bounds", lambda *_: (5, 6))
    monkeypatch.setattr(member_steps, "mature_cells", lambda *_: cells)
    step = SimpleNamespace(counts=cells, limit=1.0)
    assert (_value(step, None, np.random.default_rng(1)) is not None) is known
