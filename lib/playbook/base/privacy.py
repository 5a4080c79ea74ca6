"""Contact data inside free text: e-mail addresses, telephone numbers and identity card numbers that
somebody typed into a note.

Columns that hold contact data are hidden as a whole (``[privacy] show_personal``); here are the
numbers that stand in the middle of a sentence. The same patterns are used by Python and by DuckDB,
whose regular expressions know no looking ahead: what only looks like a telephone number (an
amount, the number of an order) is matched first and kept.
"""

from __future__ import annotations

import re

EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
# Chinese identity cards: place, day of birth, serial number, check character.
IDENTITY = r"\b[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b"
_MOBILE = r"1[3-9]\d(?:[\- ]?\d{4}[\- ]?\d{4}|[\- ]\d{3}[\- ]\d{5})\b"
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_LOCAL = r"\d{3,4}[\- ]?\d{4}\b(?:(?:[\- ]|转|ext\.? ?)\d{1,6}\b)?"
PHONE = "|".join(
    (
        rf"(?:\+86[\- ]?|\b0086[\- ]?|\b86[\- ]?|[(（]\+?86[)）][\- ]?|\b){_MOBILE}",
        rf"(?:\b{_AREA}[\- ]?|[(（]{_AREA}[)）][\- ]?){_LOCAL}",
        r"\b[48]00-\d{3,4}-?\d{3,4}\b",
        r"\+[1-9]\d{0,2}[ .\-]?[(]?\d{2,4}[)]?(?:[ .\-]?\d{3,4}){2}(?:[ .\-]?\d{2,4})?\b",
        r"\+[1-9]\d{0,2}(?:[ .\-]\d{1,2}){4,6}\b",
        r"\(\d{3}\) ?\d{3}-\d{4}\b",
        r"\b\d{3}-\d{3}-\d{4}\b",
    )
)
# A label written together with its number ("Tel13800138000") leaves no edge of a word between.
LABELLED = rf"\b(?i:tel|phone|mobile|mob|cell|fax|wechat|wx|vx)[\- :]*(?:{PHONE}|{_MOBILE})"
KEPT = "|".join(
    (
        r"[¥￥$€£] ?\d[\d,]*(?:\.\d+)?",
        r"\b(?:CNY|RMB|USD|EUR) ?\d[\d,]*(?:\.\d+)?",
        r"\b\d[\d,]*(?:\.\d+)? ?(?:元|万|亿|块|件|yuan\b|CNY|RMB|USD|EUR|%)",
        r"\b\d+\.\d{1,2}\b",
        r"\b[A-Z]{1,4}[\-_#]\d[\d\-]*\b",
        r"(?i:订单号?|单号|合同号?|发票号?|order|contract|invoice)[:：# ]*\d{5,17}\b",
    )
)
# A cheap first look: only texts it finds something in are searched for the above.
SUSPECT = r"@|\d[\d ()（）.\-]{6}"
_OPEN, _CLOSE = "\x01", "\x02"
_KEEP = rf"{_OPEN}\1{_CLOSE}"  # nothing between the two where a number was matched
_NUMBER = rf"{LABELLED}|({KEPT})|{PHONE}"
MARKS = {"e-mail": "[e-mail]", "identity": "[id number]", "phone": "[phone]"}


def masked(text: str) -> str:
    """``text`` with e-mail addresses, telephone and identity card numbers replaced by their kind.

    Amounts with a currency or two decimals, days, and numbers named as an order's stay. A bare
    number of eleven digits that begins like a Chinese mobile number is taken for one.

    Examples
    --------
    >>> masked("call Li 138-0013-8000 or li@example.com about order 13800138000")
    'call Li [phone] or [e-mail] about order 13800138000'
    >>> masked("2023-05-12: paid 13,800,138,000.00, 订单号 202305120001")
    '2023-05-12: paid 13,800,138,000.00, 订单号 202305120001'
    """
    if not re.search(SUSPECT, text, re.ASCII):
        return text
    text = re.sub(EMAIL, MARKS["e-mail"], text, flags=re.ASCII)
    text = re.sub(IDENTITY, MARKS["identity"], text, flags=re.ASCII)
    text = re.sub(_NUMBER, _KEEP, text, flags=re.ASCII)
    text = text.replace(_OPEN + _CLOSE, MARKS["phone"])
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def masked_sql(expression: str) -> str:
    """SQL (DuckDB) of a text expression masked as ``masked`` does."""
    made = expression
    for pattern, by in (
        (EMAIL, MARKS["e-mail"]),
        (IDENTITY, MARKS["identity"]),
        (_NUMBER, _KEEP),
    ):
        made = f"regexp_replace({made}, {_text(pattern)}, {_text(by)}, 'g')"
    made = f"replace({made}, {_text(_OPEN + _CLOSE)}, {_text(MARKS['phone'])})"
    made = f"replace(replace({made}, {_text(_OPEN)}, ''), {_text(_CLOSE)}, '')"
    return (
        f"CASE WHEN regexp_matches({expression}, {_text(SUSPECT)}) THEN {made}"
        f" ELSE {expression} END"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
