"""The rule of a pilot, fixed before the result: roll out, extend or stop."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, is_missing, plural
from playbook.base.language import later, say
from playbook.base.settings import PilotSettings
from playbook.data.book import Book
from playbook.methods import experiment, pilot_design
from playbook.page import Col, Table, table

from .compared import piloted_months, stretches
from .panels import LABEL, Panel

LONGEST = 12  # months a pilot may run in all; one that needs more is no pilot


def rule_table(primary: str, wanted: str, cost: float, fmt: Formats) -> Table:
    """The rule as a table.

    primary: outcome decided on. wanted: the effect wanted, as text. cost: of the pilot; 0 where the
    settings have none.
    """
    name = say(LABEL[primary]).lower()
    gain = (
        say("a gain of at least {cost}, what the pilot costs", cost=fmt.money(cost))
        if cost
        else say("any gain (no cost in the settings: [pilot] cost)")
    )
    rows = [
        {
            "rule": later("go", context="pilot"),
            "when": say(
                "the 95 % interval of {name} lies above zero, with {gain}", name=name, gain=gain
            ),
        },
        {
            "rule": later("stop", context="pilot"),
            "when": (
                say(
                    "{wanted} or more is ruled out, or the gain does not cover the cost,"
                    " or {longest} months in all would not be enough to tell, or the"
                    " groups are too few for any result to count",
                    wanted=wanted,
                    longest=LONGEST,
                )
            ),
        },
        {
            "rule": later("extend", context="pilot"),
            "when": (
                say(
                    "neither; for as long as {wanted} takes to be seen with 80 % power,"
                    " at the pilot's cost a month",
                    wanted=wanted,
                )
            ),
        },
    ]
    return table(
        pd.DataFrame(rows).assign(rule=[say(r["rule"], context="pilot") for r in rows]),
        [Col("rule", label="Decision"), Col("when", label="When", weight=4)],
        fmt,
        title=say("What will be decided, agreed before the result"),
        note=(
            say(
                "on {name} alone, the primary outcome ([pilot] outcome); the others"
                " are looked at with a correction for several comparisons (Holm)",
                name=name,
            )
        ),
    )


def decide(
    primary: pd.Series, book: Book, panel: Panel, chosen: list[int], months: int, base: float
) -> tuple[str, str]:
    """go, extend or stop: by the interval of the primary outcome, the effect wanted, the cost, and
    how long it would take to know.
    """
    settings, fmt = book.settings.pilot, book.fmt
    gain = float(primary.effect) * base if panel.unit == "share" else None
    wanted, asked = (
        (settings.wanted, float(np.log1p(settings.wanted)))
        if panel.unit == "share"
        else (settings.wanted * panel.level(),) * 2
    )
    if not is_missing(primary.low) and primary.low > 0 and (gain is None or gain >= settings.cost):
        if gain is None:
            return "go", say("the interval lies above zero")
        return "go", say(
            "the interval lies above zero and the gain of {gain} covers the cost of {cost}",
            gain=fmt.money(gain),
            cost=fmt.money(settings.cost),
        )
    if not is_missing(primary.low) and primary.low > 0:
        return (
            "stop",
            (
                say(
                    "the effect is real, but its gain of {gain} does not cover the cost of {cost}",
                    gain=fmt.money(gain),
                    cost=fmt.money(settings.cost),
                )
            ),
        )
    if not is_missing(primary.high) and primary.high < wanted:
        return "stop", say(
            "an effect of {wanted} or more is ruled out", wanted=fmt.text(wanted, panel.unit)
        )
    return _extended(panel, chosen, months, asked, fmt.text(wanted, panel.unit), settings, fmt)


def _extended(
    panel: Panel,
    chosen: list[int],
    months: int,
    asked: float,
    wanted: str,
    settings: PilotSettings,
    fmt: Formats,
) -> tuple[str, str]:
    """Undecided: how long to go on and what that costs, or why going on would not settle it."""
    cost, smallest = settings.cost, experiment.smallest_p(len(panel.members), len(chosen))
    if smallest > experiment.ALPHA:
        return (
            "stop",
            (
                say(
                    "{n} of {members} groups can give no p below {smallest:.3f}, so no"
                    " result could be told from chance; plan it anew with more groups,"
                    " or with people or deals drawn by lot",
                    n=len(chosen),
                    members=len(panel.members),
                    smallest=smallest,
                )
            ),
        )
    open_case = say("the interval holds both no effect and the {wanted} wanted", wanted=wanted)
    past = stretches(panel, months, len(chosen), settings.compare, piloted_months(panel, settings))
    seen = past.detectable(len(chosen))
    if seen is None:
        return "extend", say(
            "{open_case}; the history is too short to say for how long", open_case=open_case
        )
    need = pilot_design.longer(seen, asked, months)
    if need > LONGEST:
        return (
            "stop",
            (
                say(
                    "{open_case}, and about {months} in these groups would be needed to"
                    " tell; plan it anew with more groups or a steadier outcome, as in"
                    " the plan above",
                    open_case=open_case,
                    months=plural(need, "month"),
                )
            ),
        )
    more = need - months
    price = (
        say(" at a cost of about {cost}", cost=fmt.money(cost * more / months))
        if cost
        else say(" (its cost is not in the settings: [pilot] cost)")
    )
    return (
        "extend",
        (
            say(
                "{open_case}; {more_months}, {months} in all, would show it with 80 % power{price}",
                open_case=open_case,
                more_months=plural(more, "more month"),
                months=plural(need, "month"),
                price=price,
            )
        ),
    )
