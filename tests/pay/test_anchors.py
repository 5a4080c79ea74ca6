"""Published and worked cases of this trade, each to the cent. The source of a case stands with it:
vendors' own worked tables where there is one, else the arithmetic of the rule in exact fractions.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from pay_plans import one_quota as quota
from pay_plans import orders, plan, sale
from playbook.base.settings.plan_terms import Draw
from playbook.pay.accrual import accrued
from playbook.pay.advances import ledger
from playbook.pay.history import history
from playbook.pay.payroll import payroll
from playbook.pay.period_pay import PeriodPay
from playbook.pay.quota import quota_by_month, quota_of
from playbook.pay.refund_rules import not_served
from playbook.pay.roster import Roster
from playbook.pay.settle import carried_on, later, until_paid
from playbook.pay.total import total_pay
from small_company import small_book

P1 = [(0, 1_000_000, "0.08"), (1_000_000, 2_000_000, "0.10"), (2_000_000, None, "0.12")]
FLAT = [(0, None, "0.08")]
TENTH = [(0, None, "0.10")]


def lines_of(rows, plan_, **options):
    return payroll(orders(*rows), plan_, **options).lines


def pays(rows, plan_, **options):
    return lines_of(rows, plan_, **options)["pay"].tolist()


def test_a_deal_that_crosses_an_edge():
    """Case 1, Salesforce Spiff, Trailhead "marginal payout rules"."""
    bands = [(0, 150_000, "0.04"), (150_000, 250_000, "0.06"), (250_000, None, "0.08")]
    assert pays([sale(145_000), sale(20_000, "2023-01-11")], plan(bands))[-1] == 1_100_00


def test_bands_that_pay_money():
    """Case 3, Oracle Incentive Compensation, interpolated rates: 10/40/100/2,000 for the bands."""
    tiers = [
        {"lower": 0, "upper": 1000, "pays": 10},
        {"lower": 1000, "upper": 3000, "pays": 40},
        {"lower": 3000, "upper": 8000, "pays": 100},
        {"lower": 8000, "upper": 20_000, "pays": 2000},
        {"lower": 20_000, "rate": 0},
    ]
    days = ["01-01", "01-02", "01-15", "02-01", "02-15", "03-01"]
    amounts = [200, 300, 1500, 1200, 2000, 4500]
    rows = [sale(a, f"2023-{d}") for a, d in zip(amounts, days, strict=True)]
    assert pays(rows, _plan(tiers, accumulate="deal")) == [2_00, 3_00, 20_00, 14_00, 30_00, 80_00]
    assert sum(pays(rows, _plan(tiers))) == 433_33


def _plan(tiers, **options):
    one = plan(FLAT, **options)
    return type(one).model_validate({**one.model_dump(), "tiers": tiers})


@pytest.mark.parametrize(
    ("amount", "paid"),
    [("16500.00", 825_00), ("16500.01", 1_650_00), (33_000, 3_300_00), (40_000, 4_700_00)],
)
def test_a_band_that_reaches_back_beside_one_that_does_not(amount, paid):
    """Case 6, plan of QuotaPath's library: past half of the quota 10 % on all, above it 20 %."""
    tiers = [
        {"lower": 0, "upper": "0.5", "rate": "0.05"},
        {"lower": "0.5", "upper": 1, "rate": "0.10", "retroactive": True},
        {"lower": 1, "rate": "0.20"},
    ]
    one = _plan(tiers, tiers_of="quota")
    assert pays([sale(amount)], one, quotas=quota(33_000)) == [paid]


WEIGHTED = {
    "target_pay": 10_000,
    "levels": [{"at": "0.5", "pays": "0.5"}, {"at": 1, "pays": 1}],
    "between": "interpolated",
    "above": 2,
    "measures": [
        {"name": "revenue", "weight": "0.6", "quota": 500_000},
        {
            "name": "margin",
            "of": "gross_margin",
            "weight": "0.4",
            "quota": 100_000,
            "gate": {"measure": "revenue", "at": "0.8"},
        },
    ],
}


