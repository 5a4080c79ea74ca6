"""Plans and deals as they go wrong in life, each worked by hand: odd cents, refunds over a plan
change, part payments, people who leave.
"""

from datetime import date
from decimal import Decimal

import pytest

from playbook import incentives
from playbook.pay.history import history
from playbook.pay.lines import within
from playbook.pay.total import total_pay
from small_company import TABLES, small_book

FLAT = [(0, None, "0.10")]
SMALL = [(0, 1000, "0.08"), (1000, 2000, "0.10"), (2000, None, "0.12")]
JUNE = (  # so that the data reach the end of the quarter
    "activity_id,date,rep_id,kind\nA1,2023-06-30,R1,call\n"
)
HEAD = "order_id,date,customer_id,amount,rep_id,kind,paid_amount,paid_date\n"


def toml(**plans: str) -> str:
    return "".join(
        f'[[commission_plans]]\nname = "{name}"\n{text}\n' for name, text in plans.items()
    )


def test_a_refund_over_a_quarter_and_a_plan_change_comes_back_at_the_rate_really_paid():
    """Sold in March at a tenth, sent back in June when the plan pays a twentieth: a tenth comes
    back, in June, under the old plan's name.
    """
    text = toml(
        new='starts = 2023-04-01\nreplaces = "old"\ntiers = [{ lower = 0, rate = 0.05 }]',
        old="starts = 2023-01-01\ntiers = [{ lower = 0, rate = 0.10 }]",
    )
    made = small_book(
        text,
        orders=HEAD + "A,2023-03-10,C1,1000,R1,new,,\n"
        "B,2023-05-10,C1,400,R1,new,,\n"
        "A,2023-06-01,C1,-300,R1,refund,,\n",
    )
    statement = incentives.statements(made)
    assert [(r.item, r.pay, r.plan) for r in statement.lines.itertuples()] == [
        ("commission", 20, "new"),
        ("clawback", -30, "old"),
    ]
    assert statement.total == -10
    assert statement.spans["year_to_date"][0] == 100 - 30 + 20


def test_a_plan_that_changes_inside_a_quarter_shares_it_by_days():
    """From 16 May 46 of the quarter's 91 days are the new plan's: its edge of 1,000 becomes
    505.4945
    (46/91 of it), and words and distances say so.
    """
    text = toml(
        new=(
            'starts = 2023-05-16\nreplaces = "old"\ntiers = [{ lower = 0, upper = 1000, rate = 0.1'
            " }, { lower = 1000, rate = 0.2 }]"
        ),
        old="starts = 2023-01-01\ntiers = [{ lower = 0, rate = 0.01 }]",
    )
    made = small_book(
        text,
        orders=HEAD + "A,2023-05-01,C1,1000,R1,new,,\n"
        "B,2023-05-20,C1,400,R1,new,,\n"
        "C,2023-06-20,C1,200,R1,new,,\n",
    )
    statement = incentives.statements(made)
    assert statement.lines["pay"].tolist() == [10, 40, Decimal("10.55") + Decimal("18.90")]
    assert statement.lines["how"].tolist()[2] == "¥105.49 at 10 % + ¥94.51 at 20 %"
    row = statement.table.iloc[0]
    assert (row["total"], row["to_next"], row["band_rate"]) == (600, None, Decimal("0.2"))


def test_cash_pays_parts_over_quarters_and_a_day_without_an_amount_is_the_whole():
    text = toml(
        cash=(
            'starts = 2023-01-01\nbasis = "cash"\ntiers = [{ lower = 0, upper = 500, rate = 0.1 },'
            " { lower = 500, rate = 0.2 }]"
        )
    )
    made = small_book(
        text,
        activities=JUNE,
        orders=HEAD + "A,2023-01-10,C1,900,R1,new,400,2023-02-01\n"
        "A,2023-01-10,C1,0,R1,new,500,2023-04-20\n"
        "B,2023-05-10,C1,300,R1,new,,2023-05-11\n"
        "C,2023-05-10,C1,9999,R1,new,,\n",
    )
    statement = incentives.statements(made)
    assert statement.lines["pay"].tolist() == [
        50,
        60,
    ]  # 500 of A in April, then 300 of B above the edge; C is not paid for yet
    assert "Cash basis" in " ".join(statement.notes())


