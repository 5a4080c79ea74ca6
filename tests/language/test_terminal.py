"""The commands speak the language of the terminal, whatever the books are in."""

from __future__ import annotations

import gettext
import io
import re
from typing import get_args

import pytest
import typer

from playbook.base.language import speaking, use_language
from playbook.cli import app
from playbook.cli.help_words import cells, say_help, wrapped
from playbook.cli.intake import KINDS
from playbook.cli.spoken import choose, say, speak_here
from playbook.data.table_specs import Kind


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "")
    speak_here("zh")
    yield
    speak_here(None)
    gettext.textdomain("messages")
    use_language("en")


def test_the_option_goes_before_the_variable_and_that_before_the_terminal():
    terminal = {"LANG": "zh_CN.UTF-8"}
    assert choose(["report"], terminal) == "zh"
    assert choose(["report"], {**terminal, "PLAYBOOK_LANGUAGE": "en"}) == "en"
    assert choose(["--language", "zh", "report"], {"PLAYBOOK_LANGUAGE": "en"}) == "zh"
    assert choose(["--language=zh"], {}) == "zh"
    assert choose(["report", "--language", "zh"], {}) == "en"  # of the pages
    assert choose(["--language", "fr"], {"LC_ALL": "C", "LANG": "zh_CN"}) == "en"


def test_a_book_of_another_language_changes_no_word_of_the_commands(chinese):
    use_language("en")  # what opening an English book does
    assert say("print as JSON") == "以JSON输出"


def test_what_a_run_says_on_the_terminal_is_not_in_the_language_of_its_pages():
    from playbook.report.batch import watching as batches
    from playbook.report.batch.look import Row
    from playbook.report.record.results import Outcome
    from playbook.report.run import progress

    stream = io.StringIO()
    done = Outcome(name="01-goal-setting", cells=[{}, {}], seconds=1.26)
    with speaking("zh"), progress.watching(["01-goal-setting"], stream, spoken="en") as watch:
        watch.finished(done)
        watch.printing()
    with speaking("en"), progress.watching(["01-goal-setting"], stream, spoken="zh") as watch:
        watch.finished(done)
        watch.printing()
    with speaking("zh"), batches.watching(stream, spoken="en") as watch:
        watch.checked("north", 1, 2)
        watch.finished(Row("north", "2023-09", "north", "ok", seconds=2.04), 2, 2)
    assert stream.getvalue().splitlines() == [
        "[1/1] 01-goal-setting: ok, 2 cells in 1.3 s",
        "printing the pack",
        "[1/1] 01-goal-setting：正常，2格，1.3秒",
        "正在排印月报包",
        "[1/2] north: checked",
        "[2/2] 2023-09 north: ok, 2.0 s",
    ]


def test_help_of_every_command_and_option_is_said(chinese):
    command = typer.main.get_command(app)
    say_help(command)
    left = list(_english(command, "playbook"))
    assert not left


def _english(command, name):
    for text in [command.help, *(getattr(option, "help", "") for option in command.params)]:
        if text and text != "Show this message and exit." and not re.search(r"[一-鿿]", text):
            yield name, text
    for below, inner in getattr(command, "commands", {}).items():
        yield from _english(inner, f"{name} {below}")


def test_arguments_and_types_of_help_are_in_chinese(chinese):
    command = typer.main.get_command(app)
    say_help(command)
    for name, said in (("diff", "{前一期} {后一期}"), ("report", "--jobs <整数>  ")):
        below = command.commands[name]
        page = below.get_help(typer.Context(below, info_name=name)).replace("\u200b", "")
        assert said in page and "选项：\n" in page
        assert not re.search(r"<[a-z]", page)


def test_lines_of_help_are_as_wide_as_told():
    text = "把笔记本复制到您的文件夹，供运行或修改，见playbook lab。"
    assert wrapped(text, 20).split("\n") == [
        "把笔记本复制到您的文",
        "件夹，供运行或修改，",
        "见playbook lab。",
    ]
    assert cells("见playbook") == 10


def test_every_kind_of_column_is_said():
    assert set(KINDS) == set(get_args(Kind))
