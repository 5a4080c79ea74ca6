"""Won deals that stand in for orders carry the book's own columns, so that sales split by them."""

from __future__ import annotations

from playbook.data.measures.frames import collect
from toy import toy

DEALS = (
    "opportunity_id created stage outcome closed amount customer_id segment\n"
    "D1 2024-01-02 won won 2024-03-04 500 C1 hospitals\n"
    "D2 2024-01-02 won won 2024-02-04 300 C2 schools\n"
    "D3 2024-01-02 lost lost 2024-02-04 900 C3 schools\n"
)


def test_orders_made_of_deals_have_the_books_own_columns():
    made = toy(month="2024-03", settings={"book": {"dimensions": ["segment"]}}, opportunities=DEALS)
    assert made.has("orders", "segment", "amount", "date")
    rows = collect(made.table("orders").select("order_id", "segment", "amount"), sort=["order_id"])
    assert [(r.order_id, r.segment, int(r.amount)) for r in rows.itertuples()] == [
        ("D1", "hospitals", 500),
        ("D2", "schools", 300),
    ]


def test_a_column_that_deals_do_not_have_is_not_made_up():
    plain = "\n".join(" ".join(line.split(" ")[:-1]) for line in DEALS.splitlines())
    settings = {"book": {"dimensions": ["segment"]}}
    made = toy(month="2024-03", settings=settings, opportunities=plain + "\n")
    assert made.has("orders", "amount") and not made.has("orders", "segment")
