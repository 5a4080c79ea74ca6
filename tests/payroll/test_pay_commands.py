"""``playbook pay``: close, status, statements, plan, as somebody at a terminal meets them."""

from __future__ import annotations

import json

import pytest

from playbook.base.errors import DataProblem, ParameterProblem
from playbook.cli.app import app
from playbook.cli.pay import pay

TOML = """
[book]
name = "shop"

[[commission_plans]]
name = "flat"
starts = 2023-01-01
accumulate = "month"
tiers = [{ lower = 0, rate = 0.1 }]
"""
ORDERS = """order_id,date,customer_id,rep_id,amount
O1,2023-03-10,C1,A,1000
O2,2023-04-30,C1,A,500
"""


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "playbook.toml").write_text(TOML, encoding="utf-8")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return folder


def run(*words: object) -> int | None:
    return app(["pay", *map(str, words)], standalone_mode=False)


def test_a_month_is_closed_looked_at_printed_and_guarded(book, capsys):
    assert run("close", "--book", book, "--month", "2023-03", "--preview") == 0
    assert "¥100.00" in capsys.readouterr().out
    assert not (book / "payroll").exists()

    assert run("close", "--book", book, "--month", "2023-03") == 0
    assert "closed and frozen" in capsys.readouterr().err
    files = {path.name for path in (book / "payroll" / "2023-03").iterdir()}
    assert files == {
        "accrual.csv",
        "amortisation.csv",
        "approval.pdf",
        "lines.csv",
        "payroll.csv",
        "payroll.json",
        "payroll.xlsx",
    }

    assert run("status", "--book", book, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["next"] == "2023-04"
    assert [(one["month"], one["payable"]) for one in said["months"]] == [("2023-03", "100.00")]

    assert run("statements", "--book", book) == 0
    assert "1 statement in" in capsys.readouterr().out
    assert (book / "payroll/statements/2023-03/A/statement-2023-03.pdf").exists()
    assert run("status", "--book", book) == 0  # statements beside the months disturb nothing

    with pytest.raises(ParameterProblem, match="2023-03 is closed already"):
        run("close", "--book", book, "--month", "2023-03")
    frozen = book / "payroll" / "2023-03" / "lines.csv"
    frozen.chmod(0o600)
    frozen.write_text("", encoding="utf-8")
    for words in (("status",), ("close", "--month", "2023-04"), ("statements",)):
        with pytest.raises(DataProblem, match="changed after the month was closed"):
            run(words[0], "--book", book, *words[1:])


def test_the_plan_is_printed_where_asked(book, tmp_path, capsys):
    assert run("plan", "--book", book, "--out", tmp_path / "plans") == 0
    assert capsys.readouterr().out.strip().endswith("plan-flat.pdf")
    assert (tmp_path / "plans" / "plan-flat.pdf").read_bytes()[:5] == b"%PDF-"


def test_nothing_is_frozen_in_the_sample():
    with pytest.raises(ParameterProblem, match="no --book"):
        run("close", "--month", "2023-09")
    with pytest.raises(ParameterProblem, match="no --book"):
        run("statements", "--month", "2023-09")


def test_every_command_says_what_it_does():
    assert all(command.callback.__doc__ for command in pay.registered_commands)
