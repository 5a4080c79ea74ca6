"""An order whose lines lie in two months is one order of each, and one of every longer window: the
same count wherever the pack prints it, worked by hand.
"""

import itertools
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from playbook import funnel, goals
from playbook.base.periods import Month, Window
from playbook.data.measures import performance, sales
from playbook.data.measures.cause_rows import discounts_by
from playbook.data.measures.day_counts import day_counts
from playbook.data.measures.days import day_of
from playbook.data.measures.order_ids import across_months, keyed, order_keys
from playbook.data.measures.order_windows import monthly_again, orders_in
from playbook.data.measures.splits import split_again, split_months
from playbook.data.measures.window_counts import window_counts
from playbook.funnel.director.parts import parts_sheet
from playbook.goals.actuals import Actuals
from playbook.goals.director.months import Months
from playbook.incentives.people.honours import most_credited
from playbook.pay.history import history
from toy import toy

SETTINGS = {
    "book": {"stages": ["lead", "won"]},
    "funnel": {"ladder": {"rungs": [{"lower": 0, "discount": 0.1}]}, "min_group": 10},
}
# The year's orders are O1 to O5. O1 lies on both sides of a month's end, O3 of a quarter's, O5 of
# the year's; O6 is of last year only. A refund is no order, whatever number it carries.
ORDERS = """
    order_id date       customer_id region amount list_amount kind
    O6       2022-12-15 C3          S      100    100         new
    O5       2022-12-31 C2          N      100    100         new
    O5       2023-01-02 C2          N      60     100         new
    O3       2023-09-30 C2          S      100    100         new
    O3       2023-10-02 C2          N      90     100         new
    O4       2023-11-10 C3          N      100    100         new
    O1       2023-11-30 C1          N      100    100         new
    O1       2023-12-01 C1          S      60     100         new
    O2       2023-12-05 C2          N      100    100         new
    O4       2023-12-10 C3          N      -20    100         refund
"""
WINDOWS = {"month": 2, "quarter_to_date": 4, "year_to_date": 5, "trailing_12m": 5}
BY_REGION = {  # O1 and O3 are orders of both regions
    "month": {"N": 1, "S": 1},
    "quarter_to_date": {"N": 4, "S": 1},
    "year_to_date": {"N": 5, "S": 2},
    "trailing_12m": {"N": 5, "S": 2},
}


@pytest.fixture(scope="module")
def book():
    return toy(month="2023-12", settings=SETTINGS, orders=ORDERS)


@pytest.fixture(scope="module")
def table(book):
    return funnel.performance(book).table


def test_chapter_one_counts_orders_of_every_window(book):
    kpis = [k for k in goals.sales_overview(book).kpis() if k.name == "orders" and not k.by]
    assert {k.window: k.value for k in kpis} == WINDOWS | {"all": 6}
    actuals = Actuals(book)
    for window, n in WINDOWS.items():
        assert actuals.actual("orders", {}, book.window(window)).value == n
        for region, its in BY_REGION[window].items():
            found = actuals.actual("orders", {"region": region}, book.window(window))
            assert found.value == its
    months = Months(book)  # of the cover
    counts = [months.value("orders", Month(2023, m)) for m in (1, 8, 9, 10, 11, 12)]
    assert counts == [1, 0, 1, 1, 2, 2]


def test_chapter_three_says_the_same(table):
    whole = table[table.dimension == "all"].set_index("window")
    assert whole.orders.to_dict() == WINDOWS
    assert whole.orders_before["month"] == 2  # November: O4, O1
    assert whole.orders_before["quarter_to_date"] == 1  # July to September: O3
    of = table[table.dimension == "region"]
    for window, counts in BY_REGION.items():
        rows = of[of.window == window].set_index("member")
        assert rows.orders.to_dict() == counts


def test_last_year_is_counted_alike():
    """December 2022 held O5 and O6; its twelve months too, O5's January line being later."""
    longer = ORDERS + "    O7       2021-11-30 C3          S      100    100         new\n"
    rows = funnel.performance(toy(month="2023-12", settings=SETTINGS, orders=longer)).table
    whole = rows[rows.dimension == "all"].set_index("window")
    assert whole.orders_year.to_dict() == {
        "month": 2,
        "quarter_to_date": 2,
        "year_to_date": 2,
        "trailing_12m": 2,
    }


