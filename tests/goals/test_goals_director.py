"""What goal setting gives the short editions, worked by hand."""

from __future__ import annotations

import pytest

from playbook.base.formats import Formats
from playbook.goals import sales_overview
from playbook.goals.director import director
from playbook.goals.director.months import Months, usual_range
from playbook.goals.director.targets import targets_sheet
from playbook.goals.director.words import more
from playbook.goals.track.likelihood import likelihood
from playbook.goals.track.tracking import tracking
from toy import toy


def test_the_usual_range_is_the_mean_and_266_mean_moves() -> None:
    """Six values 10, 12, 10, 12, 10, 12: mean 11, mean move 2; 11 ± 5.32."""
    assert usual_range([10, 12, 10, 12, 10, 12, 99]) == pytest.approx((5.68, 16.32))
    assert usual_range([10, 12, 10, 12, 10, 99]) is None  # five months are too few
    assert usual_range([0, 12, 0, 12, 0, 12, 99])[0] == 0.0  # nothing was ever below nought
    assert usual_range([None, 10, 12, 10, 12, 10, 12, 1]) == pytest.approx((5.68, 16.32))


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0.009, "< 1 %"), (0.01, "1 %"), (0.45, "45 %"), (0.99, "99 %"), (0.991, "> 99 %")],
)
def test_a_chance_beyond_one_in_a_hundred_is_only_bounded(chance: float, text: str) -> None:
    assert Formats("CNY", "en").chance(chance) == text


def _orders() -> str:
    """Two years of one order a week of 100, and two more in the last month."""
    import datetime as dt

    day, rows = dt.date(2021, 10, 4), ["order_id date customer_id amount"]
    number = 0
    while day <= dt.date(2023, 9, 30):
        number += 1
        rows.append(f"O{number} {day} C{number % 7} 100")
        day += dt.timedelta(days=7)
    rows += ["X1 2023-09-20 NEW1 300", "X2 2023-09-21 NEW2 500"]
    return "\n".join(rows)


@pytest.fixture(scope="module")
def book():
    return toy(orders=_orders(), month="2023-09")


def test_tiles_are_the_months_own_figures(book) -> None:
    """September 2023 has four Mondays of 100, and 800 more: 1,200 in six orders, two new."""
    months = Months(book)
    tiles = {t.key: t for t in months.tiles()}
    assert tiles["sales"].value == "¥1.20k"
    assert tiles["orders"].value == "6"
    assert tiles["average_order"].value == "¥200"
    assert tiles["new_customers"].value == "2"
    spark = tiles["sales"].spark
    assert spark is not None and spark.actual[-1] == 1200.0 and spark.actual[0] == 400.0
    year = next(d for d in tiles["sales"].deltas if d.label == "ΔPY")
    assert (year.text, year.tone) == ("+200.0 %", "good")
    assert not any(d.label == "ΔPL" for d in tiles["sales"].deltas)  # no plan in the book


def test_counts_that_chance_explains_are_outlined(book) -> None:
    """6 orders against 4: as likely as not; no colour of praise."""
    orders = {t.key: t for t in Months(book).tiles()}["orders"]
    assert [d.tone for d in orders.deltas if d.label == "ΔPY"] == ["chance"]


def test_the_sentence_says_what_came_and_whether_it_is_usual(book) -> None:
    made = director(book, tracking(book), likelihood(book))
    assert made.status == "ok"
    assert made.gives.happened.startswith("Sales came to **¥1.20k**, +200 % on last year. That is")
    assert "above the usual range of the 12 months before" in made.gives.happened
    assert made.gives.title[0] == "Sales ¥1.20k, 200 % above last year"
    for word in ("because", "due to", "thanks to"):
        assert word not in made.reading()


def test_a_month_that_the_data_do_not_reach_the_end_of_has_no_value_and_says_so() -> None:
    covers = {"book": {"covers": {"orders": ["2021-10-04", "2023-09-15"]}}}
    part = toy(orders=_orders(), month="2023-09", settings=covers)
    months = Months(part)
    assert months.value("sales", part.month) is None
    assert months.title() == "The month is not whole: orders end on 15 Sep 2023"


