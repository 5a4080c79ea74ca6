"""Papermill's client for cells that run in a forked process without sockets (see ``shell``)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from . import processes
from .shell import serve

Json = dict[str, Any]
HEADER = {"msg_id": "cell"}  # every message answers the one cell under way


class ForkedCells(NotebookClient):
    """A notebook client of nbclient whose cells go to a forked process instead of a kernel.

    What comes back is read by nbclient's own ``process_message``, as a kernel's messages are.
    """

    isolated = False

    @contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        ours, theirs = Pipe()
        environment, folder = dict(os.environ), os.getcwd()
        process = processes.start(serve, theirs, environment, folder, self.isolated)
        theirs.close()
        self.connection: Connection = ours
        self.process = process
        try:
            yield
        finally:
            process.kill()
            process.join()
            ours.close()

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Run a cell; its outputs are in it afterwards.

        Raises CellExecutionError, CellTimeoutError and DeadKernelError as nbclient does.
        """
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._answers(cell, cell_index)
        if reply["status"] == "error" and not self._may_fail(reply, tags):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _answers(self, cell: Any, index: int) -> Json:
        """Send the cell and read messages up to its reply."""
        limit = self._get_timeout(cell)
        until = time.monotonic() + limit if limit is not None else None
        try:
            self.connection.send_bytes(cell.source.encode("utf-8", "surrogatepass"))
            while True:
                left = None if until is None else max(0.0, until - time.monotonic())
                if not self.connection.poll(left):
                    self.process.kill()
                    raise CellTimeoutError.error_from_timeout_and_cell(
                        "Cell execution timed out", limit, cell
                    )
                kind, content = json.loads(self.connection.recv_bytes())
                if kind == "reply":
                    cell["execution_count"] = content["execution_count"]
                    return content
                message = {"msg_type": kind, "content": content, "parent_header": HEADER}
                self.process_message({**message, "header": {"msg_type": kind}}, cell, index)
        except (EOFError, ConnectionResetError, BrokenPipeError):
            raise DeadKernelError("the process of the cells ended") from None

    def _may_fail(self, reply: Json, tags: list[str]) -> bool:
        if self.force_raise_errors:
            return False
        named = reply.get("ename") in self.allow_error_names
        return bool(self.allow_errors or named or "raises-exception" in tags)
