"""What the whole book is told by its files: currency, language, stages, fiscal year, time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from playbook.base.formats import joined
from playbook.base.language import english, say
from playbook.data.tables import TABLES

from .files import Found
from .plan import SourcePlan, TablePlan, headers_in
from .profile import Profile
from .references import unknown_share

SIGNS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "円": "JPY"}
CODES = re.compile(
    r"\b(CNY|RMB|USD|EUR|GBP|JPY|HKD|TWD|SGD|AUD|NZD|CAD|CHF|SEK|NOK|DKK|PLN|INR|BRL|ZAR|KRW)\b"
)
WORDS = {
    "人民币": "CNY",
    "rmb": "CNY",
    "us dollar": "USD",
    "euro": "EUR",
    "美元": "USD",
    "欧元": "EUR",
    "港币": "HKD",
    "日元": "JPY",
}
OFFSET = r".*\d{2}:\d{2}.*(Z|UTC|[+-]\d{2}:?\d{2})"


@dataclass(frozen=True)
class BookFacts:
    """The lines of [book] with their reasons; empty where nothing tells."""

    currency: str
    currency_why: str
    language: str
    stages: tuple[str, ...] = ()
    stages_why: str = ""
    fiscal_start: int = 0
    fiscal_why: str = ""
    zone: str = ""
    zone_why: str = ""
    unknown: float = 0.0
    warns: tuple[str, ...] = ()


def facts_of(sources: list[SourcePlan], tables: list[TablePlan]) -> BookFacts:
    """What the files say about the book."""
    found = [source.found for source in sources]
    language = language_of(found)
    currency, why, several = currency_of(tables, language)
    home = next((source.home for source in sources if source.home), {})
    if home and english(why).startswith("no sign"):
        currency, why = (
            home["currency"],
            say("no sign in the files: where the system is at home; check"),
        )
    deals = next(
        (p for p in tables if p.table == "opportunities" and p.stages and not p.open_), None
    )
    start, fiscal_why = fiscal_start(found)
    zone, zone_why = _zone(sources, tables, language, currency)
    if home:
        zone, zone_why = (
            home["zone"],
            say("where the system is at home: its moments are counted by this clock"),
        )
    warns = (
        (
            say(
                "several currencies ({several}): amounts are never added up across"
                " them; give rates per month in a table `rates`",
                several=joined(several),
            ),
        )
        if len(several) > 1
        else ()
    )
    return BookFacts(
        currency,
        why,
        language,
        deals.stages if deals else (),
        _stages_why(deals) if deals else "",
        start,
        fiscal_why,
        zone,
        zone_why,
        unknown_share(tables),
        warns,
    )


def _stages_why(deals: TablePlan) -> str:
    if deals.stages_sure:
        return say("in order; the last one is a win")
    return say("in order by their names: check it; the last one is a win")


def one_currency(plan: TablePlan) -> TablePlan:
    """The table without its column of currencies, where it names one only: the book's."""
    line = plan.line("currency")
    column = _column(plan, line.said) if line else None
    if column is None or column.different > 1:
        return plan
    return replace(plan, lines=tuple(one for one in plan.lines if one is not line))


def currency_of(tables: list[TablePlan], language: str) -> tuple[str, str, list[str]]:
    """The currency that a column, signs or codes show, why, and all that a column names."""
    for plan in tables:
        line = plan.line("currency")
        column = _column(plan, line.said) if line else None
        if column is not None and column.top:
            codes = [c for word in column.top if (c := code_of(word))]
            if codes:
                why = say("in column {column}", column=column.name)
                return codes[0], why, list(dict.fromkeys(codes))
    for plan in tables:
        kinds = {c.name: c.kind for c in TABLES[plan.table].columns}
        for line in plan.lines:
            if kinds.get(line.column) != "money":
                continue
            column = _column(plan, line.said)
            if column is None:
                continue
            for sign, code in SIGNS.items():
                if _mostly(column, lambda text, sign=sign: sign in text):  # type: ignore[misc]
                    return code, say("{sign} in {column}", sign=sign, column=column.name), []
            for text in [column.name, *column.top[:20]]:
                named = CODES.search(text)
                if named and _mostly(column, lambda said, code=named[1]: code in said):  # type: ignore[misc]
                    why = say("{sign} in {column}", sign=named[1], column=column.name)
                    return code_of(named[1]), why, []
    if language == "zh":
        return "CNY", say("no sign in the files: Chinese headers; check"), []
    return "USD", say("no sign in the files: check"), []


def _mostly(column: Profile, says: Callable[[str], bool]) -> bool:
    """Whether a header or more than half of the cells say it: one amount in euro among many without
    a sign does not make them all euro.
    """
    told = sum(says(value) for value in column.some)
    return says(column.name) or 2 * told > len(column.some) > 0


def code_of(word: str) -> str:
    """The ISO code a word of a currency column means; empty where it means none."""
    text = word.strip().casefold()
    if text in WORDS:
        return WORDS[text]
    found = CODES.search(word.upper())
    return ("CNY" if found[1] == "RMB" else found[1]) if found else SIGNS.get(word.strip(), "")


def _column(plan: TablePlan, said: object) -> Profile | None:
    names = headers_in(said)
    return next((c for c in plan.found.columns if names and c.name == names[0]), None)


def language_of(found: list[Found]) -> str:
    """zh when most headers hold Chinese characters."""
    headers = [c.name for one in found for c in one.columns]
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", header)) for header in headers)
    return "zh" if headers and chinese * 2 > len(headers) else "en"


def _zone(
    sources: list[SourcePlan], tables: list[TablePlan], language: str, currency: str
) -> tuple[str, str]:
    stated = any("zone" in source.more for source in sources)
    moments = False
    for plan in tables:
        named = [_column(plan, line.said) for line in plan.lines]
        for column in (*named, *(plan.found.columns if plan.sql else ())):
            if column is not None and len(column.filled):
                moments = moments or bool(column.filled.head(50).str.fullmatch(OFFSET).mean() > 0.8)
    if not moments and not stated:
        return "", ""
    if language == "zh" or currency == "CNY":
        return "Asia/Shanghai", say(
            "days are counted by China's clock; the files name other offsets"
        )
    if stated:
        return "UTC", say("as the files are written: name your own zone, such as Europe/Berlin")
    return "", say("the files name a distance from UTC: name your zone, or days stay as written")


def fiscal_start(found: list[Found]) -> tuple[int, str]:
    """The month the fiscal year starts in, where a column of fiscal quarters beside a day proves
    it; 0 where none does.
    """
    for one in found:
        for column in one.columns:
            if "fiscal" not in column.name.casefold() and "财" not in column.name:
                continue
            quarters = column.values.astype("string").str.extract(r"[Qq]([1-4])")[0]
            for day in one.columns:
                if day.dates > 0.8 and (start := _start(quarters, day)):
                    return start, say("{quarter} beside {day}", quarter=column.name, day=day.name)
    return 0, ""


def _start(quarters: pd.Series, day: Profile) -> int:
    months = pd.to_datetime(day.values, errors="coerce", format="mixed").dt.month
    both = pd.DataFrame({"q": pd.to_numeric(quarters, errors="coerce"), "m": months}).dropna()
    if both["q"].nunique() < 3:
        return 0
    fits = [
        start
        for start in range(1, 13)
        if (((both["m"] - start) % 12) // 3 + 1 == both["q"]).mean() > 0.97
    ]
    return fits[0] if len(fits) == 1 else 0
