"""From notebooks to chapters: what is printed, what is left out, and what a failure says."""

import nbformat
import pytest
from pages import notebook

from playbook.report.print import markdown
from playbook.report.print.chapters import cause, chapter, levels


def kinds(made) -> list[str]:
    return [block["type"] for block in made["blocks"]]


def test_prose_and_blocks_in_order_without_code_streams_records_or_empty_sections():
    made = chapter(notebook(), "01-goal-setting")
    assert made["name"] == "01-goal-setting" and made["title"] == "Are we on course?"
    assert kinds(made) == ["paragraph", "heading", "paragraph", "table", "figure", "figure", "text"]
    assert kinds(chapter(notebook(), "x", without=frozenset({"hide-input"})))[-1] == "figure"


def test_failure_names_the_section_and_what_was_then_not_computed():
    made = chapter(notebook(broken=True), "x")
    failure, lost = made["blocks"][-2:]
    assert failure == {
        "type": "failure",
        "section": "What fails?",
        "cause": "FileNotFoundError: no such file: /home/secret/book/orders.csv",
        "hint": "",
    }
    assert lost["role"] == "warning" and lost["text"] == "And then?, Check"


@pytest.mark.parametrize(
    ("error", "printed"),
    [
        (
            {
                "ename": "DataProblem",
                "evalue": (
                    "orders.amount in orders.csv: text\n  expected: numbers\n  try: remove it"
                ),
            },
            ("orders.amount in orders.csv: text", "remove it"),
        ),
        ({"ename": "KeyError", "evalue": "'x'"}, ("KeyError: 'x'", "")),
        (
            {"ename": "CellTimeoutError", "evalue": "\x1b[31mtoo slow\x1b[0m\nmore"},
            ("CellTimeoutError: too slow", ""),
        ),
        ({"ename": "Quit", "evalue": ""}, ("Quit", "")),
    ],
)
def test_cause_in_one_line(error, printed):
    assert cause(error) == {"cause": printed[0], "hint": printed[1]}


def test_headings_never_skip_a_level():
    made = levels(
        [{"type": "heading", "level": level, "text": "t"} for level in (1, 4, 4, 2, 3, 6)]
    )
    assert [block["level"] for block in made] == [2, 3, 4, 2, 3, 4]


def test_markdown_of_every_kind():
    text = (
        "# A **b**\n\nc *d* `e` [f](http://g) <b>h</b>\ni  \nj\n\n- k\n  - l\n\n3. m\n\n> n\n\n| o"
        " | p |\n|---|--:|\n| q | r |\n\n```\ns = 1\n```\n\n---\n\n<div>t</div>"
    )
    made = markdown.blocks(text)
    assert [block["type"] for block in made] == [
        "heading",
        "paragraph",
        "list",
        "list",
        "quote",
        "table",
        "code",
        "rule",
        "paragraph",
    ]
    assert made[0]["text"] == "A b" and made[3]["start"] == 3 and made[5]["align"] == "lr"
    assert markdown.plain_text(made[1]["inlines"]) == "c d e f <b>h</b> i j"
    shown = markdown.html(made)
    assert (
        "&lt;b&gt;h&lt;/b&gt;" in shown and "&lt;div&gt;" in shown and "<strong>b</strong>" in shown
    )


def test_empty_notebook_is_a_chapter():
    assert chapter(nbformat.v4.new_notebook(), "x") == {"name": "x", "title": "x", "blocks": []}
