"""Sentences that are false on some book do not appear there; what nobody set is an example."""

import numpy as np
import pytest
from toy_books import TOML, months

from playbook.base.settings import GoalSettings
from playbook.goals.actuals import Actuals
from playbook.goals.agenda.rhythm import rhythm
from playbook.goals.aims.objectives import objectives
from playbook.goals.aims.strategies import strategies
from playbook.goals.plan.calendar import phasing
from playbook.goals.plan.decomposition import decomposition
from playbook.goals.plan.quotas import people
from playbook.goals.track.forecasts import Forecasts
from playbook.goals.track.judging import judge
from playbook.goals.track.likelihood import likelihood
from playbook.goals.track.overview import sales_overview
from playbook.goals.track.risk import risk
from playbook.goals.track.tracking import tracking


def two(east, west, last_month=12):
    """Orders of two regions, 2022 to 2023: each a function of (year, month)."""
    tail = months(2022, 2023, last_month, west, customer="C2", region="West").splitlines()[1:]
    return "\n".join([months(2022, 2023, last_month, east, region="East"), *tail])


# -- what the data do not cover


def daily(first, last, amount=100):
    """One order a day from day to day."""
    import pandas as pd

    return "order_id,date,customer_id,amount\n" + "\n".join(
        f"O{i},{day.date()},C{i % 5},{amount}" for i, day in enumerate(pd.date_range(first, last))
    )


def test_half_a_month_a_year_ago_is_no_base(book):
    """Constant daily sales whose data begin on 21 March 2022: 3,100 on 1,100 is no growth."""
    made = sales_overview(book("2023-03", orders=daily("2022-03-21", "2023-03-31")))
    row = made.row("month")
    assert row["growth"] is None
    assert row["why"] == "the span a year before is not covered: orders begin on 21 Mar 2022"
    assert "on the year before" not in made.reading() and made.changes() == []
    # April is covered both years
    later = sales_overview(book("2023-04", orders=daily("2022-03-21", "2023-04-30")))
    assert later.row("month")["growth"] == 0.0
    march = later.months.set_index(later.months["month"].astype(str))["before"]
    assert np.isnan(march["2023-03"]) and march["2023-04"] == 3000.0


def test_nothing_is_learnt_from_the_third_of_a_month_that_the_data_hold(book):
    """1,100 of the days from 21 March count as sold, and as no month to forecast from."""
    toy = book("2023-03", orders=daily("2022-03-21", "2023-03-31"))
    reached = Actuals(toy)
    assert reached.history("sales", {}).iloc[0] == 1100
    learnt = reached.learnable("sales", {})
    assert str(learnt.index[0]) == "2022-04" and learnt.iloc[0] == 3000
    # April to December from months of 28 to 31 equal days: the band holds 9 × 3,042 = 27,375
    lines = likelihood(toy)
    low, high = np.quantile(lines.totals, [0.1, 0.9])
    assert low < 9000 + 27_375 < high and high / low < 1.05


def test_new_customers_are_not_in_the_headline_where_the_data_begin_in_the_year(book):
    made = sales_overview(book("2023-03", orders=daily("2022-09-01", "2023-03-31")))
    assert "new customer" not in made.headline() and "year_to_date" in made.short
    assert made.notes()[0].startswith("The data begin on 1 Sep 2022: trailing 12 months hold less")
    assert "looks new here" in made.notes()[1]


def test_a_customer_is_new_with_its_first_won_deal(book):
    """C9 won a deal in May and ordered in June: new in May."""
    deals = "opportunity_id,created,closed,outcome,stage,amount,customer_id\n" + (
        "D1,2023-04-01,2023-05-20,won,won,10,C9"
    )
    orders = two(lambda y, m: 100, lambda y, m: 50, 6) + "\nX,2023-06-10,C9,10,East"
    toy = book("2023-06", orders=orders, opportunities=deals)
    assert sales_overview(toy).row("month")["new_customers"] == 0
    assert sales_overview(toy).row("quarter_to_date")["new_customers"] == 1
    assert Actuals(toy).history("new_customers", {}).iloc[-2:].tolist() == [1.0, 0.0]


def test_the_part_that_moved_most_stands_beside_the_whole_change(book):
    """East from 1,200 to 2,400, West from 1,200 to 900: +900 in all, of which East is no "most"."""
    made = sales_overview(
        book(
            "2023-12",
            orders=two(lambda y, m: 100 * (y - 2021), lambda y, m: 100 if y == 2022 else 75),
        )
    )
    assert made.reading().endswith(
        "The change is +¥900; the largest single one is +¥1.20k in region East."
    )


# -- one plan, one chance, parts that add up


def test_a_pace_that_reads_one_is_green():
    assert judge(997, 1000, 1.0, GoalSettings())["status"] == "green"
    assert judge(994, 1000, 1.0, GoalSettings())["status"] == "amber"


