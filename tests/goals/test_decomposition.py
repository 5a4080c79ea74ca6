"""The year split to regions, lines, customer types and months, exact and by hand."""

import pytest
from toy_books import TOML, TWO_REGIONS, months

from playbook.base.errors import ParameterProblem, SettingsProblem
from playbook.goals.plan.decomposition import decomposition
from playbook.goals.track.overview import sales_overview


def test_every_printed_split_sums_exactly_and_follows_a_given_total(book):
    made = decomposition(book("2023-06", orders=TWO_REGIONS), 1000.03)
    assert made.units == 100_003
    assert all(parts == total for _, _, parts, total in made.sums())
    assert made.cross.to_numpy().sum() == 100_003


def test_the_books_own_targets_are_kept_to_the_cent(book):
    targets = (
        "period,metric,target,region\n2023,sales,1000.01,\n"
        "2023,sales,600.01,East\n2023,sales,400,West"
    )
    made = decomposition(book("2023-06", orders=TWO_REGIONS, targets=targets))
    assert made.table.set_index("member")["units"].to_dict() == {"East": 60_001, "West": 40_000}
    assert made.sources["region"] == "the book's targets by member"


def test_shares_of_the_settings_lead_and_must_sum(book):
    made = decomposition(
        book(
            "2023-06",
            toml=TOML + "[goals.weights.region]\nEast = 0.25\nWest = 0.75\n",
            orders=TWO_REGIONS,
        ),
        1000,
    )
    assert made.table.set_index("member")["units"].to_dict() == {"East": 25_000, "West": 75_000}
    with pytest.raises(SettingsProblem, match="these sum to 0"):
        book(
            "2023-06",
            toml=TOML + "[goals.weights.region]\nEast = 0.25\nWest = 0.65\n",
            orders=TWO_REGIONS,
        )
    with pytest.raises(SettingsProblem, match="names 'Eest'"):
        decomposition(
            book(
                "2023-06",
                toml=TOML + "[goals.weights.region]\nEest = 0.25\nWest = 0.75\n",
                orders=TWO_REGIONS,
            ),
            1000,
        )


def test_the_share_of_a_member_to_come_waits_and_is_said(book):
    """North, a quarter of the year, has no row yet: East and West share 1,000 as 25 to 50."""
    toml = TOML + "[goals.weights.region]\nEast = 0.25\nWest = 0.5\nNorth = 0.25\n"
    made = decomposition(book("2023-06", toml=toml, orders=TWO_REGIONS), 1000)
    units = made.table[made.table["dimension"] == "region"].set_index("member")["units"]
    assert units.to_dict() == {"East": 33_333, "West": 66_667}
    assert made.sources["region"] == (
        "the shares of the settings; waiting for its first sale, shared by the others: 25 %"
        " of North"
    )


def test_the_amount_held_for_a_member_to_come_waits(book):
    toml = TOML + "[goals.held.region]\nNorth = 400.0\n"
    made = decomposition(book("2023-06", toml=toml, orders=TWO_REGIONS), 1000)
    plain = decomposition(book("2023-06", orders=TWO_REGIONS), 1000)
    assert made.table["units"].tolist() == plain.table["units"].tolist()
    assert made.sources["region"].endswith("; waiting for their first sale: North")


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


def test_a_part_held_fixed_keeps_its_amount_and_the_others_share_the_rest(book):
    west = "\n".join(
        months(2021, 2023, 6, lambda y, m: 50, customer="C3", region="South").splitlines()[1:]
    )
    made = decomposition(
        book(
            "2023-06",
            toml=TOML + "[goals.held.region]\nEast = 700.01\n",
            orders=TWO_REGIONS + "\n" + west,
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
    ("held", "expected"),
    [
        ("East = 1200.0", "East is pinned or floored at ¥1,200.00, above its parent's ¥1,000.00"),
        ("East = 600.0\nWest = 500.0", "floors and pins sum to ¥1,100.00"),
        ("Eest = 1.0", "names 'Eest'"),
    ],
)
def test_parts_that_cannot_be_held_are_refused(book, held, expected):
    with pytest.raises((ParameterProblem, SettingsProblem), match=expected):
        decomposition(
            book("2023-06", toml=TOML + f"[goals.held.region]\n{held}\n", orders=TWO_REGIONS), 1000
        )
