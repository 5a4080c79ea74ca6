"""Pay, attainment and people of the company of sixteen deals, worked by hand."""

import pytest

from playbook import incentives
from sixteen_deals import sixteen_deals


@pytest.fixture(scope="module")
def book():
    return sixteen_deals()


def test_a_quarter_line_by_line(book):
    """Ann: a renewal of 500 at 5 % × 1.2 fills the first band; 100 at 8 %; 400 at 8 % and 200 at
    10 %; twice 20 by hand. Bob: 400 at 5 %, 100 of it taken back, 200 at 5 % and 100 at 8 %.
    """
    found = incentives.statements(book)
    assert {r: float(p) for r, p in zip(found.table.rep_id, found.table.pay, strict=True)} == {
        "R1": 130,
        "R2": 33,
    }
    assert [float(p) for p in found.lines.pay] == [30, 20, 8, 52, 20, 20, -5, 18]
    assert found.table.to_next.dropna().tolist() == [400]
    assert [float(v) for v in found.table.next_deal] == [50, 42]


def test_the_year_under_both_plans(book):
    """Under the plan before, Ann's quarters of 520, 500 and 1,200 pay 7, 5 and 7 %, and 20 twice;
    Bob's of 90, 780 (nobody's deal, his order) and 600 pay 5, 7 and 7 %.
    """
    found = incentives.comparison(book)
    rows = found.table.set_index("rep_id")
    assert {r: float(a) for r, a in rows.amount.items()} == {"R2": 1470, "R1": 2220}
    assert float(rows.other["R1"]) == pytest.approx(36.4 + 25 + 84 + 40)
    assert [float(v) for v in found.summary.payout] == pytest.approx([274.2, 288.3])


def test_attainment_against_quotas(book):
    rows = incentives.attainment(book).table.set_index("rep_id")
    assert rows.attainment.to_dict() == pytest.approx({"R1": 1.2, "R2": 600 / 700})
    assert rows.level.to_dict() == {"R1": "full", "R2": "base"}
    assert float(rows.short["R2"]) == 100


def test_who_left(book):
    """R3 left on 31 January: of the three on board when the window began one, of 2.77 on average
    (three at ten of thirteen month ends, two at three).
    """
    rows = incentives.attrition(book).table.set_index("group")
    everyone = rows.loc["everyone"]
    assert (everyone.leavers, everyone.exposed) == (1, 3)
    assert everyone.heads == pytest.approx(36 / 13)
    assert everyone.rate == pytest.approx(13 / 36)
    assert rows.loc["new hires", ["leavers", "exposed", "rate"]].tolist() == [1, 1, 1]
