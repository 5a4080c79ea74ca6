"""What somebody owes outlives the plan it came of: months below 0 and draws, by hand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from pay_plans import one_quota, orders, plan, sale
from playbook.base.errors import SettingsProblem
from playbook.base.settings.plan_terms import Draw
from playbook.pay.advances import ledger
from playbook.pay.covered import compiled
from playbook.pay.history import history
from playbook.pay.payroll import payroll
from playbook.pay.roster import Roster
from playbook.pay.total import total_pay
from playbook.payroll.plans_checked import refuse_plans
from toy import toy

TENTH = [{"lower": 0, "rate": "0.1"}]
ANN = {"rep_id": "R1", "name": "Ann", "hired": "2022-12-01", "role": "seller", "team": "North"}


def firm(plans, rows, month, people=(ANN,)):
    table = pd.DataFrame(rows, columns=["order_id", "date", "amount"])
    table = table.assign(customer_id="C1", rep_id="R1")
    settings = {"commission_plans": plans, "book": {"name": "firm"}}
    return toy(month=month, settings=settings, orders=table, reps=list(people))


def by_month(plans, rows, month) -> dict[str, float]:
    past = history(firm(plans, rows, month))
    lines = total_pay(past, past.chosen.current, dated=True).lines
    return (lines.groupby(lines["date"].dt.strftime("%m"))["pay"].sum() / 100).to_dict()


def two(terms, change="2023-07-01", then=None):
    one = {"name": "old", "starts": "2023-01-01", "accumulate": "month", "tiers": TENTH, **terms}
    return [
        one,
        {**one, **(terms if then is None else then), "name": "new", "starts": change}
        | {"replaces": "old"},
    ]


def test_a_month_below_nothing_is_made_up_for_under_the_next_plan():
    """5,000 sold under the old plan come back in August: 300 − 500; September 1,000 − 200."""
    rows = [
        ("A", "2023-05-10", 5000),
        ("A", "2023-08-05", -5000),
        ("B", "2023-08-20", 3000),
        ("C", "2023-09-10", 10_000),
    ]
    carry = {"negative": {"rule": "carry"}}
    paid = {"05": 500, "08": 0, "09": 800}
    assert by_month(two(carry), rows, "2023-09") == paid
    # The plan that follows deducts: what was carried into it is taken, and its own months below 0
    # pay less than 0.
    rows += [("B", "2023-10-02", -3000)]
    deducts = two(carry, then={"negative": {"rule": "deduct"}})
    assert by_month(deducts, rows, "2023-10") == {"05": 500, "08": -200, "09": 1000, "10": -300}


def test_a_draw_of_the_first_months_is_made_up_for_by_later_pay():
    """1,000 in the first two months; 0, 400, 900 and 3,000 are earned: 1,600 are owed after two,
    700 after three, and the fourth pays 2,300.
    """
    earned = [Decimal(v) for v in (0, 400, 900, 3000)]
    found = ledger(earned, Draw(monthly=1000), entitled=[True, True, False, False])
    assert [int(v) for v in found["paid"]] == [1000, 1000, 0, 2300]
    assert [int(v) for v in found["balance"]] == [1000, 1600, 700, 0]
    assert found["paid"].sum() == sum(earned)
    half = Draw(monthly=1000, recovery_share="0.5")
    found = ledger(earned, half, entitled=[True, True, False, False])
    assert [int(v) for v in found["paid"]] == [1000, 1000, 450, 1850]


def test_a_book_takes_such_a_draw_back_in_the_months_after_it():
    """Hired in December 2022: the draw ends with January; 0 and 400, then 900 and 3,000 earned."""
    terms = {"draw": {"monthly": 1000, "months": 3}}
    rows = [("Z", "2023-01-02", 0.01), ("A", "2023-02-10", 4000), ("B", "2023-04-10", 30_000)]
    plans = two(terms)[:1]
    # January 0.00 → 1,000; February 400 → 1,000; April earns 3,000 and pays back 1,600
    assert by_month(plans, rows, "2023-04") == {"01": 1000, "02": 1000, "04": 1400}


@pytest.mark.parametrize("change", ["2023-03-01", "2023-03-15"])
def test_what_is_owed_of_a_draw_goes_on_under_the_plan_that_follows(change):
    """A draw of 1,000 under both plans, one a month also where they change inside it; 0, 400 and
    3,000 earned: March pays back 1,600.
    """
    terms = {"draw": {"monthly": 1000}}
    rows = [("Z", "2023-01-02", 0.01), ("A", "2023-02-10", 4000), ("B", "2023-03-20", 30_000)]
    paid = by_month(two(terms, change), rows, "2023-03")
    assert paid == {"01": 1000, "02": 1000, "03": 1400}


def test_a_years_cap_is_that_of_the_days_a_plan_is_in_force():
    """10,000 a year from 1 July: 184 of 365 days, 5,041.10 (5,041.0959 to the cent)."""
    one = plan([(0, None, "0.10")], cap_year=10_000, starts="2023-07-01")
    rows = [sale(60_000, "2023-08-20"), sale(60_000, "2024-01-05")]
    assert payroll(orders(*rows), one, dated=True).lines["pay"].tolist() == [5_041_10, 6_000_00]
    whole = one.model_copy(update={"prorate": False})
    assert payroll(orders(*rows), whole, dated=True).lines["pay"].tolist() == [6_000_00, 6_000_00]


def test_people_that_plans_name_are_people_the_tables_know():
    base = {"name": "p", "starts": "2023-01-01", "tiers": TENTH}
    relief = {"rep": "R8", "starts": "2023-01-01", "ends": "2023-01-09", "reason": "leave"}
    wrong = {"reps": ["R9", "R1"], "quotas": {"R7": 5}, "roles": ["sales"], "teams": ["Nort"]}
    book = firm([{**base, **wrong, "quota": 9, "relief": [relief]}], [("A", "2023-01-05", 9)], "")
    with pytest.raises(SettingsProblem) as refused:
        refuse_plans(book)
    assert [problem.found for problem in refused.value.problems] == [
        "p.reps names 'R9': no rep and no order has it",
        "p.quotas names 'R7': no rep and no order has it",
        "p.relief.rep names 'R8': no rep and no order has it",
        "p.teams names 'Nort': nobody is or was in such a team",
        "p.roles names 'sales': nobody has or had such a role",
    ]
    assert refused.value.problems[3].try_ == "did you mean 'North'?"
    over = {**base, **wrong, "ends": "2023-01-03"}
    plans = [over, {**base, "name": "q", "starts": "2023-01-04", "replaces": "p"}]
    refuse_plans(firm(plans, [("A", "2023-01-05", 9)], ""))  # whom a plan of old named may be gone
    compiled(history(firm([{**base, "reps": ["R9"]}], [("A", "2023-01-05", 9)], "")))


def test_the_target_pay_of_a_part_of_a_quarter_is_that_part():
    """910 a quarter for 1,000: the old plan holds on 45 of 91 days and pays 450, the new on 46 and
    pays 460, together one target. Ann leaves on 31 May: of the new plan's days she was on board 16.
    """
    part = {"target_pay": 910, "levels": [{"at": 1, "pays": 1}]}
    rows = [sale(700, "2023-04-10"), sale(700, "2023-05-20")]
    gone = Roster(pd.DataFrame({"rep_id": ["R1"], "left": [pd.Timestamp("2023-05-31")]}))

    def paid(**more) -> list[list[int]]:
        given = {"attainment": {**part, **more.pop("terms", {})}, **more}
        old = plan([], ends="2023-05-15", **given)
        new = plan([], starts="2023-05-16", **given)
        say = {"dated": True, "quotas": one_quota(1000), "roster": gone}
        return [payroll(orders(*rows), one, **say).lines["pay"].tolist() for one in (old, new)]

    assert paid() == [[450_00], [460_00]]
    assert paid(prorate_by="months") == [[606_67], [606_67]]
    assert paid(terms={"presence": "pro_rata"}) == [[450_00], [160_00]]
    assert paid(terms={"presence": "at_end"}) == [[0], [0]]
    assert paid(prorate=False) == [[0], [0]]
