"""The case's figures: identities by hand, every published figure on the sample, refusals elsewhere."""

import pytest
from tests.shared import REPO, real

from playbook import case as replay
from playbook.case.identities import heads_change, matched_change, parts_growth
from playbook.case.published import CASE
from playbook.data.book import Book

SAMPLE = REPO / "data" / "sample"


@pytest.fixture(scope="module")
def course(book):
    return replay.indicators(book)


def test_growth_of_the_parts_by_hand():
    """1.42 × 0.70 ÷ 0.55 − 1 = 80.7 % and 1.42 × 0.30 ÷ 0.45 − 1 = −5.3 %."""
    assert parts_growth(0.42, 0.55, 0.70) == pytest.approx((0.80727, -0.05333), abs=1e-5)
    assert matched_change(-0.30, 0.45, 0.72) == pytest.approx(0.12)
    assert heads_change(0.42, 0.38) == pytest.approx(0.02899, abs=1e-5)


@pytest.mark.parametrize("before", [0.0, 1.0])
def test_a_share_without_a_base_is_refused(before):
    with pytest.raises(ValueError, match="without a base"):
        parts_growth(0.42, before, 0.7)


def test_parts_weighted_by_their_shares_give_the_growth_again():
    for growth, before, after in ((0.42, 0.55, 0.7), (-0.2, 0.3, 0.9), (0.0, 0.5, 0.5)):
        returning, new = parts_growth(growth, before, after)
        assert before * (1 + returning) + (1 - before) * (1 + new) == pytest.approx(1 + growth)


def test_every_published_figure_is_recomputed_within_its_rounding(book, course):
    table = replay.claims(book, course).table.set_index("id")
    assert len(table) == len(CASE)
    assert table[table.verdict != "match"].index.tolist() == []


def test_the_worked_identities_hold_in_the_tables_too(course):
    table = replay.identities(course).table.set_index("identity")
    assert table.value["returning"] == pytest.approx(0.807, abs=5e-4)
    assert table.value["new"] == pytest.approx(-0.053, abs=5e-4)
    assert table.value["renewal.relative"] == pytest.approx(0.294, abs=5e-4)
    assert table.value["renewal.points"] == pytest.approx(0.20)
    assert (table.recomputed - table.value).abs().max() < 0.01


def test_claims_after_the_report_month_have_no_value_but_a_reason():
    book = Book.open(SAMPLE, "2023-04")
    stated = replay.claims(book, replay.indicators(book))
    late = stated.table[stated.table.period.str.endswith("2023-Q3")]
    assert late.recomputed.isna().all() and (late.reason == "lies after the report month").all()
    assert all(kpi.value is not None or kpi.why for kpi in stated.kpis())


def test_a_book_replayed_at_a_day_equals_the_book_on_that_day(course):
    """Nothing dated later enters: quarters over by March are the same seen from March and from
    September.
    """
    early = (
        replay.indicators(Book.open(SAMPLE, "2023-03"))
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
    course = replay.indicators(book)
    assert indicator in set(course.course.quarterly.indicator)
    assert replay.claims(book, course).status == "not available"
    beside = replay.benchmarks(book, course)
    assert beside.table.own.notna().any() and beside.reading()
    assert replay.decisions(book, course).quarter == "2017-Q4"


def test_drawings_tell_their_numbers(book, course):
    for result in (course, replay.claims(book, course), replay.benchmarks(book, course)):
        drawn = result.figure()
        assert "2023" in drawn.note and len(drawn.alt) > 100


def test_how_each_figure_is_known_is_told(book, course):
    """Table, span and count or sums of every figure; a rate by its count, growth by its two sums."""
    shown = replay.claims(book, course).tables()[1]
    rows = {row[0].text: [cell.text for cell in row] for row in shown.rows}
    assert len(rows) == len(CASE) and all(all(cell for cell in row) for row in rows.values())
    assert rows["Renewal of large customers in the crisis"][3:] == [
        "2023-Q1",
        "32 of 47",
        "case.renewals_by_month",
    ]
    assert rows["Growth on a year before, third quarter"][4].count("÷") == 1
    assert rows["Leads after closing two channels"][3] == "2023-Q3 against 2023-Q1"


def test_the_figures_name_measures_that_exist():
    from playbook.case.claim_check import CALLS
    from playbook.data import measures
    from playbook.data.measures import case, deals, sales  # noqa: F401

    for calls in CALLS.values():
        for call in calls.split(", "):
            module, name = call.split(".")
            assert callable(getattr(getattr(measures, module), name)), call


def test_counterparts_of_the_short_cases(book, course):
    """Referral ratio with its interval, repurchase cycle, cost per lead; each with what was
    counted.
    """
    table = replay.benchmarks(book, course).table.set_index("figure")
    ratio = table.loc["Referral conversion ÷ advertising conversion"]
    assert ratio.low < ratio.own < ratio.high and "referred" in ratio.detail
    assert table.own[["Repurchase cycle (planned)", "Cost per lead, change"]].notna().all()


def test_benchmarks_begin_with_what_may_be_concluded(book, course):
    blocks = replay.benchmarks(book, course).blocks()
    assert blocks[0].role == "warning" and "What may not" in blocks[0].text
    assert blocks[1].align == "llrrrll" and blocks[2].folded
