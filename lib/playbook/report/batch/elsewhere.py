"""Packs made on a worker of a cluster, in the helper process that lives there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playbook.report.record.archive import private_room

from .apart import make_apart
from .jobs import PREFIX, PackJob, PackOutcome

_warm: list[bool] = []


def make_sent(job: PackJob) -> PackOutcome:
    """``make_apart`` on a machine that has nothing but the job: what all notebooks import is
    imported once per helper, before its first pack.
    """
    if not _warm:
        _warm.append(True)
        _warm_up(job.notebooks)
    return make_apart(job)


def _warm_up(notebooks: Path | Mapping[str, bytes]) -> None:
    from playbook.report.run.run import warm_up

    if isinstance(notebooks, Path):
        warm_up(sorted(notebooks.glob("*.ipynb")))
        return
    with private_room(PREFIX) as folder:
        paths = [folder / name for name in sorted(notebooks)]
        for path in paths:
            path.write_bytes(notebooks[path.name])
        warm_up(paths)
