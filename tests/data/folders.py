"""Small books written to a folder: a minimal good one, and what a test changes in it."""

from __future__ import annotations

from pathlib import Path

from playbook.base.errors import Problem
from playbook.data.checking import CheckReport, check_book

TOML = '[book]\nname = "small"\ncurrency = "CNY"\n'
CUSTOMERS = "customer_id,name,region\nC1,Alpha,East\nC2,Beta,West\n"
ORDERS = (
    "order_id,date,customer_id,amount\n"
    "O1,2023-01-05,C1,100.00\n"
    "O2,2023-02-06,C2,250.50\n"
    "O3,2023-03-31,C1,75\n"
)
DEALS = (
    "opportunity_id,created,stage,outcome,closed,amount\n"
    "D1,2023-01-02,won,won,2023-02-10,500\n"
    "D2,2023-01-20,lost,lost,2023-03-01,\n"
    "D3,2023-03-05,intent,open,,\n"
)


def write(folder: Path, toml: str = TOML, **files: str | bytes) -> Path:
    """A book: ``orders="…"`` becomes orders.csv; a double underscore in the name is the point
    (``orders__tsv``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playbook.toml").write_text(toml, encoding="utf-8")
    for name, content in files.items():
        file = folder / (name.replace("__", ".") if "__" in name else f"{name}.csv")
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def check(folder: Path, **files: str | bytes) -> CheckReport:
    return check_book(write(folder, **files))


def only(report: CheckReport, severity: str = "error") -> Problem:
    """The one problem of this severity; the test fails when there are more or none."""
    problems = [problem for problem in report.problems if problem.severity == severity]
    assert len(problems) == 1, "\n".join(map(str, report.problems)) or "no problem found"
    return problems[0]


def says(
    problem: Problem,
    found: str,
    expected: str = "",
    try_: str = "",
    *,
    rows: int | None = None,
    place: str = "",
) -> None:
    """The three parts hold these words; ``rows`` is the count, and the first of them are shown."""
    assert found in problem.found and expected in problem.expected and try_ in problem.try_, str(
        problem
    )
    assert place in problem.place, problem.place
    if rows is not None:
        assert problem.count == rows and len(problem.rows) == min(rows, 3), str(problem)