def test_what_never_was_has_no_forecast() -> None:
    """Five customers join in the first five months of 2021, buy each month, and nobody follows."""
    orders = "order_id date customer_id amount\n" + "\n".join(
        f"O{y}{m}{c} {y}-{m:02d}-05 C{c} 100"
        for y in (2021, 2022, 2023)
        for m in range(1, 13)
        for c in range(5)
        if (2021, c) < (y, m) <= (2023, 9)
    )
    tiles = {t.key: t for t in Months(toy(orders=orders, month="2023-09")).tiles()}
    new = tiles["new_customers"]
    assert new.value == "0" and new.foot == "none in 13 months"
    assert new.spark is not None and new.spark.forecast is None
    assert tiles["sales"].foot.startswith("FC Oct ")


def test_won_deals_that_name_no_customer_have_tiles_and_are_not_called_net_of_refunds() -> None:
    deals = """
        opportunity_id created    closed     outcome stage amount
        D1             2023-08-01 2023-09-10 won     won   500
        D2             2023-08-01 2023-09-30 won     won   500
    """
    stages = {"book": {"stages": ["lead", "won"]}}
    won = toy(month="2023-09", settings=stages, opportunities=deals)
    made = director(won, tracking(won), likelihood(won))
    # what is missing is asked of the deals the book has, not of orders it has not
    assert sales_overview(won).reason == "needs table opportunities (customer_id, closed)"
    assert made.gives.basis == "amounts won"
    assert [(t.label, t.value) for t in made.gives.tiles[:3]] == [
        ("Won, month", "¥1.00k"),
        ("Deals won", "2"),
        ("Average deal won", "¥500"),
    ]


def test_three_months_are_told_against_the_month_before_and_an_average_of_one_is_no_verdict() -> (
    None
):
    """900 in June's two orders, 150 in July's only one: the sum is worse, its average no news."""
    young = toy(
        orders="""
            order_id date       customer_id amount
            O1       2023-05-02 C1          900
            O2       2023-06-02 C1          450
            O3       2023-06-09 C2          450
            O4       2023-07-31 C1          150
        """,
        month="2023-07",
    )
    made = director(young, tracking(young), likelihood(young)).gives
    assert made.happened == "Sales came to **¥150**, −83 % on last month."
    tiles = {t.key: {d.label: (d.text, d.tone) for d in t.deltas} for t in made.tiles}
    assert tiles["sales"]["ΔPM"] == ("−83.3 %", "bad")
    assert tiles["average_order"]["ΔPM"] == ("−66.7 %", "chance")


def test_what_further_tables_would_add_is_said_of_those_that_are_absent(book) -> None:
    assert more(book) == (
        "What further tables would add: targets – the plan and the chance of the year;"
        " opportunities – win rate, pipeline and where deals stop; contracts – renewals;"
        " reps – people and pay."
    )
    tables = {
        "targets": "period metric target\n2023 sales 900",
        "opportunities": "opportunity_id created stage outcome\nD1 2023-08-01 lead open",
        "contracts": "contract_id customer_id start annual_value\nK1 C1 2023-01-01 9",
        "reps": "rep_id name\nr1 Li",
    }
    full = toy(
        orders="order_id date customer_id amount\nO1 2023-09-02 C1 9", month="2023-09", **tables
    )
    assert more(full) == ""


def test_a_target_of_which_less_is_better_is_reached_and_never_reached_twice_over() -> None:
    """20 days where the year before had 30: of a target of 26 the way is covered (10 of 4 days), of
    a target of 10 half of it.
    """
    for target, said in ((26, "reached"), (10, "50.0 %")):
        deals = toy(
            opportunities="""
                opportunity_id created    closed     outcome stage amount
                D0             2021-12-01 2022-01-01 lost    lead  500
                D1             2022-05-02 2022-06-01 won     won   500
                D2             2023-05-02 2023-05-22 won     won   500
                D3             2023-12-30 2023-12-31 lost    lead  500
            """,
            targets=f"period metric target\n2023 cycle.won_median_days {target}",
            settings={"book": {"stages": ["lead", "won"]}},
            month="2023-12",
        )
        page = targets_sheet(tracking(deals))
        assert page is not None
        (row,) = ([c["text"] for c in line.cells] for line in page.panels[0].lines)
        assert row[1:5] == ["days to a win, Company", "20 d", f"{target} d", said]
        assert "the way covered from the year before" in page.panels[0].note
