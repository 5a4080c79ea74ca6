"""What single lines of the case decide, worked by hand."""

import re
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.case import explore as sliders
from playbook.case.course.indicators import _base, _compare
from playbook.case.gap_worth import worth_of
from playbook.case.measures.codes import LEVERS
from playbook.case.peers import from_chapters
from playbook.case.peers.short_cases import SHORT_CASES
from playbook.case.pilot.comparison import elsewhere
from playbook.case.pilot.one_by_one import _cannot, _span
from playbook.case.story.identities import VALUE
from playbook.case.story.recompute import _goal
from toy import toy

FMT = Formats("EUR", "en")


def test_published_figures_are_those_of_the_sentences_they_are_taken_from():
    """Every figure is a number of its sentence, shares in per cent; a fall is told without sign."""
    for case in SHORT_CASES:
        times = 100 if case.unit == "share" else 1
        told = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", case.sentence)]
        figures = [abs(v) * times for v in (case.before, case.after) if v is not None]
        assert told == pytest.approx(figures), case.id


@pytest.fixture
def controls(monkeypatch):
    """What ``explore`` is given, by name: low, high, step, start."""
    given = {}

    def kept(draw, controls, **more):
        given.update(
            (name, (one.low, one.high, one.step, one.start)) for name, one in controls.items()
        )

    monkeypatch.setattr(sliders, "explore", kept)
    return given


def test_shares_and_growth_move_within_what_can_be(controls):
    sliders.try_identity(SimpleNamespace(status="ok", fmt=FMT))
    assert controls == {
        "growth": (-0.5, 1.0, 0.01, VALUE["growth.after"]),
        "before": (0.05, 0.95, 0.01, VALUE["returning.before"]),
        "after": (0.05, 0.95, 0.01, VALUE["returning.after"]),
    }


def test_a_measure_is_believed_from_not_at_all_to_half_as_much_again(controls):
    sliders.try_beliefs(SimpleNamespace(status="ok"))
    assert controls == dict.fromkeys(LEVERS, (0.0, 1.5, 0.05, 0.5))


@pytest.mark.parametrize(
    ("periods", "key", "base"),
    [
        (["2023-Q1"], "match", None),
        (["2022-Q4", "2023-Q1"], "match", "2022-Q4"),
        (["2022-Q4", "2023-Q1"], "sales", None),  # a sum stands beside a year before only
        (["2022-Q1", "2022-Q4", "2023-Q1"], "match", "2022-Q1"),
        (["2022-Q1", "2022-Q4", "2023-Q1"], "sales", "2022-Q1"),
    ],
)
def test_a_quarter_stands_beside_a_year_before_else_a_rate_beside_the_one_before(
    periods, key, base
):
    made = _base(pd.DataFrame({"period": periods}), "2023-Q1", None, key)
    assert (None if made is None else made["period"]) == base


def test_the_quarter_before_the_measures_is_the_last_that_was_over():
    known = pd.DataFrame({"period": ["2022-Q3", "2022-Q4", "2023-Q1"]})
    found = [_base(known, "2023-Q1", date(2023, m, 15), "match") for m in (1, 3, 4)]
    assert [None if one is None else one["period"] for one in found] == ["2022-Q4"] * 2 + [None]
    assert _base(known.tail(1), "2023-Q1", date(2023, 1, 1), "match") is None


@pytest.mark.parametrize(("back", "worth"), [(100.0, 12.0), (500.0, 0.0)])
def test_a_gap_in_matching_leads_is_worth_what_a_matching_lead_brings(back, worth):
    """Of the last four quarters 400 of sales less what came back, 300, over 40 matching leads 7.5
    each; 16 leads in the last quarter and a gap of 10 points are 1.6 of them.
    """
    quarters = pd.DataFrame(
        [
            *(("match", 99.0, 99, 99), ("sales", 99.0, 9, 9), ("returning", 0.5, 9, 9)),
            *(("match", 0.5, 10, n) for n in (20, 20, 24, 16)),
            *(("sales", 100.0, 1, 1) for _ in range(4)),
            *(("returning", 0.25, back / 4, 100) for _ in range(4)),
        ],
        columns=["indicator", "value", "k", "n"],
    )
    deals = """
        opportunity_id created    stage outcome amount
        D1             2023-01-01 lead  open    10
    """
    book = toy(opportunities=deals, month="2023-01")
    course = SimpleNamespace(course=SimpleNamespace(quarterly=quarters))
    assert worth_of(book, "match", 0.1, course) == pytest.approx(worth)
    for absent in ("sales", "returning", "match"):
        rest = SimpleNamespace(quarterly=quarters[quarters.indicator != absent])
        assert worth_of(book, "match", 0.1, SimpleNamespace(course=rest)) is None


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ("2023-02", "has no month yet in which some had started and some waited"),
        ("2023-03", ""),
        ("2023-04", ""),
        ("2023-12", ""),
    ],
)
def test_groups_are_compared_from_the_month_in_which_the_first_starts(last, why):
    """Two begin in March, the third in May."""
    starts = {"a": date(2023, 3, 1), "b": date(2023, 3, 1), "c": date(2023, 5, 1)}
    settings = PilotSettings(by="region", starts_by=starts)
    panel = SimpleNamespace(members=("a", "b", "c"), months=(Month(2023, 2), Month(2023, 3)))
    assert _cannot(panel, settings, Month.parse(last)) == why
    late = SimpleNamespace(members=panel.members, months=panel.months[1:])
    assert _cannot(late, settings, Month.parse(last)) == "has no month before the first start"
    two = SimpleNamespace(members=("a", "b"), months=panel.months)
    assert _cannot(two, settings, Month.parse(last)) == "has no sales in every month for c"


