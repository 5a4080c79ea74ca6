"""Numbers that crossed a line the settings name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playbook.base.formats import Formats
from playbook.base.settings.alerts import Alert

from .words import phrase

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An alert that is to be told, in one line. state: crossed, still (it was so in the last
    printed pack too), or unknown (the number is not in the pack, which is never "all well").
    """

    alert: Alert
    state: str
    text: str


def crossed(
    alerts: Sequence[Alert], results: Json, earlier: Json | None, language: str = "en"
) -> list[Told]:
    """The alerts that a pack's results.json calls for, in the order of the settings.

    earlier: results.json of the last printed pack, where there is one; ``changes_by`` has nothing
    to compare with otherwise and stays silent.
    """
    fmt = Formats(str(results.get("currency", "")), "zh" if language == "zh" else "en")
    found = [_judged(alert, results, earlier, fmt) for alert in alerts]
    return [told for told in found if told is not None]


def _judged(alert: Alert, results: Json, earlier: Json | None, fmt: Formats) -> Told | None:
    now = _number(alert, results)
    if now is None:
        return Told(alert, "unknown", phrase(fmt.language, "absent", name=_name(alert)))
    before = _number(alert, earlier or {})
    value, unit = float(now["value"]), str(now["unit"])
    reasons = _beyond(alert, value, fmt, unit)
    still = bool(reasons) and before is not None and bool(_beyond(alert, float(before["value"])))
    if before is not None and alert.changes_by is not None:
        moved = _moved(value, float(before["value"]), unit)
        if abs(moved) >= alert.changes_by - 1e-12:
            month = str((earlier or {}).get("month", ""))
            was = _text(float(before["value"]), fmt, unit)
            by = f"{alert.changes_by:g}"
            reasons.append(phrase(fmt.language, "moved", was=was, month=month, by=by))
            still = False
    if not reasons:
        return None
    text = phrase(
        fmt.language,
        "is",
        name=_name(alert),
        value=_text(value, fmt, unit),
        why="; ".join(reasons),
        since=phrase(fmt.language, "still") if still else "",
    )
    return Told(alert, "still" if still else "crossed", text)


def _beyond(alert: Alert, value: float, fmt: Formats | None = None, unit: str = "") -> list[str]:
    """Which fixed lines a value lies beyond; a value on a line has not crossed it."""
    found = []
    for word, line, over in (
        ("below", alert.below, alert.below is not None and value < alert.below),
        ("above", alert.above, alert.above is not None and value > alert.above),
    ):
        if over and line is not None:
            text = _text(line, fmt, unit) if fmt else str(line)
            found.append(phrase(fmt.language if fmt else "en", word, line=text))
    return found


def _moved(now: float, before: float, unit: str) -> float:
    """Points for shares, else the change as a share of what was; from nought any change is one
    without end.
    """
    if unit == "share":
        return now - before
    if now == before:
        return 0.0
    return (now - before) / abs(before) if before else math.copysign(math.inf, now)


def _number(alert: Alert, results: Json) -> Json | None:
    """The number an alert names; None where it is absent or not a finite number."""
    for kpi in results.get("kpis", ()):
        named = kpi["name"] == alert.number and kpi["window"] == alert.window
        if named and {k: str(v) for k, v in (kpi["by"] or {}).items()} == alert.by:
            value = kpi["value"]
            known = isinstance(value, int | float) and math.isfinite(value)
            return kpi if known and not isinstance(value, bool) else None
    return None


def _name(alert: Alert) -> str:
    split = ", ".join(f"{name} {member}" for name, member in alert.by.items())
    return f"{alert.number} ({alert.window}{', ' + split if split else ''})"


def _text(value: float, fmt: Formats, unit: str) -> str:
    return fmt.text(value, unit)
