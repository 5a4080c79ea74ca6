"""Money in advance of pay: what was advanced, what later pay took back, and what is still owed."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month, months_between
from playbook.base.settings.plan_checks import plan_before
from playbook.base.settings.plan_terms import Draw
from playbook.base.settings.plans import CommissionPlan

from .award_line import AwardLine
from .guarantee import floor_lines
from .history import History, minor_money
from .payroll import Payroll
from .periods import period_number

COLUMNS = ["earned", "advanced", "recovered", "balance", "paid", "written_off"]


def ledger(
    earned: list[Decimal],
    draw: Draw,
    top_up: list[Decimal] | None = None,
    entitled: list[bool] | None = None,
    leaves: int | None = None,
    owed: Decimal = Decimal(0),
) -> pd.DataFrame:
    """Month by month: earned, advanced, recovered, balance (owed back), paid, written off
    [currency].

    Below the draw the difference is advanced (or, on top of what was earned, the draw itself).
    Above it, a recoverable draw takes back what is owed, from the month and for the part the draw
    says, but never below the draw. In months without a right to the draw all of the pay makes up
    for what is owed. Over all months paid = earned + balance at the end + written off
    for a recoverable draw, and earned + advanced otherwise.

    top_up: what a guarantee adds to a month's pay; it counts as earned, so it makes up for advances
    and does not come on top of them. entitled: months with a right to the draw (default: all); in
    others nothing is advanced. leaves: number of the month of leaving; where the draw writes off
    what a leaver owes, nothing is advanced in it, all of its pay makes up for what is owed, and the
    rest is written off. owed: what is owed from before the first month.
    """
    rows = []
    none = [Decimal(0)] * len(earned)
    for month, (tiers, more, may) in enumerate(
        zip(earned, top_up or none, entitled or [True] * len(earned), strict=True)
    ):
        pay = tiers + more
        last = month == leaves and draw.at_exit == "written_off" and draw.recoverable
        advanced = _advanced(pay, draw) if may and not last else Decimal(0)
        recovered = _recovered(pay, owed, draw, month, may, last)
        owed += (advanced if draw.recoverable else Decimal(0)) - recovered
        off = owed if last else Decimal(0)
        owed -= off
        rows.append(
            {
                "earned": pay,
                "advanced": advanced,
                "recovered": recovered,
                "balance": owed,
                "paid": pay + advanced - recovered,
                "written_off": off,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _advanced(pay: Decimal, draw: Draw) -> Decimal:
    return draw.monthly if draw.adds == "on_top" else max(draw.monthly - pay, Decimal(0))


def _recovered(
    pay: Decimal, owed: Decimal, draw: Draw, month: int, may: bool, last: bool
) -> Decimal:
    """What a month's pay makes up for, to the minor unit the pay is counted in."""
    if not draw.recoverable:
        return Decimal(0)
    if last:
        return min(owed, max(pay, Decimal(0)))
    if month + 1 < draw.recovery_from:
        return Decimal(0)
    spare = max(pay - (draw.monthly if may else 0), Decimal(0))
    if draw.recovery_share < 1 and spare:
        exponent = min(int(spare.as_tuple().exponent), 0)
        spare = (spare * draw.recovery_share).quantize(Decimal(1).scaleb(exponent))
    most = spare if draw.recovery_most is None else min(spare, draw.recovery_most)
    return min(owed, most)


def guarantee_and_advances(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> tuple[list[AwardLine], pd.DataFrame]:
    """Top-ups to the guarantee, and the advances of every rep entitled to a draw, month by month to
    the as-of month: rep_id, month (``YYYY-MM``) and the columns of ``ledger``.

    The two do not stack. What a draw that is kept has paid counts towards the guarantee; of a draw
    that is owed back, the guarantee makes up.

    dated: only months in which the plan is in force.
    """
    columns = ["rep_id", "month", *COLUMNS]
    if plan.draw is None:
        return floor_lines(past, plan, paid, dated=dated), pd.DataFrame(columns=columns)
    months = entitled_months(past, plan, dated=dated)
    if plan.draw.recoverable:
        lines = floor_lines(past, plan, paid, dated=dated)
        before = _owed_before(past, plan) if dated else {}
        made = _ledgers(past, plan, paid, months, lines, before)
    else:
        made = _ledgers(past, plan, paid, months, [], {})
        lines = floor_lines(past, plan, paid, dated=dated, advanced=_kept(past, plan, made))
    return lines, pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=columns)


def _owed_before(past: History, plan: CommissionPlan) -> dict[str, Decimal]:
    """What each rep owes of the draw of the plan before: it is made up for under this one."""
    chain = past.chain(plan)
    before = chain[-2] if len(chain) > 1 else None
    if before is None or before.draw is None or not before.draw.recoverable:
        return {}
    made = past.once(
        ("owed", before.model_dump_json()),
        lambda: advance_ledgers(past, before, past.pay(before, dated=True), dated=True),
    )
    left = made.groupby("rep_id")["balance"].last()
    return {str(rep): owed for rep, owed in left.items() if owed}


