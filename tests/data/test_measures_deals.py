"""Counts of deals: the same on pandas and DuckDB, stages passed, balance kept, impossible rows
treated as stated.
"""

from datetime import date

import duckdb
import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.base.periods import Month
from playbook.data.measures import deals as d
from playbook.data.measures.deals_to_act_on import open_deals
from playbook.data.measures.repurchase import counts_from

STAGES = ("lead", "intent", "negotiation", "won")
AS_OF = date(2023, 6, 30)

DEALS = [
    # id, created, closed, stage, outcome
    ("A", "2023-01-05", "2023-03-01", "won", "won"),  # goes all the way
    ("B", "2023-01-10", "2023-02-01", "intent", "lost"),
    ("C", "2023-02-01", None, "negotiation", "open"),  # skips intent
    ("D", "2023-02-05", None, "lead", "open"),  # went back from intent to lead
    ("E", None, None, "lead", "open"),  # no day at all
    ("F", "2023-03-01", "2023-04-01", "won", "won"),  # no event to the win
]
EVENTS = [
    ("A", "lead", "2023-01-05 09:00"),
    ("A", "intent", "2023-01-15 10:00"),
    ("A", "negotiation", "2023-02-01"),
    ("A", "won", "2023-03-01"),
    ("B", "lead", "2023-01-10"),
    ("B", "intent", "2023-01-20"),
    ("C", "lead", "2023-02-01"),
    ("C", "negotiation", "2023-02-11"),
    ("D", "lead", "2023-02-05"),
    ("D", "intent", "2023-02-10"),
    ("D", "lead", "2023-03-10"),
    ("F", "lead", "2023-03-01"),
]


def frames(deals=DEALS, events=EVENTS):
    one = pd.DataFrame(deals, columns=["opportunity_id", "created", "closed", "stage", "outcome"])
    one = one.assign(
        created=pd.to_datetime(one.created),
        closed=pd.to_datetime(one.closed),
        amount=100.0,
        expected_amount=80.0,
        expected_close=pd.NaT,
        customer_id=None,
        lead_id=None,
        rep_id="r1",
        rep="r1",
    )
    two = pd.DataFrame(events, columns=["opportunity_id", "stage", "entered_at"])
    return one, two.assign(entered_at=pd.to_datetime(two.entered_at, format="mixed"))


def ready(engine: str, deals=DEALS, events=EVENTS) -> d.Deals:
    one, two = frames(deals, events)
    if engine == "pandas":
        a, b = nw.from_native(one).lazy(), nw.from_native(two).lazy()
    else:
        con = duckdb.connect()
        types = (
            "SELECT * REPLACE (CAST(created AS DATE) AS created, CAST(closed AS DATE) AS closed,"
            " CAST(expected_close AS DATE) AS expected_close) FROM one"
        )
        a, b = nw.from_native(con.sql(types)), nw.from_native(con.sql("SELECT * FROM two"))
    return d.Deals(d.passages(a, b, STAGES), STAGES, (0, 1, 2, 3), AS_OF, {"rep": "the deal"}, True)


@pytest.fixture(params=["pandas", "duckdb"])
def engine(request):
    return request.param


def by_status(counts):
    return counts.groupby("status").n.sum().to_dict()


def test_steps_worked_by_hand(engine):
    deals = ready(engine)
    lead = d.step_counts(deals, 0, 1)
    assert by_status(lead) == {"advanced": 5, "open": 1}
    assert by_status(d.step_counts(deals, 1, 2)) == {
        "advanced": 3,
        "lost": 1,
        "open": 1,
    }  # C passed intent unseen, F too; D still there by its first clock
    assert by_status(d.step_counts(deals, 2, 3)) == {"advanced": 2, "open": 1}
    a = lead[(lead.month == Month(2023, 1).number) & (lead.days == 10)]
    assert a.n.sum() == 2  # A and B took ten days
    intent = d.step_counts(deals, 1, 2)
    assert intent[intent.status == "lost"].days.tolist() == [12]  # B, 20 January to 1 February
    assert intent[intent.status == "open"].days.tolist() == [140]  # D, 10 February to 30 June


def test_a_deal_made_after_it_moved_on_was_not_seen_in_the_first_stage():
    """G came to intent the day before it was made, H the day after, I has no day at all."""
    deals = [
        ("G", "2023-01-10", None, "intent", "open"),
        ("H", "2023-01-10", None, "intent", "open"),
    ]
    deals += [("I", None, None, "intent", "open")]
    events = [("G", "intent", "2023-01-09"), ("H", "intent", "2023-01-11")]
    one, two = (nw.from_native(frame).lazy() for frame in frames(deals, events))
    rows = d.passages(one, two, STAGES).collect().to_pandas().set_index("opportunity_id")
    assert rows.s0.to_dict() == {"G": 0, "H": 1, "I": 0}


def test_skipped_stage_is_passed_unseen_on_the_later_day(engine):
    intent = d.step_counts(ready(engine), 1, 2)
    passed = intent[(intent.seen == 0) & (intent.days == 0)]
    assert passed.n.sum() == 2 and set(passed.status) == {"advanced"}


def test_undated_deal_counts_without_a_month(engine):
    lead = d.step_counts(ready(engine), 0, 1)
    assert lead[lead.month.isna()].n.sum() == 1


