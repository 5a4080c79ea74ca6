"""The director's page on the funnel: steps, what they are worth, pipeline, channels, losses."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.funnel.meeting.dashboard import Dashboard
from playbook.funnel.money.channels import Channels
from playbook.funnel.places.bottleneck import Bottleneck
from playbook.funnel.steps.conversion import Conversion
from playbook.funnel.steps.movement import PipelineMovement
from playbook.funnel.steps.stuck import StuckDeals
from playbook.funnel.talk.reasons import Reasons
from playbook.page.contribution import bare
from playbook.page.panels import (
    Column,
    Line,
    Panel,
    Rows,
    Sheet,
    bars,
    bridge,
    dot,
    words,
)

from .outcomes import channels_panel, indicators_panel, losses_panel, objections_panel, stuck_panel

READINGS = {"up": "good", "down": "bad"}
PARTS = (
    ("new", "New", 1),
    ("up", "Up", 1),
    ("down", "Down", -1),
    ("won", "Won", -1),
    ("lost", "Lost", -1),
    ("pushed", "Past day", -1),
)


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
        _steps(conversion, fmt),
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
        f"Deals · cohorts by first entry to a stage · intervals 95 % · as of"
        f" {fmt.text(book.as_of, 'date')} · a step is called up or down only beyond chance",
        "Where do deals stop, what does it cost, which channel pays?",
        tuple(panels),
    )


def _title(conversion: Conversion, bottleneck: Bottleneck, stuck: StuckDeals, fmt: Formats) -> str:
    parts = []
    changed = conversion.changed if conversion.status == "ok" else None
    if changed is not None and len(changed):
        moved = changed[changed.reading_year.isin(list(READINGS))]
        for row in moved.head(1).itertuples():
            parts.append(
                f"{row.step} passes {fmt.share(row.now, decimals=0)},"
                f" {fmt.text(row.change_year, 'pp')} on a year ago"
            )
        if moved.empty:
            parts.append("No step has changed beyond chance on a year ago")
    if bottleneck.status == "ok" and len(bottleneck.places):
        row = bottleneck.places.iloc[0]
        parts.append(
            f"{row['where']} loses {fmt.money(row.worth, compact=True)} a year at {row.step}"
        )
    if not parts and stuck.status == "ok":
        parts.append(
            f"{plural(int(stuck.total), 'open deal')}, {int(stuck.stuck)} of them stuck,"
            f" {int(stuck.overdue)} past their day"
        )
    return "; ".join(parts) or "Deals as the book has them"


def todo_of(bottleneck: Bottleneck, stuck: StuckDeals, fmt: Formats) -> str:
    """What the funnel asks of this month: the first place beyond chance, and the stuck deals."""
    parts = []
    if bottleneck.status == "ok" and len(bottleneck.places):
        row = bottleneck.places.iloc[0]
        parts.append(
            f"**Look into {row.step} at {row['where']}**: {fmt.share(row.rate, decimals=0)} pass"
            f" where {fmt.share(row.expected, decimals=0)} are expected (n = {fmt.count(row.n)}),"
            f" worth {fmt.money(row.worth, compact=True)} a year"
            f" [{bare(fmt, row.low)}–{bare(fmt, row.high)}]."
        )
    if stuck.status == "ok" and (stuck.stuck or stuck.overdue):
        parts.append(
            f"Settle {plural(int(stuck.either), 'open deal')} that are stuck, past their day or"
            " due soon."
        )
    return " ".join(parts)


def _steps(conversion: Conversion, fmt: Formats) -> Rows | None:
    if conversion.status != "ok" or conversion.changed is None or conversion.changed.empty:
        return None
    lines = []
    for row in conversion.changed.itertuples():
        if row.now != row.now:
            continue
        known = row.change_year == row.change_year
        tone: Any = READINGS.get(row.reading_year, "chance") if known else "muted"
        lines.append(
            Line(
                (
                    words(row.step),
                    words(fmt.count(row.n), "muted"),
                    bars(row.now, fmt.share(row.now), before=row.rate_year if known else None),
                    dot(
                        row.change_year if known else None,
                        row.low_year if known else None,
                        row.high_year if known else None,
                        fmt.text(row.change_year, "pp") if known else "–",
                        tone,
                    ),
                )
            )
        )
    if not lines:
        return None
    moved = int(conversion.changed.reading_year.isin(list(READINGS)).sum())
    title = f"{moved} of {len(lines)} steps changed beyond chance" if moved else "No step changed"
    return Rows(
        title,
        "newest mature cohorts (AC) against those of a year before (PY), share passed",
        (
            Column("", width=1.9),
            Column("n", "num", 0.5, right=True),
            Column("PY, AC", "bars", 2.2, scale=(0.0, 1.0)),
            Column("ΔPY, 95 %", "dot", 1.9, mark=0.0),
        ),
        tuple(lines),
        wide=0.58,
        name="steps",
    )


def _worth(bottleneck: Bottleneck, fmt: Formats) -> Rows | None:
    if bottleneck.status != "ok" or bottleneck.table.empty:
        return None
    lines = [
        Line(
            (
                words(row.step),
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
    for i, row in enumerate(bottleneck.places.head(3).itertuples()):
        lines.append(
            Line(
                (
                    words(row.where),
                    dot(row.worth, row.low, row.high, bare(fmt, row.worth), "bad"),
                ),
                "rule" if i == 0 else "",
            )
        )
    if not lines:
        return None
    return Rows(
        "What a step is worth",
        f"{bottleneck.currency} a year at its own best quarter less luck; below the line, places"
        " slower than chance explains",
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
    counts = {c: int(sums.get(f"n_{c}", 0)) for c, _, _ in PARTS}
    lines = [_part("Opening", 0.0, at, "before", int(sums.get("n_opening", 0)), fmt, "total")]
    for key, label, sign in PARTS:
        step = float(sums[key]) * sign
        tone = "chance" if key in ("won", "pushed") else "good" if step > 0 else "bad"
        lines.append(_part(label, at, at + step, tone, counts[key], fmt, ""))
        at += step
    closing = float(sums["closing"])
    lines.append(
        _part("Closing", 0.0, closing, "actual", int(sums.get("n_closing", 0)), fmt, "total")
    )
    return Rows(
        f"Pipeline {fmt.money(sums['opening'], compact=True)} → {fmt.money(closing, compact=True)}",
        f"open deals with a planned day to come, {movement.currency} · {movement.span}; wins leave"
        " the pipeline as sales",
        (Column("", width=0.9), Column("", "bridge", 3.4), Column("deals", "num", 0.6, right=True)),
        tuple(lines),
        wide=0.56,
        name="movement",
    )


def _part(
    label: str, start: float, end: float, tone: str, n: int, fmt: Formats, style: Any
) -> Line:
    text = bare(fmt, end - start, sign=style == "")
    return Line((words(label), bridge(start, end, text, tone), words(fmt.count(n))), style)
