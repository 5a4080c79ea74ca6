"""Kinds of book that once got a wrong answer: no entry dated, no loss recorded, a deal moved back,
an outcome written as a stage, an amount whose chance is not known.
"""

import numpy as np
import pandas as pd
import pytest
from funnel_books import small_book

from playbook import funnel
from playbook.funnel.places.step_value import best_quarter

LATE = {"stages": ("lead", "offer", "won")}


def day(text: str, days: int) -> str:
    return str((pd.Timestamp(text) + pd.Timedelta(days=days)).date())


def deal(i: int, outcome: str, stage: str, **more) -> dict:
    start = day("2022-01-03", i)
    closed = day(start, 30) if outcome != "open" else ""
    row = {"opportunity_id": f"D{i}", "created": start, "closed": closed, "outcome": outcome}
    return row | {"stage": stage, "amount": 1000, "rep_id": f"r{i % 2}"} | more


def without_history():
    return [
        *(deal(i, "won", "won") for i in range(40)),
        *(deal(i, "lost", "lost") for i in range(40, 80)),
        *(deal(i, "open", "offer", created=day("2022-01-03", i - 80)) for i in range(80, 120)),
    ]


def test_without_a_dated_entry_there_is_one_step_won_of_decided():
    book = small_book("2022-04", opportunities=without_history(), **LATE)
    found = funnel.conversion(book)
    step = found.step("lead→won")
    assert (step["advanced"], step["entered"], step["rate"]) == (40, 80, 0.5)
    assert found.decided and "there is one step" in found.reading()
    assert "cohort" not in found.reading() and "100" not in found.reading()
    assert found.chain.iloc[0].rate == 0.5 and len(found.chain) == 1
    assert funnel.win_rate(book).rate("trailing_12m").value == 0.5


def test_without_a_dated_entry_nobody_is_called_stuck_in_a_stage():
    found = funnel.stuck_deals(small_book("2022-04", opportunities=without_history(), **LATE))
    assert (found.total, found.stuck, found.timed) == (40, 0, False)
    assert "how long they stand in theirs is not known" in found.reading()
    assert "stuck" not in found.headline()


def test_without_losses_no_win_rate_is_given():
    deals = [deal(i, "won", "won") for i in range(40)]
    deals += [deal(i, "open", "lead") for i in range(40, 180)]
    book = small_book("2022-07", opportunities=deals, stages=("lead", "won"))
    wins = funnel.win_rate(book)
    assert wins.rate("trailing_12m").value is None and wins.groups.empty
    assert wins.figure() is None and wins.changes() == []
    assert "No lost deal is recorded" in wins.reading()
    rates = [k for k in wins.kpis() if k.name == "win_rate.narrow"]
    assert {k.value for k in rates} == {None} and all("No lost deal" in k.why for k in rates)
    for section in (funnel.conversion, funnel.bottleneck):
        assert "No lost deal is recorded" in str(section(book))
    stuck = funnel.stuck_deals(book).reading()
    assert "close them" not in stuck and "no loss is recorded" in stuck
    assert not any("100.0 %" in str(s(book)) for s in (funnel.win_rate, funnel.conversion))


def moved_back():
    """Three deals; D2 was in negotiation and went back to intent on 25 March."""
    deals = [
        deal(0, "won", "won"),
        deal(1, "lost", "lost"),
        deal(2, "open", "intent", created="2022-01-10"),
    ]
    days = {
        0: [("lead", "2022-01-03"), ("intent", "2022-01-10"), ("negotiation", "2022-01-20")],
        1: [("lead", "2022-01-04"), ("intent", "2022-01-12"), ("lost", "2022-02-03")],
        2: [
            ("lead", "2022-01-10"),
            ("intent", "2022-01-20"),
            ("negotiation", "2022-02-18"),
            ("intent", "2022-03-25"),
        ],
    }
    events = [
        {"opportunity_id": f"D{i}", "stage": stage, "entered_at": at}
        for i, rows in days.items()
        for stage, at in rows
    ]
    return {"opportunities": deals, "stage_events": events}


