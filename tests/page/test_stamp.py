"""The data stamp and the footer say what a chapter was made from, and nothing of the machine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from playbook.base.errors import Problem
from playbook.base.facts import Facts, TableFacts
from playbook.base.formats import Formats
from playbook.base.params import Goals
from playbook.page.stamp import footer, stamp

TABLES = (
    TableFacts(
        "orders", 1200, date(2023, 1, 2), date(2023, 3, 30), Decimal("1234567.8900"), "amount"
    ),
    TableFacts("channel_costs", 3),
)
ODD = Problem(
    "2 deals without a day",
    "a day",
    "fill it",
    severity="warning",
    table="opportunities",
    column="created",
    file="deals.csv",
    count=2,
    rows=("line 14: created empty (opportunity_id 'D7')", "line 15: created empty"),
)


def facts(**changed) -> Facts:
    given = dict(
        title="North <Ltd>",
        month="2023-03",
        as_of=date(2023, 3, 31),
        fingerprint="0123456789ab",
        currency="CNY",
        fmt=Formats("CNY"),
        tables=TABLES,
        missing=("fit_scores", "market"),
        warnings=(ODD,),
    )
    return Facts(**{**given, **changed})


def told(blocks) -> str:
    return "\n".join(block.plain() for block in blocks)


def test_the_stamp_says_rows_span_totals_what_is_missing_and_what_is_odd():
    text = told(stamp(facts()))
    for words in (
        "31 Mar 2023",
        "1,203",
        "in 2 tables",
        "0123456789ab",
        "2 Jan 2023",
        "30 Mar 2023",
        "¥1,234,568",
        "channel costs",
        "fit scores and market",
        "opportunities.created in deals.csv: 2 deals without a day",
        "fill it) The first: line 14: created empty (opportunity_id 'D7').",
    ):
        assert words in text, words


def test_a_whole_book_has_no_missing_tables_and_no_warnings():
    assert [block.kind for block in stamp(facts(missing=(), warnings=()))] == ["kpis", "table"]


def test_a_book_without_days_or_rows_still_has_a_stamp():
    assert "–" in told(stamp(facts(tables=(), missing=(), warnings=())))


def test_names_are_only_names():
    assert "<Ltd>" not in "".join(block.html() for block in stamp(facts()))


def test_the_footer_says_versions_and_changed_parameters_but_no_place():
    text = told(
        footer(facts(), Goals(month="2023-03", deals_target=12, book="/home/ann/books/north"))
    )
    for words in (
        "31 Mar 2023",
        "0123456789ab",
        "playbook",
        "pandas",
        "duckdb",
        "Python 3",
        "month = 2023-03",
        "deals_target = 12",
    ):
        assert words in text, words
    assert "/home" not in text and "all at their default" in told(footer(facts(), Goals()))
