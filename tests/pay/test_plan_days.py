"""Every order day is covered by exactly one plan; what is not is refused with the days."""

import re

import pytest

from playbook import incentives
from playbook.base.errors import DataProblem, SettingsProblem
from playbook.pay.covered import uncovered
from playbook.pay.history import history
from playbook.pay.total import total_pay
from small_company import TABLES, small_book

HEAD = "order_id,date,customer_id,amount,rep_id\n"
TENTH = "tiers = [{ lower = 0, rate = 0.1 }]"
TWENTIETH = "tiers = [{ lower = 0, rate = 0.05 }]"
ORDERS = HEAD + "A,2024-04-10,C1,8000,R1\nB,2024-06-10,C1,9000,R1\n"


def book(*plans: tuple[str, str], settings: str = "", month: str = "2024-06"):
    text = settings + "".join(
        f'[[commission_plans]]\nname = "{name}"\n{rest}\n' for name, rest in plans
    )
    reps = TABLES["reps"]
    return small_book(text, month=month, orders=ORDERS, reps=reps, customers=TABLES["customers"])


def refused(*plans: tuple[str, str], settings: str = "") -> str:
    with pytest.raises(SettingsProblem) as problem:
        book(*plans, settings=settings)
    return re.sub(r"\s+", " ", str(problem.value))


def test_two_plans_on_the_same_days_are_refused_with_the_days():
    text = refused(
        ("old", f"starts = 2022-01-01\n{TENTH}"), ("new", f"starts = 2024-05-16\n{TWENTIETH}")
    )
    assert "plans 'old' and 'new' both cover every day from 2024-05-16 on" in text
    assert "give 'old' ends = 2024-05-15, or 'new' replaces = \"old\"" in text


def test_naming_one_of_two_overlapping_plans_does_not_make_the_other_vanish():
    text = refused(
        ("old", f"starts = 2022-01-01\n{TENTH}"),
        ("new", f"starts = 2024-05-16\n{TWENTIETH}"),
        settings='[incentives]\nplan = "new"\n',
    )
    assert "both cover every day from 2024-05-16 on" in text


def test_a_gap_between_two_plans_is_refused_with_its_days():
    text = refused(
        ("old", f"starts = 2022-01-01\nends = 2024-03-31\n{TENTH}"),
        ("new", f"starts = 2024-05-16\n{TWENTIETH}"),
    )
    assert "no plan covers 2024-04-01 to 2024-05-15, before plan 'new' starts" in text


def test_all_mistakes_between_plans_are_named_at_once():
    text = refused(
        ("a", f"starts = 2022-01-01\nends = 2022-12-31\n{TENTH}"),
        ("b", f"starts = 2022-06-01\nends = 2022-12-31\n{TENTH}"),
        ("c", f"starts = 2023-02-01\n{TENTH}"),
    )
    assert "plans 'a' and 'b' both cover 2022-06-01 to 2022-12-31" in text
    assert "no plan covers 2023-01-01 to 2023-01-31, before plan 'c' starts" in text
    text = refused(
        ("a", f"starts = 2022-01-01\nreplaces = 'x'\n{TENTH}"),
        ("a", f"starts = 2023-01-01\nreplaces = 'y'\n{TENTH}"),
    )
    assert "two commission plans are called 'a'" in text
    assert "a.replaces = 'x'" in text and "a.replaces = 'y'" in text


def test_a_plan_that_replaces_another_takes_over_on_its_first_day():
    made = book(
        ("old", f"starts = 2022-01-01\n{TENTH}"),
        ("new", f"starts = 2024-05-16\nreplaces = 'old'\n{TWENTIETH}"),
    )
    lines = incentives.statements(made).lines
    assert dict(zip(lines["plan"], lines["pay"], strict=True)) == {"old": 800, "new": 450}


def test_a_plan_only_compared_covers_no_day():
    made = book(
        ("old", f"starts = 2022-01-01\n{TENTH}"),
        ("idea", f"starts = 2024-05-16\ncompare_only = true\n{TWENTIETH}"),
    )
    assert incentives.statements(made).lines["pay"].tolist() == [800, 900]
    assert history(made).chosen.other.name == "idea"
    text = refused(
        ("old", f"starts = 2022-01-01\ncompare_only = true\n{TENTH}"),
        ("new", f"starts = 2024-05-16\nreplaces = 'old'\n{TWENTIETH}"),
    )
    assert "'old' is compare_only and never in force" in text


