"""A proposal tried out: the book checked, on samples where the files are large."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from playbook.base.language import say
from playbook.data.checking import CheckReport, check_book
from playbook.data.leftovers import private_room

from .proposal import Proposal
from .samples import head_of

LARGE = 150_000_000  # bytes of all files from which samples are checked


@dataclass(frozen=True)
class Trial:
    """What the check found; ``text`` is the proposal with the report month put in."""

    report: CheckReport
    sampled: bool
    text: str

    @property
    def month(self) -> str:
        return self.report.month

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """Tables read with their columns."""
        return {table.name: table.columns for table in self.report.tables}


def checked(proposal: Proposal, folder: Path) -> Trial:
    """Check the book in ``folder``, which holds the proposal's text as playbook.toml."""
    paths = [path for plan in proposal.tables for path in (plan.found.path, *plan.found.others)]
    paths = sorted({path for path in paths if path.is_file()})
    size = sum(path.stat().st_size for path in paths)
    sampled = size > LARGE
    report = _on_samples(proposal, folder, paths) if sampled else check_book(folder)
    said = say(
        "report month: {month}, the last closed one in the data; --month asks for another",
        month=report.month,
    )
    text = proposal.text.replace("\nlanguage = ", f"\n# {said}\nlanguage = ", 1)
    return Trial(report, sampled, text)


def _on_samples(proposal: Proposal, folder: Path, paths: list[Path]) -> CheckReport:
    """The check on a folder that holds the first rows of each long file, and the others as they
    are.
    """
    base = folder.resolve()
    with private_room("init") as place:
        there = place / base.name
        for path in paths:
            inside = path.relative_to(base) if path.is_relative_to(base) else None
            if inside is None:
                continue  # named by its full path in the toml
            target = there / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            short, whole = head_of(path, target.parent)
            if whole:
                os.symlink(path, target)
            elif short != target:
                short.rename(target)
        there.mkdir(exist_ok=True)
        (there / "playbook.toml").write_text(proposal.text, encoding="utf-8")
        return check_book(there)
