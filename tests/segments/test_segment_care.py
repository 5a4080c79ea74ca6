"""Leads, need fit, follow-up, capacity, plan and action list on small books worked by hand."""

from datetime import date

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.base.errors import DataProblem
from playbook.base.settings import SegmentSettings
from playbook.page import Missing
from playbook.segments.care.attention import attention, promised_hours
from playbook.segments.care.lead_grades import grades
from playbook.segments.care.need_fit import bands

RAW = SegmentSettings(fit_rule="totals")


def fit_rows(**subjects):
    return [
        {"subject_id": s, "need": f"n{i}", "score": score}
        for s, scores in subjects.items()
        for i, score in enumerate(scores)
    ]


def frame(*scores):
    return pd.DataFrame(
        [{"total": sum(s), "weighted": sum(s), "most": 5.0 * len(s)} for s in scores]
    )


def test_four_five_three_is_medium_as_a_total_and_high_as_a_share():
    one = frame((4, 5, 3))
    assert bands(one, RAW, "totals").tolist() == ["medium"] and bands(
        one, RAW, "scaled"
    ).tolist() == ["high"]


def test_band_edges_belong_above():
    five = frame((4, 4, 4, 4, 4), (4, 4, 4, 4, 3), (2, 2, 2, 2, 2), (2, 2, 2, 2, 1))
    assert (
        bands(five, RAW, "totals").tolist()
        == bands(five, RAW, "scaled").tolist()
        == ["high", "medium", "medium", "low"]
    )


def test_the_page_says_which_rule_and_what_the_other_would_do():
    result = segments.need_fit(
        book(
            "2023-06",
            orders=[order("x", "2023-06-01", 1, 1)],
            fit_scores=fit_rows(L1=(4, 5, 3), L2=(1, 1, 1)),
        )
    )
    assert (
        "share of the maximum" in result.reading()
        and "1 lead into another band" in result.reading()
    )
    assert {k.by["band"]: k.value for k in result.kpis()} == {"high": 1, "medium": 0, "low": 1}
    raw = segments.need_fit(
        book(
            "2023-06",
            toml='[segments]\nfit_rule = "totals"\n',
            orders=[order("x", "2023-06-01", 1, 1)],
            fit_scores=fit_rows(L1=(4, 5, 3)),
        )
    )
    assert {k.by["band"]: k.value for k in raw.kpis()} == {
        "high": 0,
        "medium": 1,
        "low": 0,
    } and "raw totals" in raw.headline() + raw.reading()


def test_weights_count_and_win_rate_calibrates():
    scores = [
        {"subject_id": s, "need": "n", "score": v, "weight": w}
        for s, pairs in {"L1": ((5, 3), (1, 0)), "L2": ((5, 0), (1, 3))}.items()
        for v, w in pairs
    ]
    for i, row in enumerate(scores):
        row["need"] = f"n{i}"
    deals = [
        {
            "opportunity_id": f"d{i}",
            "lead_id": f"L{i}",
            "created": "2023-01-01",
            "stage": s,
            "outcome": o,
            "closed": "2023-02-01",
        }
        for i, s, o in ((1, "won", "won"), (2, "lead", "lost"))
    ]
    leads = [
        {"lead_id": f"L{i}", "created": day} for i, day in ((1, "2023-01-01"), (2, "2023-06-30"))
    ]
    result = segments.need_fit(book("2023-06", fit_scores=scores, opportunities=deals, leads=leads))
    found = result.table.set_index("band")
    assert found.loc["high", "won"] == 1 and found.loc["low", ["decided", "won"]].tolist() == [1, 0]


def test_scores_outside_one_to_five_are_refused_or_left_out():
    rows = fit_rows(L1=(4, 9), L2=(3, 3))
    try:
        result = segments.need_fit(
            book("2023-06", orders=[order("x", "2023-06-01", 1, 1)], fit_scores=rows)
        )
    except DataProblem as problem:
        assert "score" in str(problem)
    else:
        assert result.wrong == 1 and len(result.leads) == 2


def test_intent_by_expected_purchase_with_edges():
    created = pd.Series(pd.to_datetime(["2023-01-31"] * 5))
    expected = pd.Series(
        pd.to_datetime(["2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01", None])
    )
    assert grades(created, expected).tolist() == ["high", "medium", "medium", "low", "low"]


