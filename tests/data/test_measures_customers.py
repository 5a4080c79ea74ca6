"""One grouped row per customer, the same on pandas and DuckDB."""

from datetime import date

import duckdb
import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.base.periods import window
from playbook.data.measures import customer_list
from playbook.data.measures import customers as measures

DAY = date(2023, 6, 30)
SPANS = {"rfm": window("rfm_window", DAY), "year": window("trailing_12m", DAY)}


def frames(rows: list[dict]):
    """The rows as a lazy pandas frame and as a lazy DuckDB relation."""
    plain = pd.DataFrame(
        rows, columns=["order_id", "customer_id", "date", "amount", "kind", "rep_id"]
    )
    typed = plain.astype(
        {"date": "date32[day][pyarrow]", "kind": "str", "rep_id": "str", "customer_id": "str"}
    )
    duck = duckdb.connect()
    duck.register("plain", typed)
    relation = duck.sql(
        "SELECT order_id, customer_id, date::DATE AS date, amount::DECIMAL(18,4) AS amount, kind,"
        " rep_id FROM plain"
    )
    return nw.from_native(typed).lazy(), nw.from_native(relation), duck


def row(number, customer, day, amount, kind=None, rep=None):
    return {
        "order_id": number,
        "customer_id": customer,
        "date": day,
        "amount": amount,
        "kind": kind,
        "rep_id": rep,
    }


LINES = [
    row("1", "a", date(2023, 1, 5), 100.0),
    row("1", "a", date(2023, 1, 5), 50.0),
    row("2", "a", date(2021, 7, 1), 7.0),
    row("3", "a", date(2021, 6, 30), 9.0),
    row("4", "b", date(2023, 6, 30), 20.0),
    row("4", "b", date(2023, 6, 30), -20.0, "refund"),
]


@pytest.mark.parametrize("which", [0, 1], ids=["pandas", "duckdb"])
def test_totals_worked_by_hand(which):
    found = measures.totals(frames(LINES)[which], SPANS).set_index("customer_id")
    assert found.loc["a", ["orders_rfm", "net_rfm", "orders_year", "net_year"]].tolist() == [
        2,
        157,
        1,
        150,
    ]
    assert found.loc["b", ["orders_rfm", "net_rfm", "orders_year", "net_year"]].tolist() == [
        1,
        0,
        1,
        0,
    ]
    assert found.loc["a", "first"] == pd.Timestamp("2021-06-30") and found.loc[
        "a", "last_rfm"
    ] == pd.Timestamp("2023-01-05")


def test_repeated_ids_are_noticed_among_orders_only():
    assert measures.has_lines(frames(LINES)[1]) and not measures.has_lines(frames(LINES[1:])[1])


@pytest.mark.parametrize(
    "ids, repeated", [("123", False), ("321", False), ("122", True), ("212", True), ("1", False)]
)
@pytest.mark.parametrize("which", [0, 1], ids=["pandas", "duckdb"])
def test_repeated_ids_are_found_in_any_order_of_the_file(which, ids, repeated):
    given_rows = [row(number, "a", date(2023, 1, 5), 100.0) for number in ids] + [
        row(ids[0], "a", date(2023, 1, 6), -1.0, "refund")
    ]
    assert measures.has_lines(frames(given_rows)[which]) is repeated


rows = st.lists(
    st.builds(
        row,
        st.sampled_from("123456789"),
        st.sampled_from("abc"),
        st.dates(date(2020, 1, 1), DAY),
        st.integers(-50, 200).map(float),
        st.sampled_from([None, "new", "refund"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=10)
@given(rows)
def test_pandas_and_duckdb_agree_and_lines_never_change_money(given_rows):
    plain, duck, _ = frames(given_rows)
    one, two = measures.totals(plain, SPANS, lines=True), measures.totals(duck, SPANS, lines=True)
    pd.testing.assert_frame_equal(one, two, check_dtype=False)
    whole = measures.totals(duck, SPANS, lines=False)
    assert whole["net_rfm"].fillna(0).tolist() == pytest.approx(two["net_rfm"].fillna(0).tolist())
    assert (whole["orders_rfm"] >= two["orders_rfm"]).all()


@settings(max_examples=15)
@given(
    rows, st.sampled_from([SPANS, {"year": SPANS["year"]}, {**SPANS, "all": window("all", DAY)}])
)
def test_only_rows_inside_the_spans_are_needed_for_them(given_rows, spans):
    for lazy in frames(given_rows)[:2]:
        every, inside = (
            measures.totals(lazy, spans, ever=ever).set_index("customer_id")
            for ever in (True, False)
        )
        seen = every.loc[inside.index]
        pd.testing.assert_frame_equal(seen[inside.columns], inside, check_dtype=False)
        left = every.drop(index=inside.index)
        assert (
            not left.filter(like="orders_").to_numpy().any()
            and not left.filter(like="net_").fillna(0).to_numpy().any()
        )


def test_last_rep_is_that_of_the_newest_order():
    given_rows = [
        row("1", "a", date(2023, 1, 1), 1.0, rep="x"),
        row("2", "a", date(2023, 2, 1), 1.0, rep="y"),
        row("3", "a", date(2023, 3, 1), 1.0),
        row("5", "b", date(2023, 1, 1), 1.0, rep="z"),
        row("4", "b", date(2023, 1, 1), 1.0, rep="w"),
    ]
    found = customer_list.last_rep(frames(given_rows)[1])
    assert dict(zip(found["customer_id"], found["rep_id"], strict=True)) == {"a": "y", "b": "z"}
