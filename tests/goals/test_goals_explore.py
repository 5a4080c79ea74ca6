"""Sliders that really move: the widgets' own callbacks redraw tables and curve
(`bench/sliders.py` measures how fast).
"""

import pytest
from toy_books import TOML, months

from playbook.goals.explore import try_backsolving, try_split, try_target
from playbook.goals.plan.decomposition import decomposition, resplit
from playbook.goals.track.likelihood import likelihood
from playbook.goals.work.backsolve import backsolve
from playbook.methods.apportionment import split
from sliders import move

ORDERS = (
    months(2021, 2023, 6, lambda y, m: 100 + m, region="East")
    + "\n"
    + "\n".join(
        months(2021, 2023, 6, lambda y, m: 50 + (m % 3), customer="C2", region="West").splitlines()[
            1:
        ]
    )
)
DEALS = "opportunity_id,created,stage,outcome,closed,amount,rep_id\n" + "\n".join(
    (
        f"D{i},2023-01-{i % 27 + 1:02d},{'won,won' if i < 4 else 'intent,lost'},"
        f"2023-02-{i % 27 + 1:02d},100,R1"
    )
    for i in range(20)
)


def test_deals_rates_probability_and_capacity_redraw_curve_and_tables(book, live):
    acts = "activity_id,date,rep_id,kind\n" + "\n".join(
        f"A{i},2023-02-{i % 27 + 1:02d},R1,call" for i in range(40)
    )
    toy = book("2023-02", opportunities=DEALS, activities=acts, reps="rep_id,name\nR1,Ann")
    try_backsolving(backsolve(toy))
    controls, page = live()
    assert list(controls) == [
        "deals a month",
        "lead → won",
        "probability",
        "contacts a rep a day",
    ]
    for name, values in {
        "deals a month": (12, 14),
        "lead → won": (0.5, 0.4),
        "probability": (0.9, 0.85),
        "contacts a rep a day": (5.0, 6.0),
    }.items():
        move(controls[name], page, *values)
    (
        controls["deals a month"].value,
        controls["lead → won"].value,
        controls["probability"].value,
    ) = (10, 0.2, 0.8)
    assert "<svg" in page.value and ">61<" in page.value and ">50<" in page.value


def test_the_years_figure_redraws_its_chance(book, live):
    try_target(likelihood(book("2023-06", orders=ORDERS), 3000))
    controls, page = live()
    high = controls["figure of the year"].max
    move(controls["figure of the year"], page, high, high - 100)
    controls["figure of the year"].value = high
    assert "reached on 0.0\u00a0%" in page.value and "<table" in page.value and "<svg" in page.value
    move(controls["probability"], page, 0.5, 0.6)


def test_a_share_moved_splits_the_year_again_exactly(book, live):
    made = decomposition(book("2023-06", orders=ORDERS), 3000)
    try_split(made)
    controls, page = live()
    move(controls["share of East"], page, 0.25, 0.5)
    assert "1,500.00" in page.value
    move(controls["figure of the year"], page, 2000, 2400)
    assert "1,200.00" in page.value


@pytest.mark.parametrize(("amount", "share"), [(3000.03, 0.0), (1e9 + 0.01, 0.333), (7, 1.0)])
def test_whatever_is_chosen_parts_and_months_sum_to_it(book, amount, share):
    made = resplit(decomposition(book("2023-06", orders=ORDERS), 3000), amount, {"East": share})
    assert all(parts == total for _, _, parts, total in made.sums())
    assert made.units == round(amount * 100)
    assert made.table["units"].tolist() == split(made.units, [share, 1 - share]).tolist()


def test_nothing_moves_where_there_is_nothing_to_move(book, live):
    toy = book("2023-02", opportunities=DEALS, toml=TOML)
    for show, result in ((try_target, likelihood(toy)), (try_split, decomposition(toy))):
        assert result.status == "not available"
        show(result)
    with pytest.raises(IndexError):
        live()
