"""What an engine needs beyond the library itself, said before anything is started."""

from __future__ import annotations

from importlib.util import find_spec

from playbook.base.errors import PlaybookError, Problem

PACKAGES = {"spark": ("pyspark", "sqlglot"), "dask": ("distributed",)}


class EngineProblem(PlaybookError):
    """An engine that cannot be had, or cannot do what it is asked."""


def need(engine: str) -> None:
    """Raise EngineProblem unless the packages of an extra (``spark``, ``dask``) are installed."""
    absent = [name for name in PACKAGES[engine] if find_spec(name) is None]
    if absent:
        raise EngineProblem(
            Problem(
                found=f"{' and '.join(absent)} not installed",
                expected=f"the extra '{engine}'",
                try_=f"pip install 'playbook[{engine}]'",
            )
        )


def one_machine_only(what: str) -> Problem:
    """The word for what is not brought over to Spark."""
    return Problem(
        found=f"{what} runs on one machine only",
        expected="a book whose tables are files or databases read here",
        try_="leave out lake sources, or give this table as a Parquet file of its own",
    )
