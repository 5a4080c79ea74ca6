"""What is to be started, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from playbook.base.errors import ParameterProblem, Problem, did_you_mean
from playbook.base.language import say
from playbook.base.months import Month

TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
WAIT = re.compile(r"([0-9]{1,4})([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LATEST_DAY = 28  # the last day that every month has


@dataclass(frozen=True)
class Job:
    """A monthly run. make, send: the command's words after ``playbook``. program: how playbook is
    started. folder: where it runs. name: of units and jobs, in letters every scheduler takes. day,
    hour, minute: in ``zone``. wait: seconds for late sources.
    """

    name: str
    title: str
    program: tuple[str, ...]
    make: tuple[str, ...]
    send: tuple[str, ...]
    folder: Path
    day: int
    hour: int
    minute: int
    zone: str
    wait: int

    @property
    def making(self) -> tuple[str, ...]:
        """The whole command that makes the packs."""
        return (*self.program, *self.make)

    @property
    def sending(self) -> tuple[str, ...]:
        """The whole command that sends them."""
        return (*self.program, *self.send)

    @property
    def cron(self) -> str:
        """Minute, hour, day, month, weekday in the job's own zone."""
        return f"{self.minute} {self.hour} {self.day} * *"

    def after(self, moment: datetime) -> datetime:
        """The next time it is due after a moment, in UTC."""
        here = moment.astimezone(ZoneInfo(self.zone))
        month = Month.of(here.date())
        while True:
            due = datetime(
                month.year,
                month.month,
                self.day,
                self.hour,
                self.minute,
                tzinfo=ZoneInfo(self.zone),
            )
            if due.astimezone(UTC) > moment.astimezone(UTC):
                return due.astimezone(UTC)
            month = month + 1


def job(
    *,
    file: Path,
    book: bool,
    out: str,
    program: tuple[str, ...],
    folder: Path,
    day: int,
    at: str,
    zone: str,
    wait: str,
) -> Job:
    """The job of a batch file, or of a book's folder (``book``). Raises ParameterProblem with every
    mistake at once.
    """
    problems = []
    if not file.exists():
        problems.append(
            Problem(
                found=say("no {path}", path=file),
                expected=say("a batch file, or the folder of a book"),
                try_=say("check the path"),
            )
        )
    if not 1 <= day <= LATEST_DAY:
        problems.append(
            Problem(
                found=f"--day {day}",
                expected=say("a day that every month has, 1 to {last}", last=LATEST_DAY),
                try_="--day 2",
            )
        )
    if not TIME.fullmatch(at):
        problems.append(
            Problem(found=f"--at {at}", expected=say("a time such as 06:00"), try_="--at 06:00")
        )
    problems += zone_problems(zone)
    seconds = 0
    try:
        seconds = span(wait, "--wait") if wait else 0
    except ParameterProblem as error:
        problems += error.problems
    if problems:
        raise ParameterProblem(problems)
    where = ("--out", out) if out else ()
    # the month is over where the schedule's clock is, and not yet in UTC
    late = ("--wait", wait, *(("--zone", zone) if zone != "UTC" else ())) if wait else ()
    what = ("report", "--book", str(file)) if book else ("batch", str(file))
    send = ("deliver", "--book", str(file)) if book else ("deliver", str(file))
    title = file.name if book else file.stem
    hour, minute = map(int, at.split(":"))
    plain = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "packs"
    return Job(
        f"playbook-{plain}",
        title,
        program,
        (*what, *where, *late),
        (*send, *where),
        folder,
        day,
        hour,
        minute,
        zone,
        seconds,
    )


def zone_problems(zone: str) -> list[Problem]:
    """What is wrong with the name of a zone."""
    if zone in available_timezones():
        return []
    return [
        Problem(
            found=f"--zone {zone}",
            expected=say("a zone of the tz database"),
            try_=did_you_mean(zone, available_timezones()),
        )
    ]


def span(text: str, option: str) -> int:
    """Seconds of ``90s``, ``30m``, ``6h`` or ``2d``. Raises ParameterProblem for another text."""
    found = WAIT.fullmatch(text)
    if found is None:
        raise ParameterProblem(
            Problem(
                found=f"{option} {text}",
                expected=say("a number and s, m, h or d, such as 6h"),
                try_=f"{option} 6h",
            )
        )
    return int(found[1]) * SECONDS[found[2]]
