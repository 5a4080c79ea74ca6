"""The first functions of processes of a run. Light: the driver imports them and never papermill."""

from __future__ import annotations

import contextlib
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from .lean import away_from_current_folder, forget_current_folder
from .processes import die_with_parent


def work(connection: Connection, runtime: Path) -> None:
    """Be a worker until the driver sends None."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides what an interruption means
    forget_current_folder()
    try:
        with away_from_current_folder():
            from .worker import serve

        serve(connection, runtime)
    except Exception:  # not a notebook's fault: a worker that cannot work ends the run
        told = ("broken", traceback.format_exc())
        with contextlib.suppress(OSError):  # nobody listens any more: the run was ended
            connection.send(told)


def written_index(out: Path, language: str) -> None:
    """Be the process that writes the archive's page, in a language; its status is 1 where the page
    could not be written.
    """
    from playbook.base.language import speaking
    from playbook.report.record.index import write_index

    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forget_current_folder()
    with speaking(language):
        try:
            write_index(out)
        except OSError:
            sys.exit(1)
