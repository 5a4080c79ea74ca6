"""The open pipeline on a day and where each deal stands, worked by hand."""

from datetime import date

import pytest

from playbook.data.measures.deals import deals_of, odd_counts
from playbook.data.measures.deals_to_act_on import open_deals
from playbook.data.measures.frames import collect
from playbook.data.measures.movement import moved, movement_sums
from playbook.data.measures.pipeline import (
    PipelineSums,
    by_planned,
    created_sums,
    later_export,
    open_sums,
)
from toy import toy

STAGES = {"book": {"stages": ["lead", "intent", "negotiation", "won"]}}
THEN = """
    opportunity_id created    closed     outcome stage expected_close amount rep_id
    A              2023-01-10 .          open    lead  2023-06-30     100    Ann
    B              2023-01-12 .          open    lead  2023-04-20     1000   Ann
    C              2023-02-01 2023-02-20 won     won   2023-02-20     500    Ann
    E              2023-03-01 2023-03-31 lost    lost  2023-03-31     200    Ann
"""
NOW = THEN.replace("2023-01-12 .          open    lead ", "2023-01-12 2023-04-10 won     won  ")


def one(frame):
    return frame[["deals", "amount", "unpriced"]].to_dict("records")


@pytest.mark.parametrize("deals", [THEN, NOW])
def test_a_deal_won_later_is_open_at_the_amount_of_the_export(deals):
    book = toy(month="2023-03", settings=STAGES, opportunities=deals)
    assert one(open_sums(book)) == [{"deals": 2, "amount": 1100, "unpriced": 0}]
    closing = movement_sums(moved(deals_of(book), date(2023, 3, 1), date(2023, 3, 31)))
    assert closing["closing"].sum() == 1100


def test_an_export_later_than_the_day_is_said():
    assert later_export(toy(month="2023-03", settings=STAGES, opportunities=THEN)) == ""
    assert later_export(toy(month="2023-03", settings=STAGES, opportunities=NOW)) == (
        "The export is later than 31 Mar 2023: 1 deal decided since carries no expected amount and"
        " stands at its amount in the export."
    )


OPEN = """
    opportunity_id created    outcome stage  closed     expected_close expected_amount amount rep_id
    A              2023-01-10 open    lead   .          2023-04-01     90              100    R1
    B              2023-03-12 open    intent .          2023-03-31     .               70     R1
    C              2023-03-01 open    lead   .          .              .               .      R2
    D              2023-03-02 won     won    2023-03-05 2023-03-31     40              50     R2
    E              2023-03-03 open    lead   .          2023-05-01     .               .      .
"""


def test_three_names_and_deals_without_an_amount_apart():
    book = toy(month="2023-03", settings=STAGES, opportunities=OPEN)
    assert one(open_sums(book)) == [{"deals": 4, "amount": 160, "unpriced": 2}]
    assert one(created_sums(book, date(2023, 3, 1), date(2023, 3, 31))) == [
        {"deals": 4, "amount": 110, "unpriced": 2}  # the won one at its expected 40
    ]
    parts = by_planned(book).set_index("planned")
    assert parts.deals.to_dict() == {"ahead": 2, "past": 1, "undated": 1}
    assert parts.amount.to_dict() == {"ahead": 90, "past": 70, "undated": 0}
    by_rep = open_sums(book, ["rep"])
    assert PipelineSums.problems(by_rep) == []
    assert by_rep.set_index("rep").deals.to_dict() == {"R1": 2, "R2": 1, "not given": 1}


def test_the_movement_closes_on_open_deals_whose_day_is_not_past():
    book = toy(month="2023-03", settings=STAGES, opportunities=OPEN)
    sums = movement_sums(moved(deals_of(book), date(2023, 3, 1), date(2023, 3, 31))).sum(
        numeric_only=True
    )
    parts = by_planned(book).set_index("planned")
    live = parts.loc[["ahead", "undated"]].sum()
    assert (sums["n_closing"], sums["closing"]) == (live.deals, live.amount) == (3, 90)
    assert (sums["n_unvalued"], sums["n_pushed"]) == (live.unpriced, parts.deals["past"]) == (2, 1)
    came = sums["opening"] + sums["new"] + sums["up"] + sums["back"]
    went = sums["down"] + sums["won"] + sums["lost"] + sums["pushed"]
    assert came - went == sums["closing"]


