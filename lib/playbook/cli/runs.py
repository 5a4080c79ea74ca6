"""``playbook runs``: what was run, how long it took, how it ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook import __version__
from playbook.base.errors import EXIT_OK, PlaybookError, refused

from . import clock
from .app import JsonOption, app, message, print_table
from .logs import in_json, log_event

if TYPE_CHECKING:
    from playbook.deliver.alerts import Told
    from playbook.deliver.runs import Run
    from playbook.report.run.plan import Plan
    from playbook.report.run.run import Finished

LONGEST = 500  # characters of a reason
HEAD = ("run", "book", "month", "variant", "started", "wall", "cpu", "peak", "status", "failed")


@app.command()
def runs(
    out: Annotated[str, typer.Option(metavar="DIR", help="where reports are kept")] = "reports",
    book: Annotated[str, typer.Option(metavar="NAME", help="only this book")] = "",
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="only this month")] = "",
    status: Annotated[
        str,
        typer.Option(metavar="WORD", help="only running, ok, failed, refused or interrupted"),
    ] = "",
    most: Annotated[int, typer.Option(min=1, help="how many, the newest first")] = 50,
    deliveries: Annotated[
        bool, typer.Option("--deliveries", help="what was sent to whom, instead")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Runs on record, the newest first: times, processor, memory, how they ended."""
    from playbook.deliver import deliveries as sent
    from playbook.deliver import runs as record
    from playbook.deliver.database import NAME, opened

    if status and status not in record.STATUSES:
        raise refused(f"--status {status}", f"one of {', '.join(record.STATUSES)}", "--status ok")
    kept = Path(out).expanduser()
    if not (kept / NAME).is_file():
        raise refused(
            f"no runs on record in {kept}", "a folder that `playbook report` wrote to", "--out"
        )
    with opened(kept) as connection:
        if deliveries:
            found: list[Any] = sent.listed(connection, book=book, month=month, most=most)
        else:
            found = record.listed(connection, book=book, month=month, status=status, most=most)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif deliveries:
        head = ("book", "month", "audience", "recipient", "channel", "address", "state", "changed")
        print_table(
            f"Deliveries in {kept}",
            (*head, "error"),
            [[getattr(one, name) or "" for name in (*head, "error")] for one in found],
        )
    else:
        print_table(f"Runs in {kept}", HEAD, map(_row, found))
        for run in found:
            for line in run.alerts:
                message(f"run {run.id}: {line}")
    return EXIT_OK


def _row(run: Run) -> list[str]:
    def text(value: float | None, form: str) -> str:
        return "" if value is None else format(value, form)

    return [
        str(run.id),
        run.book,
        run.month or "",
        run.variant,
        run.started.replace("T", " ")[:16],
        text(run.wall, ".1f"),
        text(run.cpu, ".1f"),
        text(run.peak_mb, ".0f"),
        run.status,
        ", ".join(run.failed) or run.reason,
    ]


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
    number = _written(out, begun) if out.is_dir() else None
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
            number = _written(out, begun)
        if number is not None:
            ended = {"ended": clock.now(), "wall": wall, "cpu": cpu, "peak_mb": peak}
            _written(
                out, lambda connection: record.end(connection, number, **ended, **asdict(said))
            )
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
    said.alerts = tuple(one.text for one in _alerts(plan, done, made))


def _alerts(plan: Plan, done: Finished, made: dict[str, Any]) -> list[Told]:
    """Alerts of a full pack, told at once: those of its own audience, as the others have packs of
    their own.
    """
    from playbook.base.settings import load_settings
    from playbook.base.settings.deliver import EDITIONS_OF_ALL
    from playbook.deliver.alerts import crossed
    from playbook.report.record.packs import printed

    if made["partial"]:
        return []
    own = (plan.variant.audience,) if plan.variant.audience else EDITIONS_OF_ALL
    watched = [one for one in load_settings(plan.source.folder).alerts if one.audience in own]
    results = json.loads((done.target / "results.json").read_text(encoding="utf-8"))
    earlier = printed(plan.out, done.target.name, plan.source.month)
    found = crossed(watched, results, earlier, plan.source.language)
    for told in found:
        if in_json():
            log_event(
                "alert",
                book=plan.source.name,
                month=plan.source.month,
                number=told.alert.number,
                window=told.alert.window,
                by=told.alert.by,
                state=told.state,
            )
        else:
            message(f"alert: {told.text}")
    return found


def _written(out: Path, write: Callable[[Any], Any]) -> Any:
    """What ``write`` gives with the record open; None, and a word, when it cannot be written."""
    from playbook.deliver.database import RecordProblem, opened

    try:
        with opened(out) as connection:
            return write(connection)
    except RecordProblem as error:
        message(f"the run is not on record: {error.problems[0].found}")
        return None


def sections_failed(outcomes: Sequence[Any]) -> tuple[str, ...]:
    """Sections of outcomes that failed, as "notebook › section"."""
    return tuple(
        " › ".join(part for part in (one.name, (one.error or {}).get("section")) if part)
        for one in outcomes
        if one.status != "ok"
    )
