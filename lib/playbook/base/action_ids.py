"""Numbers of actions that stay the same from month to month, in every pack and every workbook.

An action that an event asks for is numbered by the kind of event and its key (the deal, the order,
the contract): it is one and the same until it is done. An action that follows from figures is
numbered by what is to be done and by whom, figures left out: where next month's figures ask for it
again, it is the same action, taken up again.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode

# kind of event → what its numbers begin with
EVENTS = {
    "value check": "VC",
    "satisfaction call": "SC",
    "renewal": "RN",
    "follow-up": "FU",
    "change of approach": "CA",
    "win back": "WB",
    "care visit": "CV",
    "care call": "CC",
    "care plan": "CP",
    "greeting": "GR",
    "task": "TA",
    "meeting": "MA",
}
FINDING = "FI"
# Of these the tables tell when they are done or over: one that is no longer listed is not open.
TOLD = {EVENTS[kind] for kind in EVENTS}
# a figure with the letter of its size, such as ¥1.2m; not the digits of a name, such as D-77
_FIGURES = re.compile(r"(?<![\w-])\d+(?:[.,:\u00a0\u202f]\d+)*(?:\s?(?:bn|k|m|万|亿)(?![A-Za-z]))?")


def action_id(kind: str, *key: object) -> str:
    """The number of the action that an event asks for: two letters and ten signs.

    kind: a key of ``EVENTS``; key: what tells the event from all others of its kind.

    Examples
    --------
    >>> action_id("value check", "D-77")
    'VC-CHYCTKVHLE'
    """
    return f"{EVENTS[kind]}-{_signs(kind, *key)}"


def finding_id(kind: str, what: str, owner: str, *, exact: bool = False) -> str:
    """The number of an action that figures ask for: the figures in ``what`` do not count, unless
    ``exact``.

    Examples
    --------
    >>> one, other = (finding_id("Goals", f"Close {n} in West", "Li") for n in ("1,200", "90"))
    >>> one == other
    True
    """
    plain = " ".join((what if exact else _FIGURES.sub("#", what)).split()).casefold()
    return f"{FINDING}-{_signs(kind, plain, owner or '')}"


def told_by_tables(number: str) -> bool:
    """Whether the book's tables tell when this action is done or over."""
    return number.split("-", 1)[0] in TOLD


def _signs(*parts: object) -> str:
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return b32encode(digest[:10]).decode()[
        :10
    ]  # its first five bits make the first sign, and so on
