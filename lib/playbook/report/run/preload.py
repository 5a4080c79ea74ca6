"""Imported by the fork server before anything else: what every worker and kernel would import
anyway, imported once.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal

from .lean import block_slow_imports
from .processes import die_with_parent

MODULES = "PLAYBOOK_PRELOAD"
# Beside what the notebooks import: the kernel itself, and packages that rooms import only when they
# draw or estimate.
HEAVY = (
    "playbook.report.run.worker",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "pandas",
    "duckdb",
    "narwhals",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "scipy.stats",
)


def wanted(imports: list[str]) -> dict[str, str]:
    """The environment that tells the fork server what to import."""
    return {MODULES: ",".join([*HEAVY, *imports])}


def load() -> None:
    """Import everything named; a module that is missing or broken is left for the notebook to
    complain about.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    block_slow_imports()
    for name in filter(None, os.environ.get(MODULES, "").split(",")):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


if MODULES in os.environ:
    load()
