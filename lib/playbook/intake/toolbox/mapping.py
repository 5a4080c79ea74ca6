"""The playbook.toml of a toolbox workbook: which sheet is which table, column by column."""

from __future__ import annotations

import json

from playbook.base.language import say, speaking

from .spec import Column, Language, Sheet, sheets, words

HEAD = {
    "zh": "# 工具箱工作簿的映射：每张填写表对应一张数据表；“（示例）”表不读取。\n",
    "en": "# How the toolbox workbook is read: each sheet to fill in is a table; examples are not"
    " read.\n",
}
CURRENCY = {"zh": "CNY", "en": "USD"}
# The day a deal entered each stage stands in a column of its own, headed by the stage.
ENTERED = {"zh": r"^(.+)（进入日期）$", "en": r"^(.+) \(entered\)$"}


def settings_text(file: str, language: Language) -> str:
    """The text of a playbook.toml that reads the toolbox workbook ``file`` beside it."""
    with speaking(language):
        why = say("ISO code of every amount")
    parts = [
        HEAD[language],
        "[book]",
        f"currency = {_said(CURRENCY[language])}  # {why}",
        f"language = {_said(language)}",
        f"stages = {_said(list(words('stage', language)))}",
    ]
    for sheet in sheets(language):
        parts += ["", f"[sources.{sheet.id}]", f"file = {_said(file)}"]
        parts += [f"sheet = {_said(sheet.name)}", "form = true"]
        parts += [line for table in sheet.tables for line in _table(sheet, table, language)]
    return "\n".join(parts) + "\n"


def _table(sheet: Sheet, table: str, language: Language) -> list[str]:
    lines = ["", f"[tables.{table}]", f"from = {_said(sheet.id)}"]
    if table == "stage_events":
        deal = next(c for c in sheet.columns if ("opportunities", "opportunity_id") in c.to)
        turned = f"headers = {_said(ENTERED[language])}, name = 'stage', value = 'entered_at'"
        return [
            *lines,
            f"columns = {{ opportunity_id = {_said(deal.heading)} }}",
            f"long = {{ {turned} }}",
        ]
    own = [(name, column) for column in sheet.columns for t, name in column.to if t == table]
    said = [f"{name} = {_said(column.heading)}" for name, column in own]
    if table in ("reps", "customers"):  # people and customers are known by their names
        said += [f"name = {_said(own[0][1].heading)}"]
    if (
        table == "key_results"
    ):  # attainment of the period is measured from nothing, as the tool does
        said += ["baseline = { value = 0 }"]
    if table == "activities":  # nobody numbers what was said
        said += ['activity_id = { row = "A" }']
    joined = [column.heading for column in sheet.columns if column.part]
    said += [f"key_result = {{ id = {_said(joined)} }}"] if joined else []
    lines.append(f"columns = {{ {', '.join(said)} }}")
    return lines + [_values(name, column) for name, column in own if _differs(column)]


def _differs(column: Column) -> bool:
    return column.kind != "flag" and bool(column.choices) and not _names_itself(column)


def _names_itself(column: Column) -> bool:
    """Whether the words of the list are the book's own, as those of its stages are."""
    return any(name in ("stage", "objective") for _, name in column.to)


def _values(name: str, column: Column) -> str:
    pairs = ", ".join(f"{_said(word)} = {_said(ours)}" for word, ours in column.choices)
    return f"values.{name} = {{ {pairs} }}"


def _said(value: str | list[str]) -> str:
    """A value as TOML writes it; its basic strings are those of JSON."""
    return json.dumps(value, ensure_ascii=False)