@pytest.mark.parametrize(
    ("revenue", "paid"), [(450_000, 10_200_00), (400_000, 9_600_00), ("399999.99", 4_800_00)]
)
def test_weighted_measures_and_a_gate(revenue, paid):
    """Case 7: 60/40 of 10,000, 2:1 above the quota, margin only from 80 % of revenue."""
    rows = orders(sale(revenue)).assign(
        cost=pd.array([int((Decimal(revenue) - 110_000) * 10_000)], dtype="Int64")
    )
    assert payroll(rows, plan([], attainment=WEIGHTED)).lines["pay"].sum() == paid


@pytest.mark.parametrize(("margin", "paid"), [("0.1999", 96_000_00), ("0.2", 110_400_00)])
def test_a_factor_by_the_margin(margin, paid):
    """Case 9, Cichelli's linked formula: 2 % to 3m and 3 % above, × 115 % from a margin of 20 %."""
    one = plan(
        [(0, 3_000_000, "0.02"), (3_000_000, None, "0.03")],
        modifier=[{"at": "0.1", "times": 1}, {"at": "0.2", "times": "1.15"}],
    )
    cost = int(4_200_000 * (1 - Decimal(margin)) * 10_000)
    rows = orders(sale(4_200_000)).assign(cost=pd.array([cost], dtype="Int64"))
    assert payroll(rows, one).lines["pay"].tolist() == [paid]


@pytest.mark.parametrize(
    ("amount", "first", "excess"),
    [("399999.99", 0, 0), (400_000, 32_000_00, 0), (450_000, 36_000_00, 4_000_00)],
)
def test_a_threshold_from_the_first_unit_or_only_above(amount, first, excess):
    """Case 11: 80 % of 500,000 at 8 %."""
    for way, paid in (("first", first), ("excess", excess)):
        one = plan(FLAT, threshold="0.8", threshold_from=way)
        assert pays([sale(amount)], one, quotas=quota(500_000)) == [paid]


def test_a_deal_pays_no_more_than_its_cap_and_counts_in_full():
    """Case 15."""
    found = lines_of([sale(400_000)], plan(TENTH, deal_cap=20_000))
    assert found["pay"].tolist() == [20_000_00]
    assert found["after"].tolist() == [400_000_0000]
    assert found["bound"].tolist() == ["deal cap"]


def test_what_a_cap_keeps_back_is_paid_later():
    """Case 17, Oracle's "pay excess later": 12,000 and 7,000 at a cap of 10,000."""
    first, carried = later(12_000_00, 0, 10_000_00)
    second, rest = later(7_000_00, carried, 10_000_00)
    assert (first, carried, second, rest) == (10_000_00, 2_000_00, 9_000_00, 0)
    for excess, paid in (("later", [10_000, 9_000]), ("lost", [10_000, 7_000])):
        toml = (
            '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\naccumulate = "month"\n'
            f'cap = 10000\nexcess = "{excess}"\ntiers = [{{ lower = 0, rate = 1 }}]\n'
        )
        made = _paid(toml, [("A", "2023-01-10", 12_000), ("B", "2023-02-10", 7_000)], "2023-02")
        assert made.groupby("month")["pay"].sum().tolist() == [v * 100 for v in paid]


HEAD = "order_id,date,customer_id,amount,rep_id\n"


def _paid(toml: str, rows, month: str, **tables) -> pd.DataFrame:
    text = HEAD + "".join(f"{o},{d},C1,{a},R1\n" for o, d, a in rows)
    reps = tables.pop("reps", "rep_id,name\nR1,Ann\n")
    book = small_book(toml, month=month, orders=text, customers="", reps=reps, **tables)
    past = history(book)
    lines = total_pay(past, past.chosen.current, dated=True).lines
    return lines.assign(month=lines["date"].dt.strftime("%Y-%m"))


