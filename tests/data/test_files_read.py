"""Which tables a file gave, by columns or by a query that names it."""

from __future__ import annotations

from playbook.data.book import Book


def test_a_file_read_by_sql_names_the_tables_made_from_it(tmp_path):
    (tmp_path / "sales.csv").write_text("no,day,who,sum\nA1,2023-09-01,C1,10\n", encoding="utf-8")
    (tmp_path / "who.csv").write_text("who,name\nC1,Acme\n", encoding="utf-8")
    (tmp_path / "sales_old.csv").write_text("no\nA0\n", encoding="utf-8")
    (tmp_path / "playbook.toml").write_text(
        """
[book]
name = "acme"
[sources.sales]
file = "sales.csv"
[sources.who]
file = "who.csv"
[sources.sales_old]
file = "sales_old.csv"
[tables.customers]
from = "who"
columns = { customer_id = "who", name = "name" }
[tables.orders]
sql = '''
SELECT s.no AS order_id, s.day AS date, s.who AS customer_id, s.sum AS amount
FROM "sales" s LEFT JOIN who w USING (who)
'''
""",
        encoding="utf-8",
    )
    read = Book.open(tmp_path).read
    assert {file["source"]: file["tables"] for file in read.files} == {
        "sales": ["orders"],
        "who": ["customers", "orders"],
        "sales_old": [],
    }
