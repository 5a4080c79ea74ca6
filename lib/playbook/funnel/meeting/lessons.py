"""Lessons: what to do or to leave, each with the comparison it rests on; nothing that chance may
explain.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.base.language import named, say, term
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
            say(
                "Ask for the need before the visit: of the deals that match one"
                " {numerator} were won, of the others {numerator_2}.",
                numerator=fmt.rate(yes.numerator, yes.n),
                numerator_2=fmt.rate(no.numerator, no.n),
            )
        )


def _good_place(found: StepsBy, fmt: Formats) -> Iterator[str]:
    """The member furthest above the rest at a step, of a kind that others can learn from."""
    if found.dimension not in ("rep", "region", "team"):
        return
    above = found.table[found.table.verdict == ABOVE]
    if len(above):
        top = above.sort_values(["p", "label"]).iloc[0]
        yield (
            say(
                "Have {label} show the others {step}: {advanced} pass there, more"
                " than chance gives.",
                label=named(top.label),
                step=named(top.step),
                advanced=fmt.rate(top.advanced, top.entered),
            )
        )


def _channels(found: Channels, fmt: Formats) -> Iterator[str]:
    rows = found.table
    cut = rows[rows.verdict.isin(["cut", "stopped"]) & rows.cac.notna()]
    keep = rows[(rows.verdict == "keep") & rows.cac.notna()]
    if len(cut) and len(keep):
        dear, cheap = cut.loc[cut.cac.idxmax()], keep.loc[keep.cac.idxmin()]
        if dear.cac <= cheap.cac:  # cut for what its customers bring, not for what they cost
            return
        yield (
            say(
                "Look for customers where they are cheap to win: one by {channel}"
                " costs {cac} ({new} won), one by {channel_2} {cac_2} ({new_2}).",
                channel=named(cheap.channel),
                cac=fmt.money(cheap.cac, compact=True),
                new=fmt.count(cheap.new),
                channel_2=named(dear.channel),
                cac_2=fmt.money(dear.cac, compact=True),
                new_2=fmt.count(dear.new),
            )
        )


def _micro_steps(found: Negotiation, fmt: Formats) -> Iterator[str]:
    for row in found.table[found.table.p < LEVEL].itertuples():
        won, without = round(row.won_with * row.won_of), round(row.won_without * row.without_of)
        said = {"won": fmt.rate(won, row.won_of), "without": fmt.rate(without, row.without_of)}
        if row.evidence == "objection":
            yield say(
                "Prepare the objection before it comes: of the deals that met one {won} were won,"
                " of the others {without}.",
                **said,
            )
        elif row.won_with > row.won_without:
            yield say(
                "Do not leave out “{step}”: of the deals with it {won} were won, of the others"
                " {without}.",
                step=term(row.step),
                **said,
            )
        else:
            yield say(
                "Look at how “{step}” is done: of the deals with it {won} were won, of the others"
                " {without}.",
                step=term(row.step),
                **said,
            )


def _objections(found: Objections, fmt: Formats) -> Iterator[str]:
    for row in found.use[found.use.p < LEVEL].itertuples():
        won, without = round(row.won_with * row.with_of), round(row.won_without * row.without_of)
        said = {
            "objection": named(row.objection),
            "won": fmt.rate(won, row.with_of),
            "without": fmt.rate(without, row.without_of),
        }
        yield (
            say(
                "Use the script against {objection}: with it {won} were won, without {without}.",
                **said,
            )
            if row.won_with > row.won_without
            else say(
                "Rework the script against {objection}: with it {won} were won, without {without}.",
                **said,
            )
        )
    if len(found.change) and found.change.p.iloc[0] < LEVEL:
        row = found.change.iloc[0]
        said = {
            "since": fmt.text(found.since, "month"),
            "after": fmt.rate(row.after, row.after_of),
            "before": fmt.rate(row.before, row.before_of),
        }
        yield (
            say(
                "Keep what began in {since}: {after} of the deals met an objection since, {before}"
                " before.",
                **said,
            )
            if row.change < 0
            else say(
                "Ask what changed in {since}: {after} of the deals met an objection since, {before}"
                " before.",
                **said,
            )
        )


def _silence(found: DealRisk, fmt: Formats) -> Iterator[str]:
    silent, spoken = found.silent, found.spoken
    if found.limit is None or not apart(silent, spoken):
        return
    if (silent.value or 0.0) < (spoken.value or 0.0):
        yield (
            say(
                "Do not let a deal wait more than {limit} for a word: at {age}"
                " {numerator} of the silent ones were won later, {numerator_2} of"
                " the others.",
                limit=fmt.text(found.limit, "days"),
                age=fmt.text(found.age, "days"),
                numerator=fmt.rate(silent.numerator, silent.n),
                numerator_2=fmt.rate(spoken.numerator, spoken.n),
            )
        )


def _ladder(found: LadderCheck, fmt: Formats) -> Iterator[str]:
    if len(found.named):
        names = listing([named(label) for label in found.named.label], 3)
        yield (
            say(
                "Agree discounts beyond the ladder before they are offered: {names}"
                " gave {leak} beyond it in 12 months, more than chance gives.",
                names=names,
                leak=fmt.money(found.named.leak.sum(), compact=True),
            )
        )


def _measure(found: BeforeAfter, fmt: Formats) -> Iterator[str]:
    rows = found.table[found.table.p.notna()]
    if rows.empty or found.test.p >= LEVEL or rows.p.iloc[-1] >= LEVEL:
        return
    row = rows.iloc[-1]
    said = {
        "since": fmt.text(found.since, "month"),
        "after": fmt.share(row.after),
        "measure": term(row.measure),
        "before": fmt.share(row.before),
    }
    yield (
        say(
            "Keep what began in {since}: of the deals created since {after} are {measure}, of those"
            " before {before}.",
            **said,
        )
        if row.after > row.before
        else say(
            "Ask what went wrong in {since}: of the deals created since {after} are {measure}, of"
            " those before {before}.",
            **said,
        )
    )
