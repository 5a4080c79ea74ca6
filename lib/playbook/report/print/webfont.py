"""The few Chinese characters a page needs, carried in the page: it reads the same where no Chinese
font is installed.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from fontTools import subset
from fontTools.ttLib import TTFont

from playbook.page.figures import font_files

from .glyphs import CHINESE, SANS, known

FAMILY = "Playbook Han"
ASCII = bytes(range(128))  # no byte of any other character is among them


# Stands at the end of a page's style where the rule of the whole pack comes later.
LATER = "/*font*/"


def face(text: str) -> str:
    """The ``@font-face`` rule with the characters of ``text`` that no Latin font has; empty when
    there are none.
    """
    return rule(wanted(text))


def wanted(text: str) -> frozenset[str]:
    """The characters of a text that only the Chinese font has."""
    others = text.encode("utf-8", "ignore").translate(None, ASCII).decode("utf-8")
    return frozenset(
        c
        for c in set(others)
        if ord(c) > 0x2000 and ord(c) in known(CHINESE) and ord(c) not in known(SANS)
    )


def rule(characters: frozenset[str]) -> str:
    """The ``@font-face`` rule that brings these characters; empty when there are none."""
    if not characters:
        return ""
    source = f'url(data:font/woff;base64,{_woff(characters)}) format("woff")'
    return f'@font-face {{ font-family: "{FAMILY}"; src: {source}; }}\n'


def put(page: str, characters: frozenset[str]) -> str:
    """A page written with ``LATER``, with the rule for these characters in its place."""
    return page.replace(f"{LATER}\n</style>", f"{rule(characters)}\n</style>", 1)


@lru_cache(maxsize=8)
def _woff(characters: frozenset[str]) -> str:
    """The characters' outlines as a base64 WOFF; no layout rules, no hints: a third of a second and
    about 200 bytes each.
    """
    options = subset.Options()
    options.layout_features, options.hinting, options.notdef_outline, options.recalc_timestamp = (
        [],
        False,
        True,
        False,
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG"]
    with TTFont(
        next(path for path in font_files() if path.stem == CHINESE),
        lazy=True,
        recalcTimestamp=False,
        recalcBBoxes=False,  # the whole font's holds its parts'; a third of the time is its
    ) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=sorted(map(ord, characters)))
        subsetter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    return base64.b64encode(out.getvalue()).decode("ascii")
