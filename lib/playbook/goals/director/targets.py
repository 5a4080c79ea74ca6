"""The director's page on the targets of the year, red first."""

from __future__ import annotations

from playbook.goals.track.tracking import Tracking
from playbook.page.panels import Column, Line, Rows, Sheet, words

from .words import percent


def targets_sheet(tracking: Tracking) -> Sheet | None:
    """Key results and targets of the year, red first."""
    if tracking.status != "ok" or tracking.table.empty:
        return None
    fmt = tracking.fmt
    rows = tracking.table
    rows = rows[(rows.window == "year_to_date") & (rows.kind != "rep")]
    rows = rows.assign(rank=rows.status.map({"red": 0, "amber": 1, "green": 2}).fillna(3))
    rows = rows.sort_values(["rank", "metric"], kind="stable").head(34)
    if rows.empty:
        return None
    counts = rows.status.value_counts()
    red, amber, green = (int(counts.get(s, 0)) for s in ("red", "amber", "green"))
    n = red + amber + green
    if not n:
        return None
    lines = []
    tones = {"red": "bad", "amber": "warn", "green": "good"}
    for r in rows.itertuples():
        unit = r.unit
        lines.append(
            Line(
                (
                    words(
                        {"red": "red", "amber": "amber", "green": "green"}.get(r.status, "–"),
                        tones.get(r.status, "muted"),
                    ),
                    words(f"{str(r.metric).replace('_', ' ')}, {r.label}"),
                    words(fmt.text(r.actual, unit, compact=unit == fmt.currency)),
                    words(fmt.text(r.target, unit, compact=unit == fmt.currency)),
                    words(fmt.share(r.completion), "strong"),
                    words(fmt.share(r.due) if r.additive else "–", "muted"),
                    words(
                        percent(r.chance) if r.chance == r.chance and r.chance is not None else "–"
                    ),
                )
            )
        )
    worst = f"{red} of {n} targets red" if red else f"no target red, {amber} of {n} amber"
    return Sheet(
        "goals",
        f"Goals of the year: {worst}, {green} green",
        f"Targets in force of the year, red first · n = {n} shown ·"
        f" as of {fmt.text(tracking.as_of, 'date')}",
        "Are we on course?",
        (
            Rows(
                "Targets of the year, red first",
                "completion against the share of the plan due by now; chance by the forecast",
                (
                    Column("", width=0.6),
                    Column("Target", width=3.0),
                    Column("AC", "num", 1.0, right=True),
                    Column("PL", "num", 1.0, right=True),
                    Column("Completion", "num", 1.0, right=True),
                    Column("Due", "num", 0.8, right=True),
                    Column("Chance", "num", 0.8, right=True),
                ),
                tuple(lines),
                name="targets",
            ),
        ),
    )
