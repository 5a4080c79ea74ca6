"""The papermill engine of the house: statuses that are true, notebooks that are always saved, one
time limit for all cells together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from playbook.base.language import say


def __getattr__(name: str) -> Any:
    """Papermill asks for the engine while it is being imported, which may be by the lines below; it
    gets the real one at the end.
    """
    if name == "PlaybookEngine":
        return None
    raise AttributeError(name)


import nbformat  # noqa: E402
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402
from papermill.clientwrap import PapermillNotebookClient  # noqa: E402
from papermill.engines import (  # noqa: E402
    NBClientEngine,
    NotebookExecutionManager,
    papermill_engines,
)
from papermill.log import logger  # noqa: E402
from papermill.utils import remove_args  # noqa: E402

from .forked import ForkedCells  # noqa: E402
from .kernels import IpcManager, can_run_forked  # noqa: E402
from .plan import Kernels  # noqa: E402

Status = Literal["ok", "failed", "timeout", "not run"]
INJECTED = "injected-parameters"  # papermill's tag of the cell of parameters, and the cell's id
CELL_WAIT = 30  # [s] for the last outputs of a cell on a busy machine
STATUS_NAMES = {"ok": NotebookExecutionManager.COMPLETED, "failed": NotebookExecutionManager.FAILED}
# For ipykernel: the current folder is not searched, nor is a matplotlibrc in it read. No name stays
# behind for the notebook to see.
ISOLATED = (
    "--InteractiveShellApp.ignore_cwd=True",
    "--InteractiveShellApp.exec_lines=__import__('playbook.report.run.lean', fromlist=['_'])"
    ".import_away('matplotlib')",
)
TOO_LONG, KERNEL_DIED = "TimeLimit", "KernelDied"


@dataclass
class CellRun:
    """How one cell went. ``seconds`` is None for a cell that never ran."""

    index: int
    id: str
    kind: str
    status: Status = "not run"
    seconds: float | None = None


@dataclass
class Execution:
    """How a run went; pass one in as ``execution=`` and read it afterwards, also
    when papermill raised.
    """

    cells: list[CellRun] = field(default_factory=list)
    node: Any = None
    seconds: float = 0.0

    @property
    def status(self) -> Status:
        """The worst of the cells; a notebook is ok when every cell is."""
        states = {cell.status for cell in self.cells}
        return next((state for state in ("timeout", "failed", "not run") if state in states), "ok")  # type: ignore[return-value]

    @property
    def culprit(self) -> CellRun | None:
        """The cell that failed or ran out of time."""
        return next((cell for cell in self.cells if cell.status in ("failed", "timeout")), None)


class HonestManager(NotebookExecutionManager):
    """Saves once, at the end, whatever happened. A cell that never ran is not called completed."""

    def __init__(
        self,
        *args: Any,
        execution: Execution | None = None,
        on_cell: Callable[[CellRun, int], None] | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.execution = execution if execution is not None else Execution()
        self.on_cell = on_cell
        self.saving = False

    def save(self, **kwargs: Any) -> None:
        if self.saving:
            super().save(**kwargs)

    def autosave_cell(self, *args: Any, **kwargs: Any) -> None:
        """Off: a notebook is small and its run short."""

    def notebook_start(self, **kwargs: Any) -> None:
        super().notebook_start(**kwargs)
        self.execution.node = self.nb
        for cell in self.nb.cells:  # papermill invents one, and a pack's bytes are to be the same
            if INJECTED in cell.metadata.get("tags", ()):
                cell["id"] = INJECTED
        self.execution.cells = [
            CellRun(i, cell.get("id", str(i)), cell.cell_type)
            for i, cell in enumerate(self.nb.cells)
        ]

    def cell_done(self, index: int, status: Status, seconds: float) -> None:
        """Keep how a cell went and call ``on_cell``."""
        cell = self.execution.cells[index]
        cell.status, cell.seconds = status, seconds
        self.nb.cells[index].metadata.papermill["status"] = STATUS_NAMES.get(status, status)
        if self.on_cell:
            self.on_cell(cell, len(self.execution.cells))

    def notebook_complete(self, **kwargs: Any) -> None:
        super().notebook_complete(**kwargs)  # calls cells that never ran "completed"
        for cell, run in zip(self.nb.cells, self.execution.cells, strict=False):
            cell.metadata.papermill["status"] = STATUS_NAMES.get(run.status, run.status)
        self.execution.seconds = (self.end_time - self.start_time).total_seconds()
        self.saving = True
        self.save()


class HonestClient(PapermillNotebookClient):
    """Runs the cells in order within one deadline for all of them."""

    def __init__(self, nb_man: HonestManager, *, time_limit: float | None = None, **kwargs: Any):
        self.time_limit = time_limit
        self.deadline = time.monotonic() + time_limit if time_limit else None
        super().__init__(nb_man, timeout_func=self._left if time_limit else None, **kwargs)

    def _left(self, _cell: Any = None) -> int:
        """Whole seconds a cell may still take; nbclient reads 0 and below as no limit."""
        return max(1, round(self.deadline - time.monotonic()))

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            started, status = time.monotonic(), "ok"
            try:
                if self.deadline and time.monotonic() > self.deadline:
                    raise CellTimeoutError("no time left")
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                status = "failed"
            except CellTimeoutError:
                status = "timeout"
                self._add_error(
                    index,
                    TOO_LONG,
                    say(
                        "the notebook's time limit of {time_limit:g} s ran out",
                        time_limit=self.time_limit,
                    ),
                )
            except DeadKernelError:
                status = "failed"
                self._add_error(
                    index,
                    KERNEL_DIED,
                    say(
                        "the process that ran the cells ended by itself, most often for want"
                        " of memory"
                    ),
                )
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
            self.nb_man.cell_done(index, status, time.monotonic() - started)
            if status != "ok":
                break

    def _add_error(self, index: int, name: str, text: str) -> None:
        """Leave the cause where every reader of the notebook looks for it: among the cell's
        outputs.
        """
        cell = self.nb.cells[index]
        self.nb_man.cell_exception(cell, cell_index=index)
        cell.outputs.append(
            nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])
        )

    def execute(self, **kwargs: Any) -> Any:
        """Like papermill's, but a kernel that is gone is not asked for its language at the end."""
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            self.papermill_execute_cells()
        return self.nb


