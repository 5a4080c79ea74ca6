"""The catalogues: read, merged with what is said, written and compiled; what is wrong with them.

One ``.po`` per room and language, and its ``.mo`` beside it, which is what a run reads. Nothing in
them depends on the day they were written.
"""

from __future__ import annotations

import difflib
import io
import re
import string
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from playbook.base.language import CATALOGUES, ENGLISH_ONLY

from .extract import REPO, Message, messages

LANGUAGE = "zh"
HEADER = """# Chinese texts of playbook. `make messages` keeps the entries; msgstr is by hand.
msgid ""
msgstr ""
"Language: zh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
LIKE = 0.75  # how like a text must be to one that is gone, to keep its translation for review


class _Timeless(Catalog):
    """A catalogue whose header says nothing of when, by whom and with what it was written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [
            ("Language", LANGUAGE),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]


def path_of(name: str) -> Path:
    return CATALOGUES / LANGUAGE / "LC_MESSAGES" / f"{name}.po"


def read(name: str) -> Catalog:
    """The catalogue as it stands; empty where there is none."""
    path = path_of(name)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    return read_po(io.BytesIO(path.read_bytes()), locale=LANGUAGE)


def standing() -> dict[str, Catalog]:
    """All catalogues there are."""
    folder = CATALOGUES / LANGUAGE / "LC_MESSAGES"
    return {path.stem: read(path.stem) for path in sorted(folder.glob("*.po"))}


def merged(name: str, said: list[Message], all_: dict[str, Catalog]) -> Catalog:
    """The catalogue with an entry for every message said, in order, and for no other. What another
    room has translated is taken over; a text that changed a little keeps its translation, marked
    fuzzy until somebody has read it.
    """
    old = all_.get(name) or Catalog(locale=LANGUAGE)
    known = {(str(_one(e.id)), e.context or ""): e for e in _entries(old)}
    elsewhere = {
        (str(_one(e.id)), e.context or ""): e.string
        for other in all_.values()
        for e in _entries(other)
        if e.string and not e.fuzzy
    }
    keys = {message.key for message in said}
    gone = {key[0]: e for key, e in known.items() if key not in keys and e.string}
    made = Catalog(locale=LANGUAGE)
    for message in said:
        before = known.get(message.key)
        string_, flags = (before.string, set(before.flags)) if before else ("", set())
        if not before and message.key in elsewhere:
            string_ = elsewhere[message.key]
        elif not before and (near := difflib.get_close_matches(message.text, gone, 1, LIKE)):
            string_, flags = gone[near[0]].string, {"fuzzy"}
        if isinstance(string_, (list, tuple)):
            string_ = next(iter(string_), "")
        made.add(
            (message.text, message.many) if message.many else message.text,
            (string_,) if message.many else string_,
            locations=[(message.file, None)],
            flags=flags,
            user_comments=before.user_comments if before else (),
            context=message.context or None,
        )
    return made


def text_of(catalogue: Catalog) -> str:
    """The ``.po`` file's text."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, include_lineno=False)
    text = out.getvalue().decode("utf-8")
    return HEADER + re.sub(r"(?m)^#, (.*)\n", _flags, text).strip("\n") + "\n"


def compiled(catalogue: Catalog) -> bytes:
    """The ``.mo`` file's bytes: the same for the same entries."""
    clean = _Timeless(locale=LANGUAGE)
    for entry in _entries(catalogue):
        if any(_strings(entry)) and not entry.fuzzy:
            clean.add(entry.id, entry.string, context=entry.context)
    out = io.BytesIO()
    write_mo(out, clean)
    return out.getvalue()


