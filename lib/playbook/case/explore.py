"""The chapter's sliders and switches: published figures tried with other values, measures switched
on, off and moved in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.base.language import say
from playbook.case.measures.assumptions import belief_board, belief_table
from playbook.case.measures.codes import LABELS, LEVERS, WHEN, begins_on, mask_of
from playbook.case.measures.levers import LeverEffects
from playbook.case.measures.timing import timing_table
from playbook.case.measures.wording import OUTCOME, OutcomeFormats
from playbook.case.story.identities import VALUE, Identities, parts_growth
from playbook.page import Col, Result, Table, table
from playbook.page.blocks import Turn
from playbook.page.origins import explorer
from playbook.page.widgets import Choice, Slider, explore
from playbook.simulator.outcomes import OUTCOMES

from .alignment import aligned

STEPS = (-0.10, -0.05, 0.0, 0.05, 0.10)


def implied_table(fmt: Formats, growth: float, before: float, after: float) -> Table:
    """What a growth and two shares imply, and how that moves with the share after."""
    shares = [after + step for step in STEPS if 0 < after + step < 1]
    rows = [
        {
            "after": share,
            "returning": parts_growth(growth, before, share)[0],
            "new": parts_growth(growth, before, share)[1],
        }
        for share in shares
    ]
    columns = [
        Col("after", "share", "Returning share after"),
        Col("returning", "share", "Sales to returning customers", sign=True),
        Col("new", "share", "Sales to new customers", sign=True),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=(
            say(
                "Growth of {growth} with a returning share of {before} before means …",
                growth=fmt.share(growth),
                before=fmt.share(before),
            )
        ),
        note=say("change on the period before, by identity; no data used"),
    )


@explorer
def try_identity(result: Identities) -> None:
    """Sliders for growth and shares; in batch the table at the published figures. Nothing where
    the section is not available.
    """
    if result.status != "ok":
        return
    fmt = result.fmt
    g, b, a = VALUE["growth.after"], VALUE["returning.before"], VALUE["returning.after"]
    explore(
        lambda growth, before, after: implied_table(fmt, growth, before, after),
        {
            "growth": Slider(say("Growth of sales"), -0.5, 1.0, 0.01, g),
            "before": Slider(say("Returning share before"), 0.05, 0.95, 0.01, b),
            "after": Slider(say("Returning share after"), 0.05, 0.95, 0.01, a),
        },
        static=implied_table(fmt, g, b, a),
        missing=result,
    )


SWITCHED = [
    Col("outcome", "term", weight=1.6),
    Col("none", label="No measure"),
    Col("chosen", label="As chosen"),
    Col("every", label="All five"),
]
TIMED = [
    SWITCHED[0],
    Col("every", label="All on their dates"),
    Col("chosen", label="As chosen"),
]


def combination(result: LeverEffects, on: Sequence[str]) -> Table:
    """Outcomes with the measures of ``on``, beside none and all."""
    named = listing([say(LABELS[name]).lower() for name in on], len(on))
    return aligned(
        table(
            _beside(_means(result), mask_of(on), result.wording),
            SWITCHED,
            result.fmt,
            title=say("The company with: {named}", named=named),
            note=say("means over {seeds} simulated companies", seeds=result.seeds),
        ),
        "rrr",
    )


def _means(result: LeverEffects) -> pd.DataFrame:
    """Codes × outcomes: mean over the simulated companies."""
    return result.runs.groupby("mask")[list(OUTCOMES)].mean()


def _beside(means: pd.DataFrame, code: str, wording: OutcomeFormats) -> pd.DataFrame:
    """Each outcome with no measure, with the measures of ``code``, and with all on their dates."""
    return pd.DataFrame(
        [
            {
                "outcome": OUTCOME[o][0],
                "none": wording.text(o, means.at[mask_of(()), o]),
                "chosen": wording.text(o, means.at[code, o]),
                "every": wording.text(o, means.at[mask_of(LEVERS), o]),
            }
            for o in OUTCOMES
        ]
    )


def switchboard(result: LeverEffects) -> Table:
    """A table with a switch per measure. It holds every combination, so that the switches work in a
    page without a kernel.
    """
    note = say(
        "means over {seeds} simulated companies; outcomes of the third"
        " quarter of the last year, sales of its nine months",
        seeds=result.seeds,
    )
    means, wording = _means(result), result.wording
    versions = {
        "-".join(map(str, state)): (
            table(
                _beside(means, "".join(map(str, state)), wording), SWITCHED, result.fmt, title=""
            ).rows
        )
        for state in product((0, 1), repeat=len(LEVERS))
    }
    shown = aligned(
        table(
            _beside(means, "00100", wording),
            SWITCHED,
            result.fmt,
            title=say("The company with channels and funnel alone"),
            note=note,
        ),
        "rrr",
    )
    turns = tuple(Turn(say(LABELS[name]), start=int(name == "funnel")) for name in LEVERS)
    return replace(
        shown,
        choices=turns,
        versions=versions,
        turn=say("The company with the measures you choose"),
    )


def timing_board(result: LeverEffects) -> Table:
    """A table with two choices: a measure, or all, and when it begins."""
    means, wording = _means(result), result.wording
    whose = [*range(len(LEVERS)), None]
    made = {
        f"{i}-{j}": (
            table(_beside(means, _moved(which, letter), wording), TIMED, result.fmt, title="").rows
        )
        for i, which in enumerate(whose)
        for j, letter in enumerate(WHEN)
    }
    shown = aligned(
        table(
            _beside(means, _moved(None, "e"), wording),
            TIMED,
            result.fmt,
            title=say("The company with all five {when}", when=begins_on("e")),
            note=(
                say(
                    "means over {seeds} simulated companies; a measure's own date is the"
                    " first of April",
                    seeds=result.seeds,
                )
            ),
        ),
        "rr",
    )
    turns = (
        Turn(
            say("Measure"), (*(say(LABELS[name]) for name in LEVERS), say("all five")), len(LEVERS)
        ),
        Turn(say("Begins"), tuple(begins_on(letter) for letter in WHEN), 0),
    )
    return replace(
        shown,
        choices=turns,
        versions=made,
        turn=say("The company with a measure moved in time"),
    )


def _moved(which: int | None, letter: str) -> str:
    """Code with one measure (None: all) as ``letter`` says and the others on their dates."""
    return "".join(letter if which in (None, i) else "1" for i in range(len(LEVERS)))


@explorer
def try_levers(result: Result) -> None:
    """A switch per measure: widgets in a live notebook, elsewhere a table of every state."""
    static = [switchboard(result)] if isinstance(result, LeverEffects) else None
    explore(
        lambda **on: combination(
            result, [name for name in LEVERS if on[name] == say("on", context="switch")]
        ),
        {
            name: Choice(
                say(LABELS[name]), (say("on", context="switch"), say("off", context="switch"))
            )
            for name in LEVERS
        },
        static=static,
        missing=result,
    )  # type: ignore[arg-type]


@explorer
def try_beliefs(result: Result) -> None:
    """How much of each measure's contribution is believed: sliders in a live notebook, elsewhere a
    table of every choice.
    """
    static = (
        [belief_board(result.table, result.corners, result.fmt)]
        if isinstance(result, LeverEffects)
        else None
    )
    explore(
        lambda **parts: belief_table(result.table, result.corners, parts, result.fmt),
        {name: Slider(say(LABELS[name]), 0.0, 1.5, 0.05, 0.5) for name in LEVERS},
        static=static,
        missing=result,
    )  # type: ignore[arg-type]


@explorer
def try_timing(result: Result) -> None:
    """A measure begun earlier or later: widgets in a live notebook, elsewhere a table that holds
    every choice, with the table of all differences.
    """
    static = (
        [timing_board(result), timing_table(result.moved, result.seeds, result.fmt)]
        if isinstance(result, LeverEffects)
        else None
    )
    whose, when = (
        {**{say(LABELS[name]): i for i, name in enumerate(LEVERS)}, say("all five"): None},
        {begins_on(letter): letter for letter in WHEN},
    )
    explore(
        lambda measure, begins: table(
            _beside(_means(result), _moved(whose[measure], when[begins]), result.wording),
            TIMED,
            result.fmt,
            title=say("{measure}: {begins}", measure=measure, begins=begins),
            note=say("means over {seeds} simulated companies", seeds=result.seeds),
        ),  # type: ignore[arg-type]
        {
            "measure": Choice(say("Measure"), tuple(whose)),
            "begins": Choice(say("Begins"), tuple(when)),
        },
        static=static,
        missing=result,
    )