def test_forecasts_of_the_regions_sum_to_the_companys(book):
    rng = np.random.default_rng(7)
    noise = {(y, m): float(rng.integers(50, 150)) for y in (2022, 2023) for m in range(1, 13)}
    toy = book(
        "2023-09",
        orders=two(lambda y, m: noise[y, m], lambda y, m: 200 - 10 * (m % 4) - noise[y, m] / 3, 9),
    )
    made = Forecasts(Actuals(toy))
    company, _ = made.totals("sales", {}, 3)
    parts = [made.totals("sales", {"region": r}, 3) for r in ("East", "West")]
    assert sum(np.median(p) for p, _ in parts) == pytest.approx(np.median(company), abs=1e-9)
    assert all(method.endswith("scaled to sum to the company's") for _, method in parts)
    plain = Forecasts(Actuals(toy)).totals("sales", {"rep": "R1"}, 3)
    assert plain == (None, "")  # nobody sold: nothing to forecast from


PLAN = "period,metric,target,region\n2023,sales,2400,\n2023,sales,1500,East\n2023,sales,900,West"
MOVED = (
    '[[goals.adjustments]]\ndate = 2023-07-03\nperiod = "2023"\ntarget = 2000\nreason = "why not"\n'
)


def test_the_years_chance_and_target_are_one_number_on_every_page(book):
    orders = two(lambda y, m: 100 + m, lambda y, m: 60 + m % 5, 9)
    toy = book("2023-09", toml=TOML + MOVED, orders=orders, targets=PLAN)
    made, lines = tracking(toy), likelihood(toy)
    row = made.table[(made.table["window"] == "year_to_date")].iloc[0]
    assert (row["target"], row["original"]) == (2000, 2400)
    assert lines.planned.amount == 2000 and row["chance"] == lines.chance
    parts = made.table[made.table["kind"] == "region"]
    assert parts["target"].sum() == pytest.approx(2000)
    split = decomposition(toy).table
    assert split[split["dimension"] == "region"]["units"].tolist() == [
        round(100 * t) for t in parts["target"]
    ]
    table = made.tables()[0]
    assert table.head[2:4] == ("Target", "Original") or table.head[1:3] == ("Target", "Original")


def test_quotas_of_people_that_do_not_add_up_to_their_region_are_said(book):
    targets = (
        "period,metric,target,region,rep_id\n2023-Q3,sales,300,,\n2023-Q3,sales,200,East,\n"
        "2023-Q3,sales,100,West,\n2023-Q3,sales,180,,R1\n2023-Q3,sales,120,,R2"
    )
    reps = "rep_id,name,region\nR1,Ann,East\nR2,Bo,West"
    orders = two(lambda y, m: 100, lambda y, m: 50, 9)
    made = tracking(book("2023-09", orders=orders, targets=targets, reps=reps))
    said = made.sums[made.sums["of"] != ""].set_index("of")["difference"].to_dict()
    assert said == {"East": -20.0, "West": 20.0}
    assert (
        "Targets of 2023-Q3 that do not add up to their whole: people of East ¥180 against ¥200 and"
        " people of West ¥120 against ¥100." in made.notes()
    )
    assert made.tables()[-1].title == "Targets of 2023-Q3 that do not add up"


# -- examples that nobody set


def test_without_a_target_quotas_days_and_splits_are_illustrations(book):
    reps = "rep_id,name,region\nR1,Ann,East\nR2,Bo,West"
    orders = two(lambda y, m: 100, lambda y, m: 50, 6).replace("customer_id", "customer_id")
    head, *rows = orders.splitlines()
    sold = "\n".join([f"{head},rep_id", *(f"{r},{'R1' if 'East' in r else 'R2'}" for r in rows)])
    toy = book("2023-06", orders=sold, reps=reps)
    quotas = people(toy)
    assert quotas.actions() == [] and quotas.kpis() == []
    assert quotas.headline() == ("No target for 2023-Q3 is given: its quotas are an illustration.")
    assert quotas.reading().startswith("Illustration: the book has no target")
    assert phasing(toy).headline() == (
        "No target for Jul 2023 is given: its days are an illustration."
    )
    assert decomposition(toy).headline() == (
        "No target for 2023 is given: its split is an illustration."
    )
    lines = likelihood(toy)
    assert "target" not in lines.headline() and lines.reading().startswith(
        "The book has no target for 2023; 80 % of the forecast paths end between"
    )
    assert [row[0].text for row in lines.tables()[0].rows] == ["base", "sprint", "breakthrough"]
    given = people(toy, 1000)
    assert given.actions() and given.headline().startswith("Quotas for 2023-Q3: 2 people")


