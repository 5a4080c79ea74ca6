"""Sliders over thresholds and tiers, with live counts and revenue; the static form is the settings' own answer."""

from __future__ import annotations

from playbook.base.settings import TierTable
from playbook.page import Missing, Result, Table
from playbook.page.widgets import Choice, Slider, explore

from .population import Population, population
from .rfm import Rfm, segmented
from .scores import Thresholds
from .tiers import Tiers, tiered


def explore_segments(book, scored: Result, tiers: Result, top: int = 15) -> None:
    """Move recency and amount thresholds and the best tiers' edges; pick a segment to see its customers."""
    if isinstance(scored, Missing) or isinstance(tiers, Missing) or scored.thresholds is None:
        return
    people = population(book)
    first = scored.map.names[0]
    explore(lambda **moved: redraw(people, scored, tiers, top, **moved), _controls(scored, tiers),
            static=[scored.members(_fullest(scored) or first, top)])


def _fullest(scored: Rfm) -> str:
    """The segment with most revenue at risk: the one whose customers a reader without sliders wants to see."""
    risk = scored.table[scored.table["save"] & (scored.table["customers"] > 0)]
    return "" if risk.empty else str(risk.loc[risk["revenue"].idxmax(), "segment"])


def _controls(scored: Rfm, tiers: Tiers) -> dict[str, Slider | Choice]:
    names = [row for row in scored.table["segment"][scored.table["customers"] > 0]]
    best, second = (*tiers.edges.lower, 0)[:2]
    step = max((best - second) / 25, 1)
    return {
        "recency": Slider("Recency thresholds × ", 0.25, 3, 0.05, 1),
        "frequency": Slider("Frequency thresholds × ", 0.25, 3, 0.05, 1),
        "monetary": Slider("Amount thresholds × ", 0.25, 3, 0.05, 1),
        "best": Slider(f"{tiers.edges.names[0]} from", second + step, 3 * best + step, step, best, ",.0f"),
        "segment": Choice("Show customers of", names, _fullest(scored) or names[0]),
    }


def redraw(people: Population, scored: Rfm, tiers: Tiers, top: int, *, recency: float, frequency: float, monetary: float, best: float, segment: str) -> list[Table]:
    """Segments, tiers and the chosen segment's customers for moved thresholds (factors on today's) and the best tier's edge."""
    t = scored.thresholds
    moved = Thresholds(tuple(e * recency for e in t.recency), tuple(e * frequency for e in t.frequency), tuple(e * monetary for e in t.monetary),
                       frozenset(("recency", "frequency", "monetary")))
    now = segmented(people, moved, scored.map, scored.currency)
    edges = TierTable(names=tiers.edges.names, lower=[best, *tiers.edges.lower[1:]]) if len(tiers.edges.lower) > 1 else tiers.edges
    return [now.tables()[0], tiered(people, edges, tiers.currency).tables()[0], now.members(segment, top)]
