"""Wrong input is named: what was found, what was expected, what to try, with table, column, file,
count and first rows.
"""

from __future__ import annotations

import pandas as pd
import pytest
from folders import CUSTOMERS, DEALS, ORDERS, TOML, check, only, says, write
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from playbook.base.errors import DataProblem, ParameterProblem, PlaybookError
from playbook.data.book import Book
from playbook.data.checking import check_book


def orders(*rows: str, header: str = "order_id,date,customer_id,amount") -> str:
    return "\n".join([header, *rows]) + "\n"


def test_the_small_book_itself_is_right(tmp_path):
    report = check(tmp_path, orders=ORDERS, customers=CUSTOMERS, opportunities=DEALS)
    assert report.ok and not report.problems and report.month == "2023-03"


# -- the files


def test_missing_file(tmp_path):
    toml = TOML + '[sources.erp]\nfile = "order.csv"\n[tables.orders]\nfrom = "erp"\n'
    says(
        only(check(tmp_path, toml=toml, orders_2023=ORDERS)),
        "no such file",
        "relative to playbook.toml",
        "orders_2023.csv",
        place="order.csv",
    )


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_empty_file(tmp_path, content):
    says(
        only(check(tmp_path, orders=content)),
        "empty",
        "a header row",
        "export it again",
        place="orders.csv",
    )


def test_a_header_and_no_rows(tmp_path):
    report = check(tmp_path, orders="order_id,date,customer_id,amount\n")
    assert [problem.found for problem in report.problems] == [
        "a header and no rows",
        "neither orders nor opportunities, nor any other table with days",
    ]
    assert check(tmp_path / "b", orders=ORDERS, awards="date,rep_id,award\n").ok


def test_wrong_declared_encoding(tmp_path):
    toml = (
        TOML
        + '[sources.erp]\nfile = "erp.csv"\nencoding = "utf-8"\n[tables.orders]\nfrom = "erp"\n'
    )
    content = orders("O1,2023-01-05,客户,5").encode("gb18030")
    says(
        only(check(tmp_path, toml=toml, erp=content)),
        "is not utf-8",
        "utf-8",
        "leave encoding out",
        place="erp.csv",
    )


def test_unknown_encoding(tmp_path):
    toml = (
        TOML
        + '[sources.erp]\nfile = "erp.csv"\nencoding = "klingon"\n[tables.orders]\nfrom = "erp"\n'
    )
    says(only(check(tmp_path, toml=toml, erp=ORDERS)), "unknown encoding 'klingon'", "utf-8")


def test_utf8_declared_as_gb18030(tmp_path):
    toml = (
        TOML
        + '[sources.erp]\nfile = "erp.csv"\nencoding = "gb18030"\n[tables.orders]\nfrom = "erp"\n'
    )
    says(
        only(check(tmp_path, toml=toml, erp=orders("O1,2023-01-05,客户,5"))),
        "the file is utf-8, not gb18030",
        "other characters",
        "leave encoding out",
    )


def test_western_text_is_not_taken_for_chinese(tmp_path):
    content = orders(*(f"O{i},2023-01-05,Müller {i},5" for i in range(5))).encode("cp1252")
    says(
        only(check(tmp_path, orders=content)),
        "encoding not recognised",
        "gb18030",
        "cp1252",
        place="orders.csv",
    )


def test_a_workbook_named_csv(tmp_path):
    says(
        only(check(tmp_path, orders=b"PK\x03\x04\x00\x00\x01\x02")),
        "not a text file",
        "text table",
        ".xlsx",
    )


def test_not_a_workbook(tmp_path):
    says(
        only(check(tmp_path, orders__xlsx=ORDERS)),
        "not readable as a workbook",
        "without a password",
        ".csv",
        place="orders.xlsx",
    )


