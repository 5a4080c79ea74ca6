"""Phasing, decomposition, people and the adjustment window: exact and by hand."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_books import TOML, months

from playbook.base.errors import ParameterProblem, SettingsProblem
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings, parse_settings
from playbook.goals.actions import actions
from playbook.goals.plan.calendar import phasing
from playbook.goals.plan.decomposition import decomposition
from playbook.goals.plan.order_counts import orders_needed
from playbook.goals.plan.owners import spans
from playbook.goals.plan.phasing import Curve, by_day, curve_of, day_weights, given_curve
from playbook.goals.plan.quotas import people
from playbook.goals.plan.staff import ramp_of
from playbook.goals.track.adjustment import adjustment
from playbook.goals.track.overview import sales_overview
from playbook.goals.track.replan import replan
from playbook.methods.apportionment import split
from playbook.methods.raking import product

S, PLAIN = GoalSettings(), Calendar()


def test_a_month_falls_thirty_fifty_twenty_on_its_thirds():
    days = by_day(100_000, Month(2023, 8), S, PLAIN)
    assert days.groupby("third")["units"].sum().tolist() == [30_000, 50_000, 20_000]


def test_a_quarter_falls_thirty_forty_thirty_on_its_months():
    curve = curve_of(Month(2023, 1), Month(2023, 3), None, GoalSettings(phasing="phases"), PLAIN)
    assert curve.shares == pytest.approx((0.3, 0.4, 0.3))


@given(st.integers(0, 10**9), st.integers(1, 12), st.booleans())
def test_days_sum_to_their_month_whatever_the_holidays(units, month, chinese):
    days = by_day(units, Month(2024, month), S, Calendar(country="CN") if chinese else PLAIN)
    assert days["units"].sum() == units and days["date"].is_monotonic_increasing


def test_golden_week_takes_weight_from_its_third():
    days = by_day(100_000, Month(2023, 10), S, Calendar(country="CN"))
    thirds = days.groupby("third")["units"].sum()
    assert thirds[1] < 30_000 and dt.date(2023, 10, 2) not in set(days["date"])
    assert sum(
        w for _, w in day_weights(Month(2023, 10), S, Calendar(country="CN"))
    ) == pytest.approx(1)


@given(
    st.lists(st.floats(0.01, 1), min_size=12, max_size=12), st.integers(1, 12), st.floats(1, 1e6)
)
def test_pace_is_one_for_whoever_is_on_the_curve(weights, month, target):
    curve = given_curve([Month(2023, m) for m in range(1, 13)], weights, "own")
    due = curve.elapsed(Month(2023, month).end, S, PLAIN)
    assert target * due / (target * due) == 1
    assert due == pytest.approx(sum(weights[:month]) / sum(weights))


def test_inside_a_month_the_curve_follows_the_thirds():
    curve = Curve((Month(2023, 8),), (1.0,), "one month")
    assert curve.elapsed(dt.date(2023, 8, 10), S, PLAIN) == pytest.approx(0.3)
    assert curve.elapsed(dt.date(2023, 8, 20), S, PLAIN) == pytest.approx(0.8)


def test_weights_of_thirds_and_phases_must_sum_to_one():
    with pytest.raises(SettingsProblem, match="sum to 1"):
        parse_settings({"goals": {"thirds": [0.3, 0.5, 0.3]}})


ORDERS = (
    months(2021, 2023, 6, lambda y, m: 100 + m, region="East")
    + "\n"
    + "\n".join(
        months(2021, 2023, 6, lambda y, m: 50 + (m % 3), customer="C2", region="West").splitlines()[
            1:
        ]
    )
)


def test_every_printed_split_sums_exactly_and_follows_a_given_total(book):
    made = decomposition(book("2023-06", orders=ORDERS), 1000.03)
    assert made.units == 100_003
    assert all(parts == total for _, _, parts, total in made.sums())
    assert made.cross.to_numpy().sum() == 100_003


def test_the_books_own_targets_are_kept_to_the_cent(book):
    targets = "period,metric,target,region\n2023,sales,1000.01,\n2023,sales,600.01,East\n2023,sales,400,West"
    made = decomposition(book("2023-06", orders=ORDERS, targets=targets))
    assert made.table.set_index("member")["units"].to_dict() == {"East": 60_001, "West": 40_000}
    assert made.sources["region"] == "the book's targets by member"


def test_the_next_month_is_the_plans_own(book):
    targets = "period,metric,target\n" + "\n".join(
        f"2023-{m:02d},sales,{100 * m}" for m in range(1, 13)
    )
    made = phasing(book("2023-06", orders=ORDERS, targets=targets))
    assert made.units == 70_000 and made.days["units"].sum() == 70_000


def test_october_names_the_days_off_and_the_weekend_days_worked(book):
    toy = book(
        "2023-09",
        toml=TOML.replace("stages", 'holidays = "CN"\nstages'),
        orders=months(2021, 2023, 9, lambda y, m: 100 + m),
    )
    assert (
        "Weekdays off: 2 Oct 2023" in phasing(toy).reading()
        and "Weekend days worked: 7 Oct 2023 and 8 Oct 2023." in phasing(toy).reading()
    )
    assert (
        "Weekend"
        not in phasing(
            book("2023-09", orders=months(2021, 2023, 9, lambda y, m: 100 + m))
        ).reading()
    )


REPS = "rep_id,name,region,hired,left\nR1,Ann,East,2020-01-01,\nR2,Bo,East,2020-01-01,\nR3,Cy,East,2023-06-01,\nR4,Di,East,2020-01-01,2023-05-01"
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
    ("pins", "told"),
    [
        ("{ R2 = 5000.0 }", "above its parent"),
        ("{ R9 = 1.0 }", "names 'R9'"),
        ("{ R4 = 1.0 }", "names 'R4'"),
    ],
)
def test_pins_that_cannot_be_kept_are_refused(book, pins, told):
    with pytest.raises(ParameterProblem, match=told):
        people(
            book(
                "2023-06",
                toml=TOML + f"[goals]\npins = {pins}\n",
                orders=SOLD,
                reps=REPS,
                targets=QUARTER,
            )
        )


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


def test_replans_keep_the_past_and_the_year_or_the_rate():
    frame = replan(
        [Month(2023, m) for m in range(1, 5)], np.array([100, 100, 100, 100]), [50, 100, None, None]
    )
    assert frame["keep_year"].tolist() == [50, 100, 125, 125]
    assert frame["keep_rate"].tolist() == [50, 100, 75, 75]


@given(
    st.lists(st.integers(0, 10**6), min_size=12, max_size=12).filter(sum),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=11),
)
def test_keeping_the_year_always_ends_at_its_figure(planned, done):
    actual = done + [None] * (12 - len(done))
    frame = replan([Month(2023, m) for m in range(1, 13)], np.array(planned), actual)
    assert frame["keep_year"].sum() == max(sum(planned), sum(done))


def test_the_window_opens_at_the_quarters_end_and_logs_what_was_moved(book):
    toml = (
        TOML
        + '[[goals.adjustments]]\ndate = 2023-04-03\nperiod = "2023"\ntarget = 2000.0\nreason = "a'
        ' rival cut prices"\n[[goals.adjustments]]\ndate = 2023-09-01\nperiod = "2023"\ntarget ='
        ' 1.0\nreason = "later"\n'
    )
    targets = "period,metric,target\n2023,sales,2500"
    made = adjustment(book("2023-06", toml=toml, orders=ORDERS, targets=targets))
    assert made.open and made.current == 2000
    row = made.log.iloc[0]
    assert (row["before"], row["after"], row["reason"]) == (
        2500,
        2000,
        "a rival cut prices",
    ) and len(made.log) == 1
    assert row["now"] > row["original"]
    assert not adjustment(book("2023-05", toml=toml, orders=ORDERS, targets=targets)).open


def test_without_a_target_there_is_nothing_to_adjust(book):
    assert adjustment(book("2023-06", orders=ORDERS)).status == "not available"


def test_shares_of_the_settings_lead_and_must_sum(book):
    made = decomposition(
        book(
            "2023-06",
            toml=TOML + "[goals.weights.region]\nEast = 0.25\nWest = 0.75\n",
            orders=ORDERS,
        ),
        1000,
    )
    assert made.table.set_index("member")["units"].to_dict() == {"East": 25_000, "West": 75_000}
    with pytest.raises(SettingsProblem, match="these sum to 0"):
        book(
            "2023-06",
            toml=TOML + "[goals.weights.region]\nEast = 0.25\nWest = 0.65\n",
            orders=ORDERS,
        )
    with pytest.raises(SettingsProblem, match="names 'Eest'"):
        decomposition(
            book(
                "2023-06",
                toml=TOML + "[goals.weights.region]\nEest = 0.25\nWest = 0.75\n",
                orders=ORDERS,
            ),
            1000,
        )


def test_orders_needed_keep_the_types_and_the_mix_of_kinds(book):
    rows = [
        f"{kind}{i},2023-0{i % 6 + 1}-05,{customer},{amount},{kind}"
        for customer, amount, n in (("C1", 500, 4), ("C2", 100, 6))
        for kind in ("new", "repurchase")
        for i in range(n)
    ]
    toy = book(
        "2023-06",
        orders="order_id,date,customer_id,amount,kind\n"
        + "\n".join(f"{customer_row}" for customer_row in rows),
        customers="customer_id,customer_type\nC1,large\nC2,small",
    )
    parts = decomposition(toy, 10_000)
    made = orders_needed(toy, parts)
    assert (
        made.table.sum(axis=1).to_dict()
        == parts.table[parts.table.dimension == "customer_type"]
        .set_index("member")["orders"]
        .to_dict()
    )
    assert made.table.sum(axis=0).to_numpy().tolist() == [
        int(x) for x in split(int(made.table.to_numpy().sum()), made.shares.to_numpy())
    ]
    assert orders_needed(book("2023-06", orders=ORDERS), parts).status == "not available"


def test_a_company_without_parts_still_has_its_months(book):
    made = decomposition(book("2023-06", orders=months(2021, 2023, 6, lambda y, m: 101)), 1200)
    assert made.sums() == [("year by month", 12, 120_000, 120_000)] and made.blocks()


def test_a_book_of_refunds_alone_is_told_not_failed(book):
    refunds = "order_id,date,customer_id,amount\nA,2023-01-31,C1,-10\nB,2023-01-30,C1,-10"
    toy = book("2023-01", orders=refunds)
    made = sales_overview(toy)
    assert (
        made.row("month")["orders"] == 0
        and float(made.row("month")["sales"]) == -20
        and made.blocks()
    )
    assert decomposition(toy).status == "not available"


# -- the quarter by owner

margin = st.lists(st.integers(0, 10**13), min_size=1, max_size=9)


@given(margin, margin)
def test_a_product_keeps_both_margins_exactly_whatever_their_size(rows, columns):
    columns = columns if sum(columns) else [1]
    weights = [c / sum(columns) for c in columns]
    columns = split(sum(rows), weights)
    made = product(rows, columns)
    assert (
        (made >= 0).all()
        and made.sum(axis=1).tolist() == rows
        and made.sum(axis=0).tolist() == columns.tolist()
    )
    share = np.outer(np.array(rows, dtype=float), columns.astype(float)) / max(1, sum(rows))
    assert (abs(made - share) <= 4 + 1e-9 * sum(rows)).all()


@pytest.mark.parametrize(
    ("rows", "columns"), [([1, 1, 1], [1, 1, 1]), ([1, 1, 3], [2, 1, 2]), ([1, 3, 3], [3, 1, 3])]
)
def test_a_few_cents_over_many_days_never_fall_below_nought(rows, columns):
    """Margins whose running totals round to a cell of −1."""
    made = product(rows, columns)
    assert (
        (made >= 0).all()
        and made.sum(axis=1).tolist() == rows
        and made.sum(axis=0).tolist() == columns
    )


def test_margins_of_a_product_that_contradict_are_refused():
    with pytest.raises(ParameterProblem, match="rows sum to 10, columns to 11"):
        product([4, 6], [5, 6])


TWO = REPS + "\nR5,Em,West,2020-01-01,\nR6,Fo,West,2020-01-01,"
BY_REGION = "period,metric,target,region\n2023-Q3,sales,3000.07,\n2023-Q3,sales,1000.03,East\n2023-Q3,sales,2000.04,West"


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
        made.period == "2023-Q1"
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


def test_a_part_held_fixed_keeps_its_amount_and_the_others_share_the_rest(book):
    west = "\n".join(
        months(2021, 2023, 6, lambda y, m: 50, customer="C3", region="South").splitlines()[1:]
    )
    made = decomposition(
        book(
            "2023-06",
            toml=TOML + "[goals.held.region]\nEast = 700.01\n",
            orders=ORDERS + "\n" + west,
        ),
        1000,
    )
    units = made.table.set_index("member")["units"].to_dict()
    assert (
        units["East"] == 70_001
        and sum(units.values()) == 100_000
        and made.cross.loc["East"].sum() == 70_001
    )
    assert (
        abs(units["West"] - units["South"] * 612 / 600) < 2000
        and "held fixed: East" in made.sources["region"]
    )


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("East = 1200.0", "East is pinned or floored at ¥1,200.00, above its parent's ¥1,000.00"),
        ("East = 600.0\nWest = 500.0", "floors and pins sum to ¥1,100.00"),
        ("Eest = 1.0", "names 'Eest'"),
    ],
)
def test_parts_that_cannot_be_held_are_refused(book, held, told):
    with pytest.raises((ParameterProblem, SettingsProblem), match=told):
        decomposition(
            book("2023-06", toml=TOML + f"[goals.held.region]\n{held}\n", orders=ORDERS), 1000
        )
