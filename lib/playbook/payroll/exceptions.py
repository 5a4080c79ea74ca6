"""What somebody should look at before a month is paid, one sentence each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from playbook.base.formats import joined, plural
from playbook.base.language import say
from playbook.data.measures.credits import TICKS
from playbook.pay.items import item_said
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
        who = joined(
            [past.name(line.rep_id), line.order_id or item_said(line.item), line.date], ", "
        )
        if line.item == BEYOND:
            found.append(say("{who}: the refund asks back more than was sold", who=who))
        gone = left.get(line.rep_id)
        if gone is not None and line.date > str(gone) and line.pay:
            found.append(
                say(
                    "{who}: {pay} for a day after leaving on {gone}",
                    who=who,
                    pay=money(line.pay),
                    gone=gone,
                )
            )
    for row in rows:
        if row.carried_out:
            since = say(", who left on {left}", left=left[row.rep_id]) if row.rep_id in left else ""
            found.append(
                say(
                    "{name}{since} owes {amount}, carried to the next month",
                    name=past.name(row.rep_id),
                    since=since,
                    amount=money(-row.carried_out),
                )
            )
    rest = within(made.made.unassigned, made.month.start, made.month.end)
    if len(rest):
        amount = fmt.text(Decimal(int(rest["amount"].sum())) / TICKS, "money.exact")
        found.append(
            say(
                "{lines} of {amount} have no rep and pay nobody",
                lines=plural(len(rest), "line"),
                amount=amount,
            )
        )
    return [*found, *made.notes]
