"""Every section of every chapter for every month of books: ``python -m bench.months DIR…``.

Prints each month in which a section stops, with the error and its place, and exits 1 then. The
sample's own months when no folder is named. Slow: a month of the sample takes some 15 seconds.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO / "tests"))


def main() -> int:
    import matplotlib

    matplotlib.use("Agg")
    from inprocess import results_of
    from playbook.base.params import NOTEBOOKS
    from playbook.base.periods import Month, months_between
    from playbook.data.book import Book
    from playbook.data.report_month import data_span

    stopped = 0
    for folder in [Path(name) for name in sys.argv[1:]] or [REPO / "data" / "sample"]:
        book = Book.open(folder)
        first, last = data_span(book.read)
        months = months_between(Month.of(first), Month.of(last))
        for month in months:
            for chapter in NOTEBOOKS:
                try:
                    results_of(chapter, book.at(month.end))
                except Exception as error:
                    place = traceback.extract_tb(error.__traceback__)[-1]
                    where = f"{Path(place.filename).name}:{place.lineno}"
                    print(f"{folder} {month} {chapter}: {type(error).__name__}: {error} ({where})")
                    stopped += 1
        print(f"{folder}: {len(months)} months, {stopped} stops")
    return bool(stopped)


if __name__ == "__main__":
    sys.exit(main())