def test_three_leads_of_the_toolbox_and_validity():
    rows = [
        {
            "lead_id": "L1",
            "created": "2023-06-01",
            "expected_purchase": "2023-06-20",
            "budget": 100,
            "decision_maker": True,
            "need": "reporting",
        },
        {
            "lead_id": "L2",
            "created": "2023-06-01",
            "expected_purchase": "2023-08-20",
            "budget": 100,
            "decision_maker": False,
            "need": "later",
        },
        {
            "lead_id": "L3",
            "created": "2023-06-30",
            "expected_purchase": None,
            "budget": None,
            "decision_maker": True,
            "need": "待定",
        },
    ]
    result = segments.leads(book("2023-06", leads=rows))
    assert result.leads.set_index("lead_id")["grade"].to_dict() == {
        "L1": "high",
        "L2": "medium",
        "L3": "low",
    }
    assert result.leads["valid"].tolist() == [True, False, False]
    assert result.gaps.set_index("field").loc["need", "vague"] == 2


@pytest.fixture
def contacted():
    """Customer A1 met in time with an open action; B1 stalled three times; C1 never contacted."""
    orders = [
        order("A1", "2023-05-01", 1000, 1, rep_id="r1"),
        order("B1", "2023-05-01", 200, 2, rep_id="r1"),
        order("C1", "2023-05-01", 20, 3, rep_id="r2"),
    ]
    log = [
        {
            "activity_id": "x1",
            "date": "2023-06-29",
            "rep_id": "r1",
            "kind": "visit",
            "customer_id": "A1",
            "progressed": True,
            "next_action": "send offer",
            "next_owner": "r2",
            "due": "2023-06-29",
            "status": "open",
            "recorded_at": "2023-06-29 10:00:00",
        }
    ]
    log += [
        {
            "activity_id": f"y{i}",
            "date": f"2023-06-0{i}",
            "rep_id": "r1",
            "kind": "call",
            "customer_id": "B1",
            "progressed": False,
            "next_action": None,
            "next_owner": None,
            "due": None,
            "status": "done",
            "recorded_at": f"2023-06-0{i + 3} 10:00:00",
        }
        for i in range(1, 4)
    ]
    reps = [{"rep_id": "r1", "name": "Ann"}, {"rep_id": "r2", "name": "Bo"}]
    return book("2023-06", orders=orders, activities=log, reps=reps)


def test_follow_up_worked_by_hand(contacted):
    result = segments.follow_up(contacted)
    kept = result.table.set_index("group")
    assert kept.loc["A", "kept"] == 1 and kept.loc["B", "kept"] == 0 and kept.loc["C", "never"] == 1
    assert result.overdue[["name", "owner", "late"]].to_numpy().tolist() == [["A1", "Bo", 1]]
    assert result.stalled["subject"].tolist() == ["B1"] and result.stalled["touches"].tolist() == [
        3
    ]
    checks = result.checks["n"].tolist()
    assert checks == [
        1,
        1,
        1,
        3,
    ]  # B1's newest contact lacks all three; three contacts written down three days late
    assert {k.value for k in result.kpis() if k.name == "follow_up.overdue"} == {1}


def test_one_contact_with_progress_ends_the_count():
    log = [
        {
            "activity_id": f"y{i}",
            "date": f"2023-06-0{i}",
            "rep_id": "r",
            "kind": "call",
            "customer_id": "a",
            "progressed": i == 3,
        }
        for i in range(1, 6)
    ]
    assert segments.follow_up(
        book("2023-06", orders=[order("a", "2023-06-01", 9, 1)], activities=log)
    ).stalled.empty


def test_capacity_counts_hours_by_hand(contacted):
    subjects = pd.DataFrame(
        {"promised_days": [3.5, 7, 30], "tier": ["VIP", "key", "ordinary"], "kind": "customer"}
    )
    hours = promised_hours(subjects, SegmentSettings())
    assert hours == pytest.approx(
        [2 * 0.5 + 4 * 3 / 52, 0.5 + 2 * 3 / 52, 7 / 30 * 0.5 + 2 * 0.5 / 52]
    )
    result = segments.capacity(contacted)
    assert result.table["promised"].sum() + result.orphan_hours == pytest.approx(
        promised_hours(attention(contacted).subjects, SegmentSettings()).sum()
    )
    assert result.orphans == 1  # the lead that dates the data has no rep
    assert result.load == pytest.approx(result.table["promised"].sum() / 40)


def test_capacity_works_without_a_contact_log():
    result = segments.capacity(book("2023-06", orders=[order("a", "2023-06-01", 9, 1, rep_id="r")]))
    assert result.status == "ok" and result.table["spent"].isna().all() and result.blocks()


