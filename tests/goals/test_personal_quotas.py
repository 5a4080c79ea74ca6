"""Quotas of people and the quarter by owner and day, exact and by hand."""

import datetime as dt

import pytest
from toy_books import TOML

from playbook.base.errors import ParameterProblem
from playbook.base.periods import Calendar
from playbook.goals.actions import actions
from playbook.goals.plan.owners import spans
from playbook.goals.plan.quotas import people
from playbook.goals.plan.staff import ramp_of

REPS = (
    "rep_id,name,region,hired,left\nR1,Ann,East,2020-01-01,"
    "\nR2,Bo,East,2020-01-01,\nR3,Cy,East,2023-06-01,\n"
    "R4,Di,East,2020-01-01,2023-05-01"
)


SOLD = "order_id,date,customer_id,amount,rep_id,region\n" + "\n".join(
    f"{r}{m},{2022 + (m > 12)}-{(m - 1) % 12 + 1:02d}-10,C1,{amount},{r},East"
    for r, amount in (("R1", 300), ("R2", 100), ("R4", 50))
    for m in range(1, 19)
)


QUARTER = "period,metric,target,region\n2023-Q3,sales,1000.01,\n2023-Q3,sales,1000.01,East"


def quotas(made):
    return made.table.set_index("rep")["quota"].to_dict()


def test_quotas_sum_to_the_target_ramp_the_new_and_leave_out_who_left(book):
    made = people(book("2023-06", orders=SOLD, reps=REPS, targets=QUARTER))
    assert sum(quotas(made).values()) == 100_001
    assert set(quotas(made)) == {"R1", "R2", "R3"}
    assert (
        quotas(made)["R3"] < quotas(made)["R1"]
        and made.table.set_index("rep").loc["R3", "ramp"] == 0.25
    )
    assert "1 of them is still ramping and carries" in made.reading()


def test_pins_are_kept_and_the_others_share_the_rest(book):
    toml = TOML + "[goals]\npins = { R2 = 500.0 }\n"
    made = people(book("2023-06", toml=toml, orders=SOLD, reps=REPS, targets=QUARTER))
    assert quotas(made)["R2"] == 50_000 and sum(quotas(made).values()) == 100_001


@pytest.mark.parametrize(
    ("pins", "expected"),
    [
        ("{ R2 = 5000.0 }", "above its parent"),
    ],
)
def test_pins_that_cannot_be_kept_are_refused(book, pins, expected):
    with pytest.raises(ParameterProblem, match=expected):
        people(
            book(
                "2023-06",
                toml=TOML + f"[goals]\npins = {pins}\n",
                orders=SOLD,
                reps=REPS,
                targets=QUARTER,
            )
        )


def test_a_pin_of_somebody_who_left_or_is_not_there_yet_is_said_and_changes_nothing(book):
    toml = TOML + "[goals]\npins = { R4 = 1.0, R9 = 2.0 }\n"
    made = people(book("2023-06", toml=toml, orders=SOLD, reps=REPS, targets=QUARTER))
    plain = people(book("2023-06", orders=SOLD, reps=REPS, targets=QUARTER))
    assert quotas(made) == quotas(plain)
    assert made.notes()[1] == "The pin of R4 is not used: R4 has left."
    assert made.notes()[2].startswith("The pin of R9 waits: no such person yet")


def test_a_pin_of_somebody_without_sales_holds(book):
    """Di is settled and has sold nothing: without the pin she carries no quota."""
    reps = REPS + "\nR7,Di,East,2015-01-01,"
    plain = people(book("2023-06", orders=SOLD, reps=reps, targets=QUARTER))
    toml = TOML + "[goals]\npins = { R7 = 120.0 }\n"
    made = people(book("2023-06", toml=toml, orders=SOLD, reps=reps, targets=QUARTER))
    assert "R7" not in quotas(plain)
    assert quotas(made)["R7"] == 12_000 and sum(quotas(made).values()) == 100_001


def test_over_assignment_hedges_every_parent(book):
    made = people(
        book(
            "2023-06",
            toml=TOML + "[goals]\nover_assignment = 1.1\n",
            orders=SOLD,
            reps=REPS,
            targets=QUARTER,
        )
    )
    assert sum(quotas(made).values()) == round(100_001 * 1.1)


def test_order_of_reps_changes_no_quota(book):
    head, *rows = REPS.splitlines()
    other = "\n".join([head, *reversed(rows)])
    assert quotas(people(book("2023-06", orders=SOLD, reps=REPS, targets=QUARTER))) == quotas(
        people(book("2023-06", orders=SOLD, reps=other, targets=QUARTER))
    )


