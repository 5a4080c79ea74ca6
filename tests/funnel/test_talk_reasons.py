"""Match, losses, objections and micro-steps: rates carry their counts, unknown is not no."""

import numpy as np
import pytest

from playbook import funnel
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "intent", "negotiation", "won"]}}


def deal(name, outcome="lost", stage="negotiation", month="2023-01", **more):
    row = dict(opportunity_id=name, created=f"{month}-02", stage=stage, outcome=outcome)
    row |= dict(closed=f"{month}-20" if outcome != "open" else None, expected_amount=100)
    return row | dict(need_match=None, lost_reason=None, objection=None) | more


def book_of(deals, month="2023-01", **tables):
    return toy(month=month, settings=SETTINGS, opportunities=deals, **tables)


def test_a_loss_without_a_reason_is_in_no_share():
    deals = [
        deal(f"D{i}", lost_reason=r) for i, r in enumerate(["Price ", "price", "time", None, " "])
    ]
    found = funnel.reasons(book_of(deals))
    rows = found.losses.set_index("reason")
    assert list(rows.index) == ["price", "time", "no reason given"]
    assert rows.n.tolist() == [2, 1, 2]
    assert rows.share["price"] == pytest.approx(2 / 3) and np.isnan(rows.share["no reason given"])
    assert found.reading() == (
        "The most frequent reason for losing is price: 66.7 % (2 of 3) of the lost deals with a"
        " reason; 2 lost deals without one."
    )


def test_more_losses_without_a_reason_than_with_one():
    """Two of three with a reason are of price: 1.96² = 3.8415 gives 20.8 % to 93.9 % (Wilson)."""
    given = ["price", "price", "time", None, None, None, None]
    deals = [deal(f"D{i}", lost_reason=reason) for i, reason in enumerate(given)]
    rows = funnel.reasons(book_of(deals)).losses.set_index("reason")
    assert rows.n.to_dict() == {"price": 2, "time": 1, "no reason given": 4}
    price = rows.loc["price"]
    assert (price.share, price.low, price.high) == pytest.approx((2 / 3, 0.2077, 0.9385), abs=1e-4)
    assert rows.loc["no reason given", ["share", "low", "high"]].isna().all()


def test_no_reason_at_all_is_no_first_reason():
    found = funnel.reasons(book_of([deal("A"), deal("B", lost_reason="", need_match="true")]))
    assert "reason for losing" not in found.reading()


def test_match_rates_carry_their_counts():
    deals = [
        deal("A", "won", "won", need_match="true"),
        deal("B", need_match="true"),
        deal("C", need_match="false"),
        deal("D", "open"),
    ]
    found = funnel.reasons(book_of(deals))
    year = found.match.set_index("window").loc["trailing_12m"]
    assert (year.matched, year.assessed, year.won_matched, year.won_other) == (2, 3, 0.5, 0)
    assert found.reading().startswith(
        "66.7 % (2 of 3) of the deals created and assessed in the last 12 months match a need; of"
        " those decided 50.0 % (1 of 2) of the matching were won, 0.0 % (0 of 1) of the others."
    )


def test_without_a_loss_on_record_no_win_rate_is_said():
    deals = [
        deal("A", "won", "won", need_match="true", objection="price"),
        deal("B", "open", need_match="false", objection="price"),
    ]
    found = funnel.reasons(book_of(deals))
    assert "were won" not in found.reading()
    assert found.match.won_matched.isna().all() and found.objections.rate.isna().all()
    scripts = funnel.scripts(book_of(deals))
    assert scripts.table.rate.isna().all()
    assert scripts.reading().startswith("The most frequent objection is price: 2 deals.")


def test_a_deal_without_an_objection_has_none_on_record():
    deals = [deal("A", objection="Price"), deal("B", "won", "won"), deal("C", "won", "won")]
    found = funnel.reasons(book_of(deals))
    assert found.objections.objection.tolist() == ["none on record", "price"]
    assert "An objection is on record for 33.3 % (1 of 3)" in found.reading()


def test_the_costliest_objection_is_one_with_an_amount():
    deals = [
        deal("A", objection="price", expected_amount=None),
        deal("B", objection="price", expected_amount=None),
        deal("C", objection="timing", expected_amount=70),
        deal("D", "won", "won", objection="timing"),
    ]
    found = funnel.scripts(book_of(deals))
    rows = found.table.set_index("objection")
    assert list(rows.index) == ["timing", "price"] and np.isnan(rows.amount["price"])
    assert found.reading().startswith(
        "The costliest objection is timing: ¥70 lost in 1 deal; 50.0 % (1 of 2) of its decided"
        " deals are won all the same."
    )


def test_last_years_reasons_need_last_year():
    deals = [deal(f"D{i}", month="2023-01", lost_reason="price") for i in range(3)]
    assert funnel.reasons(book_of(deals)).losses.before.isna().all()
    assert funnel.reasons(book_of(deals)).moved is None


def micro(with_demo: tuple[int, int], without: tuple[int, int]):
    """(won, decided) deals with a demo and without; the match of half of them never assessed."""
    deals, acts = [], []
    for side, (won, n) in (("y", with_demo), ("n", without)):
        for i in range(n):
            outcome = "won" if i < won else "lost"
            stage = "won" if i < won else "negotiation"
            match = "true" if i % 2 else None
            deals.append(deal(f"{side}{i}", outcome, stage, need_match=match))
            kind = "demo" if side == "y" else "call"
            acts.append(
                dict(activity_id=f"a{side}{i}", date="2023-01-05", rep_id="R", kind=kind)
                | dict(opportunity_id=f"{side}{i}")
            )
    return book_of(deals, activities=acts)


def test_a_step_beyond_chance_is_said_with_its_counts():
    found = funnel.negotiation(micro((27, 30), (6, 30)))
    rows = found.table.set_index("evidence")
    assert rows.reading["demo"] == "beyond chance"
    assert "With demo 90.0 % (27 of 30) were won, without 20.0 % (6 of 30)." in found.reading()
    # the match of 30 deals was never assessed: they are neither with nor without it
    assert (rows.deals["need_match"], rows.of["need_match"]) == (30, 30)


def test_a_step_within_chance_among_several_is_not_said():
    """27 of 40 against 18 of 40: p = 0.043 alone, twice that beside a second step compared."""
    deals, acts = [], []
    for i in range(80):
        demo, quote, won = i < 40, i % 2 == 0, i < 27 or 40 <= i < 58
        stage, outcome = ("won", "won") if won else ("negotiation", "lost")
        deals.append(deal(f"D{i}", outcome, stage))
        for kind, did in (("demo", demo), ("proposal", quote)):
            if did:
                row = dict(activity_id=f"{kind}{i}", date="2023-01-05", rep_id="R", kind=kind)
                acts.append(row | dict(opportunity_id=f"D{i}"))
    found = funnel.negotiation(book_of(deals, activities=acts))
    rows = found.table.set_index("evidence")
    assert rows.p["demo"] == pytest.approx(2 * 0.0425, abs=2e-3)
    assert rows.reading["demo"] == "within chance" and "With demo" not in found.reading()


def test_no_win_rates_of_steps_without_a_loss():
    found = funnel.negotiation(micro((10, 10), (10, 10)))
    assert found.table.won_with.isna().all() and "were won" not in found.reading()
    assert any("No lost deal is on record" in note for note in found.notes())
