"""Settings of an audience's book: the book's own without other people, members and their money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from playbook.base.settings import Settings

from .scope import Scope
from .scope_words import Words, mentions, without

PARTS = {"region": "region", "product_line": "product_line", "customer_type": "customer_type"}
PARTS |= {"rep": "rep_id", "team": "team"}


def settings_of(
    settings: Settings,
    scope: Scope,
    label: str,
    words: Words,
    covers: Mapping[str, list[date]],
    moved: Sequence[dict[str, Any]] = (),
) -> Settings:
    """Settings without sources (there are no files), audiences, and whatever names others; without
    commission plans where pay is not shown.

    label: of the members, for the title. covers: days that tables cover. moved: entries of the log
    of targets to add (``moved_targets``).
    """
    raw = settings.model_dump(mode="json", by_alias=True)
    raw |= {"sources": {}, "tables": {}, "audiences": {}}
    raw["book"]["covers"] |= {
        table: [day.isoformat() for day in days] for table, days in covers.items()
    }
    if scope.see:
        raw["book"]["title"] = f"{settings.title} · {label}"
        raw["goals"] = _goals(raw["goals"], scope, words)
        raw["goals"]["adjustments"] += moved
        pilot = raw["pilot"]
        if any(not mentions(group, words.mine) for group in pilot.get("groups", ())):
            del raw["pilot"]
        raw = {
            key: value if key == "book" else _without(value, words) for key, value in raw.items()
        }
    if not scope.audience.pay:
        raw = _unpaid(raw)
    try:
        return Settings.model_validate(raw)
    except ValidationError:  # what is left of the plans does not hold together: no pay is shown
        return Settings.model_validate(_unpaid(raw))


def _unpaid(raw: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in raw["incentives"].items()
        if key not in ("plan", "compare_with")
    }
    kept = {**raw, "commission_plans": [], "incentives": kept}
    kept.pop("payroll", None)
    return kept


def _goals(goals: dict[str, Any], scope: Scope, words: Words) -> dict[str, Any]:
    """Moved targets of the part only; shares and amounts of the company's members left out."""
    dims = dict(scope.see)
    kept = []
    for change in goals.get("adjustments", ()):
        named = {d: change.get(column) for d, column in PARTS.items() if change.get(column)}
        mine = all(
            member in dims[d] if d in dims else mentions(member, words.mine)
            for d, member in named.items()
            if d in dims or d in ("rep", "team", "region")
        )
        if mine and set(named) & {*dims, "rep", "team"}:
            kept.append(change)
    return {**goals, "adjustments": kept, "weights": {}, "held": {}, "deal_sizes": {}}


def _without(value: Any, words: Words) -> Any:
    """The value without keys and entries of lists that name others; sentences keep the rest."""
    if isinstance(value, dict):
        return {k: _without(v, words) for k, v in value.items() if not _names_others(k, words)}
    if isinstance(value, list):
        return [_without(v, words) for v in value if not _names_others(v, words)]
    return without(value, words.others, words.mine) if isinstance(value, str) else value


def _names_others(value: Any, words: Words) -> bool:
    if not isinstance(value, str):
        return False
    return value in words.others.get(value[:2], ())
