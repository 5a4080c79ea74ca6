"""manifest.json: what a report was made from, with what, how long it took and what came out."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from playbook.base.formats import joined
from playbook.base.language import say
from playbook.base.settings import Settings
from playbook.report.run.plan import Plan

from .archive import MANIFEST, sha256
from .results import Outcome, clashes, plain

SCHEMA = 1
NAME = MANIFEST
PACKAGES = (
    "playbook",
    "pandas",
    "numpy",
    "scipy",
    "duckdb",
    "narwhals",
    "matplotlib",
    "papermill",
    "nbconvert",
    "ipykernel",
    "typst",
)
Json = dict[str, Any]


def made_from(plan: Plan, outcomes: Sequence[Outcome]) -> Json:
    """All but times and hashes: the same for the same input, so that it can be printed in the
    report itself.
    """
    source = plan.source
    return {
        "schema": SCHEMA,
        "book": source.name,
        "title": source.title,
        "month": source.month,
        "as_of": source.as_of.isoformat(),
        "currency": source.currency,
        "fingerprint": source.fingerprint,
        "partial": plan.partial,
        "audience": plan.variant.audience,  # empty = the book's own pack
        "status": "ok" if all(o.status == "ok" for o in outcomes) else "failed",
        "parameters": {job.name: job.parameters for job in plan.jobs},
        "settings": source.settings,
        "data": list(source.files),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in PACKAGES},
        },
        "warnings": [*source.warnings, *clashes(outcomes)],
    }


def manifest(plan: Plan, outcomes: Sequence[Outcome], folder: Path, seconds: float) -> Json:
    """The complete manifest of a finished folder."""
    return {
        **made_from(plan, outcomes),
        "code": code(plan),
        "run": {"workers": plan.workers, "kernels": plan.kernels, "seconds": round(seconds, 3)},
        "notebooks": [_rounded(plain(outcome)) for outcome in outcomes],
        "outputs": {
            str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": sha256(path)}
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != NAME
        },
    }


def code(plan: Plan) -> Json:
    """SHA-256 of this library and of each notebook of a run: what `playbook diff` calls code."""
    from playbook.report.batch.keys import FileHashes, library_key

    hashes = FileHashes(plan.out)
    notebooks = {job.path.name: hashes.of(job.path) for job in plan.jobs}
    return {"library": library_key(hashes), **notebooks}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _rounded(outcome: Json) -> Json:
    """Milliseconds are enough for a time."""
    for part in [outcome, *outcome["cells"]]:
        part["seconds"] = None if part["seconds"] is None else round(part["seconds"], 3)
    return outcome


def appendix(made: Json) -> list[Json]:
    """The manifest as tables for the last pages: {title, head, rows of texts}. No times: the same
    input prints the same page.
    """
    return [
        {
            "title": say("Data"),
            "head": [say("Table"), say("File"), say("Rows"), say("From"), say("To"), "SHA-256"],
            "rows": [
                [
                    joined(f["tables"]),
                    f["file"],
                    f"{f['rows']:,}",
                    f["first"] or "",
                    f["last"] or "",
                    f["sha256"][:12],
                ]
                for f in made["data"]
            ],
        },
        {
            "title": say("Parameters that differ from their default"),
            "head": [say("Notebook"), say("Parameter"), say("Value")],
            "rows": [
                [name, key, str(value)]
                for name, values in made["parameters"].items()
                for key, value in values.items()
                if key != "book"
            ],
        },
        {
            "title": say("Settings that differ from their default"),
            "head": [say("Setting"), say("Value")],
            "rows": changed_settings(made["settings"]),
        },
        {
            "title": say("Versions"),
            "head": [say("Package"), say("Version")],
            "rows": [list(row) for row in made["versions"].items()],
        },
    ]


def changed_settings(settings: Json) -> list[list[str]]:
    """(key, value) of every setting that is not at its default, mappings of sources and tables left
    out: the data table says what was read.
    """
    usual = dict(_flat(Settings().model_dump(mode="json")))
    return [
        [key, _readable(value)]
        for key, value in _flat(settings)
        if not key.startswith(("sources", "tables")) and usual.get(key) != value
    ]


def _readable(value: Any) -> str:
    """A setting as text; of a list of tables, such as commission plans, their names."""
    if isinstance(value, list):
        return joined(
            str(one.get("name", say("unnamed"))) if isinstance(one, dict) else _readable(one)
            for one in value
        )
    return (say("yes") if value else say("no")) if isinstance(value, bool) else str(value)


def _flat(settings: Json, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