def test_the_brief_says_the_same(book):
    sheet = parts_sheet(funnel.performance(book), book.fmt)
    assert sheet is not None and "n = 2 orders" in sheet.note


def test_the_ladder_counts_the_same_and_its_money_adds_up(book):
    """O1 as a whole: 200 at list for 160, 20 % given, 10 % allowed, 20 leaked, all on its December
    line. O5: the same, 20 leaked, all in January. The others are within the ladder.
    """
    found = funnel.price_ladder(book)
    windows = found.windows.set_index("window")
    assert windows.deals.to_dict() == {"month": 2, "trailing_12m": 5}
    assert windows.beyond.to_dict() == {"month": 1, "trailing_12m": 2}
    assert windows.leak.to_dict() == {"month": 20, "trailing_12m": 40}
    assert found.table.deals.tolist() == [5] and found.table.beyond.tolist() == [2]
    months = found.months.set_index("month")
    sold = months[months.orders > 0]
    assert sold.orders.to_dict() == {
        "2023-01": 1,
        "2023-09": 1,
        "2023-10": 1,
        "2023-11": 2,
        "2023-12": 2,
    }
    assert (months.beyond["2023-11"], months.beyond["2023-12"]) == (0, 1)  # O1's leak is December's
    assert (months.leak["2023-12"], months.leak.sum()) == (20, 40)
    assert found.products.orders.tolist() == [5] and found.products.leak.tolist() == [40]
    assert found.bunching.deals.sum() == 6  # of 24 months
    total = next(t for t in found.tables() if t.title == "What leaked by month").total
    assert total[0][1].text == "5"


def test_an_order_of_two_reps_is_one_order_and_one_of_each():
    rows = """
        order_id date       customer_id rep_id amount list_amount
        O1       2023-12-01 C1          R1     60     100
        O1       2023-12-01 C1          R2     100    100
        O2       2023-12-02 C1          R2     50     100
    """
    found = funnel.price_ladder(toy(month="2023-12", settings=SETTINGS, orders=rows))
    assert found.windows.deals.tolist() == [2, 2]
    # O1 gave 20 % of 200 where 10 % are allowed: 20, all on the line of R1; O2 leaked 40
    reps = found.by_rep.set_index("rep_id")
    assert reps.deals.to_dict() == {"R2": 2, "R1": 1}
    assert reps.beyond.to_dict() == {"R2": 1, "R1": 1}
    assert reps.leak.to_dict() == {"R2": 40, "R1": 20}
    assert found.worst.order_id.tolist() == ["O2", "O1"]


def test_the_average_order_of_a_plan_is_that_of_the_window(book):
    """N sold 60 + 90 + 100 + 100 + 100 − 20 = 430 in five orders, S 100 + 60 = 160 in two."""
    parts = goals.decomposition(book, year_target=1180.0).table
    rows = parts[parts.dimension == "region"].set_index("member")
    assert rows["size"].to_dict() == {"N": 86, "S": 80}
    kinds = split_months(book, ("kind",)), split_again(book, ("kind",))
    assert orders_in(*kinds, book.window("trailing_12m"), ("kind",)).to_dict() == {"new": 5}


