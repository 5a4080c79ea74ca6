"""Statement lines: what every rep is paid, line by line, each with how it came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.advances import advance_ledgers
from playbook.pay.amounts import to_money
from playbook.pay.explain import LinePay, PeriodTerms, Piece, explain, period_terms
from playbook.pay.history import History, minor_money, money
from playbook.pay.line_words import describe_line
from playbook.pay.lines import credited_once, within
from playbook.pay.payroll import Payroll
from playbook.pay.total import TotalPay

from .standing import standing


class RepPay(Frame):
    """One row per rep paid in the quarter to date, best paid first; the standing is that of the
    plan's running period.
    """

    rep_id = c.text("rep")
    pay = c.money("pay of the quarter to date")
    rep = c.text("the rep's name")
    credited = c.money("credited amount of the quarter to date")
    rate = c.share("pay ÷ credited; none without credit")
    total = c.money("running total that the tiers look at")
    quota = c.money("quota of the period; none where the plan asks for none")
    band_rate = c.share("rate of the band reached")
    edge = c.money("next amount at which pay changes its rate or jumps")
    to_next = c.money("edge − total")
    next_deal = c.money("what one more order of the typical amount earns")


class StatementLines(Frame):
    """One row per statement line of the quarter to date, by rep and day; per rep they add up to the
    pay.
    """

    rep_id = c.text("rep who is paid")
    date = c.day("day of the order, payment or award")
    order_id = c.text("order; none for awards that belong to no order")
    opportunity_id = c.text("deal of the order")
    customer_id = c.text("customer of the order")
    rule = c.number("position of the plan's rule that set the rate, −1 for the tiers alone")
    amount = c.money("credited amount")
    period = c.number("number of the accumulation period, −1 for awards")
    source = c.text("what the line comes from: order, deal or award")
    item = c.text("kind of pay: commission, a rule's or award's name, attainment, clawback ...")
    before = c.number("running total before the line [ten-thousandths of a currency unit]")
    after = c.number("running total after the line [ten-thousandths of a currency unit]")
    pay = c.money("what the line adds to the period's pay")
    plan = c.text("name of the plan that pays it")
    why = c.text("rule and evidence of an award; empty for credited lines")
    rep = c.text("the rep's name")
    how = c.text(
        "bands and rates the line fell into, or the rule or award that holds; beyond 50,000 lines"
        " only for the statements printed"
    )
    sale_period = c.number("number of the period of the sale paid or taken back, −1 for awards")
    quota = c.money("quota of that period; none where the plan asks for none")
    beyond = c.money("what a refund asks for beyond its sale")
    pieces = c.thing("amounts at rates, of which the pay is the sum; empty where there are none")
    other = c.money("pay less amounts × rates, for the reason ``how`` names; 0 within a minor unit")
    sold = c.day("day of the sale that is paid or taken back")
    component = c.text("part of the plan that pays it: tiers, attainment, an award's name ...")
    band = c.number("number of the tier the line ends in, −1 where no tier pays")
    bound = c.text("what bound the pay: a cap, a limit of the deal, a leaver's day; empty for none")
    row = c.number("position of the credited row, −1 for lines that belong to none")


class Advances(Frame):
    """One row per rep with an advance or a debt in the quarter to date."""

    rep_id = c.text("rep")
    earned = c.money("tier pay of the window")
    advanced = c.money("paid in advance of pay")
    recovered = c.money("taken back out of later pay")
    paid = c.money("earned + advanced − recovered")
    balance = c.money("still owed at the end of the window")
    rep = c.text("the rep's name")


EXPLAINED = 50_000  # lines; of more only those are explained that somebody looks at


def statement_lines(
    past: History,
    made: TotalPay,
    plan: CommissionPlan,
    window: Window,
    printed: int | None = None,
) -> pd.DataFrame:
    """Lines of the window in money, by rep and day, awards after deals, each with how it came
    about.

    printed: of how many reps, best paid first, lines are explained where there are more than
    ``EXPLAINED``; None = of all.
    """
    fmt = past.book.fmt
    rows = within(made.lines, window.start, window.end)
    rows = rows.sort_values(["rep_id", "date"], kind="stable").reset_index(drop=True)
    plans, terms = {one.name: one for one in past.in_force(plan)}, {}
    for key in rows[[*KEY]].drop_duplicates().itertuples(index=False, name=None):
        terms[key] = period_terms(plans[key[0]], int(key[1]), int(key[2]), past.fiscal_year_start)
    how = [""] * len(rows)
    pieces: list[tuple[Piece, ...]] = [()] * len(rows)
    other = [Decimal(0)] * len(rows)
    told = rows
    if printed is not None and len(rows) > EXPLAINED:
        told = rows[rows["rep_id"].isin(_best_paid(rows, printed))]
    parts, reached = made.parts(told), made.reached(told)
    for at, line in zip(told.index, told.to_dict("records"), strict=True):
        here = terms[line["plan"], line["sale_period"], line["quota"]]
        award = line["source"] == "award"
        found = (
            LinePay((), Decimal(0), ())
            if award
            else explain(line, here, past.minor, fmt, parts.get(at, ()))
        )
        said = line["why"] if award else ""
        how[at] = said or describe_line(line, here, found, fmt, reached.get(at, ()))
        pieces[at] = found.pieces
        other[at] = found.other
    quotas = {key: terms_quota(one) for key, one in terms.items()}
    minor = past.minor
    return rows.assign(
        rep=_once(rows["rep_id"], past.name),
        how=how,
        amount=[money(v) for v in rows["amount"].tolist()],
        quota=[quotas[key] for key in zip(*(rows[c].tolist() for c in KEY), strict=True)],
        beyond=_once(rows["beyond"], money),
        pay=_once(rows["pay"], lambda v: minor_money(v, minor)),
        pieces=pieces,
        other=other,
    )


KEY = ("plan", "sale_period", "quota")


def _best_paid(rows: pd.DataFrame, most: int) -> list[str]:
    """The reps whose statements are printed: the first rows of ``payroll_by_rep``."""
    pay = rows.groupby("rep_id", sort=True)["pay"].sum()
    return list(pay.sort_values(ascending=False, kind="stable").index[:most])


def _once(values: pd.Series, make: Callable[[Any], Any]) -> list[Any]:
    """``make`` of each value, asked once for each that is different."""
    found = {value: make(value) for value in values.unique()}
    return [found[value] for value in values]


def terms_quota(terms: PeriodTerms) -> Decimal | None:
    """The quota of the period as the plan is in force in it, to the minor unit's hundredth."""
    return None if terms.quota is None else to_money(terms.quota, 4)


