"""The director's page on the targets of the year, red first."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import Formats
from playbook.base.language import say, term
from playbook.goals.labels import metric_as, metric_label, part_label
from playbook.goals.track.tracking import Tracking
from playbook.page.panels import Column, Line, Rows, Sheet, words


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
                        term(r.status) if r.status in tones else "–",
                        tones.get(r.status, "muted"),
                    ),
                    words(
                        say(
                            "{metric}, {label}",
                            metric=metric_as(r.metric, metric_label(r.metric).lower()),
                            label=part_label({"label": r.label}),
                        )
                    ),
                    words(fmt.text(r.actual, unit, compact=unit == fmt.currency)),
                    words(fmt.text(r.target, unit, compact=unit == fmt.currency)),
                    words(_completion(r, fmt), "strong"),
                    words(fmt.share(r.due) if r.additive else "–", "muted"),
                    words(fmt.chance(r.chance)),
                )
            )
        )
    worst = (
        say("{red} of {n} targets red", red=red, n=n)
        if red
        else say("no target red, {amber} of {n} amber", amber=amber, n=n)
    )
    return Sheet(
        "goals",
        say("Goals of the year: {worst}, {green} green", worst=worst, green=green),
        say(
            "Targets in force of the year, red first · n = {n} shown · as of {as_of}",
            n=n,
            as_of=fmt.text(tracking.as_of, "date"),
        ),
        say("Are we on course?"),
        (
            Rows(
                say("Targets of the year, red first"),
                say(
                    "completion against the share of the plan due by now, where less is better the"
                    " way covered from the year before; chance by the forecast"
                )
                if rows.falls.any()
                else say(
                    "completion against the share of the plan due by now; chance by the forecast"
                ),
                (
                    Column("", width=0.6),
                    Column(say("Target"), width=3.0),
                    Column(say("AC"), "num", 1.0, right=True),
                    Column(say("PL"), "num", 1.0, right=True),
                    Column(say("Completion"), "num", 1.0, right=True),
                    Column(say("Due", context="share"), "num", 0.8, right=True),
                    Column(say("Chance"), "num", 0.8, right=True),
                ),
                tuple(lines),
                name="targets",
            ),
        ),
    )


def _completion(row: Any, fmt: Formats) -> str:
    """How far the target is; one of which less is better is reached, never reached twice over."""
    if row.falls and row.completion == row.completion and row.completion is not None:
        return say("reached") if row.completion >= 1 else fmt.share(row.completion)
    return fmt.share(row.completion)
