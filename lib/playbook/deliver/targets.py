"""Whose packs are meant: of a book, or of each book of a batch file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playbook.base.errors import PlaybookError, refused
from playbook.base.language import say
from playbook.base.settings import Settings, load_settings
from playbook.base.settings.alerts import Alert
from playbook.base.settings.deliver import DeliverSettings
from playbook.report.record.folders import Variant
from playbook.report.record.packs import printed

from .alerts import Told, crossed
from .packs import Pack, newest_month, numbers, pack_for
from .parcels import Result

FULL = Variant()


@dataclass(frozen=True)
class Target:
    """The packs of a book and month, who is to have them, and the folder that their settings are
    relative to. variant: of the book's own pack where it is not the full one.
    """

    book: str
    month: str
    out: Path
    settings: DeliverSettings
    home: Path
    watched: tuple[Alert, ...] = ()
    variant: Variant = FULL

    def pack_of(self, failed_too: bool = False) -> Callable[[str], Pack]:
        """The pack of an audience, as ``pack_for`` says."""

        def found(audience: str) -> Pack:
            return pack_for(
                self.out,
                self.book,
                self.month,
                audience,
                variant=self.variant,
                failed_too=failed_too,
            )

        return found

    def alerts(self) -> list[Told]:
        """Alerts of the pack, each judged by the numbers of its own audience's pack."""
        return alerts_of(self.out, self.book, self.month, self.watched, self.variant)

    def named(self, result: Result) -> Result:
        """A result of this target, where it was told without a pack."""
        return replace(result, book=self.book, month=self.month)


def alerts_of(
    out: Path,
    book: str,
    month: str,
    watched: Sequence[Alert],
    variant: Variant = FULL,
) -> list[Told]:
    """Alerts that a month's packs call for, each judged by the numbers of its own audience's pack.
    Where that pack is not there nothing is told, as it cannot be sent either.
    """
    found = list[Told]()
    for audience in dict.fromkeys(alert.audience for alert in watched):
        try:
            pack = pack_for(out, book, month, audience, variant=variant, failed_too=True)
        except PlaybookError:
            continue
        mine = [alert for alert in watched if alert.audience == audience]
        earlier = printed(out, pack.folder.name, month)
        found += crossed(mine, numbers(pack), earlier, pack.language)
    return found


def of_book(folder: Path, out: Path, month: str) -> Target:
    """The packs of a book, of its newest month where none is given. Raises ParameterProblem where
    there are none.
    """
    settings: Settings = load_settings(folder)
    name = settings.book.name
    chosen = month or newest_month(out, name)
    if not chosen:
        raise refused(
            say("no pack of {name} in {folder}", name=name, folder=out),
            say("a pack that a run left"),
            say("playbook report, or --out"),
        )
    home = folder if folder.is_dir() else folder.parent
    return Target(name, chosen, out, settings.deliver, home, tuple(settings.alerts))
