"""A run: notebooks over workers, then the pack, the workbook, the numbers and the manifest; all in
place at once or not at all.
"""

from __future__ import annotations

import ast
import contextlib
import json
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from playbook.base.errors import EXIT_NOTEBOOK_FAILED, EXIT_OK
from playbook.report.record import archive
from playbook.report.record.index import write_index
from playbook.report.record.manifest import NAME, appendix, made_from, manifest
from playbook.report.record.results import Outcome, dump, results
from playbook.report.record.summary import cover, worksheets
from playbook.report.record.workbook import write_workbook

from . import processes
from .lean import one_thread_each
from .plan import Plan
from .preload import wanted
from .tasks import Execute, Print, Task, waiting, work

PACK = "playbook.pdf"
Json = dict[str, Any]


class Watcher(Protocol):
    """Told what happens while a run lasts."""

    def cell(self, name: str, done: int, total: int) -> None: ...
    def finished(self, outcome: Outcome) -> None: ...
    def printing(self) -> None: ...


class InternalFault(RuntimeError):
    """Something of ours broke and nothing was put in place. The text is the traceback of the
    process it happened in.
    """


@dataclass(frozen=True)
class Finished:
    """What a run left: the folder of the report and how each notebook went, in order."""

    target: Path
    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def exit_status(self) -> int:
        return EXIT_OK if all(o.status == "ok" for o in self.outcomes) else EXIT_NOTEBOOK_FAILED

    @property
    def pdf(self) -> Path:
        return self.target / PACK


def warm_up(notebooks: Sequence[Path]) -> None:
    """Start importing what the notebooks will import, in a process beside this one. Call it early;
    ``run`` does it otherwise.
    """
    one_thread_each()
    processes.warm_up(wanted(sorted({name for path in notebooks for name in imports(path)})))


def run(plan: Plan, watch: Watcher) -> Finished:
    """Execute the plan. Notebooks that fail are outcomes; raises InternalFault when rendering
    breaks.
    """
    began = time.monotonic()
    warm_up([job.path for job in plan.jobs])
    with (
        processes.runtime_folder() as runtime,
        archive.building(plan.target) as folder,
        Crew(plan.workers, runtime) as crew,
    ):
        outcomes = _execute(plan, crew, folder, runtime, watch)
        watch.printing()
        made = made_from(plan, outcomes)
        crew.give(*_prints(plan, outcomes, made, folder, runtime))
        _write_data(plan, outcomes, folder)
        warnings = sorted({warning for result in crew.results() for warning in result or ()})
        whole = manifest(plan, outcomes, folder, time.monotonic() - began)
        (folder / NAME).write_text(dump({**whole, "print_warnings": warnings}), encoding="utf-8")
    write_index(plan.out)
    return Finished(plan.target, tuple(outcomes), time.monotonic() - began)


def _execute(plan: Plan, crew: Crew, folder: Path, runtime: Path, watch: Watcher) -> list[Outcome]:
    longest_first = sorted(
        plan.jobs, key=lambda job: -job.path.stat().st_size
    )  # so that no worker is left with a long one at the end
    crew.give(
        *(
            Execute(job, folder, runtime, _meta(plan), plan.kernels, plan.time_limit)
            for job in longest_first
        )
    )
    found: dict[str, Outcome] = {}
    for outcome in crew.results(watch.cell):
        found[outcome.name] = outcome
        watch.finished(outcome)
    return [found[job.name] for job in plan.jobs]


def _prints(
    plan: Plan, outcomes: Sequence[Outcome], made: Json, folder: Path, runtime: Path
) -> list[Task]:
    """The pack first, since it takes longest; then each chapter alone."""
    names = tuple(o.name for o in outcomes)
    pack = Print(
        names,
        folder / PACK,
        runtime,
        {**_meta(plan), "manifest": appendix(made)},
        cover(plan.source, outcomes),
    )
    return [
        pack,
        *(
            Print((o.name,), folder / f"{o.name}.pdf", runtime, {**_meta(plan), "title": o.title})
            for o in outcomes
        ),
    ]


