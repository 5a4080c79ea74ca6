"""A batch: everything checked first, then one pack after the other wherever there is room, and what
has not changed left as it is. A book that fails stops no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from playbook.base.errors import Problem
from playbook.base.language import say
from playbook.report.run import processes

from .asked import AskedBook
from .keys import FileHashes
from .look import Batch, Look, Options, Row, Watcher
from .making import Making
from .opening import Opener, open_books
from .receipts import Journal, Receipts
from .runner import LocalRunner, Runner

__all__ = ["Batch", "Opener", "Options", "Row", "Runner", "Watcher", "run_batch"]


def run_batch(
    books: Sequence[AskedBook],
    options: Options,
    opener: Opener,
    watch: Watcher,
    runner: Callable[[int], Runner] | None = None,
    warm: Callable[[], None] | None = None,
) -> Batch:
    """Make every pack asked for that is not there yet.

    opener: opens and checks one book, in a process of its own. runner: who makes packs, given how
    many at a time; processes of this machine when None. warm: called when there is something to
    make, to begin what takes time.
    """
    began = time.monotonic()
    hashes = FileHashes(options.out, again=options.force)
    journal = Journal(options.out, options.name, resume=options.resume)
    local = LocalRunner(options.jobs, watch.cell)
    makers: Runner = local if runner is None else runner(options.jobs)
    try:
        with processes.runtime_folder() as home:
            look = Look(options, hashes, Receipts(options.out), journal)
            left = [(i, book, look.left(i, book)) for i, book in enumerate(books)]
            left = [entry for entry in left if entry[2]]
            if left and warm:
                warm()
            waiting = open_books(look, left, opener, local, watch, home, makers.sent)
            Making(look, makers, watch, waiting).run()
    finally:
        makers.close()
        local.close()
        hashes.save()
    rows = tuple(row for _, row in sorted(look.rows, key=lambda entry: entry[0]))
    if any(row.status in ("ok", "failed") for row in rows):
        from playbook.report.record.index import write_index

        try:
            write_index(options.out)
        except OSError as error:  # the packs are in place; the next run writes it again
            look.problems.append(
                Problem(
                    found=say(
                        "the list of packs could not be written: {error}",
                        error=error.strerror or error,
                    ),
                    expected=say("room for it beside the packs"),
                    try_=say("free space there; the next run writes it again"),
                    file=str(options.out),
                )
            )
    journal.close()
    return Batch(rows, time.monotonic() - began, tuple(look.problems))
