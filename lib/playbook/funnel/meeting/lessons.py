"""Lessons: what to do or to leave, each with the comparison it rests on; nothing that chance may
explain.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.funnel.money.channels import Channels
from playbook.funnel.money.price_ladder import LadderCheck
from playbook.funnel.places.groups import StepsBy
from playbook.funnel.ranking import ABOVE
from playbook.funnel.steps.before_after import BeforeAfter
from playbook.funnel.steps.deal_risk import DealRisk
from playbook.funnel.talk.negotiation import Negotiation
from playbook.funnel.talk.objection_change import Objections
from playbook.funnel.talk.reasons import Reasons
from playbook.methods.intervals import Rate, proportions_p

LEVEL = 0.01  # one lesson may err in a hundred


def lessons(given: dict, fmt: Formats) -> list[str]:
    """The lessons of the results given by their type; any may be missing. Each says what to do,
    then the comparison, in the order in which a deal meets them.
    """
    makers = (
        (Reasons, _match),
        (StepsBy, _good_place),
        (Channels, _channels),
        (Negotiation, _micro_steps),
        (Objections, _objections),
        (DealRisk, _silence),
        (LadderCheck, _ladder),
        (BeforeAfter, _measure),
    )
    return [text for kind, make in makers if kind in given for text in make(given[kind], fmt)]


def apart(one: Rate, other: Rate) -> bool:
    """Whether two rates differ beyond chance; False where either has nothing in it."""
    if not one.n or not other.n:
        return False
    return proportions_p(one.numerator, one.n, other.numerator, other.n) < LEVEL


def _match(found: Reasons, fmt: Formats) -> Iterator[str]:
    year = found.match[found.match.window == "trailing_12m"]
    if year.empty or pd.isna(year.won_matched.iloc[0]) or pd.isna(year.won_other.iloc[0]):
        return
    row = year.iloc[0]
    yes, no = (
        Rate(round(rate * n), int(n))
        for rate, n in (
            (row.won_matched, row.decided_matched),
            (row.won_other, row.decided_other),
        )
    )
    if apart(yes, no) and row.won_matched > row.won_other:
        yield (
            "Ask for the need before the visit: of the deals that match one"
            f" {fmt.rate(yes.numerator, yes.n)} were won, of the others"
            f" {fmt.rate(no.numerator, no.n)}."
        )


def _good_place(found: StepsBy, fmt: Formats) -> Iterator[str]:
    """The member furthest above the rest at a step, of a kind that others can learn from."""
    if found.dimension not in ("rep", "region", "team"):
        return
    above = found.table[found.table.verdict == ABOVE]
    if len(above):
        top = above.sort_values(["p", "label"]).iloc[0]
        yield (
            f"Have {top.label} show the others {top.step}: {fmt.rate(top.advanced, top.entered)}"
            " pass there, more than chance gives."
        )


def _channels(found: Channels, fmt: Formats) -> Iterator[str]:
    rows = found.table
    cut = rows[rows.verdict.isin(["cut", "stopped"]) & rows.cac.notna()]
    keep = rows[(rows.verdict == "keep") & rows.cac.notna()]
    if len(cut) and len(keep):
        dear, cheap = cut.loc[cut.cac.idxmax()], keep.loc[keep.cac.idxmin()]
        yield (
            f"Look for customers where they are cheap to win: one by {cheap.channel} costs"
            f" {fmt.money(cheap.cac, compact=True)} ({fmt.count(cheap.new)} won), one by"
            f" {dear.channel} {fmt.money(dear.cac, compact=True)} ({fmt.count(dear.new)})."
        )


def _micro_steps(found: Negotiation, fmt: Formats) -> Iterator[str]:
    for row in found.table[found.table.p < LEVEL].itertuples():
        won, without = round(row.won_with * row.won_of), round(row.won_without * row.without_of)
        if row.evidence == "objection":
            what = "Prepare the objection before it comes: of the deals that met one"
        elif row.won_with > row.won_without:
            what = f"Do not leave out “{row.step}”: of the deals with it"
        else:
            what = f"Look at how “{row.step}” is done: of the deals with it"
        yield (
            f"{what} {fmt.rate(won, row.won_of)} were won, of the others"
            f" {fmt.rate(without, row.without_of)}."
        )


def _objections(found: Objections, fmt: Formats) -> Iterator[str]:
    for row in found.use[found.use.p < LEVEL].itertuples():
        won, without = round(row.won_with * row.with_of), round(row.won_without * row.without_of)
        what = "Use" if row.won_with > row.won_without else "Rework"
        yield (
            f"{what} the script against {row.objection}: with it"
            f" {fmt.rate(won, row.with_of)} were won, without {fmt.rate(without, row.without_of)}."
        )
    if len(found.change) and found.change.p.iloc[0] < LEVEL:
        row = found.change.iloc[0]
        what = "Keep what began" if row.change < 0 else "Ask what changed"
        yield (
            f"{what} in {fmt.text(found.since, 'month')}: {fmt.rate(row.after, row.after_of)} of"
            f" the deals met an objection since, {fmt.rate(row.before, row.before_of)} before."
        )


def _silence(found: DealRisk, fmt: Formats) -> Iterator[str]:
    silent, spoken = found.silent, found.spoken
    if found.limit is None or not apart(silent, spoken):
        return
    if (silent.value or 0.0) < (spoken.value or 0.0):
        yield (
            f"Do not let a deal wait more than {fmt.text(found.limit, 'days')} for a word: at"
            f" {fmt.text(found.age, 'days')} {fmt.rate(silent.numerator, silent.n)} of the silent"
            f" ones were won later, {fmt.rate(spoken.numerator, spoken.n)} of the others."
        )


def _ladder(found: LadderCheck, fmt: Formats) -> Iterator[str]:
    if len(found.named):
        names = listing(list(found.named.label), 3)
        yield (
            f"Agree discounts beyond the ladder before they are offered: {names} gave"
            f" {fmt.money(found.named.leak.sum(), compact=True)} beyond it in 12 months, more than"
            " chance gives."
        )


def _measure(found: BeforeAfter, fmt: Formats) -> Iterator[str]:
    rows = found.table[found.table.p.notna()]
    if rows.empty or found.test.p >= LEVEL or rows.p.iloc[-1] >= LEVEL:
        return
    row = rows.iloc[-1]
    what = "Keep what began" if row.after > row.before else "Ask what went wrong"
    yield (
        f"{what} in {fmt.text(found.since, 'month')}: of the deals created since"
        f" {fmt.share(row.after)} are {row.measure}, of those before {fmt.share(row.before)}."
    )
