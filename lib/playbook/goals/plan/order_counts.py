"""How many orders the year takes: whole numbers by customer type and kind of business, both margins
kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
)
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.goals.actuals import Actuals
from playbook.methods.apportionment import split
from playbook.methods.raking import fit
from playbook.page import Result, Table, section
from playbook.page.blocks import Cell

from .decomposition import Decomposition

KINDS = ("new", "repurchase", "upgrade", "renewal")


class OrdersByKind(Frame):
    """One row per customer type (the index), one column per kind of business."""

    new = count("orders of new customers", optional=True)
    repurchase = count("orders bought again", optional=True)
    upgrade = count("orders of more than before", optional=True)
    renewal = count("orders that renew a contract", optional=True)


@dataclass(frozen=True)
class OrdersNeeded(Result):
    """Orders the year takes. shares: kind → share of the orders of the trailing 12 months."""

    section: ClassVar[str] = "orders-needed"
    fmt: Formats
    as_of: date
    year: str
    table: Annotated[pd.DataFrame, OrdersByKind]
    shares: pd.Series

    def tables(self) -> list[Table]:
        head = ("Customer type", *(kind.capitalize() for kind in self.table.columns), "All")
        rows = tuple(
            (Cell(str(name)), *self._counts(values)) for name, values in self.table.iterrows()
        )
        return [
            Table(
                f"Orders {self.year} takes, by customer type and kind of business",
                head,
                rows,
                "l" + "r" * (len(head) - 1),
                "whole orders; rows: the type's target ÷ its average order, rounded up; columns:"
                " the mix of kinds in the trailing 12 months; both kept exactly",
                ((Cell("All"), *self._counts(self.table.sum(axis=0))),),
            )
        ]

    def _counts(self, values: pd.Series) -> list[Cell]:
        return [Cell(self.fmt.count(int(v))) for v in [*values, values.sum()]]

    def reading(self) -> str:
        mix = [f"{kind} {self.fmt.share(share, decimals=0)}" for kind, share in self.shares.items()]
        return (
            f"{self.year} takes {self.fmt.count(int(self.table.to_numpy().sum()))} orders at"
            f" today's average sizes; by kind of business: {listing(mix, 4)}."
        )

    def headline(self) -> str:
        return f"Orders {self.year} takes: {self.fmt.count(int(self.table.to_numpy().sum()))}."


@section("orders-needed")
def orders_needed(book: Book, parts: Decomposition | Result) -> OrdersNeeded:
    """Whole orders by customer type and kind of business for the decomposed year."""
    book.need("orders", "kind", gives="orders needed by customer type and kind of business")
    book.need(
        "customers", "customer_type", gives="orders needed by customer type and kind of business"
    )
    types = (
        parts.table[parts.table["dimension"] == "customer_type"].set_index("member")["orders"]
        if isinstance(parts, Decomposition)
        else pd.Series(dtype=int)
    )
    if types.sum() == 0:
        raise NotAvailable(
            {},
            gives="orders needed by customer type",
            because="the year is not split by customer type",
        )
    months = sales.in_window(
        Actuals(book).months("orders", ("customer_type", "kind")), book.window("trailing_12m")
    )
    months = months[months["kind"].isin(KINDS)]
    seed = (
        months.pivot_table(index="customer_type", columns="kind", values="orders", aggfunc="sum")
        .reindex(types.index)
        .fillna(0.0)
    )
    seed = seed[[kind for kind in KINDS if kind in seed.columns]]
    if seed.empty or not seed.to_numpy().sum():
        raise NotAvailable(
            {},
            gives="orders needed by kind of business",
            because="no order of the trailing 12 months has a kind",
        )
    shares = seed.sum(axis=0) / seed.to_numpy().sum()
    made = fit(
        seed.to_numpy(dtype=float) + 1e-6,
        [types.to_numpy(), split(int(types.sum()), shares.to_numpy())],
        ["customer type", "kind of business"],
    )
    return OrdersNeeded(
        book.fmt,
        book.as_of,
        parts.planned.name,
        pd.DataFrame(made, index=types.index, columns=seed.columns),
        shares,
    )
