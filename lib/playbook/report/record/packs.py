"""What a pack leaves for the next one, and how the next one finds it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playbook.base.formats import joined

from .results import Outcome
from .summary import actions

Json = dict[str, Any]
SHOWN = (
    ("sales", "month", "Sales of the month"),
    ("orders", "month", "Orders"),
    ("new_customers", "month", "New customers"),
    ("win_rate.narrow", "month", "Win rate (won ÷ decided)"),
    ("renewal_rate", "month", "Renewal rate"),
    ("pipeline.open", "all", "Open pipeline"),
    ("match_rate", "month", "Need-match rate"),
    ("customers.active", "rfm_window", "Active customers"),
)
# A state without a day is today's: two months of it, printed or re-run, cannot be compared.
UNDATED = ("follow_up.overdue",)


def printed(out: Path, name: str, month: str) -> Json | None:
    """results.json of the newest complete pack of a book before ``month``; None without one."""
    earlier = sorted((p.name for p in out.glob("????-??") if p.name < month), reverse=True)
    for folder in earlier:
        path = out / folder / name / "results.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict) and found.get("month") == folder:
            return found
    return None


def short_record(outcomes: Sequence[Outcome]) -> Json:
    """What others than the reader need of the short editions: title and first tiles for the
    archive's page; forecasts and open actions, which the next pack is compared with.
    """
    given = [r["director"] for o in outcomes for r in o.records if r.get("director")]
    tiles = sorted((t for c in given for t in c["tiles"]), key=lambda t: t["rank"])
    return {
        "title": joined([part for c in given for part in c["title"]][:3], "; "),
        "tiles": [_words(t) for t in tiles[:3]],
        "forecasts": [forecast for c in given for forecast in c["forecasts"]],
        "actions": [
            {"id": a["id"], "what": str(a["what"]), "owner": a["owner"], "due": str(a["due"])}
            for a in actions(outcomes)
        ],
    }


def told_brief(brief: Json | None) -> Json | None:
    """The brief as words, for messages: its tiles and paragraphs; None where there is none, or it
    is not for the pack's reader.
    """
    if brief is None:
        return None
    return {
        "tiles": [_words(tile) for tile in brief["tiles"]],
        "prose": [
            {"title": one["title"], "text": "".join(part["text"] for part in one["parts"])}
            for one in brief["prose"]
        ],
    }


def _words(tile: Json) -> Json:
    """A tile's label, value and deltas as they are printed."""
    return {
        "label": tile["label"],
        "value": tile["value"],
        "deltas": [f"{d['label']} {d['text']}" for d in tile["deltas"] if d["size"] is not None],
    }
