"""What a run will do, decided and checked before any kernel starts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from playbook.base.errors import ParameterProblem, PlaybookError, Problem, did_you_mean
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.params import NOTEBOOKS, Common
from playbook.base.places import notebooks_folder, sample_folder
from playbook.report.record.folders import FULL as FULL_PACK
from playbook.report.record.folders import Variant, pack_folder

from .pins import Pin
from .shown import Shown

Kernels = Literal["stock", "forked"]
FOLDER = notebooks_folder()
TIME_LIMIT = 1800.0  # [s] for one notebook; far beyond what any of ours needs


@dataclass(frozen=True)
class Source:
    """What the run has to know of a book; whoever opened and checked it says so.

    ``files``: one dict per file read (source, file, bytes, sha256, rows, tables, first, last).
    ``warnings``: problems that did not stop the run. ``actions``: the actions of earlier packs that
    the book's filled workbook names, rows of the table action_log. ``keep``: earlier versions of
    the pack that stay.
    """

    path: str
    name: str
    title: str
    month: str
    as_of: date
    currency: str
    language: str
    fingerprint: str
    settings: dict[str, Any] = field(default_factory=dict)
    files: tuple[dict[str, Any], ...] = ()
    warnings: tuple[dict[str, Any], ...] = ()
    actions: tuple[dict[str, Any], ...] = ()
    keep: int = 0

    @property
    def folder(self) -> Path:
        """Folder (or toml) of the book; the sample company's where ``path`` is empty."""
        return Path(self.path).expanduser().resolve() if self.path else sample_folder()

    @property
    def report(self) -> dict[str, Any]:
        """[report] of the settings."""
        return self.settings.get("report", {})

    @property
    def editions(self) -> tuple[str, ...]:
        """What the run prints; the details where the settings say nothing."""
        return tuple(self.report.get("editions", ("details",)))

    @property
    def fmt(self) -> Formats:
        return Formats(self.currency, self.language)


@dataclass(frozen=True)
class Job:
    """One notebook to execute with its parameters: JSON scalars only."""

    name: str
    path: Path
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """A run: the book, the notebooks in order, where the report goes and how it is made."""

    source: Source
    jobs: tuple[Job, ...]
    out: Path
    workers: int = 2
    kernels: Kernels = "forked"
    time_limit: float = TIME_LIMIT
    partial: bool = False  # some of the five only
    variant: Variant = FULL_PACK
    snapshot: Path | None = None  # the book as the driver froze it, for kernels to open
    files: Path | None = None  # where files that the pages need lie, when not beside the book
    shown: Shown | None = None  # what of it an audience gets
    pinned: tuple[Pin, ...] = ()  # files read in place, which must be the same at the end
    kept: Path | None = None  # where executed chapters are kept, to be taken again (``reuse``)
    anew: bool = False  # chapters that are kept are run all the same

    @property
    def target(self) -> Path:
        """Folder of the report. A run of some chapters, of other parameters or for an audience has
        one of its own beside the pack's (``sample.only-01-02``), so that it replaces nothing that
        it did not make.
        """
        return pack_folder(self.out, self.source.month, self.source.name, self.variant)


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line, before it was checked. name: of the variant, where
    it has one.
    """

    book: str
    month: str = ""
    out: str = "reports"
    only: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    folder: Path = FOLDER
    name: str = ""
    audience: str = ""
    language: str = ""


def check(request: Request) -> dict[str, dict[str, Any]]:
    """Parameters of every notebook of the run by name.

    Raises ParameterProblem with everything wrong with names, parameters and folders at once; the
    book is somebody else's to check.
    """
    problems: list[Problem] = []
    names = _collect(problems, lambda: choose(request.only), default=[])
    problems += _files(names, request.folder)
    problems += _unknown(request.given, names or list(NOTEBOOKS))
    parameters = {
        name: _collect(
            problems, lambda model=NOTEBOOKS[name]: _parameters(model, request), default={}
        )
        for name in names
    }
    problems += writable(Path(request.out).expanduser())
    if problems:
        raise ParameterProblem(list(dict.fromkeys(problems)))
    return parameters


def make(
    request: Request,
    parameters: Mapping[str, Mapping[str, Any]],
    source: Source,
    *,
    workers: int = 2,
    kernels: Kernels = "forked",
    time_limit: float = TIME_LIMIT,
) -> Plan:
    """The plan of a checked request; the month is the book's own choice when none was asked for."""
    jobs = tuple(
        Job(
            name,
            request.folder / f"{name}.ipynb",
            {**values, "book": request.book, "month": source.month},
        )
        for name, values in parameters.items()
    )
    return Plan(
        source,
        jobs,
        Path(request.out).expanduser(),
        max(1, min(workers, len(jobs))),
        kernels,
        time_limit,
        len(jobs) < len(NOTEBOOKS),
        variant_of(request, parameters),
    )


