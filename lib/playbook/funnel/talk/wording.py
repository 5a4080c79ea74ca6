"""TODO."""

from __future__ import annotations

import re

NONE = "no reason given"


def tidy(reason) -> str:
    """A reason as written, blanks and capitals aside; empty ones named."""
    text = (
        re.sub(r"\s+", " ", reason).strip(" .;,。；，").lower() if isinstance(reason, str) else ""
    )
    return text or NONE
