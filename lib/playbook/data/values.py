"""Numbers, money, flags and words as files write them, as SQL that reads a text or gives nothing;
nothing is guessed.
"""

from __future__ import annotations

import re

from playbook.base.formats import SYMBOLS, joined
from playbook.base.language import say

from .tables import SQL_TYPE, ColumnSpec

# words for a missing value in numbers, days, flags and closed vocabularies, in any case
NOT_GIVEN = ("na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "–", "—", "——")
LONGEST = max(len(word.encode()) for word in NOT_GIVEN)  # bytes
YES = ("yes", "y", "true", "t", "1", "1.0", "on", "是", "对", "有")
NO = ("no", "n", "false", "f", "0", "0.0", "off", "否", "不", "无")
ANY = "*"  # in place of a currency: any sign
CODES = {"CNY": ("¥", "￥", "元", "CNY", "RMB", "CN¥"), "JPY": ("¥", "￥", "円", "JPY")}
YEAR, QUARTER, MONTH = r"\d{4}", r"\d{4}-?[Qq][1-4]", r"\d{4}-(0[1-9]|1[0-2])(-01)?"
UNSIGNED = r"(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d{1,2})?"  # 1e400 and 1e-400 are slips, no numbers
UNSIGNED_GROUPED = r"[1-9]\d{0,2}(,\d{3})+([.]\d+)?"  # a group never begins with nought: 0,500
PLAIN, GROUPED = "[+-]?" + UNSIGNED, "[+-]?" + UNSIGNED_GROUPED
# what a word behind an amount multiplies it by
UNITS = {
    "thousand|K|k|千": 1_000,
    "million|mio|Mio|mn|M|m|百万": 1_000_000,
    "billion|bn|B|b": 1_000_000_000,
    "千万": 10_000_000,
    "万|萬": 10_000,
    "亿|億": 100_000_000,
}
UNIT = f"(?:{'|'.join(UNITS)})"
ACCOUNT = r"[.]? ?([CcDd][Rr])[.]?$"  # credit and debit, as on a customer's account
WIDE = "０１２３４５６７８９．，＋－（）％−", "0123456789.,+-()%-"  # full-width forms of the same


def one_of(c: str, words: tuple[str, ...]) -> str:
    """SQL: whether text ``c`` is one of the words, in any case; one pattern is planned several
    times faster than a list.
    """
    return (
        f"regexp_full_match({c},"
        f" '(?i){'|'.join(re.escape(word).replace(chr(39), chr(39) * 2) for word in words)}')"
    )


def given(c: str) -> str:
    """SQL: text ``c``, missing when it says so (NA, null, -)."""
    return f"CASE WHEN strlen({c}) > {LONGEST} OR NOT {one_of(c, NOT_GIVEN)} THEN {c} END"


def pointed(c: str) -> str:
    """SQL: text ``c`` of a file with decimal commas, 1.234,56, as ours, 1,234.56. A point that does
    not group thousands is then refused, not guessed.
    """
    return f"translate({c}, ',.', '.,')"


def number(c: str, type_: str) -> str:
    """SQL: a plain or comma-grouped number of DuckDB type ``type_``; anything else is missing."""
    return (
        f"CASE WHEN {_is(c, PLAIN)} THEN TRY_CAST({c} AS {type_}) "
        f"WHEN {_is(c, GROUPED)} THEN TRY_CAST(replace({c}, ',', '') AS {type_}) END"
    )


def narrow(c: str) -> str:
    """SQL: text ``c`` with full-width digits and signs as plain ones."""
    return f"translate({c}, '{WIDE[0]}', '{WIDE[1]}')"


def let(value: str, name: str, body: str) -> str:
    """SQL ``body``, in which ``name`` stands for ``value``: written once and worked out once."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def money(c: str, currency: str) -> str:
    """SQL: an amount; the book's own currency sign before or after the number, accounting brackets
    and a minus behind for negatives, K, M, 万, 亿 and the like, DR and CR are understood. A sign
    inside brackets, a second one, or a currency inside the number is not.
    """
    sign = signs(currency)
    before = f"regexp_replace(t, '^([+-]?) ?{sign} ?', '\\1')"
    bare = f"regexp_replace({before}, ' ?{sign}$', '')"
    inner = f"regexp_replace(regexp_replace(b[2:-2], '^{sign} ?', ''), ' ?{sign}$', '')"
    booked = f"regexp_replace(regexp_replace(b, '{ACCOUNT}', ''), ' ?{sign}$', '')"
    # the number without what stands around it, and what that makes of it
    body = (
        f"CASE WHEN b LIKE '(%)' THEN {inner} WHEN regexp_matches(b, '{ACCOUNT}') THEN {booked}"
        " WHEN regexp_matches(b, '^[0-9].* ?-$') THEN rtrim(b[:-2]) ELSE b END"
    )
    turned = (
        f"CASE WHEN b LIKE '(%)' OR regexp_matches(b, '^[0-9].* ?-$') OR (regexp_matches(b,"
        f" '{ACCOUNT}') AND b ILIKE '%cr%') THEN -1 ELSE 1 END"
    )
    signed = "n <> b AND regexp_matches(n, '^[+-]')"
    value = let(body, "n", f"CASE WHEN NOT ({signed}) THEN {turned} * ({scaled('n')}) END")
    plain = f"CASE WHEN {_is('t', PLAIN)} THEN TRY_CAST(t AS {SQL_TYPE['money']})"
    return let(c, "t", f"{plain} ELSE {let(bare, 'b', value)} END")


def scaled(c: str) -> str:
    """SQL: a number of type money, a word for its unit behind it or none."""
    cases = " ".join(f"WHEN regexp_matches({c}, '[0-9.] ?(?:{u})$') THEN {n}" for u, n in _units())
    head = let(f"regexp_replace({c}, ' ?{UNIT}$', '')", "h", number("h", "DECIMAL(26,8)"))
    return (
        f"CASE WHEN regexp_matches({c}, '[0-9.] ?{UNIT}$') THEN TRY_CAST({head} * CAST(CASE {cases}"
        f" END AS DECIMAL(10,0)) AS {SQL_TYPE['money']}) ELSE {number(c, SQL_TYPE['money'])} END"
    )


def _units() -> list[tuple[str, int]]:
    return list(UNITS.items())


def on_account(c: str) -> str:
    """SQL: whether text ``c`` is an amount with DR or CR behind it."""
    return f"coalesce(regexp_matches({c}, '[0-9)]{ACCOUNT}'), FALSE)"


def signs(currency: str) -> str:
    """Pattern of the signs and codes that stand for the currency; of all currencies for ``*``."""
    if currency == ANY:
        return "([$€£¥￥元円]|US[$]|HK[$]|人民币|美元|欧元|[A-Z]{3})"
    words = {SYMBOLS.get(currency, currency).strip(), currency, *CODES.get(currency, ())}
    escaped = "|".join(sorted((word.replace("$", "[$]") for word in words), key=len, reverse=True))
    return f"({escaped})".replace("'", "''")


def of_other_currency(c: str, code: str) -> str:
    """SQL: whether the sign in amount ``c`` is not that of the currency ``code`` beside it."""
    letters = f"regexp_extract({c}, '[A-Z]{{3}}')"
    return (
        f"(contains({c}, '€') AND {code} <> 'EUR') OR (contains({c}, '£') AND {code} <> 'GBP') OR"
        f" (regexp_matches({c}, '[¥￥元]') AND {code} NOT IN ('CNY', 'JPY', 'RMB')) OR"
        f" (contains({c}, '$') AND NOT regexp_full_match({code}, '..D|MXN|ARS|CLP|COP')) OR"
        f" ({letters} <> '' AND {letters} <> {code})"
    )


def share(c: str) -> str:
    """SQL: 0.15 or 15%; a bare 15 stays 15 and is refused by the range check."""
    return (
        f"CASE WHEN {_is(c, PLAIN + ' ?%')} THEN TRY_CAST(rtrim({c}, ' %') AS DOUBLE) / 100 ELSE"
        f" {number(c, 'DOUBLE')} END"
    )


def flag(c: str) -> str:
    """SQL: yes or no, in the words of English, Chinese and programs."""
    return f"CASE WHEN {one_of(c, YES)} THEN TRUE WHEN {one_of(c, NO)} THEN FALSE END"


def word(c: str, choices: tuple[str, ...]) -> str:
    """SQL: the choice ``c`` spells, whatever its case; words outside the list are missing."""
    cases = " ".join(
        f"WHEN '{choice.casefold()}' THEN '{choice}'"
        for choice in (choice.replace("'", "''") for choice in choices)
    )
    return f"CASE lower({c}) {cases} END"


def period(c: str) -> str:
    """SQL: 2023, 2023-Q1 or 2023-03; a workbook's first day of a month is that month."""
    return (
        f"CASE WHEN {_is(c, YEAR)} THEN {c} WHEN {_is(c, QUARTER)} THEN left({c}, 4) || '-Q' ||"
        f" right({c}, 1) WHEN {_is(c, MONTH)} THEN left({c}, 7) END"
    )


def quick(c: str, column: ColumnSpec, choices: tuple[str, ...]) -> str:
    """SQL that reads the plainest form of the kind and little else: enough for most columns, and
    much faster than ``parse``.
    """
    if choices or column.kind in ("text", "flag"):
        return parse(c, column, "", choices)
    if column.kind == "period":
        return period(c)
    type_ = SQL_TYPE[column.kind]
    if column.kind in ("count", "year"):
        return (
            f"CASE WHEN TRY_CAST({c} AS DOUBLE) = TRY_CAST({c} AS BIGINT) AND {_digits(c)} THEN"
            f" TRY_CAST({c} AS BIGINT) END"
        )
    return (
        f"CASE WHEN {_digits(c)} AND isfinite(TRY_CAST({c} AS DOUBLE)) THEN TRY_CAST({c}"
        f" AS {type_}) END"
    )


def _digits(c: str) -> str:
    """SQL: no underline and no exponent, which casts would take and ``parse`` looks at closely."""
    return f"NOT contains({c}, '_') AND NOT contains({c}, 'e') AND NOT contains({c}, 'E')"


def parse(c: str, column: ColumnSpec, currency: str, choices: tuple[str, ...]) -> str:
    """SQL that reads text ``c`` as the column's kind (days apart, see ``dates``)."""
    if choices:
        return word(c, choices)
    kind = column.kind
    if kind in ("money", "share", "number", "score", "count", "year"):
        c = narrow(c)
    if kind in ("count", "year"):
        whole = number(c, SQL_TYPE["number"])
        return f"CASE WHEN {whole} = round({whole}) THEN TRY_CAST({whole} AS BIGINT) END"
    simple = {
        "text": c,
        "money": money(c, currency),
        "share": share(c),
        "flag": flag(c),
        "period": period(c),
    }
    if kind in simple:
        return simple[kind]
    if kind == "number" and currency:  # a target may be written as an amount: 12万, $3M
        amount = f"CAST({money('w', currency)} AS DOUBLE)"
        return let(c, "w", f"coalesce({number('w', SQL_TYPE['number'])}, {amount})")
    return number(c, SQL_TYPE["number"])


def expected(column: ColumnSpec, currency: str, choices: tuple[str, ...]) -> tuple[str, str]:
    """What a cell of the column may hold, and what to try when it does not."""
    if choices:
        return (
            say("one of {choices}", choices=joined(choices)),
            (
                say(
                    'map theirs to ours with values.{name} = {{ "theirs" = "{choices}"'
                    " }} in [tables.…]",
                    name=column.name,
                    choices=choices[0],
                )
            ),
        )
    return {
        "money": (
            (
                say(
                    "an amount in {currency} such as 1234.56 or 1,234.56, at most 14"
                    " digits before the point",
                    currency=currency,
                )
            ),
            (
                say(
                    "write plain numbers: no other currency (a column of currencies goes"
                    " with a table rates), a point before the decimals (a file with"
                    ' commas there: decimal = "," in its [sources.…]); or convert in sql'
                    ' = "SELECT … CAST(replace(…) AS DECIMAL(18,4)) …"'
                )
            ),
        ),
        "flag": (
            say("yes or no, true or false, 1 or 0, 是 or 否"),
            say("map theirs with values.{name}", name=column.name),
        ),
        "period": (
            say("2023, 2023-Q1 or 2023-03"),
            say("write the year first; quarters as Q1 to Q4"),
        ),
        "share": (say("a share such as 0.15, or 15%"), say("write 0.15 for 15 %")),
        "count": (say("a whole number"), say("write digits only")),
        "year": (say("a year such as 2023"), say("write digits only")),
    }.get(
        column.kind,
        (
            say("a number such as 12.5"),
            say(
                'write digits and a point before decimals (a file with commas there: decimal = ","'
                " in its [sources.…]); leave the cell empty when unknown"
            ),
        ),
    )


def _is(c: str, pattern: str) -> str:
    return f"regexp_full_match({c}, '{pattern}')"
