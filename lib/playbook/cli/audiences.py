"""``playbook report --audience``: packs for readers who see a part of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.base.errors import EXIT_NOTEBOOK_FAILED, EXIT_OK, ParameterProblem, Problem

from .app import book_folder, message
from .spoken import say, spoken

if TYPE_CHECKING:
    from playbook.report.run.plan import Kernels, Request


def make_packs(
    request: Request,
    audiences: Sequence[str],
    *,
    workers: int,
    kernels: Kernels,
    time_limit: float,
) -> int:
    """Make the packs of the audiences one after the other; prints the folder of each. Gives the
    exit status: of the worst pack.
    """
    from playbook.audience import packs
    from playbook.data.book import Book
    from playbook.report.run import plan, progress, run

    if request.only:
        raise ParameterProblem(
            Problem(
                found=say("--only beside --audience"),
                expected=say("one of the two: an audience has its own chapters"),
                try_=say("leave --only out"),
            )
        )
    parameters = plan.check(request)
    book = Book.open(book_folder(request.book), request.month)
    pay, worst = None, EXIT_OK
    for part in packs.parts_of(book, audiences):
        if part.is_page:
            if pay is None and part.scope.audience.pay:
                pay = packs.statements_of(book)
            out = Path(request.out).expanduser()
            print(packs.write_rep(part, request.book, out, pay))
            continue
        mine = replace(request, month=str(book.month))
        with (
            packs.planned(
                part, mine, parameters, workers=workers, kernels=kernels, time_limit=time_limit
            ) as planned,
            progress.watching([job.name for job in planned.jobs], spoken=spoken()) as watch,
        ):
            done = run.run(planned, watch)
        for outcome in done.outcomes:
            if outcome.error:
                message(
                    say(
                        "{message}\n  traceback: {file}",
                        message=outcome.message,
                        file=done.target / (outcome.name + ".log"),
                    )
                )
                worst = EXIT_NOTEBOOK_FAILED
        print(done.target)
    return worst
