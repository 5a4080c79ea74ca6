"""Every notebook is in the form; and the form's rules each catch what they are for."""

from __future__ import annotations

import copy
import json
import re

import papermill
import pytest
from form import faults, kind, source, tags

from playbook.base.params import NOTEBOOKS, Common
from playbook.report.strip import CHECK, KERNEL, stripped, text
from shared import REPO

FOLDER = REPO / "notebooks"
STORED = sorted(FOLDER.glob("*.ipynb"))


def read(path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_there_are_five():
    assert [path.stem for path in STORED] == list(NOTEBOOKS)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_notebook_is_in_the_form(path):
    assert not faults(read(path), NOTEBOOKS[path.stem])


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_notebook_is_stored_clean(path):
    """`playbook clean` has nothing left to do."""
    assert path.read_text(encoding="utf-8") == text(read(path))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_papermill_sees_every_parameter(path):
    seen = papermill.inspect_notebook(path)
    assert {name: told["inferred_type_name"] for name, told in seen.items()} == {
        name: kind(field.annotation) for name, field in NOTEBOOKS[path.stem].model_fields.items()
    }


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_one_name_means_one_thing(path):
    """Names a notebook gives to results are the same in all five: the book is ``book``, the
    parameters are ``p``.
    """
    whole = "\n".join(source(cell) for cell in read(path)["cells"] if cell["cell_type"] == "code")
    assert re.search(r"^p = params\.\w+\.from_notebook\(globals\(\)\)$", whole, flags=re.M)
    assert re.search(r"^book = Book\.open\(p\.book_path, p\.month\)$", whole, flags=re.M)


# -- the rules themselves


def cell(kind: str, name: str, text_: str, *with_tags: str, **more) -> dict:
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": name,
        "metadata": {"tags": list(with_tags)} if with_tags else {},
        "source": text_,
        **code,
        **more,
    }


def good() -> dict:
    body = [
        made
        for i in range(12)
        for made in (
            cell("markdown", f"why-{i}x", f"## Question {chr(65 + i)}?"),
            cell("code", f"show-{i}x", f"show({chr(97 + i)})"),
        )
    ]
    cells = [
        cell("markdown", "title", "# A title"),
        cell(
            "code", "parameters", 'book: str = ""  # folder\nmonth: str = ""  # month', "parameters"
        ),
        *body,
        cell("markdown", "todo", "## What to do"),
        cell("code", "explore", "explore(lambda x: x, {}, static=None)", "interactive"),
        cell(
            "code",
            "check",
            "print(headlines(a))",
            CHECK,
            execution_count=7,
            outputs=[{"output_type": "stream", "name": "stdout", "text": ["Sales rose.\n"]}],
        ),
    ]
    return {"cells": cells, "metadata": copy.deepcopy(KERNEL), "nbformat": 4, "nbformat_minor": 5}


def broken(where: int, **change) -> dict:
    node = good()
    node["cells"][where].update(change)
    return node


def extra(*cells: dict, at: int = 5) -> dict:
    node = good()
    node["cells"][at:at] = cells
    return node