def test_a_row_with_spare_cells(tmp_path):
    problem = only(
        check(tmp_path, orders=orders("O1,2023-01-05,Acme, Inc,5", "O2,2023-01-05,C1,5"))
    )
    says(problem, "1 row with 5 cells where the header has 4", "4 cells", "quotes", rows=1)
    assert problem.rows[0].startswith("line 2:")


def test_a_quote_left_open(tmp_path):
    says(
        only(check(tmp_path, orders=orders('O1,2023-01-05,"C1,5', "O2,2023-01-05,C1,5"))),
        "cannot be read as a text table",
        "quote",
        "lone",
    )


def test_two_files_for_one_table(tmp_path):
    says(
        only(check(tmp_path, orders=ORDERS, orders__tsv=ORDERS.replace(",", "\t"))),
        "given 2 times: orders.csv and orders.tsv",
        "one file",
        "remove all but one",
    )


def test_a_file_beside_its_mapping_is_told(tmp_path):
    toml = TOML + '[sources.erp]\nfile = "erp.csv"\n[tables.orders]\nfrom = "erp"\n'
    says(
        only(check(tmp_path, toml=toml, erp=ORDERS, orders=ORDERS), "warning"),
        "the file is not used",
        try_="comes first",
        place="orders.csv",
    )


def test_a_file_nearly_named_after_a_table(tmp_path):
    says(
        only(check(tmp_path, orders=ORDERS, customer=CUSTOMERS), "warning"),
        "the file is not used",
        try_="did you mean 'customers'?",
    )


# -- the toml


def test_a_book_without_its_toml(tmp_path):
    says(
        only(check_book(tmp_path)),
        "no playbook.toml",
        "a folder that holds playbook.toml",
        "let playbook init write one",
    )


def test_a_table_twice_in_the_toml(tmp_path):
    toml = (
        TOML
        + '[sources.e]\nfile = "e.csv"\n[tables.orders]\nfrom = "e"\n[tables.orders]\nfrom = "e"\n'
    )
    says(only(check(tmp_path, toml=toml)), "not readable as TOML")


def test_neither_orders_nor_deals(tmp_path):
    says(
        only(check(tmp_path, customers=CUSTOMERS)),
        "neither orders nor opportunities",
        "at least one",
        "orders.csv",
    )


def test_unknown_table_source_and_columns_are_all_told_at_once(tmp_path):
    toml = (
        TOML
        + """
[sources.pipeline]
file = "deals.csv"
[tables.ordres]
from = "pipeline"
[tables.customers]
from = "pipelin"
[tables.orders]
from = "pipeline"
columns = { order_id = "id", date = "close_dat", customer_id = "account", amont = "value" }
"""
    )
    report = check(tmp_path, toml=toml, deals="id,close_date,account,value\n1,2023-01-05,A,5\n")
    hints = {problem.found: problem.try_ for problem in report.errors}
    assert hints["[tables.ordres] is no table"] == "did you mean 'orders'?"
    assert hints["from = 'pipelin' names no source"] == "did you mean 'pipeline'?"
    assert hints["the source has no column 'close_dat'"] == "did you mean 'close_date'?"
    assert hints["'amont' is no column of orders"] == "did you mean 'amount'?"
    assert "no column 'amount'" in hints


def test_values_that_never_occur(tmp_path):
    toml = (
        TOML
        + '[sources.e]\nfile = "e.csv"\n[tables.orders]\nfrom = "e"\nvalues.customer_id = { "C9" ='
        ' "C1" }\n'
    )
    says(
        only(check(tmp_path, toml=toml, e=ORDERS), "warning"),
        "values.customer_id maps C9, which the column never holds",
    )


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT * FORM e", "Parser Error"),
        ("SELECT nothing FROM e", "Binder Error"),
        ("SELECT 1; SELECT 2", "not a single SELECT"),
        ("COPY e TO 'stolen.csv'", "not a single SELECT"),
        ("DROP VIEW e", "not a single SELECT"),
        ("SELECT * FROM read_text('/etc/hostname')", "Permission Error"),
        ("SELECT * FROM read_csv('playbook.toml')", "Permission Error"),
        (
            "SELECT order_id, date, customer_id, CAST(customer_id AS INTEGER) AS amount FROM e",
            "Conversion Error",
        ),
    ],
)
def test_queries_that_do_not_run_or_reach_outside(tmp_path, sql, found):
    toml = TOML + f'[sources.e]\nfile = "e.csv"\n[tables.orders]\nsql = """{sql}"""\n'
    problem = only(check(tmp_path, toml=toml, e=ORDERS))
    says(problem, found, place="orders")
    assert "single" in found or problem.found.startswith("sql does not run, line 1 (SELECT ")
    assert not (tmp_path / "stolen.csv").exists()


