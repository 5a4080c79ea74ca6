"""The text of a kept notebook, and its records as plain values."""

from __future__ import annotations

import copy

import nbformat

from playbook.report.print import chapters
from playbook.report.run.worker import records, written

RECORD = {"type": "record", "section": {"id": "a", "status": "ok"}, "kpis": [{"by": None}]}


def notebook():
    data = {"text/plain": "one\ntwo", chapters.MIME: RECORD, "application/json": {"b": 1, "a": [2]}}
    shown = nbformat.v4.new_output("display_data", data=data)
    said = nbformat.v4.new_output("stream", text="x\ny\n")
    code = nbformat.v4.new_code_cell("a = 1\na", outputs=[shown, said, shown], id="one")
    code.metadata.trusted = True
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 标题", id="two"), code])


def test_a_notebook_is_written_as_nbformat_writes_it():
    node = notebook()
    assert written(copy.deepcopy(node)) == nbformat.v4.writes_json(node)


def test_records_are_plain_and_stay_whole_when_the_notebook_is_written():
    node = notebook()
    (found,) = records(node)
    written(node)
    assert found == RECORD
    assert {type(found), type(found["section"]), type(found["kpis"][0])} == {dict}
