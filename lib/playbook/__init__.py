"""The sales-performance playbook that runs.

Open a book (a company's tables) and ask a chapter's functions about it::

    import playbook as pb

    book = pb.sample()                        # or pb.open("folder", month="2023-09")
    conversion = pb.funnel.conversion(book)
    conversion.table                          # a documented frame
    conversion.figure()

Names: ``open``, ``sample``, ``Book`` (with ``Book.open`` and ``Book.from_frames``), and the
chapters ``goals``, ``segments``, ``funnel``, ``incentives`` and ``case``. They are loaded when
first
used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import case, funnel, goals, incentives, segments
    from .data.book import Book

__version__ = "0.1.0"
CHAPTERS = ("goals", "segments", "funnel", "incentives", "case")
__all__ = [
    "Book",
    "__version__",
    "case",
    "funnel",
    "goals",
    "incentives",
    "open",
    "sample",
    "segments",
]


def open(path: str | Path, month: str = "") -> Book:
    """The book in a folder: its tables read, checked and frozen at the end of a month.

    path: a folder with playbook.toml, or the toml itself. month: YYYY-MM; empty = the last month
    closed in the data. Raises ``DataProblem`` or ``SettingsProblem`` with every problem at once,
    ``ParameterProblem`` for a month without data.
    """
    from .data.book import Book

    return Book.open(path, month)


def sample(month: str = "") -> Book:
    """The book of the simulated company the package brings along, with every table."""
    from .base.places import sample_folder

    return open(sample_folder(), month)


def __getattr__(name: str) -> Any:
    if name == "Book":
        from .data.book import Book

        globals()[name] = Book  # asked for once
        return Book
    if name in CHAPTERS:
        return importlib.import_module(f".{name}", __name__)
    from .base.errors import did_you_mean

    raise AttributeError(
        f"playbook has no attribute '{name}'; {did_you_mean(name, __all__)}", name=name
    )


def __dir__() -> list[str]:
    return sorted(__all__)
