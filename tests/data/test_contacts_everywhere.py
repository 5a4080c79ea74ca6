"""Contact data typed into any text column are in no cell of a book, and in no warning about it;
numbers of orders and amounts of money stay.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import DataProblem
from playbook.base.privacy import is_card, is_identity, masked
from playbook.data.table_specs import may_hold_contacts
from playbook.data.tables import TABLES
from toy import toy

SECRETS = (
    "13800138000", "139-1234-5678", "010-62345678", "li.wei@example.com", "11010519491231002X",
    "4111 1111 1111 1111", "weixin_li88",
)  # fmt: skip
TYPED = (
    "tel 13800138000 or 139-1234-5678, 010-62345678, li.wei@example.com, 11010519491231002X,"
    " 4111 1111 1111 1111, 微信：weixin_li88"
)
IDS = {"customer_id": "C001", "rep_id": "R01", "opportunity_id": "D-77", "lead_id": "L-12"}


def _row(name: str) -> dict[str, str]:
    """A row of the contract's own examples, with contact data in every column that takes words."""
    row = {}
    for column in TABLES[name].columns:
        if column.name in ("renewed_by", "renewed_on", "manager_id", "mentor_id", "left"):
            continue
        typed = f"{column.example} {TYPED}" if may_hold_contacts(column) else column.example
        row[column.name] = IDS.get(column.name, typed)
    return row


def _tables() -> dict[str, list[dict[str, str]]]:
    skipped = ("assignments", "changes", "rates", "payments", "deal_splits", "snapshots")
    made = {name: [_row(name)] for name in TABLES if name not in skipped}
    for row in [r for rows in made.values() for r in rows]:
        row.pop("currency", None)
    made["opportunities"][0] |= {"stage": "won", "outcome": "won"}
    made["stage_events"][0]["stage"] = "won"
    made["targets"][0] |= {"metric": "sales"}
    made["key_results"][0]["metric"] = ""
    return made


def _cells(book) -> list[str]:
    """Every cell the book holds, of later days too; not the columns hidden as a whole."""
    found = []
    for name, have in book.read.given.items():
        shown = sorted(c for c in have if c not in ("contact_name", "phone", "email"))
        listed = ", ".join(f'"{c}"' for c in shown)
        rows = book.read.connection.execute(f"SELECT {listed} FROM book.{name}").fetchall()
        found += [f"{name}.{c}: {v}" for row in rows for c, v in zip(shown, row, strict=True)]
    return found


@pytest.mark.parametrize("show", [False, True])
def test_no_cell_holds_contact_data_unless_the_settings_say_so(show):
    book = toy(month="2023-04", settings={"report": {"contacts": show}}, **_tables())
    told = "\n".join([*_cells(book), *(str(w) for w in book.warnings)])
    found = {secret for secret in SECRETS if secret in told}
    assert found == (set(SECRETS) if show else set())
    assert (len(book.read.given) > 20 and "[phone]" not in told) or not show


def test_columns_of_contact_data_stay_hidden_when_free_texts_are_shown():
    table = "customer_id,name,phone,email\nC1,Li 13800138000,13900139000,a@example.com\n"
    book = toy(
        settings={"report": {"contacts": True}},
        customers=table,
        orders="order_id,date,customer_id,amount\nO1,2023-03-05,C1,5\n",
    )
    assert "phone" not in book.relation("customers").columns
    assert book.relation("customers").project("name").fetchall() == [("Li 13800138000",)]


def test_a_row_set_aside_is_told_without_contact_data():
    body = "".join(f"O{i},2023-03-{1 + i % 28:02},C1,{i + 1}\n" for i in range(200))
    book = toy(
        orders=f"order_id,date,customer_id,amount\n{body}OX,2023-03-02,C1,ask 13800138000\n",
        month="2023-03",
    )
    (told,) = [str(w) for w in book.warnings if "set aside" in w.found]
    assert "[phone]" in told and "13800138000" not in told
    with pytest.raises(DataProblem):
        toy(orders="order_id,date,customer_id,amount\nO1,2023-03-01,C1,ask\n")


DIGITS = st.text("0123456789", min_size=1, max_size=14)
ORDERS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["SO", "S", "D0", "PO", "ORD", "K-", "INV-"]), DIGITS),
    st.builds("订单号{}".format, DIGITS.filter(lambda d: len(d) >= 5)),
    st.builds("order {}".format, DIGITS.filter(lambda d: len(d) >= 5)),
    st.builds(
        "{:%Y%m%d}{:06}".format,
        st.dates(date(2010, 1, 1), date(2039, 12, 31)),
        st.integers(0, 999_999),
    ),
)
MONEY = st.one_of(
    st.builds("¥{:,}".format, st.integers(0, 10**13)),
    st.builds("{:.2f}".format, st.decimals(0, 10**12, places=2)),
    st.builds("{}元".format, st.integers(0, 10**13)),
    st.builds("{:,.2f} EUR".format, st.decimals(0, 10**12, places=2)),
)


@given(st.lists(st.one_of(ORDERS, MONEY), min_size=1, max_size=3))
def test_numbers_of_orders_and_amounts_are_never_masked(numbers):
    text = ", ".join(numbers)
    assert masked(text) == text


@given(st.integers(0, 10**14 - 1), st.sampled_from(["62", "41", "53"]))
def test_a_card_is_masked_only_with_its_check_digit(body, first):
    number = f"{first}{body:014}"[:15]
    valid = [d for d in "0123456789" if is_card(number + d)]
    assert len(valid) == 1  # Luhn: one digit completes the others
    for digit in "0123456789":
        expected = "[card number]" if digit in valid else number + digit
        assert masked(f"paid by {number}{digit} today") == f"paid by {expected} today"


def test_an_identity_needs_a_province_or_its_check_character():
    # GB 11643-1999's own example, and the same with a wrong last character and no province
    assert masked("11010519491231002X") == "[id number]" == masked("110105194912310021")
    assert masked("770105194912310021") == "770105194912310021"
    (check,) = [c for c in "0123456789X" if is_identity(f"77010519491231002{c}")]
    assert masked(f"77010519491231002{check}") == "[id number]"
    assert masked("身份证号770105194912310021") == "身份证号[id number]"


@pytest.mark.parametrize(
    "text", ["wechat message sent", "相信客户 100", "QQ follow-up", "WeChat Pay 20230512000123"]
)
def test_a_chat_is_no_chat_name(text):
    assert masked(text) == text and not re.search(r"\[", text)
