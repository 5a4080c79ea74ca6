"""Contact data that stand in free text leave the book only when the settings allow it."""

from __future__ import annotations

import pytest

from toy import toy

TABLES = {
    "orders": "order_id,date,customer_id,amount,channel\n"
    "13912345678,2023-03-05,13800138000,5,web\n",
    "customers": "customer_id,name\n13800138000,Li 138-0013-8000\n",
    "activities": "activity_id,date,rep_id,kind,summary,next_action\n"
    "A1,2023-03-06,R1,call,asked for li@example.com,ring 010-62345678 on 2023-04-01\n",
}


@pytest.mark.parametrize("show", [False, True])
def test_free_text_is_masked_and_ids_are_not(show):
    book = toy(settings={"privacy": {"show_personal": show}}, **TABLES)
    order = book.relation("orders").project("order_id, customer_id, channel").fetchall()
    assert order == [("13912345678", "13800138000", "web")]
    name = book.relation("customers").project("customer_id, name").fetchall()
    assert name == [("13800138000", "Li 138-0013-8000" if show else "Li [phone]")]
    notes = book.relation("activities").project("summary, next_action").fetchall()
    assert notes == [
        ("asked for li@example.com", "ring 010-62345678 on 2023-04-01")
        if show
        else ("asked for [e-mail]", "ring [phone] on 2023-04-01")
    ]


def test_members_and_own_dimensions_of_a_file_read_in_place_are_masked(tmp_path, monkeypatch):
    """Each member is looked at once when the book opens; a column without contact data is read as
    it stands.
    """
    import duckdb

    from playbook.data import sources
    from playbook.data.book import Book

    monkeypatch.setattr(sources, "LAZY_ROWS", 0)
    (tmp_path / "playbook.toml").write_text(
        '[book]\nname = "n"\ndimensions = ["desk"]\n[sources.o]\nfile = "o.parquet"\n'
        '[tables.orders]\nfrom = "o"\n'
    )
    rows = (
        "(1, DATE '2023-03-05', 'C', 5, 'web 13912345678', 'North', 'desk of li@example.com'),"
        "(2, DATE '2023-03-31', 'C', 5, 'web', 'South', 'B')"
    )
    names = "order_id, date, customer_id, amount, channel, region, desk"
    target = tmp_path / "o.parquet"
    duckdb.sql(f"COPY (SELECT * FROM (VALUES {rows}) t({names})) TO '{target}' (FORMAT parquet)")
    book = Book.open(tmp_path, "2023-03")
    assert book.read.lazy == {"orders"}
    assert book.relation("orders").project("channel, region, desk").fetchall() == [
        ("web [phone]", "North", "desk of [e-mail]"),
        ("web", "South", "B"),
    ]


@pytest.mark.parametrize(
    ("privacy", "reason", "by"),
    [
        ({}, "asked by Li [phone]", "[e-mail]"),
        ({"show_personal": True}, "asked by Li 138-0013-8000", "li@example.com"),
    ],
)
def test_prose_of_the_settings_is_masked_and_keys_are_not(privacy, reason, by):
    given = {
        "date": "2023-07-03", "period": "2023", "target": 1, "rep_id": "13912345678",
        "reason": "asked by Li 138-0013-8000", "by": "li@example.com",
    }  # fmt: skip
    book = toy(
        settings={
            "privacy": privacy,
            "goals": {"adjustments": [given]},
            "funnel": {"scripts": [{"objection": "price", "say": "ring 010-62345678"}]},
        },
        **TABLES,
    )
    moved = book.settings.goals.adjustments[0]
    assert (moved.reason, moved.by, moved.rep_id) == (reason, by, "13912345678")
    phone = "010-62345678" if privacy else "[phone]"
    assert book.settings.funnel.scripts[0].say == f"ring {phone}"