def test_a_draw_recovered_from_its_fourth_month_on():
    """Case 21, Oracle's draw and recovery table (months 1 to 3)."""
    earned = [Decimal(v) for v in (500, 700, 400, 1600, 1200, 2500)]
    found = ledger(earned, Draw(monthly=1000, recovery_from=4))
    assert [int(v) for v in found["paid"]] == [1000, 1000, 1000, 1000, 1000, 1900]
    assert [int(v) for v in found["balance"]] == [500, 800, 1400, 800, 600, 0]
    assert found["paid"].sum() == sum(earned) == 6900


def test_recovery_waits_takes_a_part_and_is_capped():
    earned = [Decimal(v) for v in (0, 3000, 3000)]
    late = ledger(earned, Draw(monthly=1000, recovery_from=3))
    assert [int(v) for v in late["recovered"]] == [0, 0, 1000]
    part = ledger(earned, Draw(monthly=1000, recovery_share="0.25"))
    assert [int(v) for v in part["recovered"]] == [0, 500, 500]
    capped = ledger(earned, Draw(monthly=1000, recovery_most=300))
    assert [int(v) for v in capped["recovered"]] == [0, 300, 300]


def test_a_draw_makes_pay_up_or_comes_on_top():
    """Case 23: 5,000 and 3,200 earned (QuotaPath: greater of; Xactly: on top)."""
    made = [
        ledger([Decimal(3200)], Draw(monthly=5000, recoverable=False, adds=way))
        for way in ("greater_of", "on_top")
    ]
    assert [int(one["paid"].sum()) for one in made] == [5000, 8200]
    assert int(made[0]["advanced"].sum()) == 1800


def test_a_leaver_keeps_no_more_debt_than_the_last_pay():
    """Case 24: owes 1,400, last pay 900 (France, L3251-1: nothing beyond what is due)."""
    earned = [Decimal(0), Decimal(600), Decimal(900)]
    draw = Draw(monthly=1000, at_exit="written_off")
    found = ledger(earned, draw, leaves=2)
    assert [int(v) for v in found["balance"]] == [1000, 1400, 0]
    assert [int(v) for v in found["paid"]] == [1000, 1000, 0]
    assert [int(v) for v in found["written_off"]] == [0, 0, 500]


def _shares(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["order_id", "opportunity_id", "rep_id", "share", "kind"])


def test_a_deal_split_by_the_table():
    """Case 26: A stands at 950,000, B at 0; 200,000 are split 60 to 40."""
    rows = [sale(950_000, rep_id="A"), sale(200_000, "2023-02-01", order_id="X", rep_id="A")]
    table = _shares(("X", None, "A", 0.6, "split"), ("X", None, "B", 0.4, "split"))
    found = lines_of(rows, plan(P1), shares=table)
    mine = found[found["order_id"] == "X"]
    assert dict(zip(mine["rep_id"], mine["pay"], strict=True)) == {"A": 11_000_00, "B": 6_400_00}
    assert pays(rows, plan(P1))[-1] == 19_000_00


def test_thirds_of_a_cent_go_to_the_first():
    """Case 27."""
    thirds = [{"to": who, "share": "1/3"} for who in ("order", "customer", "lead")]
    row = sale("100.01", customer_rep="R2", lead_rep="R3")
    found = lines_of([row], plan(FLAT, splits=thirds))
    assert found["amount"].tolist() == [33_3400, 33_3400, 33_3300]


def test_an_overlay_is_credited_on_top():
    """Case 28: 80,000; the seller 8 %, a quarter of it to a specialist paid 2 %."""
    table = _shares(("X", None, "R1", 1.0, "split"), ("X", None, "S1", 0.25, "overlay"))
    row = sale(80_000, order_id="X")
    people = pd.DataFrame({"rep_id": ["R1", "S1"], "role": ["seller", "specialist"]})
    paid = {}
    for role, bands in (("seller", FLAT), ("specialist", [(0, None, "0.02")])):
        one = plan(bands, roles=[role])
        found = lines_of([row], one, shares=table, roster=Roster(people))
        paid |= dict(zip(found["rep_id"], found["pay"], strict=True))
    assert paid == {"R1": 6_400_00, "S1": 400_00}
    credit = lines_of([row], plan(FLAT), shares=table)["amount"].sum()
    assert Fraction(int(credit), 80_000_0000) == Fraction(5, 4)