def payroll_by_rep(
    lines: pd.DataFrame, paid: Payroll, past: History, more: Mapping[str, Decimal]
) -> pd.DataFrame:
    """One row per rep, best paid first (then by id). more: what the next deal pays each."""
    once = credited_once(lines, paid.plan)
    credit = lines[once].groupby("rep_id")["amount"].sum().to_dict()
    frame = lines.groupby("rep_id")["pay"].sum().reset_index()
    frame["rep"] = [past.name(rep) for rep in frame["rep_id"]]
    frame["credited"] = [credit.get(rep, Decimal(0)) for rep in frame["rep_id"]]
    frame["rate"] = [
        float(p / c) if c > 0 else None
        for p, c in zip(frame["pay"], frame["credited"], strict=True)
    ]
    frame = frame.merge(standing(list(frame["rep_id"]), paid, past), on="rep_id")
    frame["next_deal"] = [more.get(rep, Decimal(0)) for rep in frame["rep_id"]]
    return frame.sort_values(["pay", "rep_id"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )


def typical_deal(orders: pd.DataFrame, window: Window, *, alone: bool = False) -> Decimal:
    """Median amount of an order (its lines together) in the window, to whole currency units.

    alone: every order is known to have one line.
    """
    rows = within(orders[["order_id", "date", "amount"]], window.start, window.end)
    rows = rows[rows["amount"] > 0]
    totals = rows["amount"] if alone else rows.groupby("order_id")["amount"].sum()
    return Decimal(round(float(np.median(totals)) / 10_000)) if len(totals) else Decimal(0)


def advances_in_window(
    past: History, plan: CommissionPlan, paid: Payroll, window: Window
) -> pd.DataFrame:
    """The draw ledger of the window, one row per rep with an advance or a debt."""
    rows = advance_ledgers(past, plan, paid, dated=True)
    rows = rows[rows["month"] >= str(window.start)[:7]]
    if not len(rows):
        return Advances.make([])
    sums = rows.groupby("rep_id").agg(
        {**dict.fromkeys(("earned", "advanced", "recovered", "paid"), "sum"), "balance": "last"}
    )
    sums = sums[
        [
            a > 0 or b > 0 or r > 0
            for a, b, r in zip(sums["advanced"], sums["balance"], sums["recovered"], strict=True)
        ]
    ]
    return sums.assign(rep=[past.name(rep) for rep in sums.index]).reset_index()


def name_on(mine: pd.DataFrame, rep_id: str) -> str:
    return str(mine["rep"].iloc[0]) if len(mine) else rep_id
