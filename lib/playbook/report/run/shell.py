"""The cells of a notebook run in a forked process by IPython alone: no kernel, no sockets.

What a kernel would send as messages goes through a pipe as JSON, in the same words
(``display_data``, ``execute_result``, ``stream``, ``error`` …), so that whoever reads them cannot
tell the two apart.
"""

from __future__ import annotations

import builtins
import contextlib
import getpass
import io
import json
import os
import random
import signal
import sys
import tempfile
from multiprocessing.connection import Connection
from typing import Any

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_clean, json_default
from traitlets import Type
from traitlets.config import Config

from .lean import import_away
from .processes import die_with_parent

Json = dict[str, Any]


class Post:
    """The child's end of the pipe: messages as a kernel words them."""

    def __init__(self, connection: Connection):
        self.connection = connection

    def send(self, kind: str, content: Json) -> None:
        self.connection.send_bytes(_packed([kind, content]))


def _packed(message: Any) -> bytes:
    """As jupyter_client packs: dates as texts, and values JSON has no word for as their repr."""
    try:
        text = json.dumps(message, default=json_default, ensure_ascii=False, allow_nan=False)
    except (ValueError, TypeError):
        text = json.dumps(json_clean(message), default=json_default, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


class Stream(io.TextIOBase):
    """What a cell prints, sent together when something else is shown or the cell ends. What
    programs it starts write past Python, to the descriptor, follows.
    """

    encoding, errors = "UTF-8", "strict"

    def __init__(self, name: str, descriptor: int, post: Post):
        self.name, self.descriptor, self.post = name, descriptor, post
        self.parts: list[str] = []
        self.raw = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        os.dup2(self.raw.fileno(), descriptor)
        self.taken = 0

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.parts.append(text)
        return len(text)

    def flush(self) -> None:
        text = "".join(self.parts) + self._past_python()
        if text:
            self.parts.clear()
            self.post.send("stream", {"name": self.name, "text": text})

    def _past_python(self) -> str:
        size = os.fstat(self.raw.fileno()).st_size
        if size == self.taken:
            return ""
        written = os.pread(self.raw.fileno(), size - self.taken, self.taken)
        self.taken = size
        return written.decode("utf-8", "replace")

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor


class Publisher(DisplayPublisher):
    """``display`` as messages."""

    def publish(
        self,
        data: Json,
        metadata: Json | None = None,
        source: Any = None,
        *,
        transient: Json | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        _flush()
        self._validate_data(data, metadata)
        content = {"data": data, "metadata": metadata or {}, "transient": transient or {}}
        self.shell.post.send("update_display_data" if update else "display_data", content)

    def clear_output(self, wait: bool = False) -> None:
        _flush()
        self.shell.post.send("clear_output", {"wait": wait})


class Hook(DisplayHook):
    """The value of a cell's last line as a message."""

    def start_displayhook(self) -> None: ...
    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: Json, md_dict: Json | None = None) -> None:
        _flush()
        content = {"data": format_dict, "metadata": md_dict, "execution_count": self.prompt_count}
        self.shell.post.send("execute_result", content)

    def finish_displayhook(self) -> None:
        self._is_active = False


class Shell(InteractiveShell):
    """IPython's shell, which tells a pipe what it shows."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)
    compiler_class = Type(XCachingCompiler)  # a kernel's: tracebacks read the same
    post: Post
    last_error: Json | None = None

    def init_virtualenv(self) -> None:
        """None is looked for: the Python that runs is the one that was chosen."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to keep alive."""

    def ask_exit(self) -> None:
        """The cell ends; the process lives until its notebook does."""

    def _showtraceback(self, etype: type, evalue: Any, stb: list[str]) -> None:
        _flush()
        self.last_error = {"traceback": stb, "ename": etype.__name__, "evalue": str(evalue)}
        self.post.send("error", self.last_error)

    def cell(self, source: str) -> None:
        """Run a cell and send what it showed, then ``reply``."""
        self.last_error = None
        result = self.run_cell(source, store_history=True)
        _flush()
        reply: Json = {"status": "ok", "execution_count": self.execution_count - 1}
        if not result.success or self.last_error:
            error = result.error_before_exec or result.error_in_exec
            named = {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
            reply |= {"status": "error", **(self.last_error or named)}
        self.post.send("reply", reply)


def serve(connection: Connection, environment: dict[str, str], folder: str, isolated: bool) -> None:
    """Run cells until the pipe closes. Sets up what a new process would have had.

    isolated: nothing is imported from ``folder``.
    """
    die_with_parent()
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    os.chdir(folder)
    _new_random_states()
    if not isolated and "" not in sys.path:
        sys.path.insert(0, "")
    if isolated:
        import_away("matplotlib")
    if "matplotlib" in sys.modules:  # imported before the cells could name its backend
        sys.modules["matplotlib"].use(os.environ["MPLBACKEND"])
    builtins.input = getpass.getpass = _no_input
    shell = _shell(Post(connection))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            shell.cell(connection.recv_bytes().decode("utf-8", "surrogatepass"))


def _shell(post: Post) -> Shell:
    config = Config()
    config.HistoryManager.enabled = False
    sys.argv = ["ipykernel_launcher"]  # what libraries that ask where they run expect
    shell: Shell = Shell.instance(config=config)
    shell.post = post
    sys.stdout, sys.stderr = Stream("stdout", 1, post), Stream("stderr", 2, post)
    return shell


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


def _no_input(*args: Any, **kwargs: Any) -> str:
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def _new_random_states() -> None:
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
