"""What the team wrote, made comparable."""

from __future__ import annotations

import re

from playbook.base.language import later, say

NONE = later("no reason given")
STEPS = (
    later("need confirmed", context="negotiation"),
    later("demo", context="negotiation"),
    later("objection met", context="negotiation"),
    later("quote", context="negotiation"),
    later("contract", context="negotiation"),
)


def step_word(step: str) -> str:
    """A micro-step of the negotiation: a stock one in the language spoken, else as the firm
    calls it.
    """
    return say(step, context="negotiation") if step in STEPS else step


def tidy(reason: object) -> str:
    """A reason in lower case without surplus blanks and marks; NONE for an empty one."""
    text = (
        re.sub(r"\s+", " ", reason).strip(" .;,。；，").lower() if isinstance(reason, str) else ""
    )
    return text or NONE