def test_a_manager_earns_on_what_was_sold_while_the_report_was_theirs():
    """Case 29, Oracle's roll-up date: Ann under M1 to 15 May, then M2; D above both."""
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\nmanager_rate = 0.02\n'
        "manager_rates = [0.005]\ntiers = [{ lower = 0, rate = 0.08 }]\n"
    )
    reps = "rep_id,name,manager_id\nR1,Ann,M2\nM1,One,D\nM2,Two,D\nD,Dir,\n"
    assigned = (
        "subject,subject_id,role,value,from,to\n"
        "rep,R1,manager,M1,2023-01-01,2023-05-15\nrep,R1,manager,M2,2023-05-16,\n"
    )
    rows = [("A", "2023-05-10", 100_000), ("B", "2023-05-20", 60_000), ("A", "2023-06-03", -40_000)]
    found = _paid(toml, rows, "2023-06", reps=reps, assignments=assigned)
    sums = found[found["item"] == "manager"].groupby("rep_id")["pay"].sum().to_dict()
    assert sums == {"M1": 1_200_00, "M2": 1_200_00, "D": 600_00}


def test_a_deals_minimum_is_taken_back_with_it():
    """Case 33, Xactly: 100 × 5 % = 5, minimum 10; recomputed −10, at the original rate −5."""
    rows = [sale(100, order_id="X"), sale(-100, "2023-05-01", order_id="X")]
    five = [(0, None, "0.05")]
    assert pays(rows, plan(five, deal_floor=10)) == [10_00, -10_00]
    there = plan(five, deal_floor=10, refunds={"rule": "original_rate"})
    assert pays(rows, there) == [10_00, -5_00]
    rows[1]["date"] = "2023-02-01"
    assert pays(rows, plan(five, deal_floor=10)) == [10_00, -10_00]


def test_a_contract_that_ends_early_is_taken_back_by_time():
    """Case 34: 9,000 for twelve months from 1 January, ended on 30 June."""
    start, end = pd.Timestamp("2023-01-01"), pd.Timestamp("2023-06-30")
    assert not_served(start, end, 12, "months") == Fraction(7, 12)
    assert not_served(start, end, 12, "days") == Fraction(184, 365)
    for by, back in (("months", -5_250_00), ("days", -4_536_99)):
        rows = orders(
            sale(90_000, "2023-01-01", order_id="X"), sale(-90_000, "2023-06-30", order_id="X")
        ).assign(months=pd.array([12, 12], dtype="Int64"))
        one = plan(TENTH, refunds={"rule": "by_time", "by": by})
        assert payroll(rows, one).lines["pay"].tolist() == [9_000_00, back]


def test_pay_is_taken_back_within_the_window_and_not_after():
    """Case 35: sold on 2 January 2025, refunded on day 90 and on day 91."""
    one = plan(FLAT, refunds={"window_days": 90})
    for day, back, said in (("2025-04-02", -80_00, ""), ("2025-04-03", 0, "after 90 days")):
        found = lines_of(
            [sale(1000, "2025-01-02", order_id="X"), sale(-1000, day, order_id="X")], one
        )
        assert found["pay"].tolist() == [80_00, back]
        assert found["bound"].tolist()[-1] == said


def test_half_at_booking_and_half_as_it_is_paid():
    """Case 37: 8,000, of which the customer has paid 60 %."""
    lines = lines_of([sale(100_000, order_id="X")], plan(FLAT)).assign(plan="test")
    payments = pd.DataFrame(
        {"order_id": ["X"], "date": [pd.Timestamp("2023-03-01")], "amount": [60_000_0000]}
    )
    held = until_paid(lines, payments, Fraction(1, 2), 2)
    assert [(one.item, one.pay) for one in held] == [
        ("held until paid", Decimal(-4000)),
        ("released by payment", Decimal(2400)),
    ]
    assert 8000 + sum(one.pay for one in held) == 6400


