"""Which script a text is in: encodings of East Asia accept each other's bytes and give other
characters, so a file is judged by the characters it would hold.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .opened import binary

LOOKED_AT = 1 << 18  # bytes of lines with other characters than ASCII
SURE = 0.9  # share of such characters that must be of the script
LEAST = 6  # different characters from which a script is recognised
# A few Chinese words may lie in the half of the table that Korean syllables fill too: more is
# asked, or syllables that names are mostly made of, of which Chinese hardly ever gives two.
LEAST_KOREAN = 12
USUAL_KOREAN = frozenset(
    "가강건경계고공과곽관광교구국군권금기김길나남내노농단대덕도동디라레로류리림마만명모무문물미민바박반방배"
    "백변보복본부북비사산삼상서석선설성세소손송수순숙스승시식신심아안양어엄업에여연영예오용우운울원월유육윤은"
    "의이인일임자장재전점정제조종주준중지진차창채천철청최추충치카코콜타탁태터테토트통티파판평포표품프피하학한"
    "함해행허현협형호홍화환황회효훈희거객래량롯쇼팀처핑"
)
LEAST_SYLLABLES = 2
USUAL = 0.75  # share of such syllables
# Common Chinese characters read as Cyrillic are capitals and signs; Russian words are lower case.
LOWER_CASE = 0.3


def _between(*ranges: tuple[int, int]) -> Callable[[str], bool]:
    return lambda character: any(low <= ord(character) <= high for low, high in ranges)


HANGUL = _between((0xAC00, 0xD7A3))
KANA = _between((0x3041, 0x30FF), (0xFF66, 0xFF9D))
KANJI = _between((0x4E00, 0x9FFF), (0x3005, 0x3005))
CYRILLIC = _between((0x0410, 0x044F), (0x0401, 0x0401), (0x0451, 0x0451))


def other_script(path: Path) -> str:
    """The encoding a file that is valid gb18030 is more likely in: euc-kr, cp932, euc-jp, big5 or
    cp1251; empty when Chinese in gb18030 is the best reading.
    """
    sample = _sample(path)
    chinese = _decoded(sample, "gb18030")
    kana = _share(chinese, KANA)
    common = _share(chinese, _is_common)
    for encoding in ("euc-kr", "cp932", "euc-jp", "big5", "cp1251"):
        if encoding in ("big5", "cp1251") and common >= SURE:
            continue  # bytes of these hardly ever make common Chinese characters only
        text = _decoded(sample, encoding)
        if text and _speaks(encoding, text, kana):
            return encoding
    return ""


def _speaks(encoding: str, text: str, kana: float) -> bool:
    """Whether the text reads like the language of the encoding."""
    if len(set(text)) < (LEAST_SYLLABLES if encoding == "euc-kr" else LEAST):
        return False
    if encoding == "euc-kr":
        usual = _share(text, lambda character: character in USUAL_KOREAN)
        much = len(set(text)) >= LEAST_KOREAN or usual >= USUAL
        return much and _share(text, HANGUL) >= SURE
    if encoding == "cp932":
        wide = _share(text, _between((0x3041, 0x30FE)))
        return wide >= 0.2 and wide + _share(text, KANJI) >= SURE
    if encoding == "euc-jp":  # its kana are those of gb18030, its characters are not
        return kana >= 0.2
    if encoding == "big5":  # common characters come first in it: rows A4 to C6
        common = sum(0xA4 <= c.encode("big5", "replace")[0] <= 0xC6 for c in text)
        return common >= SURE * len(text) and _share(text, KANJI) >= SURE
    lower = sum(character.islower() for character in text)
    return _share(text, CYRILLIC) >= SURE and lower >= LOWER_CASE * len(text)


def _is_common(character: str) -> bool:
    """Whether a character is of the first level of GB 2312, which texts are mostly made of."""
    code = character.encode("gb2312", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def _sample(path: Path) -> bytes:
    """Lines that are not plain ASCII, up to ``LOOKED_AT`` bytes."""
    found, size = [], 0
    with binary(path) as stream:
        for line in stream:
            if not line.isascii():
                found.append(line)
                size += len(line)
                if size > LOOKED_AT:
                    break
    return b"".join(found)


def _decoded(sample: bytes, encoding: str) -> str:
    """Characters beyond ASCII in the encoding; empty when some bytes are not of it."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
    marks = "\u3000\u3001\u3002\uff08\uff09\u30fb"
    return "".join(c for c in text if c > "\x7f" and c not in marks)


def _share(text: str, of: Callable[[str], bool]) -> float:
    return sum(map(of, text)) / len(text) if text else 0.0
