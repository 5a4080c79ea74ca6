"""The proposal as a playbook.toml that a person reads and edits: each line with its reason."""

from __future__ import annotations

import json
import re
from typing import Any

from playbook.base.formats import joined
from playbook.base.language import later, say
from playbook.data.tables import TABLES

from .facts import BookFacts
from .files import Found
from .plan import SourcePlan, TablePlan

LANGUAGES = later({"zh": "most headers are Chinese", "en": "most headers are English"})
SOURCE_REASONS = later(
    {
        "dates": "the values prove it",
        "decimal": "1.234,56 in the values",
        "encoding": "a guess by its letters: check umlauts and accents",
        "skip": "titles above the header",
        "sheet": "",
        "delimiter": "",
        "header": "the file's own header names a column twice, or none",
    }
)


def written(
    name: str, facts: BookFacts, sources: list[SourcePlan], tables: list[TablePlan],
    rest: list[tuple[Found, str]],
) -> str:  # fmt: skip
    """The text of playbook.toml; what could not be placed stands in it as comments."""
    lines = [
        _comment(
            say("Written by `playbook init`: read it, change what is wrong, then `playbook check`.")
        ),
        "",
        "[book]",
        f"name = {value(safe(name))}",
        f"currency = {value(facts.currency)}  # {facts.currency_why}",
        f"language = {value(facts.language)}  # {say(LANGUAGES[facts.language])}",
    ]
    if facts.stages:
        lines.append(f"stages = {value(list(facts.stages))}  # {facts.stages_why}")
    lines += _or_asked("fiscal_year_start", facts.fiscal_start, facts.fiscal_why)
    if facts.zone:
        lines.append(f"time_zone = {value(facts.zone)}  # {facts.zone_why}")
    elif facts.zone_why:
        lines.append(f'# time_zone = "Europe/Berlin"  # {facts.zone_why}')
    if facts.unknown:
        share = min(1.0, round(facts.unknown + 0.01, 2))
        why = say(
            "{unknown:.1%} of a column's references name no row: add the rows that are missing",
            unknown=facts.unknown,
        )
        lines.append(f"unknown_share = {share}  # {why}")
    lines += [f"# {warning}" for warning in facts.warns]
    lines.append("")
    asked = {
        str(line.said["look_up"])
        for plan in tables
        for line in plan.lines
        if isinstance(line.said, dict) and "look_up" in line.said
    }
    used = asked | {plan.found.name for plan in tables}
    for source in sources:
        mine = [plan for plan in tables if plan.found is source.found]
        if source.found.name not in used:
            continue
        lines += _source(source, commented=bool(mine) and all(plan.open_ for plan in mine))
        for plan in mine:
            lines += ["", *_table(plan)]
        lines.append("")
    for found, why in rest:
        lines += _not_placed(found, why)
    return "\n".join(lines).rstrip() + "\n"


def _or_asked(name: str, given: int, why: str) -> list[str]:
    if given:
        return [f"{name} = {given}  # {why}"]
    why = say("the month the fiscal year starts in: January unless you say so")
    return [f"# {name} = 1  # {why}"]


def _source(source: SourcePlan, *, commented: bool) -> list[str]:
    found = source.found
    out = [f"[sources.{key(found.name)}]"]
    given = found.settings.model_dump(exclude_defaults=True, by_alias=True)
    more = dict(source.more)
    if "dates" in given and "dates" in more:
        given["dates"] = {**_by_column(found, given["dates"]), **more.pop("dates")[0]}
    for name, said in given.items():
        reason = say(SOURCE_REASONS.get(name, ""))
        out.append(f"{name} = {value(said)}" + (f"  # {reason}" if reason else ""))
    out += [f"{name} = {value(said)}  # {why}" for name, (said, why) in more.items()]
    if commented and _called_a_table(found):
        return [
            *out,
            _comment(say("named here so that it is not taken for the table of its name")),
        ]
    return [f"# {line}" for line in out] if commented else out


def _called_a_table(found: Found) -> bool:
    """Whether the file would be read as a table by its name alone."""
    return re.sub(r"[\s-]+", "_", found.path.stem.strip()).casefold() in TABLES


def _by_column(found: Found, dates: Any) -> dict[str, str]:
    if isinstance(dates, dict):
        return dates
    return {c.name: dates for c in found.columns if c.dates > 0.8}


def _table(plan: TablePlan) -> list[str]:
    why = say("{grain}: {sure}", grain=say(TABLES[plan.table].grain), sure=plan.sure)
    out = [f"[tables.{plan.table}]  # {why}"]
    out += [_comment(say("note: {warning}", warning=warning)) for warning in plan.warns]
    if plan.sql:
        out += ["sql = '''", plan.sql.strip(), "'''"]
    else:
        out.append(f"from = {value(plan.found.name)}")
        if plan.where:
            condition = " AND ".join(f"({said})" for said, _ in plan.where)
            reasons = joined((why for _, why in plan.where), "; ")
            out.append(f"where = {literal(condition)}  # {reasons}")
        out += [f"{name} = {value(said)}" for name, said in plan.more.items()]
        out.append(f"[tables.{plan.table}.columns]")
        out += [f"{one.column} = {value(one.said)}  # {one.reason}" for one in plan.lines]
    for column, words in plan.values.items():
        if words:
            out.append(f"[tables.{plan.table}.values.{column}]  # {say('theirs = ours')}")
            out += [f"{value(theirs)} = {value(ours)}" for theirs, ours in words.items()]
    if plan.open_:
        out = [f"# {line}" for line in out]
        lacking = joined(plan.open_)
        told = say("Not sure enough to be used: no column for {columns}.", columns=lacking)
        out.insert(0, _comment(told))
    out += [f"# {ask}" for ask in plan.asks]
    if plan.left:
        out.append(_comment(say("not used: {columns}", columns=joined(plan.left))))
    return [one.replace("\n", " ") if one.startswith("#") else one for one in out]


def _not_placed(found: Found, why: str) -> list[str]:
    columns = joined(c.name for c in found.columns[:40])
    told = _comment(say("{label}: {why}", label=found.label, why=why))
    if columns and _called_a_table(found):
        return [told, *_source(SourcePlan(found), commented=True), ""]
    if not columns:
        return [told]
    return [
        told,
        _comment("  " + say("its columns: {columns}", columns=columns)),
        f"#   [sources.{key(found.name)}]",
        f"#   file = {value(found.settings.file)}",
    ]


def _comment(text: str) -> str:
    """A line of comment; a line break in a name of the data would end it."""
    return "# " + text.replace("\n", " ")


def value(said: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(said, dict):
        return "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in said.items()) + " }"
    if isinstance(said, (list, tuple)):
        return "[" + ", ".join(value(v) for v in said) + "]"
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, str) and "\\" in said and "'" not in said and said.isprintable():
        return f"'{said}'"
    if isinstance(said, str):
        return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(said)


def literal(said: str) -> str:
    """A text as TOML writes it, without escapes where it can be."""
    return f"'''{said}'''" if "'''" not in said else json.dumps(said, ensure_ascii=False)


def key(said: str) -> str:
    """A key as TOML writes it."""
    return said if re.fullmatch(r"[A-Za-z0-9_-]+", said) else value(str(said))


def safe(text: str) -> str:
    """A name that a folder can have."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")[:60] or "book"
