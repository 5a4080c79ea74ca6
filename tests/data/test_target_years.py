"""Fiscal years of targets: which months they cover is said, and years that cannot be meant."""

from __future__ import annotations

import pytest

from playbook.data.measures.targets import TargetPlan
from toy import toy

MONTHS = [f"{y}-{m:02d}" for y in (2017, 2018, 2019, 2020) for m in range(1, 13)][6:41]
ORDERS = [
    {"order_id": f"O{m}{c}", "date": f"{m}-15", "customer_id": c, "amount": 100}
    for m in MONTHS  # July 2017 to May 2020
    for c in ("C0", "C1", "C2", "C3")
]
TARGETS = [
    {"period": str(y), "metric": "sales", "target": t}
    for y, t in ((2018, 4800), (2019, 4900), (2020, 5000))
]


def book_of(targets=TARGETS, **book):
    settings = {"book": {"fiscal_year_start": 7, **book}}
    return toy(orders=ORDERS, targets=targets, settings=settings, month="2020-05")


def said(book) -> list[str]:
    return [p.found for p in book.warnings if p.table == "targets"]


@pytest.mark.parametrize(("named", "target"), [({}, 5000), ({"fiscal_year_name": "start"}, 4900)])
def test_the_year_to_june_2020_is_2020_unless_named_by_its_start(named, target):
    book = book_of(**named)
    first, last = book.fiscal_year
    assert TargetPlan(book).get("sales", (), first, last).target == target


def test_how_years_are_read_is_said_until_the_settings_say_it():
    words = "the years of targets are taken to be named by the year they end in: 2020 (Jul 2019 –"
    assert said(book_of()) == [f"{words} Jun 2020)"]
    assert said(book_of(fiscal_year_name="end")) == []


def test_a_target_of_a_year_before_the_data():
    early = [*TARGETS, {"period": "2017", "metric": "sales", "target": 4700}]
    assert said(book_of(early, fiscal_year_name="end")) == [
        "a target for 2017 (Jul 2016 – Jun 2017), and no sales of that year in the data"
    ]


@pytest.mark.parametrize(("target", "found"), [(48_001, True), (48_000, False), (479, True)])
def test_a_target_ten_times_off(target, found):
    odd = [{"period": "2019", "metric": "sales", "target": target}]
    words = f"the target of 2019 (Jul 2018 – Jun 2019) is {target:,}, and 4,800 were sold"
    assert said(book_of(odd, fiscal_year_name="end")) == ([words] if found else [])


def test_a_calendar_year_needs_no_word():
    settings = {"book": {}}
    book = toy(orders=ORDERS, targets=TARGETS[1:], settings=settings, month="2020-05")
    assert said(book) == []
