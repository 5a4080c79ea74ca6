"""Return on a strategy's spend, by hand: spent, expected and measured."""

import pytest

from playbook.goals.aims.spend import expected_gain
from playbook.goals.aims.strategies import strategies
from playbook.goals.track.tracking import tracking

HEAD = (
    "strategy,goal,lever,budget,spent,start,due,owner,expected,"
    "indicator,milestone,milestone_due,milestone_done"
)


def sheet(*rows):
    return HEAD + "\n" + "\n".join(rows)


# Ten decided deals in January to March of each year: two won in 2022, four in 2023, each at 1,000.
DEALS = "opportunity_id,created,stage,outcome,closed,amount,need_match\n" + "\n".join(
    (
        f"D{y}{i},{y}-01-0{i % 9 + 1},{'won,won' if i < won else 'intent,lost'},"
        f"{y}-0{i % 3 + 1}-15,{1000 if i < won else ''},{'true' if i < won + 3 else 'false'}"
    )
    for y, won in ((2022, 2), (2023, 4))
    for i in range(10)
)
ORDERS = "order_id,date,customer_id,amount,cost\n" + "\n".join(
    f"O{y}{i},{y}-0{i % 3 + 1}-10,C{y}{i},100,40"
    for y, n in ((2022, 6), (2023, 9))
    for i in range(n)
)


def one(made, name="S"):
    return next(row for row in made.table.to_dict("records") if row["strategy"] == name)


def test_a_raised_win_rate_is_worth_its_extra_wins(book):
    """Win rate 20 % → 40 %: two wins more of ten, 1,000 each, at 60 % gross margin 1,200. Hoped for
    30 %: twice the change; ten deals a year prove no return.
    """
    made = strategies(
        book(
            "2023-03",
            opportunities=DEALS,
            orders=ORDERS,
            strategies=sheet(
                "S,win more,price,1000,600,2023-01-01,2023-03-31,Ann,win rate to 30"
                " %,win_rate.narrow,m,2023-02-28,2023-02-20"
            ),
        )
    )
    row = one(made)
    spend = row["spend"]
    assert (
        (spend.before, spend.now) == (0.2, 0.4)
        and spend.expected == pytest.approx(0.1)
        and spend.of_expected() == pytest.approx(2)
    )
    assert (
        spend.worth == pytest.approx(0.2 * 10 * 1000 * 0.6)
        and row["return_"] is None
        and spend.a_unit(600) == pytest.approx(30)
    )
    assert spend.low < 0.2 < spend.high and spend.low < 0  # ten deals a year prove little
    assert {kpi.name: kpi.value for kpi in made.kpis()} == {
        "strategy.spent": 600,
        "strategy.return": None,
    }
    assert made.kpis()[1].why == "the indicator did not rise beyond chance"


def test_new_customers_are_counted_against_those_hoped_for(book):
    """Nine new customers against six: three more of the four hoped for, 180 of gross profit; a rise
    of three on fifteen is within chance, no return.
    """
    made = strategies(
        book(
            "2023-03",
            orders=ORDERS,
            strategies=sheet(
                "S,4 new customers,channel,100,90,2023-01-01,2023-03-31,Ann,,new_customers,,,"
            ),
        )
    )
    spend = one(made)["spend"]
    assert (spend.before, spend.now, spend.gain, spend.expected) == (
        6,
        9,
        3,
        4,
    ) and spend.of_expected() == 0.75
    assert spend.worth == pytest.approx(3 * 100 * 0.6) and one(made)["return_"] is None


def test_sales_are_worth_their_margin(book):
    """900 against 600: 300 more, 60 % of it gross profit, on 90 spent twice the spend; half of what
    was hoped for.
    """
    made = strategies(
        book(
            "2023-03",
            orders=ORDERS,
            strategies=sheet("S,600 more sales,price,100,90,2023-01-01,2023-03-31,Ann,,sales,,,"),
        )
    )
    assert (
        one(made)["spend"].worth == pytest.approx(180)
        and one(made)["return_"] == pytest.approx(2)
        and one(made)["spend"].of_expected() == pytest.approx(0.5)
    )


def test_a_rate_that_is_not_moneys_own_has_a_price_a_point_and_no_return(book):
    made = strategies(
        book(
            "2023-03",
            opportunities=DEALS,
            strategies=sheet(
                "S,better leads,channel,100,80,2023-01-01,2023-03-31,Ann,match rate to 90"
                " %,match_rate,,,"
            ),
        )
    )
    spend = one(made)["spend"]
    assert (
        (spend.before, spend.now) == (0.5, 0.7)
        and spend.a_unit(80) == pytest.approx(4)
        and spend.worth is None
        and one(made)["return_"] is None
    )
    assert (
        "What the spend brought" in [t.title for t in made.tables()]
        and made.kpis()[1].why == "the indicator is not tied to money"
    )


@pytest.mark.parametrize(
    ("indicator", "start", "reason"),
    [
        ("", "2023-01-01", "no indicator is named"),
        ("mood", "2023-01-01", "'mood' is not one the book measures"),
        ("new_customers", "", "no start is given"),
        ("new_customers", "2022-01-01", "no year before: orders begin on"),
    ],
)
def test_what_cannot_be_measured_says_why(book, indicator, start, reason):
    made = strategies(
        book(
            "2023-03",
            orders=ORDERS,
            strategies=sheet(f"S,grow,channel,100,90,{start},2023-03-31,Ann,,{indicator},,,"),
        )
    )
    assert (
        reason in one(made)["spend"].why
        and any(reason in note for note in made.notes())
        and made.blocks()
    )


def test_a_change_far_below_the_hope_becomes_a_decision(book):
    made = strategies(
        book(
            "2023-03",
            orders=ORDERS,
            strategies=sheet(
                "S,grow,channel,100,90,2023-01-01,2023-03-31,Ann,30 new customers,new_customers,,,"
            ),
        )
    )
    assert any(
        a.what.startswith("Stop, change or go on with S: 10") and a.worth is None
        for a in made.actions()
    )


@pytest.mark.parametrize(
    ("text", "unit", "metric", "gain"),
    [
        ("match rate of leads to 70 %", "share", "match_rate", 0.2),
        ("trial conversion ≥ 60 %", "share", "win_rate.narrow", 0.1),
        ("up by 5 points", "share", "match_rate", 0.05),
        ("30 new customers in 6 months", "count", "new_customers", 30),
        ("cycle down to 60 days", "days", "cycle.won_median_days", 59.5),
        ("500万 more sales", "CNY", "sales", 5_000_000),
        ("1,200,000 in sales", "CNY", "sales", 1_200_000),
        ("better leads", "share", "match_rate", None),
        ("30 customers", "share", "match_rate", None),
    ],
)
def test_the_number_hoped_for_is_read_from_the_owners_words(text, unit, metric, gain):
    found = expected_gain({"expected": text, "goal": None}, 0.5, unit, metric)
    assert found == (None if gain is None else pytest.approx(gain))


def test_a_strategy_sheet_without_money_or_indicator_keeps_to_its_milestones(book):
    made = strategies(book("2023-03", orders=ORDERS, strategies="strategy,goal\nS,grow"))
    assert [t.title for t in made.tables()] == ["Strategies"] and tracking(
        book("2023-03", orders=ORDERS)
    ).status == "not available"
