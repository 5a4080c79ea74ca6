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


def dimension_word(dimension: str) -> str:
    """``product_line`` → ``product line``, in the language spoken; a dimension of the book's own
    stays as it is.

    >>> dimension_word("product_line"), dimension_word("Vertical")
    ('product line', 'Vertical')
    """
    word = dimension.replace("_", " ")
    return say(word) if word in WORDS else word
