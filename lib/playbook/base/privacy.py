"""Contact data inside free text: e-mail addresses, telephone, identity card and bank card numbers
and chat names that somebody typed into a note.

Columns that hold contact data are hidden as a whole (``[privacy] show_personal``); here are the
numbers that stand in the middle of a sentence. The same patterns are used by Python and by DuckDB,
whose regular expressions know no looking ahead: what only looks like a telephone number (an
amount, the number of an order) is matched first and kept. Bank cards carry a check digit (ISO/IEC
7812-1): a number without a valid one is none, unless it is called so.
"""

from __future__ import annotations

import re

_HOST = r"[A-Za-z0-9一-鿿\-]+"
EMAIL = rf"(?:[A-Za-z0-9._%+\-]+|[一-鿿]{{1,4}})[@＠]{_HOST}(?:\.{_HOST})+"
# Chinese identity cards: place, day of birth, serial number, check character.
IDENTITY = r"\b[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b"
_CARD_LABEL = (
    r"(?:银行卡号?|信用卡号?|卡号|账号|帐号|(?i:bank card|credit card|card(?: no\.?| number)?))"
)
CARD = "|".join(  # by the first digits that UnionPay, Visa, Mastercard, Amex, JCB and Discover use
    (
        r"\b62\d{2}[\- ]?\d{4}[\- ]?\d{4}[\- ]?\d{4}(?:[\- ]?\d{1,3})?\b",
        r"\b(?:4\d{3}|5[1-5]\d{2}|35\d{2}|6011|65\d{2})(?:[\- ]?\d{4}){3}\b",
        r"\b3[47]\d{2}[\- ]?\d{6}[\- ]?\d{5}\b",
    )
)
CALLED_CARD = rf"({_CARD_LABEL}[:： #]*)(?:\d[\- ]?){{11,18}}\d\b"
# Its first two digits are a province: such a number is masked although somebody mistyped one digit.
PROVINCE = r"^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]|91)"
CALLED_IDENTITY = (
    r"((?:身份证号?码?|证件号码?|(?i:id card|identity card|id number|id no\.?))[:： #]*)"
    r"[1-9]\d{16}[\dXx]\b"
)
# A name needs its label, and something that tells it from the next word of a sentence.
_CHAT_LABEL = r"(?:微信|\b(?i:wechat|weixin|vx|wx)|[加v]信|\b(?i:qq))"
CHAT = (
    rf"({_CHAT_LABEL} ?(?:号码?|(?i:id))? ?[:：=] ?|{_CHAT_LABEL}(?:号码?| (?i:id)) ?)"
    r"(?:[A-Za-z][A-Za-z0-9_.\-]{4,24}|\d{5,11}\b)"
)
CHAT_IN_TEXT = rf"({_CHAT_LABEL} ?)(?:[A-Za-z][A-Za-z_\-]*\d[A-Za-z0-9_\-]{{2,18}}|\d{{5,11}}\b)"
_MOBILE = r"1[3-9]\d(?:[\- ]?\d{4}[\- ]?\d{4}|[\- ]\d{3}[\- ]\d{5})\b"
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_LOCAL = r"\d{3,4}[\- ]?\d{4}\b(?:(?:[\- ]|转|ext\.? ?)\d{1,6}\b)?"
PHONE = "|".join(
    (
        rf"(?:\+86[\- ]?|\b0086[\- ]?|\b86[\- ]?|[(（]\+?86[)）][\- ]?|\b){_MOBILE}",
        rf"(?:\b{_AREA}[\- ]?|[(（]{_AREA}[)）][\- ]?){_LOCAL}",
        r"\b[48]00-\d{3,4}-?\d{3,4}\b",
        r"\b1[3-9]\d\.\d{4}\.\d{4}\b",
        r"\b00[1-9]\d{0,2}[ .\-][(]?\d{2,4}[)]?(?:[ .\-]?\d{3,4}){2}\b",
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
        r"(?i:订单号?|单号|合同号?|发票号?|order|contract|invoice)[:：# ]*\d{5,32}\b",
    )
)
WIDE, NARROW = "０１２３４５６７８９", "0123456789"
# A cheap first look: only texts it finds something in are searched for the above.
SUSPECT = "|".join(
    (
        rf"[@＠]|\d[\d ()（）.\-]{{6}}|[{WIDE}]{{5}}",
        "信|[WwVv][Xx]|[Qq][Qq]|[Ww][Ee](?:[Cc][Hh]|[Ii][Xx])",
    )
)
_OPEN, _CLOSE = "\x01", "\x02"
_KEEP = rf"{_OPEN}\1{_CLOSE}"  # nothing between the two where a number was matched
_NUMBER = rf"{LABELLED}|({KEPT})|{PHONE}"
MARKS = {
    "e-mail": "[e-mail]",
    "identity": "[id number]",
    "card": "[card number]",
    "chat": "[chat name]",
    "phone": "[phone]",
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NAMED = (  # a label before it says what it is
    (CALLED_IDENTITY, "identity"),
    (CALLED_CARD, "card"),
    (CHAT, "chat"),
    (CHAT_IN_TEXT, "chat"),
)


def masked(text: str) -> str:
    """``text`` with e-mail addresses, telephone, identity and bank card numbers and chat names
    replaced by their kind.

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
    text = text.translate(str.maketrans(WIDE, NARROW))
    text = re.sub(EMAIL, MARKS["e-mail"], text, flags=re.ASCII)
    for pattern, kind in _NAMED:
        text = re.sub(pattern, rf"\1{MARKS[kind]}", text, flags=re.ASCII)
    for pattern, kind, valid in ((IDENTITY, "identity", is_identity), (CARD, "card", is_card)):
        found = re.finditer(rf"{KEPT}|{pattern}", text, re.ASCII)
        for number in {m[0] for m in found if re.fullmatch(pattern, m[0], re.ASCII)}:
            text = text.replace(number, MARKS[kind]) if valid(number) else text
    text = re.sub(_NUMBER, _KEEP, text, flags=re.ASCII)
    text = text.replace(_OPEN + _CLOSE, MARKS["phone"])
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def is_identity(number: str) -> bool:
    """Whether 18 characters begin with a province, or the last is the check character of the others
    (GB 11643).

    >>> is_identity("11010519491231002X"), is_identity("770105194912310021")
    (True, False)
    """
    if re.match(PROVINCE, number):
        return True
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """Whether the digits of a card's number check (Luhn; ISO/IEC 7812-1).

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(d) for d in number if d.isdigit()]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def masked_sql(expression: str, *, checked: bool = True) -> str:
    """SQL (DuckDB) of a text expression masked as ``masked`` does.

    checked: whether check digits are worked out. Where they are not (an engine without functions
    over lists), every number that looks like an identity card is masked, and a bank card only where
    it is called so.
    """
    made = f"translate({expression}, {_text(WIDE)}, {_text(NARROW)})"
    steps = [(EMAIL, MARKS["e-mail"])]
    steps += [(pattern, rf"\1{MARKS[kind]}") for pattern, kind in _NAMED]
    if not checked:
        steps.append((IDENTITY, MARKS["identity"]))
    for pattern, by in steps:
        made = f"regexp_replace({made}, {_text(pattern)}, {_text(by)}, 'g')"
    if checked:
        made = _without_checked(made, IDENTITY, _IDENTITY_SQL, MARKS["identity"])
        made = _without_checked(made, CARD, _CARD_SQL, MARKS["card"])
    made = f"regexp_replace({made}, {_text(_NUMBER)}, {_text(_KEEP)}, 'g')"
    made = f"replace({made}, {_text(_OPEN + _CLOSE)}, {_text(MARKS['phone'])})"
    made = f"replace(replace({made}, {_text(_OPEN)}, ''), {_text(_CLOSE)}, '')"
    return f"CASE WHEN {suspect_sql(expression)} THEN {made} ELSE {expression} END"


