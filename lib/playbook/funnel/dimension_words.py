"""Words for the dimensions members are compared by."""

from __future__ import annotations

from playbook.base.language import later, say

WORDS = later(
    (
        "rep",
        "region",
        "product line",
        "channel",
        "industry",
        "customer type",
        "customer",
        "team",
        "product",
    )
)

SOURCES = later(("the deal", "its customer", "its lead", "its rep"))
THEN = ", then "


def source_words(source: str) -> str:
    """Where a dimension is taken from (``Deals.dimensions``), in the language spoken.

    >>> source_words("the deal, then its lead")
    'the deal, then its lead'
    """
    first, *rest = (say(p) if p in SOURCES else p for p in source.split(THEN))
    for part in rest:
        first = say("{first}, then {second}", first=first, second=part)
    return first


def dimension_word(dimension: str) -> str:
    """``product_line`` → ``product line``, in the language spoken; a dimension of the book's own
    stays as it is.

    >>> dimension_word("product_line"), dimension_word("Vertical")
    ('product line', 'Vertical')
    """
    word = dimension.replace("_", " ")
    return say(word) if word in WORDS else word
