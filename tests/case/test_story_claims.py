"""Every published figure of the case on the sample: recomputed, sourced, refused elsewhere."""

from tests.shared import REPO

from playbook import case
from playbook.case.story.published import CASE
from playbook.data.book import Book

SAMPLE = REPO / "data" / "sample"


def test_every_published_figure_is_recomputed_within_its_rounding(book, course):
    table = case.claims(book, course).table.set_index("id")
    assert len(table) == len(CASE)
    assert table[table.verdict != "match"].index.tolist() == []


def test_claims_after_the_report_month_have_no_value_but_a_reason():
    book = Book.open(SAMPLE, "2023-04")
    checked = case.claims(book, case.indicators(book))
    late = checked.table[checked.table.period.str.endswith("2023-Q3")]
    assert late.recomputed.isna().all() and (late.reason == "lies after the report month").all()
    assert all(kpi.value is not None or kpi.why for kpi in checked.kpis())


def test_each_figure_says_how_it_is_known(book, course):
    """Table, span and counts of every figure; a rate by its count, growth by its two sums."""
    shown = case.claims(book, course).tables()[1]
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
    from playbook.case.story.recompute import CALLS
    from playbook.data import measures
    from playbook.data.measures import case, deals, sales  # noqa: F401

    for calls in CALLS.values():
        for call in calls.split(", "):
            module, name = call.split(".")
            assert callable(getattr(getattr(measures, module), name)), call
