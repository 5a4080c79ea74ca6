"""What the simulation assumes about each measure, and what one may believe of it instead: shares
that a reader can change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
from playbook.case.alignment import aligned
from playbook.page import Col, Table, table
from playbook.page.blocks import Turn
from playbook.simulator.contracts import (
    EXPANSION_CURE,
    RENEWAL_CURE_LARGE,
    RENEWAL_CURE_OTHER,
)
from playbook.simulator.deals import FUNNEL_CURE, OBJECTION_CURE
from playbook.simulator.parameters import Company

from .codes import LABELS, LEVERS
from .wording import OUTCOME, OutcomeFormats

BELIEVED = (0.0, 0.5, 1.0)  # parts of a measure's effect that a page without a kernel offers
TRIED = ("growth", "sales_year", "won")  # outcomes shown for changed beliefs
RATES: tuple[tuple[str, str, Mapping[str, float]], ...] = (
    (later("Renewal, large customers"), "renewal_large", RENEWAL_CURE_LARGE),
    (later("Renewal, other customers"), "renewal_other", RENEWAL_CURE_OTHER),
    (later("Expansion deals per customer and quarter"), "expansion", EXPANSION_CURE),
    (later("Expansion deals won"), "expansion_won", EXPANSION_CURE),
    (later("Deals with an objection"), "objection", OBJECTION_CURE),
    (later("Won, without an objection"), "won_clear", FUNNEL_CURE),
    (later("Won, with an objection"), "won_objected", FUNNEL_CURE),
)


def assumed_table(fmt: Formats) -> Table:
    """Per rate of the simulation: in the crisis, after the measures, and the share of the way back
    that each measure is assumed to bring.
    """
    c = Company()
    rows = []
    for label, name, weights in RATES:
        _, crisis, after = getattr(c, name)
        rows.append(
            {
                "rate": label,
                "crisis": crisis,
                "after": after,
                **{lever: weights.get(lever) for lever in LEVERS},
            }
        )
    columns = [
        Col("rate", "term", "What is assumed", weight=1.8),
        Col("crisis", "share", "In the crisis"),
        Col("after", "share", "After all five"),
        *(Col(name, "share", LABELS[name], decimals=0) for name in LEVERS),
    ]
    note = say(
        "assumptions, not findings: the share of the way from the crisis to"
        " the value after that each measure brings; – = none. Beside these,"
        " channels and funnel shortens every step to {faster} of its days"
        " and closes two channels, and training and mentoring takes 70 % of"
        " a newcomer's handicap away",
        faster=fmt.share(c.faster, decimals=0),
    )
    return table(
        pd.DataFrame(rows), columns, fmt, title=say("What is assumed about each measure"), note=note
    )


@dataclass(frozen=True)
class Beliefs:
    """Outcomes with no measure and with all, and the contribution of each measure, by outcome."""

    off: Mapping[str, float]
    on: Mapping[str, float]
    effects: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, table_of: pd.DataFrame, ends: pd.DataFrame) -> Beliefs:
        """table_of: ``LeverContributions``. ends: ``LeverEnds``."""
        effects: dict[str, dict[str, float]] = {}
        for r in table_of.itertuples(index=False):
            effects.setdefault(r.outcome, {})[r.lever] = float(r.effect)
        corner = ends.set_index("outcome")
        return cls(corner["off"].to_dict(), corner["on"].to_dict(), effects)

    def value(self, outcome: str, parts: Mapping[str, float]) -> float:
        """An outcome when only a part of each measure's contribution is believed (1 = as
        simulated).

        Contributions (Shapley values) add up to the change, so with all at 1 it is the company with
        all five, with all at 0 the one without any.
        """
        mine = self.effects[outcome]
        return self.off[outcome] + sum(mine[name] * parts[name] for name in LEVERS)

    def rows(self, parts: Mapping[str, float], wording: OutcomeFormats) -> pd.DataFrame:
        """Outcomes with no measure, as believed, and as simulated."""
        return pd.DataFrame(
            [
                {
                    "outcome": OUTCOME[o][0],
                    "none": wording.text(o, self.off[o]),
                    "believed": wording.text(o, self.value(o, parts)),
                    "every": wording.text(o, self.on[o]),
                }
                for o in TRIED
            ]
        )


COLUMNS = [
    Col("outcome", "term", weight=1.6),
    Col("none", label="No measure"),
    Col("believed", label="As believed"),
    Col("every", label="As simulated"),
]


def belief_table(
    table_of: pd.DataFrame,
    ends: pd.DataFrame,
    parts: Mapping[str, float],
    fmt: Formats,
    title: str = "",
) -> Table:
    """What the outcomes are when each measure is believed in part."""
    wording = OutcomeFormats(fmt)
    said = joined(
        say(
            "{label} {value}",
            label=say(LABELS[n]).lower(),
            value=fmt.share(parts[n], decimals=0),
        )
        for n in LEVERS
    )
    rows = Beliefs.of(table_of, ends).rows(parts, wording)
    made = table(
        rows,
        COLUMNS,
        fmt,
        title=title or say("Of each measure's contribution is believed: {said}", said=said),
        note=say("contributions add up to the change, so believing a part takes that part of each"),
    )
    return aligned(made, "rrr")


def belief_board(table_of: pd.DataFrame, ends: pd.DataFrame, fmt: Formats) -> Table:
    """The table with a choice per measure; it holds every choice, so that it works in a page
    without a kernel.
    """
    names = tuple(fmt.share(part, decimals=0) for part in BELIEVED)
    wording, versions, beliefs = OutcomeFormats(fmt), {}, Beliefs.of(table_of, ends)
    for state in product(range(len(BELIEVED)), repeat=len(LEVERS)):
        parts = {name: BELIEVED[at] for name, at in zip(LEVERS, state, strict=True)}
        rows = beliefs.rows(parts, wording)
        versions["-".join(map(str, state))] = table(rows, COLUMNS, fmt, title="").rows
    half = dict.fromkeys(LEVERS, 0.5)
    shown = belief_table(
        table_of, ends, half, fmt, say("Half of every measure's contribution is believed")
    )
    return replace(
        shown,
        choices=tuple(Turn(say(LABELS[name]), names, 1) for name in LEVERS),
        versions=versions,
        turn=say("What you believe of each measure's contribution"),
    )
