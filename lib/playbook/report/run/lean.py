"""A lean process: nothing imported or threaded that a run never uses."""

from __future__ import annotations

import os
import sys

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "ARROW_NUM_THREADS",
)


def block_slow_imports() -> None:
    """Make ``import rfc3987_syntax`` fail, as if it were not installed.

    It compiles some thirty grammars when imported, which costs over a second, and comes with
    JupyterLab. nbformat reaches it
    through jsonschema, which uses it for one optional string format that no notebook has, and goes
    on without it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def one_thread_each() -> None:
    """Numerical libraries of this process and its children take one thread: two workers share the
    processors, not fight for them.

    Hashes of texts are fixed for the children too, so that nothing can depend on the order of a
    set. Settings already made stay.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("PYTHONHASHSEED", "0")
