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


def face(text: str) -> str:
    """The ``@font-face`` rule with the characters of ``text`` that no Latin font has; empty when
    there are none.
    """
    wanted = frozenset(
        c
        for c in set(text)
        if not c.isascii()
        and ord(c) > 0x2000
        and ord(c) in known(CHINESE)
        and ord(c) not in known(SANS)
    )
    if not wanted:
        return ""
    return (
        f'@font-face {{ font-family: "{FAMILY}"; src: url(data:font/woff;base64,{_woff(wanted)})'
        ' format("woff"); }\n'
    )


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
    ) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=sorted(map(ord, characters)))
        subsetter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    return base64.b64encode(out.getvalue()).decode("ascii")
