"""Controls that really move: the callbacks redraw the page and show what the functions compute."""

import pytest
from funnel_books import small_book
from test_funnel_sections import company

from playbook import funnel
from sliders import move


@pytest.fixture(scope="module")
def book():
    return small_book("2023-04", "[funnel]\nmargin = 0.7\n", **company())


def test_a_raised_rate_moves_wins_and_revenue(book, live):
    chain = funnel.funnel_model(funnel.conversion(book), funnel.win_rate(book))
    funnel.what_if(funnel.conversion(book), funnel.win_rate(book))
    controls, page = live()
    move(controls["Points more"], page, 8, 12)
    move(controls["Step"], page, "negotiation→won")
    assert chain.table(0.12, "negotiation→won").html() == page.value
    wins, revenue = chain.revenue()
    more, money = chain.revenue({"negotiation→won": 0.12})
    assert money / more == pytest.approx(revenue / wins) and more > wins


def test_a_moved_budget_moves_profit(book, live):
    channels = funnel.channels(book)
    funnel.move_budget(channels)
    controls, page = live()
    move(controls["Share of its budget, %"], page, 20, 80)
    assert (
        funnel.move(channels, controls["Take from"].value, controls["Give to"].value, 0.8).html()
        in page.value
    )


def test_any_dimension_and_span_of_the_steps(book, live):
    funnel.try_steps(book, funnel.conversion_by(book, "channel"))
    controls, page = live()
    assert {"region", "channel", "rep"} <= set(controls["Dimension"].options)
    move(controls["Dimension"], page, "region")  # counts the dimension once
    move(controls["Period"], page, "all data")
    assert (
        "East" in page.value
        and funnel.conversion_by(book, "region", window="all").table_of_all().html() in page.value
    )
    move(controls["Period"], page, "the last 12 months", "all data")
    move(controls["Dimension"], page, "channel")


def test_any_dimension_and_span_of_performance(book, live):
    performance = funnel.performance(book)
    funnel.try_performance(performance)
    controls, page = live()
    move(controls["Period"], page, *controls["Period"].options[1:])
    move(controls["Dimension"], page, "product line")
    assert page.value == performance.table_of("product_line", "trailing_12m").html()


def test_the_comparison_of_yearly_costs_redraws_table_and_sentence(book, live):
    funnel.show_ownership(funnel.ownership(book))
    controls, page = live()
    move(controls["Our life, years"], page, 10)
    assert "lasts 5 years longer" in page.value


def test_the_customers_return_redraws(book, live):
    funnel.show_return(funnel.return_sheet(book))
    controls, page = live()
    assert "pays back in 4.0 months" in page.value  # 60,000 ÷ (200,000 − 20,000) × 12
    move(controls["staff hours: saved, %"], page, 0)  # 80,000 saved: 60,000 ÷ 60,000 × 12
    assert "pays back in 12.0 months" in page.value


def test_on_paper_nothing_moves(book, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_BATCH", "1")
    seen = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    funnel.try_steps(book, funnel.conversion_by(book, "channel"))
    funnel.try_performance(funnel.performance(book))
    assert seen == []


def test_without_dated_stages_the_decided_deals_are_tried():
    tables = {name: table for name, table in company().items() if name != "stage_events"}
    book = small_book("2023-04", **tables)
    found, wins = funnel.conversion(book), funnel.win_rate(book)
    assert found.decided
    chain = funnel.funnel_model(found, wins)
    row = wins.row("trailing_12m")
    assert chain.entering == row["won"] + row["lost"]
    assert chain.revenue() == pytest.approx((row["won"], row["won_amount"]))
