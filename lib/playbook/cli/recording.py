"""Runs put on record while they are under way: begun, measured, ended however they end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook import __version__
from playbook.base.errors import PlaybookError

from . import clock
from .app import message
from .logs import in_json, log_event
from .spoken import say

if TYPE_CHECKING:
    from playbook.base.settings.alerts import Alert
    from playbook.deliver.alerts import Told
    from playbook.report.run.plan import Plan
    from playbook.report.run.run import Finished

LONGEST = 500  # characters of a reason


@dataclass
class Recorded:
    """What a run says of itself while it is under way; written down when it ends."""

    book: str
    month: str | None = None
    variant: str = ""
    status: str = "interrupted"
    reason: str = ""
    failed: tuple[str, ...] = ()
    outputs: dict[str, str] = field(default_factory=dict)
    alerts: tuple[str, ...] = ()
    folder: str = ""


@contextmanager
def recorded(kind: str, out: Path, book: str, month: str | None = None) -> Iterator[Recorded]:
    """A run on record: begun, measured, and ended however the block ends. A record that cannot be
    written never stops a run; it is told.
    """
    from playbook.deliver import runs as record
    from playbook.deliver.usage import measured

    said, started = Recorded(book, month), clock.now()

    def begun(connection: Any) -> int:
        return record.begin(
            connection,
            kind=kind,
            book=said.book,
            month=said.month,
            started=started,
            version=__version__,
        )

    # Wrong input leaves nothing behind: a folder of packs is made by the first run that ends.
    number = written(out, begun) if out.is_dir() else None
    log_event("started", kind=kind, book=book, month=month, out=str(out), version=__version__)
    began, used = time.monotonic(), None
    try:
        with measured() as used:
            yield said
    except PlaybookError as error:
        said.status = record.REFUSED
        said.reason = "; ".join(problem.found for problem in error.problems)[:LONGEST]
        raise
    except Exception as error:
        said.status, said.reason = record.FAILED, f"internal error: {type(error).__name__}"
        raise
    finally:
        wall = time.monotonic() - began
        cpu, peak = (used.cpu, used.peak_mb) if used else (None, None)
        if number is None and out.is_dir() and said.status != record.REFUSED:
            number = written(out, begun)
        if number is not None:
            ended: dict[str, Any] = {
                "ended": clock.now(),
                "wall": wall,
                "cpu": cpu,
                "peak_mb": peak,
            }
            written(out, lambda connection: record.end(connection, number, **ended, **asdict(said)))
        log_event(
            "finished",
            kind=kind,
            book=said.book,
            month=said.month,
            status=said.status,
            seconds=round(wall, 3),
            cpu=cpu,
            peak_mb=peak,
            failed=list(said.failed),
            folder=said.folder,
        )


def tell(said: Recorded, plan: Plan, done: Finished) -> None:
    """Put on record what a pack's run left, and tell its alerts: on standard error, in the log and
    in the record.
    """
    from playbook.deliver.runs import FAILED, OK
    from playbook.report.record.manifest import NAME

    made = json.loads((done.target / NAME).read_text(encoding="utf-8"))
    said.book, said.month, said.variant = plan.source.name, plan.source.month, done.target.name
    said.variant = said.variant.removeprefix(plan.source.name).removeprefix(".")
    said.status = OK if made["status"] == "ok" else FAILED
    said.failed = sections_failed(done.outcomes)
    said.outputs = {name: output["sha256"] for name, output in made["outputs"].items()}
    said.folder = str(done.target)
    from playbook.base.settings import load_settings

    watched = load_settings(plan.source.folder).alerts
    said.alerts = tuple(one.text for one in tell_alerts(done.target, watched))


def tell_alerts(target: Path, watched: Sequence[Alert]) -> list[Told]:
    """Alerts of a full pack, told at once: those of its own audience, as the others have packs of
    their own.
    """
    from playbook.base.settings.deliver import EDITIONS_OF_ALL
    from playbook.deliver.alerts import crossed
    from playbook.report.record.manifest import NAME
    from playbook.report.record.packs import printed

    made = json.loads((target / NAME).read_text(encoding="utf-8"))
    own = (made["audience"],) if made.get("audience") else EDITIONS_OF_ALL
    mine = [one for one in watched if one.audience in own]
    if made["partial"] or not mine:
        return []
    results = json.loads((target / "results.json").read_text(encoding="utf-8"))
    earlier = printed(target.parent.parent, target.name, made["month"])
    found = crossed(mine, results, earlier, made["settings"]["book"]["language"])
    for told in found:
        if in_json():
            log_event(
                "alert",
                book=made["book"],
                month=made["month"],
                number=told.alert.number,
                window=told.alert.window,
                by=told.alert.by,
                state=told.state,
            )
        else:
            message(say("alert: {text}", text=told.text))
    return found


def written(out: Path, write: Callable[[Any], Any]) -> Any:
    """What ``write`` gives with the record open; None, and a word, when it cannot be written."""
    from playbook.deliver.database import RecordProblem, opened

    try:
        with opened(out) as connection:
            return write(connection)
    except RecordProblem as error:
        message(say("the run is not on record: {found}", found=error.problems[0].found))
        return None


def sections_failed(outcomes: Sequence[Any]) -> tuple[str, ...]:
    """Sections of outcomes that failed, as "notebook › section"."""
    return tuple(
        " › ".join(part for part in (one.name, (one.error or {}).get("section")) if part)
        for one in outcomes
        if one.status != "ok"
    )
