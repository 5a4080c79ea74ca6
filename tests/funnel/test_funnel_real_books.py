"""The public data sets: facts everyone can recount."""

import pytest

from playbook import funnel
from playbook.data.book import Book
from shared import REPO, real


@pytest.fixture(scope="module")
def crm() -> Book:
    real("crm_maven")
    return Book.open(REPO / "tests" / "books" / "crm_maven" / "playbook.toml", "2017-12")


def test_crm_wins_losses_and_medians(crm):
    found = funnel.win_rate(crm)
    row = found.row("all")
    assert (row["won"], row["lost"], row["created"], row["open"], row["won_amount"]) == (
        4238,
        2473,
        8800,
        2089,
        10_005_534,
    )
    assert found.rate("all").value == pytest.approx(0.6315, abs=5e-5)
    best = (
        found.groups[(found.groups.dimension == "rep") & (found.groups.window == "all")]
        .sort_values("won")
        .iloc[-1]
    )
    assert (best.label, best.won) == ("Darcel Schlecht", 349)
    ever = funnel.cycle(crm).table.set_index("window").loc["all"]
    assert (ever.won_median, ever.lost_median) == (57, 14)


def test_crm_sales_by_region(crm):
    rows = funnel.performance(crm, window="trailing_12m").of("region").set_index("member").actual
    assert rows.to_dict() == pytest.approx(
        {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}
    )


def test_crm_deals_without_a_day_are_counted_and_named(crm):
    balance = funnel.conversion(crm).balance.set_index("stage")
    assert (balance.open["lead"], balance.undated["lead"], balance.open["intent"]) == (
        500,
        500,
        1589,
    )
    assert any("500 deals without creation date" in note for note in funnel.win_rate(crm).notes())


def test_crm_deals_without_a_day_of_entry_are_not_weighted(crm):
    """Every one of the 500 leads carries no day; 1,589 deals do."""
    found = funnel.weighted_pipeline(crm)
    assert found.table.undated.tolist() == [500, 0] and found.kpis()[0].n == 1589
    assert "on which day 500 deals entered their stage is not known" in found.reading()
