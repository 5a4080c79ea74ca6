"""`playbook init` and `playbook tables` as they are typed."""

from __future__ import annotations

import json
import signal
import sys
import tomllib
from unittest import mock

import exports
import pytest

from playbook import cli
from playbook.data.tables import TABLES


def run(capsys, *words: str) -> tuple[int, str, str]:
    """The command in this process, without what only a process of its own may do."""
    path, handler = list(sys.path), signal.getsignal(signal.SIGTERM)
    with (
        mock.patch.object(sys, "argv", ["playbook", *words]),
        mock.patch("playbook.cli.block_slow_imports"),
        pytest.raises(SystemExit) as left,
    ):
        cli.main()
    sys.path[:] = path
    signal.signal(signal.SIGTERM, handler)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_init_writes_only_when_told(tmp_path, capsys):
    exports.frame(exports.DEALS["Zoho CRM"]).to_csv(tmp_path / "deals.csv", index=False)
    status, out, err = run(capsys, "init", str(tmp_path))
    assert status == 0 and not (tmp_path / "playbook.toml").exists()
    assert "nothing was written" in err and "[tables.opportunities]" in out
    status, out, err = run(capsys, "init", str(tmp_path), "--yes")
    assert status == 0 and "deals.csv → opportunities (Zoho CRM export): " in err
    text = (tmp_path / "playbook.toml").read_text(encoding="utf-8")
    assert "# report month: 2023-" in text and tomllib.loads(text)
    assert "The pack will hold: sales by month" in err
    assert "What would add most: stage_events (conversion from stage to stage" in err
    status, _, err = run(capsys, "init", str(tmp_path), "--yes")
    assert status == 2 and "is there already" in err


def test_init_of_a_place_that_is_not_there(tmp_path, capsys):
    status, _, err = run(capsys, "init", str(tmp_path / "nothing"), "--yes")
    assert status == 2 and "no " in err and "a folder or file" in err


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_the_contract_says_what_it_means(table, capsys):
    status, out, _ = run(capsys, "tables", table, "--json")
    rows = json.loads(out)
    spec = TABLES[table]
    assert status == 0
    assert [row["column"] for row in rows] == [c.name for c in (*spec.columns, *spec.inputs)]
    assert all(row["meaning"] and row["example"] and row["kind"] for row in rows)


def test_tables_tells_a_slip_of_the_name(capsys):
    status, _, err = run(capsys, "tables", "ordres")
    assert status == 2 and "did you mean 'orders'" in err