def suspect_sql(expression: str) -> str:
    """SQL of whether a text may hold contact data: the cheap first look."""
    return f"regexp_matches({expression}, {_text(SUSPECT)})"


_SUM_SQL = (
    "list_sum(list_transform(range(1, 18), lambda i: CAST(substr(x, i, 1) AS INTEGER)"
    f" * {list(_WEIGHTS)}[i]))"
)
_IDENTITY_SQL = (
    f"regexp_matches(x, '{PROVINCE}') OR upper(substr(x, 18, 1)) ="
    f" substr('{_CHECKS}', CAST({_SUM_SQL} % 11 AS INTEGER) + 1, 1)"
)
_DIGIT = "CAST(substr(d, i, 1) AS INTEGER)"
_CARD_SQL = (
    "list_sum(list_transform([regexp_replace(x, '[^0-9]', '', 'g')], lambda d: list_sum("
    "list_transform(range(1, length(d) + 1), lambda i: CASE WHEN (length(d) - i) % 2 = 0 THEN"
    f" {_DIGIT} WHEN {_DIGIT} > 4 THEN 2 * {_DIGIT} - 9 ELSE 2 * {_DIGIT} END)))) % 10 = 0"
)


def _without_checked(text: str, pattern: str, valid: str, mark: str) -> str:
    """SQL: the text without the numbers of a pattern whose check digit holds (SQL over ``x``)."""
    either, whole = _text(rf"{KEPT}|{pattern}"), _text(rf"^(?:{pattern})$")
    found = f"list_filter(regexp_extract_all(t, {either}), lambda x: regexp_matches(x, {whole}))"
    numbers = f"list_filter({found}, lambda x: {valid})"
    return (
        f"list_transform([{text}], lambda t: list_reduce(list_prepend(t, {numbers}),"
        f" lambda a, b: replace(a, b, {_text(mark)})))[1]"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
