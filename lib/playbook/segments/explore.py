"""What if thresholds and tier edges were elsewhere: sliders in a running notebook, switches in a
browser, the customers at risk on paper.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from playbook.base.language import later, say, term
from playbook.base.settings import TierTable
from playbook.data.book import Book
from playbook.page import Missing, Table
from playbook.page.blocks import Turn
from playbook.page.origins import explorer
from playbook.page.widgets import Choice, Slider, explore
from playbook.segments.value.rfm import Rfm, segmented
from playbook.segments.value.scores import AXES, Thresholds
from playbook.segments.value.tiers import Tiers, tiered

from .population import Population, population

# positions of the switches: factors on thresholds, factors on tier edges
FACTORS = {later("half of them"): 0.5, later("as they are"): 1.0, later("twice"): 2.0}
EDGES = {
    later("half"): 0.5,
    later("three quarters"): 0.75,
    later("as set"): 1.0,
    later("half as much again"): 1.5,
    later("twice"): 2.0,
}
MOST = 50_000  # customers beyond which no versions are made: each one scores all customers again


@explorer
def explore_segments(book: Book, scored: Rfm, tiers: Tiers, top: int = 15) -> None:
    """Shows controls that move thresholds and tier edges and list the customers of a segment.

    Shows nothing where a section is missing or nobody can be scored.
    """
    if isinstance(scored, Missing) or isinstance(tiers, Missing) or scored.thresholds is None:
        return
    people = population(book)
    explore(
        lambda **moved: redraw(people, scored, tiers, top, **moved),
        _controls(scored, tiers),
        static=switches(people, scored, tiers, top),
    )


def switches(people: Population, scored: Rfm, tiers: Tiers, top: int) -> list[Table]:
    """Tables with versions behind switches, for pages without a kernel: customers by segment,
    segments by threshold, tiers by edge. Only the first is printed.
    """
    members = members_by_segment(scored, top)
    return (
        [members]
        if len(scored.customers) > MOST
        else [members, *_by_threshold(people, scored), *_by_edge(people, tiers)]
    )


def members_by_segment(scored: Rfm, top: int) -> Table:
    """Customers of every segment, largest first, behind a switch; the segment with most revenue at
    risk is shown first and printed.
    """
    names = [str(name) for name in scored.table["segment"][scored.table["customers"] > 0]]
    shown = _most_at_risk(scored) or names[0]
    versions = {str(i): scored.members(name, top).rows for i, name in enumerate(names)}
    table = scored.members(shown, top)
    if len(names) < 3:
        return table
    counts = scored.table.set_index("segment")["customers"]
    options = tuple(
        say("{name} ({counts})", name=term(name), counts=scored.fmt.count(counts[name]))
        for name in names
    )
    return replace(
        table,
        note=say("up to {top} customers of a segment · {note}", top=top, note=scored.note),
        choices=(Turn("", options, names.index(shown)),),
        versions=versions,
        turn=say("Who is in a segment, largest first"),
    )


def _by_threshold(people: Population, scored: Rfm) -> list[Table]:
    """Segments for every pair of recency and amount thresholds: 3 × 3 versions."""
    made = {
        f"{i}-{j}": _moved(people, scored, a, 1.0, b).segment_table()
        for (i, a), (j, b) in product(enumerate(FACTORS.values()), repeat=2)
    }
    start = list(FACTORS).index("as they are")
    choices = (
        Turn(say("Days of the recency thresholds"), tuple(map(say, FACTORS)), start),
        Turn(say("Amounts of the monetary thresholds"), tuple(map(say, FACTORS)), start),
    )
    return [
        replace(
            scored.segment_table(),
            choices=choices,
            versions=_rows_and_totals(made),
            turn=say("Segments if the thresholds were elsewhere"),
            folded=True,
        )
    ]


def _by_edge(people: Population, tiers: Tiers) -> list[Table]:
    """Tiers with all edges moved together."""
    made = {
        str(i): tiered(people, _edges(tiers.edges, factor), tiers.currency).tables()[0]
        for i, factor in enumerate(EDGES.values())
    }
    return [
        replace(
            tiers.tables()[0],
            choices=(Turn("", tuple(map(say, EDGES)), list(EDGES).index("as set")),),
            versions=_rows_and_totals(made),
            turn=say("Value tiers if the edges were elsewhere"),
            folded=True,
        )
    ]


def _rows_and_totals(made: dict[str, Table]) -> dict[str, Any]:
    """Rows of each version with its total as last row: versions of a table hold rows only."""
    return {key: each.rows + each.total for key, each in made.items()}


def _edges(edges: TierTable, factor: float) -> TierTable:
    return TierTable(names=edges.names, lower=[edge * factor for edge in edges.lower])


def _most_at_risk(scored: Rfm) -> str:
    """The segment with most revenue at risk; an empty text where no revenue is."""
    risk = scored.table[scored.table["save"] & (scored.table["customers"] > 0)]
    return "" if risk.empty else str(risk.loc[risk["revenue"].idxmax(), "segment"])


def _controls(scored: Rfm, tiers: Tiers) -> dict[str, Slider | Choice]:
    names = list(scored.table["segment"][scored.table["customers"] > 0])
    factor = {
        axis: Slider(say("{label} thresholds × ", label=label), 0.25, 3, 0.05, 1)
        for axis, label in zip(AXES, (say("Recency"), say("Frequency"), say("Amount")), strict=True)
    }
    edges = {
        f"edge_{i}": Slider(
            say("{name} from", name=tiers.fmt.text(name, "tier")),
            max(low * 0.25, 1),
            low * 3,
            max(low / 40, 1),
            low,
            ",.0f",
        )
        for i, (name, low) in enumerate(zip(tiers.edges.names, tiers.edges.lower, strict=True))
        if low > 0
    }
    return {
        **factor,
        **edges,
        "segment": Choice(
            say("Show customers of"),
            [(term(name), name) for name in names],
            _most_at_risk(scored) or names[0],
        ),
    }


def redraw(
    people: Population,
    scored: Rfm,
    tiers: Tiers,
    top: int,
    *,
    recency: float,
    frequency: float,
    monetary: float,
    segment: str,
    **edges: float,
) -> list[Table]:
    """Segments, tiers and the chosen segment's customers for moved thresholds (factors on today's)
    and lower edges ``edge_0``, ``edge_1`` … of the tiers.

    An edge moved above the one of a better tier stops just below it: tiers stay in their order.
    """
    now = _moved(people, scored, recency, frequency, monetary)
    lower = [edges.get(f"edge_{i}", low) for i, low in enumerate(tiers.edges.lower)]
    for i in range(1, len(lower)):
        lower[i] = min(lower[i], lower[i - 1] * (1 - 1e-9)) if lower[i] > 0 else lower[i]
    return [
        now.segment_table(),
        tiered(people, TierTable(names=tiers.edges.names, lower=lower), tiers.currency).tables()[0],
        now.members(segment, top),
    ]


def _moved(
    people: Population, scored: Rfm, recency: float, frequency: float, monetary: float
) -> Rfm:
    t = scored.thresholds
    assert t is not None  # asked for where somebody is scored
    moved = Thresholds(
        tuple(e * recency for e in t.recency),
        tuple(e * frequency for e in t.frequency),
        tuple(e * monetary for e in t.monetary),
        t.fixed
        | {a for a, by in zip(AXES, (recency, frequency, monetary), strict=True) if by != 1},
    )
    return segmented(people, moved, (scored.map,), scored.currency)