@pytest.mark.parametrize(
    ("leaving", "paid"),
    [
        ({}, 800_00),
        ({"pays": "within_days", "days": 30, "share": "0.5"}, 2_800_00),
        ({"pays": "booked"}, 4_800_00),
    ],
)
def test_what_a_leavers_later_orders_pay(leaving, paid):
    """Case 38: left on 31 May; 10,000 on 20 May, 50,000 on 12 June."""
    people = pd.DataFrame({"rep_id": ["R1"], "left": [pd.Timestamp("2023-05-31")]})
    rows = [sale(10_000, "2023-05-20"), sale(50_000, "2023-06-12")]
    found = lines_of(rows, plan(FLAT, leaving=leaving), roster=Roster(people))
    assert found["pay"].sum() == paid
    assert found["bound"].tolist() == ["", "after leaving"]


@pytest.mark.parametrize(
    ("leaving", "paid"),
    [
        ({}, [10_00, 0, 0]),
        ({"pays": "booked"}, [10_00, 10_00, 20_00]),
        ({"pays": "booked", "share": "0.5"}, [10_00, 5_00, 10_00]),
    ],
)
def test_a_deals_limits_are_no_pay_for_leavers(leaving, paid):
    """At least 10 and at most 20 a deal at 5 %: 100 before, 100 and 1,000 after the last day."""
    people = pd.DataFrame({"rep_id": ["R1"], "left": [pd.Timestamp("2023-05-31")]})
    rows = [sale(100, "2023-05-20"), sale(100, "2023-06-12"), sale(1000, "2023-06-13")]
    one = plan([(0, None, "0.05")], deal_floor=10, deal_cap=20, leaving=leaving)
    assert pays(rows, one, roster=Roster(people)) == paid


def test_a_bonus_for_the_days_on_board():
    """Case 39, Cour de cassation 20-12.611: 30,000 a year, left on 31 August."""
    part = {"target_pay": 30_000, "levels": [{"at": 1, "pays": 1}], "presence": "pro_rata"}
    people = pd.DataFrame({"rep_id": ["R1"], "left": [pd.Timestamp("2023-08-31")]})
    rows = [sale(100_000, "2023-03-01")]
    for presence, paid in (("pro_rata", 19_972_60), ("at_end", 0), ("ignored", 30_000_00)):
        one = plan([], accumulate="year", attainment={**part, "presence": presence})
        found = pays(rows, one, quotas=quota(100_000), roster=Roster(people))
        assert sum(found) == paid


def test_a_plan_that_goes_on_from_the_total_before():
    """Case 40: 8/10 % at 1m, from 16 May 9/12 %; 600,000 and 700,000."""
    old = plan([(0, 1_000_000, "0.08"), (1_000_000, None, "0.10")], ends="2023-05-15")
    bands = [(0, 1_000_000, "0.09"), (1_000_000, None, "0.12")]
    rows = [sale(600_000, "2023-04-10"), sale(700_000, "2023-05-20")]

    def carried(groups):
        return np.full(len(groups), 600_000_0000, dtype=np.int64)

    new = plan(bands, starts="2023-05-16", change="carry", prorate=False)
    whole = plan(bands, starts="2023-05-16", prorate=False)
    assert pays(rows, old.model_copy(update={"prorate": False}), dated=True) == [48_000_00]
    assert pays(rows, new, dated=True, carried=carried) == [72_000_00]
    assert pays(rows, whole, dated=True) == [63_000_00]


def test_a_plan_change_in_a_book_carries_the_total():
    """Case 40 from the settings: 48,000 + 72,000."""
    toml = (
        '[[commission_plans]]\nname = "old"\nstarts = 2022-01-01\nprorate = false\ntiers = ['
        "{ lower = 0, upper = 1000000, rate = 0.08 }, { lower = 1000000, rate = 0.10 }]\n"
        '[[commission_plans]]\nname = "new"\nstarts = 2023-05-16\nreplaces = "old"\n'
        'prorate = false\nchange = "carry"\ntiers = ['
        "{ lower = 0, upper = 1000000, rate = 0.09 }, { lower = 1000000, rate = 0.12 }]\n"
    )
    rows = [("A", "2023-04-10", 600_000), ("B", "2023-05-20", 700_000)]
    assert _paid(toml, rows, "2023-05")["pay"].tolist() == [48_000_00, 72_000_00]