def test_someone_who_leaves_keeps_their_lines_and_a_part_of_the_guarantee():
    """R3 leaves on 1 June: 62 of the quarter's 91 days of a floor of 91 are 62; R2 sold nothing and
    gets all of it, R1 earned more.
    """
    text = toml(p="starts = 2020-01-01\nfloor = 91\ntiers = [{ lower = 0, rate = 0.1 }]")
    reps = (
        TABLES["reps"]
        .replace("R2,Bob,A,M1,R1,2023-02-01,", "R2,Bob,A,M1,R1,2020-02-01,")
        .replace("2023-03-01,2023-06-01", "2020-03-01,2023-06-01")
    )
    rows = (
        "A,2023-05-10,C1,2000,R1,new,,\nB,2023-05-10,C1,100,R3,new,,\nC,2022-05-10,C1,1,R2,new,,\n"
    )
    lines = incentives.statements(
        small_book(text, activities=JUNE, orders=HEAD + rows, reps=reps)
    ).lines
    assert lines.groupby(["rep_id", "item"])["pay"].sum().to_dict() == {
        ("R1", "commission"): 200,
        ("R2", "guarantee"): 91,
        ("R3", "commission"): 10,
        ("R3", "guarantee"): 52,
    }


def test_a_draw_ends_with_the_month_someone_leaves():
    text = toml(
        p="starts = 2023-04-01\ndraw = { monthly = 30 }\ntiers = [{ lower = 0, rate = 0.1 }]"
    )
    rows = "A,2023-04-10,C1,100,R3,new,,\nB,2023-05-10,C1,500,R3,new,,\n"
    lines = incentives.statements(
        small_book(
            text,
            activities=JUNE,
            orders=HEAD + rows,
            reps=TABLES["reps"].replace("2023-06-01", "2023-05-20"),
        )
    ).lines
    mine = lines[lines["rep_id"] == "R3"]
    assert [(r.item, r.pay) for r in mine.itertuples()] == [
        ("commission", 10),
        ("draw", 20),
        ("commission", 50),
        ("draw recovered", -20),
    ]


def test_the_year_to_date_runs_on_through_the_quarters():
    text = toml(
        p=(
            'starts = 2023-01-01\naccumulate = "year"\ntiers = [{ lower = 0, upper = 1000, rate ='
            " 0.1 }, { lower = 1000, rate = 0.2 }]"
        )
    )
    made = small_book(
        text,
        activities=JUNE,
        orders=HEAD + "A,2023-01-10,C1,900,R1,new,,\nB,2023-05-10,C1,300,R1,new,,\n",
    )
    statement = incentives.statements(made)
    assert statement.lines["pay"].tolist() == [50] and statement.spans["year_to_date"][0] == 140
    assert statement.table["total"].tolist() == [1200]


def test_ramped_quota_counts_from_the_month_of_hiring():
    """Hired in May at half a quota for two months: a quota of 900 a quarter becomes 0 + 150 + 150,
    and 330 is 110 %.
    """
    text = toml(
        p=(
            "starts = 2023-01-01\nquota = 900\nramp = [0.5, 0.5]\nattainment = { target_pay = 100,"
            " levels = [{ at = 1, pays = 1 }] }"
        )
    )
    made = small_book(
        text,
        activities=JUNE,
        orders=HEAD + "A,2023-05-10,C1,330,R2,new,,\n",
        reps=TABLES["reps"].replace("2023-02-01", "2023-05-02"),
    )
    assert incentives.statements(made).total == 100
    assert incentives.attainment(made).table.set_index("rep_id").loc[
        "R2", "attainment"
    ] == pytest.approx(1.1)


def test_numbers_as_large_as_the_tables_hold_stay_exact():
    text = toml(
        p=(
            "starts = 2023-01-01\nprorate = true\ncap = 9999999999999\ntiers = [{ lower = 0, upper"
            " = 9999999999998, rate = 0.333333 }, { lower = 9999999999998, rate = 0.9 }]"
        )
    )
    made = small_book(
        text,
        activities=JUNE,
        orders=HEAD + "A,2023-05-10,C1,9999999999999.9999,R1,new,,\n",
    )
    exact = Decimal("0.333333") * 9999999999998 + Decimal("0.9") * Decimal("1.9999")
    assert incentives.statements(made).total == exact.quantize(Decimal("0.01"))


