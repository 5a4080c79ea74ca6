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
    sold, day = (lines[name].iloc[back] for name in ("sold", "date"))
    if rule.window_days is not None:
        late = (day.to_numpy() - sold.to_numpy()) > np.timedelta64(rule.window_days, "D")
        pay[back[late]] = 0
        _say(bound, back[late], f"after {rule.window_days} days")
        back, sold, day = back[~late], sold[~late], day[~late]
    if rule.rule == "by_time" and "months" in lines:
        months = lines["months"].iloc[back].fillna(0).to_numpy(dtype=np.int64)
        spans = pd.DataFrame({"sold": sold.to_numpy(), "day": day.to_numpy(), "months": months})
        for (begun, ended, length), rows in spans[months > 0].groupby([*spans]):
            at = back[rows.index.to_numpy()]
            part = not_served(begun, ended, int(length), rule.by)
            pay[at] = [round(Fraction(int(units)) * part) for units in pay[at]]
            _say(bound, at, f"by time: {part.numerator}/{part.denominator} not served")
    return lines.assign(pay=pay, bound=bound)


def _say(bound: np.ndarray, at: np.ndarray, what: str) -> None:
    bound[at] = [_said(before, what) for before in bound[at]]


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
    if "at_rates" not in lines:  # a plan without bands: no sale was paid at a rate
        return lines
    key = ["rep_id", "order_id"]
    sale = lines[(lines["amount"] > 0) & (lines["component"] == "tiers")]
    sums = sale.groupby(key)[["amount", "at_rates"]].sum()
    amount = lines["amount"].to_numpy()
    back = np.flatnonzero((amount < 0) & (lines["component"] != "attainment").to_numpy())
    pay, bound = lines["pay"].to_numpy().copy(), lines["bound"].to_numpy().astype(object)
    paid = dict(zip(sums.index, sums.itertuples(index=False, name=None), strict=True))
    whom = zip(*(lines[name].to_numpy()[back] for name in key), strict=True)
    given: dict[tuple, int] = {}
    for at, who in zip(back, whom, strict=True):
        if who not in paid or (bound[at] or "").startswith("after "):
            continue
        sold, earned = (int(v) for v in paid[who])
        before = given.get(who, 0)
        given[who] = before - int(amount[at])
        pay[at] = _part(earned, before, sold) - _part(earned, given[who], sold)
        bound[at] = _said(bound[at], "original rate")
    return lines.assign(pay=pay, bound=bound)


def _part(earned: int, given: int, sold: int) -> int:
    """What of ``earned`` is for ``given`` of what was ``sold``, half-even."""
    whole, rest = divmod(earned * given, sold)
    return whole + (2 * rest > sold or (2 * rest == sold and whole % 2 == 1))
