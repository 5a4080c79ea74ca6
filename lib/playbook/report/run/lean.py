"""A process that imports and starts only what a run uses, and nothing from the current folder."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "ARROW_NUM_THREADS",
)
HERE = ("", os.curdir)  # search path entries that mean the current folder, whatever it is
# glibc's mallopt: how much freed memory stays with the process, how much is taken at once, and from
# which size on a block is given back to the system as soon as it is freed.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
MB = 2**20
# What jsonschema imports if it is there, for formats of texts that no notebook has: a tenth of a
# second, most of it for one long pattern.
FORMATS = (
    "fqdn",
    "isoduration",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "uri_template",
    "webcolors",
)
QUIET_FOLDER = Path(__file__).parent  # no library keeps a settings file here


def block_slow_imports() -> None:
    """Make ``import rfc3987_syntax`` fail, as if it were not installed.

    It compiles some thirty grammars when imported, which costs over a second, and comes with
    JupyterLab. nbformat reaches it through jsonschema, which uses it for one optional string format
    that no notebook has, and goes on without it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def import_jsonschema() -> None:
    """Import jsonschema as if packages for formats of texts were not installed; notebooks that want
    these packages themselves get them.
    """
    hidden = [name for name in FORMATS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        importlib.import_module("jsonschema")
    finally:
        for name in hidden:
            del sys.modules[name]


def one_thread_each() -> None:
    """Numerical libraries of this process and its children take one thread: two workers share the
    processors, not fight for them.

    Hashes of texts are fixed for the children too, so that nothing can depend on the order of a
    set. Settings already made stay.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("PYTHONHASHSEED", "0")


def keep_freed_memory() -> None:
    """Keep memory that is freed, within limits, for what is asked for next: frames come and go by
    the thousand, and each new page costs a fault. Holds for processes forked from this one; does
    nothing where the system's allocator is another.
    """
    # TypeError: Windows opens no library without a name
    with contextlib.suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, 32 * MB)  # the most it takes
        mallopt(M_TRIM_THRESHOLD, 128 * MB)
        mallopt(M_TOP_PAD, 16 * MB)


def look_for_garbage_seldom() -> None:
    """Look for cycles of garbage after every hundred thousand new objects, not every seven hundred:
    what a command reads and writes stays until it is done with it.
    """
    gc.set_threshold(100_000, 50, 100)


def forget_current_folder() -> None:
    """Keep this process and its children from importing modules that lie in the current folder,
    such as somebody's ``html.py``. Folders that PYTHONPATH names stay on the search path.
    """
    sys.path[:] = [entry for entry in sys.path if entry not in HERE]
    os.environ["PYTHONSAFEPATH"] = "1"
    if folders := os.environ.get("PYTHONPATH"):
        kept = [entry for entry in folders.split(os.pathsep) if entry not in HERE]
        os.environ["PYTHONPATH"] = os.pathsep.join(kept)


@contextlib.contextmanager
def away_from_current_folder() -> Iterator[None]:
    """Work in another folder for the block: matplotlib, for one, takes a ``matplotlibrc`` of the
    current folder when it is imported.
    """
    try:
        before = os.getcwd()
    except FileNotFoundError:  # somebody removed it; there is nothing to return to
        yield
        return
    os.chdir(QUIET_FOLDER)
    try:
        yield
    finally:
        os.chdir(before)


def import_away(name: str) -> None:
    """Import a module ``away_from_current_folder``."""
    with away_from_current_folder():
        importlib.import_module(name)