def _meta(plan: Plan) -> Json:
    source = plan.source
    return {
        "title": "Sales performance playbook",
        "company": source.title,
        "month": source.fmt.text(source.month, "month"),
        "as_of": source.as_of.isoformat(),
        "language": source.language,
    }


def _write_data(plan: Plan, outcomes: Sequence[Outcome], folder: Path) -> None:
    source = plan.source
    (folder / "results.json").write_text(dump(results(source, outcomes)), encoding="utf-8")
    write_workbook(
        worksheets(outcomes),
        folder / "actions.xlsx",
        title=f"{source.title} · {source.month}",
        as_of=source.as_of,
    )


def imports(path: Path) -> list[str]:
    """Modules a notebook imports at the top level of its cells; [] when it cannot be read, which
    its execution will tell.
    """
    found: list[str] = []
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                with contextlib.suppress(SyntaxError):
                    found += [
                        name
                        for node in ast.parse("".join(cell["source"])).body
                        for name in _imported(node)
                    ]
    return found


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


@dataclass
class Hand:
    """A worker process and the task it is busy with."""

    process: BaseProcess
    connection: Connection
    task: Task | None = None


class Crew:
    """Worker processes that take tasks in order. Leaving the block ends them, and with them their
    kernels.
    """

    def __init__(self, size: int, runtime: Path):
        self.runtime, self.waiting = runtime, deque()
        self.hands: list[Hand] = []
        self.size = size

    def __enter__(self) -> Crew:
        self.hands = [self._hire() for _ in range(self.size)]
        return self

    def __exit__(self, *error: object) -> None:
        for hand in self.hands:
            hand.process.kill()
        for hand in self.hands:
            hand.process.join()
            hand.connection.close()

    def give(self, *tasks: Task) -> None:
        """Queue tasks and start those a free worker can take."""
        self.waiting.extend(tasks)
        self._assign()

    def results(self, on_cell: Any = None) -> Iterator[Any]:
        """What each task returned, as they finish, until nothing is queued or under way."""
        while busy := {hand.connection: hand for hand in self.hands if hand.task}:
            for connection in wait(list(busy)):
                hand = busy[connection]
                try:
                    kind, *details = connection.recv()
                except (EOFError, ConnectionResetError):
                    yield self._lost(hand)
                    continue
                if kind == "cell" and on_cell:
                    on_cell(*details)
                elif kind == "broken":
                    raise InternalFault(details[0])
                elif kind == "done":
                    hand.task = None
                    self._assign()
                    yield details[0]

    def _lost(self, hand: Hand) -> Outcome:
        """A worker that ended in the middle of a notebook failed that notebook; another takes its
        place.
        """
        hand.process.join()
        task, code = hand.task, hand.process.exitcode
        if not isinstance(task, Execute):
            raise InternalFault(
                f"a worker ended with status {code} while printing {getattr(task, 'path', '')}"
            )
        self.hands[self.hands.index(hand)] = self._hire()
        self._assign()
        cause = (
            f"the process that ran the notebook ended with status {code}, most often for want of"
            " memory"
        )
        error = {"section": "", "cause": cause, "hint": ""}
        lost = {
            "name": task.job.name,
            "title": task.job.name,
            "blocks": [{"type": "failure", **error}],
        }
        waiting(self.runtime, task.job.name).write_text(dump(lost), encoding="utf-8")
        return Outcome(
            task.job.name, task.job.name, "failed", {**error, "cell": None, "timeout": False}
        )

    def _hire(self) -> Hand:
        ours, theirs = Pipe()
        process = processes.start(work, theirs, self.runtime)
        theirs.close()
        return Hand(process, ours)

    def _assign(self) -> None:
        for hand in self.hands:
            if self.waiting and hand.task is None:
                hand.task = self.waiting.popleft()
                with contextlib.suppress(
                    BrokenPipeError
                ):  # already gone: reading from it will tell
                    hand.connection.send(hand.task)
