"""What stands beside the quotas in words: weights, who carries none, what is not known."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.base.formats import Formats, joined, listing
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures.pipeline import later_export, open_sums
from playbook.data.measures.targets import period_of

from .quota_split import parts_of

NAMES = {
    "history": later("own sales"),
    "pipeline": later("open deals"),
    "capability": later("deals won of those decided"),
    "potential": later("the territory's potential"),
}


def weight_words(quotas: pd.DataFrame, settings: GoalSettings, fmt: Formats) -> str:
    """``60 % own sales, 40 % open deals``: what the quotas are weighed by. quotas:
    ``PersonQuotas``.
    """
    parts = parts_of(quotas, settings)
    if not parts:
        return say("all alike, nothing being known of them")
    return listing(
        [
            say("{share} {part}", share=fmt.share(w, decimals=0), part=say(NAMES[c]))
            for c, w in parts.items()
        ],
        4,
    )


def idle_notes(idle: Sequence[str]) -> list[str]:
    """Who is still here and carries no quota."""
    if not idle:
        return []
    return [
        say(
            "No quota for {idle}: no sales in the trailing 12 months, no open"
            " deal, no longer new, and no pin ([goals] pins gives one).",
            idle=listing(sorted(idle), 8),
        )
    ]


def potential_notes(quotas: pd.DataFrame) -> list[str]:
    """That potential is not known, where it is not. quotas: ``PersonQuotas``."""
    if quotas["potential"].notna().any():
        return []
    return [
        say(
            "The potential of territories is not known (no customer with sales"
            " names a rep, and [goals] potential gives none): it weighs nothing,"
            " and fairness cannot be shown."
        )
    ]


def pipeline_notes(book: Book) -> tuple[str, ...]:
    """What is not known of the open deals that quotas are weighed by."""
    if not book.has("opportunities", "outcome"):
        return ()
    found, unpriced = [], int(open_sums(book)["unpriced"].iloc[0])
    if unpriced:
        found.append(
            say(
                "{unpriced:,} {en_carry} no amount and {en_weigh} nothing in a quota.",
                unpriced=unpriced,
                en_carry="open deal carries" if unpriced == 1 else "open deals carry",
                en_weigh="weighs" if unpriced == 1 else "weigh",
            )
        )
    export = later_export(book)
    return (*found, export) if export else tuple(found)


def sales_of(book: Book, first: Month) -> str:
    """What the sales of the quarter to date are called: its name, and how far it has gone."""
    year = book.settings.book
    period = period_of(first, first + 2, year.fiscal_year_start, year.fiscal_year_name).label
    if first + 2 > book.month:
        return say("Sales {period} to date", period=period)
    return say("Sales {period}", period=period)


def quota_rules(settings: GoalSettings, fmt: Formats) -> str:
    """What bounds a quota, and what a new hire starts with."""
    return say(
        "Floor {floor} and cap {cap} of the average quota of the region, the"
        " floor times the ramp; a new hire starts with the average weight of"
        " the settled people, times the ramp ({ramp} of a full quota in its"
        " first quarters). What a bound cuts or adds is re-split over the"
        " others.",
        floor=fmt.text(settings.quota_floor, "ratio"),
        cap=fmt.text(settings.quota_cap, "ratio"),
        ramp=joined(fmt.share(r, decimals=0) for r in settings.ramp),
    )


def ramp_and_bounds(quotas: pd.DataFrame, fmt: Formats) -> str:
    """How many are still ramping, and how many quotas stand at a bound, in sentences.

    quotas: ``PersonQuotas``.
    """
    text, new = "", quotas[quotas["ramp"] < 1]
    if len(new):
        text += say(
            " {ramping:,} {en_of_them_are} still ramping and {en_carry} {part}.",
            ramping=len(new),
            en_of_them_are="of them is" if len(new) == 1 else "of them are",
            en_carry="carries" if len(new) == 1 else "carry",
            part=fmt.share(float(new["quota"].sum()) / float(quotas["quota"].sum())),
        )
    held = int((quotas["bound"] != "").sum())
    if held:
        text += say(
            " {held:,} {en_quotas_stand} at a floor, a cap or a pin.",
            held=held,
            en_quotas_stand="quota stands" if held == 1 else "quotas stand",
        )
    return text
