"""Bunching at edges and period ends: found where it was planted, and nowhere else."""

from playbook import incentives
from small_company import small_book


def test_bunching_is_found_where_it_was_planted():
    rows = "".join(
        f"{i},{year}-{month:02d}-28,C1,{1010 + i},R{rep},new\n"
        for i, (year, month, rep) in enumerate(
            (y, m, r) for y in (2021, 2022) for m in (3, 6, 9, 12) for r in (1, 2, 3)
        )
    )
    made = incentives.audit(
        small_book(
            month="2022-12",
            orders="order_id,date,customer_id,amount,rep_id,kind\n" + rows,
        )
    )
    assert made.edges.iloc[0][["below", "above"]].tolist() == [0, 24]
    assert len(made.crowded) == 1 and made.actions()
    assert made.ends.iloc[0]["last"] == "100.0 %"


def test_bunching_at_levels_of_the_quota():
    """Twelve quarters of three people at 101 % of their quota, where pay jumps."""
    rows = "".join(
        f"{i},{year}-{month:02d}-10,C1,1010,R{rep},new\n"
        for i, (year, month, rep) in enumerate(
            (y, m, r) for y in (2020, 2021, 2022) for m in (3, 6, 9, 12) for r in (1, 2, 3)
        )
    )
    toml = (
        '[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\nquota = 1000\nattainment = {'
        " target_pay = 100, levels = [{ at = 0.8, pays = 0.5 }, { at = 1, pays = 1 }] }\n"
    )
    made = incentives.audit(
        small_book(
            toml,
            month="2022-12",
            orders="order_id,date,customer_id,amount,rep_id,kind\n" + rows,
        )
    )
    assert made.edges[["label", "below", "above", "cliff"]].values.tolist() == [
        ["80 % of the quota", 0, 0, "yes"],
        ["100 % of the quota", 0, 36, "yes"],
    ]
    assert "just above 100 % of the quota (36)" in made.reading()
