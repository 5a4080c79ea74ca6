"""Which files there are to look at: in folders and one below, alike ones together, long ones by
samples.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from playbook.data.sources import KNOWN_SUFFIXES

from .files import Found, slug

MOST = 400  # files looked at; a folder with more is named, and the first are taken
DEPTH = 2  # folders below the one given
OURS = {"reports", "__pycache__", "node_modules"}  # folders that hold no exports
DIGITS = re.compile(r"\d+|(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.I)


def files_of(paths: list[Path]) -> list[Path]:
    """The readable files among paths and in folders, sorted by name, at most ``MOST``."""
    out: list[Path] = []
    for path in paths:
        out += sorted(_inside(path, DEPTH)) if path.is_dir() else [path]
    return [p for p in out if _readable(p)][:MOST]


def _inside(folder: Path, depth: int) -> list[Path]:
    out: list[Path] = []
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return out
    for entry in entries:
        hidden = entry.name.startswith((".", "~")) or entry.name in OURS
        if hidden or (entry.is_symlink() and not entry.is_file()):
            continue
        if entry.is_dir():
            if depth > 1 and not (entry / "playbook.toml").exists():
                out += _inside(entry, depth - 1)
        else:
            out.append(entry)
    return out


def _readable(path: Path) -> bool:
    named = path.suffix.lower() in KNOWN_SUFFIXES or path.name.lower().endswith(".csv.gz")
    return path.is_file() and named and not path.name.startswith((".", "~"))


def unread(paths: list[Path], read: list[Path]) -> list[str]:
    """Names of files in the folders given that are of no kind that is read, or beyond the most."""
    known = set(read)
    inside = [p for path in paths if path.is_dir() for p in _inside(path, DEPTH)]
    skip = {"playbook.toml", "commission_plans.toml"}
    return [p.name for p in inside if p not in known and p.name not in skip]


def together(found: list[Found]) -> list[Found]:
    """Files alike in headers, and in name but for digits and months, as one source with a glob;
    sheets of a workbook alike in headers as one source.
    """
    groups: dict[tuple, list[Found]] = defaultdict(list)
    for one in found:
        groups[_likeness_key(one)].append(one)
    out = []
    for key, group in groups.items():
        if len(group) < 2 or key[0] == "alone":
            out += group
        else:
            out.append(_globbed(group) if key[0] == "files" else _sheets(group))
    return sorted(out, key=lambda one: one.order)


def _likeness_key(one: Found) -> tuple:
    headers = tuple(c.name for c in one.columns)
    if not headers or one.settings.database:
        return ("alone", id(one))
    if one.settings.sheet:
        return ("sheets", str(one.path), headers, one.settings.skip)
    pattern = DIGITS.sub("*", one.path.name)
    if "*" not in pattern:
        return ("alone", id(one))
    plain = one.settings.model_copy(update={"file": "x", "dates": "", "skip": 0})
    skip = one.settings.skip
    return ("files", str(one.path.parent), pattern, headers, skip, str(plain))


def _sheets(group: list[Found]) -> Found:
    """One source for the sheets of a workbook that are alike; columns are looked at in the first
    that fills them.
    """
    first = max(group, key=lambda one: one.rows)
    names = [str(one.settings.sheet) for one in group]
    return replace(
        first,
        name=slug(first.path.stem),
        settings=first.settings.model_copy(update={"sheet": names}),
        rows=sum(one.rows for one in group),
        whole=False,
    )


def _globbed(group: list[Found]) -> Found:
    """One source for files alike; columns are looked at in the first that fills them."""
    first = max(group, key=lambda one: one.rows)
    pattern = re.sub(r"\*+", "*", DIGITS.sub("*", first.path.name))
    file = first.settings.file[: -len(first.path.name)] + pattern
    name = re.sub(r"_?\d+", "", first.name).strip("_") or first.name
    dates = next((one.settings.dates for one in group if one.settings.dates), "")
    return replace(
        first,
        name=name,
        settings=first.settings.model_copy(update={"file": file, "dates": dates}),
        rows=sum(one.rows for one in group),
        whole=False,
        others=tuple(one.path for one in group if one is not first),
    )