def _ledgers(
    past: History,
    plan: CommissionPlan,
    paid: Payroll,
    months: dict[str, list[Month]],
    lines: list[AwardLine],
    before: dict[str, Decimal],
) -> list[pd.DataFrame]:
    """The ledger of every rep with a right to the draw, or a debt from ``before``: from the first
    month of either to the last with a right or with pay.
    """
    draw = plan.draw
    assert draw is not None
    keys = [paid.lines["rep_id"], paid.lines["date"].dt.to_period("M")]
    sums = paid.lines["pay"].groupby(keys).sum()
    monthly: dict[str, dict[Month, int]] = {}
    for (rep, span), pay in sums.items():
        monthly.setdefault(rep, {})[Month(span.year, span.month)] = int(pay)
    tops: dict[str, dict[Month, Decimal]] = {}
    for line in lines:
        mine = tops.setdefault(line.rep_id, {})
        month = Month.of(line.date.date())
        mine[month] = mine.get(month, Decimal(0)) + line.pay
    made = []
    for rep in sorted({*months, *before}):
        entitled, pays, more = months.get(rep, []), monthly.get(rep, {}), tops.get(rep, {})
        first = Month.of(plan.starts) if rep in before else entitled[0]
        last = max([first, *entitled, *pays, *more] if draw.recoverable else entitled)
        those = [first + n for n in range(last - first + 1)]
        found = ledger(
            [minor_money(pays.get(m, 0), past.minor) for m in those],
            draw,
            [more.get(m, Decimal(0)) for m in those],
            [m in entitled for m in those],
            _leaving_month(past, rep, those),
            before.get(rep, Decimal(0)),
        )
        made.append(found.assign(rep_id=rep, month=[str(m) for m in those]))
    return made


def _leaving_month(past: History, rep: str, months: list[Month]) -> int | None:
    """Number of the month of leaving among the months; None for those still here."""
    day = past.roster.left.get(rep)
    month = None if day is None else Month.of(day)
    return months.index(month) if month in months else None


def _kept(
    past: History, plan: CommissionPlan, ledgers: list[pd.DataFrame]
) -> dict[tuple[str, int], int]:
    """What each rep was advanced in each period [minor units]."""
    if not ledgers or plan.accumulate == "deal":
        return {}
    rows = pd.concat(ledgers, ignore_index=True)
    days = pd.Series([pd.Timestamp(Month.parse(m).start) for m in rows["month"]])
    rows["period"] = period_number(days, plan.accumulate, past.fiscal_year_start)
    units = [int(v.scaleb(past.minor)) for v in rows["advanced"]]
    return rows.assign(units=units).groupby(["rep_id", "period"])["units"].sum().to_dict()


def advance_ledgers(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> pd.DataFrame:
    """The advances of ``guarantee_and_advances``."""
    return guarantee_and_advances(past, plan, paid, dated=dated)[1]


def entitled_months(
    past: History, plan: CommissionPlan, *, dated: bool = False
) -> dict[str, list[Month]]:
    """Rep id → months in which the rep may draw: on board, to the as-of month, and where the plan
    limits the draw to the first months after hiring within those.

    dated: only months in which the plan is in force. Somebody without a day of hiring counts as on
    board from the first order on and is entitled to no draw that is limited to first months.
    """
    if plan.draw is None or not len(past.orders):
        return {}
    start, last = Month.of(past.orders["date"].min().date()), Month.of(past.book.as_of)
    if dated:
        start, last = (
            max(start, Month.of(plan.starts)),
            min(last, _last_month(past, plan)) if plan.ends else last,
        )
    found = {}
    for person in past.people[past.people["rep_id"].isin(past.sellers)].itertuples(index=False):
        hired = Month.of(person.hired.date()) if pd.notna(person.hired) else None
        months = months_between(
            max(start, hired) if hired else start,
            min(last, Month.of(person.left.date())) if pd.notna(person.left) else last,
        )
        if plan.draw.months:
            months = [month for month in months if hired and month - hired < plan.draw.months]
        if not plan.for_all and months:
            days = pd.Series([pd.Timestamp(month.start) for month in months])
            mine = past.roster.holds(plan, pd.Series([person.rep_id] * len(months)), days)
            months = [month for month, held in zip(months, mine, strict=True) if held]
        if months:
            found[person.rep_id] = months
    return found


def _last_month(past: History, plan: CommissionPlan) -> Month:
    """The last month of which an ended plan pays the draw: a month in which another plan with a
    draw takes over is that plan's, so that no month has two.
    """
    assert plan.ends is not None
    plans = past.book.settings.commission_plans
    for one in plans:
        before = None if one.compare_only else plan_before(one, plans)
        if before is not None and before.name == plan.name and one.draw:
            return min(Month.of(plan.ends), Month.of(one.starts) - 1)
    return Month.of(plan.ends)


def advance_lines(past: History, plan: CommissionPlan, ledgers: pd.DataFrame) -> list[AwardLine]:
    """Money in advance of pay and what later pay makes up for it, one line a month, so that a
    statement adds up to what is paid out.
    """
    rows: list[AwardLine] = []
    if plan.draw is None:
        return rows
    for r in ledgers.itertuples(index=False):
        day = pd.Timestamp(min(Month.parse(r.month).end, past.book.as_of))
        owed = past.book.fmt.text(r.balance, "money.exact")
        if r.advanced:
            rows.append(
                AwardLine(
                    r.rep_id,
                    day,
                    None,
                    None,
                    "draw",
                    r.advanced,
                    (
                        say("the draw of the month, on top of what was earned")
                        if plan.draw.adds == "on_top"
                        else say("made up to the draw of the month")
                    )
                    + (say("; {owed} owed", owed=owed) if plan.draw.recoverable else ""),
                )
            )
        if r.written_off:
            off = past.book.fmt.text(r.written_off, "money.exact")
            why = say("{off} advanced and not made up for on leaving: written off", off=off)
            rows.append(AwardLine(r.rep_id, day, None, None, "draw written off", Decimal(0), why))
        if r.recovered:
            rows.append(
                AwardLine(
                    r.rep_id,
                    day,
                    None,
                    None,
                    "draw recovered",
                    -r.recovered,
                    say("makes up for money advanced; {owed} still owed", owed=owed),
                )
            )
    return rows
