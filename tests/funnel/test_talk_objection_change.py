"""Objections before and since a day, and the use of scripts, worked by hand."""

import pandas as pd
import pytest

from playbook import funnel
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "won"]}, "funnel": {"min_group": 20}}


def company(before: int, after: int, *, price: int = 10, script: dict[str, int] | None = None):
    """40 deals in each of two months before April 2024 and two from it on; so many of the 80 met an
    objection, the first ``price`` of each side "price", the others "timing". script: outcome →
    how many of the deals with a price objection, from the first, show the script's words.
    """
    rows, acts = [], []
    for start, met in (("2024-02-01", before), ("2024-04-01", after)):
        for i in range(80):
            born = pd.Timestamp(start) + pd.Timedelta(days=i % 56)
            objection = None if i >= met else "Price " if i < price else "timing"
            name, outcome = f"{start[6]}{i:02d}", "won" if i % 2 else "lost"
            rows.append(
                dict(opportunity_id=name, created=born, closed=born + pd.Timedelta(days=3))
                | dict(outcome=outcome, stage=outcome if outcome == "won" else "lead")
                | dict(objection=objection)
            )
            if script is not None and objection == "Price ":
                used = script[outcome] > i // 2
                acts.append(
                    dict(activity_id=f"A{name}", date=born, rep_id="R", kind="call")
                    | dict(opportunity_id=name, summary="talked" if not used else "showed the TCO")
                )
    tables = {"activities": acts} if acts else {}
    return toy(month="2024-05", settings=SETTINGS, opportunities=rows, **tables)


def test_the_change_by_hand():
    """40 of 80 before, 20 of 80 since: −25 points; price 10 and 10, timing 30 and 10."""
    found = funnel.objections(company(40, 20), since="2024-04-01")
    rows = found.change.set_index("what")
    assert rows.before.to_dict() == {"any objection": 40, "timing": 30, "price": 10}
    assert rows.after.to_dict() == {"any objection": 20, "timing": 10, "price": 10}
    assert rows.change.to_dict() == {"any objection": -0.25, "timing": -0.25, "price": 0}
    assert rows.reading.to_dict() == {
        "any objection": "beyond chance",
        "timing": "beyond chance",
        "price": "within chance",
    }
    assert found.months == 2 and found.reading() == (
        "Since Apr 2024 25.0 % (20 of 80) of the deals that reached lead met an objection, before"
        " 50.0 % (40 of 80) (−25.0 pp, beyond chance)."
    )


def test_no_change_is_within_chance():
    found = funnel.objections(company(20, 22), since="2024-04-01")
    assert set(found.change.reading) == {"within chance"}
    assert "within chance" in found.reading() and "beyond" not in found.reading()


def test_without_a_day_nothing_is_compared():
    found = funnel.objections(company(20, 20))
    assert found.change.empty
    assert found.reading().startswith("Nothing is compared before and since a measure: no strategy")


def test_a_day_with_no_month_before_it_is_said():
    found = funnel.objections(company(20, 20), since="2024-02-01")
    assert found.change.empty and "no whole month lies before and after the day" in found.reading()


def test_the_use_of_a_script_by_hand():
    """40 deals met price; the first 5 won ones of each side show the script's word: 10 of 40, all
    of them won; of the other 30 won and lost are 10 and 20.
    """
    book = company(20, 20, price=20, script={"won": 5, "lost": 0})
    found = funnel.objections(book, since="2024-04-01")
    (row,) = found.use.to_dict("records")
    assert (row["objection"], row["deals"], row["used"]) == ("price", 40, 10)
    assert (row["won_with"], row["with_of"]) == (1.0, 10)
    assert (row["won_without"], row["without_of"]) == (pytest.approx(1 / 3), 30)
    assert row["reading"] == "beyond chance"
    assert "against price 100.0 % (10 of 10) were won with it, 33.3 % (10 of 30)" in found.reading()


def test_an_unused_script_is_compared_with_nothing():
    found = funnel.objections(company(20, 20, price=20, script={"won": 0, "lost": 0}))
    (row,) = found.use.to_dict("records")
    assert row["used"] == 0 and row["reading"] == "–"
    assert "0.0 % (0 of 40) of the objections met" in found.reading()


def test_without_objections_the_section_says_what_it_needs():
    rows = [dict(opportunity_id="A", created="2024-01-02", outcome="open", stage="lead")]
    found = funnel.objections(toy(month="2024-01", settings=SETTINGS, opportunities=rows))
    assert found.status != "ok" and "objection" in found.reason
