"""How blocks look in a live notebook: a few rules that follow the theme of JupyterLab. Printed
pages and HTML reports have their own.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playbook.base.params import is_batch

RULES = (files(__package__) / "screen.html").read_text(encoding="utf-8").removesuffix("\n")


class Style:
    """Shows nothing of itself; the rules it brings dress the blocks shown with it."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": RULES, "text/plain": ""}


def live() -> bool:
    """Whether somebody looks at a notebook: a kernel is running and this is not a batch."""
    if is_batch():
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None
