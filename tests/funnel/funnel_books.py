"""A tiny book on disk, from rows written in the test."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from playbook.data.book import Book


def small_book(
    folder: Path,
    month: str = "",
    settings: str = "",
    stages: tuple[str, ...] = ("lead", "intent", "negotiation", "won"),
    **tables,
) -> Book:
    """Writes each table (a list of dicts) as csv and opens the book."""
    names = ", ".join(f'"{s}"' for s in stages)
    (folder / "playbook.toml").write_text(
        f'[book]\nname = "small"\nstages = [{names}]\n{settings}', encoding="utf-8"
    )
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return Book.open(folder, month)
