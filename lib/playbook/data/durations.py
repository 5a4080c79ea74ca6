"""Lengths of time as files write them, as SQL: 3, 3.5 h, 2d 4h, 02:30, 5 天."""

from __future__ import annotations

SECONDS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
WORDS = {
    "weeks": "w|wk|weeks?|周|星期",
    "days": "d|days?|天|日",
    "hours": "h|hrs?|hours?|小时|个小时|时",
    "minutes": "m|min|mins|minutes?|分钟|分",
    "seconds": "s|sec|secs|seconds?|秒",
}
_NUMBER = r"\d+(?:[.]\d+)?"
_CLOCK = r"(\d+):([0-5]\d)(?::([0-5]\d))?"


def seconds(c: str, unit: str) -> str:
    """SQL: text ``c`` as seconds (a bare number counts ``unit``); missing when it is no length of
    time. ``months`` are not lengths: see ``later``.
    """
    parts = " + ".join(
        f"coalesce(TRY_CAST(regexp_extract({c}, '(?i)({_NUMBER}) ?(?:{words})(?:[ ,0-9]|$)', 1) AS"
        f" DOUBLE) * {SECONDS[name]}, 0)"
        for name, words in WORDS.items()
    )
    some = "|".join(WORDS.values())
    spelled = f"(?i)(?:{_NUMBER} ?(?:{some})[ ,]*)+"
    clock = (
        f"TRY_CAST(regexp_extract({c}, '{_CLOCK}', 1) AS DOUBLE) * 3600 +"
        f" TRY_CAST(regexp_extract({c}, '{_CLOCK}', 2) AS DOUBLE) * 60 +"
        f" coalesce(TRY_CAST(nullif(regexp_extract({c}, '{_CLOCK}', 3), '') AS DOUBLE), 0)"
    )
    return (
        f"CASE WHEN regexp_full_match({c}, '{_NUMBER}') THEN TRY_CAST({c} AS DOUBLE) *"
        f" {SECONDS.get(unit, 86400)} WHEN regexp_full_match({c}, '{_CLOCK}') THEN {clock} WHEN"
        f" regexp_full_match({c}, '{spelled}') THEN {parts} END"
    )


def later(moment: str, c: str, unit: str) -> str:
    """SQL: ``moment`` and the length of time in text ``c`` after it; missing when either is."""
    if unit == "months":
        whole = f"CASE WHEN regexp_full_match({c}, '[0-9]+') THEN TRY_CAST({c} AS INTEGER) END"
        return f"{moment} + to_months({whole})"
    return f"{moment} + to_seconds({seconds(c, unit)})"
