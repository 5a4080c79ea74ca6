"""The company's sales target alone, for who asks for nothing else."""

from __future__ import annotations

from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from playbook.data.measures.plan import plan_of
from playbook.goals.actuals import Actuals

from .forecasts import Forecasts
from .target_rows import target_row


def company_completion(book: Book, window: str) -> float | None:
    """Completion of the company's sales target of a window, as ``tracking`` has it beside all
    others; None where no such target is in force, or nothing is known of it.
    """
    try:
        plan, actuals = plan_of(book), Actuals(book)
    except NotAvailable:
        return None
    for target in plan.in_force():
        if (target.window, target.metric, target.members) == (window, "sales", ()):
            row = target_row(book, plan, actuals, Forecasts(actuals), target, {})
            return None if row["completion"] is None else float(row["completion"])
    return None