def variant_of(request: Request, parameters: Mapping[str, Mapping[str, Any]]) -> Variant:
    """How the pack differs from the full one: parameters at their default do not count."""
    usual = {name: NOTEBOOKS[name].model_fields for name in parameters}
    moved = {
        key: value
        for name, values in parameters.items()
        for key, value in values.items()
        if usual[name][key].default != value
    }
    partial = len(parameters) < len(NOTEBOOKS)
    return Variant.of(
        name=request.name,
        audience=request.audience,
        only=tuple(name.split("-")[0] for name in parameters) if partial else (),
        given=moved,
        language=request.language,
    )


def choose(only: Sequence[str], asked: str = "--only ") -> list[str]:
    """Full names, in the order of the book, of notebooks given as ``01-goal-setting`` or
    ``goal-setting``; all when none is given.
    """
    short = {name.split("-", 1)[1]: name for name in NOTEBOOKS}
    wanted, problems = set(), []
    for text in only:
        name = text.removesuffix(".ipynb")
        if name in NOTEBOOKS or name in short:
            wanted.add(short.get(name, name))
        else:
            problems.append(
                Problem(
                    found=f"{asked}{text}",
                    expected=say("the name of a notebook"),
                    try_=did_you_mean(name, [*NOTEBOOKS, *short]),
                )
            )
    if problems:
        raise ParameterProblem(problems)
    return [name for name in NOTEBOOKS if not only or name in wanted]


def split(pairs: Sequence[str]) -> dict[str, str]:
    """``["top=20"]`` → ``{"top": "20"}``; a text without ``=`` is refused."""
    wrong = [pair for pair in pairs if "=" not in pair or not pair.split("=", 1)[0].strip()]
    if wrong:
        raise ParameterProblem(
            [
                Problem(
                    found=f"-p {pair}",
                    expected=say("name=value"),
                    try_=say("for example -p top=20"),
                )
                for pair in wrong
            ]
        )
    return {name.strip(): value for name, value in (pair.split("=", 1) for pair in pairs)}


def writable(out: Path) -> list[Problem]:
    """Problems with writing under ``out``, found by trying in the nearest folder there is; nothing
    stays behind.
    """
    there = next(
        (folder for folder in (out, *out.absolute().parents) if folder.exists()), Path("/")
    )
    try:
        with tempfile.TemporaryFile(dir=there):
            return []
    except OSError as error:
        return [
            Problem(
                found=say("cannot write to {folder}: {why}", folder=out, why=error.strerror),
                expected=say("a folder this user may write to"),
                try_=say("another folder with --out, or ask for the right to write there"),
            )
        ]


def _parameters(model: type[Common], request: Request) -> dict[str, Any]:
    """Checked values of those parameters that were given and that the notebook has."""
    mine = {name: value for name, value in request.given.items() if name in model.model_fields}
    checked = model.check({**mine, "book": request.book, "month": request.month}).model_dump()
    return {name: checked[name] for name in mine}


def _unknown(given: Mapping[str, str], names: Sequence[str]) -> list[Problem]:
    known = {field for name in names for field in NOTEBOOKS[name].model_fields} - {"book", "month"}
    ours = {"book": "--book DIR", "month": "--month YYYY-MM"}
    return [
        Problem(
            found=say("unknown parameter '{name}'", name=name)
            if name not in ours
            else f"-p {name}",
            expected=say("a parameter of a notebook of this run (see `playbook params`)"),
            try_=ours.get(name) or did_you_mean(name, [*known, *ours]),
        )
        for name in given
        if name not in known
    ]


def _files(names: Sequence[str], folder: Path) -> list[Problem]:
    return [
        Problem(
            found=say("no notebook {path}", path=f"{folder / name}.ipynb"),
            expected=say("every notebook of the run in that folder"),
            try_=say("another --notebooks folder, or choose the notebooks there are with --only"),
        )
        for name in names
        if not os.access(folder / f"{name}.ipynb", os.R_OK)
    ]


def _collect(problems: list[Problem], ask: Any, default: Any) -> Any:
    try:
        return ask()
    except PlaybookError as error:
        problems.extend(error.problems)
        return default
