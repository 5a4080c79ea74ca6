"""The quarter from history and from the open pipeline, by hand."""

import datetime as dt

import pytest
from toy_books import TOML, months

from playbook.data.measures.won_ahead import won_ahead, won_new
from playbook.goals.track.quarter_outlook import quarter_outlook

# of four deals open at each month's end of the quarters before, three are won in the next quarter
DEALS = "opportunity_id,created,stage,outcome,closed,amount,expected_amount\n" + "\n".join(
    [
        f"D{q}{i},{day},{'won' if i < won else 'lead'},{'won' if i < won else 'lost'},{end},100,100"
        for q, day, end, won in (
            (1, "2022-03-20", "2022-05-10", 3),
            (2, "2022-06-20", "2022-08-10", 3),
            (3, "2022-09-20", "2022-11-10", 3),
            (4, "2022-12-20", "2023-02-10", 1),
        )
        for i in range(4)
    ]
    + [f"N{q},{day},won,won,{day},40,40" for q, day in enumerate(("2022-05-02", "2022-08-02"))]
    + [f"O{i},2023-03-20,lead,open,,,200" for i in range(3)]
    + ["O9,2023-03-20,lead,open,,,"]
)
STAGES = '[book]\nname = "toy"\ncurrency = "CNY"\nstages = ["lead", "won"]\n'


def test_deals_open_on_a_day_and_those_of_them_won_by_a_later_one(book):
    toy = book("2023-03", toml=STAGES, opportunities=DEALS)
    found = won_ahead(toy, dt.date(2022, 6, 30), dt.date(2022, 9, 30))
    assert found.to_dict("records") == [{"stage": "lead", "open": 4, "won": 3}]
    early = won_ahead(toy, dt.date(2022, 6, 30), dt.date(2022, 8, 9))
    assert early["won"].tolist() == [0]
    new = won_new(toy, dt.date(2022, 6, 30), dt.date(2022, 9, 30))
    assert new.to_dict("records") == [{"won": 1, "amount": 40.0}]


def test_the_pipeline_brings_open_worth_by_the_shares_of_four_quarters(book):
    """Open: 3 × 200 and one bare deal at the average win, (10 × 100 + 2 × 40) ÷ 12 = 90. Won
    before: 10 of 16, 0.25 to 0.75. New deals brought 40, 40, 0 and 0. All sales go through deals.
    """
    targets = "period,metric,target\n2023-Q2,sales,1000"
    toy = book("2023-03", toml=STAGES, opportunities=DEALS, targets=targets)
    made = quarter_outlook(toy)
    row = made.view.stages.iloc[0]
    assert (row["deals"], row["amount"], row["n"], row["share"]) == (4, 690.0, 16, 0.625)
    assert (row["low"], row["high"]) == (0.25, 0.75)
    views = made.table.set_index("view")
    pipeline = views.loc["from the open pipeline"]
    assert pipeline["middle"] == pytest.approx(690 * 0.625 + 20)
    assert pipeline["low"] == pytest.approx(690 * 0.25) and pipeline["high"] == pytest.approx(
        690 * 0.75 + 40
    )
    assert pipeline["gap"] == pytest.approx(1000 - 451.25)
    gap, cover, needed = made.coverage()
    assert (gap, cover, needed) == (980.0, pytest.approx(690 / 980), pytest.approx(1.6))
    assert "of such worth was won by a quarter's end before, so 1.60× would be needed" in (
        made.reading()
    )
    asked = made.actions()[0]
    assert asked.what == "Open or speed up deals worth ¥878 for 2023-Q2"  # 1.6 × 980 − 690


def test_enough_open_deals_ask_for_nothing_and_without_a_target_no_cover_is_claimed(book):
    small = "period,metric,target\n2023-Q2,sales,300"
    toy = book("2023-03", toml=STAGES, opportunities=DEALS, targets=small)
    assert quarter_outlook(toy).actions() == []
    plain = quarter_outlook(book("2023-03", toml=STAGES, opportunities=DEALS))
    assert plain.target is None and plain.coverage() is None
    assert "target" not in plain.reading() and "stand against" not in plain.reading()
    assert "Short of the target" not in plain.tables()[0].head


def test_sales_that_go_through_no_deal_are_taken_from_history(book):
    orders = months(2022, 2023, 3, lambda y, m: 400)
    toy = book("2023-03", toml=STAGES, orders=orders, opportunities=DEALS)
    made = quarter_outlook(toy)
    assert made.size.sales == 4400 and made.size.share == pytest.approx(1080 / 4400)
    middle = made.table.set_index("view").loc["from history", "middle"]
    assert made.other == pytest.approx((1 - 1080 / 4400) * middle)


def test_a_book_of_orders_alone_has_the_side_of_history_and_says_so(book):
    made = quarter_outlook(book("2023-03", toml=TOML, orders=months(2022, 2023, 3, lambda y, m: 9)))
    assert made.table["view"].tolist() == ["from history"]
    assert made.reading().endswith("The book has no deals to look at it from the other side.")
    assert made.actions() == [] and len(made.tables()) == 1


def test_a_running_quarter_counts_what_it_has_brought(book):
    made = quarter_outlook(book("2023-02", orders=months(2022, 2023, 2, lambda y, m: 100)))
    assert made.reached == 200 and made.period == "2023-Q1"
    assert made.table["middle"].iloc[0] == pytest.approx(300, abs=3)


def test_where_no_stage_is_dated_open_deals_count_together(book):
    """The stage a deal stands in is today's: where the sixteen of before stood is not known."""
    stages = STAGES.replace('"lead", "won"', '"lead", "offer", "won"')
    deals = DEALS.replace("03-20,lead,open", "03-20,offer,open")
    made = quarter_outlook(book("2023-03", toml=stages, opportunities=deals))
    rows = made.view.stages.to_dict("records")
    assert [(r["stage"], r["deals"], r["n"], r["share"]) for r in rows] == [
        ("all stages together", 4, 16, 0.625)
    ]
    assert made.view.unknown == 0 and len(made.notes()) == 1
