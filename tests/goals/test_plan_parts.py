"""The year part within part: typed shares and deal sizes come out exact at every level."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_books import TOML, months, toy

from playbook.base.errors import SettingsProblem
from playbook.goals.plan.decomposition import decomposition
from playbook.goals.plan.part_tree import level_sums
from playbook.goals.plan.parts import plan_parts

TYPED = (
    TOML
    + """[goals]
levels = ["kind", "customer_type"]
[goals.weights]
kind = { new = 0.4, repurchase = 0.3, upgrade = 0.3 }
customer_type = { large = 0.5, medium = 0.3, small = 0.2 }
[goals.deal_sizes]
customer_type = { large = 500000, medium = 100000, small = 20000 }
"""
)
PLAIN = months(2022, 2023, 6, lambda y, m: 100)


def shown(made):
    return {
        row["path"]: (row["units"] // 100, row["deals"]) for row in made.table.to_dict("records")
    }


def test_ten_million_are_new_repurchase_upgrade_and_ten_thirty_and_a_hundred_deals(book):
    """The book knows neither kinds nor customer types: what is typed is all there is."""
    made = plan_parts(book("2023-06", toml=TYPED, orders=PLAIN), 10_000_000)
    parts = shown(made)
    assert [parts[k][0] for k in ("new", "repurchase", "upgrade")] == [
        4_000_000,
        3_000_000,
        3_000_000,
    ]
    assert parts["new › large"] == (2_000_000, 4) and parts["upgrade › small"] == (600_000, 30)
    leaves = made.table[made.table["level"] == 2].groupby("member")[["units", "deals"]].sum()
    assert leaves["deals"].to_dict() == {"large": 10, "medium": 30, "small": 100}
    assert (leaves["units"] // 100).to_dict() == {
        "large": 5_000_000,
        "medium": 3_000_000,
        "small": 2_000_000,
    }
    assert all(parts == whole for _, parts, whole in level_sums(made.table, made.units))
    assert parts["new"][1] == 4 + 12 + 40
    assert made.reading() == (
        "¥10,000,000 for 2023 is new 40 %, repurchase 30 % and upgrade 30 %. It takes 140 orders at"
        " the sizes of the settings."
    )


def test_the_same_shares_and_sizes_stand_in_the_split_by_each_dimension(book):
    made = decomposition(book("2023-06", toml=TYPED, orders=PLAIN), 10_000_000)
    rows = made.table.set_index(["dimension", "member"])
    assert rows.loc[("customer_type", "large"), "orders"] == 10
    assert rows.loc[("customer_type", "medium"), "orders"] == 30
    assert rows.loc[("customer_type", "small"), "orders"] == 100
    assert rows.loc[("kind", "new"), "units"] == 400_000_000
    assert made.sources["kind"] == "the shares of the settings"
    assert all(parts == total for _, _, parts, total in made.sums())


KINDS = "order_id,date,customer_id,amount,kind,line\n" + "\n".join(
    f"{kind}{i}{c},2023-0{i % 6 + 1}-05,C{c},{amount},{kind},{line}"
    for c, amount in ((1, 500), (2, 100))
    for kind, n, line in (("new", 2, "a"), ("repurchase", 6, "b"))
    for i in range(n)
)
UNLINED = "\n".join(row.rpartition(",")[0] for row in KINDS.splitlines())
TYPES = "customer_id,customer_type\nC1,large\nC2,small"


def test_learnt_parts_follow_what_was_sold_and_take_deals_at_average_sizes(book):
    """New 1,200 of 4,800, large 4,000 of 4,800: 10,000 is 2,500 new; large 8,333.33 at 500."""
    made = plan_parts(book("2023-06", orders=UNLINED, customers=TYPES), 10_000)
    rows = made.table.set_index("path")
    assert rows.loc["new", "units"] == 250_000 and rows.loc["repurchase", "units"] == 750_000
    assert rows.loc["new › large", "units"] in (208_333, 208_334)
    leaves = made.table[made.table["level"] == 2].groupby("member")["deals"].sum()
    assert leaves.to_dict() == {"large": 17, "small": 17}
    assert rows.loc["new › large", "size"] == 500.0 and made.sized == "customer_type"
    assert "today's average sizes" in made.reading()


def test_the_firms_own_dimension_and_the_size_of_a_deal_split_as_well(book):
    toml = TOML.replace("[book]\n", '[book]\ndimensions = ["line"]\n') + (
        '[goals]\nlevels = ["line", "deal_size"]\nsize_bands = { big = 300, little = 0 }\n'
    )
    made = plan_parts(book("2023-06", toml=toml, orders=KINDS, customers=TYPES), 4_800)
    assert shown(made) == {
        "a": (1200, 4),
        "a › big": (1000, 2),
        "a › little": (200, 2),
        "b": (3600, 12),
        "b › big": (3000, 6),
        "b › little": (600, 6),
    }


def test_a_dimension_nobody_has_is_refused_with_the_nearest_name(book):
    with pytest.raises(SettingsProblem) as refused:
        book(
            "2023-06", toml=TOML + '[goals]\nlevels = ["knd", "channel", "channle"]\n', orders=PLAIN
        )
    assert "levels names 'knd'" in str(refused.value) and "'kind'" in str(refused.value)
    assert "levels names 'channle'" in str(refused.value)
    for wrong, said in (
        ("levels = ['kind', 'kind']", "each dimension once"),
        ("deal_sizes.kind = { new = 0 }", "amounts above 0; kind new is 0"),
        ("size_bands = { big = 5 }", "the smallest of them 0"),
    ):
        with pytest.raises(SettingsProblem, match=said):
            book("2023-06", toml=TOML + f"[goals]\n{wrong}\n", orders=PLAIN)


def test_without_kinds_types_or_settings_there_are_no_parts(book):
    made = plan_parts(book("2023-06", orders=PLAIN), 1000)
    assert made.status == "not available"
    assert made.reason == (
        "sales name no kind of business or customer type, and [goals] levels no dimension"
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 10**9), st.integers(1, 99), st.integers(1, 98))
def test_every_level_sums_to_the_one_above_in_money_and_deals(cents, first, second):
    a = first / 100
    b = (1 - a) * second / 100
    toml = TYPED.replace(
        "new = 0.4, repurchase = 0.3, upgrade = 0.3",
        (f"new = {a}, repurchase = {b}, upgrade = {1 - a - b}"),
    )
    made = plan_parts(toy("2023-06", toml=toml, orders=PLAIN), cents / 100)
    assert all(parts == whole for _, parts, whole in level_sums(made.table, made.units))
    deals = made.table.groupby("parent")["deals"].sum()
    for row in made.table[made.table["level"] == 1].to_dict("records"):
        assert deals[row["path"]] == row["deals"]
