"""Signs of risk of open deals, and what silence went with in the past."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.days import day_number
from playbook.data.measures.deals import Deals
from playbook.data.measures.facts import degenerate
from playbook.data.measures.names import in_charge
from playbook.data.measures.silence import (
    decided_contacts,
    longest_silences,
    silent_at,
)
from playbook.funnel.deal_lists import with_names
from playbook.funnel.windows import bounds
from playbook.funnel.working_days import working_day_after
from playbook.methods.intervals import Rate

from .open_deals import RESPONSE_DAYS

MOST = 200  # rows of the worksheet; the counts are of all
KNOWN = 0.5  # share of decided deals that must have a contact


class DealRisks(Frame):
    """One row per open deal with a sign of risk, most signs first, then the largest worth; at most
    200.
    """

    opportunity_id = col.text(later("the deal"))
    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("who looks after it now"))
    stage = col.text(later("the stage it is in"))
    days = col.days(later("time in the stage so far"))
    quiet = col.days(later("days since the last contact"))
    expected = col.money(later("expected amount"))
    chance = col.share(later("chance of a win by the book's own past"))
    worth = col.money(later("expected × chance: what is at risk"))
    signs = col.count(later("signs of risk"))
    due = col.day(later("day to act by"))
    why = col.text(later("the signs"))


def silence(deals: Deals, book: Book, q: float) -> tuple[str, float | None, Rate, Rate, float]:
    """Why silence is not known, the limit, won of the deals silent and not silent at one age, and
    that age.
    """
    none = Rate(0, 0)
    if not (book.has("activities", "opportunity_id") or book.has("activities", "lead_id")):
        return say("no contact names a deal or a lead"), None, none, none, 0.0
    logged = coverage(book, "activities").first
    contacts = decided_contacts(deals, book, bounds(book, "trailing_12m")[0])
    if logged is not None:  # an older deal may have been spoken to before the log begins
        contacts = contacts[contacts.born >= day_number(logged)]
    past, small = longest_silences(contacts), book.settings.funnel.min_group
    won = past[past.outcome == "won"]
    if len(won) < small:
        return (
            say("fewer than {small} won deals have contacts on record", small=small),
            None,
            none,
            none,
            0.0,
        )
    every = contacts.drop_duplicates("opportunity_id")
    if len(past) < KNOWN * len(every):
        return say("less than half of the decided deals have a contact"), None, none, none, 0.0
    limit = float(np.quantile(won.longest, q))
    # an age at which a silence beyond the limit can be seen, and many deals are undecided
    age = max(1.5 * limit, float((every.end - every.born).median()) / 2)
    if degenerate(book).no_losses:
        return "", limit, none, none, age
    then = silent_at(contacts, age, limit)
    sides = [then[then.silent], then[~then.silent]]
    silent, spoken = (Rate(int((s.outcome == "won").sum()), len(s)) for s in sides)
    return "", limit, silent, spoken, age


def why(row: Any, flags: Any, fmt: Formats) -> str:
    said = (
        (flags.silent, lambda: say("silent for {quiet}", quiet=fmt.text(row.quiet, "days"))),
        (
            flags.stuck,
            lambda: say(
                "{days} in {stage}, limit {limit}",
                days=fmt.text(row.days, "days"),
                stage=row.stage,
                limit=fmt.text(row.limit, "days"),
            ),
        ),
        (
            flags.past,
            lambda: say(
                "was expected on {date}",
                date=fmt.text(pd.Timestamp(row.expected_close).date(), "date"),
            ),
        ),
        (flags.back, lambda: say("moved back to {stage}", stage=row.stage)),
        (flags.moved, lambda: say("planned day moved {moves} times", moves=row.moves)),
    )
    return joined((word() for flag, word in said if flag), "; ")


def listed(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """The deals with signs, as DealRisks."""
    due = working_day_after(book, RESPONSE_DAYS)
    rank = rows.worth.fillna(rows.value).fillna(0.0)
    chosen = (
        rows.assign(rank=rank)[rows.signs > 0]
        .sort_values(
            ["signs", "rank", "opportunity_id"], ascending=[False, False, True], kind="stable"
        )
        .head(MOST)
    )
    named = with_names(chosen, book, in_charge(book))
    found = named.assign(due=due, expected=named.value, chance=named.own).reset_index(drop=True)
    return found[DealRisks.names()] if len(found) else DealRisks.make([])
