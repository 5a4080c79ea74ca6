"""Sales against target and last year: what an order is, what is covered, who is named."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from playbook import funnel
from playbook.base.formats import Formats
from playbook.funnel.money.chance import moved
from playbook.funnel.money.sales_reason import sales_reason
from toy import toy

LINES = """
    order_id,date,customer_id,amount,product_line
    A,2022-12-10,C0,100,P0
    A,2022-12-10,C0,101,P1
    B,2023-12-10,C0,100,P0
    B,2023-12-10,C0,101,P1
    C,2023-12-10,C1,100,P0
    C,2023-12-10,C1,101,P1
    D,2023-12-10,C2,100,P0
    D,2023-12-10,C2,101,P1
    B,2023-12-11,C0,-10,P0"""


def test_an_order_of_several_lines_is_one_order():
    found = funnel.performance(toy(month="2023-12", orders=LINES))
    total = found.total()
    assert (total["orders"], total["actual"]) == (3, 593)
    lines = found.of("product_line").set_index("member")
    assert lines.orders.to_dict() == {"P0": 3, "P1": 3}
    assert "average order $" not in found.reading()


def test_two_orders_of_one_number_are_two():
    orders = LINES + "\n    B,2023-12-20,C9,50,P0"  # another customer's
    assert funnel.performance(toy(month="2023-12", orders=orders)).total()["orders"] == 4


def daily(first: str, last: str, amount=100, **more):
    day, end, rows = date.fromisoformat(first), date.fromisoformat(last), []
    while day <= end:
        n = len(rows)
        rows.append(
            dict(order_id=f"O{n}", date=str(day), customer_id=f"C{n % 7}", amount=amount) | more
        )
        day += timedelta(days=1)
    return rows


def test_half_a_month_a_year_ago_is_no_base():
    """Constant sales a day from 21 March 2022: eleven days would read as +181.8 %."""
    book = toy(month="2023-03", orders=daily("2022-03-21", "2023-03-31"))
    found = funnel.performance(book)
    total = found.total()
    assert np.isnan(total["yoy"]) and np.isnan(total["last_year"])
    assert total["pop"] == pytest.approx(3100 / 2800 - 1)
    assert found.reading() == (
        "Sales of the report month: ¥3,100, +10.7 % on the period before; no growth on last year:"
        " orders begin on 21 Mar 2022."
    )
    assert "no growth on last year (orders begin on 21 Mar 2022)" in found.headline()
    assert found.monthly.last_year.isna().all()
    assert funnel.gap(book).status != "ok"


def test_a_month_without_any_sale_is_a_month_of_nothing():
    orders = daily("2022-01-01", "2023-03-31", region="East") + daily("2023-09-01", "2023-12-31")
    orders = [row | {"order_id": f"O{i}"} for i, row in enumerate(orders)]
    book = toy(
        month="2023-06",
        settings={"book": {"covers": {"orders": ["2022-01-01", "2023-12-31"]}}},
        orders=orders,
    )
    found = funnel.performance(book)
    assert (found.total()["actual"], found.total()["orders"]) == (0, 0)
    assert found.reading() == (
        "Sales of the report month: ¥0, no order, −100.0 % on the same span last year."
    )
    gap = funnel.gap(book, performance=found)
    assert gap.size == -3000 and gap.reading().startswith(
        "Sales of the report month are ¥3.00k below last year."
    )
    assert funnel.review(book, found, gap).status == "ok"


def targets(amount: int) -> str:
    return f"period,metric,target\n2023-12,sales,{amount}"


def test_a_target_that_was_beaten_is_not_called_missed():
    for amount, says in (
        (473, "are ¥120 above target."),
        (593, "are exactly on target."),
        (1186, "are ¥593 below target."),
    ):
        book = toy(month="2023-12", orders=LINES, targets=targets(amount))
        reading = funnel.gap(book).reading()
        assert reading.startswith(f"Sales of the report month {says}")
        assert "miss" not in reading


def test_a_label_with_a_full_stop_breaks_no_sentence():
    orders = LINES.replace("P0", "No. 1. Plus").replace("P1", "No. 2")
    gap = funnel.gap(toy(month="2023-12", orders=orders, targets=targets(1186)))
    assert (
        gap.headline()
        == "Gap: Sales of the report month are ¥593 below target; of the"
        + (gap.headline().split("; of the", 1)[1])
    )
    assert gap.headline().endswith("¥0") is False


@pytest.mark.parametrize(
    ("columns", "name", "part"),
    [
        ({}, "order size", 20),
        ({"quantity": (1, 3)}, "amount per unit", (40 - 100) * 2),
        ({"list_amount": (100, 240)}, "price", (0.5 - 1) * 170),
    ],
)
def test_only_against_list_prices_is_it_a_price(columns, name, part):
    """One customer: an order of 100 a year ago, one of 120 now. As order size +20; three units at
    40 instead of one at 100; 120 paid of 240 at list instead of 100 of 100.
    """
    rows = [
        dict(order_id="0", date="2021-01-05", customer_id="C", amount=1),
        dict(order_id="1", date="2022-12-05", customer_id="C", amount=100),
        dict(order_id="2", date="2023-12-05", customer_id="C", amount=120),
    ]
    for column, (before, now) in columns.items():
        rows[0][column], rows[1][column], rows[2][column] = 1, before, now
    covers = {"book": {"covers": {"orders": ["2021-01-01", "2023-12-31"]}}}
    causes = funnel.gap(toy(month="2023-12", settings=covers, orders=rows)).causes
    causes = causes.set_index("part").amount
    assert list(causes.index) == ["new customers", "lost customers", "volume", "mix", name]
    assert causes.sum() == pytest.approx(20)
    assert causes[name] == pytest.approx(part)


def cells(seed: int, fall: float = 1.0) -> pd.DataFrame:
    """Sales of 300 customers of five regions in two spans; North's fall to a share of theirs."""
    rng = np.random.default_rng(seed)
    region = np.array(["East", "North", "South", "West", "Mid"])[np.arange(300) % 5]
    then, now = rng.gamma(1, 1000, 300), rng.gamma(1, 1000, 300)
    now = now * np.where(region == "North", fall, 1.0)
    return pd.DataFrame(
        {"customer": [f"C{i}" for i in range(300)], "region": region, "now": now, "then": then}
    )


