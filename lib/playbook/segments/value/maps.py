"""Segment maps: named groups of the combinations of R, F and M scores (125 where there are five
on each axis), each proved to cover every combination exactly once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from playbook.base.formats import joined
from playbook.base.language import later, say, term
from playbook.base.settings import SegmentSettings
from playbook.base.settings.segment_maps import boxes_of, is_merged
from playbook.segments.states import BY_SCORE

LOW, MID, HIGH = (1, 2), (3,), (4, 5)
ANY = (1, 2, 3, 4, 5)
Scores = tuple[int, ...]


@dataclass(frozen=True)
class Segment:
    """A named group of score combinations and what to do with its customers.

    boxes: tuples of score sets, (R, F, M) on the three-axis map and (R, FM) on the other; a
    combination belongs to the segment when any box holds it. days: working days until the first
    contact is due; save: whether revenue is at risk here.
    """

    name: str
    boxes: tuple[tuple[Scores, ...], ...]
    action: str
    days: int
    save: bool = False


@dataclass(frozen=True)
class SegmentMap:
    """Segments in order of value. merged: the boxes are over R and FM, the mean of F and M rounded
    half up; classes: scores on each axis.
    """

    name: str
    segments: tuple[Segment, ...]
    merged: bool = False
    classes: int = 5

    @property
    def scores(self) -> tuple[int, ...]:
        """The scores of an axis, from 1."""
        return tuple(range(1, self.classes + 1))

    def matches(self, r: int, f: int, m: int) -> list[str]:
        """Names of the segments that hold the combination: one, when the map is a partition."""
        point = (r, (f + m + 1) // 2) if self.merged else (r, f, m)
        return [
            s.name
            for s in self.segments
            if any(all(v in axis for v, axis in zip(point, box, strict=True)) for box in s.boxes)
        ]

    def proof(self) -> PartitionProof:
        """The result of checking all combinations."""
        every = self.scores
        found = {(r, f, m): self.matches(r, f, m) for r in every for f in every for m in every}
        return PartitionProof(
            self.name,
            len(found),
            tuple(c for c, names in found.items() if not names),
            tuple(c for c, names in found.items() if len(names) > 1),
            {s.name: sum(names == [s.name] for names in found.values()) for s in self.segments},
        )

    def codes(self, r: np.ndarray, f: np.ndarray, m: np.ndarray) -> np.ndarray:
        """Index into ``segments`` of each customer, from its scores."""
        return self._grid[r - 1, f - 1, m - 1]

    @cached_property
    def _grid(self) -> np.ndarray:
        """Index into ``segments`` of every combination; asked for by every version of a slider."""
        order = {s.name: i for i, s in enumerate(self.segments)}
        every = self.scores
        return np.array(
            [[[order[self.matches(a, b, c)[0]] for c in every] for b in every] for a in every],
            dtype=np.int8,
        )

    @property
    def names(self) -> list[str]:
        """Names of the segments, in order of value."""
        return [s.name for s in self.segments]

    def __getitem__(self, name: str) -> Segment:
        return next(s for s in self.segments if s.name == name)


@dataclass(frozen=True)
class PartitionProof:
    """Combinations that belong to no segment (``empty``) or to several (``double``), and the number
    of combinations per segment; as text, a sentence for the page.
    """

    map: str
    cells: int
    empty: tuple[tuple[int, int, int], ...]
    double: tuple[tuple[int, int, int], ...]
    sizes: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether the map is a partition in which no segment is empty."""
        return not self.empty and not self.double and all(self.sizes.values())

    def __str__(self) -> str:
        if self.holds:
            return say(
                "Checked cell by cell: each of the {cells} score combinations"
                " belongs to exactly one of the {sizes} segments of the {map} map.",
                cells=self.cells,
                sizes=len(self.sizes),
                map=term(self.map),
            )
        return say(
            "The {map} map is no partition: {n} cells without a segment {empty},"
            " {n_2} with several {double}.",
            map=term(self.map),
            n=len(self.empty),
            empty=list(self.empty[:3]),
            n_2=len(self.double),
            double=list(self.double[:3]),
        )


