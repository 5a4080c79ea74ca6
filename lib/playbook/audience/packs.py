"""Packs for ``[audiences]``: each from a book that holds what its readers may see, and nothing
else, made before anything is computed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playbook import incentives
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.action_log import plain_rows
from playbook.data.scope import Scope, scopes_of
from playbook.data.scoped import part_of
from playbook.data.snapshot import freeze
from playbook.incentives.plans.statement_result import Statements
from playbook.report.record import archive
from playbook.report.record.action_log import action_sheet
from playbook.report.record.calendar import write_calendars
from playbook.report.record.folders import Variant
from playbook.report.record.manifest import NAME, manifest
from playbook.report.record.results import Outcome, dump, results
from playbook.report.record.workbook import write_workbook
from playbook.report.run import plan as planning
from playbook.report.run.plan import Plan, Request, Source
from playbook.report.run.shown import Shown

from .manager import head_of, manager_sheet
from .rep import rep_page

Json = dict[str, Any]
CHAPTERS = {
    "director": ("01", "02", "03", "04", "05"),
    "manager": ("01", "02", "03"),
    "rep": (),
    "finance": ("01", "03", "04"),
    "client": ("01", "02", "03"),
}
PAY_CHAPTER = "04"


@dataclass(frozen=True)
class Part:
    """One pack to make: whose, from which book, and the chapters that run for it."""

    scope: Scope
    book: Book
    chapters: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        """Whether it is a rep's page, made without notebooks."""
        return self.scope.audience.kind == "rep"


def parts_of(book: Book, asked: Sequence[str]) -> Iterator[Part]:
    """The packs of the audiences asked for (``all``: every one), one book at a time. Raises
    ParameterProblem before the first one for a name there is not.
    """
    scopes = scopes_of(book.read, book.settings, asked)

    def made() -> Iterator[Part]:
        for scope in scopes:
            shown = scope.audience
            numbers = set(CHAPTERS[shown.kind])
            numbers |= {PAY_CHAPTER} if shown.pay and shown.kind == "manager" else set()
            chapters = tuple(n for n in planning.NOTEBOOKS if n.split("-")[0] in numbers)
            yield Part(scope, part_of(book, scope), chapters)

    return made()


def source_of(part: Part, path: str) -> Source:
    """What a run has to know of the part's book. path: of the whole one, as it was asked for."""
    book, shown = part.book, part.scope.audience
    settings = book.settings.model_dump(mode="json", by_alias=True)
    if shown.kind != "director" or shown.editions:
        usual = ["details"] if shown.kind in ("manager", "finance") else []
        chapters = [name.split("-", 1)[1] for name in part.chapters]
        settings["report"] |= {"editions": list(shown.editions) or usual, "chapters": chapters}
    return Source(
        path=path,
        name=book.name,
        title=book.title,
        month=str(book.month),
        as_of=book.as_of,
        currency=book.currency,
        language=book.settings.book.language,
        fingerprint=book.fingerprint,
        settings=settings,
        files=tuple(book.read.files),
        warnings=tuple(problem.as_dict() for problem in book.warnings),
        actions=plain_rows(book),
        keep=book.settings.report.keep,
    )


@contextmanager
def planned(
    part: Part,
    request: Request,
    parameters: Mapping[str, Mapping[str, Any]],
    *,
    workers: int,
    kernels: planning.Kernels,
    time_limit: float,
) -> Iterator[Plan]:
    """The plan of a part's run, whose notebooks open the part's book as it was frozen. parameters:
    of every notebook, checked.
    """
    mine = {name: values for name, values in parameters.items() if name in part.chapters}
    source = source_of(part, request.book)
    made = planning.make(
        request, mine, source, workers=workers, kernels=kernels, time_limit=time_limit
    )
    with archive.private_room("playbook-audience-") as room:
        frozen = freeze(part.book.settings, part.book.read, room / "book", (part.book.as_of,))
        yield replace(
            made,
            partial=False,
            variant=Variant.of(audience=part.scope.name),
            snapshot=frozen,
            shown=shown_of(part),
        )


def shown_of(part: Part) -> Shown | None:
    """What of the pack the audience gets; None for all of it."""
    shown, book = part.scope.audience, part.book
    if shown.kind == "manager":
        label = part.scope.label
        head = head_of(book)
        sheet = manager_sheet(book, label)
        title = (
            say("Manager · {label} ({head})", label=label, head=head)
            if head
            else say("Manager · {label}", label=label)
        )
        return Shown(title, "manager", first=False, own=sheet.data())
    if shown.kind == "finance":
        return Shown(say("Finance"), "finance", sheets=("changes", "forecast", "pay"))
    if shown.kind == "client":
        return Shown(
            say("Client"),
            "client",
            sheets=("regions", "customers", "funnel"),
            workbook=False,
            client=True,
        )
    return None


def statements_of(book: Book) -> Statements | None:
    """Everybody's statements of the quarter; None in a book without commission plans."""
    if not book.settings.commission_plans:
        return None
    found = incentives.statements(book, "", "", 0)
    return found if isinstance(found, Statements) else None


def dress_of(source: Source) -> Json:
    """Accent, footer, logo and fonts of the book's settings, files with their paths."""
    home = source.folder if source.folder.is_dir() else source.folder.parent
    report = source.report
    return {
        "accent": report.get("accent", ""),
        "footer": report.get("footer", ""),
        "logo": str(home / report["logo"]) if report.get("logo") else "",
        "fonts": [str(home / font) for font in report.get("fonts", ())],
    }


def write_rep(part: Part, path: str, out: Path, pay: Statements | None) -> Path:
    """Write a rep's pack (page, numbers, workbook, calendar, manifest); its folder."""
    from playbook.report.print.editions import write_edition

    began = time.monotonic()
    book, rep = part.book, dict(part.scope.see)["rep"][0]
    page = rep_page(book, rep, pay if part.scope.audience.pay else None)
    source = source_of(part, path)
    made = Plan(source, (), out, variant=Variant.of(audience=part.scope.name))
    records = [result.record().data() for result in page.results]
    outcome = Outcome("salesperson", page.name, records=records)
    tiles = [{"type": "tiles", "wide": 1.0, "items": list(page.tiles)}] if page.tiles else []
    sheet = page.sheet.data()
    sheet = {**sheet, "panels": [*tiles, *sheet["panels"]]}
    meta = {
        "title": say("Sales performance playbook"),
        "company": source.title,
        "month": source.fmt.text(source.month, "month"),
        "as_of": source.as_of.isoformat(),
        "language": source.language,
        "chapters": [],
    }
    dress = dress_of(source)
    with archive.building(made.target, source.keep) as folder:
        warnings = write_edition(
            folder / "rep.pdf",
            title=say("Salesperson · {name}", name=page.name),
            brief=None,
            sheets=[sheet],
            meta=meta,
            dress=dress,
        )
        (folder / "results.json").write_text(dump(results(source, [outcome])), encoding="utf-8")
        log = action_sheet([outcome], source.actions, source.as_of)
        write_workbook(
            [log] if log else [],
            folder / "actions.xlsx",
            title=f"{page.name} · {source.month}",
            as_of=source.as_of,
        )
        if log:
            write_calendars(log, folder / "calendar", source.as_of)
        full = manifest(made, [outcome], folder, time.monotonic() - began)
        (folder / NAME).write_text(dump({**full, "print_warnings": warnings}), encoding="utf-8")
    return made.target