def test_a_quota_that_changes_inside_the_year():
    """Case 41, SCP-010: 1.2m to 31 August, 1.5m after; 243 and 122 days."""
    one = plan(
        FLAT,
        quota=1_200_000,
        accumulate="year",
        quota_from=[{"starts": "2023-09-01", "quota": 1_500_000}],
    )
    found = quota_of("R1", (date(2023, 1, 1), date(2023, 12, 31)), one, {}, None)
    assert round(found, 2) == Decimal("1300273.97")
    assert round(1_350_000 / float(found), 4) == 1.0382


def test_leave_lets_a_part_of_the_quota_off():
    relief = [
        {"rep": "R1", "starts": "2023-02-01", "ends": "2023-02-14", "reason": "leave"},
        {
            "rep": "R1",
            "starts": "2023-03-01",
            "ends": "2023-03-31",
            "reason": "other",
            "share": 0.5,
        },
    ]
    one = plan(FLAT, quota=90_000, relief=relief)
    span = (date(2023, 1, 1), date(2023, 3, 31))
    assert list(quota_by_month("R1", span, one, {}, None).values()) == [30_000, 15_000, 15_000]
    assert list(quota_by_month("R2", span, one, {}, None).values()) == [30_000] * 3


def test_a_new_hires_first_month_whole_or_by_days():
    """Case 43: 25/50/75 % of 30,000 a month, hired on 20 April."""
    ramp = ["0.25", "0.5", "0.75"]
    span, hired = (date(2023, 4, 1), date(2023, 6, 30)), date(2023, 4, 20)
    for first, due in (("month", 45_000), ("days", 40_250)):
        one = plan(FLAT, quota=90_000, ramp=ramp, ramp_first=first)
        assert quota_of("R1", span, one, {}, hired) == due


@pytest.mark.parametrize(
    ("rule", "paid"), [("close", 122_00), ("payment", 125_00), ("plan", 120_00)]
)
def test_the_day_of_a_currencys_rate(rule, paid):
    """Case 44, iDynamics: £1,000 at 10 %; 1.22 when posted, 1.25 when paid, 1.20 at the start."""
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\n'
        f'currency_rate = "{rule}"\ntiers = [{{ lower = 0, rate = 0.1 }}]\n'
    )
    book = small_book(
        toml,
        month="2023-04",
        customers="",
        reps="rep_id,name\nR1,Ann\n",
        orders=(
            "order_id,date,customer_id,amount,rep_id,currency,paid_amount,paid_date\n"
            "A,2023-02-10,C1,1000,R1,GBP,1000,2023-03-10\n"
            "B,2023-04-30,C1,0.01,R1,,,\nA,2023-04-05,C1,-1000,R1,GBP,,\n"
        ),
        rates="month,currency,rate\n2023-01,GBP,1.20\n2023-02,GBP,1.22\n2023-03,GBP,1.25\n"
        "2023-04,GBP,1.31\n",
    )
    past = history(book)
    lines = total_pay(past, past.chosen.current, dated=True).lines
    assert lines[lines["order_id"] == "A"]["pay"].tolist() == [paid, -paid]


def test_minor_units_of_every_currency():
    """Case 46: 8 % of JPY 12,345 and of KWD 1,234.567."""
    assert pays([sale(12_345)], plan(FLAT), minor=0) == [988]
    assert pays([sale("1234.567")], plan(FLAT), minor=3) == [98_765]