def test_the_ramp_grows_by_quarters_and_unknown_tenure_is_settled():
    assert [ramp_of(t, [0.25, 0.5, 0.75]) for t in (0, 2, 3, 8, 9, None)] == [
        0.25,
        0.25,
        0.5,
        0.75,
        1.0,
        1.0,
    ]


TWO = REPS + "\nR5,Em,West,2020-01-01,\nR6,Fo,West,2020-01-01,"


BY_REGION = (
    "period,metric,target,region\n2023-Q3,sales,3000.07,"
    "\n2023-Q3,sales,1000.03,East\n2023-Q3,sales,2000.04,"
    "West"
)


def test_people_sum_to_regions_and_days_to_weeks_months_and_the_quarter_to_the_cent(book):
    sold = (
        SOLD
        + "\n"
        + "\n".join(
            f"{r}{m},2023-0{m}-10,C1,{amount},{r},West"
            for r, amount in (("R5", 70), ("R6", 30))
            for m in range(1, 7)
        )
    )
    made = people(
        book(
            "2023-06",
            toml=TOML.replace("stages", 'holidays = "CN"\nstages'),
            orders=sold,
            reps=TWO,
            targets=BY_REGION,
        )
    )
    handed = made.handed
    assert handed.off() == 0 and handed.company.sum() == 300_007
    assert handed.regions.sum(axis=1).to_dict() == {"East": 100_003, "West": 200_004}
    assert handed.people.sum(axis=1).droplevel(0).to_dict() == quotas(made)
    assert len(handed.dates) == len(
        Calendar("CN").working_days(dt.date(2023, 7, 1), dt.date(2023, 9, 30))
    )
    for level in ("quarter", "month", "ten-day third", "week", "day"):
        places = [p for found, _, p in spans(handed.dates) if found == level]
        assert sorted(i for group in places for i in group) == list(range(len(handed.dates))), (
            level
        )  # every day in exactly one


def test_every_owner_has_a_sheet_with_months_and_weeks_that_sum(book):
    made = people(book("2023-06", orders=SOLD, reps=REPS, targets=QUARTER))
    sheets = {sheet.name: sheet for sheet in [*made.worksheets(), *made.own_sheets()]}
    assert set(sheets) == {"Quotas East", "Plan Ann", "Plan Bo", "Plan Cy"}
    assert [row[0] for row in sheets["Quotas East"].rows] == ["All of East", "Ann", "Bo", "Cy"]
    keys = [key for key, _, _ in sheets["Quotas East"].columns]
    for row in sheets["Quotas East"].rows:
        line = dict(zip(keys, row, strict=True))
        assert (
            sum(line[k] for k in ("2023-07", "2023-08", "2023-09"))
            == line["quota"]
            == sum(line[k] for k in keys if k.startswith("week of"))
        )
    rows = sheets["Plan Ann"].rows
    by = {
        level: sum(row[3] for row in rows if row[0] == level)
        for level in ("quarter", "month", "ten-day third", "week")
    }
    assert len(set(by.values())) == 1 and sum(row[3] for row in rows if row[0] == "day") == next(
        row[3] for row in rows if row[0] == "month"
    )
    assert [sheet.name for sheet in actions(book("2023-06", orders=SOLD), made).worksheets()] == [
        "Goal actions",
        "Plan Ann",
        "Plan Bo",
        "Plan Cy",
    ]
    assert "Bound" not in next(t for t in made.tables() if t.title.startswith("Quotas")).head


def test_the_last_quarter_hands_down_the_first_of_the_next_year(book):
    made = people(
        book(
            "2023-05",
            toml=TOML.replace("stages", "fiscal_year_start = 7\nstages"),
            orders=SOLD,
            reps=REPS,
        )
    )
    assert (
        made.period == "2024-Q1 (Jul – Sep 2023)"
        and made.handed.off() == 0
        and "forecast's base line" in made.source
    )
    assert [str(month) for month in made.months.months] == ["2023-07", "2023-08", "2023-09"]


def test_a_quota_at_a_bound_shows_the_column(book):
    made = people(
        book(
            "2023-06",
            toml=TOML + "[goals]\npins = { R2 = 500.0 }\n",
            orders=SOLD,
            reps=REPS,
            targets=QUARTER,
        )
    )
    assert "Bound" in made.tables()[0].head
