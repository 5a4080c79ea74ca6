"""What an engine needs beyond the library itself, said before anything is started."""

from __future__ import annotations

from importlib.util import find_spec

from playbook.base.errors import PlaybookError, Problem
from playbook.base.formats import joined
from playbook.base.language import say

PACKAGES = {"spark": ("pyspark", "sqlglot"), "dask": ("distributed",)}


class EngineProblem(PlaybookError):
    """An engine that cannot be had, or cannot do what it is asked."""


def need(engine: str) -> None:
    """Raise EngineProblem unless the packages of an extra (``spark``, ``dask``) are installed."""
    absent = [name for name in PACKAGES[engine] if find_spec(name) is None]
    if absent:
        raise EngineProblem(
            Problem(
                found=say("{names} not installed", names=joined(absent, " and ")),
                expected=say("the extra '{engine}'", engine=engine),
                try_=f"pip install 'playbook[{engine}]'",
            )
        )


def one_machine_only(what: str) -> Problem:
    """The word for what is not brought over to Spark."""
    return Problem(
        found=say("{what} runs on one machine only", what=what),
        expected=say("a book whose tables are files or databases read here"),
        try_=say("leave out lake sources, or give this table as a Parquet file of its own"),
    )