def test_outcomes_by_month(engine):
    counts = d.outcome_counts(ready(engine), days=True)
    won = counts[counts.outcome == "won"]
    assert sorted(won.days) == [31, 55] and won.amount.sum() == 200
    assert counts[counts.outcome == "open"].expected.sum() == 240
    assert counts.n.sum() == 6


def test_open_deals_past_their_limit(engine):
    """D went back to lead on 10 March: 112 days to the end of June."""
    counts, rows = open_deals(ready(engine), {0: 100.0, 1: 30.0, 2: 1000.0}, most=10)
    assert counts.n.sum() == 3
    assert list(rows.opportunity_id) == ["D"] and rows.days.iloc[0] == 112
    assert (rows.current.iloc[0], rows.moved_back.iloc[0]) == (0, 1)


def test_a_win_event_of_a_deal_that_is_not_won_is_no_win(engine):
    deals = [("X", "2023-01-01", None, "won", "open")]
    events = [("X", "lead", "2023-01-01"), ("X", "won", "2023-02-01")]
    assert by_status(d.step_counts(ready(engine, deals, events), 2, 3)) == {}


def test_two_wins_count_once_and_a_win_before_creation_keeps_its_count_without_a_time(engine):
    deals = [
        ("X", "2023-01-01", "2023-02-01", "won", "won"),
        ("Y", "2023-03-01", "2023-02-01", "won", "won"),
    ]
    events = [
        ("X", "lead", "2023-01-01"),
        ("X", "won", "2023-02-01"),
        ("X", "won", "2023-03-01"),
        ("Y", "lead", "2023-03-01"),
        ("Y", "won", "2023-02-01"),
    ]
    counts = d.outcome_counts(ready(engine, deals, events), days=True)
    assert sorted(counts.days) == [-28, 31] and counts.n.sum() == 2


def test_a_stage_not_in_the_list_falls_back_to_what_the_events_say(engine):
    deals = [("X", "2023-01-01", "2023-02-01", "abandoned", "lost")]
    events = [
        ("X", "lead", "2023-01-01"),
        ("X", "intent", "2023-01-11"),
        ("X", "abandoned", "2023-02-01"),
    ]
    assert by_status(d.step_counts(ready(engine, deals, events), 1, 2)) == {"lost": 1}


def test_repeat_customers(engine):
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "b", "c"],
            "amount": [5, 5, 7, 9, -9, 3.0],
            "date": pd.to_datetime(
                ["2023-01-01", "2023-01-01", "2023-02-10", "2023-01-05", "2023-03-01", "2023-06-01"]
            ),
        }
    )
    lazy = (
        nw.from_native(rows).lazy()
        if engine == "pandas"
        else nw.from_native(duckdb.connect().sql("SELECT * FROM rows"))
    )
    counts = counts_from(lazy, d.day_number(AS_OF))
    assert by_status(counts) == {"advanced": 1, "open": 2}
    assert counts[counts.status == "advanced"].days.iloc[0] == 40


days = st.integers(0, 170)


@st.composite
def pipelines(draw):
    deals, events = [], []
    for i in range(draw(st.integers(1, 12))):
        start = draw(days)
        outcome = draw(st.sampled_from(["open", "won", "lost"]))
        name, stamp = (
            f"d{i}",
            lambda n: (pd.Timestamp("2023-01-01") + pd.Timedelta(days=n)).strftime("%Y-%m-%d"),
        )
        stage = draw(st.sampled_from(STAGES[:3]))
        deals.append(
            (
                name,
                stamp(start) if draw(st.booleans()) else None,
                stamp(start + draw(st.integers(0, 20))) if outcome != "open" else None,
                "won" if outcome == "won" else stage,
                outcome,
            )
        )
        for s in draw(st.lists(st.sampled_from(STAGES[:3]), max_size=4)):
            events.append((name, s, stamp(start + draw(st.integers(0, 20)))))
    return deals, events


@settings(max_examples=5)
@given(pipelines(), st.randoms())
def test_every_stage_balances_and_row_order_is_irrelevant(data, random):
    deals, events = data
    events = events or [("none", "lead", "2023-01-01")]
    mixed = ready("duckdb", random.sample(deals, len(deals)), random.sample(events, len(events)))
    plain = ready("pandas", deals, events)
    entered = None
    for k in range(3):
        counts, again = (
            d.step_counts(plain, k, k + 1, days=False),
            d.step_counts(mixed, k, k + 1, days=False),
        )
        status = by_status(counts)
        assert status == by_status(again)
        assert (
            entered is None or sum(status.values()) == entered
        )  # who advanced is who entered the next
        entered = status.get("advanced", 0)
    assert entered == sum(outcome == "won" for *_, outcome in deals)


def test_odd_entries_are_counted_on_both_engines(engine):
    """D went back (again); G intent before its lead (disorder); H two wins (twice, and so again); B
    claims a win it has not (claimed).
    """
    deals = [
        *DEALS,
        ("G", "2023-02-01", None, "intent", "open"),
        ("H", "2023-02-01", "2023-02-20", "won", "won"),
    ]
    events = [
        *EVENTS,
        ("G", "lead", "2023-02-08"),
        ("G", "intent", "2023-02-03"),
        ("H", "lead", "2023-02-01"),
        ("H", "won", "2023-02-20"),
        ("H", "won", "2023-02-25"),
        ("B", "won", "2023-01-30"),
    ]
    assert d.odd_counts(ready(engine, deals, events)) == {
        "disorder": 1,
        "again": 2,
        "twice": 1,
        "claimed": 1,
    }
