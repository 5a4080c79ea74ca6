"""How piloted groups are held against the others: by means, after the change before is taken into
account, or beside a synthetic control; with the stretches of the past in which nothing was piloted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from playbook.base.language import later
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.methods import pilot_design, synthetic

from .panels import Panel

SHORTEST, LONGEST = 4, 12  # months before a pilot that a synthetic control is fitted on
FEW = 300  # choices of groups for each of which a synthetic control is fitted
NAMES = {
    "means": later("mean of the others"),
    "covariate": later("corrected for the change before"),
    "synthetic": later("synthetic control"),
}


@dataclass(frozen=True)
class Stretches:
    """Stretches of the past as long as a pilot and the span before it: changes of every group, and
    where the others are not weighed alike the weights of every contrast.
    """

    changes: list[np.ndarray]
    kernels: list[np.ndarray] | None = None

    def detectable(self, take: int) -> float | None:
        """Smallest effect the deciding test sees with 80 % power, on the scale of the changes."""
        return pilot_design.detectable(self.changes, take, kernels=self.kernels)


def piloted_months(panel: Panel, settings: PilotSettings) -> range:
    """Columns of the panel in which the pilot of the settings ran: no past of no pilot."""
    if not settings.ran:
        return range(0)
    first = Month.of(settings.ran[0]) - panel.months[0]
    last = Month.of(settings.ran[-1]) + settings.months - panel.months[0]
    return range(max(first, 0), min(last, len(panel.months)))


def ends_without(panel: Panel, months: int, piloted: range, spans: int = 2) -> list[int]:
    """Columns at which stretches of ``spans`` · months end that hold no piloted month."""
    return [
        end
        for end in range(spans * months, len(panel.months) + 1)
        if not any(end - spans * months <= column < end for column in piloted)
    ]


def stretches(
    panel: Panel, months: int, take: int, how: str = "means", piloted: range = range(0)
) -> Stretches:
    """What the past says about a pilot of ``months`` in ``take`` groups. Without enough months, or
    with too many choices for a synthetic control, there is no stretch.
    """
    if how == "covariate":
        ends = ends_without(panel, months, piloted, spans=3)
        slope = covariate_slope(panel, ends, months)
        return Stretches([corrected(panel, end, months, slope) for end in ends])
    ends = ends_without(panel, months, piloted)
    if how != "synthetic":
        return Stretches([panel.changes(end, months) for end in ends])
    if comb(len(panel.members), take) > FEW:
        return Stretches([])
    ends = [end for end in ends if end - months >= SHORTEST]
    kernels = [synthetic.kernel(before(panel, end, months), take) for end in ends]
    return Stretches([panel.changes(end, months) for end in ends], kernels)


def before(panel: Panel, end: int, months: int) -> np.ndarray:
    """Paths before a pilot that ends at column ``end``, each less its own mean: logs of sums, rates
    as they are.
    """
    span = slice(max(0, end - months - LONGEST), end - months)
    paths = np.log(panel.up[:, span]) if panel.down is None else panel.paths()[:, span]
    return paths - paths.mean(axis=1, keepdims=True)


def covariate_slope(panel: Panel, ends: Sequence[int], months: int) -> float:
    """How the change of a stretch follows the change of the span before it: least squares over all
    groups and stretches, each stretch less its own mean; 0 where nothing ever moved.
    """
    top = bottom = 0.0
    for end in ends:
        earlier = panel.changes(end - months, months)
        later = panel.changes(end, months)
        off = earlier - earlier.mean()
        top += float(off @ (later - later.mean()))
        bottom += float(off @ off)
    return top / bottom if bottom else 0.0


def corrected(panel: Panel, end: int, months: int, slope: float) -> np.ndarray:
    """Changes less what the change of the span before says about them."""
    earlier = panel.changes(end - months, months)
    return panel.changes(end, months) - slope * (earlier - earlier.mean())


Compared = tuple[np.ndarray, np.ndarray] | None


def judged(
    panel: Panel, end: int, months: int, chosen: Sequence[int], how: str, piloted: range
) -> tuple[np.ndarray, Compared]:
    """The changes a pilot is judged on, and the weights of the contrasts (None: means)."""
    if how == "covariate" and end - 3 * months >= 0:
        slope = covariate_slope(panel, ends_without(panel, months, piloted, spans=3), months)
        return corrected(panel, end, months, slope), None
    if how == "synthetic" and end - months >= SHORTEST:
        paths = before(panel, end, months)
        own = synthetic.contrast_row(paths, chosen)
        return panel.changes(end, months), (own, synthetic.kernel(paths, len(chosen)))
    return panel.changes(end, months), None
