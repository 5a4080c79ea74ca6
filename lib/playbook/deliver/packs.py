"""What of a pack one audience may be sent: its head, its tiles, its files."""

from __future__ import annotations

import glob
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from playbook.base.errors import PlaybookError, Problem, did_you_mean
from playbook.base.formats import joined
from playbook.base.language import say
from playbook.base.settings.deliver import EDITIONS_OF_ALL
from playbook.report.record.archive import MANIFEST, sha256
from playbook.report.record.folders import Variant, pack_folder

Json = dict[str, Any]
# What the audiences of every pack are sent. Those of [audiences] are sent the editions of their
# own pack, and never one of these.
OF_EDITION = {"brief": ("brief.pdf",), "director": ("director.pdf", "brief.pdf")}
OF_PACK = (
    *("manager.pdf", "rep.pdf", "finance.pdf", "client.pdf"),
    *("director.pdf", "brief.pdf", "details.pdf"),
)


class PackProblem(PlaybookError):
    """A pack that cannot be sent."""


@dataclass(frozen=True)
class Tile:
    """A number as the brief prints it: label, value, and what it is compared with."""

    label: str
    value: str
    deltas: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """A finished pack as one audience may see it. prose: paragraphs of the brief with their titles.
    files: editions with their SHA-256. failed: whether notebooks of it failed.
    """

    folder: Path
    book: str
    title: str
    month: str
    as_of: str
    language: Literal["en", "zh"]
    audience: str
    headline: str
    tiles: tuple[Tile, ...]
    prose: tuple[tuple[str, str], ...]
    files: tuple[tuple[Path, str], ...]
    failed: bool = False


def newest_month(out: Path, book: str) -> str:
    """The newest month of which ``out`` has a pack of a book, for any audience; empty without."""
    months = sorted({path.parent.name for path in out.glob("????-??/*")}, reverse=True)
    for month in months:
        folders = (out / month).glob(f"{glob.escape(book)}*")
        if any(_json(folder / MANIFEST).get("book") == book for folder in folders):
            return month
    return ""


def pack_for(
    out: Path,
    book: str,
    month: str,
    audience: str,
    *,
    variant: Variant | None = None,
    failed_too: bool = False,
) -> Pack:
    """The pack of a book and month as ``audience`` may see it. variant: of the book's own pack,
    where not the full one is meant.

    Raises PackProblem when there is none for exactly this audience (a wider one is never taken),
    when notebooks of it failed (unless ``failed_too``), or when a file of it is not as the run
    wrote it.
    """
    own = audience not in EDITIONS_OF_ALL
    variant = variant or Variant()
    wanted = audience if own else variant.audience
    folder = pack_folder(out, month, book, replace(variant, audience=wanted))
    made = _json(folder / MANIFEST)
    if (made.get("book"), made.get("month"), audience_of(made)) != (book, month, wanted):
        raise PackProblem(
            Problem(
                found=say(
                    "no pack of {book} {month} for audience '{audience}' in {folder}",
                    book=book,
                    month=month,
                    audience=wanted,
                    folder=out,
                )
                if wanted
                else say(
                    "no pack of {book} {month} in {folder}", book=book, month=month, folder=out
                ),
                expected=say("{folder}, as a run leaves it", folder=folder),
                try_="playbook report" + (f" --audience {wanted}" if wanted else ""),
            )
        )
    if made.get("status") != "ok" and not failed_too:
        raise PackProblem(
            Problem(
                found=say("notebooks of {book} {month} failed", book=book, month=month),
                expected=say("a pack without failures"),
                try_=say("mend what failed and run again; --failed-too sends it as it is"),
                file=str(folder),
            )
        )
    return _pack(folder, made, audience, OF_PACK if own else OF_EDITION[audience])


def audience_of(made: Json) -> str:
    """The audience a manifest says its pack was made for; empty = the book's own pack."""
    return str(made.get("audience") or "")


def _pack(folder: Path, made: Json, audience: str, names: Sequence[str]) -> Pack:
    outputs = made.get("outputs", {})
    files = tuple((folder / name, outputs[name]["sha256"]) for name in names if name in outputs)
    first = names[0] if audience in EDITIONS_OF_ALL else ""
    problems = [
        Problem(
            found=say("{name} is not as the run wrote it", name=path.name),
            expected=say("a pack that nobody changed"),
            try_=say("run again"),
            file=str(folder),
        )
        for path, known in files
        if not path.is_file() or sha256(path) != known
    ]
    if not files or (first and first not in outputs):
        problems.append(
            Problem(
                found=say(
                    "the pack has no {edition} for audience '{audience}'",
                    edition=first or say("edition"),
                    audience=audience,
                ),
                expected=say("one of {names}", names=joined(names)),
                try_=say(
                    "name it in [report] editions; {hint}",
                    hint=did_you_mean(first, outputs),
                ),
                file=str(folder),
            )
        )
    if problems:
        raise PackProblem(problems)
    results = _json(folder / "results.json")
    short = results.get("short", {})
    brief = short.get("brief") or {}
    settings = made.get("settings", {}).get("book", {})
    return Pack(
        folder,
        str(made["book"]),
        str(made.get("title") or made["book"]),
        str(made["month"]),
        str(made.get("as_of", "")),
        "zh" if settings.get("language") == "zh" else "en",
        audience,
        str(short.get("title", "")),
        tuple(
            Tile(str(t["label"]), str(t["value"]), tuple(map(str, t["deltas"])))
            for t in brief.get("tiles") or short.get("tiles", ())
        ),
        tuple((str(one["title"]), str(one["text"])) for one in brief.get("prose", ())),
        files,
        made.get("status") != "ok",
    )


def numbers(pack: Pack) -> Json:
    """results.json of the pack's own folder."""
    return _json(pack.folder / "results.json")


def _json(path: Path) -> Json:
    """The object a file holds; empty where it cannot be read as one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
