"""What the tables of a planned pilot say of figures given by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.case.pilot.comparison import outcome_row
from playbook.case.pilot.one_by_one import StaggeredEffect
from playbook.case.pilot.panels import Panel, _decided
from playbook.case.pilot.plan import PilotPlan
from playbook.case.pilot.plan_texts import needed
from playbook.case.pilot.power import _with_money, closest_to_wanted, power_table
from playbook.methods import experiment
from toy import toy

FMT = Formats("EUR", "en")
POWER = pd.DataFrame(
    [
        ("sales", 1, np.nan, np.nan, "share"),
        ("sales", 2, 0.21, 2.0, "share"),
        ("sales", 3, 0.10, 1.0, "share"),
        ("sales", 6, 0.05, 0.5, "share"),
        ("win_rate", 3, 0.04, 0.4, "pp"),
        ("win_rate", 6, 0.12, 1.2, "pp"),
    ],
    columns=["outcome", "months", "detectable", "scaled", "unit"],
)


def test_smallest_effects_are_ticked_where_the_wanted_one_is_seen():
    shown = power_table(POWER, ["sales", "win_rate"], "sales", "", FMT)
    cells = [[cell["text"] for cell in row] for row in shown.data()["rows"]]
    assert [row[0] for row in cells] == ["1", "2", "3", "6"]
    assert [row[1] for row in cells] == ["–", "21.0 %", "10.0 % ✓", "5.0 % ✓"]
    assert [row[2] for row in cells] == ["–", "–", "+4.0 pp ✓", "+12.0 pp"]


def test_the_closest_is_the_shortest_that_shows_the_effect_else_the_least_short_of_it():
    best = closest_to_wanted(POWER)
    assert (best.outcome, best.months) == ("win_rate", 3)  # as short as sales, and further below
    best = closest_to_wanted(POWER[POWER.outcome == "sales"])
    assert (best.outcome, best.months) == ("sales", 3)  # exactly the wanted effect is seen
    best = closest_to_wanted(POWER[POWER.scaled > 1])
    assert (best.outcome, best.months) == ("win_rate", 6)
    assert closest_to_wanted(POWER.head(1)) is None


def test_a_plan_is_as_long_as_the_shortest_that_shows_the_effect():
    def months(power):
        return PilotPlan.months.fget(SimpleNamespace(best=closest_to_wanted(power)))

    assert months(POWER) == 3 and months(POWER[POWER.scaled > 1]) is None
    assert months(POWER.head(1)) is None


def test_a_design_in_money():
    """Twelve months of 10 and 30 a month after one of 1,000: 20 a group, three groups 60."""
    sales = Panel("sales", ("a", "b"), (), np.array([[1000.0] + [10.0] * 12, [1000] + [30.0] * 12]))
    settings = PilotSettings(cost=120.0, take=2, months=4)
    row = _with_money({"sales": sales}, settings, "x", 3, 6, 0.05, {"sales": 0.5})
    assert row["seen_money"] == 30  # half of 60
    assert row["cost"] == 270  # 120 for 2 · 4 group months, 18 of them
    assert row["pays_from"] == 0.75  # of 360 in six months
    free = _with_money({"sales": sales}, PilotSettings(), "x", 3, 6, 0.05, {"sales": None})
    assert free["cost"] is free["pays_from"] is free["seen_money"] is None


@pytest.mark.parametrize(
    ("p", "effect", "smallest", "rule"),
    [
        (experiment.ALPHA, 0.01, experiment.ALPHA, "go"),
        (experiment.ALPHA, 0.0, 0.01, "extend"),
        (0.051, 0.2, 0.01, "extend"),
        (0.01, -0.2, 0.01, "extend"),
        (0.01, 0.2, 0.0501, "stop"),
    ],
)
def test_one_group_after_the_other_goes_on_beyond_chance_only(p, effect, smallest, rule):
    first = pd.DataFrame({"p": [p, 0.001], "effect": [effect, 0.5]})
    one = SimpleNamespace(table=first, smallest=smallest)
    assert StaggeredEffect.rule.fget(one) == rule


def test_how_long_the_primary_outcome_would_take():
    assert needed("sales", 24) == (
        " Sales of single groups swing too much: about 24 months would be needed."
    )
    assert needed("win_rate", 25) == (
        " Win rate of single groups swings too much: about 25 months would be needed, which is no"
        " plan; draw people or deals by lot instead of groups, as the last table counts."
    )


def test_the_win_rate_of_a_month_without_a_win_is_zero_and_of_none_decided_is_none():
    """East wins 1 of 2 in January and 0 of 1 in February; West 1 of 1 in both."""
    deals = """
        opportunity_id created    stage outcome closed     region
        D1             2022-12-01 won   won     2023-01-31 East
        D2             2022-12-01 lead  lost    2023-01-01 East
        D3             2022-12-01 lead  lost    2023-02-28 East
        D4             2022-12-01 won   won     2023-01-05 West
        D5             2022-12-01 won   won     2023-02-01 West
        D6             2022-12-01 lead  open    .          West
    """
    months = [Month(2023, 1), Month(2023, 2)]
    book = toy(opportunities=deals, month="2023-02")
    found = _decided(book, "region", ("East", "West"), months)
    assert found.up.tolist() == [[1, 0], [1, 1]] and found.down.tolist() == [[2, 1], [1, 1]]
    assert _decided(book, "region", ("East", "West"), [Month(2022, 12), *months]) is None
    assert _decided(book, "region", (), months) is None
    assert _decided(book, "industry", ("East",), months) is None


def test_groups_that_started_one_after_the_other_as_the_page_tells_them():
    """The order of starting by month and name, the first nine of ten; effects in their units."""
    days = [date(2023, 1 + i // 3, 5) for i in range(10)]
    outcomes = [("Sales", "primary", "share", 0.081, 0.004, 0.004)]
    outcomes += [("Win rate", "second", "pp", -0.012, 0.21, 0.42)]
    columns = ["outcome", "role", "unit", "effect", "p", "adjusted"]
    made = StaggeredEffect(
        pd.DataFrame(outcomes, columns=columns),
        pd.DataFrame(columns=["month", "started", "pilot", "others"]),
        dict(zip("jihgfedcba", days, strict=True)),
        smallest=0.0004,
        as_of=date(2023, 9, 30),
        fmt=FMT,
    )
    (shown,) = made.tables()
    assert [[cell["text"] for cell in row] for row in shown.data()["rows"]] == [
        ["Sales", "primary", "+8.1 %", "0.004", "0.004"],
        ["Win rate", "second", "−1.2 pp", "0.210", "0.420"],
    ]
    assert "started: h Jan 2023, i Jan 2023, j Jan 2023, e Feb 2023" in shown.note
    assert "b Mar 2023, c Mar 2023, d Mar 2023 and 1 more;" in shown.note
    assert "smallest possible 0.0004 " in shown.note
    assert made.headline() == (
        "Pilot, one group after the other: go; effect on sales +8.1 % (p = 0.004)."
    )
    first, second = made.kpis()
    assert (first.value, first.unit, first.n) == (0.081, "share", 10)
    assert (second.value, second.unit, second.by) == (-0.012, "pp", {"outcome": "win rate"})


def test_an_effect_beside_a_synthetic_control_is_that_of_the_piloted_group():
    """b always sold twice what a did, c something else; then a doubles: 100 % more than b says."""
    path = [1.0, 2.0, 1.0, 3.0, 2.0]
    up = np.array([[*path, 4.0], [2 * v for v in [*path, 2.0]], [5.0, 1.0, 4.0, 1.0, 2.0, 9.0]])
    panel = Panel("sales", ("a", "b", "c"), tuple(Month(2023, 1) + i for i in range(6)), up)
    ran = {"groups": ["a"], "starts": date(2023, 6, 1), "months": 1}
    beside, means = (
        outcome_row(panel, Month(2023, 6), 1, "primary", PilotSettings(**ran, compare=how))
        for how in ("synthetic", "means")
    )
    assert beside["effect"] == pytest.approx(1.0, abs=0.01)
    assert means["effect"] == pytest.approx(2 / np.sqrt(9 / 2) - 1)  # b as it was, c 4.5 times
