"""Texts of playbook.toml that somebody wrote for people: contact data in them are masked as in the
tables' free texts. Names that are looked up in tables, paths and addresses stay.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from playbook.base.privacy import masked

from .funnel import CustomerReturn, OwnershipItem, SavingItem, Script
from .goals import Adjustment
from .incentives import Culture, IncentiveLevel
from .segment_maps import MapSegment

PROSE: dict[type[BaseModel], tuple[str, ...]] = {
    Adjustment: ("reason", "by"),
    Script: ("objection", "say", "show"),
    CustomerReturn: ("customer",),
    SavingItem: ("item",),
    OwnershipItem: ("name",),
    IncentiveLevel: ("gives",),
    Culture: ("assumption",),
    MapSegment: ("action",),
}


def masked_prose(thing: Any) -> Any:
    """A table of settings (or a list of them) with its prose masked; itself where nothing is."""
    if isinstance(thing, list):
        made = [masked_prose(one) for one in thing]
        return made if any(a is not b for a, b in zip(made, thing, strict=True)) else thing
    if not isinstance(thing, BaseModel):
        return thing
    prose = PROSE.get(type(thing), ())
    changed = {}
    for name in type(thing).model_fields:
        given = getattr(thing, name)
        kept = masked(given) if name in prose else masked_prose(given)
        if kept is not given and kept != given:
            changed[name] = kept
    return thing.model_copy(update=changed) if changed else thing
