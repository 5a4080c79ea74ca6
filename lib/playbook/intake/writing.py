"""The proposal as a playbook.toml that a person reads and edits: each line with its reason."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playbook.data.tables import TABLES

from .derive import Deals, deals, deals_sql, name, outcome_sql
from .files import Found
from .headers import normal
from .matching import CLOSE, Placed

PROFIT = {"profit", "gross profit", "margin amount", "利润", "毛利", "毛利额"}
LANGUAGES = {"zh": "Chinese", "en": "English"}
SYMBOLS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}


def written(placed: list[Placed], rest: list[Found], folder: Path) -> str:
    """The text of playbook.toml for the files placed; the others stand in it as comments."""
    lines = [
        "# Written by `playbook init`: read it, change what is wrong, then `playbook check`.",
        "",
        "[book]",
        f"name = {json.dumps(_safe(folder.name))}",
    ]
    currency, why = currency_of(placed)
    lines.append(f"currency = {json.dumps(currency)}  # {why}")
    language = language_of(placed)
    lines.append(f'language = "{language}"  # most headers are {LANGUAGES[language]}')
    sold = next((p for p in placed if p.table == "opportunities"), None)
    read = deals(sold) if sold else None
    if read:
        sure = "by their names: check the order" if read.guessed else "as they stand"
        lines.append(f"stages = {_list(read.stages)}  # {sure}; the last one is a win")
    lines += ["# fiscal_year_start = 1  # the month the fiscal year starts in", ""]
    for p in placed:
        lines += [*_source(p.found), *_table(p, read), ""]
    for found in rest:
        lines += _not_placed(found)
    return "\n".join(lines).rstrip() + "\n"


def currency_of(placed: list[Placed]) -> tuple[str, str]:
    """The currency that signs or codes in the money columns show, and why."""
    for p in placed:
        for match in p.matches:
            kinds = {c.name: c.kind for c in TABLES[p.table].columns}
            if kinds.get(match.column) == "money":
                profile = next(c for c in p.found.columns if c.name == match.header)
                seen = " ".join([match.header, *profile.top[:20]])
                for sign, code in SYMBOLS.items():
                    if sign in seen:
                        return code, f"{sign} in {match.header}"
                if code_seen := re.search(r"\b(CNY|USD|EUR|GBP|JPY|HKD)\b", seen):
                    return code_seen[1], f"{code_seen[1]} in {match.header}"
    chinese = language_of(placed) == "zh"
    return (
        ("CNY", "no sign in the files: Chinese headers; check")
        if chinese
        else ("USD", "no sign in the files: check")
    )


def language_of(placed: list[Placed]) -> str:
    """zh when most headers hold Chinese characters."""
    headers = [c.name for p in placed for c in p.found.columns]
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", header)) for header in headers)
    return "zh" if headers and chinese * 2 > len(headers) else "en"


def _source(found: Found) -> list[str]:
    out = [f"[sources.{found.name}]"]
    for key, value in found.settings.model_dump(exclude_defaults=True, by_alias=True).items():
        reason = {
            "dates": "  # the values prove it",
            "decimal": "  # 1.234,56 in the values",
            "skip": "  # titles above the header",
        }
        shown = (
            json.dumps(value, ensure_ascii=False) if not isinstance(value, dict) else _inline(value)
        )
        out.append(f"{key} = {shown}{reason.get(key, '')}")
    return out


def _table(p: Placed, read: Deals | None) -> list[str]:
    out = ["", f"[tables.{p.table}]  # {TABLES[p.table].grain}: {_sureness(p.score)}"]
    if p.table == "opportunities" and read is not None:
        within = f"(SELECT *, {outcome_sql(read)} AS _outcome FROM {p.found.name})"
        out += _query(p, deals_sql(p, read), within)
    else:
        made = _made(p)
        sure = [m for m in p.matches if m.sure and m.column != CLOSE]
        if made:
            plain = [(m.column, name(m.header), f"their {m.header}") for m in sure]
            out += _query(p, [*plain, *made])
        else:
            pairs = ", ".join(
                f"{m.column} = {json.dumps(m.header, ensure_ascii=False)}" for m in sure
            )
            out += [f'from = "{p.found.name}"', f"columns = {{ {pairs} }}"]
    for m in p.questions:
        also = f" or {', '.join(m.others)}" if m.others else ""
        out.append(f"# {m.column} = {_text(m.header)}{also}?  # {_sureness(m.score)}")
    used = {m.header for m in p.matches}
    left = [c.name for c in p.found.columns if c.name not in used]
    if left:
        out.append(f"# not used: {', '.join(left)}")
    return out


def _made(p: Placed) -> list[tuple[str, str, str]]:
    """Required columns that are made: a number for each row, the metric of targets."""
    got = {m.column for m in p.matches if m.sure}
    made = []
    if p.table == "orders" and "order_id" not in got:
        made.append(
            ("order_id", "'R' || row_number() OVER ()", "no order number: each row is one order")
        )
    if p.table == "orders" and "cost" not in got and (profit := _profit(p)):
        amount = next(m.header for m in p.matches if m.column == "amount")
        cost = f"CAST({name(amount)} AS DECIMAL(18,4)) - CAST({name(profit)} AS DECIMAL(18,4))"
        made.append(("cost", cost, f"amount less {profit}"))
    if p.table == "orders" and "customer_id" not in got:
        made.append(("customer_id", "'not named'", "no customer: customers cannot be told apart"))
    if p.table == "activities" and "activity_id" not in got:
        made.append(
            ("activity_id", "'A' || row_number() OVER ()", "no number: each row is one contact")
        )
    if p.table == "targets" and "metric" not in got:
        made.append(("metric", "'sales'", "no metric named: sales"))
    return made


def _profit(p: Placed) -> str:
    """A column of gross profit, from which the cost follows; only where both are plain numbers."""
    amount = next((m.header for m in p.matches if m.column == "amount" and m.sure), "")
    profiles = {c.name: c for c in p.found.columns}
    found = next((h for h in profiles if normal(h) in PROFIT), "")
    plain = r"-?\d+(\.\d+)?"
    both = (
        found
        and amount
        and all(profiles[h].filled.str.fullmatch(plain).all() for h in (found, amount))
    )
    return found if both else ""


def _query(p: Placed, columns: list[tuple[str, str, str]], within: str = "") -> list[str]:
    body = [
        f"  {sql} AS {ours}{',' if i < len(columns) - 1 else ''}  -- {reason}"
        for i, (ours, sql, reason) in enumerate(columns)
    ]
    return ["sql = '''", "SELECT", *body, f"FROM {within or p.found.name}", "'''"]


def _not_placed(found: Found) -> list[str]:
    if found.problems:
        said = "; ".join(problem.found for problem in found.problems)
        return [f"# {found.label} cannot be read: {said}"]
    columns = ", ".join(c.name for c in found.columns)
    return [
        f"# {found.label}: which table is it? Its columns: {columns}",
        f"# [sources.{found.name}]",
        f"# file = {json.dumps(found.settings.file, ensure_ascii=False)}",
    ]


def _sureness(score: float) -> str:
    return "sure" if score >= 3 else ("likely" if score >= 1 else f"{score:.0%} sure")


def _text(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _list(values: tuple[str, ...]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _inline(values: dict[str, str]) -> str:
    pairs = ", ".join(
        f"{json.dumps(k, ensure_ascii=False)} = {json.dumps(v)}" for k, v in values.items()
    )
    return f"{{ {pairs} }}"


def _safe(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip("-.") or "book"
