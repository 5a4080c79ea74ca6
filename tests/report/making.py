"""Small notebooks and a small book for the tests of the run."""

from __future__ import annotations

import csv
from pathlib import Path

import nbformat

SETUP = """from playbook.base import params
from playbook.page import Result, Table, Text, show, headlines
from playbook.page.blocks import Cell, Record
from playbook.data.book import Book"""
PARAMETERS = {
    "01-goal-setting": (
        'book: str = ""  # folder of the book\nmonth: str = ""  # report month\ndeals_target: int ='
        " 10  # deals\nwin_rate: float = 0.0  # share\nprobability: float = 0.8  # share"
    ),
    "02-segmentation": (
        'book: str = ""  # folder of the book\nmonth: str = ""  # report month\ntop: int = 15  #'
        " customers"
    ),
}
GOOD = """show(Text("The month is " + month), Record(section={"id": "tracking", "status": "ok"},
     headline="Sales rose.",
     kpis=[{"name": "sales", "stage": "goals", "window": "month", "by": None, "value": 12.5,
            "low": None, "high": None, "unit": "CNY",
            "numerator": None, "denominator": None, "n": 3, "method": None}],
     worksheets=[{"name": "Actions", "columns": [["what", "Action", "text"],
                      ["owner", "Owner", "text"], ["due", "Due", "date"],
                      ["worth", "Worth", "money"]],
                  "rows": [["Call", "Ann", "2023-07-05", 100.0],
                           ["Write", "Bo", "2023-07-03", None]]}],
     changes=[{"text": "Sales fell by a fifth.", "size": -0.2}]))"""


def md(text: str, name: str = ""):
    return nbformat.v4.new_markdown_cell(text, id=name or f"m{abs(hash(text)) % 10**8}")


def code(source: str, *tags: str, name: str = ""):
    return nbformat.v4.new_code_cell(
        source,
        id=name or f"c{abs(hash(source)) % 10**8}",
        metadata={"tags": list(tags)} if tags else {},
    )


def notebook(
    path: Path,
    *cells,
    name: str = "01-goal-setting",
    title: str = "A small chapter",
    setup: str = SETUP,
) -> Path:
    """A notebook in the house form: title, parameters, set-up, then ``cells``."""
    head = [
        md(f"# {title}", "title"),
        code(PARAMETERS[name], "parameters", name="parameters"),
        code(setup, "hide", name="setup"),
    ]
    node = nbformat.v4.new_notebook(
        cells=[*head, *cells],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )
    path.mkdir(parents=True, exist_ok=True)
    file = path / f"{name}.ipynb"
    nbformat.write(node, file)
    return file


def good(path: Path, name: str = "01-goal-setting") -> Path:
    return notebook(
        path,
        md("## Is the target within reach?", "question"),
        code(GOOD, name="tracking"),
        name=name,
    )


def book(path: Path, names: list[str] | None = None, title: str = "Small company") -> Path:
    """A book of orders, one customer per name, over three months of 2023."""
    path.mkdir(parents=True, exist_ok=True)
    names = names or ["Ann", "Bo"]
    (path / "playbook.toml").write_text(
        f"[book]\nname = 'small'\ntitle = '''{title}'''\n", encoding="utf-8"
    )
    _csv(
        path / "customers.csv",
        ["customer_id", "name"],
        [[f"C{i}", name] for i, name in enumerate(names)],
    )
    _csv(
        path / "orders.csv",
        ["order_id", "customer_id", "date", "amount"],
        [
            [f"O{i}-{month}", f"C{i}", f"2023-{month:02d}-15", 1000 + 10 * i]
            for i in range(len(names))
            for month in (4, 5, 6)
        ]
        + [["last", "C0", "2023-06-30", 5]],
    )
    return path


def _csv(path: Path, head: list[str], rows: list[list]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
