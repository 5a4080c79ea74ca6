"""The price ladder: an illustration until the firm gives its own; a rep is named beyond chance."""

import numpy as np
import pytest

from playbook import funnel
from toy import toy

OWN = {"funnel": {"ladder": {"rungs": [{"lower": 0, "discount": 0.05}]}}}


def orders(generous: str = "", n: int = 40, seed: int = 4):
    """Orders of 1,000 at list by four reps: a fifth of them at 10 % off; ``generous`` always."""
    rng, rows = np.random.default_rng(seed), []
    for rep in "ABCD":
        for i in range(n):
            off = 0.1 if rep == generous or rng.random() < 0.2 else 0.0
            row = dict(order_id=f"{rep}{i}", date=f"2023-{i % 12 + 1:02d}-05", customer_id=f"C{i}")
            rows.append(row | dict(rep_id=rep, list_amount=1000, amount=1000 * (1 - off)))
    return rows


def reps(**left):
    names = {"A": "Ann", "B": "Bob", "C": "Cid", "D": "Dot"}
    rows = [dict(rep_id=r, name=n, region="East", left=left.get(r)) for r, n in names.items()]
    return [*rows, dict(rep_id="M", name="Max", region="East", left=left.get("M"), role="manager")]


def book_of(rows, settings=None, **left):
    return toy(month="2023-12", settings=settings or OWN, orders=rows, reps=reps(**left))


def test_a_ladder_nobody_set_is_an_illustration_everywhere():
    for settings in ({"funnel": {}}, {"funnel": {"ladder": {"renewal": 0.1}}}):
        book = book_of(orders("A"), settings)
        found = funnel.price_ladder(book)
        assert not found.own and found.headline() == ""
        assert list(found.kpis()) == [] and found.named.empty
        assert "illustration" in found.reading() and "funnel.ladder.rungs" in found.reading()
        assert all("Illustration" in t.title for t in found.tables())
        review = funnel.review(book, found)
        assert review.agenda.empty and not review.actions


def test_a_rep_beyond_chance_is_named_with_what_leaked():
    found = funnel.price_ladder(book_of(orders("A")))
    assert list(found.named.label) == ["Ann"]
    assert (
        "More than chance gives leaked with Ann: ¥2.00k in 100.0 % (40 of 40)." in found.reading()
    )
    actions = funnel.review(book_of(orders("A")), found).actions
    assert [a.what.split(":")[0] for a in actions] == ["Go through the discounts of Ann"]
    assert actions[0].worth == 2000
    assert actions[0].why == "100.0 % (40 of 40) of the priced orders beyond the ladder"


def test_where_all_discount_alike_nobody_is_named():
    for seed in range(8):
        found = funnel.price_ladder(book_of(orders(seed=seed)))
        assert found.named.empty and "leaked with" not in found.reading()
        assert not funnel.review(book_of(orders(seed=seed)), found).actions
        assert found.by_rep.leak.max() > 0  # somebody has the largest leak all the same


def test_nobody_who_left_is_asked_to_act():
    book = book_of(orders("A"), A="2023-11-30")
    assert not funnel.review(book, funnel.price_ladder(book)).actions


def test_a_leak_is_counted_to_the_cent():
    rows = [dict(order_id="1", date="2023-12-05", customer_id="C", list_amount=2000, amount=1800)]
    found = funnel.price_ladder(toy(month="2023-12", settings=OWN, orders=rows))
    assert found.windows.leak.tolist() == [100, 100]
    assert (
        found.headline()
        == "Price ladder: 100.0 % (1 of 1) of orders beyond it, leak ¥100 in 12 months"
    )
    assert [k.value for k in found.kpis()] == [100, 100]


def test_no_order_of_the_year_is_no_rate():
    rows = [dict(order_id="1", date="2022-06-05", customer_id="C", list_amount=20, amount=18)]
    rows.append(dict(order_id="2", date="2023-12-05", customer_id="C", list_amount=None, amount=18))
    found = funnel.price_ladder(toy(month="2023-12", settings=OWN, orders=rows))
    assert found.reading() == "No priced order in the last 12 months." and found.headline() == ""


@pytest.mark.parametrize(("late", "within"), [(0.9, False), (0.22, True)])
def test_the_quarters_end_differs_beyond_chance_or_is_said_not_to(late, within):
    rng, rows = np.random.default_rng(1), []
    for i in range(400):
        month, end = i % 12 + 1, i % 2 and (i % 12 + 1) % 3 == 0
        off = 0.1 if rng.random() < (late if end else 0.2) else 0.0
        row = dict(
            order_id=f"{i}", date=f"2023-{month:02d}-{30 if end else 5:02d}", customer_id="C"
        )
        rows.append(row | dict(list_amount=1000, amount=1000 * (1 - off)))
    found = funnel.price_ladder(toy(month="2023-12", settings=OWN, orders=rows))
    assert ("a difference within chance" in found.reading()) is within
