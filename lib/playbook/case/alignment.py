"""Tables whose figures are written as text: how their columns are aligned."""

from __future__ import annotations

from dataclasses import replace

from playbook.page import Table


def aligned(shown: Table, middle: str) -> Table:
    """``shown`` with its columns from the second on aligned as ``middle`` says, figures written as
    text to the right.
    """
    return replace(shown, align=shown.align[0] + middle + shown.align[1 + len(middle) :])
