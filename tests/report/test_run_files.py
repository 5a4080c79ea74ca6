"""What a run leaves: every file, honest statuses, and customers' names as plain text everywhere."""

from __future__ import annotations

import hashlib
import html.parser
import io
import json
import zipfile

import nbformat
import pytest
from awkward_names import NAMES
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

CHAPTERS = ("01-goal-setting", "02-segmentation")


class Texts(html.parser.HTMLParser):
    """Texts, tags and attributes of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.texts, self.tags, self.links = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data):
        self.texts.append(data)


def read(run, name: str) -> str:
    return (run.folder / name).read_text(encoding="utf-8")


def test_a_failed_notebook_gives_status_1_and_everything_is_there(small_run):
    assert small_run.status == 1, small_run.said
    expected = {
        "details.pdf",
        "actions.xlsx",
        "results.json",
        "manifest.json",
        "client",
        "glossary.html",
        "02-segmentation.log",
    }
    expected |= {f"{name}.{kind}" for name in CHAPTERS for kind in ("html", "ipynb")}
    assert {path.name for path in small_run.folder.iterdir()} == expected
    assert {path.name for path in (small_run.folder / "client").iterdir()} == {
        f"{name}.html" for name in CHAPTERS
    }
    assert small_run.printed.strip() == str(small_run.folder / "details.pdf")
    assert [path.name for path in small_run.folder.parent.iterdir()] == ["small.only-01-02"], (
        "no temporary folder stays"
    )


def test_the_failure_is_told_in_one_line_with_notebook_section_and_cause(small_run):
    line = "02-segmentation › Who buys? (cell 8): KeyError: 'amount'"
    assert line in small_run.said.splitlines() and "Traceback" not in small_run.said
    assert line in read(small_run, "02-segmentation.log") and "raise KeyError" in read(
        small_run, "02-segmentation.log"
    )
    told = small_run.results["notebooks"]["02-segmentation"]
    assert (told["status"], told["error"]["section"], told["error"]["cause"]) == (
        "failed",
        "Who buys?",
        "KeyError: 'amount'",
    )
    cells = {cell["index"]: cell["status"] for cell in small_run.manifest["notebooks"][1]["cells"]}
    assert cells[7] == "failed" and cells[9] == "not run"
    assert "This was computed." in read(small_run, "02-segmentation.html")


def test_a_section_without_its_table_is_not_a_failure(small_run):
    told = small_run.results["notebooks"]["01-goal-setting"]
    assert told["status"] == "ok"
    assert told["sections"] == {
        "names": "ok",
        "market-capacity": "not available: needs table market (size)",
        "tracking": "ok",
    }


def test_results_are_as_specified(small_run):
    results = small_run.results
    assert [results[name] for name in ("schema", "book", "month", "as_of", "currency")] == [
        1,
        "small",
        "2023-06",
        "2023-06-30",
        "CNY",
    ]
    assert small_run.value("sales", "month") == 12.5
    assert {
        "name",
        "stage",
        "window",
        "by",
        "value",
        "low",
        "high",
        "unit",
        "numerator",
        "denominator",
        "n",
        "method",
    } <= set(results["kpis"][0])


def test_the_manifest_holds_hashes_of_every_output_and_what_was_read(small_run):
    manifest = small_run.manifest
    files = {
        str(path.relative_to(small_run.folder))
        for path in small_run.folder.rglob("*")
        if path.is_file()
    } - {"manifest.json"}
    assert set(manifest["outputs"]) == files
    for name, told in manifest["outputs"].items():
        assert (
            hashlib.sha256((small_run.folder / name).read_bytes()).hexdigest() == told["sha256"]
        ), name
    orders = next(file for file in manifest["data"] if file["tables"] == ["orders"])
    assert (
        orders["rows"] == 22
        and orders["first"] == "2023-04-15"
        and orders["last"] == "2023-06-30"
        and len(orders["sha256"]) == 64
    )
    assert (
        manifest["parameters"]["01-goal-setting"]["month"] == "2023-06"
        and manifest["versions"]["papermill"]
    )
    assert manifest["settings"]["book"]["name"] == "small"


def test_executed_notebooks_hold_no_times_and_no_invented_ids(small_run):
    for name in CHAPTERS:
        node = nbformat.read(small_run.folder / f"{name}.ipynb", 4)
        nbformat.validate(node)
        written = (small_run.folder / f"{name}.ipynb").read_text(encoding="utf-8")
        assert written == nbformat.writes(node) + "\n"
        assert set(node.metadata) <= {"kernelspec", "language_info"}
        assert all(set(cell.metadata) <= {"tags"} for cell in node.cells)
        assert "injected-parameters" in [cell["id"] for cell in node.cells]
    manifest = json.loads((small_run.folder / "manifest.json").read_text(encoding="utf-8"))
    ids = [{cell["id"] for cell in one["cells"]} for one in manifest["notebooks"]]
    assert all("injected-parameters" in each for each in ids)


@pytest.mark.parametrize("file", ["01-goal-setting.html", "client/01-goal-setting.html"])
def test_names_are_plain_text_in_html(small_run, file):
    page = Texts(read(small_run, file))
    text = "".join(page.texts)
    assert all(name in text for name in NAMES)
    assert "Names <b>&</b> x" in text  # prose of the notebook, a formula in it
    assert not [link for link in page.links if "example.org" in link]


def test_names_are_plain_text_in_pdf(small_run):
    text = "".join(
        "".join(page.extract_text().split())
        for page in PdfReader(small_run.folder / "details.pdf").pages
    )
    for name in NAMES[:5]:
        assert "".join(name.split()) in text, name
    assert text.count("客户") >= 150, "cut or without glyphs"


def test_names_are_plain_text_in_the_workbook(small_run):
    book = CalamineWorkbook.from_path(str(small_run.folder / "actions.xlsx"))
    rows = book.get_sheet_by_name("Names").to_python()
    assert rows[0] == ["Action", "Owner", "Due"] and {row[0] for row in rows[1:]} == set(NAMES)
    with zipfile.ZipFile(io.BytesIO((small_run.folder / "actions.xlsx").read_bytes())) as archive:
        sheets = "".join(
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets") and name != "xl/worksheets/sheet1.xml"
        )  # the first is the index, which leads to the others
    assert "<f>" not in sheets and "hyperlink" not in sheets


def test_names_are_plain_text_in_json_and_index(small_run):
    manifest = small_run.manifest
    assert manifest["title"] == '<i>Small</i> & "Co" #x'
    index = Texts((small_run.out / "index.html").read_text(encoding="utf-8"))
    assert (
        '<i>Small</i> & "Co" #x' in "".join(index.texts)
        and "i" not in index.tags
        and "script" not in index.tags
    )
    assert (
        "2023-06/small.only-01-02/details.pdf" in index.links
        and "02-segmentation: KeyError: 'amount'" in "".join(index.texts)
    )
    json.dumps(small_run.results)


def test_contact_data_in_free_text_are_in_no_file(small_run):
    for path in small_run.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        if path.suffix == ".pdf":
            content = "".join(page.extract_text() for page in PdfReader(path).pages).encode()
        for secret in (b"13800138000", b"li@example.com"):
            assert secret not in content, path.name


def test_the_same_input_gives_the_same_bytes(small_run, tmp_path):
    """Another run, one worker and ordinary kernels: all but the manifest is the same, byte for
    byte.
    """
    from runs import report

    home = small_run.out.parent
    again = report(
        tmp_path / "out",
        "--book",
        home / "book",
        "--notebooks",
        home / "nb",
        "--only",
        "goal-setting",
        "--only",
        "segmentation",
        "--jobs",
        "1",
        "--stock-kernels",
    )
    hashes = [
        {name: told["sha256"] for name, told in run.manifest["outputs"].items()}
        for run in (small_run, again)
    ]
    different = {name for name in hashes[0] if hashes[0][name] != hashes[1].get(name)}
    assert not different