def test_a_statement_in_brief_is_amount_times_rate():
    made = incentives.statements(small_book())
    rows = made.summary("R2")
    assert [[cell.text for cell in row] for row in rows.rows] == [
        ["commission", "8 %", "1", "¥1,000.00", "¥80.00"],
        ["commission", "10 %", "2", "¥1,000.00", "¥100.00"],
        ["commission", "12 %", "1", "¥300.00", "¥36.00"],
    ]
    assert rows.total[0][-1].text == "¥216.00"


def test_what_rounding_leaves_over_goes_to_the_largest_remainders():
    from playbook.incentives.plans.summary import round_to_total

    exact = [Decimal("1.006"), Decimal("2.009"), Decimal("-0.005")]
    assert round_to_total(exact, Decimal("3.01"), 2) == [
        Decimal("1.01"),
        Decimal("2.01"),
        Decimal("-0.01"),
    ]
    assert sum(round_to_total(exact, Decimal("3.05"), 2)) == Decimal("3.05")


def test_what_the_next_deal_earns():
    """Bob stands at 2,300 of the last band; Ann at nothing, 1,000 below the first edge; the typical
    order is 850.
    """
    made = incentives.statements(small_book()).table.set_index("rep_id")
    assert (made.loc["R2", "to_next"], made.loc["R2", "next_deal"]) == (None, 102)
    assert (made.loc["R1", "to_next"], made.loc["R1", "next_deal"]) == (1000, 68)
    quota = toml(
        p=(
            "starts = 2020-01-01\nquota = 2500\ncap = 260\nattainment = { target_pay = 100, levels"
            " = [{ at = 0.9, pays = 0.5 }, { at = 1, pays = 2 }] }\ntiers = [{ lower = 0, rate ="
            " 0.08 }]"
        )
    )
    bob = incentives.statements(small_book(quota)).table.set_index("rep_id").loc["R2"]
    assert (bob["to_next"], bob["pay"], bob["next_deal"]) == (
        200,
        184 + 50,
        26,
    )  # 200 below the quota; 218 more would be due, the cap leaves 26


def test_credit_that_is_split_counts_for_both_quotas():
    text = toml(
        p=(
            "starts = 2020-01-01\nquota = 1000\nattainment = { target_pay = 100, levels = [{ at ="
            ' 1, pays = 1 }] }\nsplits = [{ to = "order", share = 0.6 }, { to = "customer", share ='
            " 0.4 }]"
        )
    )
    made = incentives.attainment(
        small_book(text, activities=JUNE, orders=HEAD + "A,2023-05-10,C1,1000,R2,new,,\n")
    )
    assert made.table.set_index("rep_id")["attainment"].to_dict() == {"R2": 0.6, "R1": 0.4}


def test_a_quota_is_the_engines_with_leave_and_the_day_it_changes():
    """900 a quarter, May let off, 1,800 from 1 June, by the quarter's 91 days: April's 30 carry
    296.70, June's 30 593.41.
    """
    text = toml(
        p=(
            "starts = 2020-01-01\nquota = 900\nthreshold = 0.5\n"
            "tiers = [{ lower = 0, rate = 0.1 }]\n"
            'relief = [{ rep = "R2", starts = 2023-05-01, ends = 2023-05-31, reason = "leave" }]\n'
            "quota_from = [{ starts = 2023-06-01, quota = 1800 }]"
        )
    )
    rows = HEAD + "A,2023-05-10,C1,1000,R2,new,,\n"
    made = small_book(text, activities=JUNE, orders=rows)
    row = incentives.attainment(made).table.iloc[0]
    assert (row["quota"], row["credited"]) == (Decimal("890.11"), 1000)
    lines = incentives.statements(made).lines
    assert lines["quota"].iloc[0] == Decimal("890.1099")


def test_pay_of_any_window_is_the_sum_of_its_lines():
    made = small_book()
    past, statement = history(made), incentives.statements(made)
    whole = total_pay(past, past.chosen.current, dated=True)
    for name, (paid, revenue) in statement.spans.items():
        span = made.window(name)
        assert paid == Decimal(int(within(whole.lines, span.start, span.end)["pay"].sum())) / 100
        kpi = next(k for k in statement.kpis() if k.name == "cost_of_sales" and k.window == name)
        assert kpi.value == (pytest.approx(float(paid / revenue)) if revenue > 0 else None)
    assert statement.spans["month"] == (Decimal(-58), Decimal(-600)) and made.as_of == date(
        2023, 6, 30
    )
