"""What must not break the chapter: each case with its stated treatment or its refusal."""

import numpy as np
import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.base.errors import DataProblem
from playbook.page import Missing
from playbook.segments.population import population

SCORED = ("rfm", "sensitivity", "tiers", "abc", "calls", "movement", "cohorts", "actions")


def sections(here, *names):
    """The named sections, each of which must make its page."""
    made = {name: getattr(segments, name)(here) for name in names}
    for result in made.values():
        assert result.blocks() and isinstance(result.headline() or "", str)
        result.figure()
    return made


def test_customers_without_orders_are_known_and_in_no_segment():
    people = [{"customer_id": c, "name": c.title()} for c in ("buys", "never", "somebody")]
    here = book("2023-06", orders=[order("buys", "2023-06-01", 10, 1)], customers=people)
    found = sections(here, *SCORED)["rfm"]
    assert found.customers["customer_id"].tolist() == ["buys"] and found.active == 1
    frame = population(here).frame.set_index("customer_id")
    assert frame.loc["never", ["state", "orders", "net"]].tolist() == ["never ordered", 0, 0.0]


def test_orders_of_customers_nobody_knows_are_refused_when_many_and_kept_when_few():
    people = [{"customer_id": "known"}]
    with pytest.raises(DataProblem) as problem:
        book(
            "2023-06",
            orders=[order("known", "2023-06-01", 10, 1), order("ghost", "2023-06-01", 10, 2)],
            customers=people,
        )
    message = str(problem.value)
    assert all(
        part in message
        for part in ("orders.customer_id", "ghost", "row 1", "add the missing rows to customers")
    )
    few = [order("known", "2023-06-01", 10, i) for i in range(200)] + [
        order("ghost", "2023-06-01", 10, "g")
    ]
    found = sections(book("2023-06", orders=few, customers=people), *SCORED)["rfm"]
    assert found.customers.set_index("customer_id")["name"].to_dict() == {
        "known": "known",
        "ghost": "ghost",
    }  # an id is name enough


def test_an_order_without_a_customer_counts_as_money_and_as_nobody():
    rows = [order("a", "2023-06-01", 10, 1), order(None, "2023-06-01", 7, 2)]
    here = book("2023-06", orders=rows)
    found = segments.rfm(here)
    apart = found.table.set_index("segment").loc["no customer named"]
    assert (apart["customers"], apart["revenue"], found.active, found.known) == (0, 7, 1, 1)
    assert "Listed apart" not in found.reading()
    assert "Sales of ¥7 name no customer, 41.2 % of revenue" in found.reading()
    assert segments.tiers(here).table["customers"].sum() == 1
    assert len(segments.abc(here).customers) == 1


def test_all_customers_bought_once():
    here = book(
        "2023-06",
        orders=[order(f"c{i}", f"2023-0{1 + i % 6}-10", 10 + i, i) for i in range(60)],
    )
    found = sections(here, *SCORED)["rfm"]
    assert (
        found.customers["f"].nunique() == 1
        and found.distinct["frequency"] == 1
        and "frequency 1" in found.reading()
    )
    assert (
        isinstance(segments.ahead(here), Missing)
        and "0 of them bought again" in segments.ahead(here).reason
    )


def test_a_single_customer():
    found = sections(
        book(
            "2023-06",
            orders=[order("only", "2023-06-01", 10, 1), order("only", "2023-05-01", 10, 2)],
        ),
        *SCORED,
    )
    assert found["rfm"].table["customers"].sum() == 1 and found["abc"].table[
        "customers"
    ].tolist() == [1, 0, 0]
    assert found["abc"].gini == 0 and found["abc"].top_share(10) == 1


def test_all_amounts_equal():
    here = book(
        "2023-06",
        orders=[
            order(f"c{i % 60}", f"2023-0{1 + i % 6}-{1 + i % 27:02d}", 10, i) for i in range(180)
        ],
    )
    found = sections(here, *SCORED, "ahead")
    assert found["rfm"].customers["m"].nunique() == 1 and found["abc"].gini == pytest.approx(0)
    assert (
        found["ahead"].spend is None and found["ahead"].table["revenue"].notna().all()
    )  # equal amounts have no spread to fit


def test_a_negative_lifetime_value_is_expected_to_bring_nothing():
    rows = [
        order(f"c{i % 60}", f"2022-{1 + i % 12:02d}-{1 + i % 27:02d}", 100, i) for i in range(240)
    ] + [order(f"c{i}", "2023-03-05", 100, f"x{i}") for i in range(60)]
    rows += [
        order("c7", "2023-05-05", -900, "r1", kind="refund"),
        order("c8", "2023-05-05", -100, "r2", kind="refund"),
    ]
    found = segments.ahead(book("2023-06", orders=rows))
    table = found.table.set_index("customer_id")
    assert (
        table.loc["c7", ["revenue", "how"]].tolist() == [0.0, "all returned"]
        and table.index[-1] == "c7"
    )
    assert (
        table.loc["c8", "revenue"] > 0
        and (table["revenue"] >= 0).all()
        and np.isfinite(table["revenue"]).all()
    )
    assert (
        found.refunded == pytest.approx(100 / (59 * 500))
        and "1 customer with a net amount of zero or less" in found.notes()[0]
    )


def test_a_contract_that_ends_before_it_starts_is_refused_by_its_row():
    rows = [
        {
            "contract_id": "good",
            "customer_id": "a",
            "start": "2022-03-01",
            "end": "2023-02-28",
            "annual_value": 1,
        },
        {
            "contract_id": "bad",
            "customer_id": "b",
            "start": "2023-03-01",
            "end": "2022-02-28",
            "annual_value": 1,
        },
    ]
    with pytest.raises(DataProblem) as problem:
        book("2023-06", contracts=rows)
    assert all(
        part in str(problem.value)
        for part in ("contracts.end", "with end before start", "row 1", "2022-02-28")
    )


@pytest.mark.parametrize("score", [0, 6, -1, 5.5])
def test_scores_outside_one_to_five_are_refused_by_their_row(score):
    rows = [
        {"subject_id": "L1", "need": "a", "score": 3},
        {"subject_id": "L1", "need": "b", "score": score},
    ]
    with pytest.raises(DataProblem) as problem:
        book("2023-06", fit_scores=rows)
    assert all(part in str(problem.value) for part in ("fit_scores.score", "from 1 to 5", "row 1"))


@pytest.mark.parametrize("kinds", [["call"], ["request"], ["visit"]])
def test_a_log_with_one_kind_of_contact_is_enough(kinds):
    log = [
        {
            "activity_id": f"a{i}",
            "date": "2023-06-05",
            "rep_id": "r",
            "kind": kind,
            "customer_id": "a",
        }
        for i, kind in enumerate(kinds)
    ]
    here = book("2023-06", orders=[order("a", "2023-06-01", 600_000, 1)], activities=log)
    sections(here, "relationship", "follow_up", "capacity", "stop_list", "actions")


def test_refunds_alone_are_no_order():
    found = sections(
        book(
            "2023-06",
            orders=[order("a", "2023-06-01", -5, 1), order("b", "2023-06-01", 5, 2)],
        ),
        *SCORED,
    )["rfm"]
    assert (
        found.customers.set_index("customer_id")["segment"]["a"] == "dormant"
        and found.active == 1
        and pd.isna(found.customers.set_index("customer_id").loc["a", "r"])
    )