BAD = {
    "too-few-cells": (
        {**good(), "cells": good()["cells"][:2] + good()["cells"][-4:]},
        "cells, not",
    ),
    "two-titles": (broken(2, source="# Another title"), "2 level-1 headings"),
    "title-not-first": ({**good(), "cells": good()["cells"][1:]}, "first cell is not the title"),
    "four-code-cells-in-a-row": (
        extra(*(cell("code", f"more-{i}x", "1") for i in range(3))),
        "4 code cells in a row",
    ),
    "a-function": (broken(3, source="def f():\n    pass"), "FunctionDef"),
    "a-class": (broken(3, source="class A: pass"), "ClassDef"),
    "a-loop": (broken(3, source="for x in y: print(x)"), "For in"),
    "a-lambda-outside-the-interactive-cell": (broken(3, source="f = lambda x: x"), "Lambda"),
    "eleven-lines": (broken(3, source="x\n" * 11), "more than 10 lines"),
    "an-output-stored": (
        broken(3, outputs=[{"output_type": "stream", "name": "stdout", "text": ["1"]}]),
        "output or count stored",
    ),
    "a-count-stored": (broken(3, execution_count=3), "output or count stored"),
    "a-number-in-prose": (
        broken(2, source="Sales rose by 12.5 % last year."),
        "number typed into prose",
    ),
    "a-large-number-in-prose": (
        broken(2, source="We have 1500 customers."),
        "number typed into prose",
    ),
    "another-default": (
        broken(1, source='book: str = "x"  # folder\nmonth: str = ""  # month'),
        "differ from the model",
    ),
    "another-type": (
        broken(1, source='book: int = 0  # folder\nmonth: str = ""  # month'),
        "differ from the model",
    ),
    "a-parameter-too-few": (broken(1, source='book: str = ""  # folder'), "differ from the model"),
    "a-computed-parameter": (
        broken(1, source='book: str = str(1)  # folder\nmonth: str = ""  # month'),
        "a computed default",
    ),
    "a-parameter-without-meaning": (
        broken(1, source='book: str = ""\nmonth: str = ""  # month'),
        "not 'name: type",
    ),
    "no-parameters": (broken(1, metadata={}), "0 parameters cells"),
    "no-check": (broken(-1, metadata={}), "0 check cells"),
    "a-check-without-output": (broken(-1, outputs=[]), "without exactly one text output"),
    "a-check-without-count": (broken(-1, execution_count=None), "no count"),
    "a-check-that-does-not-print": (broken(-1, source="headlines(a)"), "does not print"),
    "no-decision": (broken(-3, source="## Something else"), "What to do"),
    "no-interactive-cell": (broken(-2, metadata={}, source="1"), "no interactive cell"),
    "an-unknown-tag": (broken(3, metadata={"tags": ["hidden"]}), "unknown tags: hidden"),
    "an-inside-cell-without-an-invitation": (
        broken(3, source='look(a, "table").head()', metadata={"tags": ["inside"]}),
        "not one line of code with a comment",
    ),
    "an-inside-cell-of-two-lines": (
        broken(3, source="b = 1  # other\nb  # try", metadata={"tags": ["inside"]}),
        "not one line of code with a comment",
    ),
    "metadata-of-an-editor": (broken(3, metadata={"collapsed": True}), "metadata beside tags"),
    "an-invented-id": (broken(3, id="1f2e3d4c"), "cell id"),
    "an-id-twice": (broken(3, id="title"), "cell id"),
    "another-kernel": (
        {**good(), "metadata": {"kernelspec": {"name": "ir"}}},
        "kernel is not python3",
    ),
}


def test_the_good_one_is_good():
    assert not faults(good(), Common)


@pytest.mark.parametrize("name", BAD)
def test_each_rule_catches_what_it_is_for(name):
    node, told = BAD[name]
    assert any(told in fault for fault in faults(node, Common)), faults(node, Common)


def test_an_inside_cell_is_one_line_with_what_to_try():
    line = """look(a, "table").query("window == '#1'").head()  # another window: month, all"""
    assert not faults(broken(3, source=line, metadata={"tags": ["inside"]}), Common)


def test_stripping_keeps_the_check_cell_and_nothing_else():
    node = broken(
        3, outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}], execution_count=4
    )
    node["cells"][3]["metadata"] = {
        "tags": ["hide"],
        "collapsed": True,
        "papermill": {"duration": 1},
    }
    clean = stripped(node)
    assert (
        clean["cells"][3]["outputs"],
        clean["cells"][3]["execution_count"],
        clean["cells"][3]["metadata"],
    ) == ([], None, {"tags": ["hide"]})
    check = next(cell for cell in clean["cells"] if CHECK in tags(cell))
    assert check["execution_count"] == 7 and check["outputs"][0]["text"] == ["Sales rose.\n"]
    assert [cell["id"] for cell in clean["cells"]] == [cell["id"] for cell in node["cells"]]
    assert stripped(clean) == clean
