"""Commission plans against a book's rows, before anything is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook.base.errors import NotAvailable, SettingsProblem
from playbook.base.settings.plan_checks import names_people

if TYPE_CHECKING:
    from playbook.data.book import Book


def refuse_plans(book: Book) -> None:
    """Raise SettingsProblem with everything wrong between the plans of a whole book, its people and
    its order days. Nothing is read where the plans name no people: the settings alone have told.
    """
    if not names_people(book.settings.commission_plans):
        return
    # A run without such plans need not load the engine.
    from playbook.pay.covered import covered_once
    from playbook.pay.history import history
    from playbook.pay.named import unknown_people

    try:
        past = history(book)
    except NotAvailable:  # without amounts nobody is paid, and the chapter says so
        return
    if wrong := [*unknown_people(past), *covered_once(past)]:
        raise SettingsProblem(wrong)
