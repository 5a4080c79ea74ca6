"""Contact data inside free text is masked, in Python and in SQL alike; other numbers stay."""

from __future__ import annotations

import duckdb
import pytest

from playbook.base.privacy import masked, masked_sql

MASKED = {
    "请联系张三13800138000谢谢": "请联系张三[phone]谢谢",
    "call 138 0013 8000.": "call [phone].",
    "138-0013-8000, 139 1234 5678": "[phone], [phone]",
    "13800138000 13912345678": "[phone] [phone]",
    "+86 13800138000；+8613800138000": "[phone]；[phone]",
    "(+86)138-0013-8000": "[phone]",
    "Tel13800138000": "[phone]",
    "TEL-13800138000": "[phone]",
    "电话:010-62345678转123": "电话:[phone]",
    "021 6234 5678": "[phone]",
    "(0755) 8234567 ": "[phone] ",
    "（010）62345678": "[phone]",
    "0571-87654321-802": "[phone]",
    "服务热线400-820-8820": "服务热线[phone]",
    "+49 30 1234567 or +44 20 7946 0958": "[phone] or [phone]",
    "+33 1 23 45 67 89": "[phone]",
    "(555) 123-4567, 555-123-4567": "[phone], [phone]",
    "mail 王.wang@example.com.cn today": "mail 王[e-mail] today",
    "a.b+c@x-y.org": "[e-mail]",
    "身份证11010519491231002X。": "身份证[id number]。",
    "编号110101199003074512": "编号[id number]",
    "5元13800138000": "5元[phone]",
}
KEPT = [
    "订单 20230512000123 已付",
    "订单号13800138000",
    "order 13912345678 of 2023-05-12",
    "ORD-2023-000123, SO20230512000123, PO-13912345678",
    "¥13800138000 · 13800138000元 · 13800138000.50",
    "13,800,138,000 and 1,234,567.89",
    "2023-05-12 10:30:00, 2023/05/12, 12.05.2023, 20230512",
    "from 2022-01-01 to 2023-12-31",
    "+12 (2023-05-01) deals, +1,234,567",
    "1234567890123456789",
    "123456789012",
    "O0000012, C000123456, K1-2023",
    "grew 12.5 % on 10 000 000",
    "@ 5 pm",
    "",
]


@pytest.mark.parametrize("text", MASKED)
def test_contact_data_are_masked(text):
    assert masked(text) == MASKED[text]
    assert masked(masked(text)) == MASKED[text]


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_stay(text):
    assert masked(text) == text


def test_sql_masks_as_python_does():
    texts = [*MASKED, *KEPT, None]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE notes (i INTEGER, note VARCHAR)")
    connection.executemany("INSERT INTO notes VALUES (?, ?)", list(enumerate(texts)))
    found = connection.sql(f"SELECT {masked_sql('note')} FROM notes ORDER BY i").fetchall()
    assert [row[0] for row in found] == [*MASKED.values(), *KEPT, None]
