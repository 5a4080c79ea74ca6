"""The chapter of the case on books that hold little, or of which a part is not covered."""

from dataclasses import replace

import pandas as pd

from playbook import case
from toy import toy


def orders(first: str, last: str) -> str:
    days = pd.date_range(first, last)
    return "order_id,date,customer_id,amount\n" + "\n".join(
        f"O{i},{day:%Y-%m-%d},C{i % 40},10" for i, day in enumerate(days)
    )


def value(made, key, period):
    frame = made.course.monthly if "Q" not in period else made.course.quarterly
    found = frame[(frame.indicator == key) & (frame.period == period)].value
    return found.iloc[0] if len(found) else None


def test_growth_on_a_month_that_the_data_cover_in_part_is_no_number():
    """Constant daily sales that begin on 21 March 2022: April on April is 0, March is unknown."""
    made = case.indicators(toy(orders=orders("2022-03-21", "2023-04-30"), month="2023-04"))
    assert value(made, "growth", "2023-04") == 0.0
    assert pd.isna(value(made, "growth", "2023-03"))
    assert value(made, "sales", "2022-03") is None and value(made, "sales", "2022-04") == 300
    assert value(made, "sales", "2022-Q1") is None and value(made, "sales", "2022-Q2") == 910


CONTRACTS = "contract_id,customer_id,start,end,annual_value\n" + "\n".join(
    f"K{i}a,C{i},2022-01-01,2022-12-31,100\nK{i}b,C{i},2023-01-01,2023-12-31,100" for i in range(10)
)


def test_renewals_without_a_link_are_inferred_and_said_so():
    made = case.indicators(
        toy(orders=orders("2022-01-01", "2023-03-31"), contracts=CONTRACTS, month="2023-03")
    )
    assert value(made, "renewal", "2022-12") == 1.0
    assert made.caveats == (
        "Renewals are inferred: 10 contracts count as renewed because another of the same customer"
        " starts within 60 days of the end.",
        "The book has no customer types: all customers count among the large ones.",
    )
    assert set(made.caveats) <= set(made.notes())


def test_linked_renewals_are_not_called_inferred(book):
    assert case.indicators(book).caveats == ()


def test_a_book_without_any_indicator_has_no_empty_section():
    bare = toy(
        opportunities="opportunity_id,created,stage,outcome\nD1,2023-05-30,lead,open\n",
        month="2023-05",
    )
    made = case.indicators(bare)
    plan = case.pilot_plan(bare)
    for result in (made, case.walk(bare), case.decisions(bare, made), plan):
        assert result.status == "not available", result
    implied = case.identities(made)
    assert implied.status == case.benchmarks(bare, made).status == "not available"
    assert case.try_identity(implied) is None
    assert case.readiness(bare, plan).most == 4


def test_decisions_need_the_last_quarter():
    old = toy(
        orders=orders("2021-01-01", "2022-06-30"),
        activities="activity_id,date,rep_id,kind\nA1,2023-03-31,R1,call\n",
        month="2023-03",
    )
    made = case.decisions(old, case.indicators(old))
    assert made.status == "not available" and "2023-Q1" in str(made)


def test_nothing_moved_is_said_once(course):
    even = replace(course, table=course.table.assign(way="even"))
    assert even.reading().startswith("No indicator moved")
    assert "moved the right way" not in even.reading()


def test_measures_that_cancel_each_other_are_explained(book):
    told = [note for note in case.levers(book).notes() if "cancel each other" in note]
    assert len(told) == 1 and told[0].startswith("Returning customers' share hardly moves")
    assert "value tiers and service +5.3 pp" in told[0]
    assert "channels and funnel −5.9 pp" in told[0]


def test_the_claim_furthest_off_is_named_not_the_first(book, course):
    made = case.claims(book, course)
    off = made.table.copy()
    off.loc[[1, 4], "verdict"], off.loc[[1, 4], "reason"] = "differs", "above the published figure"
    off.loc[1, "gap"], off.loc[4, "gap"] = 0.01 * off.published[1], 0.5 * off.published[4]
    said = replace(made, table=off).reading()
    assert f"Furthest off, as a share of what is published: {off.claim[4]} (above" in said
