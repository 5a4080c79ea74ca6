"""The director's page on the funnel: steps, what they are worth, pipeline, channels, losses."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, named, say
from playbook.data.book import Book
from playbook.funnel.meeting.dashboard import Dashboard
from playbook.funnel.money.channels import Channels
from playbook.funnel.places.bottleneck import Bottleneck
from playbook.funnel.steps.conversion import Conversion
from playbook.funnel.steps.movement import PipelineMovement
from playbook.funnel.steps.movement_rows import LABELS, NEITHER
from playbook.funnel.steps.stuck import StuckDeals
from playbook.funnel.talk.reasons import Reasons
from playbook.page.contribution import bare
from playbook.page.panels import (
    Column,
    Line,
    Panel,
    Rows,
    Sheet,
    bridge,
    dot,
    words,
)

from .changed import changed_words, steps_panel
from .outcomes import channels_panel, indicators_panel, losses_panel, objections_panel, stuck_panel

PARTS = {"new": 1, "up": 1, "down": -1, "won": -1, "lost": -1, "pushed": -1}
WORDS = {**LABELS, "pushed": later("Past day")}


def funnel_sheet(
    book: Book,
    conversion: Conversion,
    bottleneck: Bottleneck,
    movement: PipelineMovement,
    dashboard: Dashboard,
    channels: Channels,
    reasons: Reasons,
    stuck: StuckDeals,
) -> Sheet | None:
    """The page; None where no deal is in the book."""
    fmt = book.fmt
    made: list[Panel | None] = [
        steps_panel(conversion, fmt),
        _worth(bottleneck, fmt),
        _movement(movement, fmt),
        indicators_panel(dashboard, fmt),
        channels_panel(channels, fmt),
        losses_panel(reasons, fmt),
        objections_panel(reasons, fmt),
        stuck_panel(stuck, fmt),
    ]
    panels = [panel for panel in made if panel is not None]
    if not panels:
        return None
    return Sheet(
        "funnel",
        _title(conversion, bottleneck, stuck, fmt),
        say(
            "Deals · cohorts by first entry to a stage · intervals 95 % · as of"
            " {as_of} · a step is called up or down only beyond chance",
            as_of=fmt.text(book.as_of, "date"),
        ),
        say("Where do deals stop, what does it cost, which channel pays?"),
        tuple(panels),
    )


def _title(conversion: Conversion, bottleneck: Bottleneck, stuck: StuckDeals, fmt: Formats) -> str:
    parts = []
    changed = conversion.changed if conversion.status == "ok" else None
    if changed is not None and len(changed):
        parts += changed_words(changed, fmt)
    if bottleneck.status == "ok" and len(bottleneck.places):
        row = _dearest(bottleneck).iloc[0]
        parts.append(
            say(
                "{where} loses {worth} a year at {step}",
                where=named(row["where"]),
                worth=fmt.money(row.worth, compact=True),
                step=named(row.step),
            )
        )
    if not parts and stuck.status == "ok":
        parts.append(
            say(
                "{open_deals}, {stuck} of them stuck, {overdue} past their day",
                open_deals=plural(int(stuck.total), "open deal"),
                stuck=fmt.count(stuck.stuck),
                overdue=fmt.count(stuck.overdue),
            )
            if stuck.overdue
            else say(
                "{open_deals}, {stuck} of them stuck",
                open_deals=plural(int(stuck.total), "open deal"),
                stuck=fmt.count(stuck.stuck),
            )
        )
    return joined(parts, "; ") or say("Deals as the book has them")


def _dearest(bottleneck: Bottleneck) -> pd.DataFrame:
    """Places that lag, the one that costs most first; the section has the surest first."""
    return bottleneck.places.sort_values("worth", ascending=False, kind="stable")


def todo_of(bottleneck: Bottleneck, stuck: StuckDeals, fmt: Formats) -> str:
    """What the funnel asks of this month: the dearest place beyond chance, and the stuck deals."""
    parts = []
    if bottleneck.status == "ok" and len(bottleneck.places):
        row = _dearest(bottleneck).iloc[0]
        parts.append(
            say(
                "**Look into {step} at {where}**: {rate} pass where {expected} are"
                " expected (n = {n}), worth {worth} a year [{fmt}–{fmt_2}].",
                step=named(row.step),
                where=named(row["where"]),
                rate=fmt.share(row.rate, decimals=0),
                expected=fmt.share(row.expected, decimals=0),
                n=fmt.count(row.n),
                worth=fmt.money(row.worth, compact=True),
                fmt=bare(fmt, row.low),
                fmt_2=bare(fmt, row.high),
            )
        )
    if stuck.status == "ok" and (stuck.stuck or stuck.overdue):
        parts.append(
            say(
                "Settle {open_deals} that are stuck, past their day or due soon.",
                open_deals=plural(int(stuck.either), "open deal"),
            )
        )
    return joined(parts, " ")


def _worth(bottleneck: Bottleneck, fmt: Formats) -> Rows | None:
    if bottleneck.status != "ok" or bottleneck.table.empty:
        return None
    lines = [
        Line(
            (
                words(named(row.step)),
                dot(
                    row.worth,
                    row.low,
                    row.high,
                    bare(fmt, row.worth),
                    "" if row.low > 0 else "chance",
                ),
            )
        )
        for row in bottleneck.table.sort_values("worth", ascending=False).itertuples()
        if row.worth == row.worth
    ]
    for i, row in enumerate(_dearest(bottleneck).head(3).itertuples()):
        lines.append(
            Line(
                (
                    words(named(row.where)),
                    dot(row.worth, row.low, row.high, bare(fmt, row.worth), "bad"),
                ),
                "rule" if i == 0 else "",
            )
        )
    if not lines:
        return None
    return Rows(
        say("What a step is worth"),
        say(
            "{currency} a year at its own best quarter less luck; below the"
            " line, places slower than chance explains",
            currency=bottleneck.currency,
        ),
        (Column("", width=1.5), Column("", "dot", 1.6, scale=None, mark=0.0)),
        tuple(lines),
        wide=0.42,
        name="worth",
    )


def _movement(movement: PipelineMovement, fmt: Formats) -> Rows | None:
    if movement.status != "ok" or movement.table.empty:
        return None
    sums = movement.total
    if not sums["opening"] and not sums["closing"]:
        return None
    at = float(sums["opening"])
    counts = {c: int(sums.get(f"n_{c}", 0)) for c in PARTS}
    lines = [
        _part(say(WORDS["opening"]), 0.0, at, "before", int(sums.get("n_opening", 0)), fmt, "total")
    ]
    for key, sign in PARTS.items():
        if key == "pushed" and not movement.dated:  # a book without planned days
            continue
        step = float(sums[key]) * sign
        tone = "chance" if key in NEITHER or not step else "good" if step > 0 else "bad"
        lines.append(_part(say(WORDS[key]), at, at + step, tone, counts[key], fmt, ""))
        at += step
    closing = float(sums["closing"])
    lines.append(
        _part(
            say(WORDS["closing"]),
            0.0,
            closing,
            "actual",
            int(sums.get("n_closing", 0)),
            fmt,
            "total",
        )
    )
    return Rows(
        say(
            "Pipeline {opening} → {closing}",
            opening=fmt.money(sums["opening"], compact=True),
            closing=fmt.money(closing, compact=True),
        ),
        say(
            "open deals with a planned day to come, {currency} · {span}; wins"
            " leave the pipeline as sales",
            currency=movement.currency,
            span=movement.span,
        )
        if movement.dated
        else say(
            "open deals, {currency} · {span}; wins leave the pipeline as sales",
            currency=movement.currency,
            span=movement.span,
        ),
        (
            Column("", width=0.9),
            Column("", "bridge", 3.4),
            Column(say("deals", context="count"), "num", 0.6, right=True),
        ),
        tuple(lines),
        wide=0.56,
        name="movement",
    )


def _part(
    label: str, start: float, end: float, tone: str, n: int, fmt: Formats, style: Any
) -> Line:
    text = bare(fmt, end - start, sign=style == "")
    return Line((words(label), bridge(start, end, text, tone), words(fmt.count(n))), style)
