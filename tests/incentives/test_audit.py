"""Bunching at edges and period ends: found where it was planted, and nowhere else."""

from types import SimpleNamespace

import pandas as pd

from pay_plans import plan
from playbook import incentives
from playbook.base.formats import Formats
from playbook.incentives.plans.bunching import _discounts
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


def test_discounts_that_do_not_vary_say_nothing_of_chance():
    """Ends of quarters: 29 and 30 June; each side of one size only has no interval, unless both
    are the same."""
    past = SimpleNamespace(
        chosen=SimpleNamespace(current=plan(accumulate="quarter")), fiscal_year_start=1
    )

    def judged(late, other):
        days = ["2023-06-29", "2023-06-30"], ["2023-05-03", "2023-05-04", "2023-05-05"]
        closed = pd.to_datetime([*days[0], *days[1]])
        deals = pd.DataFrame({"closed": closed, "discount": [*late, *other]})
        return _discounts(deals, past, Formats("CNY", "en"))

    apart = judged([0.4, 0.4], [0.1, 0.1, 0.1])
    assert apart["difference"] == "one discount on each side" and apart["sentence"] == ""
    same = judged([0.1, 0.1], [0.1, 0.1, 0.1])
    assert same["difference"] == "0.0 pp [0.0–0.0 pp]" and "no deeper" in same["sentence"]
    told = judged([0.3, 0.5], [0.1, 0.1, 0.1])
    assert told["difference"].startswith("+30.0 pp [") and "no deeper" in told["sentence"]