def test_stop_list_spares_customers_under_contract():
    rows = [order(c, "2022-01-05", 5, c) for c in ("idle", "bound")] + [
        order(f"c{i}", "2023-06-20", 500 + i, f"{i}{k}") for i in range(9) for k in range(2)
    ]
    log = [
        {
            "activity_id": f"{c}{i}",
            "date": "2023-05-05",
            "rep_id": "r",
            "kind": "visit",
            "customer_id": c,
        }
        for c in ("idle", "bound")
        for i in range(2)
    ]
    contracts = [
        {
            "contract_id": "k",
            "customer_id": "bound",
            "start": "2023-01-01",
            "end": "2023-12-31",
            "annual_value": 1,
        }
    ]
    result = segments.stop_list(book("2023-06", orders=rows, activities=log, contracts=contracts))
    assert result.table["customer_id"].tolist() == ["idle"] and result.table["hours"].tolist() == [
        6.0
    ]
    assert result.saved[["customers", "hours"]].to_numpy().tolist() == [[1, 6.0]] and result.saved[
        "hours_week"
    ].iloc[0] == pytest.approx(6 / 52)
    assert "0.0 reps" in result.reading() and result.worksheets()[0].name == "Stop-list"


def test_relationship_plan_compares_promise_and_visits():
    rows = [
        order("vip", "2023-01-05", 600_000, 1),
        order("key", "2023-01-05", 200_000, 2),
        order("vip", "2022-01-05", 600_000, 3),
        order("lost", "2022-01-05", 600_000, 4),
    ]
    log = [
        {
            "activity_id": "v",
            "date": "2023-06-20",
            "rep_id": "r",
            "kind": "visit",
            "customer_id": "vip",
        }
    ]
    care = [{"customer_id": "vip", "action": "survey", "satisfaction": 90}]
    result = segments.relationship(book("2023-06", orders=rows, activities=log, care_plan=care))
    plan = result.plan.set_index("customer_id")
    assert plan.loc["vip", ["promised", "made"]].tolist() == [4, 1] and plan.loc[
        "vip", "next"
    ] == date(2023, 9, 19)
    assert plan.loc["key", "next"] < date(2023, 7, 10)
    tiers = result.table.set_index("tier")
    assert (
        tiers.loc["VIP", "repurchase"] == 0.5
        and tiers.loc["VIP", "satisfaction"] == 90
        and plan.loc["vip", ["respond", "solve"]].tolist() == [2, 24]
    )
    assert tiers.loc[
        "VIP", ["repurchase_gap", "satisfaction_gap", "visited"]
    ].tolist() == pytest.approx([-0.4, -5, 0])


def test_relationship_plan_without_a_single_visit():
    rows = [order("vip", "2023-01-05", 600_000, 1)]
    log = [
        {
            "activity_id": "c",
            "date": "2023-06-20",
            "rep_id": "r",
            "kind": "call",
            "customer_id": "vip",
        }
    ]
    plan = segments.relationship(book("2023-06", orders=rows, activities=log)).plan.set_index(
        "customer_id"
    )
    assert (
        plan.loc["vip", ["promised", "made"]].tolist() == [4, 0] and plan["last_visit"].isna().all()
    )


def test_action_list_has_every_reason_once_and_exports():
    orders = [
        order("a", "2023-06-29", 100, 1, rep_id="r1"),
        order("b", "2023-01-29", 50, 2, rep_id="r2"),
    ]
    contracts = [
        {
            "contract_id": "k",
            "customer_id": "b",
            "start": "2022-08-01",
            "end": "2023-08-05",
            "annual_value": 70,
        }
    ]
    deals = [
        {
            "opportunity_id": "d",
            "customer_id": "a",
            "created": "2023-05-01",
            "stage": "won",
            "outcome": "won",
            "closed": "2023-06-05",
            "amount": 30,
            "rep_id": "r1",
        }
    ]
    result = segments.actions(
        book("2023-06", orders=orders, contracts=contracts, opportunities=deals)
    )
    found = result.table.set_index("action")
    assert set(found["customer_id"]) == {"a", "b"} and len(found) == 3
    assert found.loc["Yearly value report, then the renewal talk", "due"] == date(
        2023, 7, 6
    )  # thirty days before the end
    assert found.loc["Value check: has the deal kept its promise?", "due"] == date(2023, 7, 5)
    assert found.loc["Satisfaction call", "due"] == date(2023, 7, 3)  # 48 hours end on a Sunday
    assert result.table.groupby("owner")["rank"].min().eq(1).all() and "contacts" in result.missing
    sheet = result.worksheets()[0].data()
    assert sheet["name"] == "Action list" and len(sheet["rows"]) == 3


def test_a_renewal_delivers_nothing_to_be_satisfied_with():
    orders = [
        order("new", "2023-06-29", 100, 1, kind="new"),
        order("new", "2023-06-29", 20, 1, kind="new"),
        order("old", "2023-06-30", 100, 2, kind="renewal"),
        order("late", "2023-06-28", 100, 3, kind="new"),
    ]
    found = segments.actions(book("2023-06", orders=orders)).table.set_index("customer_id")
    assert found[found["action"] == "Satisfaction call"].index.tolist() == ["new"]