def test_a_year_all_but_over_asks_for_the_target_of_the_next(book):
    toy = book("2023-11", orders=two(lambda y, m: 100, lambda y, m: 50, 11))
    assert [a.what for a in likelihood(toy).actions()] == ["Set the target for the year after 2023"]
    june = book("2023-06", orders=two(lambda y, m: 100, lambda y, m: 50, 6))
    assert likelihood(june).actions()[0].what.startswith("Set the target for 2023, between")


def five_equal():
    return "order_id,date,customer_id,amount\n" + "\n".join(
        f"O{i},2023-0{1 + i // 5}-1{i % 5},C{i % 5},100" for i in range(30)
    )


def test_nobody_is_a_concentration_risk_by_a_limit_that_nobody_set(book):
    made = risk(book("2023-06", orders=five_equal()))
    assert made.actions() == [] and "risk" not in made.reading()
    assert made.reading().startswith(
        "The largest customer is one of 5 of equal size, with 20.0 % of sales."
    )


def test_a_limit_that_was_set_names_the_one_beyond_it_and_promises_no_worth(book):
    toml = TOML + "[goals]\nlargest_share = 0.25\n"
    orders = five_equal() + "\nX,2023-06-20,C1,400"
    (action,) = risk(book("2023-06", toml=toml, orders=orders)).actions()
    assert action.what == "Write the fallback for losing C1" and action.worth is None
    assert action.why.startswith("29.4 % of sales")
    # equal ones: nobody is named by the order of the alphabet
    low = TOML + "[goals]\nlargest_share = 0.2\n"
    assert risk(book("2023-06", toml=low, orders=five_equal())).actions() == []


SALES = months(2022, 2023, 3, lambda y, m: 100)
KEY = (
    "objective,key_result,metric,unit,baseline,target,owner,start,due\n"
    "Grow,A,accounts,count,0,10,Ann,2023-01-01,2023-12-31\n"
    "Grow,B,accounts,count,0,10,Bo,2023-01-01,2023-02-28"
)


def test_what_was_never_measured_is_neither_missed_nor_nought(book):
    checks = "key_result,date,value,confidence\nA,2023-01-10,4,0.5"
    made = objectives(book("2023-03", orders=SALES, key_results=KEY, check_ins=checks))
    assert made.results.set_index("key_result")["state"].to_dict() == {
        "A": "on course",
        "B": "stale",
    }
    assert made.objectives["own"].tolist() == [0.4]
    assert made.notes()[-1] == "1 key result was never measured: left out of every score."
    # two weeks without a check-in are an example: A is asked nothing; B never had one
    assert [a.what for a in made.actions()] == ["Check in on: B"]
    toml = TOML + "[goals]\nstale_days = 14\n"
    strict = objectives(book("2023-03", toml=toml, orders=SALES, key_results=KEY, check_ins=checks))
    assert [a.what for a in strict.actions()] == ["Check in on: A", "Check in on: B"]


def plan_of_one(indicator, expected):
    return (
        "strategy,goal,lever,budget,spent,start,due,owner,expected,indicator\n"
        f"S,more of it,price,100,100,2023-01-01,2023-06-30,Ann,{expected},{indicator}"
    )


def test_a_strategy_whose_indicator_fell_returned_nothing_and_is_not_said_to(book):
    """Orders from 6 to 3 against +10 expected: neither −30 % reached nor a negative return."""
    orders = "order_id,date,customer_id,amount\n" + "\n".join(
        [f"A{m},2022-0{m}-05,C1,100" for m in range(1, 7)]
        + [f"B{m},2022-{m:02d}-05,C1,100" for m in range(7, 13)]
        + [f"C{m},2023-0{m}-05,C1,100" for m in (1, 3, 6)]
    )
    made = strategies(
        book("2023-06", orders=orders, strategies=plan_of_one("orders", "10 more orders"))
    )
    spend = made.table["spend"].iloc[0]
    assert (spend.before, spend.now, spend.gain) == (6, 3, -3)
    assert made.table["return_"].isna().all() and not spend.beyond_noise()
    assert made.reading().endswith(
        "The indicator of S did not move the way expected, within chance."
    )
    action = next(a for a in made.actions() if a.what.startswith("Stop"))
    assert action.worth is None and action.what.endswith("did not move the way expected")


def test_a_rise_within_chance_has_no_return_one_beyond_it_has(book):
    def orders(n):
        return "order_id,date,customer_id,amount,cost\n" + "\n".join(
            [f"A{i},2022-0{1 + i % 6}-05,C1,100,60" for i in range(6)]
            + [f"B{i},2023-0{1 + i % 6}-05,C1,100,60" for i in range(n)]
        )

    sheet = plan_of_one("orders", "10 more orders")
    few = strategies(book("2023-06", orders=orders(9), strategies=sheet))
    assert few.table["return_"].isna().all() and "within chance" in few.reading()
    many = strategies(book("2023-06", orders=orders(26), strategies=sheet))
    # 20 orders more at 100 and the measured margin of 40 %: 800 on 100 spent
    assert many.table["return_"].iloc[0] == pytest.approx(8.0)
    assert "within chance" not in many.reading() and "its spend" not in many.reading()
    note = many.tables()[-1].note
    assert "gross profit by the cost of each order" in note and "up to" in note


