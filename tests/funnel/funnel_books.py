"""A tiny book of deals, in memory or on disk, from rows written in the test."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from playbook.data.book import Book

STAGES = ("lead", "intent", "negotiation", "won")


def small_book(
    month: str = "", settings: str = "", stages: tuple[str, ...] = STAGES, **tables: list[dict]
) -> Book:
    """A book from lists of dicts, one per table. settings: TOML that follows the [book] part."""
    frames: dict[str, Any] = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return Book.from_frames(
        month=month, settings=tomllib.loads(_settings(settings, stages)), **frames
    )


def written_book(
    folder: Path,
    month: str = "",
    settings: str = "",
    stages: tuple[str, ...] = STAGES,
    **tables: list[dict],
) -> Book:
    """The same, written as csv and opened: for what is said of files and their lines."""
    (folder / "playbook.toml").write_text(_settings(settings, stages), encoding="utf-8")
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return Book.open(folder, month)


def _settings(settings: str, stages: tuple[str, ...]) -> str:
    names = ", ".join(f'"{stage}"' for stage in stages)
    return f'[book]\nname = "small"\nstages = [{names}]\n{settings}'