def test_a_where_that_does_not_run(tmp_path):
    toml = (
        TOML
        + '[sources.e]\nfile = "e.csv"\n[tables.orders]\nfrom = "e"\nwhere = "stage = \'Won\'"\n'
    )
    says(only(check(tmp_path, toml=toml, e=ORDERS)), "where does not run", "DuckDB query")


# -- headers


def test_a_required_column_is_missing(tmp_path):
    report = check(
        tmp_path, orders=orders("O1,2023-01-05,C1,5", header="order_id,date,customer_id,amnt")
    )
    says(
        only(report),
        "no column 'amount'",
        "orders needs order_id, date, amount",
        "did you mean 'amnt'?",
        place="orders.amount in orders.csv",
    )
    says(
        only(report, "warning"),
        "column 'amnt' is not used",
        "a column of orders",
        "did you mean 'amount'?",
    )


def test_a_column_name_twice(tmp_path):
    says(
        only(
            check(
                tmp_path,
                orders=orders(
                    "O1,2023-01-05,C1,5,5", header="order_id,date,customer_id,amount,amount"
                ),
            )
        ),
        "names amount twice",
        "once",
        "rename",
    )


def test_the_header_again_among_the_rows(tmp_path):
    problem = only(
        check(tmp_path, orders=ORDERS + ORDERS.replace("O", "P").replace("Porder", "order"))
    )
    says(
        problem,
        "the header comes again among the rows",
        "one header row",
        "pasted together",
        rows=1,
    )
    assert problem.rows[0].startswith("line 5:")


# -- amounts


@pytest.mark.parametrize(
    "amount",
    [
        "abc",
        '"1.234,56"',
        "$342.09K",
        "12%",
        "3万万",
        "$5",
        "1 2",
        "--5",
        "0x10",
        "inf",
        "1_000",
        '"1,23,456"',
        '"0,500"',
        "(-5)",
        "(+5)",
        "-(5)",
        "5元6",
        "1CNY2",
        "¥-¥5",
        "-¥-5",
        "5--",
        "1e400",
        "1e-400",
        "((5))",
        "1.2.3",
    ],
)
def test_a_text_in_a_money_column(tmp_path, amount):
    problem = only(
        check(tmp_path, orders=orders("O1,2023-01-05,C1,5", f"O2,2023-01-06,C1,{amount}"))
    )
    says(
        problem,
        "1 value is not an amount",
        "an amount in CNY such as 1234.56 or 1,234.56",
        "plain numbers",
        rows=1,
        place="orders.amount in orders.csv",
    )
    assert problem.rows[0].startswith("line 3: amount '") and "order_id 'O2'" in problem.rows[0]


