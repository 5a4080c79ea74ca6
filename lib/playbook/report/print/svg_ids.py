"""Ids of inline drawings, kept apart on one page."""

from __future__ import annotations

import re
from collections import Counter

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
ID, USE = re.compile(r'\bid="([^"]+)"'), re.compile(r'(href="#|url\(#)([^")]+)')
EMPTY = ('id=""', 'href="#"', "url(#)", 'url(#"')  # names nothing: left as it is
NAMESPACE = re.compile(r'\sxmlns(:\w+)?="[^"]*"')


def unique(parts: list[str]) -> list[str]:
    """Inline SVG: ids of one figure never meet those of another on the page; namespaces, which HTML
    implies, left out.
    """
    count = 0

    def rename(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return renamed(found[0], f"p{count}-")

    return [SVG.sub(rename, part) if "<svg" in part else part for part in parts]


def renamed(svg: str, before: str) -> str:
    """A drawing with ``before`` put before each id, where it is given and where it is used, and
    without namespaces.
    """
    plain = svg.count('id="') == svg.count(' id="') and not any(end in svg for end in EMPTY)
    if plain:  # as our writer writes: a tenth of the time of looking for each
        svg = svg.replace(' id="', f' id="{before}')
        svg = svg.replace('href="#', f'href="#{before}').replace("url(#", f"url(#{before}")
    else:
        svg = USE.sub(rf"\g<1>{before}\2", ID.sub(rf'id="{before}\1"', svg))
    head, end, rest = svg.partition(">")
    if "xmlns" in rest:
        return NAMESPACE.sub("", svg)
    return NAMESPACE.sub("", head) + end + rest


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
