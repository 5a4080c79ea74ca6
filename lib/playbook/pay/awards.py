"""Pay that is not a share of an amount: referral, mentor, process and hand-given awards, the
manager's part, and the guaranteed least.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from playbook.base.language import say
from playbook.base.settings.plan_parts import Award
from playbook.base.settings.plans import CommissionPlan

from .advances import advance_lines, guarantee_and_advances
from .amounts import to_money
from .award_line import COMPONENT, AwardLine
from .contests import best_research, fastest_response, most_visits
from .first_orders import first_deal, referral
from .hand_awards import by_hand, hand_awards_without_rule
from .history import History
from .managers import manager_lines
from .payroll import Payroll
from .spifs import order_award


def award_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """What a plan pays beside tiers and attainment, to the as-of date: awards, the manager's part,
    the guarantee and advances.

    paid: tier and attainment pay of the same plan. dated: only events on days the plan is in force;
    an
    award taken back later belongs to the plan it was earned under.

    Returns
    -------
    (lines, notes): lines in the form of ``Payroll.lines`` with ``why``, the rule and the evidence;
    notes name awards that could not be judged
    """
    name, key = f"events, dated: {dated}", plan.model_dump_json(exclude=NOT_OF_EVENTS)
    events, notes = past.newest(name, key, lambda: _events(past, plan, dated=dated))
    rows = [*manager_lines(past, plan, paid)]
    floors, ledgers = guarantee_and_advances(past, plan, paid, dated=dated)
    rows += floors
    rows += advance_lines(past, plan, ledgers)
    if rows:
        return award_frame([*events, *rows], past.minor), list(notes)
    lines = past.newest(f"lines of {name}", key, lambda: award_frame(events, past.minor))
    return lines, list(notes)


# What a plan may say that moves no award: whoever tries rates need not ask for events again.
NOT_OF_EVENTS = {"tiers", "mode", "rules", "attainment", "accumulate", "cap"}


def _events(
    past: History, plan: CommissionPlan, *, dated: bool
) -> tuple[list[AwardLine], list[str]]:
    """Lines and notes of the plan's awards and of those given by hand."""
    rows: list[AwardLine] = []
    notes: list[str] = []
    for award in plan.awards:
        found, note = past.once(
            ("award", award.model_dump_json()), lambda award=award: EVENTS[award.event](past, award)
        )
        found = [row for row in found if _in_days(award, row)]
        given = award.event == "by_hand"  # whoever gives one by hand knows who has left
        rows += found if given else [_to_leavers(past, plan, row) for row in found]
        notes += [note] if note else []
    found, unruled = hand_awards_without_rule(past, plan)
    rows += found
    notes += unruled
    if dated:
        rows = [
            row
            for row in rows
            if (row.earned or row.date) >= pd.Timestamp(plan.starts)
            and (plan.ends is None or (row.earned or row.date) <= pd.Timestamp(plan.ends))
        ]
    if not plan.for_all and rows:
        mine = past.roster.holds(
            plan,
            pd.Series([row.rep_id for row in rows]),
            pd.Series([row.earned or row.date for row in rows]),
        )
        rows = [row for row, held in zip(rows, mine, strict=True) if held]
    return rows, notes


def _to_leavers(past: History, plan: CommissionPlan, row: AwardLine) -> AwardLine:
    """The line; what is earned after the receiver's last day pays nothing and says so, unless the
    plan pays leavers.
    """
    left, day = past.roster.left.get(row.rep_id), (row.earned or row.date).date()
    if left is None or day <= left or plan.leaving.pays == "booked":
        return row
    within = timedelta(days=plan.leaving.days)
    if plan.leaving.pays == "within_days" and day <= left + within:
        return row._replace(
            why=say("{why}; after the last day, {left:%Y-%m-%d}", why=row.why, left=left)
        )
    return row._replace(
        pay=Decimal(0),
        why=say("{why}; not paid: the last day was {left:%Y-%m-%d}", why=row.why, left=left),
    )


def _in_days(award: Award, row: AwardLine) -> bool:
    """Whether the line was earned on a day on which the award holds."""
    day = (row.earned or row.date).date()
    return (award.starts is None or day >= award.starts) and (
        award.ends is None or day <= award.ends
    )


def award_frame(rows: list[AwardLine], minor: int) -> pd.DataFrame:
    """The lines in the form of ``Payroll.lines``: pay in minor units, no rule and no period."""
    frame = pd.DataFrame(rows, columns=list(AwardLine._fields)).drop(columns="earned")
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["pay"] = [int(to_money(Decimal(p), minor).scaleb(minor)) for p in frame["pay"]]
    frame["amount"] = frame["amount"].astype("int64") if len(frame) else frame["amount"]
    return frame.assign(
        source="award",
        component=[COMPONENT.get(item, "award") for item in frame["item"]],
        rule=-1,
        before=0,
        after=0,
        period=-1,
        sale_period=-1,
        quota=0,
        beyond=0,
        sold=frame["date"],
        band=-1,
        bound="",
        row=-1,
    )


EVENTS: dict[str, Callable[[History, Award], tuple[list[AwardLine], str]]] = {
    "referral": referral,
    "first_deal": first_deal,
    "best_research": best_research,
    "fastest_response": fastest_response,
    "most_visits": most_visits,
    "by_hand": by_hand,
    "order": order_award,
}
