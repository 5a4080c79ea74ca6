"""The customer's return: figures from the settings, the sheet to hand over, refusals."""

import pytest

from playbook import funnel
from toy import toy

ITEMS = [
    {"item": "staff", "cost": 10_000, "saved": 0.3},
    {"item": "errors", "cost": 2_000, "saved": 0.5},
]


def returned(**changed):
    own = {"customer": "Tamvale", "items": ITEMS, "price": 6_000, "fee": 1_000} | changed
    return funnel.return_sheet(toy(settings={"funnel": {"customer_return": own}}))


def test_the_return_by_hand():
    """3,000 + 1,000 saved, 1,000 fee: 3,000 net; 6,000 ÷ 3,000 is two years. Over 3 years 12,000
    saved for 9,000.
    """
    found = returned()
    assert (found.saved, found.net, found.payback) == (4000, 3000, 24)
    assert found.ratio == pytest.approx(12 / 9)
    assert found.reading() == (
        "Tamvale spends ¥12,000 a year on 2 items now and would save ¥4,000 a year; less the fee of"
        " ¥1,000 that is ¥3,000, and ¥6,000 once are back after 24.0 months. Over 3 years each unit"
        " spent brings 1.33."
    )
    assert "Illustration" not in found.tables()[0].title


def test_the_sheet_holds_every_figure_and_what_is_left_each_year():
    (sheet,) = returned().worksheets()
    rows = {row[0]: row[1] for row in sheet.rows}
    assert rows["staff: saved a year"] == 3000 and rows["Net saving a year"] == 3000
    assert [rows[f"Left after year {y}"] for y in (1, 2, 3)] == [-3000, 0, 3000]


def test_a_fee_above_the_saving_never_pays_back():
    found = returned(fee=4_000)
    assert found.net == 0 and found.payback is None
    assert "it does not pay back" in found.reading()


def test_without_a_price_there_is_nothing_to_get_back():
    found = returned(price=0, fee=0)
    assert found.payback == 0 and found.ratio is None
    assert "are back after" not in found.reading() and "each unit" not in found.reading()


def test_without_figures_of_a_customer_it_is_an_illustration():
    found = funnel.return_sheet(toy())
    assert not found.given and found.reading().startswith("An illustration to overwrite: the")
    assert found.worksheets() == [] and found.tables()[0].title.startswith("Illustration")


@pytest.mark.parametrize(
    "items, said",
    [
        ([ITEMS[0], ITEMS[0]], "found twice: staff"),
        ([ITEMS[0] | {"saved": 1.5}], "less than or equal to 1"),
        ([ITEMS[0] | {"cost": -1}], "greater than or equal to 0"),
    ],
)
def test_wrong_figures_are_refused(items, said):
    with pytest.raises(Exception, match=said):
        returned(items=items)