@pytest.mark.parametrize(("every", "paid"), [("time", 500_00), ("once", 250_00)])
def test_an_award_for_ten_pieces_in_an_order(every, paid):
    """Case 48, Xactly's SPIF: orders of 9, 10 and 25."""
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\n'
        'awards = [{ name = "ten", event = "order", amount = 250, least_quantity = 10,'
        f' every = "{every}" }}]\n'
    )
    rows = [f"O{q},2023-01-{q},C1,100,R1,{q}\n" for q in ("09", "10", "25")]
    book = small_book(
        toml,
        month="2023-01",
        customers="",
        reps="rep_id,name\nR1,Ann\n",
        orders="order_id,date,customer_id,amount,rep_id,quantity\n" + "".join(rows),
    )
    past = history(book)
    assert total_pay(past, past.chosen.current, dated=True).lines["pay"].sum() == paid


def test_an_award_for_orders_of_a_kind_and_line_in_a_span():
    """Renewals of Suite from 10 to 25 January of 100 or more: B and C on its first and last day."""
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\n'
        'awards = [{ name = "suite", event = "order", amount = 7, least_amount = 100,'
        ' kind = ["renewal"], product_line = ["Suite"], starts = 2023-01-10, ends = 2023-01-25 }]\n'
    )
    rows = [
        "A,2023-01-09,C1,100,R1,renewal,Suite\n",
        "B,2023-01-10,C1,100,R1,renewal,Suite\n",
        "C,2023-01-25,C1,500,R1,renewal,Suite\n",
        "D,2023-01-26,C1,100,R1,renewal,Suite\n",
        "E,2023-01-12,C1,100,R1,new,Suite\n",
        "F,2023-01-12,C1,100,R1,renewal,Help\n",
        "G,2023-01-12,C1,99,R1,renewal,Suite\n",
    ]
    book = small_book(
        toml,
        month="2023-01",
        customers="",
        reps="rep_id,name\nR1,Ann\n",
        orders="order_id,date,customer_id,amount,rep_id,kind,product_line\n" + "".join(rows),
    )
    past = history(book)
    lines = total_pay(past, past.chosen.current, dated=True).lines
    paid = lines[lines["source"] == "award"]
    assert paid["date"].dt.day.tolist() == [10, 25] and paid["pay"].tolist() == [7_00, 7_00]


def test_a_kicker_for_three_years():
    """Case 49: two points more on 60,000 at 8 %; the quota is retired once."""
    rule = {"name": "three years", "least_months": 36, "points": "0.02"}
    rows = orders(sale(60_000), sale(60_000, "2023-04-10")).assign(
        months=pd.array([36, 12], dtype="Int64")
    )
    found = payroll(rows, plan(FLAT, rules=[rule])).lines
    assert found["pay"].tolist() == [6_000_00, 4_800_00]
    assert found["amount"].tolist() == [60_000_0000] * 2


def test_late_data_change_no_day_that_was_paid():
    """Case 50: March paid 10,000; an order of 28 March arrives, April earns 3,000."""
    told = [sale(100_000, "2023-03-10", order_id="A")]
    late = [*told, sale(40_000, "2023-03-28", order_id="O-17"), sale(30_000, "2023-04-20")]
    one = plan(TENTH, accumulate="month")
    paid = payroll(orders(*told), one).total(end=date(2023, 3, 31))
    now = payroll(orders(*late), one)
    assert (paid, now.total() - paid) == (10_000_00, 7_000_00)


def test_lines_of_half_a_cent_add_up():
    """Case 51: three orders of 1.5625 at 8 %."""
    rows = [sale("1.5625", f"2023-01-0{n}") for n in (1, 2, 3)]
    assert pays(rows, plan(FLAT)) == [13, 13, 12]


def test_accrual_of_a_quarter_at_the_rate_it_will_be_paid():
    """Case 55: 600,000 sold, 1.2m expected; earned to date 48,000."""
    whole = PeriodPay(plan(P1, mode="whole"))
    assert accrued(Decimal(600_000), Decimal(1_200_000), whole) == 60_000
    assert pays([sale(600_000)], plan(P1, mode="whole")) == [48_000_00]


