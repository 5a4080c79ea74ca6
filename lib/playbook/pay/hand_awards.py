"""Awards given by hand: rows of the awards table."""

from __future__ import annotations

import pandas as pd

from playbook.base.errors import did_you_mean
from playbook.base.formats import listing, plural
from playbook.base.language import say
from playbook.base.settings.plan_parts import Award
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures import awards as given

from .award_line import AwardLine
from .history import History


def by_hand(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """Rows of the awards table that carry this award's name; the row's own amount if it has one."""
    rows = given.given(past.book)
    mine = rows[rows["award"] == award.name]
    note = (
        ""
        if len(mine)
        else say(
            "Award '{name}' is given by hand, and the awards table has no row of that name.",
            name=award.name,
        )
    )
    return [
        _hand(r, award.amount if pd.isna(r.amount) else r.amount)
        for r in mine.itertuples(index=False)
    ], note


def _hand(row, amount) -> AwardLine:
    return AwardLine(
        row.rep_id,
        pd.Timestamp(row.date),
        None,
        None,
        row.award,
        amount,
        say("given by hand: {note}", note=row.note)
        if isinstance(row.note, str) and row.note
        else say("given by hand"),
    )


def hand_awards_without_rule(
    past: History, plan: CommissionPlan
) -> tuple[list[AwardLine], list[str]]:
    """Lines of the awards table that no award of the plan names, and notes on what is wrong there.

    A row that states its amount is paid; one that does not pays nothing, and a note names it.
    Another note lists receivers that the reps table does not hold.
    """
    table = given.given(past.book)
    rows = table[~table["award"].isin([award.name for award in plan.awards])]
    names, notes = [award.name for award in plan.awards], []
    for award, part in rows[rows["amount"].isna()].groupby("award", sort=True):
        first = part.iloc[0]
        notes.append(
            say(
                "Table awards, '{award}' ({rows}, first {day:%Y-%m-%d} for {rep}): no award of"
                " plan '{plan}' has that name and the row states no amount, so it pays nothing;"
                " {names}.",
                award=award,
                rows=plural(len(part), "row"),
                day=pd.Timestamp(first.date),
                rep=past.name(first.rep_id),
                plan=plan.name,
                names=did_you_mean(award, names)
                if names
                else say(
                    "{did_you_mean}: the plan has no awards",
                    did_you_mean=did_you_mean(award, names),
                ),
            )
        )
    unknown = sorted(set(table["rep_id"]) - set(past.people["rep_id"])) if len(past.people) else []
    if unknown:
        notes.append(
            say(
                "Table awards names {unknown}, whom the reps table does not know.",
                unknown=listing(unknown),
            )
        )
    return [
        _hand(r, r.amount) for r in rows.dropna(subset=["amount"]).itertuples(index=False)
    ], notes
