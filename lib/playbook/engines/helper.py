"""The process on each worker that does the work: begun once, then warm.

A worker of a cluster has threads and may not start processes of its own; the helper is a plain
Python of its own, which may. It ends with its worker, however that ends.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.metadata import version as version_of
from queue import Queue
from typing import IO, Any

HEAD = struct.Struct(">Q")


def version() -> str:
    """The library's version here."""
    return version_of("playbook")


class Helper:
    """A process that takes work and gives answers, one at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "playbook.engines.helper"]
        self.lock = threading.Lock()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What ``work(*arguments)`` gives there. Raises what it raises, RuntimeError when the
        helper ends meanwhile.
        """
        assert self.process.stdin and self.process.stdout
        with self.lock:
            try:
                _write(self.process.stdin, pickle.dumps((work, arguments)))
                good, answer = pickle.loads(_read(self.process.stdout))
            except (OSError, EOFError):
                self.process.kill()
                status = self.process.wait()
                raise RuntimeError(f"the helper of the worker ended with {status}") from None
        if not good:
            raise RuntimeError(answer)
        return answer


_here: list[Helper] = []
_starting = threading.Lock()


def on_worker(work: Callable[..., Any], job: Any) -> Any:
    """``work(job)`` in the helper of this worker, which is started when there is none."""
    with _starting:
        while _here and not _here[-1].alive:
            _here.pop()
        if not _here:
            _here.append(Helper())
        helper = _here[-1]
    return helper.ask(work, job)


def serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """Do what is asked until nobody asks any more."""
    waiting: Queue[bytes] = Queue()

    def listen() -> None:
        while True:
            try:
                waiting.put(_read(asked))
            except (OSError, EOFError):
                os._exit(0)  # the worker is gone: so is whoever wanted the answer

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            work, arguments = pickle.loads(waiting.get())
            answer = pickle.dumps((True, work(*arguments)))
        except Exception as error:
            answer = pickle.dumps((False, f"{type(error).__name__}: {error}"))
        _write(told, answer)


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(HEAD.pack(len(content)))
    stream.write(content)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    (size,) = HEAD.unpack(_exactly(stream, HEAD.size))
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    parts, left = [], size
    while left:
        part = stream.read(min(left, 1 << 24))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what work prints goes to the worker's log, not among the answers
    serve(questions, answers)
