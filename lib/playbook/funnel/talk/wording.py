"""What the team wrote, made comparable."""

from __future__ import annotations

import re

from playbook.base.language import later

NONE = later("no reason given")


def tidy(reason: object) -> str:
    """A reason in lower case without surplus blanks and marks; NONE for an empty one."""
    text = (
        re.sub(r"\s+", " ", reason).strip(" .;,。；，").lower() if isinstance(reason, str) else ""
    )
    return text or NONE
