"""The plan of a pilot: what history says could be seen; readiness scores what the tables show."""

from dataclasses import replace

import numpy as np
import pytest

from playbook import case
from playbook.base.periods import Month
from playbook.case.pilot.panels import Panel
from playbook.methods import pilot_design
from toy import toy


def test_more_noise_needs_larger_effects():
    rng = np.random.default_rng(5)
    calm, wild = np.exp(rng.normal(3, 0.05, (8, 24))), np.exp(rng.normal(3, 0.5, (8, 24)))

    def history(values):
        return Panel(
            "sales",
            tuple("abcdefgh"),
            tuple(Month(2022, 1) + i for i in range(values.shape[1])),
            values,
        ).history(3)

    assert pilot_design.detectable(history(calm), 2) < pilot_design.detectable(history(wild), 2)
    assert pilot_design.detectable(history(calm[:, :6]), 2) is None


def test_changes_of_sums_and_rates_by_hand():
    """Sales 10, 10 → 20, 20: ln 2. Wins 1 of 4, 1 of 4 → 2 of 4, 4 of 4: 6 of 8 less 2 of 8 = 50
    points.
    """
    months = tuple(Month(2023, m) for m in (1, 2, 3, 4))
    sums, rate = (
        Panel("sales", ("a",), months, np.array([[10.0, 10, 20, 20]])),
        Panel("win_rate", ("a",), months, np.array([[1.0, 1, 2, 4]]), np.array([[4.0, 4, 4, 4]])),
    )
    assert (
        sums.changes(4, 2) == pytest.approx([np.log(2)])
        and sums.as_effect(np.log(2)) == pytest.approx(1.0)
        and sums.unit == "share"
    )
    assert (
        rate.changes(4, 2) == pytest.approx([0.5])
        and rate.as_effect(0.5) == 0.5
        and rate.unit == "pp"
        and rate.level() == 0.5
    )


def test_the_plan_says_what_could_be_seen_before_any_result(book):
    plan = case.pilot_plan(book)
    power = plan.power.set_index(["outcome", "months"])
    assert plan.outcomes == ("sales", "orders", "buyers", "win_rate") and plan.primary == "sales"
    assert plan.smallest == pytest.approx(1 / 45)
    assert power.detectable["sales"].tolist() == pytest.approx(
        [9.472471, 3.913566, 2.064854, 0.922738], abs=1e-6
    )
    assert power.scaled["sales", 6] == pytest.approx(np.log(1.922738) / np.log(1.1), abs=1e-4)
    assert power.detectable["win_rate", 6] == pytest.approx(0.156234, abs=1e-6)
    assert plan.months is None and plan.best.outcome == "buyers" and plan.best.months == 6
    assert plan.choices.groups.tolist()[:2] == ["East A and North B", "North A and North B"]
    assert plan.headline() == (
        "Pilot of 3 months in 2 of 10 groups would show 20.7 pp or more of win rate"
        " (smallest p 0.022)."
    )
    assert {kpi.name for kpi in plan.kpis()} == {"pilot.power"}


def test_designs_that_no_p_could_decide_show_no_effect(book):
    designs = case.pilot_plan(book).designs
    assert designs["take"].tolist() == [1, 2, 3, 4, 5, 0, 2, 2, 2]
    assert designs.smallest.tolist() == pytest.approx(
        [1 / 10, 1 / 45, 1 / 120, 1 / 210, 2 / 252, 2 / 32, 1 / 45, 1 / 45, 1 / 45]
    )
    assert designs.sales.tolist() == pytest.approx(
        [
            *(np.nan, 2.064854, 1.590562, 1.422076, 1.442599, np.nan),
            *(1.334243, 2.723820, 1.403678),
        ],
        abs=1e-6,
        nan_ok=True,
    ), "one of ten and five pairs give no p of 0.05"
    assert designs.design.tolist()[6:] == [
        "2 of 10 groups, corrected for the change before",
        "2 of 10 groups, synthetic control",
        "2 of 10 groups, 4 months",
    ]
    assert designs.cost.isna().all()  # no cost in the settings, and none is made up


def test_readiness_scores_what_the_tables_show(book):
    ready = case.readiness(book, case.pilot_plan(book))
    assert ready.score == pytest.approx(18 / 22)
    assert ready.table[ready.table.points < 2]["item"].tolist() == [
        "Few core strategies at once",
        "The effect wanted could be seen",
        "New hires have a mentor",
        "The team is trained",
    ]
    assert (
        ready.table.points == ready.table.state.map({"in place": 2, "in part": 1, "missing": 0})
    ).all()
    assert ((ready.table.step == "–") == (ready.table.state == "in place")).all()
    assert ready.headline() == "Readiness: 18 of 22 points; nothing missing."


def test_a_plan_that_cannot_be_decided_says_so(book):
    """2 of 6 groups: no p below 1/15; the power of a normal formula would be a promise."""
    plan = case.pilot_plan(book)
    few = replace(
        plan, groups=plan.groups.head(6), power=plan.power.assign(detectable=np.nan, scaled=np.nan)
    )
    assert few.reading() == (
        "A pilot in 2 of 6 teams cannot be decided: no result can have a p below 0.067, whatever"
        " the effect. With 2 piloted it takes at least 7 teams; or draw people or deals by lot, as"
        " the last table counts."
    )
    assert few.headline() == "A pilot in 2 of 6 groups cannot be decided (smallest p 0.067)."
    assert few.figure() is None and {kpi.value for kpi in few.kpis()} == {None}
    assert "80 % power" not in few.tables()[0].note
    titles = [table.title for table in few.tables()]
    assert "Matched pairs" in [table.title for table in plan.tables()]
    assert "Matched pairs" not in titles and "Groups that moved most like the others" not in titles
    state = case.readiness(book, few).table.set_index("item")
    assert state.state["Enough groups to judge by chance"] == "missing"
    assert state.evidence["The effect wanted could be seen"] == (
        "no effect could be decided with these groups"
    )


def test_what_no_table_records_is_not_called_missing():
    bare = toy(
        orders="order_id,date,customer_id,amount\n"
        + "\n".join(f"O{i},2023-{1 + i % 12:02d}-05,C{i % 3},10" for i in range(48)),
        month="2023-12",
    )
    ready = case.readiness(bare, case.pilot_plan(bare))
    assert ready.table.state.tolist().count("not recorded") == 7
    assert (ready.points, ready.most) == (1, 4) and ready.score == 0.25
    assert ready.headline() == "Readiness: 1 of 4 points; 1 item missing, 7 not recorded."
    assert "0.0 %" not in " ".join(ready.table.evidence)
    # Nobody planned a programme here: what it would take is no task. Where one is, what no table
    # records is none either.
    assert not ready.meant and ready.worksheets() == []
    (sheet,) = replace(ready, meant=True).worksheets()
    states = ready.table[ready.table.state.isin(["missing", "in part"])]
    assert len(sheet.rows) == len(states) == 2
    assert replace(ready, meant=True, table=states.head(0), steps=()).worksheets() == []
