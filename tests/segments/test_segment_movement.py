"""Movement, firmness, cohorts, retention and renewal, worked by hand and by identities."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_books import book, order

from playbook import segments
from playbook.methods.resampling import ratio_interval
from playbook.segments.population import population
from playbook.segments.stay.cohorts import triangle_of

TIERS = '[segments]\ntiers = { names = ["strategic", "growth", "basic"], lower = [100, 50, 0] }\n'
FIXED = (
    TIERS
    + "recency_days = [30, 60, 90, 180]\nfrequency = [1, 2, 3, 4]\nmonetary = [10, 20, 50, 100]\n"
)


@pytest.fixture(scope="module")
def moving():
    """One stays strategic, one falls to basic (old money leaves the year), one climbs, one goes
    silent, one is new.
    """
    rows = [
        order("stays", "2023-03-01", 150, 1),
        order("falls", "2022-06-15", 120, 2),
        order("falls", "2023-02-01", 30, 3),
        order("climbs", "2023-01-01", 60, 4),
        order("climbs", "2023-06-20", 60, 5),
        order("silent", "2022-06-10", 20, 6),
        order("new", "2023-06-05", 40, 7),
        order("old", "2021-01-05", 99, 8),
    ]
    return book("2023-06", toml=FIXED, orders=rows)


def test_tier_movement_worked_by_hand(moving):
    result = segments.tier_movement(moving)
    states = (
        result.customers.set_index("customer_id")[["before", "after"]]
        .apply(tuple, axis=1)
        .to_dict()
    )
    assert states == {
        "stays": ("strategic", "strategic"),
        "falls": ("strategic", "basic"),
        "climbs": ("growth", "strategic"),
        "silent": ("basic", "gone"),
        "new": ("new", "basic"),
        "old": ("no order this year", "no order this year"),
    }
    assert (
        result.sentence()
        == "1 customer left strategic (−¥150); 1 customer joined strategic (+¥120)."
    )
    assert result.changes()[0].size < 0


def test_movement_rows_sum_to_the_starting_counts(moving):
    for result in (segments.movement(moving), segments.tier_movement(moving)):
        table = result.table
        assert (table["start"] - table["left"] + table["joined"] == table["end"]).all()
        assert (
            table["net_start"] - table["net_left"] + table["net_joined"] + table["net_stayed"]
        ).tolist() == pytest.approx(table["net_end"].tolist())
        sums = result.flows.groupby("before")["customers"].sum()
        assert all(
            sums[state] == n for state, n in zip(table["state"], table["start"], strict=True) if n
        )
        assert result.figure().alt and len(result.tables()[1].rows) - 1 == (table["start"] > 0).sum()


def test_thresholds_of_the_earlier_month_judge_both():
    # everybody's amount doubles in June: by June's own quantiles nobody would move, by May's
    # everyone may only rise
    rows = [order(f"c{i}", "2023-05-10", 10 * (i + 1), f"a{i}") for i in range(10)] + [
        order(f"c{i}", "2023-06-10", 10 * (i + 1), f"b{i}") for i in range(10)
    ]
    here = book("2023-06", orders=rows)
    result = segments.movement(here)
    now = segments.rfm(here).customers
    assert result.flows[result.flows["before"] != result.flows["after"]]["customers"].sum() > 0
    assert sorted(now["m"].tolist()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_dormant_segment_of_the_source_map_is_not_gone():
    rows = (
        [order("small", "2022-11-01", 5, 1)]
        + [order(f"c{i}", "2023-06-20", 200, f"n{i}") for i in range(3)]
        + [order(f"c{i}", "2023-05-20", 200, f"m{i}") for i in range(3)]
    )
    result = segments.movement(
        book(
            "2023-06",
            toml=FIXED.replace("[segments]", '[segments]\nsegment_map = "source"'),
            orders=rows,
        )
    )
    assert result.customers.set_index("customer_id").loc["small", "after"] == "dormant by score"


def test_movement_without_an_earlier_month_says_so():
    here = book("2023-06", orders=[order("a", "2023-06-20", 10, 1)])
    assert (
        "orders known by" in segments.movement(here).reason
        and segments.tier_movement(here).blocks()
    )


def test_sensitivity_counts_those_near_a_boundary():
    toml = (
        "[segments]\nrecency_days = [30, 60, 90, 180]\nfrequency = [1, 2, 3, 4]\nmonetary = [100,"
        " 200, 300, 400]\n"
    )
    rows = [
        order("near", "2023-03-01", 299, 1),
        order("far", "2023-05-20", 220, 2),
        order("x", "2023-05-28", 5000, 3),
        order("x", "2023-05-02", 5, 4),
    ]
    table = segments.sensitivity(book("2023-06", toml=toml, orders=rows)).table.set_index("change")
    assert table.loc["Monetary thresholds −10 %", "moved"] >= 1  # 299 is above 270
    assert (
        table.loc["As-of date 7 days earlier", "moved"] >= 1
    )  # 33 days become 26: loyal becomes champion
    assert table.loc["Frequency thresholds +10 %", "moved"] == 0


# -- cohorts


def months(*pairs):
    frame = pd.DataFrame(pairs, columns=["customer_id", "month"])
    return frame.assign(month=pd.to_datetime(frame["month"]))


def test_triangle_worked_by_hand():
    table = triangle_of(
        months(
            ("a", "2023-01"), ("a", "2023-02"), ("b", "2023-01"), ("b", "2023-03"), ("c", "2023-02")
        ),
        "M",
        pd.Timestamp("2023-03-31").date(),
    )
    found = {
        (c, age): (k, n)
        for c, age, n, k in table[["cohort", "age", "customers", "back"]].itertuples(index=False)
    }
    assert found == {
        ("2023-01", 0): (2, 2),
        ("2023-01", 1): (1, 2),
        ("2023-01", 2): (1, 2),
        ("2023-02", 0): (1, 1),
        ("2023-02", 1): (0, 1),
    }


def test_a_running_quarter_is_left_out():
    table = triangle_of(
        months(("a", "2023-01"), ("a", "2023-04")), "Q", pd.Timestamp("2023-05-31").date()
    )
    assert table["age"].max() == 0


def test_customers_known_before_their_first_order_are_in_no_cohort():
    rows = [
        order("new", "2022-02-05", 1, 1),
        order("new", "2023-02-05", 1, 2),
        order("old", "2022-02-05", 1, 3),
    ]
    people = [
        {"customer_id": "new", "since": "2022-02-01"},
        {"customer_id": "old", "since": "2019-02-01"},
    ]
    result = segments.cohorts(book("2023-06", orders=rows, customers=people))
    assert result.sizes.sum() == 1


# -- retention


def test_retention_and_revenue_worked_by_hand():
    rows = [
        order("a", "2022-01-05", 100, 1),
        order("b", "2022-01-05", 60, 2),
        order("c", "2022-01-05", 40, 3),  # the year before
        order("a", "2023-01-05", 150, 4),
        order("b", "2023-01-05", 30, 5),
        order("new", "2023-01-05", 500, 6),
    ]
    result = segments.retention(book("2023-06", toml=TIERS, orders=rows))
    total = result.total
    assert (total["customers"], total["kept"], total["start"], total["end"], total["lost"]) == (
        3,
        2,
        200,
        180,
        40,
    )
    assert total["nrr"] == pytest.approx(0.9) and total["grr"] == pytest.approx(
        0.65
    )  # min(100,150) + min(60,30) + 0
    kpis = {(k.name, str(k.by)): k for k in result.kpis()}
    assert kpis["retention", "None"].value == pytest.approx(2 / 3) and kpis[
        "churn_rate", "None"
    ].value == pytest.approx(1 / 3)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 200)), min_size=2, max_size=30).filter(
        lambda rows: sum(a for a, _ in rows) > 0
    ),
    st.randoms(),
)
def test_gross_retention_never_exceeds_the_whole_and_order_is_irrelevant(rows, random):
    before, after = (np.array(side, float) for side in zip(*rows, strict=True))
    value, low, high = ratio_interval(np.minimum(before, after), before, samples=200)
    assert 0 <= low <= high <= 1 and 0 <= value <= 1
    shuffled = random.sample(rows, len(rows))
    assert ratio_interval(
        np.array([min(r) for r in shuffled], float),
        np.array([r[0] for r in shuffled], float),
        samples=200,
    )[1:] == pytest.approx((low, high))


def test_retention_needs_two_years():
    assert (
        "orders before"
        in segments.retention(book("2023-06", orders=[order("a", "2023-01-05", 1, 1)])).reason
    )


# -- renewals


def contract(number, customer, start, end, renewed_by=None, value=100):
    return {
        "contract_id": f"k{number}",
        "customer_id": customer,
        "start": start,
        "end": end,
        "annual_value": value,
        "renewed_by": renewed_by,
        "renewed_on": end if renewed_by else None,
    }


def test_seventeen_of_twenty_is_85_percent_with_its_interval():
    rows = [
        contract(i, f"c{i}", "2022-03-01", "2023-02-28", f"n{i}" if i < 17 else None)
        for i in range(20)
    ]
    rows += [contract(90, "c90", "2023-03-01", "2024-02-28")]  # running: not due, not counted
    rows += [
        {**contract(i, f"c{i}", "2023-03-01", "2024-02-28"), "contract_id": f"n{i}"}
        for i in range(17)
    ]
    result = segments.renewals(book("2023-06", contracts=rows))
    total = result.total
    assert (total["renewed"], total["due"], total["rate"]) == (17, 20, 0.85)
    assert (round(total["low"], 3), round(total["high"], 3)) == (0.640, 0.948)  # Wilson 95 %
    assert "85.0 % (17 of 20)" in result.reading()
    kpi = next(k for k in result.kpis() if k.window == "trailing_12m" and k.by is None)
    assert (kpi.numerator, kpi.denominator) == (17, 20)


def test_a_contract_that_ends_before_it_starts_is_refused_or_left_out():
    from playbook.base.errors import DataProblem

    rows = [
        contract(1, "a", "2022-03-01", "2023-02-28"),
        contract(2, "b", "2023-03-01", "2022-02-28"),
    ]
    try:
        result = segments.renewals(book("2023-06", contracts=rows))
    except DataProblem as problem:
        assert "contracts" in str(problem)
    else:
        assert result.wrong == 1 and result.total["due"] == 1


def test_survival_multiplies_renewal_rates():
    rows = [
        contract(1, "a", "2020-01-01", "2020-12-31", "k2"),
        contract(2, "a", "2021-01-01", "2021-12-31", "k3"),
        contract(3, "a", "2022-01-01", "2022-12-31"),
        contract(4, "b", "2020-01-01", "2020-12-31", "k5"),
        contract(5, "b", "2021-01-01", "2021-12-31"),
        contract(6, "c", "2022-12-01", "2023-11-30"),
    ]
    terms = segments.renewals(book("2023-06", contracts=rows)).terms.set_index("term")
    assert terms["due"].tolist() == [2, 2, 1] and terms["survival"].tolist() == [1.0, 0.5, 0.0]


def test_one_pass_knows_each_earlier_day_as_a_book_of_that_day_would():
    # c bought after the earlier day, d only sent something back by then, e ordered on its last day;
    # an order lies outside the earlier window
    rows = [
        order("a", "2021-05-31", 5, 1),
        order("a", "2023-06-24", 7, 2),
        order("b", "2022-06-15", 9, 3),
        order("c", "2023-06-10", 11, 4),
        order("d", "2023-05-20", -3, 5, kind="refund"),
        order("d", "2023-06-12", 30, 6),
        order("e", "2023-05-31", 13, 7),
    ]
    here = book("2023-06", orders=rows)
    today = population(here).frame
    for day in (date(2023, 5, 31), date(2023, 6, 23)):
        shared, alone = (
            population(here.at(day)).frame,
            population(book("2023-06", orders=rows).at(day)).frame,
        )
        pd.testing.assert_frame_equal(shared, alone)
        assert len(shared) < len(today) or day.month == 6
    assert population(here.at(date(2023, 5, 31))).frame.set_index("customer_id").loc[
        "d", ["state", "net"]
    ].tolist() == ["dormant", -3.0]
    assert (
        segments.retention(here.at(date(2023, 5, 31))).status == "ok"
    )  # asks for the year before, which the shared pass left out


def test_the_matrix_sums_to_the_starting_counts_and_to_their_revenue(moving):
    result = segments.movement(moving)
    matrix = result.tables()[1]
    numbers = [[int(cell.text) for cell in row[1:]] for row in matrix.rows]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)  # each row to its own count
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[
        -1
    ]  # all rows to the last line
    assert numbers[-1][-1] == len(result.customers) and matrix.rows[-1][0].text == "All"
    start = result.table.set_index("state")["start"]
    named = {row[0].text.lstrip("0123456789 "): row[-1].text for row in matrix.rows[:-1]}
    assert {state: int(n) for state, n in named.items()} == {
        state: int(n) for state, n in start.items() if n
    }
    assert matrix.versions["1"][-1][-1].text == result.fmt.money(
        result.table["net_start"].sum(), compact=True
    )