@pytest.mark.parametrize(
    ("values", "share"),
    [((0.25, 0.75), 0.25), ((30.0, 90.0), 0.25), ((0.0, 5.0), None), ((2.0, -2.0), None)],
)
def test_the_share_of_the_best_tier_is_told_where_it_brought_something(values, share, monkeypatch):
    book = toy()
    names = book.settings.segments.tiers.names[:2]
    kpis = [
        SimpleNamespace(name="tier.revenue", by={"tier": name}, value=value)
        for name, value in zip(names, values, strict=True)
    ]
    monkeypatch.setattr(
        from_chapters.segments, "tiers", lambda book: SimpleNamespace(kpis=lambda: kpis)
    )
    made = from_chapters.high_value(book)
    assert (None if made is None else made.value) == share


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ((50, 100), (63, 105), "both ways"),  # 50 % → 60 %, for the new ones fell from 50 to 42
        ((50, 100), (80, 130), "better"),  # both grew, the returning faster
        ((50, 100), (60, 110), "better"),  # the new ones stayed at 50
        ((50, 100), (45, 100), "worse"),  # the returning bought less
        ((50, 100), (60, 150), "both ways"),  # they bought more, the new ones much more
        ((50, 100), (55, 110), "even"),
    ],
)
def test_a_share_that_rises_as_the_rest_falls_is_no_progress(before, after, way):
    quarters = pd.DataFrame(
        [
            {"indicator": "returning", "period": p, "value": k / n, "k": float(k), "n": float(n)}
            for p, (k, n) in (("2022-Q3", before), ("2023-Q3", after))
        ]
    )
    (row,) = _compare(SimpleNamespace(quarterly=quarters), None).itertuples()
    assert row.way == way and row.change == pytest.approx(
        after[0] / after[1] - before[0] / before[1]
    )


def test_an_earlier_span_with_the_very_same_effect_counts_as_as_large():
    outcomes = pd.DataFrame({"effect": [-0.2], "p": [0.5]})
    placebo = pd.DataFrame({"effect": [0.2, -0.2, 0.1], "p": [0.5, 0.5, 0.5]})
    assert elsewhere(outcomes, placebo, FMT).startswith("2 of 3 earlier spans gave an effect")


def test_columns_of_starts_count_from_the_first_month_looked_at():
    """Starts in May and July of a panel from January 2023, two months before and after: March to
    August, in which they are the third and the fifth month.
    """
    panel = SimpleNamespace(members=["A", "B"], months=[Month(2023, 1) + i for i in range(12)])
    settings = SimpleNamespace(starts_by={"B": date(2023, 5, 1), "A": date(2023, 7, 1)}, months=2)
    assert _span(panel, settings) == ([1, 0], [2, 4], slice(2, 8))
    early = SimpleNamespace(starts_by={"A": date(2023, 2, 1), "B": date(2023, 12, 1)}, months=3)
    assert _span(panel, early) == ([0, 1], [1, 11], slice(0, 12))


@pytest.mark.parametrize(
    ("sold", "targets", "lift"),
    [
        (100, "2023 sales 150", 0.5),
        (0, "2023 sales 150", None),
        (100, "2022 sales 150", None),
    ],
)
def test_a_goal_is_set_against_sales_of_the_year_before(sold, targets, lift):
    book = toy(
        month="2023-06",
        orders=[
            {"order_id": "O1", "date": "2022-05-05", "customer_id": "C1", "amount": sold},
            {"order_id": "O2", "date": "2023-06-05", "customer_id": "C1", "amount": 10},
        ],
        targets=f"period metric target\n{targets}",
    )
    found = _goal(book, None, "2023")
    assert found.value == (None if lift is None else pytest.approx(lift))
    assert bool(found.why) is (lift is None)
