"""``--log json``: what a command says on standard error as one JSON object a line, for collectors.

Every object has ``time`` (UTC, ISO) and ``event``; the other fields go by the event:

| event | fields |
|---|---|
| started | kind, book, month, out, version |
| notebook | book, notebook, status, cells, seconds; section and cell where it failed |
| printing | book |
| waiting | book, month, sources (table, last day), waited, limit |
| alert | book, month, number, window, state |
| finished | kind, book, month, status, seconds, cpu, peak_mb, failed, folder |
| delivery | book, month, audience, recipient, channel, state, reason |
| problem | as `playbook check --json` prints them |
| message | text |

No figure of the company, no cause of a failure (it may quote a cell) and no password is in them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer

from . import clock
from .app import is_said_by, say_by
from .spoken import say

Form = Literal["text", "json"]
LogOption = Annotated[
    str,
    typer.Option(
        "--log",
        metavar="text|json",
        help="how it says on standard error what it does: text for people, json for collectors",
    ),
]


def log_to(form: str) -> None:
    """Choose the form. Raises ParameterProblem for one that is not known."""
    from playbook.base.errors import refused

    if form not in ("text", "json"):
        raise refused(f"--log {form}", say("text or json"), "--log json")
    say_by(said if form == "json" else None)


def asked_before(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, told before it is parsed: what is wrong with it is an
    event too.

    >>> asked_before(["batch", "x.toml", "--log", "json"]), asked_before(["batch", "--log=text"])
    (True, False)
    """
    pairs = zip(arguments, [*arguments[1:], ""], strict=False)
    return any(one == "--log=json" or (one, other) == ("--log", "json") for one, other in pairs)


def in_json() -> bool:
    """Whether the log is JSON."""
    return is_said_by(said)


def said(text: str) -> None:
    """A message as an event."""
    if text.strip():
        log_event("message", text=text.strip())


def log_event(event: str, **fields: Any) -> None:
    """Write one event; nothing where the log is text."""
    if not in_json():
        return
    from playbook.deliver.runs import moment

    line = {"time": moment(clock.now()), "event": event, **fields}
    print(json.dumps(line, ensure_ascii=False, default=str), file=sys.stderr, flush=True)


class JsonWatcher:
    """Watches a run as ``report.run`` asks its watchers to: one event for each notebook."""

    def __init__(self, book: str):
        self.book = book

    def cell(self, name: str, done: int, total: int) -> None:
        """Cells are too many for a log."""

    def finished(self, outcome: Any) -> None:
        error = outcome.error or {}
        where = {key: error[key] for key in ("section", "cell") if error.get(key)}
        log_event(
            "notebook",
            book=self.book,
            notebook=outcome.name,
            status=outcome.status,
            cells=len(outcome.cells),
            seconds=round(outcome.seconds, 3),
            **where,
        )

    def printing(self) -> None:
        log_event("printing", book=self.book)
