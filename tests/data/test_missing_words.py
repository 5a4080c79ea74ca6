"""Texts keep every word; what means missing is declared, or of a short list in typed columns."""

from __future__ import annotations

import pandas as pd
import pytest
from folders import TOML, check, only, says, write

from playbook.data.book import Book
from toy import toy

HEAD = "opportunity_id,created,closed,outcome,stage,amount,region\n"
DEALS = HEAD + "".join(
    f"D{i},2022-01-03,2022-01-{4 + i % 20:02d},{'won' if i % 2 else 'lost'},"
    f"{'won' if i % 2 else 'lost'},1000,{'NA' if i % 2 else 'EMEA'}\n"
    for i in range(120)
)
MAPPED = TOML + '[sources.crm]\nfile = "crm.csv"\n{missing}\n[tables.opportunities]\nfrom = "crm"\n'


def regions(book: Book) -> list[tuple]:
    rows = book.relation("opportunities").aggregate("region, count(*)", "region")
    return rows.order("region NULLS LAST").fetchall()


def test_a_region_called_na_keeps_its_name_and_is_said(tmp_path):
    report = check(tmp_path, opportunities=DEALS)
    (warning,) = [p for p in report.warnings if p.column == "region"]
    assert warning.found == "60 cells say 'NA': kept as a word"
    assert warning.try_ == 'if it means that nothing is known, missing = ["NA"] in [sources.…]'
    assert (warning.table, warning.column, warning.count) == ("opportunities", "region", 60)
    assert regions(Book.open(tmp_path)) == [("EMEA", 60), ("NA", 60)]


@pytest.mark.parametrize(
    "missing", ['missing = ["NA", "?"]', 'missing = { region = ["NA"] }', 'missing = ["", "NA"]']
)
def test_the_source_says_which_words_mean_missing(tmp_path, missing):
    folder = write(tmp_path, MAPPED.format(missing=missing), crm=DEALS)
    book = Book.open(folder)
    assert regions(book) == [("EMEA", 60), (None, 60)] and [p.table for p in book.warnings] == [
        "orders"
    ]


def test_words_are_missing_exactly_as_written_and_in_their_column_alone(tmp_path):
    toml = MAPPED.format(missing='missing = { stage = ["NA"], region = ["na"] }')
    assert regions(Book.open(write(tmp_path, toml, crm=DEALS)))[1] == ("NA", 60)


def test_a_query_sees_the_declared_words_as_missing(tmp_path):
    toml = TOML + (
        '[sources.crm]\nfile = "crm.csv"\nmissing = ["NA"]\n'
        '[tables.opportunities]\nsql = "SELECT * FROM crm WHERE region IS NULL"\n'
    )
    assert regions(Book.open(write(tmp_path, toml, crm=DEALS))) == [(None, 60)]


def test_a_parquet_source_has_its_words_too(tmp_path):
    frame = pd.DataFrame(
        [line.split(",") for line in DEALS.splitlines()[1:]], columns=HEAD.strip().split(",")
    )
    frame.to_parquet(tmp_path / "crm.parquet")
    toml = MAPPED.format(missing='missing = ["NA"]').replace("crm.csv", "crm.parquet")
    assert regions(Book.open(write(tmp_path, toml))) == [("EMEA", 60), (None, 60)]


def test_a_column_of_missing_that_is_not_there(tmp_path):
    toml = MAPPED.format(missing='missing = { Regoin = ["NA"] }').replace("Regoin", "regoin")
    says(
        only(check(tmp_path, toml=toml, crm=DEALS)),
        "missing names a column 'regoin' that is not there",
        "a column of the source",
        "did you mean 'region'?",
    )


def test_numbers_and_days_read_the_short_list_as_missing_and_say_so(tmp_path):
    rows = "D1,2022-01-03,2022-01-04,won,won,n/a,East\nD2,2022-01-03,-,open,lead,None,East\n"
    report = check(tmp_path, opportunities=HEAD + rows)
    assert [(p.column, p.found) for p in report.warnings if p.count and "say" in p.found] == [
        ("closed", "1 cell says '-': read as missing"),
        ("amount", "2 cells say 'None', 'n/a': read as missing"),
    ]
    found = Book.open(tmp_path, "2022-01").relation("opportunities")
    assert found.project("amount, closed").order("closed").fetchall()[1] == (None, None)


def test_other_words_in_numbers_are_no_missing_values(tmp_path):
    rows = "D1,2022-01-03,2022-01-04,won,won,unknown,East\n"
    says(only(check(tmp_path, opportunities=HEAD + rows)), "1 value is not an amount", rows=1)
    toml = MAPPED.format(missing='missing = { amount = ["unknown"] }')
    assert check(tmp_path / "b", toml=toml, crm=HEAD + rows).ok


def test_frames_keep_their_words():
    orders = [
        {"order_id": o, "date": "2023-01-05", "customer_id": c, "amount": 5, "channel": "None"}
        for o, c in (("O1", "NA"), ("O2", "-"))
    ]
    book = toy(orders=orders, month="2023-01")
    assert book.relation("orders").project("customer_id, channel").order("1").fetchall() == [
        ("-", "None"),
        ("NA", "None"),
    ]
