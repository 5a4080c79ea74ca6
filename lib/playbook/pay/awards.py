"""Pay that is not a share of an amount: referral, mentor, process and hand-given awards, the
manager's part, and the guaranteed least.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from playbook.base.settings.plans import CommissionPlan

from .advances import advance_lines
from .contests import best_research, fastest_response, most_visits
from .first_orders import first_deal, referral
from .guarantee import floor_lines
from .hand_awards import by_hand, hand_awards_without_rule
from .history import History
from .managers import manager_lines
from .payroll import Payroll
from .tiers import to_money

LINE = ("rep_id", "date", "order_id", "customer_id", "item", "pay", "why")


def award_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Award lines to the as-of date in the form of paid lines, with ``why`` for each, and notes on
    what could not be judged.

    dated: only events on days the plan is in force. Every winner can be traced: ``why`` holds the
    rule and the evidence.
    """
    rows: list[tuple] = []
    notes: list[str] = []
    for award in plan.awards:
        found, note = past.once(
            ("award", award.model_dump_json()), lambda award=award: EVENTS[award.event](past, award)
        )
        rows += found
        notes += [note] if note else []
    rows += hand_awards_without_rule(past, plan, notes)
    if dated:
        rows = [
            row
            for row in rows
            if row[1] >= pd.Timestamp(plan.starts)
            and (plan.ends is None or row[1] <= pd.Timestamp(plan.ends))
        ]
    rows += manager_lines(past, plan, paid)
    rows += floor_lines(past, plan, paid, dated=dated)
    rows += advance_lines(past, plan, paid, dated=dated)
    return _frame(rows, past.minor), notes


def _frame(rows: Iterable[tuple], minor: int) -> pd.DataFrame:
    frame = (
        pd.DataFrame(list(rows), columns=[*LINE, "amount"])
        if rows
        else pd.DataFrame(columns=[*LINE, "amount"])
    )
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["pay"] = [int(to_money(Decimal(p), minor).scaleb(minor)) for p in frame["pay"]]
    frame["amount"] = frame["amount"].astype("int64") if len(frame) else frame["amount"]
    return frame.assign(source="award", rule=-1, before=0, after=0, period=-1)


EVENTS = {
    "referral": referral,
    "first_deal": first_deal,
    "best_research": best_research,
    "fastest_response": fastest_response,
    "most_visits": most_visits,
    "by_hand": by_hand,
}