def test_a_quarter_that_is_paid_in_part_is_refused_with_the_order_days():
    made = book(("new", f"starts = 2024-05-16\n{TWENTIETH}"))
    with pytest.raises(SettingsProblem) as problem:
        incentives.statements(made)
    text = re.sub(r"\s+", " ", str(problem.value))
    assert "1 order line of ¥8,000.00" in text and "no commission plan covers: 10 Apr 2024" in text


def test_money_before_the_first_plan_is_listed_and_no_share_is_given_of_it():
    made = small_book(
        f'[[commission_plans]]\nname = "new"\nstarts = 2024-04-01\n{TENTH}\n',
        month="2024-06",
        orders=HEAD + "Y,2023-01-10,C1,100,R1\nZ,2024-02-10,C1,500,R1\n" + ORDERS[len(HEAD) :],
    )
    found = incentives.statements(made)
    assert found.spans.keys() == {"month", "quarter_to_date"}
    assert found.spans["quarter_to_date"] == (1700, 17000)
    assert found.notes()[-1].startswith(
        "¥500 of 1 order line between 10 Feb 2024 and 10 Feb 2024 is on days that no plan covers"
    )


def test_the_plan_in_force_on_the_day_is_the_one_named_on_the_page():
    plans = (
        ("old", f"starts = 2022-01-01\n{TENTH}"),
        ("new", f"starts = 2024-05-16\nreplaces = 'old'\n{TWENTIETH}"),
    )
    setting = '[incentives]\nplan = "new"\ncompare_with = "old"\n'
    now, then = (book(*plans, settings=setting, month=month) for month in ("2024-06", "2024-04"))
    assert [one.name for one in _pair(now)] == ["new", "old"]
    assert [one.name for one in _pair(then)] == ["old", "new"]


def _pair(made):
    chosen = history(made).chosen
    return chosen.current, chosen.other


PEOPLE = (
    "rep_id,name,role,team,hired,left\n"
    "R1,Ann,seller,A,2020-01-01,\nR2,Bob,specialist,A,2020-01-01,\n"
)
TWO = HEAD + "A,2024-04-10,C1,8000,R1\nB,2024-05-10,C1,1000,R2\nC,2024-06-10,C1,9000,R1\n"


def for_people(*plans: tuple[str, str], orders: str = TWO, people: str = PEOPLE, **tables):
    text = "".join(f'[[commission_plans]]\nname = "{name}"\n{rest}\n' for name, rest in plans)
    return small_book(text, month="2024-06", orders=orders, reps=people, customers="", **tables)


def paid(made) -> dict[str, int]:
    past = history(made)
    lines = total_pay(past, past.chosen.current, dated=True).lines
    return lines.groupby("rep_id")["pay"].sum().to_dict()


def test_each_role_is_paid_by_its_own_plan():
    made = for_people(
        ("sellers", f"starts = 2022-01-01\nroles = ['seller']\n{TENTH}"),
        ("specialists", f"starts = 2022-01-01\nroles = ['specialist']\n{TWENTIETH}"),
    )
    assert paid(made) == {"R1": 1700_00, "R2": 50_00}


def test_plans_for_one_role_on_the_same_days_are_refused_by_the_settings():
    plans = [(name, f"starts = 2022-01-01\nroles = ['seller']\n{TENTH}") for name in ("a", "b")]
    assert "both cover every day from 2022-01-01 on for role seller" in refused(*plans)
    plans[1] = ("b", f"starts = 2022-01-01\n{TENTH}")
    assert "every day from 2022-01-01 on for the people of 'a'" in refused(*plans)


def test_somebody_two_plans_hold_for_is_refused_with_days_and_amounts():
    made = for_people(
        ("sellers", f"starts = 2022-01-01\nroles = ['seller']\n{TENTH}"),
        ("team", f"starts = 2022-01-01\nteams = ['A']\n{TWENTIETH}"),
    )
    with pytest.raises(SettingsProblem) as problem:
        paid(made)
    text = re.sub(r"\s+", " ", str(problem.value))
    assert "plans sellers and team all pay Ann (R1) for 2 order lines of ¥17,000.00" in text
    assert "10 Apr 2024" in text and "10 Jun 2024" in text and "Bob" not in text


def test_days_between_two_roles_that_no_plan_covers_are_refused():
    """Ann sells in April, is on leave from plans in May, sells again in June."""
    assigned = (
        "subject,subject_id,role,value,from,to\n"
        "rep,R1,role,seller,2020-01-01,2024-04-30\nrep,R1,role,other,2024-05-01,2024-05-31\n"
        "rep,R1,role,seller,2024-06-01,\n"
    )
    orders = TWO + "D,2024-05-20,C1,500,R1\n"
    plans = [("sellers", f"starts = 2022-01-01\nroles = ['seller']\n{TENTH}")]
    with pytest.raises(SettingsProblem) as problem:
        paid(for_people(*plans, orders=orders, assignments=assigned))
    text = re.sub(r"\s+", " ", str(problem.value))
    assert "no plan pays Ann (R1) for 1 order line of ¥500.00 on 20 May 2024" in text


