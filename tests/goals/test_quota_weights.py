"""What a quota is weighed by: sales, open deals, capability, potential; fairness; who has none."""

import pandas as pd
import pytest
from toy_books import TOML

from playbook.base.errors import SettingsProblem
from playbook.base.settings import GoalSettings
from playbook.data.measures.potential import rep_potential
from playbook.goals.plan.fairness import fairness, fairness_sentence
from playbook.goals.plan.quota_split import parts_of, weights
from playbook.goals.plan.quotas import people
from playbook.methods.shrinkage import shrink


def staff(**columns):
    usual = {"history": [300.0, 100.0], "pipeline": [0.0, 50.0], "ramp": [1.0, 1.0]}
    empty = {"capability": [None, None], "potential": [None, None]}
    return pd.DataFrame({**usual, **empty, **columns})


def test_capability_and_potential_weigh_beside_sales_and_open_deals():
    """0.7 · (0.6 · ¾ + 0.4 · 0) + 0.15 · 0.2 / 0.5 + 0.15 · 900 / 1000 for the first."""
    both = staff(capability=[0.2, 0.3], potential=[900.0, 100.0])
    first = 0.7 * 0.6 * 0.75 + 0.15 * 0.4 + 0.15 * 0.9
    assert weights(both, GoalSettings()).tolist() == pytest.approx([first, 1 - first])
    assert weights(staff(), GoalSettings()).tolist() == pytest.approx([0.45, 0.55])
    known = parts_of(staff(potential=[900.0, None]), GoalSettings())
    assert known == pytest.approx(
        {"history": 0.42 / 0.85, "pipeline": 0.28 / 0.85, "potential": 0.15 / 0.85}
    )
    one = staff(potential=[900.0, None], pipeline=[0.0, 0.0])
    assert weights(one, GoalSettings(potential_weight=1.0, capability_weight=0.0)).tolist() == [
        0.5,
        0.5,
    ]
    nothing = staff(history=[0.0, 0.0], pipeline=[0.0, 0.0])
    assert weights(nothing, GoalSettings()).tolist() == [1.0, 1.0]
    with pytest.raises(ValueError, match="more than 1 together"):
        GoalSettings(capability_weight=0.6, potential_weight=0.6)


REPS = "rep_id,name,region,hired\n" + "\n".join(
    f"R{i},{name},East,2020-01-01"
    for i, name in enumerate(["Ann", "Bo", "Cy", "Di", "Ed"], start=1)
)
ORDERS = "order_id,date,customer_id,amount,rep_id\n" + "\n".join(
    f"O{c}{m},2023-0{m}-10,C{c},{amount},R{1 + c % 4}"
    for c, amount in enumerate([300, 100, 100, 100, 100, 100, 100], start=1)
    for m in (1, 2, 3, 4, 5, 6)
)
# C1 … C6 large, C7 small; C8 and C9 never bought
CUSTOMERS = "customer_id,customer_type,rep_id\n" + "\n".join(
    f"C{c},{'small' if c == 7 else 'large'},R{1 + c % 4}" for c in range(1, 10)
)
TARGET = "period,metric,target\n2023-Q3,sales,4000"


def test_potential_is_what_customers_in_care_would_buy_as_their_kind_does(book):
    """Six large buyers: (1,800 + 5 × 600) ÷ 6 = 800 each; one small one is too few, so the mean of
    all seven, 5,400 ÷ 7. R1 has C4, C8; R2 C1, C5, C9; R3 C2, C6; R4 C3, C7.
    """
    made = rep_potential(book("2023-06", orders=ORDERS, customers=CUSTOMERS, reps=REPS))
    assert made.set_index("rep")["potential"].to_dict() == pytest.approx(
        {"R1": 1600.0, "R2": 2400.0, "R3": 1600.0, "R4": 800 + 5400 / 7}
    )
    assert made["customers"].tolist() == [2, 3, 2, 2]
    assert rep_potential(book("2023-06", orders=ORDERS, reps=REPS)).empty


def test_who_gets_no_quota_is_listed_and_the_others_stand_against_their_potential(book):
    toy = book("2023-06", orders=ORDERS, customers=CUSTOMERS, reps=REPS, targets=TARGET)
    made = people(toy)
    assert made.idle == ("Ed",) and set(made.table["name"]) == {"Ann", "Bo", "Cy", "Di"}
    assert any(note.startswith("No quota for Ed: no sales") for note in made.notes())
    rows = fairness(made.table, 2).set_index("name")
    ann = made.table.set_index("name").loc["Ann"]
    assert rows.loc["Ann", "part"] == pytest.approx(ann["quota"] / 100 / 400)
    assert rows["index"].median() == pytest.approx(1)
    assert "outside what the settings call fair" not in made.reading()
    table = next(t for t in made.tables() if t.title.startswith("Fairness"))
    assert "example: below 0.67× light" in table.note
    set_ = GoalSettings(fair_from=0.99, fair_to=1.01)
    assert fairness_sentence(made.table, set_, toy.fmt).endswith(
        " outside what the settings call fair."
    )


def test_without_customers_in_care_potential_weighs_nothing_and_no_fairness_is_shown(book):
    made = people(book("2023-06", orders=ORDERS, reps=REPS, targets=TARGET))
    assert not any(t.title.startswith("Fairness") for t in made.tables())
    assert any("potential of territories is not known" in note for note in made.notes())
    assert "weight: 100 % own sales, times ramp" in made.tables()[0].note


def test_a_potential_that_is_given_leads_and_a_slip_in_its_name_is_refused(book):
    toml = TOML + "[goals]\npotential_weight = 1.0\ncapability_weight = 0.0\n"
    given = toml + "potential = { R1 = 3000.0, R2 = 1000.0, R3 = 2000.0, R4 = 2000.0 }\n"
    made = people(book("2023-06", toml=given, orders=ORDERS, reps=REPS, targets=TARGET))
    quotas = made.table.set_index("rep")["quota"].to_dict()
    assert quotas == {"R1": 150_000, "R2": 50_000, "R3": 100_000, "R4": 100_000}
    slip = toml + "potential = { Eest = 3000.0 }\n"
    with pytest.raises(SettingsProblem, match=r"potential\] names 'Eest'"):
        people(book("2023-06", toml=slip, orders=ORDERS, reps=REPS, targets=TARGET))


def test_capability_is_the_share_of_decided_deals_won_drawn_towards_the_team(book):
    deals = "opportunity_id,created,stage,outcome,closed,amount,rep_id\n" + "\n".join(
        f"D{r}{i},2023-01-01,{'won' if i < won else 'lead'},{'won' if i < won else 'lost'},"
        f"2023-03-{i + 1:02d},10,R{r}"
        for r, won in ((1, 10), (2, 2))
        for i in range(20)
    )
    made = people(book("2023-06", orders=ORDERS, reps=REPS, targets=TARGET, opportunities=deals))
    expected = shrink([10, 2, 0, 0], [20, 20, 0, 0]).value
    assert made.table["capability"].tolist() == pytest.approx(list(expected))


def test_without_a_table_of_people_those_whom_sales_name_carry_the_quarter(book):
    made = people(book("2023-06", orders=ORDERS, targets=TARGET))
    assert set(made.table["rep"]) == {"R1", "R2", "R3", "R4"}
    assert made.table["quota"].sum() == 400_000
    bare = "\n".join(row.rpartition(",")[0] for row in ORDERS.splitlines())
    assert people(book("2023-06", orders=bare, targets=TARGET)).reason == (
        "needs table reps (rep_id); no sale names who made it"
    )
