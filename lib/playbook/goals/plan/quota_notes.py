"""What stands beside the quotas in words: weights, who carries none, what is not known."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.base.formats import Formats, listing, plural
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
    return listing([f"{fmt.share(w, decimals=0)} {NAMES[c]}" for c, w in parts.items()], 4)


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
                "{open_deal_carriess} no amount and {en_weigh} nothing in a quota.",
                open_deal_carriess=plural(unpriced, "open deal carries", "open deals carry"),
                en_weigh="weighs" if unpriced == 1 else "weigh",
            )
        )
    later = later_export(book)
    return (*found, later) if later else tuple(found)


def sales_of(book: Book, first: Month) -> str:
    """What the sales of the quarter to date are called: its name, and how far it has gone."""
    year = book.settings.book
    period = period_of(first, first + 2, year.fiscal_year_start, year.fiscal_year_name).label
    return say("Sales {period}", period=period) + (
        say(" to date") if first + 2 > book.month else ""
    )
