"""Imported by the fork server before anything else: what every worker and kernel would import
anyway, imported once.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys

from .lean import (
    away_from_current_folder,
    block_slow_imports,
    forget_current_folder,
    keep_freed_memory,
)
from .needed import AHEAD, MODULES
from .processes import die_with_parent


def load() -> None:
    """Import everything named in the environment. What cannot be imported is named in a warning on
    standard error and left to the notebook that needs it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    block_slow_imports()
    forget_current_folder()
    keep_freed_memory()
    gc.disable()  # what is imported stays: looking through it for garbage costs and finds nothing
    with away_from_current_folder():
        for name in filter(None, os.environ.get(MODULES, "").split(",")):
            try:
                _import(name)
            except Exception as error:
                print(
                    f"warning: could not import {name.replace(':', '.')} before the run:"
                    f" {type(error).__name__}: {error}",
                    file=sys.stderr,
                    flush=True,
                )
        _read_fonts()
        gc.freeze()
        gc.enable()
        _work_ahead()
    gc.freeze()


def _read_fonts() -> None:
    """Fonts of figures and pages, which every chapter and every worker would read again."""
    if (figures := sys.modules.get("playbook.page.figures")) is not None:
        figures.ready()
    if (glyphs := sys.modules.get("playbook.report.print.glyphs")) is not None:
        glyphs.ready()


def _work_ahead() -> None:
    """Call what the environment names, ``["module:function", arguments...]``: work that every
    kernel would do again. Whoever started the run does the same for itself and tells what fails.
    """
    text = os.environ.pop(AHEAD, "")
    if not text:
        return
    name, *arguments = json.loads(text)
    module, _, function = name.partition(":")
    try:
        getattr(importlib.import_module(module), function)(*arguments)
    except Exception as error:
        print(f"warning: {name} before the run: {error}", file=sys.stderr, flush=True)


def _import(name: str) -> None:
    """Import ``module`` or, for ``module:name``, also the submodule of that name if it is one."""
    path, _, attribute = name.partition(":")
    module = importlib.import_module(path)
    if attribute and not hasattr(module, attribute):
        importlib.import_module(f"{path}.{attribute}")


if MODULES in os.environ:
    load()
