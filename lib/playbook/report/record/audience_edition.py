"""The pages an audience gets, put together from what the chapters recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playbook.base.language import english, say
from playbook.report.run.plan import Source
from playbook.report.run.shown import Shown

from . import editions
from .results import Outcome

Json = dict[str, Any]
TILES = ("sales", "new_customers", "win_rate.narrow", "pipeline.open")


def pages_for(
    shown: Shown, source: Source, outcomes: Sequence[Outcome], changes: Json | None
) -> tuple[Json | None, list[Json]]:
    """The brief, None where it is not for the audience, and the pages after it."""
    brief = editions.brief(source, outcomes) if shown.first else None
    pages = [_own(shown.own, source, outcomes)] if shown.own else []
    pages += [
        sheet
        for sheet in editions.sheets(source, outcomes, changes)
        if sheet["name"] in shown.sheets
    ]
    if brief and shown.client:
        prose = [part for part in brief["prose"] if english(part["title"]) != "What to do"]
        brief = {**brief, "decisions": None, "prose": prose}
    return brief, pages


def _own(page: Json, source: Source, outcomes: Sequence[Outcome]) -> Json:
    """The page with its tiles and what is to be done, as the chapters give them."""
    found = {t["key"]: t for c in editions.contributions(outcomes) for t in c["tiles"]}
    tiles = [found[key] for key in TILES if key in found]
    todo = editions.decisions(source, outcomes)
    head = [{"type": "tiles", "wide": 1.0, "items": tiles}] if tiles else []
    last = [{**todo, "title": say("This week"), "name": "week"}] if todo else []
    return {**page, "panels": [*head, *page["panels"], *last]}
