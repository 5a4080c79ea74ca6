"""Which encoding a text file is in; what could be read two ways is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

from playbook.base.errors import DataProblem, Problem
from playbook.base.formats import plural
from playbook.base.language import later, say

from . import scripts
from .digests import CHUNK, Digest
from .opened import binary
from .opened import text as opened_text

LANGUAGES = later(
    {
        "euc-kr": "Korean",
        "cp932": "Japanese",
        "euc-jp": "Japanese",
        "big5": "traditional Chinese",
        "cp1251": "Cyrillic",
    }
)
# codecs of Python that are no encodings of a text file
NO_ENCODINGS = {"unicode-escape", "raw-unicode-escape", "undefined", "idna", "punycode"}


def find_encoding(path: Path, head: bytes, declared: str, facts: Digest, label: str) -> str:
    """The declared encoding if it holds, else the first of utf-8 (with or without mark), utf-16
    (with mark), gb18030 that does.
    """
    marked = (
        "utf-16"
        if head[:2] in (b"\xff\xfe", b"\xfe\xff")
        else "utf-8-sig"
        if head[:3] == b"\xef\xbb\xbf"
        else ""
    )
    if declared:
        return _declared(path, declared, marked, label)
    if marked != "utf-16" and facts.nul:
        raise DataProblem(
            Problem(
                found=say("not a text file: it holds zero bytes"),
                expected=say("a text table such as CSV"),
                file=label,
                try_=(
                    say(
                        "workbooks must end in .xlsx or .xls; for utf-16 without a mark set"
                        " encoding in [sources]"
                    )
                ),
            )
        )
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _broken_at(path, encoding) is None and (encoding != "gb18030" or _looks_chinese(path)):
            if encoding == "gb18030":
                _refuse_mixture(path, label)
                _refuse_other_script(path, label)
            return encoding
    if not marked:
        _refuse_mixture(path, label)
    likely = scripts.other_script(path) or "cp1252"
    raise DataProblem(
        Problem(
            found=(
                say(
                    "encoding not recognised (byte {broken_at:,} is not {value})",
                    broken_at=_broken_at(path, marked or "utf-8"),
                    value=marked or "utf-8",
                )
            ),
            file=label,
            expected=say("utf-8, utf-16 with a mark, or gb18030"),
            try_=say(
                'name it in [sources.…]: encoding = "{likely}" is likely'
                " for Western European files",
                likely=likely,
            )
            if likely == "cp1252"
            else say(
                'name it in [sources.…]: encoding = "{likely}" is likely, by its characters',
                likely=likely,
            ),
        )
    )


def _declared(path: Path, declared: str, marked: str, label: str) -> str:
    try:
        name = codecs.lookup(declared).name
        if name in NO_ENCODINGS or not isinstance("".encode(name), bytes):
            raise LookupError(declared)
    except (LookupError, UnicodeError, ValueError):
        raise DataProblem(
            Problem(
                found=say("unknown encoding '{declared}'", declared=declared),
                expected=say("a name Python knows, such as utf-8, gb18030, cp1252"),
                try_=say("leave it out to have it detected"),
                file=label,
            )
        ) from None
    broken = _broken_at(path, name)
    if broken is not None:
        raise DataProblem(
            Problem(
                found=say(
                    "the file is not {declared}: byte {broken:,} cannot be read",
                    declared=declared,
                    broken=broken,
                ),
                expected=say("every byte valid in {declared}", declared=declared),
                try_=say(
                    "leave encoding out to have it detected among utf-8, utf-8-sig and gb18030"
                ),
                file=label,
            )
        )
    if not name.startswith("utf") and _is_utf8_text(path):
        raise DataProblem(
            Problem(
                found=say("the file is utf-8, not {declared}", declared=declared),
                expected=say(
                    "texts in {declared}: read so, they would turn into other characters",
                    declared=declared,
                ),
                try_=say('leave encoding out to have it detected, or set encoding = "utf-8"'),
                file=label,
            )
        )
    return "utf-8-sig" if name == "utf-8" and marked == "utf-8-sig" else name


def _refuse_other_script(path: Path, label: str) -> None:
    """Raises DataProblem when bytes that are valid gb18030 read like another language."""
    if likely := scripts.other_script(path):
        raise DataProblem(
            Problem(
                found=say(
                    "texts that read as {languages} in {likely}, and would be other"
                    " characters in gb18030",
                    languages=say(LANGUAGES[likely]),
                    likely=likely,
                ),
                expected=say("utf-8, or an encoding named"),
                file=label,
                try_=say(
                    'set encoding = "{likely}", or "gb18030" if they are Chinese, in [sources.…]',
                    likely=likely,
                ),
            )
        )


def _is_utf8_text(path: Path) -> bool:
    """Whether the bytes are utf-8 beyond plain ASCII: hardly any text in another encoding is by
    chance.
    """
    return _broken_at(path, "ascii") is not None and _broken_at(path, "utf-8") is None


def _broken_at(path: Path, encoding: str) -> int | None:
    """Offset near which the bytes stop being ``encoding``; None when all are."""
    decoder, offset = codecs.getincrementaldecoder(encoding)(), 0
    with binary(path) as stream:
        while piece := stream.read(CHUNK):
            try:
                decoder.decode(piece)
            except UnicodeError as error:
                return offset + getattr(error, "start", 0)
            offset += len(piece)
    try:
        decoder.decode(b"", True)
    except UnicodeError:
        return offset
    return None


def _refuse_mixture(path: Path, label: str) -> None:
    """Raises DataProblem when single lines of a file that is not utf-8 are: read as gb18030 their
    names would silently be others.

    A line of text in another encoding is hardly ever valid utf-8 that spells Chinese characters
    only.
    """
    odd = []
    with binary(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.isascii():
                continue
            try:
                texts = [character for character in line.decode("utf-8") if character > "\x7f"]
            except UnicodeDecodeError:
                continue
            if all(
                "\u3000" <= character <= "\u9fff" or character >= "\uff00" for character in texts
            ):
                odd.append(
                    say(
                        "line {line}: {text}",
                        line=number,
                        text=line.decode("utf-8").strip()[:60],
                    )
                )
    if odd:
        raise DataProblem(
            Problem(
                found=(
                    say(
                        "two encodings in one file: {lines} in utf-8, the others not",
                        lines=plural(len(odd), "line"),
                    )
                ),
                expected=say("one encoding in the whole file"),
                file=label,
                try_=say("convert the files to utf-8 before pasting them together"),
                count=len(odd),
                rows=tuple(odd[:3]),
            )
        )


def _looks_chinese(path: Path) -> bool:
    """Almost any bytes are gb18030; text in it is made of common characters, misread Western text
    is not.
    """
    strange = common = 0
    with opened_text(path, "gb18030") as stream:
        while piece := stream.read(1 << 16):
            for character in piece:
                if character > "\x7f":
                    try:
                        character.encode("gb2312")
                        common += 1
                    except UnicodeEncodeError:
                        strange += 1
            if common + strange > 20_000:
                break
    return common >= 3 * strange