class ForkedClient(ForkedCells, HonestClient):
    """The same for cells in a forked process: no kernel, no sockets."""


class PlaybookEngine(NBClientEngine):
    """``papermill --engine playbook`` and the runner of ``playbook report``.

    Beyond papermill's options: ``execution`` (an Execution to fill), ``on_cell`` (called after
    every cell), ``time_limit`` (seconds for the notebook), ``kernels`` ("stock" or "forked") and
    ``isolated`` (nothing of the current folder is imported; off by default, since a notebook run by
    hand may have its helpers beside it).
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 0,
        execution: Execution | None = None,
        on_cell: Callable[[CellRun, int], None] | None = None,
        **kwargs: Any,
    ) -> Any:
        manager = HonestManager(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=0,
            execution=execution,
            on_cell=on_cell,
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: HonestManager,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        time_limit: float | None = None,
        kernels: Kernels = "stock",
        isolated: bool = False,
        **kwargs: Any,
    ) -> Any:
        options = remove_args(["input_path", "timeout", "startup_timeout"], **kwargs)
        forked = kernels == "forked" and can_run_forked(kernel_name)
        client = (ForkedClient if forked else HonestClient)(
            nb_man,
            time_limit=time_limit or execution_timeout,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            kernel_manager_class=IpcManager,
            shutdown_kernel="immediate",
            iopub_timeout=CELL_WAIT,
            record_timing=False,
            store_widget_state=False,
            extra_arguments=list(ISOLATED) if isolated else [],
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            **options,
        )
        if isinstance(client, ForkedClient):
            client.isolated = isolated
        return client.execute()


papermill_engines.register("playbook", PlaybookEngine)
del __getattr__
