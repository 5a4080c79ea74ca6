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

MANY = later(
    {
        "rep": "reps",
        "region": "regions",
        "product_line": "product lines",
        "channel": "channels",
        "industry": "industries",
        "customer_type": "customer types",
        "customer": "customers",
        "team": "teams",
        "product": "products",
    }
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


def dimension_words(dimension: str) -> str:
    """The same for several: ``industry`` → ``industries``; a dimension of the book's own is
    written as it is, with its members.

    >>> dimension_words("industry"), dimension_words("Vertical")
    ('industries', 'members of Vertical')
    """
    if dimension in MANY:
        return say(MANY[dimension])
    return say("members of {dimension}", dimension=dimension.replace("_", " "))


def dimension_word(dimension: str) -> str:
    """``product_line`` → ``product line``, in the language spoken; a dimension of the book's own
    stays as it is.

    >>> dimension_word("product_line"), dimension_word("Vertical")
    ('product line', 'Vertical')
    """
    word = dimension.replace("_", " ")
    return say(word) if word in WORDS else word
