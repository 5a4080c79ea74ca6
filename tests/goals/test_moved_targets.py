"""Targets moved in an adjustment window: the log, both attainments, and a plan ahead that follows
the current figure.
"""

import pytest
from toy_books import TOML, months

from playbook.base.errors import DataProblem, SettingsProblem
from playbook.goals.plan.calendar import phasing
from playbook.goals.plan.decomposition import decomposition
from playbook.goals.plan.quotas import people
from playbook.goals.track.adjustment import adjustment
from playbook.goals.track.tracking import tracking
from playbook.methods.apportionment import split

ORDERS = (
    months(2021, 2023, 6, lambda y, m: 100, region="East")
    + "\n"
    + "\n".join(
        months(2021, 2023, 6, lambda y, m: 50, customer="C2", region="West").splitlines()[1:]
    )
)
TARGETS = (
    "period,metric,target,region\n2023,sales,2000,\n2023-Q3,"
    "sales,500,\n2023,sales,1200,East\n2023,sales,800,West\n"
    "2023-Q3,sales,300,East\n2023-Q3,sales,200,West"
)
REPS = "rep_id,name,region,hired\nR1,Ann,East,2023-01-02\nR2,Bo,West,2023-01-02"


def move(date="2023-04-03", target=1600, period="2023", reason="a rival cut prices", **members):
    fields = "".join(f'{key} = "{value}"\n' for key, value in members.items())
    return (
        f'[[goals.adjustments]]\ndate = {date}\nperiod = "{period}"\ntarget = {target}\nreason ='
        f' "{reason}"\n{fields}'
    )


def test_attainment_stands_against_the_original_and_the_current_target(book):
    made = adjustment(
        book(
            "2023-06", toml=TOML + move() + move("2023-06-30", 1800), orders=ORDERS, targets=TARGETS
        )
    )
    first, second = made.log.to_dict("records")
    assert (first["first"], first["before"], first["after"], second["before"], second["after"]) == (
        2000,
        2000,
        1600,
        1600,
        1800,
    )
    assert (first["original"], first["now"], second["now"]) == (
        pytest.approx(900 / 2000),
        pytest.approx(900 / 1600),
        pytest.approx(900 / 1800),
    )
    assert made.current == 1800 and any(t.title == "Targets that were moved" for t in made.tables())


def test_a_change_agreed_after_the_as_of_date_is_not_known_yet(book):
    made = adjustment(
        book("2023-05", toml=TOML + move("2023-06-30", 1800), orders=ORDERS, targets=TARGETS)
    )
    assert made.log.empty and made.current == 2000


def test_a_part_is_moved_alone(book):
    toy = book(
        "2023-06", toml=TOML + move(target=900, region="East"), orders=ORDERS, targets=TARGETS
    )
    row = adjustment(toy).log.iloc[0]
    assert (row["label"], row["first"], row["after"]) == ("East", 1200, 900) and row[
        "now"
    ] == pytest.approx(600 / 900)
    table = tracking(toy).table.set_index(["window", "label"])
    east, company = table.loc[("year_to_date", "East")], table.loc[("year_to_date", "Company")]
    assert east["moved"] == "moved from ¥1,200 to ¥900 on 3 Apr 2023" and company["moved"] == ""
    # judged against the target in force, the original beside it
    assert (east["target"], east["original"]) == (900, 1200)
    assert east["completion"] == pytest.approx(600 / 900)


def test_the_plan_ahead_follows_the_moved_year_everywhere_alike(book):
    """January to March stand at 500 of 2,000; the rest, 1,500, is cut to 1,100: July to September
    from 500 to 366.67, East's 300 to 220.
    """
    toy = book("2023-06", toml=TOML + move(), orders=ORDERS, targets=TARGETS, reps=REPS)
    made, month, staff = decomposition(toy), phasing(toy), people(toy)
    assert made.units == 160_000 and "as moved on 3 Apr 2023" in made.planned.source
    assert made.table.set_index("member")["units"].to_dict() == {"East": 96_000, "West": 64_000}
    july, quarter = made.cross.iloc[:, 6].sum(), int(made.cross.iloc[:, 6:9].to_numpy().sum())
    assert month.units == july and staff.handed.company.sum() == quarter == 36_667
    assert staff.parents.set_index("region")["target"].to_dict() == {"East": 22_000, "West": 14_667}


def test_a_quarter_moved_by_itself_leads(book):
    staff = people(
        book(
            "2023-06",
            toml=TOML + move() + move("2023-06-30", 600.01, "2023-Q3"),
            orders=ORDERS,
            targets=TARGETS,
            reps=REPS,
        )
    )
    assert staff.handed.company.sum() == 60_001 and sorted(staff.parents["target"]) == sorted(
        split(60_001, [300, 200]).tolist()
    )


def test_a_change_of_a_target_the_table_has_not_is_shown_with_a_dash(book):
    made = adjustment(
        book("2023-06", toml=TOML + move(target=10, region="North"), orders=ORDERS, targets=TARGETS)
    )
    table = next(t for t in made.tables() if t.title == "Targets that were moved")
    line = dict(zip(table.head, (cell.text for cell in table.rows[0]), strict=True))
    assert (line["For"], line["Original"], line["Of the original"]) == (
        "North",
        "–",
        "–",
    ) and made.current == 2000


def test_a_period_that_is_none_is_refused_by_name(book):
    with pytest.raises(SettingsProblem, match="period = '2023-H2'"):
        adjustment(
            book("2023-06", toml=TOML + move(period="2023-H2"), orders=ORDERS, targets=TARGETS)
        )


def test_a_period_given_twice_is_refused_and_pointed_to_the_log(book):
    with pytest.raises(DataProblem) as refused:
        tracking(
            book(
                "2023-06",
                orders=ORDERS,
                targets="period,metric,target\n2023-Q1,sales,300\n2023-q1,sales,310",
            )
        )
    assert "targets" in str(refused.value) and "[[goals.adjustments]]" in str(refused.value)
