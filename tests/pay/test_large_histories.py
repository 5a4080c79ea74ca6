"""A history of millions of lines is paid in parts, as sums and from what decides: the same pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from playbook.data.measures import credits, many_rows
from playbook.incentives.plans.next_deal import next_deals
from playbook.incentives.plans.statement_lines import typical_deal
from playbook.pay import credited_days as credited
from playbook.pay import history as histories
from playbook.pay import pay_state, running, sums
from playbook.pay.credited_days import credited_days
from playbook.pay.lines import within
from playbook.pay.total import total_pay
from toy import toy

REPS = ["A", "B", "C", "D"]
TIERS = [{"lower": 0, "upper": 3000, "rate": 0.05}, {"lower": 3000, "rate": 0.08}]
RULES = [{"name": "kit", "product_line": ["Kit"], "times": 1.5}]
QUOTA = {"target_pay": 100, "levels": [{"at": 0.5, "pays": 0.5}, {"at": 1, "pays": 1}]}
PLANS = {
    "quarters": {"accumulate": "quarter", "rules": RULES},
    "months": {
        "accumulate": "month",
        "mode": "whole",
        "quota": 900,
        "attainment": QUOTA,
    },
    "deals": {"accumulate": "deal", "deal_cap": 40},
}


def orders(count: int = 160) -> pd.DataFrame:
    """Lines of several to an order, some refunded in the same period and some later; some without
    rep, product or customer.
    """
    rng = np.random.default_rng(3)
    day = pd.Timestamp("2022-06-01") + pd.to_timedelta(np.sort(rng.integers(0, 390, count)), "D")
    order = rng.integers(0, count // 2, count)
    made = pd.DataFrame(
        {
            "order_id": [f"O{n}" for n in order],
            "date": day,
            "customer_id": [None if n % 17 == 0 else f"C{n % 9}" for n in order],
            "rep_id": [None if n % 13 == 0 else REPS[n % 4] for n in order],
            "product_line": [None if n % 5 == 0 else ["Kit", "Care"][n % 2] for n in range(count)],
            "amount": np.round(rng.integers(1, 90_000, count) / 100, 2),
            "kind": "new",
        }
    )
    back = made.sample(count // 8, random_state=1).assign(
        date=lambda rows: rows["date"] + pd.Timedelta(days=40),
        amount=lambda rows: -rows["amount"],
        kind="refund",
    )
    return pd.concat([made, back[back["date"] <= "2023-06-30"]], ignore_index=True)


def book_of(plan: dict):
    one = {"name": "p", "starts": "2022-01-01", "tiers": TIERS, **plan}
    return toy(month="2023-06", orders=orders(), settings={"commission_plans": [one]})


def paid(plan: dict):
    """(lines, sums from the day on, what the next deal earns, credited days) of a book."""
    past = histories.history(book_of(plan))
    current = past.chosen.current
    made = total_pay(past, current, dated=True)
    reps = sorted(set(made.lines["rep_id"]))
    more = next_deals(past, current, made.payrolls, reps, Decimal(500))
    days = credited_days(past, current).sort_values(["rep_id", "period", "date"])
    return made.lines, past.sums_before, more, days.reset_index(drop=True)


def large(monkeypatch):
    for module in (sums, histories):
        monkeypatch.setattr(module, "LARGE", 0)
    monkeypatch.setattr(running, "FEW", 0)
    monkeypatch.setattr(credits, "MANY", 0)
    monkeypatch.setattr(pay_state, "AT_ONCE", 50)


@pytest.mark.parametrize("name", PLANS)
def test_the_same_pay_in_parts_as_whole(name, monkeypatch):
    lines, none, more, days = paid(PLANS[name])
    large(monkeypatch)
    made, first, again, same_days = paid(PLANS[name])
    assert none is None and first is not None
    assert again == more and any(more.values())
    pd.testing.assert_frame_equal(same_days, days)
    keys = ["rep_id", "date", "item", "component", "rule", "period", "sale_period", "sold"]
    columns = ["amount", "pay", "beyond"]
    wanted = lines.groupby(keys)[columns].sum()
    pd.testing.assert_frame_equal(made.groupby(keys)[columns].sum(), wanted, check_dtype=False)
    assert made["date"].dtype == lines["date"].dtype and made["rep_id"].is_monotonic_increasing
    late, now = (one[one["date"] >= pd.Timestamp(first)] for one in (lines, made))
    pd.testing.assert_frame_equal(
        now.reset_index(drop=True), late.reset_index(drop=True), check_dtype=False
    )
    assert len(now) < len(made) <= len(lines)
    _sums_and_clawbacks(lines, made, first)


def test_credited_days_of_millions_of_lines_come_of_those_made_ready(monkeypatch):
    large(monkeypatch)
    past = histories.history(book_of(PLANS["quarters"]))
    past.prepared_lines(past.chosen.current)
    monkeypatch.setattr(credited, "credit", None)
    assert len(credited_days(past, past.chosen.current))


def test_lines_that_stand_together_are_not_copied():
    frame = pd.DataFrame({"date": pd.to_datetime(orders()["date"]), "amount": 1}).sort_values(
        "date", ignore_index=True
    )
    found = within(frame, date(2022, 9, 1), date(2022, 12, 31))
    assert np.shares_memory(found["amount"].to_numpy(), frame["amount"].to_numpy())
    inside = (frame["date"] >= "2022-09-01") & (frame["date"] <= "2022-12-31")
    assert 0 < len(found) < len(frame) and found.equals(frame[inside])
    mixed = frame.sample(frac=1, random_state=4)
    kept = within(mixed, date(2022, 9, 1), None)
    assert kept.equals(mixed[mixed["date"] >= "2022-09-01"])
    assert within(frame, date(2030, 1, 1), None).empty and within(frame.head(0), None, None).empty


def test_a_typical_order_is_the_same_where_orders_are_known_to_have_one_line(monkeypatch):
    single = orders().drop_duplicates("order_id").assign(amount=lambda r: r["amount"] * 10_000)
    window = book_of({}).window("trailing_12m")
    wanted = typical_deal(single, window)
    monkeypatch.setattr(pd.DataFrame, "groupby", None)
    assert wanted > 0 and typical_deal(single, window, alone=True) == wanted


def _sums_and_clawbacks(lines: pd.DataFrame, made: pd.DataFrame, first) -> None:
    """Years past are one line per person, day, day of sale, item and rule; clawbacks stay lines."""
    old = made[made["date"] < pd.Timestamp(first)]
    whole = lines[lines["date"] < pd.Timestamp(first)]
    back = whole["component"] == "clawback"
    assert (old["component"] == "clawback").sum() == back.sum()
    bare = old[old["component"] != "clawback"]
    assert len(bare) == whole[~back].groupby(["rep_id", "date", "sold", "item", "rule"]).ngroups
    assert bare["order_id"].isna().all() and (bare["source"] == "order").all()


@pytest.mark.parametrize(
    "single",
    [
        {"refunds": {"rule": "original_rate"}},
        {"refunds": {"window_days": 30}},
        {"cap_year": 900},
        {"booking_share": 0.5},
    ],
)
def test_plans_that_look_at_single_lines_keep_them(single, monkeypatch):
    large(monkeypatch)
    past = histories.history(book_of({"accumulate": "month", **single}))
    assert past.sums_before is None


def test_millions_of_lines_are_read_in_the_same_order(monkeypatch):
    """Lines of one order and day are told apart by what else they hold, missing values last."""
    given = orders()
    twice = pd.concat([given, given.head(40), given.head(9).assign(product_line="Kit")])
    twice = twice.assign(amount=lambda rows: rows["amount"].mask(rows["order_id"] == "O3", 7.5))
    book = toy(month="2023-06", orders=twice.sample(frac=1, random_state=2))
    expected = credits.credits(book)
    monkeypatch.setattr(credits, "MANY", 0)
    found = credits.credits(book)
    assert {str(found[name].dtype) for name in credits.FEW} == {"category"}
    texts = found.astype({name: "str" for name in credits.FEW})
    pd.testing.assert_frame_equal(texts, expected)


def test_columns_without_a_value_take_no_memory(monkeypatch):
    book = toy(month="2023-06", orders=orders())
    monkeypatch.setattr(credits, "MANY", 0)
    asked = []
    monkeypatch.setattr(many_rows.pa, "nulls", lambda *given: asked.append(given))
    found = credits.credits(book)
    assert found["opportunity_id"].isna().all() and not asked
    assert found["paid_date"].to_numpy().strides == (0,)
    assert (found["paid_amount"] == 0).all() and found["paid_amount"].dtype == "int64"


def test_days_are_sorted_as_numbers_of_sixteen_bits():
    days = [date(2023, 3, 1), date(2020, 10, 1), date(2023, 9, 30)]
    found = many_rows._day_numbers(pa.chunked_array([pa.array(days)]))
    assert found.dtype == np.uint16 and found.tolist() == [881, 0, 1094]
    far = many_rows._day_numbers(pa.chunked_array([pa.array([*days, None, date(1, 1, 1)])]))
    assert np.argsort(far).tolist() == [4, 1, 0, 2, 3]


def test_a_column_that_is_kept_does_not_keep_the_others_of_its_batch():
    batch = pa.record_batch({"id": ["O1", "O2"], "other": ["x", "y"]})
    parts = many_rows._Parts(pa.string())
    parts.add(batch.column("id"))
    (kept,) = parts.made().chunks
    assert kept.equals(batch.column("id"))
    own, theirs = ({b.address for b in a.buffers() if b} for a in (kept, batch.column("id")))
    assert not own & theirs


def test_pay_of_a_plan_that_is_tried_is_not_kept_of_millions_of_lines(monkeypatch):
    large(monkeypatch)
    past = histories.history(book_of(PLANS["quarters"]))
    tried = past.chosen.current.model_copy(update={"cap": Decimal(10)})
    total_pay(past, tried, keep=False)
    assert ("newest", "tried") not in past._kept


@pytest.mark.parametrize(
    "back",
    [
        {"cap_year": 300},
        {"rules": [{"name": "key", "customer_tier": ["key"], "times": 2}]},
        {
            "quota": 900,
            "attainment": QUOTA
            | {"measures": [{"name": "new", "of": "new_logos", "weight": 1.0, "quota": 3}]},
        },
        {"starts": "2023-05-10", "change": "carry", "replaces": "before"},
        {},
    ],
    ids=["year's cap", "tiers of customers", "new customers", "carried on", "none"],
)
def test_what_the_next_deal_earns_under_plans_that_look_back(back, monkeypatch):
    """Of a long history only the running period is paid again, unless pay hangs on what was
    before; both ways earn the same.
    """

    def earned():
        one = {"name": "p", "starts": "2022-01-01", "tiers": TIERS, "accumulate": "quarter", **back}
        before = {"name": "before", "starts": "2022-01-01", "tiers": TIERS}
        plans = [one, before | {"ends": "2023-05-09"}] if back.get("replaces") else [one]
        tiers = {"names": ["key", "other"], "lower": [500, 0]}
        settings = {"commission_plans": plans, "segments": {"tiers": tiers}}
        past = histories.history(toy(month="2023-06", orders=orders(), settings=settings))
        current = past.chosen.current
        made = total_pay(past, current, dated=True)
        used = running.running_lines(past, [current])
        return next_deals(past, current, made.payrolls, REPS, Decimal(500)), used

    whole, _ = earned()
    large(monkeypatch)
    found, used = earned()
    assert found == whole and any(whole.values())
    assert (used is None) is bool(back)
