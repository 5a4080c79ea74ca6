"""Where each rep stands at the end of the month, and how each line of the month comes about: what a
statement prints beside the pay.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from playbook.base.formats import is_missing
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.plans.next_deal import next_deals
from playbook.incentives.plans.standing import measures_so_far, standing
from playbook.incentives.plans.statement_lines import statement_lines, typical_deal
from playbook.pay.history import History

from .earned import KEY, Earned

SHOWN = ("total", "quota", "band_rate", "edge", "to_next", "next_deal")


def standings(made: Earned, reps: list[str]) -> dict[str, dict[str, str]]:
    """Rep id → total, quota, band_rate, edge, to_next and next_deal of the running period, and the
    typical ``deal``, as exact texts; what is not known is left out.
    """
    if not reps:
        return {}
    past = made.past
    deal = typical_deal(past.orders, made.book.window("trailing_12m"))
    more = next_deals(past, made.plan, made.made.payrolls, reps, deal)
    found = {}
    for paid in made.made.payrolls:
        mine = _held_by(paid.plan, reps, past)
        for row in standing(mine, paid, past).to_dict("records") if mine else []:
            row["next_deal"] = more.get(row["rep_id"])
            found[row["rep_id"]] = {
                "plan": paid.plan.name,
                "deal": f"{deal:f}",
                **{key: f"{row[key]:f}" for key in SHOWN if not is_missing(row.get(key))},
            }
    return found


def measures(made: Earned) -> dict[str, list[dict[str, str]]]:
    """Rep id → name, of, total and quota of every measure of the running period, as exact texts,
    for plans whose quota has several.
    """
    past, found = made.past, {}
    for paid in made.made.payrolls:
        so_far = measures_so_far(paid, past)
        for rep in _held_by(paid.plan, sorted(so_far), past):
            found[rep] = [
                {
                    "name": one.name,
                    "of": one.of,
                    "total": f"{one.total:f}",
                    "quota": f"{one.quota:f}",
                }
                for one in so_far[rep]
            ]
    return found


def _held_by(plan: CommissionPlan, reps: list[str], past: History) -> list[str]:
    """Reps whom the plan holds for on the as-of day."""
    day = past.book.as_of
    if plan.starts > day or (plan.ends is not None and plan.ends < day):
        return []
    held = past.roster.holds(plan, pd.Series(reps), pd.Series([pd.Timestamp(day)] * len(reps)))
    return [rep for rep, holds in zip(reps, held, strict=True) if holds]


def line_texts(made: Earned) -> Earned:
    """The same with ``why`` of the month's lines filled: amounts, rates, and what bound them."""
    month = made.month
    window = Window("month", month.start, month.end)
    rows = statement_lines(made.past, made.made, made.plan, window)
    if not len(rows):
        return made
    keys = pd.DataFrame(
        {
            **{
                column: rows[column].where(rows[column].notna(), "").astype(str)
                for column in KEY
                if column in rows and column != "date"
            },
            "date": rows["date"].dt.strftime("%Y-%m-%d"),
            "adjustment_id": "",
        }
    )[KEY]
    texts: dict[tuple, list[str]] = {}
    for key, how in zip(keys.itertuples(index=False, name=None), rows["how"], strict=True):
        said = texts.setdefault(key, [])
        if how and how not in said:
            said.append(how)
    why = [
        " · ".join(texts.get(key, [])) or old
        for key, old in zip(
            made.lines[KEY].itertuples(index=False, name=None), made.lines["why"], strict=True
        )
    ]
    return replace(made, lines=made.lines.assign(why=why))
