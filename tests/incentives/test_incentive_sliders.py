"""The sliders of the plan: left alone they pay what it pays, moved they move it."""

from decimal import Decimal

import pandas as pd
import pytest

from drawn_company import STAGES, Lot, paid_company
from drawn_plan import valid
from playbook import incentives
from playbook.data.book import Book
from playbook.incentives import explore as explorer
from playbook.incentives.plans.tried_plan import pay_of, plan_from_sliders
from playbook.page.results import html_of


def started(result) -> dict:
    """The controls of a plan where they stand."""
    return {name: control.start for name, control in explorer.controls(result).items()}


def test_sliders_left_alone_pay_what_the_plan_pays(book):
    made = incentives.comparison(book)
    same, welcome = plan_from_sliders(made, **started(made))
    assert pay_of(made, same, welcome) == {r.rep_id: r.current for r in made.table.itertuples()}
    assert plan_from_sliders(made)[0].tiers == same.tiers and (
        same.rules,
        same.awards,
    ) == (
        made.current.rules,
        made.current.awards,
    )


@pytest.mark.parametrize(
    ("moved", "change"),
    [
        (
            {"rate1": 9.0},
            Decimal("20.80"),
            # a point more on 900 × 1.2 of January and on Bob's first 1,000; Ann's 100 of February
            # come back at the new rate
        ),
        ({"award1": 1100}, 200),
        ({"award2": 0}, -500),
        ({"rule1": 1.0}, Decimal("-14.40")),
        ({"welcome": 100}, 200),
        ({"mode": "reached rate on everything"}, 60),
    ],
)
def test_every_slider_moves_the_whole_plans_pay(book, moved, change):
    made = incentives.comparison(book)
    curve, shown = explorer.outcome(made, plan_from_sliders(made, **{**started(made), **moved}))
    assert curve.alt
    pay = pay_of(made, *plan_from_sliders(made, **{**started(made), **moved}))
    base = sum(made.table["current"])
    assert sum(pay.values()) - base == change
    assert shown.rows[0][3].text == book.fmt.text(change, "money", sign=True)


def test_what_is_kept_between_moves_shows_what_is_worked_out_anew(book, monkeypatch):
    """Each move against the same one with nothing kept: rates and awards there and back again."""
    made = incentives.comparison(book)
    moves = (
        {"rate1": 9.0},
        {"award1": 1100},
        {"award1": 1100, "rate1": 9.0},
        {"welcome": 70},
        {"mode": "reached rate on everything"},
        {"award2": 0, "mode": "reached rate on everything"},
        {},
    )

    def shown():
        return [
            html_of(explorer.outcome(made, plan_from_sliders(made, **{**started(made), **moved})))
            for moved in moves
        ]

    kept = shown()
    monkeypatch.setattr(type(made.history), "newest", lambda self, name, key, make: make())
    assert shown() == kept
    assert len({html.split("<table")[1] for html in kept}) == len(moves)


def test_sliders_redraw_live(book, monkeypatch):
    """The controls as a reader moves them: each change redraws the page with the plan it stands
    for.
    """
    import ipywidgets

    monkeypatch.delenv("PLAYBOOK_BATCH", raising=False)
    boxes = []
    monkeypatch.setattr("IPython.display.display", lambda *things: boxes.extend(things))
    made = incentives.comparison(book)
    incentives.explore_plan(made)
    box = next(one for one in boxes if isinstance(one, ipywidgets.VBox))
    rate, page = box.children[0], box.children[-1]
    was = page.value
    for value in (9.0, 10.0, 11.0):
        rate.value = value
        assert page.value != was and "Error" not in page.value
        was = page.value


@pytest.mark.parametrize("number", range(12))
def test_sliders_left_alone_pay_what_any_plan_pays(number):
    plan = valid(Lot(number)) | {"starts": "2022-01-01"}
    settings = {"book": {"currency": "EUR", "stages": STAGES}, "commission_plans": [plan]}
    book = Book.from_frames(month="2023-09", settings=settings, **paid_company(number % 6))
    made = incentives.comparison(book)
    kept, welcome = plan_from_sliders(made, **started(made))
    assert pay_of(made, kept, welcome) == {r.rep_id: r.current for r in made.table.itertuples()}


@pytest.mark.parametrize(
    ("plan_of", "top", "moved", "paid"),
    [  # 400 in January and 1,500 in February: 1,900 of the quarter
        ("marginal", {}, {}, 60 + 81),
        ("marginal", {}, {"pays1": 100}, 100 + 81),
        ("marginal", {}, {"mode": "reached rate on everything"}, 171),
        ("marginal", {"retroactive": True}, {}, 171),
        ("marginal", {"retroactive": True}, {"pays1": 100}, 171),
        ("marginal", {"retroactive": True}, {"mode": "reached rate on everything"}, 171),
        ("whole", {"retroactive": True}, {}, 171),
        ("whole", {"retroactive": True}, {"mode": "each band at its own rate"}, 60 + 81),
        ("whole", {"retroactive": False}, {}, 60 + 81),
        ("whole", {"retroactive": False}, {"rate2": 10.0}, 60 + 90),
    ],
)
def test_sliders_of_a_plan_that_pays_for_whole_bands(plan_of, top, moved, paid):
    """Bands keep what they pay and how they reach back until another way of paying is chosen."""
    tiers = [{"lower": 0, "upper": 1000, "pays": 60}, {"lower": 1000, "rate": 0.09} | top]
    plan = {"name": "now", "starts": "2022-01-01", "mode": plan_of, "tiers": tiers}
    orders = [
        {"order_id": f"O{n}", "date": f"2023-0{n}-03", "rep_id": "R1", "amount": amount}
        for n, amount in enumerate((400, 1500), 1)
    ]
    made = incentives.comparison(
        Book.from_frames(
            month="2023-02",
            settings={"book": {"currency": "EUR"}, "commission_plans": [plan]},
            orders=pd.DataFrame(orders),
            reps=pd.DataFrame([{"rep_id": "R1", "name": "Ann", "hired": "2020-01-01"}]),
        )
    )
    controls = explorer.controls(made)
    assert controls["pays1"].label == "Pay for the whole of band 1 [EUR]"
    assert (controls["pays1"].start, controls["pays1"].high) == (60, 200)
    assert "rate1" not in controls and controls["rate2"].start == 9
    tried = plan_from_sliders(made, **started(made) | moved)
    assert pay_of(made, *tried) == {"R1": paid}
