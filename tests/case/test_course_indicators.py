"""The indicators of a company: as known on a day, and of another company's book."""

import pytest
from tests.shared import REPO, real

from playbook import case
from playbook.data.book import Book

SAMPLE = REPO / "data" / "sample"


def test_a_book_replayed_at_a_day_equals_the_book_on_that_day(course):
    """Nothing dated later enters: quarters over by March are the same seen from March and from
    September.
    """
    early = (
        case.indicators(Book.open(SAMPLE, "2023-03"))
        .course.quarterly.set_index(["indicator", "period"])
        .value
    )
    late = course.course.quarterly.set_index(["indicator", "period"]).value
    assert early.dropna().to_dict() == pytest.approx(late.reindex(early.dropna().index).to_dict())


@pytest.mark.parametrize(
    ("name", "indicator"), [("crm_maven", "cycle"), ("superstore_zh", "growth")]
)
def test_another_company_gets_its_own_course_and_no_claims(name, indicator):
    real(name)
    book = Book.open(REPO / "tests" / "books" / name / "playbook.toml", "2017-12")
    course = case.indicators(book)
    assert indicator in set(course.course.quarterly.indicator)
    assert case.claims(book, course).status == "not available"
    beside = case.benchmarks(book, course)
    assert beside.table.own.notna().any() and beside.reading()
    assert case.decisions(book, course).quarter == "2017-Q4"


def test_drawings_tell_their_numbers(book, course):
    for result in (course, case.claims(book, course), case.benchmarks(book, course)):
        drawn = result.figure()
        assert "2023" in drawn.note and len(drawn.alt) > 100
