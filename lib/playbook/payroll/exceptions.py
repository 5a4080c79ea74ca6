"""What somebody should look at before a month is paid, one sentence each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from playbook.base.formats import plural
from playbook.data.measures.credits import TICKS
from playbook.pay.lines import within
from playbook.pay.payroll import BEYOND

from .changes import LedgerLine
from .earned import Earned
from .payable import RepPayable


def exceptions(made: Earned, lines: Iterable[LedgerLine], rows: Iterable[RepPayable]) -> list[str]:
    """Refunds beyond their sale, debts carried (of leavers apart), credit without a rep, pay of
    people who had left, and what the engine could not judge.
    """
    past, fmt, minor = made.past, made.book.fmt, made.past.minor
    left = {rep: day for rep, (_, day) in past.terms.items() if day is not None}

    def money(units: int) -> str:
        return fmt.text(Decimal(units).scaleb(-minor), "money.exact")

    found = []
    for line in lines:
        if line.kind == "opening":
            continue
        who = f"{past.name(line.rep_id)}, {line.order_id or line.item}, {line.date}"
        if line.item == BEYOND:
            found.append(f"{who}: the refund asks back more than was sold")
        gone = left.get(line.rep_id)
        if gone is not None and line.date > str(gone) and line.pay:
            found.append(f"{who}: {money(line.pay)} for a day after leaving on {gone}")
    for row in rows:
        if row.carried_out:
            since = f", who left on {left[row.rep_id]}" if row.rep_id in left else ""
            found.append(
                f"{past.name(row.rep_id)}{since} owes {money(-row.carried_out)}, carried to the"
                " next month"
            )
    rest = within(made.made.unassigned, made.month.start, made.month.end)
    if len(rest):
        amount = fmt.text(Decimal(int(rest["amount"].sum())) / TICKS, "money.exact")
        found.append(f"{plural(len(rest), 'line')} of {amount} have no rep and pay nobody")
    return [*found, *made.notes]
