"""Open deals to act on: worth, due day and the reason why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.data.measures.names import in_charge
from playbook.funnel.deal_lists import with_names
from playbook.funnel.working_days import working_day_after

from .cohorts import dates_stages

RESPONSE_DAYS = 5  # working days to act on a deal


class OpenDeals(Frame):
    """One row per open deal to act on, the largest worth first; at most 500."""

    opportunity_id = col.text(later("the deal"))
    customer_id = col.text(later("the customer, where the deal names one"))
    lead_id = col.text(later("the lead the deal came from"))
    rep_id = col.text(later("the rep, where the deal names one"))
    current = col.number(later("the stage of its last dated entry, counted from 0"))
    moved_back = col.number(later("1 when that is an earlier stage than before"))
    expected_close = col.day(later("day it was expected to close"))
    expected = col.money(later("expected amount"))
    days = col.days(later("time in the stage so far"))
    late = col.number(later("rank of its lateness in the query: for ordering only"))
    stuck = col.number(later("1 when it stands longer than the limit of its stage"))
    overdue = col.number(later("1 when its expected day has passed"))
    soon = col.number(later("1 when its expected day is near"))
    size = col.number(later("rank of its amount in the query: for ordering only"))
    age = col.number(later("rank of its time in stage in the query: for ordering only"))
    stage = col.text(later("the stage it is in now"))
    limit = col.days(later("time in stage after which a deal is called stuck"))
    chance = col.share(
        later(
            "chance of a win for a deal that has stood that long; where that is"
            " not known, the pooled one of its stage"
        )
    )
    pooled = col.flag(later("whether the chance is the pooled one"))
    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("who looks after it now"))
    rep = col.text(later("the rep, where the deal names one"))
    due = col.day(later("day to act by"))
    worth = col.money(later("expected × chance"))
    why = col.text(later("why it is on the list"))


def describe(
    rows: pd.DataFrame,
    deals: Deals,
    limits: dict[int, float],
    chances: dict[int, Callable[[float], float]],
    pooled: dict[int, float | None],
    book: Book,
) -> pd.DataFrame:
    """Rows as a page shows them: names, worth, due date and the reason."""
    due = working_day_after(book, RESPONSE_DAYS)
    rows = with_names(rows, book, in_charge(book)).assign(
        stage=[deals.stages[k] for k in rows.current],
        limit=[limits.get(k) for k in rows.current],
        own=[
            chances[k](d) if k in chances else None
            for k, d in zip(rows.current, rows.days, strict=True)
        ],
        rep=rows.rep_id,
        due=[
            min(due, _date(d)) if s and not o else due
            for d, s, o in zip(rows.expected_close, rows.soon, rows.overdue, strict=True)
        ],
    )
    own = rows.own.astype(float)
    stage_chance = pd.Series([pooled.get(k) for k in rows.current], rows.index, dtype=float)
    if dates_stages(deals):  # without a day of entry nothing is known of a deal
        stage_chance = stage_chance.where(rows.days.notna())
    rows["chance"], rows["pooled"] = own.fillna(stage_chance), own.isna() & stage_chance.notna()
    rows["worth"] = rows.expected.astype(float) * rows.chance
    rows["why"] = [_why(r, book.fmt) for r in rows.to_dict("records")]
    # an amount whose chance nobody knows is ranked by the amount, never as nothing
    rows["rank"] = rows.worth.fillna(rows.expected.astype(float))
    rows = rows.sort_values(
        ["rank", "days", "opportunity_id"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
    )
    return rows.drop(columns=["own", "rank"]).reset_index(drop=True)


def _why(row: dict, fmt: Formats) -> str:
    parts = (
        [
            say(
                "{days} in {stage}, limit {limit}",
                days=fmt.text(row["days"], "days"),
                stage=row["stage"],
                limit=fmt.text(row["limit"], "days"),
            )
        ]
        if row["stuck"]
        else []
    )
    if row["overdue"] or row["soon"]:
        parts.append(
            say("was expected on {date}", date=fmt.text(_date(row["expected_close"]), "date"))
            if row["overdue"]
            else say("expected on {date}", date=fmt.text(_date(row["expected_close"]), "date"))
        )
    if row["moved_back"]:
        parts.append(say("moved back to {stage}", stage=row["stage"]))
    if row["pooled"]:
        parts.append(say("pooled chance: its own is not known"))
    return joined(parts, "; ")


def _date(day: Any) -> date:
    return pd.Timestamp(day).date()
