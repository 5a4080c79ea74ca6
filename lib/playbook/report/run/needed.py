"""What the processes of a run will import, known before any of them starts."""

from __future__ import annotations

import ast
import contextlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

MODULES = "PLAYBOOK_PRELOAD"
AHEAD = "PLAYBOOK_AHEAD"  # a function to call once all is imported, with its arguments, as JSON
# Beside what the notebooks import: the shell of their cells, and packages that rooms import only
# when they draw or estimate.
HEAVY = (
    "playbook.report.run.worker",
    "playbook.report.run.shell",
    "pandas",
    "duckdb",
    "narwhals",
    "narwhals._arrow.dataframe",
    "narwhals._duckdb.group_by",
    "narwhals._duckdb.namespace",
    "narwhals._interchange.dataframe",
    "matplotlib.backends.backend_svg",
    "scipy.stats",
    # in a batch no book is opened before the chapters part ways: each would import it itself
    "holidays.countries",
    # imported by every chapter when its first cell runs, or its first frame or drawing is shown
    "IPython.core.application",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "playbook.page.charts",
    "playbook.page.line_charts",
    "playbook.page.screen",
)


def wanted(notebooks: Iterable[Path], ahead: Sequence[str] = ()) -> dict[str, str]:
    """The environment that tells the fork server what to import for these notebooks, and what to
    call then (``module:function`` and its arguments).
    """
    names = sorted({name for path in notebooks for name in imports(path)})
    call = {AHEAD: json.dumps(list(ahead))} if ahead else {}
    return {MODULES: ",".join([*HEAVY, *names]), **call}


def imports(path: Path) -> list[str]:
    """What a notebook imports at the top level of its cells: ``module``, or ``module:name`` for a
    name imported from a module. Empty when it cannot be read; executing it will say why.
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
        return [
            node.module if alias.name == "*" else f"{node.module}:{alias.name}"
            for alias in node.names
        ]
    return []
