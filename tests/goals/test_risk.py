"""Concentration, by hand."""

import pytest
from toy_books import TOML

from playbook.goals.track.risk import risk


def test_concentration_by_hand(book):
    orders = (
        "order_id,date,customer_id,amount\nA,2023-01-05,C1,"
        "60\nB,2023-01-06,C2,30\nC,2023-02-06,C3,10\nD,2023-02-06,"
        "C4,-5"
    )
    customers = "customer_id,industry,strategic\nC1,x,true\nC2,y,false\nC3,y,false\nC4,y,false"
    toml = TOML + "[goals]\nlargest_share = 0.5\n"
    made = risk(book("2023-02", toml=toml, orders=orders, customers=customers))
    row = made.spread.set_index("dimension").loc["customer"]
    assert (
        row["hhi"] == pytest.approx(0.36 + 0.09 + 0.01)
        and row["largest"] == "C1"
        and row["members"] == 3
    )
    assert (made.mix.numerator, made.mix.denominator) == (
        2,
        3,
    )  # who only returned something is no new customer
    assert any("losing C1" in a.what for a in made.actions())
