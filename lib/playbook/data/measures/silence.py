"""How long deals go without a contact: those open now, and those decided in the last months."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book

from .days import day_in, day_number, month_in, packed
from .deals import Deals
from .frames import collect


def deal_contacts(deals: Deals, book: Book) -> nw.LazyFrame:
    """Contacts with a deal: activities that name it, or that name no deal and the lead it came
    from. Columns opportunity_id, day (days since 1970); more than one row a day where there were
    more contacts.

    Raises NotAvailable without activities that name deals or leads.
    """
    book.need("activities", "date", gives=say("open deals that nobody has spoken to for long"))
    acts = book.table("activities").select("opportunity_id", "lead_id", day=day_in(packed("date")))
    direct = acts.filter(~nw.col("opportunity_id").is_null()).select("opportunity_id", "day")
    if not (book.has("activities", "lead_id") and book.has("opportunities", "lead_id")):
        return direct
    of_lead = deals.rows.filter(~nw.col("lead_id").is_null()).select("opportunity_id", "lead_id")
    by_lead = (
        acts.filter(nw.col("opportunity_id").is_null() & ~nw.col("lead_id").is_null())
        .select("lead_id", "day")
        .join(of_lead, on="lead_id")
    )
    return nw.concat([direct, by_lead.select("opportunity_id", "day")])


def quiet_days(deals: Deals, book: Book) -> pd.DataFrame:
    """Open deals: opportunity_id, contacts, quiet (days since the last contact on or after the day
    of creation, since creation where there is none; null where neither is known).
    """
    there = deals.rows.filter(nw.col("outcome") == "open").select(
        "opportunity_id", born=day_in(nw.col("created"))
    )
    rows = there.join(deal_contacts(deals, book), on="opportunity_id", how="left")
    rows = rows.with_columns(
        met=nw.when(~nw.col("day").is_null()).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    last = rows.group_by("opportunity_id").agg(
        contacts=nw.col("met").sum(), last=nw.col("day").max(), born=nw.col("born").max()
    )
    today = nw.lit(day_number(deals.as_of))
    found = last.with_columns(quiet=today - nw.max_horizontal("last", "born"))
    return collect(
        found.select("opportunity_id", "contacts", "quiet"), sort=["opportunity_id"]
    ).astype({"contacts": int, "quiet": float})


def decided_contacts(deals: Deals, book: Book, since: int) -> pd.DataFrame:
    """Decided deals closed from month number ``since`` on, with the days of their contacts:
    opportunity_id, outcome, born, end (days since 1970), day (of a contact from creation to
    closing; one row without a day for a deal without contacts), by deal and day.
    """
    done = deals.rows.filter(
        (nw.col("outcome") != "open")
        & ~nw.col("created").is_null()
        & (month_in(nw.col("closed")) >= since)
    ).select(
        "opportunity_id",
        "outcome",
        born=day_in(nw.col("created")),
        end=day_in(nw.col("closed")),
    )
    met = deal_contacts(deals, book).unique()
    inside = (
        done.join(met, on="opportunity_id")
        .filter((nw.col("day") >= nw.col("born")) & (nw.col("day") <= nw.col("end")))
        .select("opportunity_id", "day")
    )
    rows = done.join(inside, on="opportunity_id", how="left")
    return collect(
        rows.select("opportunity_id", "outcome", "born", "end", "day"),
        sort=["opportunity_id", "day"],
    ).astype({"day": float})


def longest_silences(contacts: pd.DataFrame) -> pd.DataFrame:
    """Days of the longest silence of each deal with a contact, between creation, contacts and
    closing: opportunity_id, outcome, longest. contacts: ``decided_contacts``.
    """
    rows = contacts[contacts.day.notna()]
    before = rows.groupby("opportunity_id").day.shift().fillna(rows.born)
    last = rows.opportunity_id.ne(rows.opportunity_id.shift(-1))
    gap = np.maximum(rows.day - before, (rows.end - rows.day).where(last, 0))
    found = rows.assign(longest=gap).groupby(["opportunity_id", "outcome"], as_index=False)
    return found.longest.max()


def silent_at(contacts: pd.DataFrame, age: float, limit: float) -> pd.DataFrame:
    """Deals that were still undecided ``age`` days after creation, and whether they had then been
    silent for more than ``limit`` days: opportunity_id, outcome, silent.

    Deals are compared at one age: a deal that lasts longer has more time to fall silent, so that
    its longest silence tells of its length. contacts: ``decided_contacts``.
    """
    rows = contacts[contacts.end - contacts.born > age]
    moment = rows.born + age
    seen = rows.day.where(rows.day <= moment)
    last = seen.groupby(rows.opportunity_id).max()
    firsts = rows.drop_duplicates("opportunity_id").set_index("opportunity_id")
    quiet = age - (last.reindex(firsts.index).fillna(firsts.born) - firsts.born)
    return pd.DataFrame({"outcome": firsts.outcome, "silent": quiet > limit}).reset_index()
