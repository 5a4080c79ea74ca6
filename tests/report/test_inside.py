"""Cells tagged ``inside``: code and frame in the analyst's page, nothing anywhere else."""

import nbformat
import pandas as pd
import pytest
from pages import META, notebook, table

from playbook.page.blocks import MIME, Record
from playbook.report.print import frames
from playbook.report.print.chapters import chapter
from playbook.report.print.html import write_html
from playbook.report.run.worker import records
from playbook.report.strip import stripped

FRAME = pd.DataFrame({"customer": ["<b>Ann</b>", "Bo"], "amount": [12.5, None]}, index=[3, 4])
SOURCE = "frame.head()  # another number"


@pytest.fixture
def node():
    new = nbformat.v4
    shown = new.new_output(
        "execute_result",
        data={"text/html": FRAME._repr_html_(), "text/plain": repr(FRAME)},
        execution_count=1,
    )
    record = Record({"id": "inside", "status": "ok"}).data()
    also = new.new_output("display_data", data={"text/plain": "", MIME: record})
    cell = new.new_code_cell(SOURCE, outputs=[shown, also], metadata={"tags": ["inside"]})
    made = notebook()
    made.cells.insert(6, cell)
    return made


def page(node, path, *, client: bool) -> str:
    write_html(node, path / "page.html", title="t", client=client, meta=META)
    return (path / "page.html").read_text(encoding="utf-8")


def test_the_analyst_sees_the_line_and_the_frame(node, tmp_path):
    text = page(node, tmp_path, client=False)
    assert f'<pre class="pb-inside" tabindex="0"><code>{SOURCE}</code></pre>' in text
    assert (
        '<tr><th scope="row" class="pb-r">3</th><td>&lt;b&gt;Ann&lt;/b&gt;</td>'
        '<td class="pb-r">12.5</td></tr>' in text
    )
    assert 'class="dataframe"' not in text and "border=" not in text


def test_client_and_pdf_have_neither(node, tmp_path):
    assert page(node, tmp_path, client=True) == page(notebook(), tmp_path, client=True)
    assert chapter(node, "x") == chapter(notebook(), "x")


def test_what_it_shows_is_not_recorded(node):
    assert [record["section"]["id"] for record in records(node)] == ["x"]


def test_a_failing_one_is_told_like_any_failure(node):
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="'x'", traceback=[])
    node.cells[6].outputs = [error]
    failures = [block for block in chapter(node, "x")["blocks"] if block["type"] == "failure"]
    assert [(block["section"], block["cause"]) for block in failures] == [
        ("Who buys?", "KeyError: 'x'")
    ]


def test_stored_it_keeps_its_tag_and_no_output(node):
    cell = stripped(node)["cells"][6]
    assert cell["metadata"] == {"tags": ["inside"]}
    assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_frames_with_an_index_of_two_levels_keep_their_spans():
    frame = FRAME.assign(region="East").set_index(["region", "customer"])
    html = frames.table(frame._repr_html_())
    assert '<th scope="row" rowspan="2">East</th>' in html and html.count("<tr>") == 4
    assert frames.is_frame(frame._repr_html_()) and not frames.is_frame(str(table([("a",)], "l")))


def test_a_long_frame_says_how_long_it_is():
    html = frames.table(pd.DataFrame({"n": range(100)})._repr_html_())
    assert '<p class="pb-note">100 rows × 1 columns</p>' in html
