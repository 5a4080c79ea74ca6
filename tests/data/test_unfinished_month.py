"""A report month that the data do not cover is told."""

from __future__ import annotations

from toy import toy

DAYS = [f"2023-{month:02d}-{day:02d}" for month in (1, 2, 3) for day in range(1, 29)]


def orders(days):
    lines = [f"O{i},{day},C{i % 5},10" for i, day in enumerate(days)]
    return "order_id,date,customer_id,amount\n" + "\n".join(lines)


def told(book):
    return [problem.found for problem in book.warnings if "report month" in problem.found]


def test_a_month_the_data_do_not_reach_the_end_of_is_told():
    short = toy(orders=orders([day for day in DAYS if day <= "2023-03-12"]), month="2023-03")
    assert told(short) == ["the report month is not covered: orders end on 12 Mar 2023"]
    assert short.warnings[0].severity == "warning"
    assert told(short) == [p.found for p in short.facts().warnings]


def test_a_finished_month_is_not_told():
    assert told(toy(orders=orders(DAYS), month="2023-02")) == []
    assert told(toy(orders=orders(DAYS), month="2023-03")) == []


def test_a_first_month_that_begins_late_is_told():
    late = toy(orders=orders([day for day in DAYS if day >= "2023-01-20"]), month="2023-01")
    assert told(late) == ["the report month is not covered: orders begin on 20 Jan 2023"]


def test_days_stated_by_the_settings_are_taken():
    given = {"book": {"covers": {"orders": ["2023-01-01", "2023-03-31"]}}}
    short = toy(
        orders=orders([day for day in DAYS if day <= "2023-03-12"]), month="2023-03", settings=given
    )
    assert told(short) == []
