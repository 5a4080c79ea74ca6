"""What a batch is asked for, checked before anything runs: books, months, variants, options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.base.errors import PlaybookError, Problem

if TYPE_CHECKING:
    from playbook.base.settings.batch import BatchFile, BatchVariant
    from playbook.report.batch.asked import AskedBook, AskedPack
    from playbook.report.batch.driver import Options


def asked_books(
    asked: BatchFile, file: Path, months: Sequence[str] | None, out: Path | None = None
) -> list[AskedBook]:
    """What a batch file asks for, everything in it checked: paths, parameters, chapters, notebooks
    and the archive (``out`` where it is not the file's own). Raises PlaybookError with all problems
    at once.
    """
    from playbook.report.batch.asked import AskedBook, found_books
    from playbook.report.run.plan import FOLDER

    problems: list[Problem] = []
    folder = file.parent
    notebooks = folder / Path(asked.notebooks).expanduser() if asked.notebooks else FOLDER
    out = folder / Path(asked.out).expanduser() if out is None else out
    packs = [_pack(one, out, notebooks, problems, str(file)) for one in asked.every_variant]
    found: list[tuple[str, tuple[str, ...]]] = []
    try:
        usual = tuple(months_of(months) if months else asked.months)
        given = [(one.path, tuple(one.months) or usual) for one in asked.books]
        given = [(path, usual if months else own) for path, own in given]
        found = found_books(given, folder, str(file))
    except PlaybookError as error:
        problems += error.problems
    if problems:
        raise PlaybookError(list(dict.fromkeys(problems)))
    every = tuple(pack for pack in packs if pack is not None)
    return [AskedBook(path, own, every, str(file)) for path, own in found]


def _pack(
    variant: BatchVariant, out: Path, notebooks: Path, problems: list[Problem], file: str
) -> AskedPack | None:
    """One variant, checked as `playbook report` checks its options."""
    given = {name: _text(value) for name, value in variant.parameters.items()}
    try:
        return asked_pack(
            out=out,
            notebooks=notebooks,
            only=variant.only,
            given=given,
            name=variant.name,
            audience=variant.audience,
            language=variant.language,
            books=variant.books,
        )
    except PlaybookError as error:
        problems += error.problems
        return None


def asked_pack(
    *,
    out: Path,
    notebooks: Path,
    only: Sequence[str] = (),
    given: dict[str, str] | None = None,
    name: str = "",
    audience: str = "",
    language: str = "",
    books: Sequence[str] = (),
) -> AskedPack:
    """A variant of which chapters, parameters, notebooks and the archive are checked. Raises
    ParameterProblem with everything wrong with them.
    """
    from playbook.base.params import NOTEBOOKS
    from playbook.report.batch.asked import AskedPack
    from playbook.report.run import plan

    request = plan.Request(
        "", "", str(out), tuple(only), given or {}, notebooks, name, audience, language
    )
    parameters = plan.check(request)
    return AskedPack(
        tuple(parameters.items()),
        plan.variant_of(request, parameters),
        len(parameters) < len(NOTEBOOKS),
        tuple(books),
    )


def several(books: Sequence[str]) -> bool:
    """Whether more than one book is named: by several paths, or by a glob."""
    import glob

    return len(books) > 1 or any(
        glob.has_magic(path) and not Path(path).expanduser().exists() for path in books
    )


def _text(value: Any) -> str:
    return (
        {True: "true", False: "false"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def months_of(months: Sequence[str]) -> list[str]:
    """Months of the command line, checked as those of a file."""
    from playbook.base.settings import parse
    from playbook.base.settings.batch import BatchBook

    return parse(BatchBook, {"path": ".", "months": list(months)}, "--month").months


def batch_options(asked: BatchFile, file: Path, out: Path, jobs: int) -> Options:
    """The options of a batch file. out: where packs are kept; jobs: 0 = the file's."""
    from playbook.report.batch.driver import Options
    from playbook.report.run.plan import FOLDER

    notebooks = file.parent / Path(asked.notebooks).expanduser() if asked.notebooks else FOLDER
    return Options(
        out=out,
        name=str(file.resolve()),
        notebooks=notebooks,
        jobs=jobs or asked.jobs,
        time_limit=asked.time_limit,
        retries=asked.retries,
        retry_after=asked.retry_after,
    )
