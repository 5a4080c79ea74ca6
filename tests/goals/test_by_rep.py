"""What each rep is asked, worked by hand."""

from types import SimpleNamespace

import pytest
from toy_books import TOML, months

from playbook.goals.work.by_rep import rep_needs, rep_tables
from playbook.methods.shrinkage import shrink

ORDERS = months(2022, 2023, 3, lambda y, m: 100)
REPS = "rep_id,name,hired,left\nR1,Ann,2020-01-01,\nR2,Bo,2020-01-01,\nR3,Cy,2020-01-01,\n"
TEAM = SimpleNamespace(reps=2)


def deals(**won: tuple[int, int]) -> str:
    """won: rep → (won, decided)."""
    rows = [
        f"{rep}-{i},2023-01-02,{stage},{outcome},2023-02-02,9,{rep}"
        for rep, (k, n) in won.items()
        for i in range(n)
        for stage, outcome in [("won", "won") if i < k else ("lead", "lost")]
    ]
    return "opportunity_id,created,stage,outcome,closed,amount,rep_id\n" + "\n".join(rows)


def needs(book, team=TEAM, reps=REPS, few=30, toml=TOML, more=None, **won):
    made = book(
        "2023-03",
        toml=toml,
        orders=ORDERS,
        opportunities=deals(**won),
        reps=reps,
        **(more or {}),
    )
    return rep_needs(made, 10, 0.25, team, few)


def test_reps_alike_are_asked_the_teams_number_and_few_deals_nothing_of_their_own(book):
    found = needs(book, R1=(20, 40), R2=(20, 40), R3=(2, 4))
    assert found[["label", "n", "own"]].to_numpy().tolist() == [["Ann", 40, 0.5], ["Bo", 40, 0.5]]
    # a quarter of the entries become deals: four a deal, twenty for an even part of ten
    assert found["a_deal"].round(9).tolist() == [4, 4] and found["deals"].tolist() == [5, 5]
    assert found["entries"].tolist() == [20, 20]
    assert found["week"].tolist() == pytest.approx([20 * 12 / 52] * 2)
    (table,) = rep_tables(found, 30, "lead", book("2023-03", toml=TOML, orders=ORDERS).fmt)
    assert [cell.text for cell in table.rows[0]][-3:] == ["4.0", "20", "4.6"]


def test_who_wins_half_as_often_is_asked_more_by_the_shrunk_rate(book):
    found = needs(book, R1=(90, 200), R2=(40, 200)).set_index("rep")
    by = shrink([90, 40], [200, 200])
    assert by.prior < 200  # further apart than chance
    for place, rep in enumerate(("R1", "R2")):
        assert found.loc[rep, "rate"] == by.value[place]
        assert found.loc[rep, "a_deal"] == pytest.approx(0.325 / (0.25 * by.value[place]))
    assert found.loc["R2", "entries"] > found.loc["R1", "entries"]


def test_nobody_is_asked_apart_without_losses_people_or_a_second_rep(book):
    assert needs(book, R1=(40, 40), R2=(40, 40)).empty
    assert needs(book, R1=(20, 40), R2=(2, 4)).empty
    assert needs(book, team=SimpleNamespace(reps=None), R1=(20, 40), R2=(20, 40)).empty
    gone = REPS.replace("R2,Bo,2020-01-01,", "R2,Bo,2020-01-01,2023-01-31")
    assert needs(book, reps=gone, R1=(20, 40), R2=(20, 40)).empty
    assert rep_tables(None, 30, "lead", None) == []


def test_without_a_list_of_people_those_count_who_had_a_deal_of_late(book):
    """Deals of R1 and R2 were decided in February, those of R3 in November: two people, five of
    ten deals each. All three tell how far people differ.
    """
    rows = deals(R1=(20, 40), R2=(20, 40))
    rows += "".join(
        f"\nR3-{i},2022-10-02,{'won' if i < 20 else 'lead'},{'won' if i < 20 else 'lost'},"
        "2022-11-02,9,R3"
        for i in range(40)
    )
    made = book("2023-03", toml=TOML, orders=ORDERS, opportunities=rows)
    found = rep_needs(made, 10, 0.25, SimpleNamespace(reps=None), 30)
    assert found["rep"].tolist() == ["R1", "R2"] and found["deals"].tolist() == [5, 5]
    assert not found["listed"].any()
    (table,) = rep_tables(found, 30, "lead", made.fmt)
    assert table.note.endswith("who opened a deal or had one decided in the last 3 months")
    more = months(2022, 2023, 5, lambda y, m: 100)
    late = book("2023-05", toml=TOML, orders=more, opportunities=rows)
    assert rep_needs(late, 10, 0.25, SimpleNamespace(reps=None), 30).empty  # nobody since


QUOTAS = """period,metric,target,rep_id
2023-04,sales,600,R1
2023-04,sales,200,R2
2023-04,sales,200,R3
2023-03,sales,900,R2"""


def test_the_deals_are_parted_by_the_reps_targets_of_the_next_month(book):
    """R3 has left: its 200 are nobody's. 600 and 200 of 800 take 7.5 and 2.5 of ten deals, at four
    entries each.
    """
    gone = REPS.replace("R3,Cy,2020-01-01,", "R3,Cy,2020-01-01,2023-01-31")
    alike = {"R1": (20, 40), "R2": (20, 40)}
    found = needs(book, reps=gone, more={"targets": QUOTAS}, **alike)
    assert found[["rep", "deals", "entries", "by"]].to_numpy().tolist() == [
        ["R1", 7.5, 30, "sales"],
        ["R2", 2.5, 10, "sales"],
    ]
    fmt = book("2023-03", toml=TOML, orders=ORDERS).fmt
    (table,) = rep_tables(found, 30, "lead", fmt)
    assert "parted by the reps' targets (sales)" in table.note.lower()
    assert [cell.text for cell in table.rows[0]][-4:] == ["4.0", "7.5", "30", "6.9"]
    even = TOML + '[goals]\ndeals_by = "even"\n'
    found = needs(book, reps=gone, toml=even, more={"targets": QUOTAS}, **alike)
    assert found["deals"].tolist() == [5, 5]
    assert "an even part (5.0 a rep)" in rep_tables(found, 30, "lead", fmt)[0].note


def test_a_rep_without_a_target_where_others_have_one_is_asked_no_part(book):
    only = "period,metric,target,rep_id\n2023-03,sales,900,R2"
    found = needs(book, more={"targets": only}, R1=(20, 40), R2=(20, 40))
    assert found[["rep", "deals"]].to_numpy().tolist() == [["R2", 10]]


def test_targets_of_a_reps_lines_do_not_count_beside_its_own(book):
    """R1 has 600 and, within them, 400 and 200 by line; R2 has 200 as two lines alone."""
    split = """period,metric,target,rep_id,product_line
2023-04,sales,600,R1,
2023-04,sales,400,R1,X
2023-04,sales,200,R1,Y
2023-04,sales,150,R2,X
2023-04,sales,50,R2,Y"""
    found = needs(book, more={"targets": split}, R1=(20, 40), R2=(20, 40)).set_index("rep")
    assert found["deals"].to_dict() == pytest.approx({"R1": 7.5, "R2": 2.5})
