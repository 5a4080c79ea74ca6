"""``--wait``: a run that begins before its sources are there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from playbook.base.errors import PlaybookError
from playbook.base.language import english
from playbook.base.months import Month

from . import clock
from .app import message
from .logs import in_json, log_event
from .spoken import joined, say

ZoneOption = Annotated[
    str,
    typer.Option(
        "--zone",
        metavar="ZONE",
        help="with --wait: where the last month must be over, such as Asia/Shanghai, for books that"
        " name no time_zone; UTC when not given",
    ),
]

if TYPE_CHECKING:
    from playbook.deliver.waiting import Late

# Tables whose rows come month by month in every firm that has them; others may be still for weeks.
WAITED_FOR = ("orders", "opportunities")


def last_closed(folder: Path, zone: str = "") -> Month:
    """The last month that is over today, in the book's own zone; in ``zone`` where it names none,
    else in UTC.
    """
    from playbook.base.settings import load_settings
    from playbook.deliver.waiting import closed_month

    own = load_settings(folder).book.time_zone or zone or "UTC"
    return closed_month(clock.now().astimezone(ZoneInfo(own)).date())


def refuse_zone(zone: str) -> None:
    """Raise ParameterProblem for a zone that there is not."""
    from playbook.base.errors import ParameterProblem
    from playbook.deliver.schedule.job import zone_problems

    if zone and (problems := zone_problems(zone)):
        raise ParameterProblem(problems)


def wait_for_sources(folder: Path, month: str, limit: str, zone: str = "") -> str:
    """Wait until a book's sources reach the end of the month (the last one closed where none is
    given), at most as long as ``limit`` says (``6h``), and say so; the month.

    Raises PlaybookError at the limit, and at once where the book is wrong in itself.
    """
    from playbook.deliver.schedule.job import span
    from playbook.deliver.waiting import span_text, too_late, wait

    seconds = span(limit, "--wait")
    refuse_zone(zone)
    wanted = Month.parse(month) if month else last_closed(folder, zone)

    waited = wait(
        lambda: late_sources(folder, wanted),
        seconds,
        clock=clock.now,
        sleep=clock.sleep,
        say=lambda late, waited: told_late(folder.name, str(wanted), late, waited, seconds),
    )
    if not waited.arrived:
        raise PlaybookError(too_late(wanted, waited))
    if waited.seconds >= 1:
        message(
            say(
                "the sources of {wanted} are there after {span}",
                wanted=wanted,
                span=span_text(waited.seconds),
            )
        )
    return str(wanted)


def told_late(book: str, month: str, late: Sequence[Late], waited: float, limit: float) -> None:
    """Say what is waited for."""
    from playbook.deliver.waiting import span_text

    if in_json():
        sources = [{"table": one.table, "last": one.last, "reason": one.reason} for one in late]
        log_event(
            "waiting", book=book, month=month, sources=sources, waited=round(waited), limit=limit
        )
        return
    names = joined(str(one) for one in late)
    message(
        say(
            "waiting for {month}: {names}; at most {span} more",
            month=month,
            names=names,
            span=span_text(limit - waited),
        )
    )


def late_sources(folder: Path, month: Month) -> list[Late]:
    """Tables of a book that do not reach the month's last working day, and sources that cannot be
    reached. Raises PlaybookError for whatever waiting does not mend.
    """
    from playbook.base.settings import load_settings
    from playbook.data.checking import check_book
    from playbook.deliver.waiting import Late

    settings = load_settings(folder)
    found = check_book(folder)
    if found.errors:
        if all(may_pass(problem.found) for problem in found.errors):
            return [
                Late(problem.place or folder.name, None, problem.found) for problem in found.errors
            ]
        raise PlaybookError(found.errors)
    worked = settings.calendar.working_days(month.start, month.end)
    due = worked[-1] if worked else month.end
    last = {table.name: table.last for table in found.tables}
    for table, span in settings.book.covers.items():
        if table in last and len(span) == 2:
            last[table] = _later(last[table], span[1])
    watched = [name for name in WAITED_FOR if name in last] or list(last)
    return [Late(name, last[name]) for name in watched if not _reaches(last[name], due)]


def _later(one: date | None, other: date) -> date:
    return max(one, other) if one else other


def _reaches(last: date | None, due: date) -> bool:
    return last is not None and last >= due


# What is said of a source that is not there yet, or only half; anything else is wrong in itself.
PASSING = (
    *("no such file", "no such folder", "no file matches", "no object matches"),
    *("the file is empty", "not readable as Parquet", "cannot be opened"),
    *("the database cannot be read", "the store cannot be read", "neither orders nor"),
)
LASTING = ("password", "authentication", "credentials", "permission")


def may_pass(found: str) -> bool:
    """Whether a problem may be gone when the source has arrived."""
    found = english(found)
    said = found.casefold()
    return any(words in found for words in PASSING) and not any(words in said for words in LASTING)