def test_every_rep_has_a_list_of_its_own_in_the_page():
    orders = [
        order(c, "2023-06-30", amount, c, rep_id=rep, kind="new")
        for c, amount, rep in (("a", 10, "r1"), ("b", 30, "r1"), ("c", 20, "r2"), ("d", 5, "r3"))
    ]
    result = segments.actions(book("2023-06", orders=orders))
    lists = result.tables()[-1]
    assert lists.folded and lists.choices[0].options == (
        "r1",
        "r2",
        "r3",
    )  # by what their customers are worth
    assert [[row[1].text for row in lists.versions[str(i)]] for i in range(3)] == [
        ["b", "a"],
        ["c"],
        ["d"],
    ]
    assert [row[0].text for row in lists.versions["0"]] == ["1", "2"]


def test_an_overdue_action_with_a_lead_long_decided_still_has_a_name():
    leads = [
        {"lead_id": "L1", "created": "2022-01-01", "company": "Lorgate Ltd"},
        {"lead_id": "anchor", "created": "2023-06-30"},
    ]
    deals = [
        {
            "opportunity_id": "d",
            "lead_id": "L1",
            "created": "2022-01-01",
            "stage": "lead",
            "outcome": "lost",
            "closed": "2022-05-05",
        }
    ]
    log = [
        {
            "activity_id": "x",
            "date": "2023-05-01",
            "rep_id": "r",
            "kind": "call",
            "lead_id": "L1",
            "next_action": "call again",
            "due": "2023-05-20",
            "status": "open",
        }
    ]
    found = segments.follow_up(
        book("2023-06", leads=leads, opportunities=deals, activities=log)
    ).overdue
    assert found[["name", "late"]].to_numpy().tolist() == [["Lorgate Ltd", 41]]


def test_sections_without_their_tables_say_so():
    here = book(
        "2023-06",
        leads=[{"lead_id": "a", "created": "2023-06-30", "rep_id": "r"}],
        opportunities=[
            {"opportunity_id": "1", "created": "2023-06-01", "stage": "lead", "outcome": "open"}
        ],
    )
    for name in (
        "rfm",
        "sensitivity",
        "tiers",
        "abc",
        "movement",
        "tier_movement",
        "cohorts",
        "retention",
        "renewals",
        "ahead",
        "need_fit",
        "follow_up",
        "relationship",
        "stop_list",
        "calls",
        "actions",
    ):
        found = getattr(segments, name)(here)
        assert found.blocks()[-1].section["status"].startswith("not available"), name
    assert segments.leads(here).status == segments.capacity(here).status == "ok"
    segments.explore_segments(here, segments.rfm(here), segments.tiers(here))


def test_future_contacts_change_nothing():
    later = book(
        "2023-06",
        orders=[
            order("A1", "2023-05-01", 1000, 1, rep_id="r1"),
            order("A1", "2023-07-01", 5, 9, rep_id="r1"),
        ],
        activities=[
            {
                "activity_id": "z",
                "date": "2023-07-02",
                "rep_id": "r1",
                "kind": "call",
                "customer_id": "A1",
                "progressed": True,
            }
        ],
    )
    assert isinstance(segments.follow_up(later), Missing)  # on that day there was no contact yet
    assert segments.capacity(later).table["spent"].isna().all()


def test_capacity_without_anyone_in_charge_asks_for_owners():
    found = segments.capacity(book("2023-06", orders=[order("a", "2023-06-01", 9, 1)]))
    assert "customers (rep_id)" in found.reason
    listed = segments.actions(book("2023-06", orders=[order("a", "2023-06-29", 9, 1)]))
    assert "1 with nobody in charge" in listed.reading()


def test_the_workbook_keeps_each_reps_ranks_together():
    from playbook.report.record.workbook import merged

    orders = [
        order(c, day, amount, c, rep_id=rep, kind="new")
        for c, day, amount, rep in (
            ("a", "2023-06-30", 90, "r1"),
            ("b", "2023-06-29", 30, "r1"),
            ("c", "2023-06-29", 20, "r2"),
        )
    ]
    (sheet,) = merged(
        [sheet.data() for sheet in segments.actions(book("2023-06", orders=orders)).worksheets()]
    )
    places = {key: i for i, (key, _, _) in enumerate(sheet["columns"])}
    found = [(row[places["owner"]], row[places["rank"]]) for row in sheet["rows"]]
    assert (
        found == sorted(found)
        and len(found) > 3
        and [row[places["due"]] for row in sheet["rows"]]
        != sorted(row[places["due"]] for row in sheet["rows"])
    )
