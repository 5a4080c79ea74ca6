"""Concentration, by hand."""

import pytest
from toy_books import TOML

from playbook.base.errors import SettingsProblem
from playbook.goals.track.risk import risk


def test_concentration_by_hand(book):
    orders = (
        "order_id,date,customer_id,amount\nA,2023-01-05,C1,"
        "60\nB,2023-01-06,C2,30\nC,2023-02-06,C3,10\nD,2023-02-06,"
        "C4,-5"
    )
    customers = "customer_id,industry,strategic\nC1,x,false\nC2,y,true\nC3,y,true\nC4,y,false"
    toml = TOML + '[goals]\nlargest_share = 0.5\nstrategic_industries = ["x"]\n'
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


ORDERS = """order_id,date,customer_id,amount
A,2023-01-05,C1,60
B,2023-01-06,C2,30
C,2023-02-06,C3,10
D,2023-02-07,C5,10"""
CUSTOMERS = "customer_id,industry,strategic\nC1,x,true\nC2,y,false\nC3,x,true\nC5,,false"


def test_outside_means_industries_and_who_has_none_is_left_out(book):
    toml = TOML + '[goals]\nstrategic_industries = ["x"]\nnew_customer_share = 0.5\n'
    made = risk(book("2023-02", toml=toml, orders=ORDERS, customers=CUSTOMERS))
    assert (made.mix.numerator, made.mix.denominator, made.unplaced) == (1, 3, 1)
    assert "33.3 % (1 of 3) of new customers come from outside the strategic" in made.reading()
    note = made.tables()[1].note
    assert "(strategic: x; 1 without an industry left out)" in note
    assert any("outside the strategic industries" in a.what for a in made.actions())


def test_without_strategic_industries_nothing_is_claimed_of_them(book):
    made = risk(book("2023-02", orders=ORDERS, customers=CUSTOMERS))
    assert made.mix is None and "outside" not in made.reading()
    assert made.notes() == [
        "Which industries are strategic is not stated ([goals] strategic_industries), so the share"
        " of new customers outside them is not worked out."
    ]
    assert risk(book("2023-02", orders=ORDERS)).notes() == []
    slip = TOML + '[goals]\nstrategic_industries = ["retial"]\n'
    named = CUSTOMERS.replace(",x,", ",retail,")
    with pytest.raises(SettingsProblem, match="did you mean 'retail'"):
        risk(book("2023-02", toml=slip, orders=ORDERS, customers=named))


def test_the_largest_customer_is_called_by_its_name_where_it_has_one(book):
    named = CUSTOMERS.replace("customer_id,", "customer_id,name,").replace("C1,", "C1,Lan Bridge,")
    named = named.replace("C2,", "C2,,").replace("C3,", "C3,,").replace("C5,", "C5,,")
    made = risk(book("2023-02", orders=ORDERS, customers=named))
    assert made.spread.iloc[0]["largest"] == "Lan Bridge"
    members = made.top[made.top.dimension == "customer"]["member"].tolist()
    assert members == ["Lan Bridge", "C2", "C3", "C5"]
    assert "The largest customer is Lan Bridge with 54.5 % of sales" in made.reading()