def test_a_member_is_named_only_where_its_change_is_its_own():
    planted = [moved(cells(seed, 0.3), ["region"]) for seed in range(10)]
    assert all(f.set_index("member").p["North"] <= 0.01 for f in planted)
    null = [moved(cells(seed), ["region"]).p.min() for seed in range(40)]
    assert sum(p <= 0.01 for p in null) <= 2 and sum(p <= 0.2 for p in null) >= 2


def test_nothing_sold_before_compares_nobody():
    assert moved(cells(1).assign(then=0.0), ["region"]).empty


def orders_of(fall: float):
    """30 orders of each region a month over two years, one customer each; North falls last."""
    rng, rows = np.random.default_rng(3), []
    for i, month in enumerate(pd.period_range("2022-01", "2023-12", freq="M")):
        for k in range(150):
            region = ("East", "North", "South", "West", "Mid")[k % 5]
            share = fall if region == "North" and i == 23 else 1.0
            amount = round(float(rng.gamma(4, 250)) * share, 2)
            row = dict(order_id=f"{i}-{k}", date=f"{month}-15", customer_id=f"C{k}")
            rows.append(row | dict(amount=amount, region=region))
    return rows


def test_the_drill_down_and_the_plan_name_a_planted_fall_and_nothing_else():
    book = toy(month="2023-12", orders=orders_of(0.2))
    found = funnel.performance(book)
    gap = funnel.gap(book, performance=found)
    assert list(gap.drill.label) == ["North"] and "sits in North" in gap.reading()
    assert ("region", "North") in found.beyond
    plans = [a.what for a in funnel.review(book, found, gap).actions]
    assert plans == ["Recovery plan for North"]
    quiet = toy(month="2023-12", orders=orders_of(1.0))
    found = funnel.performance(quiet)
    gap = funnel.gap(quiet, performance=found)
    assert gap.drill.empty and "sits in" not in gap.reading() and not found.beyond
    assert "no more than chance may bring" in gap.reading()
    review = funnel.review(quiet, found, gap)
    assert not review.actions and set(review.agenda["item"]) == {"Result"}


def test_reasons_in_words():
    row = dict(target=None, actual=240.0, last_year=200.0, before=None)
    counts = dict(orders=2, orders_year=2, orders_before=None)
    say = lambda **more: sales_reason(row | counts | more, Formats(), "orders begin late")  # noqa: E731
    assert say() == "average order ¥100 → ¥120 +¥40, as many orders (2)"
    assert say(actual=200.0) == "as many orders (2) of the same size"
    assert say(orders=3, actual=300.0) == "more orders (2 → 3) +¥100"
    assert say(last_year=None) == "nothing earlier to compare with: orders begin late"
    assert say(orders=0, actual=0.0) == "no orders, 2 orders a year ago"
    assert say(orders_year=0, last_year=0.0) == "2 orders, none a year ago"
    assert say(target=0) == "target is zero: no completion"
