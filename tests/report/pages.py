"""Chapters made by hand for the tests of what is printed: every kind of block, and names that would
be markup if they were not data.
"""

from __future__ import annotations

from typing import Any

import nbformat

from playbook.page import Heading, KpiRow, Note, Text
from playbook.page.blocks import MIME, Cell, Figure, Record, Table
from playbook.report.print import chapters, markdown

NASTY = (
    "<script>alert(1)</script>",
    '#panic("x")',
    "$x$",
    '=HYPERLINK("http://evil.example/x","y")',
    "'); DROP TABLE customers;--",
    "*bold* _it_ `code` [l](x)",
    "\\input{x} #{1+1} {{ 7*7 }}",
    "Łódź Trading & Söhne",
)
CHINESE = "上海浦东新区张江高科技园区人工智能与大数据产业发展有限责任公司" * 10
CHINESE = CHINESE[:300]
META = {
    "title": "Monthly sales playbook",
    "company": "Example Trading 示例贸易",
    "month": "December 2026",
    "as_of": "2026-12-31",
    "language": "en",
    "manifest": [],
}
COVER = {
    "title": "Monthly sales playbook",
    "company": META["company"],
    "month_label": "December 2026",
    "as_of_label": "Data as of 31 December 2026",
    "headlines": [
        {
            "notebook": "01-goal-setting",
            "title": "Are we on course?",
            "lines": ["Sales were ¥12.4m, 95.4 % of target."],
        }
    ],
    "changes": ["The win rate in the East fell by 4.1 points."],
    "actions": [
        {
            "what": "Call the overdue customers",
            "owner": "Wang Wei",
            "due": "8 Jan 2027",
            "worth": "¥1.2m",
            "why": "contracts end",
        }
    ],
    "notes": ["Before tax."],
    "warnings": ["orders.csv: 3 rows without a region."],
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="482.4pt" height="100pt" viewBox="0 0 482.4'
    ' 100"><defs><path id="g" d="M 0 0 L 10 10 L 20 0 z"/></defs><use href="#g"/><rect x="0" y="20"'
    ' width="480" height="40" style="fill: #1b3a5c"/></svg>'
)


def table(
    rows: list[tuple[str, ...]],
    align: str,
    head: tuple[str, ...] | None = None,
    title: str = "A table",
    total: tuple[str, ...] = (),
) -> dict[str, Any]:
    wide = len(align)
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    return Table(
        title,
        head or tuple(f"Head {i}" for i in range(wide)),
        cells,
        align,
        "unit, window, n",
        (tuple(Cell(text) for text in total),) if total else (),
    ).data()


def names() -> dict[str, Any]:
    return table(
        [(name, "3 Dec 2026", "¥1,000") for name in (*NASTY, CHINESE)],
        "llr",
        ("Customer", "Last order", "Amount"),
        title="Names " + NASTY[0],
    )


def drawing(title: str = "A figure") -> dict[str, Any]:
    return Figure(SVG, "A bar as wide as the page.", title, "unit").data()


def every_block() -> list[dict[str, Any]]:
    prose = markdown.blocks(
        "Prose with **bold**, *italic*, `code` and [a link](https://example.org/x).\n\n- one\n-"
        " two\n\n1. first\n\n> quoted\n\n| Grade | Meaning |\n|---|---:|\n| A | best |\n\n```\nx ="
        " 1\n```\n\n---\n\nend"
    )
    return [
        Heading("Where do we stand?").data(),
        *prose,
        KpiRow((("Sales", "¥12.4m", "n = 3"), ("Rate", "63.2 %", ""))).data(),
        names(),
        drawing(),
        Text("Sales were ¥12.4m.").data(),
        Note("Sales are booked orders.", "Definition.").data(),
        Text("3 rows lack a region.", role="warning").data(),
        Text("needs table market.", role="missing", title="Not available.").data(),
        {
            "type": "failure",
            "section": "Where do deals stop?",
            "cause": "orders.amount: 3 rows hold text",
            "hint": "remove the text",
        },
    ]


def chapter(
    *blocks: dict[str, Any], name: str = "01-goal-setting", title: str = "Are we on course?"
) -> dict[str, Any]:
    return {"name": name, "title": title, "blocks": chapters.levels(blocks)}


def shown(block: dict[str, Any]) -> Any:
    return nbformat.v4.new_output("display_data", data={"text/plain": "x", MIME: block})


def notebook(*, broken: bool = False) -> Any:
    """An executed notebook in the house form; the failing section reads a file by its path."""
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# Are we on course?\n\nThe director decides."),
        new.new_code_cell(
            'month: str = "2026-12"  # report month\nbook: str = ""  # folder',
            metadata={"tags": ["parameters"]},
        ),
        new.new_code_cell('book = "/home/secret/book"', metadata={"tags": ["injected-parameters"]}),
        new.new_code_cell("from playbook import goals", metadata={"tags": ["hide"]}),
        new.new_markdown_cell("## Who buys?\n\nWe look at **names**."),
        new.new_code_cell(
            "show(tracking)",
            outputs=[
                shown(names()),
                shown(drawing("one")),
                shown(drawing("two")),
                shown(Record({"id": "x", "status": "ok"}).data()),
            ],
        ),
        new.new_markdown_cell("## Check"),
        new.new_code_cell(
            "print(headlines(tracking))",
            outputs=[new.new_output("stream", name="stdout", text="Sales rose secretly.\n")],
            metadata={"tags": ["nbval-check-output"]},
        ),
        new.new_code_cell(
            "show(*footer(book.facts(), p))",
            outputs=[shown(Note("parameters: book = /home/secret/book", "Made from.").data())],
            metadata={"tags": ["hide-input"]},
        ),
    ]
    if broken:
        error = new.new_output(
            "error",
            ename="FileNotFoundError",
            evalue="no such file: /home/secret/book/orders.csv",
            traceback=["\x1b[31mTraceback\x1b[0m", "/home/secret/x.py line 1"],
        )
        cells[6:6] = [
            new.new_markdown_cell("## What fails?"),
            new.new_code_cell("fail()", outputs=[error]),
            new.new_markdown_cell("## And then?\n\nprose"),
        ]
    return new.new_notebook(
        cells=cells, metadata={"papermill": {"input_path": "/home/secret/n.ipynb"}}
    )
