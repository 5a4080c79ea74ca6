"""Tiers: the source's figures, their shape, and plans that are refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pay_plans import by_hand, pay_of, plan
from playbook.base.errors import SettingsProblem
from playbook.base.settings import parse_settings
from playbook.pay.amounts import to_money
from playbook.pay.period_pay import PeriodPay

MARGINAL, WHOLE = plan(), plan(mode="whole")
money = st.integers(0, 5_000_000_00).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("amount", "marginal", "whole"),
    [
        (2_500_000, 240_000, 300_000),
        (1_000_000, 80_000, 80_000),
        (1_000_100, 80_010, 100_010),
        (2_000_100, 180_012, 240_012),
        (0, 0, 0),
    ],
)
def test_the_source_pays_these(amount, marginal, whole):
    assert pay_of(amount, MARGINAL) == marginal
    assert pay_of(amount, WHOLE) == whole


def test_cliffs_are_listed_with_their_jump():
    found = [(c.at, c.jump) for c in PeriodPay(WHOLE).cliffs()]
    assert found == [(1_000_000, 20_000), (2_000_000, 40_000)]
    assert PeriodPay(MARGINAL).cliffs() == []


@given(money, money)
def test_marginal_pay_never_falls_and_never_jumps(a, b):
    low, high = sorted((a, b))
    gained = pay_of(high, MARGINAL) - pay_of(low, MARGINAL)
    sold = Fraction(high - low)
    assert Fraction("0.08") * sold <= gained <= Fraction("0.12") * sold


@given(money)
def test_pay_is_the_definition(amount):
    assert pay_of(amount, MARGINAL) == by_hand(amount)
    assert pay_of(amount, WHOLE) == by_hand(amount, mode="whole")


def test_an_edge_belongs_to_the_band_below_it():
    assert pay_of(Decimal("1000000.00"), WHOLE) == 80_000
    assert pay_of(Decimal("1000000.01"), WHOLE) == Fraction("100000.001")
    assert PeriodPay(WHOLE).next_edge(Decimal(1_000_000)) == 1_000_000
    assert PeriodPay(WHOLE).next_edge(Decimal(2_000_001)) is None


def test_rounding_is_half_even():
    assert to_money(Fraction(5, 1000)) == Decimal("0.00")
    assert to_money(Fraction(15, 1000)) == Decimal("0.02")
    assert to_money(Fraction(1, 2), 0) == 0


def toml(**plan_) -> dict:
    return {
        "commission_plans": [
            {"name": "q", "starts": "2023-01-01", "tiers": [{"lower": 0, "rate": 0.08}], **plan_}
        ]
    }


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (
            toml(tiers=[{"lower": 0, "upper": 100, "rate": 0.08}, {"lower": 101, "rate": 0.1}]),
            "nothing is said between 100 and 101",
        ),
        (
            toml(tiers=[{"lower": 0, "upper": 200, "rate": 0.08}, {"lower": 100, "rate": 0.1}]),
            "overlaps the band from 100",
        ),
        (toml(tiers=[{"lower": 1, "rate": 0.08}]), "starts at 1, not at 0"),
        (toml(tiers=[{"lower": 0, "upper": 100, "rate": 0.08}]), "nothing is said above 100"),
        (toml(tiers=[{"lower": 0, "rate": 8}]), "write 8 % as 0.08"),
        (
            toml(splits=[{"to": "order", "share": 0.7}, {"to": "customer", "share": 0.4}]),
            "110 %, not to 100 %",
        ),
        (toml(starts=None), "has no date"),
        (toml(awards=[{"name": "x", "event": "referal", "amount": 1}]), "'referral'"),
        (toml(rules=[{"name": "r", "times": 1.2, "points": 0.2}]), "one of times, points and rate"),
        (toml(starts="2023-04-01", ends="2023-01-01"), "before it starts"),
        (
            toml(
                attainment={
                    "target_pay": 1,
                    "levels": [{"at": 1, "pays": 1}, {"at": 0.8, "pays": 2}],
                }
            ),
            "levels must rise",
        ),
        ({"commission_plans": [{"name": "q", "starts": "2023-01-01"}]}, "pays for nothing"),
        ({**toml(), "incentives": {"plan": "p"}}, "is no commission plan; there are: q"),
        (
            toml(tiers=[{"lower": 0, "upper": 0, "rate": 0.1}, {"lower": 0, "rate": 0.1}]),
            "ends at 0, where it starts",
        ),
        (toml(tiers=[{"lower": 0, "rate": -0.08}]), "greater than or equal to 0"),
        (toml(tiers=[{"lower": 0, "rate": float("nan")}]), "finite number"),
        (
            toml(tiers=[{"lower": 0, "upper": 1e30, "rate": 0.1}, {"lower": 1e30, "rate": 0.2}]),
            "less than or equal to 10000000000000",
        ),
        (toml(rules=[{"name": "r", "points": -0.2}]), "would pay less than nothing"),
        (toml(rules=[{"name": "r", "rate": 3}]), "write 3 % as 0.03"),
        (toml(manager_rate=2), "write 2 % as 0.02"),
        (toml(threshold=80, quota=1), "write 80 % as 0.8"),
        (
            toml(attainment={"target_pay": 1, "levels": [{"at": 80, "pays": 1}]}),
            "write 80 % as 0.8",
        ),
        (toml(ramp=[50]), "write 50 % as 0.5"),
        (toml(quotas={"R1": -5}), "greater than or equal to 0"),
        (
            toml(rules=[{"name": "r", "customer_tier": ["VIPP"], "times": 2}]),
            "customer_tier 'VIPP' is no value tier of segments.tiers; there are: VIP",
        ),
        (toml(cap=10, floor=20), "the floor of 20 is above the cap of 10"),
        (toml(accumulate="deal", quota=5, threshold=0.5), "a quota belongs to a period"),
        (
            toml(
                awards=[
                    {"name": "x", "event": "by_hand", "amount": 1},
                    {"name": "x", "event": "referral", "amount": 1},
                ]
            ),
            "two are called 'x'",
        ),
        (
            {
                "commission_plans": [
                    *toml()["commission_plans"],
                    {**toml()["commission_plans"][0], "name": "p", "replaces": "q"},
                ]
            },
            "cannot replace 'q'",
        ),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_with_its_place(raw, found):
    with pytest.raises(SettingsProblem) as refused:
        parse_settings(raw)
    assert found in str(refused.value)
    assert "playbook.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (
            toml(tiers=[{"lower": 0, "upper": 100, "rate": 0.08}, {"lower": 100, "rate": 10}]),
            "tiers.1.rate",
        ),
        (toml(tiers=[{"lower": 1, "rate": 0.08}]), "tiers"),
        (toml(starts=None), "starts"),
        ({"commission_plans": [{"name": "q", "tiers": [{"lower": 0, "rate": 0.08}]}]}, "starts"),
        (toml(splits=[{"to": "order", "share": 0.7}]), "splits"),
        (toml(awards=[{"name": "x", "event": "y", "amount": 1}]), "awards.0.event"),
    ],
)
def test_the_place_of_a_mistake_is_named(raw, place):
    with pytest.raises(SettingsProblem) as refused:
        parse_settings(raw)
    assert refused.value.problems[0].column == f"commission_plans.0.{place}"
    assert refused.value.problems[0].file == "playbook.toml"


def test_a_plan_in_words_rounds_no_edge_and_no_limit_away():
    from playbook.base.formats import Formats
    from playbook.base.settings.plans import CommissionPlan
    from playbook.pay.wording import describe_plan

    bands = [{"lower": 0, "upper": "1000.50", "rate": "0.08"}, {"lower": "1000.50", "rate": "0.1"}]
    told = describe_plan(
        CommissionPlan.model_validate(
            {"name": "p", "starts": "2023-01-01", "tiers": bands, "cap": "99.99"}
        ),
        Formats(),
    )
    assert "8 % to ¥1,000.50" in told and "at most ¥99.99" in told


def test_plans_may_stand_in_a_toml_of_their_own(tmp_path):
    from playbook.base.settings import load_settings

    (tmp_path / "playbook.toml").write_text('[book]\nname = "b"\n', encoding="utf-8")
    plans = (
        '[[commission_plans]]\nname = "q"\nstarts = 2023-01-01\ntiers = [{ lower = 0, rate = 0.08'
        " }]\n"
    )
    (tmp_path / "commission_plans.toml").write_text(plans, encoding="utf-8")
    assert [one.name for one in load_settings(tmp_path).commission_plans] == ["q"]
    (tmp_path / "commission_plans.toml").write_text(plans.replace("0.08", "8"), encoding="utf-8")
    with pytest.raises(
        SettingsProblem, match=r"commission_plans.0.tiers.0.rate in .*commission_plans.toml"
    ):
        load_settings(tmp_path)
    (tmp_path / "playbook.toml").write_text('[book]\nname = "b"\n' + plans, encoding="utf-8")
    with pytest.raises(SettingsProblem, match="commission plans in two places"):
        load_settings(tmp_path)


def test_every_mistake_of_every_plan_is_told_at_once():
    """A rate of 800 % does not hide the gap beside it, the floor above the cap, the days, or the
    name that another plan has too.
    """
    wrong = {
        "ends": "2022-01-01",
        "tiers": [{"lower": 0, "upper": 100, "rate": 0.1}, {"lower": 150, "rate": 8}],
        "splits": [{"to": "order", "share": 0.5}],
        "cap": 10,
        "floor": 20,
    }
    plans = [
        {"name": "a", "starts": "2023-01-01", **wrong},
        {"name": "b", "starts": "2023-01-01", "tiers": [{"lower": 0, "rate": 0.1}], "foo": 1}
        | {"excess": "later", "reps": ["R1"]},
        {"name": "b", "starts": "2023-01-01", "attainment": {"target_pay": 1}},
    ]
    with pytest.raises(SettingsProblem) as refused:
        parse_settings({"commission_plans": plans})
    said = str(refused.value)
    for part in (
        "write 8 % as 0.08",
        "nothing is said between 100 and 150",
        "they add up to 50 %",
        "the floor of 20 is above the cap of 10",
        "ends on 2022-01-01, before it starts",
        "unknown setting 'commission_plans.1.foo'",
        "excess = 'later' needs a cap",
        "levels are missing",
        "two commission plans are called 'b'",
    ):
        assert said.count(part) == 1, part