def test_amounts_that_are_understood(tmp_path):
    given = [
        '"1,234.56"',
        "¥99",
        "￥99.5",
        '"(1,000.00)"',
        "-5",
        "1e3",
        "125.43999999999998",
        "100元",
        "CNY 7",
        "+3",
        "(¥5)",
        "-¥5",
        '"１,２００．５"',
        "−5",
        "5\u200b",
    ]
    folder = write(
        tmp_path, orders=orders(*(f"O{i},2023-01-05,C1,{amount}" for i, amount in enumerate(given)))
    )
    amounts = [
        str(row[0])
        for row in Book.open(folder, "2023-01").relation("orders").project("amount").fetchall()
    ]
    assert amounts == [
        "1234.5600",
        "99.0000",
        "99.5000",
        "-1000.0000",
        "-5.0000",
        "1000.0000",
        "125.4400",
        "100.0000",
        "7.0000",
        "3.0000",
        "-5.0000",
        "-5.0000",
        "1200.5000",
        "-5.0000",
        "5.0000",
    ]


def test_a_total_row_at_the_bottom(tmp_path):
    for bottom in ("合计,,,425.5", "Total,,,425.50", ",,,425.5", "Grand Total:,2023-12-31,,1"):
        problem = only(check(tmp_path, orders=ORDERS + bottom + "\n"))
        says(problem, "a total row among the data", "one row per order", "counted twice", rows=1)
        assert problem.rows[0].startswith("line 5:")


def test_a_customer_called_total_is_a_customer(tmp_path):
    assert check(tmp_path, orders=orders("O1,2023-01-05,Total,5", "O2,2023-01-05,C1,7")).ok


def test_negative_orders_are_refunds_and_negative_deals_are_wrong(tmp_path):
    report = check(
        tmp_path,
        orders=ORDERS + "O4,2023-03-01,C1,-20\n",
        opportunities=DEALS.replace(",500", ",-500"),
    )
    says(
        only(report),
        "1 row below 0",
        "0 or more",
        "refunds belong in orders",
        place="opportunities.amount",
    )


def test_zero_amounts_are_stated(tmp_path):
    report = check(
        tmp_path, orders=ORDERS.replace(",75", ",0"), opportunities=DEALS.replace(",500", ",0")
    )
    assert report.ok and sorted(problem.found.split(":")[0] for problem in report.warnings) == [
        "1 deal won for nothing",
        "1 row with an amount of zero",
    ]


def test_a_refund_with_a_positive_amount(tmp_path):
    says(
        only(
            check(
                tmp_path,
                orders=orders(
                    "O1,2023-01-05,C1,5,refund", header="order_id,date,customer_id,amount,kind"
                ),
            )
        ),
        "of kind refund with a positive amount",
        "negative rows",
    )


# -- days


def test_dates_both_ways(tmp_path):
    problem = only(
        check(
            tmp_path,
            orders=orders("O1,13/01/2023,C1,5", "O2,01/14/2023,C1,5", "O3,01/02/2023,C1,5"),
        )
    )
    says(
        problem,
        "dates written both ways: 1 only make sense day first, 1 only month first",
        "one order",
        "YYYY-MM-DD",
        rows=2,
    )


def test_ambiguous_dates_ask(tmp_path):
    says(
        only(check(tmp_path, orders=orders("O1,03/04/2023,C1,5", "O2,05/06/2023,C1,5"))),
        "every date can be read day first and month first",
        "one day",
        'dates = "%d/%m/%Y"',
        rows=2,
    )


@pytest.mark.parametrize(
    "day",
    [
        "2023-13-05",
        "2023-02-30",
        "2023/13/01",
        "20231301",
        "soon",
        "0",
        "2023年13月1日",
        "23-01-05",
        "epoch",
        "infinity",
    ],
)
def test_a_thirteenth_month(tmp_path, day):
    problem = only(check(tmp_path, orders=ORDERS + f"O4,{day},C1,5\n"))
    says(
        problem,
        "1 value cannot be read as dates",
        "2023-04-03",
        "dates =",
        rows=1,
        place="orders.date in orders.csv",
    )
    assert problem.rows[0].startswith(f"line 5: date '{day}'")


