"""The script library: the right answer to what was written, gaps named, the comparison put in."""

import pytest
from funnel_books import small_book
from pydantic import ValidationError

from playbook import funnel
from playbook.base.settings import SCRIPTS, FunnelSettings, Script
from playbook.data.measures.objections import words_of_contacts
from playbook.funnel.talk.scripts import find
from toy import toy

OWN = """
[funnel]
ownership = [
  { name = "Model B", price = 126400, life = 8, running = 8000 },
  { name = "the import", price = 100000, life = 5, running = 8000 },
]
"""


def deals(*rows):
    return [
        {
            "opportunity_id": f"D{i}",
            "created": "2023-01-02",
            "stage": "negotiation",
            "outcome": outcome,
            "closed": "2023-01-20" if outcome != "open" else "",
            "expected_amount": amount,
            "amount": amount,
            "objection": objection,
        }
        for i, (objection, outcome, amount) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("written", "script"),
    [
        ("Price", "price"),
        ("too expensive!", "price"),
        ("太贵了", "price"),
        (" Data Security ", "data security"),
        ("happy with current supplier", "incumbent supplier"),
        ("the weather", None),
        ("profit falls", None),
    ],
)
def test_the_script_is_found_by_name_or_word(written, script):
    found = find(written, SCRIPTS)
    assert (found.objection if found else None) == script


def test_a_name_goes_before_a_word_of_another():
    library = [
        Script(objection="a", words=["price list"], say="x"),
        Script(objection="price list", say="y"),
    ]
    assert find("Price list", library).say == "y"


def test_objections_with_what_they_cost_and_what_to_say():
    book = small_book(
        "2023-01",
        OWN,
        opportunities=deals(
            ("Price", "lost", 300),
            ("price ", "won", 500),
            ("Weather", "lost", 900),
            ("", "lost", 9999),
        ),
    )
    found = funnel.scripts(book)
    rows = found.table.set_index("objection")
    assert list(rows.index) == ["weather", "price"] and found.missing == ["weather"]
    assert (
        rows.n["price"],
        rows.won["price"],
        rows.lost["price"],
        rows.amount["price"],
        rows.rate["price"],
    ) == (2, 1, 1, 300, 0.5)
    assert (
        "Model B costs 26.4 % more to buy, lasts 3 years longer and costs 15.0 % less for each year"
        " of use" in rows.say["price"]
    )
    assert "no answer yet to weather" in found.reading()
    assert funnel.ownership(book).reading().startswith("Model B costs")


def test_without_own_figures_the_comparison_is_an_example_and_no_script_quotes_it():
    book = small_book("2023-01", opportunities=deals(("price", "lost", 300)))
    assert "illustration" in funnel.ownership(book).reading()
    assert (
        "15.0 %" not in funnel.scripts(book).table.say[0]
        and "{" not in funnel.scripts(book).table.say[0]
    )


def test_one_offer_alone_is_refused():
    with pytest.raises(ValidationError, match="two offers"):
        FunnelSettings(ownership=[{"name": "a", "price": 1, "life": 1}])


def test_no_objection_column_is_said():
    book = small_book(
        "2023-01",
        opportunities=[
            {"opportunity_id": "A", "created": "2023-01-02", "stage": "lead", "outcome": "open"}
        ],
        stages=("lead", "won"),
    )
    assert funnel.scripts(book).status != "ok"


def test_deals_that_no_contact_names_have_no_words():
    book = toy(
        orders="""
            order_id date       customer_id amount
            O1       2023-01-05 C1          100
        """,
        activities="""
            activity_id date       rep_id kind opportunity_id summary
            A1          2023-01-05 R1     call D1             Price
        """,
        month="2023-01",
    )
    assert words_of_contacts(book, ["D1", "D2"]) == {"D1": "price"}
    assert words_of_contacts(book, ["D2"]) == {}
