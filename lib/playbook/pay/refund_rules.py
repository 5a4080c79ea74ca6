"""Refunds under other rules than working the period out anew: at the sale's own rate, by the time
that was served, or not at all after so many days.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan


def refunds_by_rule(lines: pd.DataFrame, plan: CommissionPlan) -> pd.DataFrame:
    """The lines with what refunds take back under the plan's rule."""
    rule = plan.refunds
    if rule.rule == "original_rate":
        lines = original(lines)
    if rule.rule != "by_time" and rule.window_days is None:
        return lines
    back = np.flatnonzero((lines["amount"] < 0).to_numpy())
    pay, bound = lines["pay"].to_numpy().copy(), lines["bound"].to_numpy().astype(object)
    months = lines["months"].fillna(0).to_numpy(dtype=np.int64) if "months" in lines else None
    for at in back:
        sold, day = lines["sold"].iat[at], lines["date"].iat[at]
        if rule.window_days is not None and (day - sold).days > rule.window_days:
            pay[at], bound[at] = 0, _said(bound[at], f"after {rule.window_days} days")
        elif rule.rule == "by_time" and months is not None and months[at] > 0:
            part = not_served(sold, day, int(months[at]), rule.by)
            pay[at] = round(Fraction(int(pay[at])) * part)
            bound[at] = _said(bound[at], f"by time: {part.numerator}/{part.denominator} not served")
    return lines.assign(pay=pay, bound=bound)


def _said(before: str, what: str) -> str:
    return f"{before}; {what}" if before else what


def not_served(sold: pd.Timestamp, day: pd.Timestamp, months: int, by: str) -> Fraction:
    """Part of a contract of so many months from ``sold`` that is not served on ``day``: by whole
    months, or by days with the day itself.
    """
    if by == "months":
        served = (day.year - sold.year) * 12 + day.month - sold.month - (day.day < sold.day)
        return Fraction(max(0, months - max(served, 0)), months)
    end = sold + pd.DateOffset(months=months)
    length = (end - sold).days
    served = (day - sold).days + 1
    return Fraction(max(0, length - served), length)


def original(lines: pd.DataFrame) -> pd.DataFrame:
    """Refunds at the rate their sale was paid: of what the order paid the same part as of its
    amount, so that a full refund takes back what the sale's lines had paid.
    """
    key = ["rep_id", "order_id"]
    sale = lines[(lines["amount"] > 0) & (lines["component"] == "tiers")]
    sums = sale.groupby(key)[["amount", "at_rates"]].sum()
    back = np.flatnonzero((lines["amount"] < 0).to_numpy() & (lines["component"] != "attainment"))
    pay, bound = lines["pay"].to_numpy().copy(), lines["bound"].to_numpy().astype(object)
    given: dict[tuple, int] = {}
    for at in back:
        who = (lines["rep_id"].iat[at], lines["order_id"].iat[at])
        if who not in sums.index or (bound[at] or "").startswith("after "):
            continue
        sold, earned = (int(v) for v in sums.loc[who])
        before = given.get(who, 0)
        given[who] = before - int(lines["amount"].iat[at])
        upto = round(Fraction(earned * given[who], sold))
        pay[at] = round(Fraction(earned * before, sold)) - upto
        bound[at] = _said(bound[at], "original rate")
    return lines.assign(pay=pay, bound=bound)