def test_negative_pay_is_carried_and_taken_from_part_of_later_pay():
    """China, wage payment rules art. 16: no more than a fifth of a month's pay."""
    carry = plan(FLAT, negative={"rule": "carry", "most_share": "0.2"})
    assert carried_on([-30_00, 100_00, 100_00], carry) == (
        [30_00, -20_00, -10_00],
        [30_00, 10_00, 0],
    )
    three = plan(FLAT, negative={"rule": "instalments", "instalments": 3})
    assert carried_on([-30_00, 100_00, 100_00, 100_00], three)[0] == [30_00, -10_00, -10_00, -10_00]


def test_the_first_month_of_a_book_below_nothing_pays_nothing():
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\naccumulate = "month"\n'
        'negative = { rule = "carry" }\ntiers = [{ lower = 0, rate = 0.1 }]\n'
    )
    rows = [("A", "2023-01-10", 1000), ("A", "2023-02-10", -1000), ("B", "2023-03-10", 3000)]
    found = _paid(toml, rows, "2023-03")
    assert found.groupby("month")["pay"].sum().tolist() == [100_00, 0, 200_00]
    assert found.loc[found["component"] == "ledger", "item"].tolist() == [
        "negative carried",
        "carried taken back",
    ]


def test_a_plan_of_a_part_of_a_quarter():
    """Case 13: 45 of 91 days; the edge at 494,505.4945…: 8 % below it, 10 % above."""
    one = plan(P1, starts="2023-05-17")
    assert pays([sale(800_000, "2023-06-10")], one, dated=True) == [70_109_89]


def test_a_guarantee_for_the_days_on_board():
    """Case 18: 1,500 a quarter, hired on 16 May: 46 of 91 days, 758.24; 500 were earned."""
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\nfloor = 1500\n'
        "tiers = [{ lower = 0, rate = 0.1 }]\n"
    )
    reps = "rep_id,name,hired\nR1,Ann,2023-05-16\n"
    rows = [("A", "2023-06-10", 5_000), ("Z", "2023-06-30", "0.01")]
    found = _paid(toml, rows, "2023-06", reps=reps)
    made = found[found["item"] == "guarantee"]
    assert made["pay"].tolist() == [258_24] and found["pay"].sum() == 758_24


@pytest.mark.parametrize("days", [("05", "06"), ("06", "05")])
def test_a_rules_sale_and_a_plain_one_refunded_in_any_order(days):
    """Case 32: 8 % and 10 % at 10,000, renewals × 1.2: 800 + 1,200 − 1,200 − 800 = 0.00."""
    bands = [(0, 10_000, "0.08"), (10_000, None, "0.10")]
    one = plan(bands, rules=[{"name": "renewal", "kind": ["renewal"], "times": "1.2"}])
    rows = [
        sale(10_000, "2023-01-02", order_id="A"),
        sale(10_000, "2023-01-03", order_id="B", kind="renewal"),
        *(
            sale(-10_000, f"2023-01-{day}", order_id=order, kind="refund")
            for order, day in sorted(zip("AB", days, strict=True), key=lambda one: one[1])
        ),
    ]
    assert pays(rows[:2], one) == [800_00, 1_200_00]
    assert sum(pays(rows, one)) == 0


def test_the_order_of_a_file_changes_no_line():
    """Case 56, against Xactly's "out-of-step": the six orders of case 2 forwards and backwards."""
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2023-01-01\nmode = "whole"\ntiers = ['
        "{ lower = 0, upper = 1000, rate = 0.01 }, { lower = 1000, upper = 3000, rate = 0.02 },"
        "{ lower = 3000, upper = 8000, rate = 0.03 }, { lower = 8000, rate = 0.05 }]\n"
    )
    days = ["01-01", "01-02", "01-15", "02-01", "02-15", "03-01"]
    amounts = [200, 300, 1500, 1200, 2000, 4500]
    rows = [(f"O{i}", f"2023-{d}", a) for i, (d, a) in enumerate(zip(days, amounts, strict=True))]
    made = [_paid(toml, order, "2023-03") for order in (rows, rows[::-1])]
    assert [one["pay"].tolist() for one in made] == [[2_00, 3_00, 35_00, 56_00, 60_00, 329_00]] * 2
    assert made[0]["order_id"].tolist() == made[1]["order_id"].tolist()
