"""One report, one state of the data; reports that do not replace each other."""

from __future__ import annotations

import re

import making

from playbook.cli.reports import _source
from playbook.report.run import plan
from runs import report

CHANGE = """from pathlib import Path
file = Path(book) / "orders.csv"
file.write_text(file.read_text() + "late,C0,2023-06-29,7\\n")"""


def changed_meanwhile(tmp_path, *options):
    making.notebook(
        tmp_path / "nb",
        making.md("## Before?"),
        making.code('show(Text(f"{Book.open(book, month).facts().rows} rows"))'),
        making.md("## After?"),
        making.code(CHANGE),
        making.code('show(Text(f"then {Book.open(book, month).facts().rows} rows"))'),
    )
    book = making.book(tmp_path / "book")
    folders = ("--book", book, "--notebooks", tmp_path / "nb")
    return report(tmp_path / "out", *folders, "--only", "01-goal-setting", *options)


def test_a_file_changed_while_the_report_runs_changes_nothing_in_it(tmp_path):
    """The book is opened once: every chapter has the data the run began with."""
    run = changed_meanwhile(tmp_path)
    assert run.status == 0, run.said
    page = (run.folder / "01-goal-setting.html").read_text(encoding="utf-8")
    before = re.findall(r">(\d+) rows<", page)
    assert before and re.findall(r"then (\d+) rows<", page) == before
    assert run.manifest["data"][1]["rows"] == 7, "as the run found the book at its start"


def test_nor_where_every_kernel_is_a_new_interpreter(tmp_path):
    run = changed_meanwhile(tmp_path, "--stock-kernels")
    assert run.status == 0, run.said
    page = (run.folder / "01-goal-setting.html").read_text(encoding="utf-8")
    before = re.findall(r">(\d+) rows<", page)
    assert before and re.findall(r"then (\d+) rows<", page) == before


def made(home, out, **asked):
    request = plan.Request(str(making.book(home)), out=str(out), **asked)
    return plan.make(request, plan.check(request), _source(request))


def test_a_run_of_some_chapters_has_a_folder_of_its_own(tmp_path):
    assert made(tmp_path / "b", tmp_path).target == tmp_path / "2023-06" / "small"
    some = made(tmp_path / "b", tmp_path, only=("segmentation", "01-goal-setting"))
    assert some.partial and some.target == tmp_path / "2023-06" / "small.only-01-02"


def test_books_without_a_name_are_called_by_their_folders(tmp_path):
    targets = []
    for name in ("north", "south"):
        making.book(tmp_path / name)
        (tmp_path / name / "playbook.toml").write_text("", encoding="utf-8")
        request = plan.Request(str(tmp_path / name), out=str(tmp_path / "out"))
        targets.append(plan.make(request, plan.check(request), _source(request)).target.name)
    assert targets == ["north", "south"]