def test_months_less_what_they_count_twice_are_the_distinct_orders_of_any_window():
    rng = np.random.default_rng(1)
    rows = [
        {
            "order_id": f"O{rng.integers(25)}",
            "date": date(2023, 1, 1) + timedelta(int(rng.integers(240))),
            "customer_id": f"C{rng.integers(2)}",  # the ids are reused, and counted apart
            "region": str(rng.choice(["N", "S"])),
            "amount": int(rng.choice([10, 20, -5])),
        }
        for _ in range(120)
    ]
    book = toy(month="2023-08", orders=rows)
    lines = keyed(book, sales.order_rows(book))
    spans = [
        Window(f"{a}_{b}", Month(2023, a).start, Month(2023, b).end)
        for a, b in itertools.combinations_with_replacement(range(1, 9, 2), 2)
    ]
    spans.append(Window("all", None, Month(2023, 8).end))
    counted = window_counts(lines, {s.name: s for s in spans}, unique=False)
    whole = sales.monthly(book), monthly_again(book)
    assert len(whole[1])
    assert {s.name: orders_in(*whole, s) for s in spans} == {
        name: n["orders"] for name, n in counted.items()
    }
    region = (
        performance.sales_by_month(book, ["region"]),
        performance.orders_again(book, ["region"]),
    )
    for span in spans[::4]:
        inside = sales.distinct_orders(sales.between(lines, span.start, span.end), ["region"])
        by = orders_in(*region, span, ["region"])
        assert by[by > 0].to_dict() == dict(zip(inside.region, inside.orders, strict=True))


def test_where_no_order_lies_in_two_months_nothing_is_counted_twice():
    rows = ORDERS.replace("2022-12-31", "2023-01-01").replace("2023-09-30", "2023-10-01")
    book = toy(month="2023-12", orders=rows.replace("2023-11-30", "2023-12-01"))
    assert not across_months(book) and monthly_again(book).empty
    assert sales.monthly(book).orders.tolist() == [1, 1, 1, 1, 2]


def test_an_order_with_lines_on_two_days_is_one_of_each_and_one_of_their_week():
    book = toy(
        month="2023-12",
        settings=SETTINGS,
        orders="""
        order_id date       customer_id amount kind
        O3       2023-12-24 C1          10     new
        O3       2023-12-25 C1          10     new
        O1       2023-12-26 C1          10     new
        O1       2023-12-28 C1          10     new
        O1       2023-12-28 C1          10     new
        O2       2023-12-28 C2          10     new
        O2       2023-12-28 C2          -5     refund
        """,
    )
    days = day_counts(None, book, date(2023, 12, 1), book.as_of)
    found = {
        what: {day_of(day).day: n for day, n in zip(part.day, part.n, strict=True)}
        for what, part in days.groupby("what")
    }
    assert found["orders"] == {24: 1, 25: 1, 26: 1, 28: 2} and found["orders again"] == {28: 1}
    week = funnel.week_review(book).table.set_index("what")
    assert week.loc["orders", "now"] == 3  # O1 once, O2, and O3, which is of the week before too
    assert funnel.day_review(book).counts == {"orders": 2}


def test_a_number_that_comes_again_is_an_order_each_for_discounts_and_honours() -> None:
    book = toy(
        month="2023-12",
        orders="""
        order_id date       customer_id rep_id amount list_amount kind
        A        2023-12-01 C1          R1     90     100         new
        A        2023-12-02 C1          R1     90     100         new
        A        2023-12-05 C2          R1     50     100         new
        """,
    )
    found = discounts_by(book, ["rep"])
    assert found[["list", "amount"]].to_numpy().tolist() == [[200, 180], [100, 50]]
    rows = book.table("orders").collect().to_pandas()
    assert order_keys(book, rows).nunique() == 2
    one = toy(month="2023-12", orders="order_id date customer_id amount\nA 2023-12-01 C1 9")
    assert order_keys(one, pd.DataFrame({"order_id": ["A"]})).tolist() == ["A"]
    window = book.window("month")
    honour = most_credited(history(book), "Champion", "December", window)
    assert honour is not None and honour["evidence"].endswith("from 2 orders")


def test_what_a_forecast_of_orders_learns_from_counts_each_order_in_its_first_month(book):
    """O5 and O6 began in December, O3 in September, O1 in November; their later months hold O2
    alone.
    """
    learnt = Actuals(book).learnable("orders", {})
    assert {str(m): n for m, n in learnt.items() if n} == {
        "2022-12": 2,
        "2023-09": 1,
        "2023-11": 2,
        "2023-12": 1,
    }
    north = Actuals(book).learnable("orders", {"region": "N"})
    assert {str(m): n for m, n in north.items() if n} == {
        "2022-12": 1,
        "2023-10": 1,
        "2023-11": 2,
        "2023-12": 1,
    }
