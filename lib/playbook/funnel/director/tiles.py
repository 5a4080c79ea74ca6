"""Tiles of the funnel: win rate, open pipeline, days to a win, leads."""

from __future__ import annotations

from typing import Any

import numpy as np

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.pipeline import open_sums
from playbook.funnel.meeting.dashboard import Dashboard
from playbook.funnel.meeting.words import AS_USUAL, TOO_LITTLE, indicator_word
from playbook.funnel.steps.movement import PipelineMovement
from playbook.funnel.steps.outcomes import WinRate
from playbook.methods.intervals import proportions_p
from playbook.page.contribution import against
from playbook.page.panels import Spark, Tile

DOUBT = 0.01


def funnel_tiles(
    book: Book, wins: WinRate, movement: PipelineMovement, dashboard: Dashboard
) -> list[Tile]:
    """Tiles of what the book has; the brief takes the first eight of all chapters."""
    made = [_win_rate(book, wins), _pipeline(book, movement)]
    if dashboard.status == "ok":
        made += [_indicator(dashboard, name, rank) for name, rank in (("leads", 11),)]
    return [tile for tile in made if tile is not None]


def _win_rate(book: Book, wins: WinRate) -> Tile | None:
    if wins.status != "ok" or wins.no_losses:
        return None
    rows = wins.monthly.set_index("month")
    month, fmt = book.month, book.fmt
    span = [str(month - i) for i in range(12, -1, -1)]
    known = {str(m): r for m, r in zip(rows.index, rows.to_dict("records"), strict=True)}
    now = known.get(str(month))
    if now is None or not now["won"] + now["lost"]:
        return None
    deltas = []
    for label, back in (("ΔPY", 12), ("ΔPM", 1)):
        old = known.get(str(month - back))
        if old is None or not old["won"] + old["lost"]:
            deltas.append(against(label, None, None, fmt))
            continue
        p = proportions_p(
            now["won"], now["won"] + now["lost"], old["won"], old["won"] + old["lost"]
        )
        deltas.append(
            against(label, now["narrow"], old["narrow"], fmt, points=True, chance=p > DOUBT)
        )
    values = tuple(_known(known.get(m, {}).get("narrow")) for m in span)
    n = now["won"] + now["lost"]
    low, high = (round(float(now[k]) * 100) for k in ("low", "high"))
    return Tile(
        "win_rate.narrow",
        say("Win rate (won ÷ decided)"),
        fmt.share(now["narrow"]),
        tuple(deltas),
        Spark(values, columns=False),
        say(
            "{won}/{n} [{low}–{high} %]",
            won=fmt.count(now["won"]),
            n=fmt.count(n),
            low=low,
            high=high,
        ),
        7,
    )


def _known(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _pipeline(book: Book, movement: PipelineMovement) -> Tile | None:
    if movement.status != "ok":
        return None
    sums = open_sums(book)
    if sums.empty:
        return None
    row, fmt = sums.iloc[0], book.fmt
    foot = plural(int(row.deals), "deal")
    if row.unpriced:
        foot += say(", {unpriced} without an amount", unpriced=fmt.count(row.unpriced))
    total = movement.total
    deltas = (against("ΔPM", total["closing"], total["opening"], fmt),) if movement.dated else ()
    if deltas:
        foot += say(" · ΔPM of deals with a planned day")
    return Tile(
        "pipeline.open",
        say("Open pipeline"),
        fmt.money(row.amount, compact=True),
        deltas,
        None,
        foot,
        8,
    )


def _indicator(dashboard: Dashboard, name: str, rank: int) -> Tile | None:
    rows = dashboard.table[dashboard.table.indicator == name]
    if rows.empty or name not in dashboard.series or rows.value.isna().any():
        return None
    row, fmt, word = rows.iloc[0], dashboard.fmt, indicator_word(name)
    values = tuple(_known(v) for v in dashboard.series[name])
    usual = (float(row.low), float(row.high)) if row.low == row.low else None
    inside = row.alert in (AS_USUAL, TOO_LITTLE)
    deltas = (
        against("ΔPY", row.value, values[0], fmt, better=int(row.good), chance=inside),
        against("ΔPM", row.value, row.before, fmt, better=int(row.good), chance=inside),
    )
    foot = (
        say("usual {low}–{high}", low=fmt.count(round(row.low)), high=fmt.count(round(row.high)))
        if usual
        else ""
    )
    return Tile(
        f"dashboard.{name}",
        word[:1].upper() + word[1:],
        fmt.text(row.value, row.unit),
        deltas,
        Spark(values, usual=usual, columns=row.unit == "count"),
        foot,
        rank,
    )