def test_no_deal_at_all_is_a_row_of_noughts():
    book = toy(month="2023-03", settings=STAGES, opportunities=OPEN)
    assert one(created_sums(book, date(2022, 1, 1), date(2022, 1, 31))) == [
        {"deals": 0, "amount": 0, "unpriced": 0}
    ]


BACK = """
    opportunity_id created    stage       outcome closed
    D1             2024-01-02 won         won     2024-01-31
    D6             2024-02-03 intent      open    .
    D8             2024-03-01 lead        open    .
    D9             2024-03-05 negotiation open    .
    D3             2024-01-10 lost        lost    2024-02-10
"""
ENTRIES = """
    opportunity_id stage       entered_at
    D1             lead        2024-01-02
    D1             won         2024-01-31
    D6             lead        2024-02-03
    D6             intent      2024-02-10
    D6             negotiation 2024-02-18
    D6             intent      2024-03-25
    D9             lead        2024-03-05
    D9             intent      2024-03-05
    D9             negotiation 2024-03-05
    D3             lead        2024-01-10
    D3             intent      2024-01-25
    D3             lost        2024-02-10
"""


def standing(book):
    rows = collect(
        deals_of(book).rows.select("opportunity_id", "current", "since", "moved_back"),
        sort=["opportunity_id"],
    )
    days = [None if since != since else int(since) % 100_000 for since in rows.since]
    named = [
        None if d is None else date.fromordinal(d + date(1970, 1, 1).toordinal()) for d in days
    ]
    return {
        row.opportunity_id: (int(row.current), day, int(row.moved_back))
        for row, day in zip(rows.itertuples(), named, strict=True)
    }


def test_a_deal_stands_where_its_last_dated_entry_put_it():
    book = toy(month="2024-03", settings=STAGES, opportunities=BACK, stage_events=ENTRIES)
    assert standing(book) == {
        "D1": (3, date(2024, 1, 31), 0),
        "D6": (1, date(2024, 3, 25), 1),  # moved back to intent
        "D8": (0, date(2024, 3, 1), 0),  # no entry is dated: a lead since it was created
        "D9": (2, date(2024, 3, 5), 0),  # three entries on one day: the latest stage
        "D3": (1, date(2024, 1, 25), 0),
    }
    counts, rows = open_deals(deals_of(book), {1: 5.0}, 10)
    assert rows[["opportunity_id", "days", "current", "moved_back"]].to_numpy().tolist() == [
        ["D6", 6, 1, 1]
    ]
    assert counts.n.sum() == 3


def test_as_of_an_earlier_day_the_deal_had_not_moved_back():
    book = toy(month="2024-02", settings=STAGES, opportunities=BACK, stage_events=ENTRIES)
    assert standing(book)["D6"] == (2, date(2024, 2, 18), 0)


def test_an_entry_to_lost_is_an_outcome_and_no_step_back():
    book = toy(month="2024-03", settings=STAGES, opportunities=BACK, stage_events=ENTRIES)
    assert odd_counts(deals_of(book)) == {"disorder": 0, "again": 1, "twice": 0, "claimed": 0}
    without = "\n".join(line for line in ENTRIES.splitlines() if "D6" not in line)
    book = toy(month="2024-03", settings=STAGES, opportunities=BACK, stage_events=without)
    assert odd_counts(deals_of(book)) == {"disorder": 0, "again": 0, "twice": 0, "claimed": 0}
    # dated before the closing day of the deal, it does not hide the stage the deal was in
    early = toy(
        month="2024-01",
        settings=STAGES,
        opportunities=BACK,
        stage_events=ENTRIES.replace("lost        2024-02-10", "lost        2024-01-30"),
    )
    assert standing(early)["D3"][0] == 1


def test_of_two_entries_on_one_day_the_later_hour_counts():
    events = [
        {"opportunity_id": "D8", "stage": "negotiation", "entered_at": "2024-03-06 09:00"},
        {"opportunity_id": "D8", "stage": "intent", "entered_at": "2024-03-06 15:30"},
    ]
    book = toy(month="2024-03", settings=STAGES, opportunities=BACK, stage_events=events)
    assert standing(book)["D8"] == (1, date(2024, 3, 6), 1)
