"""Ids that look alike are one, and it is said."""

from __future__ import annotations

from toy import toy

ZERO = "\u200b"


def orders(*customers: str) -> list[dict]:
    return [
        {"order_id": f"O{i}", "date": "2023-01-05", "customer_id": c, "amount": 10}
        for i, c in enumerate(customers)
    ]


def customers_of(book) -> list[tuple]:
    rows = book.relation("orders").aggregate("customer_id, count(*)", "customer_id")
    return rows.order("customer_id").fetchall()


def test_zero_width_and_full_width_writings_are_one_customer():
    book = toy(orders=orders("C01", f"C0{ZERO}1", "Ｃ０１", f"C01{ZERO} ", "C02"), month="2023-01")
    assert customers_of(book) == [("C01", 4), ("C02", 1)]
    (said,) = book.warnings
    assert (said.table, said.column, said.count) == ("customers", "customer_id", 2)
    assert said.found == (
        "2 writings of customer_id that look like another: read 'C0\\u200b1' as 'C01' and"
        " '\\uff23\\uff10\\uff11' as 'C01'"
    )


def test_a_master_table_and_its_orders_meet():
    customers = [{"customer_id": "北京（华北）"}, {"customer_id": "C\u00ad2"}]
    book = toy(orders=orders("北京(华北)", "C2"), customers=customers, month="2023-01")
    assert customers_of(book) == [("C2", 1), ("北京(华北)", 1)]
    known = book.relation("customers").project("customer_id").order("1").fetchall()
    assert known == [("C2",), ("北京(华北)",)]


def test_a_name_with_one_writing_is_left_as_it_is():
    book = toy(orders=orders("北京（华北）", "Ｂ２", "Müller & Söhne"), month="2023-01")
    assert customers_of(book) == [("Müller & Söhne", 1), ("北京（华北）", 1), ("Ｂ２", 1)]
    assert not book.warnings


def test_case_tells_ids_apart():
    """Eighteen- and fifteen-letter ids of some systems differ by case alone."""
    assert customers_of(toy(orders=orders("c1", "C1"), month="2023-01")) == [("C1", 1), ("c1", 1)]


def test_members_of_dimensions_are_united_too():
    rows = orders("C1", "C2", "C3")
    for row, region in zip(rows, ("North East", "North  East", f"North{ZERO} East"), strict=True):
        row["region"] = region
    book = toy(orders=rows, month="2023-01")
    assert book.relation("orders").project("region").distinct().fetchall() == [("North East",)]
    assert [(p.column, p.count) for p in book.warnings] == [("region", 2)]


def test_two_customers_of_one_writing_are_a_repeated_key():
    from playbook.base.errors import DataProblem

    try:
        toy(orders=orders("C1"), customers=[{"customer_id": "C1"}, {"customer_id": f"C{ZERO}1"}])
    except DataProblem as wrong:
        assert [p.found for p in wrong.problems if p.severity == "error"] == [
            "1 key used by more than one row"
        ]
    else:
        raise AssertionError("two rows of one customer were accepted")
