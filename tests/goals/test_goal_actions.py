"""The one list of actions."""

from toy_books import months

from playbook.goals.actions import actions
from playbook.goals.aims.objectives import objectives
from playbook.goals.aims.strategies import strategies
from playbook.goals.track.tracking import tracking

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_actions_are_sorted_by_worth_and_skip_what_is_missing(book):
    toy = book(
        "2023-03",
        orders=ORDERS,
        targets="period,metric,target,region,owner\n2023,sales,9000,East,Ann\n2023,sales,9000,,Ann",
    )
    made = actions(toy, tracking(toy), objectives(toy), strategies(toy))
    assert made.table["what"].iloc[0].startswith("Bring region East back")
    assert made.worksheets()[0].rows