def test_a_deal_moved_back_is_where_its_last_entry_put_it():
    book = small_book("2022-03", **moved_back())
    balance = funnel.conversion(book).balance.set_index("stage")
    assert (
        balance.entered == balance.advanced + balance.lost + balance.open + balance.moved_back
    ).all()
    assert balance.moved_back.to_dict() == {"lead": 0, "intent": 0, "negotiation": 1}
    assert balance.open.to_dict() == {"lead": 0, "intent": 1, "negotiation": 0}
    assert balance.lost.to_dict() == {"lead": 0, "intent": 1, "negotiation": 0}
    stages = funnel.stuck_deals(book).stages.set_index("stage")
    assert stages.open.to_dict() == balance.open.to_dict()


def test_its_time_in_the_stage_begins_with_the_move_back():
    rows = moved_back()
    rows["opportunities"][2]["expected_close"] = "2022-03-30"
    listed = funnel.stuck_deals(small_book("2022-03", **rows)).table.iloc[0]
    assert (listed.opportunity_id, listed.stage, listed.days) == ("D2", "intent", 6)
    assert "moved back to intent" in listed.why


def test_a_loss_written_as_a_stage_entry_is_no_step_back():
    deals = [deal(0, "won", "won"), deal(1, "lost", "lost")]
    events = [
        {"opportunity_id": f"D{i}", "stage": stage, "entered_at": at}
        for i in (0, 1)
        for stage, at in (("lead", "2022-01-05"), ("lost" if i else "offer", "2022-01-20"))
    ]
    book = small_book("2022-01", opportunities=deals, stage_events=events, **LATE)
    found = funnel.conversion(book)
    assert found.odd["again"] == 0 and found.balance.moved_back.sum() == 0


def test_an_amount_whose_chance_is_not_known_is_ranked_by_the_pooled_one():
    deals = [deal(i, "won" if i % 3 else "lost", "won" if i % 3 else "lost") for i in range(30)]
    past = {"expected_close": "2022-03-15"}
    deals += [deal(60 + i, "open", "lead", amount=100, **past) for i in range(20)]
    deals += [deal(90, "open", "offer", created="2022-02-01", amount=100_000, **past)]
    found = funnel.stuck_deals(small_book("2022-03", opportunities=deals, **LATE))
    first = found.table.iloc[0]
    assert (first.opportunity_id, first.pooled) == ("D90", True)
    assert first.chance == pytest.approx(20 / 30) and first.worth == pytest.approx(
        100_000 * 40 / 60
    )
    assert "its own is not known" in first.why and " – in " not in found.reading()


def test_an_amount_without_any_known_chance_still_comes_first():
    deals = [deal(i, "won", "won") for i in range(40)]
    past = {"expected_close": "2022-03-15"}
    deals += [deal(60 + i, "open", "lead", amount=100, **past) for i in range(20)]
    deals += [deal(90, "open", "offer", created="2022-02-01", amount=100_000, **past)]
    first = funnel.stuck_deals(small_book("2022-03", opportunities=deals, **LATE)).table.iloc[0]
    assert first.opportunity_id == "D90" and pd.isna(first.chance) and pd.isna(first.worth)


def quarters(*passed: int, of: int = 40) -> pd.DataFrame:
    """Deals of 2030 on, a month after the other, three months of each rate."""
    return pd.DataFrame(
        [
            {"month": 24360 + 3 * q + m, "status": status, "n": n}
            for q, k in enumerate(passed)
            for m in range(3)
            for status, n in (("advanced", k), ("lost", of - k))
        ]
    )


def test_the_best_of_quarters_that_are_alike_costs_nothing_for_sure():
    found = best_quarter(
        quarters(20, 21, 20, 19, 20, 20), 24360, 24366, 24377, 30, np.random.default_rng(1)
    )
    assert found.quarter == "2030-Q2" and found.rate == 63 / 120
    assert found.p > 0.3 and np.median(found.gaps) < 0.02


def test_a_quarter_far_above_is_told_from_luck():
    found = best_quarter(
        quarters(32, 20, 20, 19, 20, 20), 24360, 24366, 24377, 30, np.random.default_rng(1)
    )
    assert found.quarter == "2030-Q1" and found.p < 0.001
    assert np.median(found.gaps) == pytest.approx(0.8 - 79 / 160, abs=0.04)
