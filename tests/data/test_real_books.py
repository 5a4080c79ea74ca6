"""Two public data sets that no one here wrote, through their mappings: the facts published with
them come out.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from playbook.base.language import english
from playbook.data.book import Book
from shared import REPO, real


def opened(name: str, data: str, month: str = "2017-12") -> Book:
    real(data)
    return Book.open(REPO / "tests" / "books" / name, month)


def one(book: Book, table: str, what: str, where: str = "TRUE"):
    return book.relation(table).filter(where).aggregate(what).fetchall()[0][0]


def test_crm_pipeline():
    book = opened("crm_maven", "crm_maven")
    by_outcome = dict(
        book.relation("opportunities").aggregate("outcome, count(*)", "outcome").fetchall()
    )
    assert by_outcome == {"won": 4238, "lost": 2473, "open": 1589 + 500}
    assert round(by_outcome["won"] / (by_outcome["won"] + by_outcome["lost"]), 4) == 0.6315
    assert (
        one(book, "opportunities", "sum(amount)", "outcome = 'won'")
        == one(book, "orders", "sum(amount)")
        == 10_005_534
    )
    assert (
        one(book, "opportunities", "count(*)", "rep_id = 'Darcel Schlecht' AND outcome = 'won'")
        == 349
    )
    assert one(book, "opportunities", "median(closed - created)", "outcome = 'won'") == 57
    assert one(book, "opportunities", "median(closed - created)", "outcome = 'lost'") == 14


def test_crm_regions_products_and_prospects():
    book = opened("crm_maven", "crm_maven")
    regions = dict(
        book.relation("opportunities")
        .filter("outcome = 'won'")
        .aggregate("region, sum(amount)", "region")
        .fetchall()
    )
    assert regions == {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}
    teams = dict(
        book.relation("opportunities")
        .filter("outcome = 'won'")
        .join(book.relation("reps").project("rep_id, team"), "rep_id")
        .aggregate("team, sum(amount)", "team")
        .fetchall()
    )
    assert teams["Melvin Marxen"] == 2_251_930 and teams["Dustin Brinkmann"] == 1_094_363
    assert one(book, "opportunities", "count(*)", "product_line = 'GTX Pro'") == 1480
    assert (
        one(
            book,
            "opportunities",
            "count(*)",
            "created IS NULL AND stage = 'lead' AND outcome = 'open'",
        )
        == 500
    )
    assert one(book, "customers", "count(*)", "industry = 'technolgy'") == 0
    assert [problem.count for problem in book.warnings] == [500]


@pytest.mark.parametrize("name", ["superstore_zh", "superstore_zh_gbk"])
def test_superstore(name):
    book = opened(name, "superstore_zh")
    assert one(book, "orders", "sum(amount)") == Decimal("16117548.2370")
    assert one(book, "orders", "sum(amount - cost)") == pytest.approx(
        Decimal("2156559.517"), abs=Decimal("0.001")
    )
    assert (
        one(book, "orders", "count(DISTINCT order_id)") == 2773
        and one(book, "customers", "count(*)") == 790
    )
    assert book.facts().window == (
        one(book, "orders", "min(date)"),
        one(book, "orders", "max(date)"),
    )
    assert [day.isoformat() for day in book.facts().window] == ["2014-01-01", "2017-12-30"]
    reps = dict(book.relation("reps").project("region, name").fetchall())
    assert reps == {
        "中南": "范彩",
        "华东": "洪光",
        "华北": "殷莲",
        "东北": "楚杰",
        "西南": "白德伟",
        "西北": "杨健",
    }
    (reused,) = book.warnings
    said = "1,407 order ids of several customers, or again after more than"
    assert english(reused.found).startswith(said)
    assert reused.found.startswith("1,407个订单号属于多家客户")  # said as the book's language is
    assert book.fmt.language == "zh"


def test_the_workbook_and_its_gb18030_copies_are_the_same_book():
    one_, other = (opened(name, "superstore_zh") for name in ("superstore_zh", "superstore_zh_gbk"))
    for table in ("orders", "customers", "reps"):
        assert sorted(map(repr, one_.relation(table).fetchall())) == sorted(
            map(repr, other.relation(table).fetchall())
        )


def test_returns_as_refunds():
    book = opened("superstore_zh_refunds", "superstore_zh")
    assert one(book, "orders", "sum(amount)") == pytest.approx(
        Decimal("14155593.242"), abs=Decimal("0.0005")
    )
    assert one(book, "orders", "count(DISTINCT order_id)", "kind = 'refund'") == 296


def test_the_default_month_is_the_last_closed_one():
    assert (
        str(opened("crm_maven", "crm_maven", "").month) == "2017-12"
    )  # the newest day is the last of December
    assert (
        str(opened("superstore_zh", "superstore_zh", "").month) == "2017-11"
    )  # the data end on 30 December


def test_no_path_of_the_machine_is_told():
    from playbook.base.params import Goals
    from playbook.page.stamp import footer, stamp

    book = opened("crm_maven", "crm_maven")
    told = "".join(
        block.plain() + block.html() + str(block.data())
        for block in [*stamp(book.facts()), *footer(book.facts(), Goals(book=str(REPO)))]
    )
    assert str(REPO.parent) not in told + str(book.read.files)


def test_the_sample_company_has_no_problem():
    from playbook.base.params import SAMPLE
    from playbook.data.checking import check_book

    report = check_book(SAMPLE)
    assert report.ok and not report.problems and report.month == "2023-09", report.text()
