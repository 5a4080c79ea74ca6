"""A small run whose files many tests read: awkward names, and one chapter that fails."""

from __future__ import annotations

import making
import pytest
from awkward_names import GIVEN

from runs import Run, report

AWKWARD = """query = "SELECT name FROM book.customers ORDER BY customer_id"
names = [row[0] for row in book_.read.connection.execute(query).fetchall()]
rows = tuple((Cell(name), Cell("1")) for name in names)
show(Table("Names", ("Customer", "n"), rows, "lr", "count, all data"), Text(" | ".join(names)))
columns = [["what", "Action", "text"], ["owner", "Owner", "text"], ["due", "Due", "date"]]
show(Record(section={"id": "names", "status": "ok"}, headline=names[0],
     changes=[{"text": names[1], "size": 1.0}],
     worksheets=[{"name": "Names", "columns": columns,
                  "rows": [[name, name, "2023-07-01"] for name in names]}]))"""


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two chapters: one with awkward names, one whose third question fails. A section that is not
    available is no failure.
    """
    home = tmp_path_factory.mktemp("small")
    making.notebook(
        home / "nb",
        making.md("## Which names are there?"),
        making.code("book_ = Book.open(book, month)"),
        making.code(AWKWARD),
        making.code(
            'show(Record(section={"id": "market-capacity", "status": "not available: needs table'
            ' market (size)"}))'
        ),
        making.code(making.GOOD),
        title="Names <b>&</b> $x$",
    )
    making.notebook(
        home / "nb",
        making.md("## What came first?"),
        making.code('show(Text("This was computed."))'),
        making.md("## Who buys?"),
        making.code("raise KeyError('amount')"),
        making.md("## And then?"),
        making.code('show(Text("never"))'),
        name="02-segmentation",
        title="A chapter that fails",
    )
    making.book(home / "book", GIVEN, title='<i>Small</i> & "Co" #x')
    return report(
        home / "out",
        "--book",
        home / "book",
        "--notebooks",
        home / "nb",
        "--only",
        "goal-setting",
        "--only",
        "02-segmentation",
    )
