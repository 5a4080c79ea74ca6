"""What the command line prints when something is wrong, and the exit status that goes with it."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Sequence

from playbook.base.errors import EXIT_BAD_INPUT, EXIT_INTERNAL, Problem

from .app import message
from .help_words import usage_problem, usage_told
from .logs import in_json, log_event
from .spoken import plural, say, spoken

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
REFUSED = (  # by the system: somebody has to look at a folder, not at this program
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR, errno.EISDIR),
    *(errno.ENAMETOOLONG, errno.EIO, errno.ESTALE),
)


def tell_problem(problem: Problem) -> None:
    """Print one problem in its three parts, or as an event of the log."""
    if in_json():
        log_event("problem", **problem.as_dict())
    else:
        message(f"{problem}\n")


def print_problems(problems: Sequence[Problem]) -> None:
    """Print every problem with the input, and that nothing was run."""
    for problem in problems:
        tell_problem(problem)
    count = len(problems)
    message(say("{problems}; nothing was run", problems=plural(count, "problem")))


def usage_error(error: Exception) -> int | None:
    """Print a mistake on the command line itself (an unknown option, a missing value) as the parser
    words it and return its status; None when ``error`` is something else.
    """
    show = getattr(error, "show", None)
    if show is None or not hasattr(error, "exit_code"):
        return None
    if in_json():
        tell_problem(usage_problem(error))
    elif spoken() == "en":
        show()
    else:
        message(usage_told(error))
    return EXIT_BAD_INPUT


def internal_error(error: Exception) -> int:
    """Print one line and write the traceback to a file; return the status. A full disk, and a file
    or folder that the system refuses, are told as such, since there is no fault to report.
    """
    last = str(error).strip().splitlines()[-1:] or [""]
    if any(f"[Errno {number}]" in last[0] for number in NO_ROOM):
        message(
            say(
                "no room to write: {why}\n  nothing was put in place; free space where --out and"
                " the temporary folder ({folder}) lie, and run again",
                why=last[0],
                folder=tempfile.gettempdir(),
            )
        )
        return EXIT_INTERNAL
    if isinstance(error, OSError) and error.filename and error.errno in REFUSED:
        message(
            say(
                "the system refuses {file}: {why}\n  look at who may write there, whether it is a"
                " folder, and whether the disk or share is there; then run again",
                file=error.filename2 or error.filename,
                why=error.strerror,
            )
        )
        return EXIT_BAD_INPUT
    with tempfile.NamedTemporaryFile(
        "w", prefix="playbook-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write("".join(traceback.format_exception(error)))
    message(
        say(
            "internal error, please report it: {kind}: {why}\n  traceback: {file}",
            kind=type(error).__name__,
            why=last[0],
            file=file.name,
        )
    )
    return EXIT_INTERNAL