def test_an_assumed_margin_is_called_assumed(book):
    orders = "order_id,date,customer_id,amount\n" + "\n".join(
        [f"A{i},2022-0{1 + i % 6}-05,C1,100" for i in range(6)]
        + [f"B{i},2023-0{1 + i % 6}-05,C1,100" for i in range(26)]
    )
    made = strategies(
        book("2023-06", orders=orders, strategies=plan_of_one("orders", "10 more orders"))
    )
    assert "assumed margin" in made.tables()[-1].note


ACTS = (
    "activity_id,date,rep_id,kind,due,status\n"
    "A1,2023-05-02,R1,call,2023-05-10,open\nA2,2023-05-02,R1,call,2023-06-10,open\n"
    "A3,2023-06-20,R1,call,2023-07-04,open"
)


def test_what_is_overdue_is_not_known_of_an_earlier_month(book):
    orders = two(lambda y, m: 100, lambda y, m: 50, 7)
    reps = "rep_id,name\nR1,Ann"
    now = rhythm(book("2023-06", orders=orders, activities=ACTS, reps=reps))
    assert now.people["overdue"].tolist() == [2] and "2 are overdue" in now.reading()
    then = rhythm(book("2023-05", orders=orders, activities=ACTS, reps=reps))
    assert "overdue" not in then.headline() and "is not known" in then.reading()
    assert "Overdue follow-ups" not in then.tables()[0].head


def test_a_days_work_that_nobody_set_overloads_nobody(book):
    orders = two(lambda y, m: 100, lambda y, m: 50, 6)
    acts = ACTS + "".join(f"\nX{i},2023-06-20,R1,call,2023-06-25,open" for i in range(40))
    made = rhythm(book("2023-06", orders=orders, activities=acts, reps="rep_id,name\nR1,Ann"))
    assert made.people["load"].iloc[0] > 1 and made.actions() == []
    assert "more than the week holds" not in made.reading()
    toml = TOML + "[goals.agenda]\nfollow-ups = 5\n"
    given = rhythm(
        book("2023-06", toml=toml, orders=orders, activities=acts, reps="rep_id,name\nR1,Ann")
    )
    assert [a.owner for a in given.actions()] == ["Ann"]
    assert "1 person has more than the week holds." in given.reading()


def test_a_month_that_is_over_has_no_chance_in_the_headline(book):
    orders = two(lambda y, m: 100, lambda y, m: 50, 9)
    month = tracking(
        book("2023-09", orders=orders, targets="period,metric,target\n2023-09,sales,200")
    )
    assert month.headline() == (
        "Target 2023-09: 75.0 % reached, pace 0.75×; 1 target in force: 1 red."
    )


def test_targets_that_name_no_owner_at_all_ask_once(book):
    orders = two(lambda y, m: 100, lambda y, m: 50, 9)
    made = tracking(book("2023-09", orders=orders, targets=PLAN))
    asked = [a.what for a in made.actions() if "owner" in a.what]
    assert asked == ["Name an owner for each target"]
    owned = PLAN.replace("region", "region,owner").replace("2400,", "2400,,Ann")
    owned = owned.replace(",East", ",East,").replace(",West", ",West,Bo")
    made = tracking(book("2023-09", orders=orders, targets=owned))
    asked = [a.what for a in made.actions() if "owner" in a.what]
    assert asked == ["Name an owner for the targets of region East"]


def test_a_month_many_times_the_year_before_is_said_in_times(book):
    made = sales_overview(
        book("2023-12", orders=two(lambda y, m: 10 if y == 2022 else 300, lambda y, m: 10))
    )
    assert "from 2 orders, 15.50× the year before." in made.reading()


def test_sales_of_ten_months_are_not_called_twelve(book):
    made = sales_overview(book("2023-06", orders=daily("2022-09-01", "2023-06-30")))
    assert "Since 1 Sep 2022, when the data begin, sales stand at" in made.reading()
    lifts = decomposition(
        book(
            "2023-06",
            orders=daily("2022-09-01", "2023-06-30").replace("amount\n", "amount\n"),
            customers="customer_id,customer_type\n"
            + "\n".join(f"C{i},{'big' if i else 'small'}" for i in range(5)),
        ),
        50_000,
    ).table["lift"]
    assert len(lifts) == 2 and lifts.isna().all()
