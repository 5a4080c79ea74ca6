"""`playbook init` on a terminal that speaks Chinese: the same mapping as in English, and no English
sentence.
"""

from __future__ import annotations

import gettext
import re
import tomllib
from pathlib import Path

import exports
import pytest
from test_commands import run

from playbook.base.language import say, speaking
from playbook.cli.spoken import speak_here
from playbook.data.tables import TABLES
from playbook.intake.systems import exports as known_exports
from playbook.intake.toolbox import sheets

ORDERS = "订单号,订单日期,客户,产品,订单总额\n" + "".join(  # each line: the order's total
    f"O{i},2023-0{1 + i % 5}-1{i},客户{i % 4},{product},{1000 + 100 * i}\n"
    for i in range(8)
    for product in ("水泵", "阀门")
)
TARGETS = "区域," + ",".join(f"{month}月" for month in range(1, 13)) + "\n华东" + ",90000" * 12
OTHERS = {"订单.csv": ORDERS, "2023年销售目标.csv": TARGETS, "零散.csv": "甲,乙\n一,二\n"}
CODE = re.compile(  # commands, heads of tables, options, values, headers, files, keys
    r'`[^`]*`|\[[^]]+\]|--[a-z]+|"[^"]*"|“[^”]*”|\S+\.(?:csv|docx|toml)|\b[a-z_]+ = '
)
WORD = re.compile(r"[A-Za-z][A-Za-z_]+")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Exports of a known system and of none, one that is no table of ours and one that is none."""
    place = tmp_path / "华东公司"
    place.mkdir()
    exports.frame(exports.DEALS["纷享销客"]).to_csv(place / "商机.csv", index=False)
    for name, text in {**OTHERS, "空.csv": "", "说明.docx": "说明"}.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def init(folder: Path, capsys, language: str) -> tuple[int, str, list[str]]:
    """Exit status, the playbook.toml, and what was said: on the terminal and in comments."""
    try:
        status, out, err = run(capsys, "--language", language, "init", str(folder), "--yes")
    finally:
        speak_here(None)
        gettext.textdomain("messages")
    path = folder / "playbook.toml"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    comments = [line.partition("# ")[2] for line in text.splitlines()]
    return status, text, [*comments, *out.splitlines(), *err.splitlines()]


def test_init_says_everything_in_chinese_and_maps_as_in_english(folder, capsys, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "")
    _, english, _ = init(folder, capsys, "en")
    status, chinese, said = init(folder, capsys, "zh")
    mapped = tomllib.loads(chinese)
    assert status == 0  # green in `playbook check`
    assert mapped == tomllib.loads(english)
    assert set(mapped["tables"]) == {"orders", "opportunities", "targets"}
    names = {*TABLES, *(c.name for t in TABLES.values() for c in (*t.columns, *t.inputs))}
    names |= {"RFM", "ABC", "CNY"}
    left = {
        line: words
        for line in said
        if (words := [w for w in WORD.findall(CODE.sub("", line)) if w not in names])
    }
    assert not left
    text = "\n".join(said)
    assert "订单.csv → orders：5列" in text
    assert '  请核对amount = { column = "订单总额", once = "订单号" }：整单金额' in text
    assert "零散.csv → 未对应：是哪张表？" in text and "未查看：说明.docx" in text
    assert "月报包将包含：各月销售额" in text


def test_every_preset_speaks_chinese():
    said = [
        text
        for export in known_exports()
        for table in (export.raw, *export.raw.get("also", ()))
        for text in (table["name"], *table.get("warns", ()))
    ]
    with speaking("zh"):
        chinese = {text: CODE.sub("", say(text)) for text in said}
    assert len(chinese) > 130
    sentence = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")  # headers and names begin in capitals
    assert not {text: told for text, told in chinese.items() if sentence.search(told)}
    warnings = {w for export in known_exports() for w in export.raw.get("warns", ())}
    assert not {w for w in warnings if not re.search("[\u4e00-\u9fff]", chinese[w])}


def test_hints_of_the_chinese_toolbox_name_no_table_of_ours():
    notes = {column.note for sheet in sheets("zh") for column in sheet.columns if column.note}
    assert len(notes) > 60 and "上级的姓名" in notes
    assert not {note for note in notes if WORD.search(note)}