def problems(name: str, said: list[Message], catalogue: Catalog) -> list[str]:
    """What is wrong with a catalogue, each with what to do; empty when all is well."""
    entries = {(str(_one(e.id)), e.context or ""): e for e in _entries(catalogue)}
    file = path_of(name).relative_to(REPO)
    found = []
    for message in said:
        entry = entries.pop(message.key, None)
        if entry is None or not all(_strings(entry)):
            found.append(
                f"{message.file}:{message.line} is not translated; add to {file}:\n{lines(message)}"
            )
            continue
        if entry.fuzzy:
            found.append(f"{file}: read and take away '#, fuzzy': {message.text!r}")
        if message.places and (wrong := places_differ(message.text, _strings(entry))):
            found.append(f"{file}: {message.text!r}: {wrong}")
    found += [f"{file}: nobody says {text!r} any more; run make messages" for text, _ in entries]
    return found


def lines(message: Message) -> str:
    """The entry to add."""
    made = Catalog(locale=LANGUAGE)
    made.add(
        (message.text, message.many) if message.many else message.text,
        context=message.context or None,
    )
    out = io.BytesIO()
    write_po(out, made, width=100, omit_header=True)
    return out.getvalue().decode("utf-8").strip()


def places_differ(text: str, translations: Iterable[str]) -> str:
    """What differs between the places of a message and of its translations; empty when nothing."""
    meant = {name for name in _places(text) if not name.startswith(ENGLISH_ONLY)}
    for translation in translations:
        try:
            given = set(_places(translation))
        except ValueError as error:
            return f"{translation!r} cannot be filled: {error}"
        if given != meant:
            missing, strange = sorted(meant - given), sorted(given - meant)
            return "; ".join(
                filter(
                    None,
                    (
                        f"{{{'}, {'.join(missing)}}} missing in {translation!r}" if missing else "",
                        f"{{{'}, {'.join(strange)}}} unknown in {translation!r}" if strange else "",
                    ),
                )
            )
    return ""


def disagreements(all_: dict[str, Catalog]) -> list[str]:
    """Messages that two rooms translate in two ways: one term, one word."""
    seen: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    found = []
    for name, catalogue in all_.items():
        for entry in _entries(catalogue):
            strings = tuple(filter(None, _strings(entry)))
            if not strings:
                continue
            key = (str(_one(entry.id)), entry.context or "")
            other, before = seen.setdefault(key, (name, strings))
            if before != strings:
                found.append(
                    f"{key[0]!r} is {before[0]!r} in {other}.po and {strings[0]!r} in {name}.po;"
                    " say it in one way, or give the code a context"
                )
    return found


def main(names: list[str]) -> int:
    """Merge and compile the catalogues named (all when none is) and print what is left to do."""
    said, all_ = messages(), standing()
    for name in names or sorted(said.keys() | all_.keys()):
        path = path_of(name)
        if name not in said:
            path.unlink(missing_ok=True)
            path.with_suffix(".mo").unlink(missing_ok=True)
            continue
        catalogue = merged(name, said[name], all_)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text_of(catalogue).encode("utf-8"))
        read_back = read(name)
        _write(path.with_suffix(".mo"), compiled(read_back))
        left = sum(not all(_strings(e)) for e in _entries(read_back))
        fuzzy = sum(e.fuzzy for e in _entries(read_back))
        print(f"{name}: {len(said[name])} messages, {left} not translated, {fuzzy} to review")
    for line in disagreements(standing()):
        print(line)
    return 0


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def _entries(catalogue: Catalog) -> list[Entry]:
    return [entry for entry in catalogue if entry.id]


def _one(id_: object) -> object:
    return id_[0] if isinstance(id_, (list, tuple)) else id_


def _strings(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (list, tuple)) else (entry.string or "",)


def _places(text: str) -> list[str]:
    """Names of the places, those inside formats included."""
    found = []
    for _, name, spec, _ in string.Formatter().parse(text):
        if name is not None:
            found.append(name)
            found += _places(spec or "")
    return found


def _flags(hit: re.Match[str]) -> str:
    """Flags that people set; whether a text has places is asked of the code that says it."""
    kept = sorted(flag for flag in hit[1].split(", ") if not flag.startswith("python-"))
    return f"#, {', '.join(kept)}\n" if kept else ""


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
