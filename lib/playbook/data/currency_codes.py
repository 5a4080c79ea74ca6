"""Codes of currencies, and what people write for them."""

from __future__ import annotations

NAMES = {
    "CNY": ("RMB", "¥", "￥", "元", "人民币", "CN¥"),
    "USD": ("$", "US$", "美元", "美金"),
    "EUR": ("€", "欧元"),
    "GBP": ("£", "英镑"),
    "HKD": ("HK$", "港币", "港元"),
    "JPY": ("円", "日元"),
}


def code_sql(c: str, home: str) -> str:
    """SQL: the code that text ``c`` means in a book whose currency is ``home``: ¥ is the yen in a
    book of yen, and $ no American dollar in one of another dollar.
    """
    names = dict(NAMES)
    if home == "JPY":
        names |= {"CNY": ("RMB", "元", "人民币"), "JPY": (*NAMES["JPY"], "¥", "￥")}
    if home.endswith("D") and home != "USD":  # CAD, AUD, SGD: which dollar $ means is not known
        names["USD"] = tuple(name for name in names["USD"] if name != "$")
    cases = " ".join(
        f"WHEN upper(trim({c})) IN ({', '.join(_literal(n.upper()) for n in some)}) THEN '{code}'"
        for code, some in names.items()
    )
    return f"CASE {cases} ELSE upper(trim({c})) END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
