"""What says how an order's pay is spread over time: its kind, and its contract."""

from __future__ import annotations

from datetime import date

from playbook.data.book import Book
from playbook.data.measures import renewal
from playbook.pay.history import History

from .accrual import SIGNED, OrderTerms


def order_terms(book: Book, past: History) -> dict[str, OrderTerms]:
    """Order id → kind and contract. The contract is the customer's whose first day lies closest to
    the order's, within a quarter; of contracts equally close the longest.
    """
    spans: dict[str, list[tuple[date, date]]] = {}
    if book.has("contracts"):
        rows = renewal.contracts(book)
        for customer, start, end in zip(
            rows["customer_id"], rows["start"], rows["end"], strict=True
        ):
            spans.setdefault(customer, []).append((start.date(), end.date()))
    sold = past.orders[past.orders["amount"] > 0].drop_duplicates("order_id")
    kinds = sold["kind"].where(sold["kind"].notna(), "")
    return {
        order: OrderTerms(kind, _contract(spans.get(customer, []), day.date()))
        for order, customer, day, kind in zip(
            sold["order_id"], sold["customer_id"], sold["date"], kinds, strict=True
        )
    }


def _contract(spans: list[tuple[date, date]], day: date) -> tuple[date, date] | None:
    near = [span for span in spans if abs(span[0] - day) <= SIGNED]
    return min(near, key=lambda span: (abs(span[0] - day), -span[1].toordinal()), default=None)
