"""Two plans on the same history: what each costs, who gains and who loses, how pay is spread."""

from __future__ import annotations

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.data.book import Book
from playbook.page import section
from playbook.pay.history import history, minor_money
from playbook.pay.lines import within
from playbook.pay.total import total_pay

from .pay_by_rep import WINDOW, PlanCosts, pay_by_rep, plan_summary
from .plan_comparison import PlanComparison
from .without_names import shifts_of


@section("plan-comparison")
def comparison(book: Book, plan: str = "", compare_with: str = "") -> PlanComparison:
    """The plan in force and another on the trailing twelve months; without commission_plans two
    labelled illustrations.
    """
    past = history(book, plan, compare_with)
    window = book.window(WINDOW)
    pays, quarter = [], []
    for one in (past.chosen.current, past.chosen.other):
        lines = total_pay(past, one).lines
        pays.append(within(lines, window.start, window.end))
        now = book.window("quarter_to_date")
        quarter.append(
            (
                one.name,
                minor_money(within(lines, now.start, now.end)["pay"].sum(), past.minor),
                past.revenue(one, "quarter_to_date"),
            )
        )
    reps = pay_by_rep(past, pays)
    if not len(reps):
        raise NotAvailable(
            {},
            gives=say("what two plans would have paid"),
            because=say("no rep is credited with an order in {label}", label=window.label),
        )
    plans = (past.chosen.current, past.chosen.other)
    summary = PlanCosts.make(
        [
            plan_summary(past, one, reps["amount"], reps[column])
            for one, column in zip(plans, ("current", "other"), strict=True)
        ]
    )
    return PlanComparison(
        table=reps,
        summary=summary,
        shifts=shifts_of(reps),
        quarter=tuple(quarter),
        history=past,
        window=window,
        as_of=book.as_of,
        fmt=book.fmt,
        named=book.settings.payroll.names_in_report,
    )