SOURCE = SegmentMap(
    later("three-axis"),
    (
        Segment(
            later("high value"),
            ((HIGH, HIGH, HIGH),),
            later("Key-account care: executive contact, yearly value review, referral asked"),
            5,
        ),
        Segment(
            later("frequent, small baskets"),
            ((HIGH, HIGH, LOW + MID),),
            later("Bundle and upgrade: offer the next product line"),
            15,
        ),
        Segment(
            later("regular, recent"),
            ((HIGH, MID, ANY),),
            later("Fixed rhythm: agree the next order date"),
            10,
        ),
        Segment(
            later("few but large, recent"),
            ((HIGH, LOW, HIGH),),
            later("Onboard for the second order: success visit"),
            10,
        ),
        Segment(
            later("potential"),
            ((HIGH, LOW, MID),),
            later("Develop: second-order offer within the month"),
            10,
        ),
        Segment(
            later("small, recent"),
            ((HIGH, LOW, LOW),),
            later("Low-cost contact: newsletter, self service"),
            20,
        ),
        Segment(
            later("valuable, cooling"),
            ((MID, HIGH, ANY), (MID, LOW + MID, HIGH)),
            later("Call before it lapses: ask what changed"),
            5,
            save=True,
        ),
        Segment(
            later("ordinary, cooling"),
            ((MID, LOW + MID, LOW + MID),),
            later("Reminder with a reason to reorder"),
            15,
            save=True,
        ),
        Segment(
            later("valuable, lapsed"),
            ((LOW, HIGH, ANY), (LOW, LOW + MID, HIGH)),
            later("Win back in person: visit with an offer of its own"),
            3,
            save=True,
        ),
        Segment(
            later("ordinary, lapsed"),
            ((LOW, MID, LOW + MID), (LOW, LOW, MID)),
            later("Win-back campaign, one call"),
            20,
            save=True,
        ),
        Segment(
            BY_SCORE,
            ((LOW, LOW, LOW),),
            later("Wake-up mailing only; no visits until it answers"),
            30,
        ),
    ),
)

ELEVEN = SegmentMap(
    later("eleven-segment"),
    (
        Segment(
            later("champions"),
            (((5,), (4, 5)),),
            later("Key-account care: executive contact, referral asked, first to see new products"),
            5,
        ),
        Segment(
            later("loyal"),
            (((4,), (4, 5)), ((3,), (4, 5))),
            later("Fixed rhythm and upgrade offer; ask for the yearly plan"),
            10,
        ),
        Segment(
            later("potential loyalists"),
            (((5,), (2, 3)), ((4,), (2, 3))),
            later("Develop: next product line, agree the next order date"),
            10,
        ),
        Segment(
            later("new customers"),
            (((5,), (1,)),),
            later("Onboard: success visit, second-order offer within the month"),
            10,
        ),
        Segment(
            later("promising"), (((4,), (1,)),), later("Second-order offer; low-cost contact"), 15
        ),
        Segment(
            later("need attention"),
            (((3,), (3,)),),
            later("Call with a reason to reorder now"),
            10,
            save=True,
        ),
        Segment(
            later("about to sleep"),
            (((3,), (1, 2)),),
            later("Reminder and limited offer"),
            15,
            save=True,
        ),
        Segment(
            later("cannot lose"),
            (((1,), (5,)), ((2,), (5,))),
            later("Win back in person this week: visit by the owner and a manager"),
            3,
            save=True,
        ),
        Segment(
            later("at risk"),
            (((1,), (3, 4)), ((2,), (3, 4))),
            later("Call by the owner, find the reason, offer of its own"),
            5,
            save=True,
        ),
        Segment(
            later("hibernating"),
            (((2,), (1, 2)),),
            later("Win-back campaign, one call"),
            20,
            save=True,
        ),
        Segment(
            later("lost"), (((1,), (1, 2)),), later("Mailing only; no visits until it answers"), 30
        ),
    ),
    merged=True,
)

MAPS = {"source": SOURCE, "eleven": ELEVEN}


def maps_of(settings: SegmentSettings) -> tuple[SegmentMap, ...]:
    """The map that leads the chapter, then the named ones that stand beside it."""
    if settings.segment_map != "own":
        other = "source" if settings.segment_map == "eleven" else "eleven"
        return MAPS[settings.segment_map], MAPS[other]
    merged = is_merged(settings.own_map)
    own = SegmentMap(
        later("own"),
        tuple(
            Segment(
                one.name,
                boxes_of(one, settings.classes, merged),
                one.action or "–",
                one.days,
                one.save,
            )
            for one in settings.own_map
        ),
        merged,
        settings.classes,
    )
    return (own, ELEVEN) if settings.classes == ELEVEN.classes else (own,)


def proof_of(maps: Sequence[SegmentMap]) -> str:
    """A sentence that says each map is a partition, or which one is not."""
    found = [each.proof() for each in maps]
    if not all(proof.holds for proof in found):
        return joined((str(proof) for proof in found if not proof.holds), " ")
    named = joined(
        (
            say(
                "one of the {sizes} segments of the {map} map",
                sizes=len(proof.sizes),
                map=term(proof.map),
            )
            for proof in found
        ),
        " and ",
    )
    return say(
        "Checked cell by cell: each of the {cells} score combinations belongs to exactly {named}.",
        cells=found[0].cells,
        named=named,
    )