def test_events_outside_history(tmp_path):
    says(
        only(check(tmp_path, orders=ORDERS + "O4,2099-01-05,C1,5\n")),
        "1 row with date outside 1990 to 2069",
        "the day it happened",
        "correct the year",
        rows=1,
    )
    many = orders(*(f"O{i},2023-01-05,C1,5" for i in range(300)), "O300,2032-01-05,C1,5")
    report = check(tmp_path, orders=many)
    says(
        only(report, "warning"),
        "1 row dated 2032 or later, while all others end in 2023: set aside, 0.33% of 301 rows",
        try_="report month",
        rows=1,
    )
    assert report.ok and report.month == "2023-01" and report.tables[0].rows == 300


def test_a_single_slip_of_the_year_does_not_move_the_report_month(tmp_path):
    few = [f"O{i},2023-01-05,C1,5" for i in range(19)]
    says(
        only(check(tmp_path, orders=orders(*few, "X,2031-01-05,C1,5"))),
        "1 row dated 2031 or later, while all others end in 2023",
        "have happened",
        "correct the year",
        rows=1,
    )
    assert check(
        tmp_path / "b", orders=orders(*few[:3], "X,2031-01-05,C1,5")
    ).ok  # four rows over eight years may be all there is


MOMENTS = (
    "O1,2023-01-31T23:30:00+08:00,C1,5",
    "O2,2023-01-31T16:30:00Z,C1,5",
    "O3,2023-01-31 11:30:00-0500,C1,5",
    "O4,2023-01-31 15:59:59.5Z,C1,5",
    "O5,2023-02-28,C1,5",
)


def test_moments_with_an_offset_fall_on_the_day_of_the_declared_zone(tmp_path):
    says(
        only(check(tmp_path, orders=orders(*MOMENTS)), "warning"),
        "4 values with a time zone: the day is taken as it is written",
        "calendar",
        "time_zone",
        rows=4,
    )
    folder = write(
        tmp_path / "b",
        toml=TOML.replace("[book]", '[book]\ntime_zone = "Asia/Shanghai"'),
        orders=orders(*MOMENTS),
    )
    rows = Book.open(folder).table("orders").collect().to_pandas()
    assert [str(day) for day in rows.sort_values("order_id")["date"]] == [
        "2023-01-31",
        "2023-02-01",
        "2023-02-01",
        "2023-01-31",
        "2023-02-28",
    ]


