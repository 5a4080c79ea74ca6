"""Which reps a page names when two plans are compared: the largest changes, in money."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook.base.formats import Formats
from playbook.base.periods import Window
from playbook.incentives.plans.plan_comparison import PlanComparison

NOW, NEXT = SimpleNamespace(name="now"), SimpleNamespace(name="next")
TWO = SimpleNamespace(chosen=SimpleNamespace(current=NOW, other=NEXT, given=True, derived=False))
YEAR = Window("trailing_12m", date(2022, 10, 1), date(2023, 9, 30), "twelve months")


def compared(changes: list[int]) -> PlanComparison:
    """Reps R0, R1 … who change by as much, largest gain first; each sold 1,000 and was paid 100."""
    rows = [
        (f"R{i}", f"Rep {i}", Decimal(1000), Decimal(100), Decimal(100 + one), Decimal(one))
        for i, one in enumerate(changes)
    ]
    columns = ["rep_id", "rep", "amount", "current", "other", "change"]
    table = pd.DataFrame(rows, columns=columns).assign(relative=[one / 100 for one in changes])
    empty = pd.DataFrame()
    return PlanComparison(
        table, empty, empty, (), TWO, YEAR, date(2023, 9, 30), Formats("EUR", "en"), named=True
    )


@pytest.mark.parametrize(
    ("gains", "losses", "first", "last"),
    [
        (6, 6, 6, 6),  # twelve: all
        (20, 20, 12, 12),
        (25, 3, 21, 3),  # few losses leave room for gains
        (2, 30, 2, 22),
        (13, 0, 13, 0),
    ],
)
def test_the_twelve_largest_gains_and_losses(gains, losses, first, last):
    changes = [*range(gains, 0, -1), *range(-1, -losses - 1, -1)]
    shown = compared(changes).moved["change"].astype(int).tolist()
    assert shown == changes[:first] + changes[len(changes) - last :]


def test_the_table_says_how_many_it_leaves_out_and_sums_everybody():
    """Fifteen gain 15 … 1, one is as before, fifteen lose 1 … 15: 24 shown, the sum is nought."""
    made = compared([*range(15, 0, -1), 0, *range(-1, -16, -1)])
    shown = made.rep_table()
    rows = [[cell["text"] for cell in row] for row in shown.data()["rows"]]
    assert rows[0] == ["Rep 0", "€1,000", "€100", "€115", "+€15", "+15.0 %"]
    assert rows[11][0] == "Rep 11" and rows[12][0] == "Rep 19" and rows[23][0] == "Rep 30"
    assert shown.note.endswith(" · 7 reps with smaller changes or none are in the sum")
    assert [cell["text"] for cell in shown.data()["total"][0]][:5] == [
        "All reps",
        "€31,000",
        "€3,100",
        "€3,100",
        "€0",
    ]
    tones = [cell.get("tone", "") for cell in (row[4] for row in shown.data()["rows"])]
    assert tones == ["good"] * 12 + ["bad"] * 12
    assert (made.gain, made.lose) == (15, 15)


def test_where_nobody_changes_few_are_enough():
    assert len(compared([0] * 40).moved) == 24
    assert "smaller" not in compared([1, 0, -1]).rep_table().note
