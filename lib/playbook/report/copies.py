"""Working copies of the notebooks in a folder of the user's. What somebody edited there is never
overwritten.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.language import language, say
from playbook.base.places import inside_package, notebooks_folder

from . import strip
from .prose import in_language

RECORD = ".playbook-notebooks.json"  # which original each copy was made from, by SHA-256


def copy_notebooks(target: Path, originals: Path | None = None) -> list[str]:
    """Make the working copies that are missing in ``target`` and return a line per notebook that
    was kept although the original has changed since.

    A copy nobody touched is replaced by the new original. Beside one that was touched the new
    original is laid under a name of its own, once. ``originals``: folder of the notebooks to copy,
    the playbook's own when None. Raises ParameterProblem when ``target`` cannot be written.
    """
    originals = originals or notebooks_folder()
    if target.resolve() == originals.resolve() and not inside_package(target):
        return []  # the repository's own notebooks, to be edited in place
    if inside_package(target):
        raise _refused(target, say("it lies in the installed package"))
    try:
        target.mkdir(parents=True, exist_ok=True)
        record = _read_record(target)
        lines = [
            line
            for path in sorted(originals.glob("*.ipynb"))
            for line in _copy(path, target, record)
        ]
        (target / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise _refused(target, error.strerror or str(error)) from None
    return lines


def _copy(original: Path, target: Path, record: dict[str, str]) -> list[str]:
    """Bring one working copy up to date, as far as nobody edited it."""
    fresh, path = _said(original.read_bytes()), target / original.name
    known, now = record.get(original.name), _sha256(fresh)
    record[original.name] = now
    if not path.exists() or _sha256(path.read_bytes()) == known:
        path.write_bytes(fresh)
        return []
    if known == now or _same_cells(path.read_bytes(), fresh):
        return []
    beside = path.with_name(f"{path.stem}.new-{now[:8]}.ipynb")
    beside.write_bytes(fresh)
    return [
        say(
            "{path} was edited and stays as it is; the playbook's new version is {beside}",
            path=path,
            beside=beside,
        )
    ]


def _said(notebook: bytes) -> bytes:
    """The notebook with its prose in the language spoken here."""
    if language() == "en":
        return notebook
    said = in_language(json.loads(notebook))
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _same_cells(one: bytes, other: bytes) -> bool:
    """Whether two notebooks differ in nothing but outputs and metadata."""
    try:
        return strip.text(json.loads(one)) == strip.text(json.loads(other))
    except (ValueError, KeyError, TypeError):
        return False


def _read_record(target: Path) -> dict[str, str]:
    try:
        found = json.loads((target / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refused(target: Path, why: str) -> ParameterProblem:
    return ParameterProblem(
        Problem(
            found=say("cannot put notebooks into {folder}: {why}", folder=target, why=why),
            expected=say("a folder this user may write to"),
            try_=say("another folder, for example playbook lab my-notebooks"),
        )
    )
