"""What three months show and one does not: a region that sells half, others alike."""

import pandas as pd
import pytest

from playbook import funnel
from playbook.base.formats import Formats
from playbook.funnel.money.longer_spans import longer_sentence
from toy import toy


def orders(first="2022-01", fall=2, last="2023-06"):
    """30 customers a region, each buys for 10 each month; those of the East 1 ÷ fall of it in the
    last three months, and every customer of any region by turns 1 more or less.
    """
    (year, month), rows = map(int, first.split("-")), []
    while f"{year}-{month:02}" <= last:
        late = f"{year}-{month:02}" >= "2023-04"
        for n in range(90):
            region = ("East", "West", "North")[n % 3]
            amount = 10 / (fall if region == "East" and late else 1) + (1, -1)[(n // 3 + month) % 2]
            rows.append(
                {
                    "order_id": f"{year}{month:02}{n}",
                    "date": f"{year}-{month:02}-15",
                    "customer_id": f"C{n:02}",
                    "amount": amount,
                    "region": region,
                }
            )
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return rows


def test_a_region_that_halved_over_three_months_is_named():
    """East: 30 × 5 × 3 = 450 after 900; the others 1,800 in both."""
    found = funnel.gap(toy(orders=orders(), month="2023-06"))
    rows = found.longer[found.longer.months == 3].set_index("member")
    assert rows.index[0] == "East" and rows.dimension.unique().tolist() == ["region"]
    east = rows.loc["East"]
    assert (east.now, east.then, east.change) == pytest.approx((450, 900, -450))
    assert east.others == pytest.approx(0) and east.p <= 0.005
    assert found.reading().endswith(
        "Over the last 3 months East (region) sold ¥450 less than a year before (50.0 %), all"
        " others together 0.0 %: more than chance gives."
    )
    assert "longer spans" in found.tables()[-1].title


def test_nobody_is_named_where_all_move_alike():
    found = funnel.gap(toy(orders=orders(fall=1), month="2023-06"))
    assert found.longer.empty and "Over the last" not in found.reading()


@pytest.mark.parametrize(
    "hired,left,named",
    [
        ("2022-04-01", None, True),
        ("2022-04-02", None, False),
        ("2020-01-01", "2023-06-30", False),
        ("2020-01-01", "2023-07-01", True),
    ],
)
def test_a_rep_who_came_or_went_is_not_told_to_have_sold_less(hired, left, named):
    """The span of three months has its year before from 1 April 2022 on."""
    rows = [{**row, "rep_id": row.pop("region")} for row in orders()]
    rows = [row for row in rows if row["rep_id"] != "East" or row["date"] > hired]
    people = [{"rep_id": "East", "name": "Ada", "hired": hired, "left": left}]
    people += [
        {"rep_id": other, "name": other, "hired": "2020-01-01"} for other in ("West", "North")
    ]
    found = funnel.gap(toy(orders=rows, reps=people, month="2023-06"))
    spans = found.longer[(found.longer.months == 3) & (found.longer.dimension == "rep")]
    assert ("Ada" in set(spans.label)) == named


def test_a_span_whose_year_before_is_not_covered_is_left_out():
    """Sales begin in May 2022, so that April to June 2023 have no full year before."""
    found = funnel.gap(toy(orders=orders(first="2022-05"), month="2023-06"))
    assert found.longer.empty


def test_a_fall_from_nothing_has_no_share():
    """Refunds alone after a year without sales: the money is told, a share of nothing is not."""
    rows = pd.DataFrame(
        [
            {"months": 3, "dimension": "region", "label": "East", "now": -50.0, "then": 0.0}
            | {"change": -50.0, "others": 0.1}
        ]
    )
    said = longer_sentence(rows, Formats("EUR", "en"))
    assert "East (region) sold €50 less" in said and "(–), all others together +10.0 %" in said
