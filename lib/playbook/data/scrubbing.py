"""Nothing secret in a message: what drivers and stores say is printed without passwords."""

from __future__ import annotations

import os
import re

HIDDEN = "•••"
LENGTH = 160
_NAMES = re.compile(r"PASS(WORD|WD)?$|_PWD$|SECRET|TOKEN|ACCESS_KEY", re.IGNORECASE)
_SAID = (  # password=…, pwd: …, user:…@host
    re.compile(r"(?i)\b(password|passwd|pwd|secret|token|sig|signature)(\s*[=:]\s*)('[^']*'|\S+)"),
    re.compile(r"(?<=://)([^\s/:@]+):([^\s@]*)(?=@)"),
)


def scrubbed(text: str) -> str:
    """The first line of a message, without the secrets of the environment or of an address.

    >>> scrubbed("no route to postgresql://me:hunter2@db; password=hunter2")
    'no route to postgresql://me:•••@db; password=•••'
    """
    first = text.strip().splitlines()[0] if text.strip() else ""
    for name, value in os.environ.items():
        if _NAMES.search(name) and len(value) >= 4:
            first = first.replace(value, HIDDEN)
    first = _SAID[0].sub(rf"\1\2{HIDDEN}", first)
    return _SAID[1].sub(rf"\1:{HIDDEN}", first)[:LENGTH]
