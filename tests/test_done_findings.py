"""An action of figures that was done in the month is not listed again in that month's pack, and is
asked for again by a later one; in every chapter alike.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook import goals
from playbook.base.action_ids import finding_id
from playbook.data.measures.action_log import done_lately
from playbook.page import Action, Result, still_to_do
from toy import toy

CLOSE = Action("Close 1,200 in West", "Li", date(2024, 4, 5), "it is short", 10.0)
CALL = Action("Call the bank", "Wu", date(2024, 4, 6), "it is late", 5.0)
ORDERS = "order_id date customer_id amount\nO1 2024-03-04 C1 900\n"


class Finding(Result):
    """A result that proposes the two actions."""

    section = "finding"

    def actions(self) -> list[Action]:
        return [CLOSE, CALL]


def book(done: str, done_on: str, month: str = "2024-03"):
    row = {
        "action_id": finding_id("Goal actions", "Close 900 in West", "Li"),
        "as_of": "2024-02-29",
        "what": "Close 900 in West",
        "owner": "Li",
        "done": done,
        "done_on": done_on,
    }
    return toy(month=month, orders=ORDERS, action_log=pd.DataFrame([row]))


def listed(made) -> list[str]:
    found = goals.actions(made, Finding())
    assert [row[0] for row in found.worksheets()[0].rows] == list(found.table["what"])
    return list(found.table["what"])


def test_what_was_done_in_the_month_is_not_listed_whatever_its_figures():
    assert listed(book("yes", "2024-03-12")) == [CALL.what]
    assert listed(book("dropped", "")) == [CALL.what]


def test_what_is_open_or_was_done_before_the_month_is_listed():
    assert listed(book("", "")) == [CLOSE.what, CALL.what]
    assert listed(book("no", "")) == [CLOSE.what, CALL.what]
    assert listed(book("yes", "2024-02-29")) == [CLOSE.what, CALL.what]
    assert listed(book("yes", "2024-04-01")) == [CLOSE.what, CALL.what]  # not known yet


def test_a_list_tells_its_own_actions_by_their_numbers():
    done = done_lately(book("yes", "2024-03-12"))
    assert still_to_do("Goal actions", [CLOSE, CALL], done) == [CALL]
    assert still_to_do("Pay actions", [CLOSE, CALL], done) == [CLOSE, CALL]
