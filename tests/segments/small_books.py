"""Small books written as CSV folders, for tests worked by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from playbook.base.periods import Month
from playbook.data.book import Book


def book(folder: Path, month: str = "", toml: str = "", **tables) -> Book:
    """A book of the given tables (each a frame or a list of dicts); a lead dates the data to the
    end of the month asked for.
    """
    if month and "leads" not in tables:
        tables["leads"] = [{"lead_id": "anchor", "created": Month.parse(month).end}]
    if not {"orders", "opportunities"} & set(tables):
        tables["orders"] = [
            order("somebody", "2019-01-01", 1, "anchor")
        ]  # a book holds at least one of the two
    folder.mkdir(parents=True, exist_ok=True)
    head = "" if "[book]" in toml else '[book]\nname = "toy"\n'
    (folder / "playbook.toml").write_text(head + toml, encoding="utf-8")
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return Book.open(folder, month)


def order(customer: str | None, day: str, amount: float, number: int | str, **more) -> dict:
    return {
        "order_id": f"O{number}",
        "date": day,
        "customer_id": customer,
        "amount": amount,
        **more,
    }