def test_moments_of_a_parquet_file_do_not_depend_on_the_machine(tmp_path, monkeypatch):
    day = pd.to_datetime(["2023-01-31 16:30", "2023-01-31 15:30"]).tz_localize("UTC")
    frame = pd.DataFrame(
        {"order_id": ["a", "b"], "date": day, "customer_id": "c", "amount": [1.0, 2.0]}
    )
    for name, toml in (
        ("none", TOML),
        ("zone", TOML.replace("[book]", '[book]\ntime_zone = "Asia/Shanghai"')),
    ):
        write(tmp_path / name, toml=toml)
        frame.to_parquet(tmp_path / name / "orders.parquet")
    says(
        only(check_book(tmp_path / "none")),
        "moments with a time zone, and no zone",
        "calendar",
        "time_zone",
        rows=2,
    )
    for machine in ("America/New_York", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", machine)
        rows = Book.open(tmp_path / "zone", "2023-02").table("orders").collect().to_pandas()
        assert [str(d) for d in rows.sort_values("order_id")["date"]] == [
            "2023-02-01",
            "2023-01-31",
        ]


def test_an_unknown_time_zone(tmp_path):
    says(
        only(
            check(
                tmp_path,
                toml=TOML.replace("[book]", '[book]\ntime_zone = "Asia/Shangai"'),
                orders=ORDERS,
            )
        ),
        "book.time_zone",
        "Asia/Shanghai",
    )


def test_two_encodings_in_one_file(tmp_path):
    content = orders("O1,2023-01-05,客户甲,5").encode("utf-8") + "O2,2023-01-06,客户乙,5\n".encode(
        "gb18030"
    )
    says(
        only(check(tmp_path, orders=content)),
        "two encodings in one file: 1 line in utf-8",
        "one encoding",
        "utf-8",
        rows=1,
    )
    content = orders("O1,2023-01-05,客户,5").encode("utf-8") + "O2,2023-01-06,客户乙,5\n".encode(
        "gb18030"
    )  # all of it also valid gb18030
    says(
        only(check(tmp_path / "a", orders=content)),
        "two encodings in one file: 1 line in utf-8",
        rows=1,
    )
    assert check(
        tmp_path / "b",
        orders=orders("O1,2023-01-05,客户甲,5", "O2,2023-01-06,客户乙,5").encode("gb18030"),
    ).ok


def test_rows_pasted_twice_and_negative_prices_are_stated(tmp_path):
    says(
        only(
            check(
                tmp_path,
                orders=orders("O1,2023-01-05,C1,5", "O1,2023-01-05,C1,5", "O1,2023-01-05,C1,6"),
            ),
            "warning",
        ),
        "1 row repeating another in every column",
        "differ",
        "pasted twice",
        rows=1,
    )
    content = orders(
        "O1,2023-01-05,C1,5,-7,-3",
        "O2,2023-01-05,C1,-5,-7,-3",
        header="order_id,date,customer_id,amount,list_amount,cost",
    )
    told = [problem.found for problem in check(tmp_path / "b", orders=content).problems]
    assert told == [
        "1 row with a positive amount and a negative list_amount: left out of the price ladder",
        "1 row with a positive amount and a negative cost: its gross profit exceeds its amount",
    ]


def test_a_folder_where_a_file_is_named(tmp_path):
    (tmp_path / "erp.csv").mkdir()
    says(
        only(
            check(
                tmp_path,
                toml=TOML + '[sources.erp]\nfile = "erp.csv"\n[tables.orders]\nfrom = "erp"\n',
            )
        ),
        "a folder, not a file",
        "a file at this place",
        place="erp.csv",
    )


def test_closing_before_opening(tmp_path):
    problem = only(check(tmp_path, opportunities=DEALS.replace("2023-02-10", "2022-12-31")))
    says(
        problem,
        "1 row with closed before created",
        "closed on or after created",
        "swapped day and month",
        rows=1,
    )
    assert "created '2023-01-02', closed '2022-12-31'" in problem.rows[0]


def test_a_contract_that_ends_before_it_starts(tmp_path):
    contracts = "contract_id,customer_id,start,end,annual_value\nK1,C1,2023-05-01,2023-01-01,5\n"
    says(
        only(check(tmp_path, orders=ORDERS, contracts=contracts)),
        "with end before start",
        "end on or after start",
        rows=1,
    )


def test_a_month_before_or_after_the_data(tmp_path):
    folder = write(tmp_path, orders=ORDERS)
    for month in ("2022-12", "2023-04"):
        with pytest.raises(ParameterProblem) as caught:
            Book.open(folder, month)
        says(
            caught.value.problems[0],
            f"month {month} lies",
            "from 2023-01 to 2023-03",
            "--month 2023-03",
        )


# -- deals


def test_a_stage_not_in_the_list(tmp_path):
    problem = only(check(tmp_path, opportunities=DEALS.replace("intent", "demo")))
    says(
        problem,
        "1 value is not in the list",
        "one of lead, intent, negotiation, won, lost",
        "values.stage",
        rows=1,
        place="opportunities.stage",
    )


def test_open_with_a_closing_day(tmp_path):
    says(
        only(check(tmp_path, opportunities=DEALS.replace("open,,", "open,2023-03-20,"))),
        "open and yet with a closing day",
        "closed only for deals",
        rows=1,
    )


def test_stage_against_outcome(tmp_path):
    says(
        only(check(tmp_path, opportunities=DEALS.replace("lost,lost", "won,lost"))),
        "whose stage and outcome contradict",
        "won deals in the last stage",
        rows=1,
    )


def test_decided_without_a_day_and_created_unknown_are_warnings(tmp_path):
    report = check(
        tmp_path, opportunities=DEALS.replace("2023-02-10", "").replace("2023-03-05", "")
    )
    assert report.ok and [problem.found.split(":")[0] for problem in report.warnings] == [
        "1 deal decided without a closing day",
        "1 deal without a day of creation",
    ]


def test_a_discount_in_percent(tmp_path):
    deals = (
        DEALS.replace("amount\n", "amount,discount\n")
        .replace(",500", ",500,15")
        .replace("2023-03-01,\n", "2023-03-01,,\n")
        .replace("open,,\n", "open,,,15%\n")
    )
    says(
        only(check(tmp_path, opportunities=deals)),
        "1 row above 1",
        "0.15 is 15 %",
        "write 0.15",
        rows=1,
        place="opportunities.discount",
    )


# -- keys and references


def test_a_duplicate_key(tmp_path):
    problem = only(check(tmp_path, orders=ORDERS, customers=CUSTOMERS + "C1,Alpha again,East\n"))
    says(
        problem,
        "1 key used by more than one row",
        "each customer_id once",
        "remove the repeated rows",
        place="customers.customer_id",
    )
    assert [row.split(":")[0] for row in problem.rows] == ["line 2", "line 4"]


def test_orders_of_unknown_customers(tmp_path):
    problem = only(check(tmp_path, orders=ORDERS + "O4,2023-03-01,C9,5\n", customers=CUSTOMERS))
    says(
        problem,
        "1 row whose customer_id is not in customers",
        "at most 1.0% of rows may be unknown",
        "add the missing rows",
        rows=1,
    )
    assert problem.rows[0].startswith("line 5: customer_id 'C9'")


def test_a_few_unknown_customers_are_a_warning(tmp_path):
    rows = "".join(f"P{i},2023-03-01,C1,5\n" for i in range(200))
    report = check(tmp_path, orders=ORDERS + "O4,2023-03-01,C9,5\n" + rows, customers=CUSTOMERS)
    assert report.ok
    says(only(report, "warning"), "1 row whose customer_id is not in customers: kept", rows=1)


def test_a_required_cell_is_empty(tmp_path):
    problem = only(
        check(
            tmp_path,
            orders=ORDERS
            + "O4,,C1,5\nO5,2023-03-01,N/A,5\n".replace("O5,2023-03-01,N/A", "O5,2023-03-01,C1"),
        )
    )
    says(problem, "1 row without date", "a value in every row", "fill the cells", rows=1)


# -- everything at once, and anything at all


def test_all_problems_at_once(tmp_path):
    report = check(
        tmp_path,
        orders=orders("O1,2023-13-05,C1,abc", "O2,2023-01-05,C9,5"),
        customers=CUSTOMERS + "C1,again,East\n",
        opportunities=DEALS.replace("intent", "demo"),
    )
    assert {problem.place for problem in report.errors} == {
        "orders.date in orders.csv",
        "orders.amount in orders.csv",
        "orders.customer_id in orders.csv",
        "customers.customer_id in customers.csv",
        "opportunities.stage in opportunities.csv",
    }
    with pytest.raises(DataProblem) as caught:
        Book.open(tmp_path)
    assert len(caught.value.problems) == 5


@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_book_or_a_named_problem(tmp_path_factory, content):
    folder = write(tmp_path_factory.mktemp("bytes"), orders=content)
    report = check_book(folder)
    assert report.ok or report.errors
    try:
        Book.open(folder).facts()
    except PlaybookError as error:
        assert error.problems


@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), min_size=1, max_size=6))
def test_any_cells_end_in_a_book_or_a_named_problem(tmp_path_factory, rows):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["order_id", "date", "customer_id", "amount"], *rows])
    content = out.getvalue().encode("utf-8", "replace")
    assert check_book(write(tmp_path_factory.mktemp("cells"), orders=content)).problems
