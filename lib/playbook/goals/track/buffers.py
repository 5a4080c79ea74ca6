"""The two buffers of a plan: new customers from outside the strategic industries, and leads in
reserve.
"""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.base.language import say
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import acquisition, as_given, deal_counts, lead_counts
from playbook.goals.illustrations import example
from playbook.goals.plan.waiting import waiting
from playbook.methods.intervals import Rate
from playbook.page import Col, Table, table


def new_outside(book: Book) -> tuple[Rate | None, int]:
    """New customers of the trailing 12 months from industries that are not strategic, of those
    whose industry is known, and how many have none; (None, 0) where no industry is called strategic
    or none is known.

    Raises SettingsProblem for a strategic industry that looks like a slip for one of the book.
    """
    strategic = set(book.settings.goals.strategic_industries)
    if not strategic or not book.has("customers", "industry"):
        return None, 0
    home = as_given.customer_industries(book)
    waiting(sorted(strategic), set(home.values()), "strategic_industries", "industry")
    year = book.window("trailing_12m")
    new = acquisition.new_between(book, year.start, year.end)  # type: ignore[arg-type]
    known = [home[c] for c in new if c in home]
    return Rate(sum(i not in strategic for i in known), len(known)), len(new) - len(known)


def reserve(book: Book) -> int | None:
    """Open deals in the first stage plus leads without a deal; None where the book has neither."""
    found = None
    if book.has("opportunities", "stage"):
        stages = deal_counts.open_by_stage(book)
        found = int(stages[stages["stage"] == book.stages[0]]["deals"].sum())
    if book.has("leads", "created") and book.has("leads", "converted_opportunity_id"):
        found = (found or 0) + lead_counts.waiting_leads(book)
    return found


def buffers_table(
    mix: Rate | None, unplaced: int, pool: int | None, settings: GoalSettings, fmt: Formats
) -> list[Table]:
    """What there is of each buffer beside what is wanted; no table without any.

    mix, unplaced: as ``new_outside`` gives them; pool: as ``reserve`` gives it.
    """
    rows = []
    if mix is not None:
        wanted = fmt.share(settings.new_customer_share)
        rows.append(
            {
                "name": say("new customers outside strategic industries"),
                "there": fmt.rate(mix.numerator, mix.denominator),
                "wanted": example(wanted, settings, "new_customer_share"),
                "interval": fmt.interval(*mix.interval, "share"),
            }
        )
    if pool is not None:
        month, kept = settings.reserve_leads, settings.reserve_leads * settings.reserve_share
        wanted = say(
            "{month} a month, {kept} of them for plans at high risk",
            month=fmt.count(month),
            kept=fmt.count(round(kept)),
        )
        cover = fmt.text(pool / month if month else None, "ratio")
        rows.append(
            {
                "name": say("leads in reserve"),
                "there": fmt.count(pool),
                "wanted": example(wanted, settings, "reserve_leads"),
                "interval": say("{cover} of a month's reserve", cover=cover) if month else cover,
            }
        )
    if not rows:
        return []
    named = listing(list(settings.strategic_industries), 6)
    lost = say("; {unplaced} without an industry left out", unplaced=unplaced) if unplaced else ""
    placed = "" if mix is None else say(" (strategic: {named}{lost})", named=named, lost=lost)
    columns = [
        Col("name", label="Buffer"),
        Col("there", label="There is"),
        Col("wanted", label="Wanted"),
        Col("interval", label="95 % interval, or coverage"),
    ]
    note = say(
        "new customers of the trailing 12 months{placed}; Wilson interval ·"
        " reserve: open deals still in the first stage and leads no deal has"
        " come from yet",
        placed=placed,
    )
    return [table(pd.DataFrame(rows), columns, fmt, title=say("Buffers"), note=note)]
