"""Statements: what every rep is paid for the quarter to date, line by line, and what the next deal
would earn.
"""

from __future__ import annotations

from decimal import Decimal

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures.order_ids import several_lines
from playbook.data.memory import give_back
from playbook.page import section
from playbook.pay.covered import covers, not_paid, refuse_uncovered, uncovered
from playbook.pay.history import History, history, minor_money, money
from playbook.pay.lines import within
from playbook.pay.total import total_pay

from . import without_names as hidden
from .next_deal import next_deals
from .standing import period_end
from .statement_lines import (
    advances_in_window,
    payroll_by_rep,
    statement_lines,
    typical_deal,
)
from .statement_result import Statements

WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m")


@section("statements")
def statements(book: Book, plan: str = "", compare_with: str = "", printed: int = 3) -> Statements:
    """Statements of the quarter to date; needs commission_plans in playbook.toml."""
    if not book.settings.commission_plans:
        raise NotAvailable(
            {"commission_plans": ("name", "tiers")},
            gives=say("each rep's pay of the quarter, line by line, adding up to the cent"),
            because=say("they are written in playbook.toml; no pay is invented here"),
        )
    past = history(book, plan, compare_with)
    return from_history(past, past.chosen.current, printed)


def from_history(past: History, plan: CommissionPlan, printed: int) -> Statements:
    """The statements of ``plan`` for the quarter to date."""
    book, window = past.book, past.book.window("quarter_to_date")
    refuse_uncovered(past, plan, window)
    made = total_pay(past, plan, dated=True)
    lines = statement_lines(past, made, plan, window, printed)
    if past.sums_before is not None:
        give_back()
    if not len(lines):
        raise NotAvailable(
            {},
            gives=say("each rep's pay, line by line"),
            because=say(
                "nothing is credited under plan '{name}' in {label}",
                name=plan.name,
                label=window.label,
            ),
        )
    alone = book.has("orders", "amount") and not several_lines(book)
    deal = typical_deal(past.orders, book.window("trailing_12m"), alone=alone)
    spans = {
        name: (minor_money(made.total(book.window(name)), past.minor), past.revenue(plan, name))
        for name in WINDOWS
        if name == "quarter_to_date" or not uncovered(past, plan, book.window(name)).lines
    }
    earlier = window.year_before()
    more = next_deals(past, plan, made.payrolls, sorted(set(lines["rep_id"])), deal)
    return Statements(
        table=payroll_by_rep(lines, made.payroll, past, more),
        lines=lines,
        kinds=hidden.kinds_of(lines),
        plan=plan,
        plans={one.name: one for one in past.in_force(plan)},
        window=window,
        spans=spans,
        deal=deal,
        unassigned=money(within(made.unassigned, window.start, window.end)["amount"].sum()),
        before=(
            minor_money(made.total(earlier), past.minor)
            if covers(past, plan, earlier)
            else Decimal(0)
        ),
        period_end=period_end(past, plan),
        as_of=book.as_of,
        fmt=book.fmt,
        printed=printed,
        advances=advances_in_window(past, plan, made.payroll, window),
        named=book.settings.payroll.names_in_report,
        pay_notes=(*made.notes, *not_paid(past, plan, book.window("trailing_12m"))),
    )
