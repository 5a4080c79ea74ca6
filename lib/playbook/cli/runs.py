"""``playbook runs``: what was run, how long it took, how it ended."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import EXIT_OK, refused
from playbook.base.language import later

from .app import JsonOption, app, message, print_table
from .spoken import say, term

if TYPE_CHECKING:
    from playbook.deliver.runs import Run

HEAD = later(
    ("run", "book", "month", "variant", "started", "wall", "cpu", "peak", "status", "failed")
)


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
    from playbook.deliver.database import NAME, looked_at

    if status and status not in record.STATUSES:
        raise refused(
            f"--status {status}",
            say("one of {names}", names=", ".join(record.STATUSES)),
            "--status ok",
        )
    kept = Path(out).expanduser()
    if not (kept / NAME).is_file():
        raise refused(
            say("no runs on record in {folder}", folder=kept),
            say("a folder that `playbook report` wrote to"),
            "--out",
        )
    with looked_at(kept) as connection:
        if deliveries:
            found: list[Any] = sent.listed(connection, book=book, month=month, most=most)
        else:
            found = record.listed(connection, book=book, month=month, status=status, most=most)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif deliveries:
        head = ("book", "month", "audience", "recipient", "channel", "address", "state", "changed")
        print_table(
            say("Deliveries in {folder}", folder=kept),
            (*map(term, head), say("error")),
            [[getattr(one, name) or "" for name in (*head, "error")] for one in found],
        )
    else:
        print_table(say("Runs in {folder}", folder=kept), HEAD, map(_row, found))
        for run in found:
            for line in run.alerts:
                message(say("run {id}: {line}", id=run.id, line=line))
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
