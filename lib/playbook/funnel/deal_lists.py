"""Lists of deals: the largest ones that make up a number, with customers and owners as a page
names them.
"""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.data.measures.names import customer_names, member_names
from playbook.data.measures.rows import stopped_deals
from playbook.funnel.stand_ins import NOBODY, NOT_NAMED


class StoppedDeals(Frame):
    """Deals that entered a stage and did not pass it, the largest first."""

    opportunity_id = col.text(later("the deal"))
    customer_id = col.text(later("the customer, where the deal names one"))
    lead_id = col.text(later("the lead the deal came from"))
    rep_id = col.text(later("the rep, where the deal names one"))
    outcome = col.text(later("lost or open"))
    expected = col.money(later("expected amount"))
    reason = col.text(later("why it was lost, as written"))
    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("the rep as a page names it"))


def deals_at(
    deals: Deals, book: Book, k: int, to: int, by: dict[str, str], most: int = 50
) -> pd.DataFrame:
    """StoppedDeals: the largest deals that entered stage ``k`` in the last 12 months and have not
    reached stage ``to``.

    k, to: indices of stages. by: dimension → member the deals belong to. most: rows.
    """
    rows = stopped_deals(deals, k, to, by, book.month.number - 11, most)
    return with_names(rows, book)


def with_names(
    rows: pd.DataFrame, book: Book, people: dict[str, str] | None = None
) -> pd.DataFrame:
    """The rows with ``customer`` and ``owner`` as a page names them.

    rows: customer_id, lead_id and rep_id. people: rep → name of who answers for the deals; by
    default the rep's own name.
    """
    names = member_names(book).get("rep", {}) if people is None else people
    companies = customer_names(book, set(rows.customer_id.dropna()), set(rows.lead_id.dropna()))
    customer = [
        companies.get(c) or companies.get(lead) or (c if isinstance(c, str) else NOT_NAMED)
        for c, lead in zip(rows.customer_id, rows.lead_id, strict=True)
    ]
    return rows.assign(
        customer=customer,
        owner=[names.get(r, r) if isinstance(r, str) else NOBODY for r in rows.rep_id],
    )