def test_money_of_people_without_any_plan_is_listed():
    plans = [("sellers", f"starts = 2022-01-01\nroles = ['seller']\n{TENTH}")]
    made = for_people(*plans)
    past = history(made)
    found = uncovered(past, past.chosen.current, made.window("month"))
    assert paid(made) == {"R1": 1700_00} and found.lines == 0
    found = uncovered(past, past.chosen.current, made.window("quarter_to_date"))
    assert (found.lines, found.amount) == (1, 1000_0000)


def test_who_changes_role_is_paid_by_the_plan_of_the_day():
    assigned = (
        "subject,subject_id,role,value,from,to\n"
        "rep,R1,role,seller,2020-01-01,2024-05-15\nrep,R1,role,specialist,2024-05-16,\n"
    )
    made = for_people(
        ("sellers", f"starts = 2022-01-01\nroles = ['seller']\n{TENTH}"),
        ("specialists", f"starts = 2022-01-01\nroles = ['specialist']\n{TWENTIETH}"),
        assignments=assigned,
    )
    assert paid(made) == {"R1": 800_00 + 450_00, "R2": 50_00}


def test_every_mistake_of_a_plan_is_named_at_once():
    wrong = (
        "starts = 2023-05-01\nends = 2023-04-01\ncap = 10\nfloor = 20\naccumulate = 'deal'\n"
        "quota = 5\nthreshold = 0.5\nexcess = 'later'\ndeal_floor = 9\ndeal_cap = 3\n"
        "gate = { measure = 'margin', at = 0.8 }\nmode = 'whole'\n" + TENTH
    )
    text = refused(("p", wrong))
    for said in (
        "ends on 2023-04-01, before it starts on 2023-05-01",
        "the floor of 20 is above the cap of 10",
        "a quota belongs to a period",
        "a deal has no later period to pay its excess in",
        "the deal_floor of 9 is above the deal_cap of 3",
        "a deal's limit needs bands that do not reach back",
        "gate: 'margin' is no measure of the attainment",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("tiers = [{ lower = 0 }]", "says neither its rate nor what it pays"),
        ("tiers = [{ lower = 0, pays = 5 }]", "needs an upper end and no rate"),
        (f"{TENTH}\nleaving = {{ pays = 'within_days' }}", "give days with pays = 'within_days'"),
        (f"{TENTH}\nexcess = 'later'", "excess = 'later' needs a cap"),
        (f"{TENTH}\ndraw = {{ monthly = 5, adds = 'on_top' }}", "set recoverable = false"),
        (
            f"{TENTH}\nsplits = [{{ to = 'order', share = '1/0' }}]",
            "a number or a fraction such as",
        ),
        (f"{TENTH}\nsplits = [{{ to = 'order', share = '1/3' }}]", "add up to 33.3333 %"),
        (
            f"{TENTH}\nquota = 9\n"
            "attainment = { target_pay = 5, levels = [{ at = 1, pays = 1 }],"
            " measures = [{ name = 'm', weight = 0.5 }] }",
            "the weights add up to 50 %",
        ),
        (
            f"{TENTH}\nrelief = [{{ rep = 'R1', starts = 2024-02-02, ends = 2024-02-01,"
            " reason = 'leave' }]",
            "ends on 2024-02-01, before",
        ),
    ],
)
def test_what_a_plan_cannot_mean_is_refused(part, said):
    assert said in refused(("p", f"starts = 2023-01-01\n{part}"))


def test_shares_of_a_deal_that_do_not_add_up_are_refused():
    splits = "opportunity_id,order_id,rep_id,share,kind\n,A,R1,0.5,split\n,A,R2,0.3,split\n"
    with pytest.raises(DataProblem, match="2 rows of deals whose shares do not add up to 1"):
        for_people(("p", f"starts = 2022-01-01\n{TENTH}"), deal_splits=splits)


def test_shares_and_overlays_of_a_deal_come_from_the_table():
    splits = (
        "opportunity_id,order_id,rep_id,share,kind\n"
        ",A,R1,0.5,split\n,A,R2,0.5,split\n,C,R2,0.25,overlay\n"
    )
    made = for_people(("p", f"starts = 2022-01-01\n{TENTH}"), deal_splits=splits)
    assert paid(made) == {"R1": 400_00 + 900_00, "R2": 400_00 + 100_00 + 225_00}
