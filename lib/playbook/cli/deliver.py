"""``playbook deliver``: finished packs to those who are to have them."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import (
    EXIT_INTERNAL,
    EXIT_NOTEBOOK_FAILED,
    EXIT_OK,
    PlaybookError,
    Problem,
    refused,
)
from playbook.base.language import later

from . import clock
from .app import BookOption, JsonOption, app, book_folder, message, print_table
from .faults import tell_problem
from .logs import LogOption, log_event, log_to
from .spoken import say, term

if TYPE_CHECKING:
    from playbook.deliver.parcels import Result
    from playbook.deliver.targets import Target

EXIT_INTERRUPTED = 130  # as shells report an end by Ctrl-C
HEAD = later(("book", "month", "audience", "recipient", "channel", "to", "state", "reason"))


@app.command()
def deliver(
    file: Annotated[
        str,
        typer.Argument(
            metavar="[FILE]", help="a batch file: the packs of all its books; else --book"
        ),
    ] = "",
    book: BookOption = "",
    month: Annotated[
        str,
        typer.Option(metavar="YYYY-MM", help="month of the pack; the newest there is else"),
    ] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="where reports are kept")] = "",
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="only this recipient; may be repeated"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="print what would go to whom; nothing is sent")
    ] = False,
    in_doubt: Annotated[
        bool,
        typer.Option(
            "--in-doubt", help="send also what may have been sent when a process ended in between"
        ),
    ] = False,
    failed_too: Annotated[
        bool, typer.Option("--failed-too", help="send a pack although notebooks of it failed")
    ] = False,
    as_json: JsonOption = False,
    log: LogOption = "text",
) -> int:
    """Send finished packs: mail, chat robots, folders, as [deliver] says; each only once."""
    log_to(log)
    from playbook.deliver.database import NAME, RecordProblem, looked_at, opened
    from playbook.deliver.locking import alone
    from playbook.deliver.parcels import SENT

    targets, kept = _targets(file, book, month, out)
    _known_names(targets, to or ())
    found: list[Result] = []
    stopped = None
    try:
        with contextlib.ExitStack() as held:
            looks = dry_run and (kept / NAME).is_file()  # and changes nothing, nor must it be able
            record = held.enter_context(looked_at(kept) if looks else opened(kept))
            if not looks:
                held.enter_context(alone(kept / f"{NAME}.lock"))
            for one in _delivered(targets, record, to or (), dry_run, in_doubt, failed_too):
                found.append(one)
    except (RecordProblem, KeyboardInterrupt) as error:
        if not any(one.state == SENT for one in found):
            raise
        stopped = error
    _print(found, as_json, dry_run)
    if stopped is not None:
        return _stopped(stopped)
    if not found:
        message(say("nobody is named in [[deliver.to]]"))
    return EXIT_OK if all(one.fine for one in found) else EXIT_NOTEBOOK_FAILED


def _print(found: Sequence[Result], as_json: bool, dry_run: bool) -> None:
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        print_table(
            say("Nothing was sent") if dry_run else say("Deliveries"), HEAD, map(_row, found)
        )


def _stopped(error: BaseException) -> int:
    """Say that it ended in the middle, and that what was sent stands; the exit status."""
    for problem in error.problems if isinstance(error, PlaybookError) else ():
        tell_problem(problem)
    message(
        say(
            "stopped there: what is listed stands and is not sent again; what was under way may"
            " be in doubt"
        )
    )
    if isinstance(error, KeyboardInterrupt):
        raise SystemExit(EXIT_INTERRUPTED) from None
    return EXIT_INTERNAL


def _targets(file: str, book: str, month: str, out: str) -> tuple[list[Target], Path]:
    """The packs meant and the folder they lie in."""
    from playbook.deliver.targets import of_book

    if file and book:
        raise refused(
            say("{file} and --book {book}", file=file, book=book),
            say("one of the two"),
            say("leave one out"),
        )
    if file and Path(file).is_file() and Path(file).name != "playbook.toml":
        from .batches import targets_of_batch

        return targets_of_batch(Path(file), month, out)
    kept = Path(out or "reports").expanduser()
    return [of_book(book_folder(book or file), kept, month)], kept


def _known_names(targets: Sequence[Target], to: Sequence[str]) -> None:
    """Raises ParameterProblem for names that no recipient has."""
    from playbook.base.errors import did_you_mean

    known = {one.name for target in targets for one in target.settings.to}
    problems = [
        Problem(
            found=f"--to {name}",
            expected=say("a name of [[deliver.to]]"),
            try_=did_you_mean(name, known),
        )
        for name in to
        if name not in known
    ]
    if problems:
        raise PlaybookError(problems)


def _delivered(
    targets: Sequence[Target],
    record: Any,
    to: Sequence[str],
    dry_run: bool,
    in_doubt: bool,
    failed_too: bool,
) -> Iterator[Result]:
    """Results of all targets as they are known: everything missing is told before anything is
    sent.
    """
    from playbook.deliver.parcels import parcels
    from playbook.deliver.sending import Post, preview, problems_of, send

    ready, problems = [], list[Problem]()
    untold: list[Result] = []
    for target in targets:
        post = Post(target.settings, target.home, record, clock.now, anyway=in_doubt)
        waiting, left = parcels(target.settings, target.pack_of(failed_too), target.alerts(), to)
        untold += [target.named(one) for one in left]
        problems += problems_of(post, waiting)
        ready.append((post, waiting))
    if problems and not dry_run:
        raise PlaybookError(list(dict.fromkeys(problems)))
    for problem in dict.fromkeys(problems):
        message(f"{problem}\n")
    yield from untold
    for post, waiting in ready:
        for one in preview(post, waiting) if dry_run else send(post, waiting):
            log_event("delivery", **_told(one))
            yield one


def _told(result: Result) -> dict[str, Any]:
    """What the log says of a delivery: no address, which may be personal and stands in what mail
    servers answer, and no figure.
    """
    from playbook.base.privacy import EMAIL

    kept = ("book", "month", "audience", "recipient", "channel", "state", "reason")
    told = {name: value for name, value in asdict(result).items() if name in kept}
    return {**told, "reason": re.sub(EMAIL, "…", result.reason)}


def _row(result: Result) -> list[str]:
    return [
        result.book,
        result.month,
        result.audience,
        result.recipient,
        result.channel,
        result.address,
        term(result.state),
        result.reason or ", ".join(result.parts),
    ]
