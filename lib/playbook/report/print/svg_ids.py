"""Ids of inline drawings, kept apart on one page."""

from __future__ import annotations

import re
from collections import Counter

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
ID, USE = re.compile(r'\bid="([^"]+)"'), re.compile(r'(href="#|url\(#)([^")]+)')


def unique(parts: list[str]) -> list[str]:
    """Inline SVG: ids of one figure never meet those of another on the page; namespaces, which HTML
    implies, left out.
    """
    count = 0

    def rename(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        svg = ID.sub(rf'id="p{count}-\1"', found[0])
        return re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", USE.sub(rf"\g<1>p{count}-\2", svg))

    return [SVG.sub(rename, part) for part in parts]


REGION = re.compile(r'(role="region" aria-label=")([^"]*)"')


def named_apart(parts: list[str]) -> list[str]:
    """HTML pieces whose tables of one title are told apart by a number: whoever goes from table to
    table by their names has one name for each.
    """
    seen: Counter[str] = Counter()

    def named(found: re.Match[str]) -> str:
        seen[found[2]] += 1
        again = f" ({seen[found[2]]})" if seen[found[2]] > 1 else ""
        return f'{found[1]}{found[2]}{again}"'

    return [REGION.sub(named, part) for part in parts]
