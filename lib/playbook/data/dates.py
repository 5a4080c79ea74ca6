"""Days as files write them: which form a whole column follows, and the SQL that reads it. What
could mean two days is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.errors import Problem
from playbook.base.language import say

_CLOCK = r"([ T]+\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?)?(?: ?[AaPp][Mm])?"


_ZONE = (  # the clock is taken as written: a month is the month of whoever wrote it
    r"(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)


YEAR_FIRST = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _CLOCK + _ZONE


ZONED = (  # a moment that names its distance from UTC
    r".*\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?(?: ?[AaPp][Mm])? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})"
)


CLOCKED = r".*\d{1,2}:\d{2}.*"


EPOCH = r"(\d{10}|\d{13})"  # seconds or milliseconds since 1970, from 2001 on
EPOCH_FIRST, EPOCH_LAST = 946_684_800, 2_208_988_800  # the years 2000 to 2039


YEAR_LAST = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _CLOCK + _ZONE


YEAR_MONTH = r"(\d{4})[-/.年]?(\d{2}|\d)月?"


COMPACT = r"[12]\d{7}"


SERIAL = r"[2-7]\d{4}([.]\d+)?"  # days since 1899-12-30, as workbooks count: 1954 to 2119


def shape(c: str, pattern: str) -> str:
    """SQL: whether text ``c`` is written like ``pattern``."""
    return f"regexp_full_match({c}, '{pattern}')"


def _parts(c: str, pattern: str, order: str) -> str:
    """SQL: the moment whose parts stand in ``c`` in this order; missing when there is no such
    day.
    """
    moment = f"TRY_CAST(regexp_replace({c}, '^{pattern}$', '{order}') AS TIMESTAMP)"
    half = (
        f"CASE WHEN regexp_matches({c}, '[0-9] ?[Pp][Mm]') AND hour({moment}) < 12 THEN 12 WHEN"
        f" regexp_matches({c}, '[0-9] ?[Aa][Mm]') AND hour({moment}) = 12 THEN -12 ELSE 0 END"
    )
    halved = f"CASE WHEN {c} ILIKE '%m%' THEN {moment} + to_hours({half}) ELSE {moment} END"
    return f"CASE WHEN {shape(c, pattern)} THEN {halved} END"


def year_first(c: str) -> str:
    return _parts(c, YEAR_FIRST, r"\1-\2-\3\4")


def day_first(c: str) -> str:
    return _parts(c, YEAR_LAST, r"\3-\2-\1\4")


def month_first(c: str) -> str:
    return _parts(c, YEAR_LAST, r"\3-\1-\2\4")


def local(c: str, moment: str, zone: str) -> str:
    """SQL: ``moment`` as read from text ``c``; where ``c`` names its distance from UTC, the clock
    of ``zone`` at that instant.
    """
    offset = f"regexp_replace(regexp_extract({c}, '{ZONED}', 3), '^(Z|UTC|GMT)$', '+00:00')"
    seconds = (
        f"(CASE WHEN {offset}[1] = '-' THEN -1 ELSE 1 END * (TRY_CAST({offset}[2:3] AS INTEGER) *"
        f" 3600 + TRY_CAST(right({offset}, 2) AS INTEGER) * 60))"
    )
    return (
        f"CASE WHEN {shape(c, ZONED)} THEN timezone('{zone}', timezone('UTC', {moment} -"
        f" to_seconds({seconds}))) ELSE {moment} END"
    )


def moved(c: str, moment: str, own: str, zone: str) -> str:
    """SQL: ``moment``; where text ``c`` has a clock and no offset, brought from zone ``own`` to
    ``zone``.
    """
    return (
        f"CASE WHEN {shape(c, CLOCKED)} AND NOT {shape(c, ZONED)} THEN timezone('{zone}',"
        f" timezone('{own}', {moment})) ELSE {moment} END"
    )


def compact(c: str) -> str:
    return f"CASE WHEN {shape(c, COMPACT)} THEN CAST(try_strptime({c}, '%Y%m%d') AS TIMESTAMP) END"


def serial(c: str) -> str:
    return (
        f"CASE WHEN {shape(c, SERIAL)} THEN TIMESTAMP '1899-12-30' + to_seconds(round(TRY_CAST({c}"
        " AS DOUBLE) * 86400)) END"
    )


def epoch(c: str) -> str:
    """SQL: the moment in UTC of seconds or milliseconds since 1970."""
    seconds = f"(TRY_CAST({c} AS BIGINT) / CASE WHEN length({c}) = 13 THEN 1000 ELSE 1 END)"
    return (
        f"CASE WHEN {shape(c, EPOCH)} AND {seconds} BETWEEN {EPOCH_FIRST} AND {EPOCH_LAST} THEN"
        f" TIMESTAMP '1970-01-01' + to_seconds({seconds}) END"
    )


def year_month(c: str) -> str:
    return _parts(c, YEAR_MONTH, r"\1-\2-01")


def iso(c: str, kind: str) -> str:
    """SQL: the quick way for ISO days (and moments), missing for anything else."""
    if kind == "time":
        return (
            f"CASE WHEN length({c}) IN (10, 16, 19) AND {c}[5] = '-' THEN TRY_CAST({c} AS"
            " TIMESTAMP) END"
        )
    day = f"CASE WHEN length({c}) = 10 AND {c}[5] = '-' THEN TRY_CAST({c} AS DATE) END"
    return f"CAST(date_trunc('month', {day}) AS DATE)" if kind == "month" else day


FORMS = {
    "year first": year_first,
    "day first": day_first,
    "month first": month_first,
    "yyyymmdd": compact,
    "workbook serial": serial,
    "year and month": year_month,
    "epoch": epoch,
}


@dataclass(frozen=True)
class Judged:
    """How a column's days are read: ``forms`` tried in order on every value.

    ``problem`` is set when it may not be read, and ``shows`` says which values prove it: all, those
    of one reading, those year last.
    """

    forms: tuple[str, ...]
    problem: Problem | None = None
    shows: str = "all"

    def proof(self, c: str) -> str:
        """SQL condition of the rows that show the problem."""
        disagree = f"({day_first(c)} IS NULL OR {month_first(c)} IS NULL)"
        return {
            "all": f"{c} IS NOT NULL",
            "one reading": f"{c} IS NOT NULL AND {disagree}",
            "year last": shape(c, YEAR_LAST),
        }[self.shows]

    def sql(self, c: str, kind: str, zone: str = "", own: str = "") -> str:
        """SQL for the value kept; with ``zone``, texts that name their distance from UTC are read
        on its clock, and so are moments without one that stand in zone ``own``.
        """
        moment = (
            f"coalesce({', '.join(FORMS[form](c) for form in self.forms)})"
            if len(self.forms) > 1
            else FORMS[self.forms[0]](c)
        )
        if zone and self.forms == ("epoch",):
            moment = f"timezone('{zone}', timezone('UTC', {moment}))"
        elif zone:
            moment = moved(c, local(c, moment, zone), own, zone) if own else local(c, moment, zone)
        if kind == "month":
            return f"CAST(date_trunc('month', {moment}) AS DATE)"
        return f"CAST({moment} AS DATE)" if kind == "day" else moment


def counts_sql(c: str) -> list[str]:
    """SQL aggregates over text ``c``: values, then how many each form reads, then how many are
    written year last.
    """
    return [
        f"count({c})",
        *(f"count({form(c)})" for form in FORMS.values()),
        f"count(*) FILTER ({shape(c, YEAR_LAST)})",
    ]


def judge(counts: tuple[int, ...], kind: str, declared: str = "", few: float = 0.0) -> Judged:
    """The forms of a column from ``counts_sql``. Values no form reads are found later, row by
    row; so are those of another form than the column's, where they are no more than the share
    ``few`` of all: slips, not a second export.
    """
    n, year, day, month, plain, excel, months, since, last = counts
    usual = ("year first", "yyyymmdd") + (("year and month",) if kind == "month" else ())
    if n == 0 or year == n or (kind == "month" and year + months == n) or year + plain == n:
        return Judged(usual)
    if excel == n:
        return Judged(("workbook serial",))
    if since == n:
        return Judged(("epoch",))
    if last == n and day == n and month == n:
        return Judged(
            ("day first",),
            Problem(
                found=say("every date can be read day first and month first"),
                expected=say("dates that mean one day, such as 2023-04-03"),
                try_=say('say which in [sources.…]: dates = "%d/%m/%Y" or dates = "%m/%d/%Y"'),
            ),
        )
    slips, others = n - max(day, month), n - min(day, month)  # only make sense the other way
    if last == n and 0 < slips <= few * n < others:
        return Judged(("day first",) if day >= month else ("month first",))
    if last == n and day < n and month < n:
        return Judged(
            ("day first",) if day >= month else ("month first",),
            Problem(
                found=(
                    say(
                        "dates written both ways: {day_first} only make sense day first,"
                        " {month_first} only month first",
                        day_first=n - month,
                        month_first=n - day,
                    )
                ),
                expected=say("one order of day and month in the whole column"),
                try_=say(
                    "export the dates as YYYY-MM-DD; two exports may have been pasted together"
                ),
            ),
            "one reading",
        )
    if last == n:
        return Judged(("day first",) if day == n else ("month first",))
    if 0 < last <= few * n:
        return Judged(usual)
    if last:
        return Judged(
            usual,
            Problem(
                found=say(
                    "{last} of {n} dates are written year last, the others are not", last=last, n=n
                ),
                expected=(
                    say("one form in the whole column, {declared} as declared", declared=declared)
                    if declared
                    else say("one form in the whole column, best 2023-04-03")
                ),
                try_=say("export the dates as YYYY-MM-DD"),
            ),
            "year last",
        )
    return Judged(usual)
