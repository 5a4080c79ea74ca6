"""What a mapping can say without SQL, worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from data.folders import check, only, says, write
from playbook.data.book import Book

TOML = (
    '[book]\nname = "m"\ncurrency = "CNY"\nstages = ["new", "offer", "won"]\n'
    '[sources.crm]\nfile = "crm.csv"\n'
)


def rows(folder, table, columns, *, month="", **files):
    """Cells of the table, in the order of the first column asked for."""
    book = Book.open(write(folder, **files), month)
    picked = ", ".join(f'"{c}"' for c in columns.split())
    found = book.read.connection.execute(
        f"SELECT {picked} FROM book.{table} ORDER BY _file, _row"
    ).fetchall()
    return [tuple(str(v) if v is not None else None for v in row) for row in found]


DEALS = (
    "Id,Opened,Stage,Close Date,Amount\n"
    "D1,2023-01-02,Closed Won,2023-02-10,500\n"
    "D2,2023-01-20,Closed Lost,2023-03-01,\n"
    "D3,2023-03-05,offer,2023-05-30,700\n"
)
COLUMNS = 'opportunity_id = "Id", created = "Opened", amount = "Amount"'


def deals(*more: str, values: str = "") -> str:
    return (
        TOML
        + '[tables.opportunities]\nfrom = "crm"\ncolumns = { '
        + ", ".join([COLUMNS, *more])
        + " }\n"
        + values
    )


def test_one_close_date_is_planned_for_open_deals_and_real_for_decided_ones(tmp_path):
    toml = deals(
        'stage = "Stage"',
        'close_date = "Close Date"',
        'outcome = "Stage"',
        values=(
            'values.outcome = { "Closed Won" = "won", "Closed Lost" = "lost", "*" = "open" }\n'
        ),
    )
    assert rows(
        tmp_path, "opportunities", "stage outcome closed expected_close", toml=toml, crm=DEALS
    ) == [
        ("won", "won", "2023-02-10", None),
        ("lost", "lost", "2023-03-01", None),
        ("offer", "open", None, "2023-05-30"),
    ]


def test_a_closing_day_of_its_own_wins_over_the_one_close_date(tmp_path):
    crm = DEALS.replace("Amount\n", "Amount,Won\n").replace(",500\n", ",500,2023-02-08\n")
    crm = crm.replace("2023-03-01,\n", "2023-03-01,,\n").replace(",700\n", ",700,\n")
    toml = deals('stage = "Stage"', 'close_date = "Close Date"', 'closed = "Won"')
    assert rows(tmp_path, "opportunities", "closed", toml=toml, crm=crm) == [
        ("2023-02-08",),
        ("2023-03-01",),
        (None,),
    ]


def test_the_outcome_is_told_by_the_stage_and_it_is_said(tmp_path):
    toml = deals('stage = "Stage"', 'close_date = "Close Date"')
    report = check(tmp_path, toml=toml, crm=DEALS)
    assert report.ok and len(report.warnings) == 2  # and that deals stand in for orders
    says(
        report.warnings[0],
        "no outcome: it is told by the stage, 'Closed Won' as won (1) and 'Closed Lost' as lost"
        " (1), every other stage as open",
    )
    unclear = DEALS.replace("Closed Won", "offer").replace("Closed Lost", "offer")
    says(only(check(tmp_path / "b", toml=toml, crm=unclear)), "no column 'outcome'")


def test_flags_make_the_outcome(tmp_path):
    crm = (
        "Id,Opened,Stage,Close Date,Amount,C,W\n"
        "D1,2023-01-02,offer,2023-02-10,5,1,1\n"
        "D2,2023-01-20,offer,2023-03-01,,true,false\n"
        "D3,2023-03-05,offer,2023-05-30,7,否,否\n"
    )
    flags = ('stage = "Stage"', 'close_date = "Close Date"', 'is_closed = "C"', 'is_won = "W"')
    toml = deals(*flags)
    assert rows(tmp_path, "opportunities", "outcome", toml=toml, crm=crm) == [
        ("won",),
        ("lost",),
        ("open",),
    ]
    odd = crm.replace(",5,1,1", ",5,0,1")
    problem = only(check(tmp_path / "b", toml=toml, crm=odd))
    says(problem, "1 value is not in the list", place="opportunities.outcome")
    assert "won and yet not closed" in problem.rows[0]
    unknown = only(check(tmp_path / "d", toml=toml, crm=crm.replace("true,false", "true,")))
    says(unknown, "1 value is not in the list", rows=1)  # closed, and not known whether won
    one = deals(*flags[:2], 'is_won = "W"')
    found = check(tmp_path / "c", toml=one, crm=crm).errors
    assert "is_won without is_closed" in [p.found for p in found]


SALES = (
    "date,till,number,client,qty,price,back,note\n"
    "2023-01-05,1,1,C1,2,10.50,,a\n"
    "2023-01-05,2,1,,3,1.25,0.75,b\n"
    "2023-02-06,1,1,C2,1,99,9,\n"
    "2023-02-06,1,1,C2,1,99,9,\n"
)


def sales(columns: str, more: str = "") -> str:
    return TOML + f'[tables.orders]\nfrom = "crm"\n{more}columns = {{ {columns} }}\n'


def test_ids_are_made_and_counter_sales_need_no_customer(tmp_path):
    toml = sales(
        'order_id = { id = ["date", "till", "number"] }, line_id = { row = "L" }, date = "date",'
        ' customer_id = "client", amount = { times = ["qty", "price"] },'
        ' product_line = { value = "goods" }, list_amount = { column = "price", minus = "back" },'
        ' cost = { plus = ["back", "number"] }'
    )
    found = rows(
        tmp_path,
        "orders",
        "order_id customer_id amount product_line list_amount cost line_id",
        toml=toml,
        crm=SALES,
    )
    assert [row[:6] for row in found] == [
        ("2023-01-05-1-1", "C1", "21.0000", "goods", "10.5000", "1.0000"),
        ("2023-01-05-2-1", None, "3.7500", "goods", "0.5000", "1.7500"),
        ("2023-02-06-1-1", "C2", "99.0000", "goods", "90.0000", "10.0000"),
        ("2023-02-06-1-1", "C2", "99.0000", "goods", "90.0000", "10.0000"),
    ]
    ids = [row[6] for row in found]
    assert ids[3] == f"{ids[2]}-2" and len(set(ids)) == 4 and all(i[0] == "L" for i in ids)
    turned = SALES.splitlines()
    again = "\n".join([turned[0], *turned[:0:-1]]) + "\n"
    ids_again = [row[0] for row in rows(tmp_path / "b", "orders", "line_id", toml=toml, crm=again)]
    assert sorted(ids_again) == sorted(ids)  # an id is of the row, not of its place


def test_arithmetic_with_a_word_refuses_the_cell_and_loses_none(tmp_path):
    toml = sales('order_id = { row = "" }, date = "date", amount = { times = ["qty", "price"] }')
    problem = only(check(tmp_path, toml=toml, crm=SALES.replace("1.25", "cheap")))
    says(problem, "1 value is not an amount", place="orders.amount")
    assert "3 ; cheap" in problem.rows[0]


def test_units_and_shares_are_scaled(tmp_path):
    crm = "Id,Opened,Stage,Close Date,Amount,Off\nD1,2023-01-02,Closed Won,2023-02-10,12.5,15\n"
    toml = deals(
        'stage = "Stage"',
        'closed = "Close Date"',
        'discount = { column = "Off", times = 0.01 }',
        'expected_amount = { column = "Amount", times = 10000 }',
    )
    assert rows(tmp_path, "opportunities", "discount expected_amount", toml=toml, crm=crm) == [
        ("0.15", "125000.0000")
    ]


def test_the_first_filled_column_counts(tmp_path):
    crm = "Id,Stage,Won,Lost\nD1,won,2023-02-10,\nD2,lost,,2023-03-01\nD3,new,,\n"
    toml = TOML + (
        '[tables.opportunities]\nfrom = "crm"\ncolumns = { opportunity_id = "Id", stage = "Stage",'
        ' closed = ["Won", "Lost"] }\n'
    )
    assert rows(tmp_path, "opportunities", "closed", toml=toml, crm=crm) == [
        ("2023-02-10",),
        ("2023-03-01",),
        (None,),
    ]


def test_look_ups_go_by_key_and_say_what_they_do_not_find(tmp_path):
    users = "Id,Name\nU1,Ada\nU2,Bo\n"
    crm = "no,day,sum,owner\n1,2023-01-05,5,U1\n2,2023-01-06,6,U9\n3,2023-01-31,7,\n"
    toml = (
        sales(
            'order_id = "no", date = "day", amount = "sum",'
            ' rep_id = { look_up = "users", by = "owner", key = "Id", give = "Name" }'
        )
        + '[sources.users]\nfile = "users.csv"\n'
    )
    assert rows(tmp_path, "orders", "rep_id", toml=toml, crm=crm, users=users) == [
        ("Ada",),
        (None,),
        (None,),
    ]
    report = check(tmp_path, toml=toml, crm=crm, users=users)
    says(only(report, "warning"), "1 row whose owner is not in users: rep_id is empty there")
    twice = check(tmp_path / "b", toml=toml, crm=crm, users=users + "U1,Cy\n")
    says(only(twice), "1 key of users with several Name", "one answer for each key")
    wrong = toml.replace('give = "Name"', 'give = "Nam"')
    says(only(check(tmp_path / "c", toml=wrong, crm=crm, users=users)), "no column 'Nam'")


def test_parts_of_a_cell_and_durations(tmp_path):
    crm = (
        "no,day,sum,client,took\n1,2023-01-05,5,C1 Alpha Ltd,3\n2,2023-01-06,6,C2 Beta,2d 12h\n"
        "3,2023-01-31,7,C3 X,1 周\n"
    )
    toml = sales(
        'order_id = "no", date = "day", amount = "sum",'
        " customer_id = { column = \"client\", match = '^(\\S+) (.*)$' },"
        " product_line = { column = \"client\", match = '^(\\S+) (.*)$', part = 2 },"
        ' paid_date = { column = "day", after = "took" }'
    )
    assert rows(tmp_path, "orders", "customer_id product_line paid_date", toml=toml, crm=crm) == [
        ("C1", "Alpha Ltd", "2023-01-08"),
        ("C2", "Beta", "2023-01-08"),
        ("C3", "X", "2023-02-07"),
    ]
    odd = check(
        tmp_path / "b", toml=toml, crm=crm.replace("C2 Beta", "C2").replace(",3\n", ",soon\n")
    )
    says(only(odd), "1 value cannot be read as dates", place="orders.paid_date")
    assert any("that match = " in p.found and p.count == 1 for p in odd.warnings)


LINES = (
    "no,day,client,item,qty,total,cost\n"
    "1,2023-01-05,C1,A,1,100,10\n"
    "1,2023-01-05,C1,B,2,100,20\n"
    "2,2023-01-06,C2,A,1,,5\n"
    "2,2023-01-06,C2,C,1,10,5\n"
    "3,2023-01-31,C2,C,1,7,\n"
)


def test_lines_become_orders(tmp_path):
    toml = sales(
        'order_id = "no", date = "day", customer_id = "client", product_line = "item",'
        ' amount = "total", cost = "cost"',
        'group = ["order_id"]\nsum = ["cost"]\n',
    )
    assert rows(tmp_path, "orders", "order_id product_line amount cost", toml=toml, crm=LINES) == [
        ("1", None, "100.0000", "30.0000"),
        ("2", None, "10.0000", "10.0000"),
        ("3", "C", "7.0000", None),
    ]
    report = check(tmp_path, toml=toml, crm=LINES)
    says(
        only(report, "warning"),
        "2 groups of order_id with several values of product_line: left empty there",
    )
    odd = LINES.replace("B,2,100", "B,2,101")
    says(
        only(check(tmp_path / "b", toml=toml, crm=odd)),
        "1 group of order_id with several values of amount",
        try_="add amount to sum",
    )
    word = only(check(tmp_path / "c", toml=toml, crm=LINES.replace(",20\n", ",x\n")))
    assert "10 + x" in word.rows[0]


def test_a_repeated_order_total_is_shared_over_its_lines(tmp_path):
    toml = sales(
        'order_id = "no", date = "day", customer_id = "client", product_line = "item",'
        ' amount = { column = "total", once = "no", by = "qty" }'
    )
    assert rows(tmp_path, "orders", "order_id amount", toml=toml, crm=LINES) == [
        ("1", "33.3300"),
        ("1", "66.6700"),
        ("2", "5.0000"),
        ("2", "5.0000"),
        ("3", "7.0000"),
    ]
    equal = toml.replace(', by = "qty"', "")
    three = LINES + "4,2023-01-31,C3,A,1,100,\n4,2023-01-31,C3,B,1,100,\n4,2023-01-31,C3,C,1,100,\n"
    parts = [
        Decimal(a)
        for _, a in rows(tmp_path / "b", "orders", "order_id amount", toml=equal, crm=three)[-3:]
    ]
    assert parts == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    odd = LINES.replace("B,2,100", "B,2,101")
    says(only(check(tmp_path / "c", toml=toml, crm=odd)), "1 group with several totals")


WIDE = "region,Jan-23,Feb-23,Mar-23,Total\nNorth,10,20,30,60\nSouth,1,,3,4\n合计,11,20,33,64\n"


def test_a_wide_sheet_is_turned_long_without_its_totals(tmp_path):
    toml = TOML + (
        '[tables.targets]\nfrom = "crm"\n'
        'columns = { region = "region", metric = { value = "sales" } }\n'
        'long = { headers = "*", name = "period", value = "target" }\n'
    )
    files = {"toml": toml, "crm": WIDE, "orders": "order_id,date,amount\nO1,2023-01-05,5\n"}
    assert rows(tmp_path, "targets", "region metric period target", **files) == [
        ("North", "sales", "2023-01", "10.0"),
        ("North", "sales", "2023-02", "20.0"),
        ("North", "sales", "2023-03", "30.0"),
        ("South", "sales", "2023-01", "1.0"),
        ("South", "sales", "2023-03", "3.0"),
    ]
    says(
        only(check(tmp_path, **files), "warning"),
        "the total column Total and 1 total row left out of the sheet turned long",
    )
    months = WIDE.replace("-23", "")
    problem = only(check(tmp_path / "b", **{**files, "crm": months}))
    says(problem, "no period of a known year", try_="year = 2023")
    year = toml.replace('value = "target" }', 'value = "target", year = 2023 }')
    assert (
        len(rows(tmp_path / "c", "targets", "period", **{**files, "crm": months, "toml": year}))
        == 5
    )


def test_a_chinese_plan_with_title_quarter_totals_and_note(tmp_path):
    crm = (
        "2023年销售目标\n大区,1月,2月,3月,一季度,全年合计\n华东,12万,13万,15万,40万,40万\n"
        "华南,10万,,5万,15万,15万\n合计,22万,13万,20万,55万,55万\n制表人：张三\n"
    )
    toml = TOML + (
        'skip = 1\n[tables.targets]\nfrom = "crm"\n'
        'columns = { region = "大区", metric = { value = "sales" } }\n'
        'long = { headers = "*", name = "period", value = "target", year = 2023 }\n'
    )
    files = {"toml": toml, "crm": crm, "orders": "order_id,date,amount\nO1,2023-01-05,5\n"}
    assert rows(tmp_path, "targets", "region period target", **files) == [
        ("华东", "2023-01", "120000.0"),
        ("华东", "2023-02", "130000.0"),
        ("华东", "2023-03", "150000.0"),
        ("华东", "2023-Q1", "400000.0"),
        ("华南", "2023-01", "100000.0"),
        ("华南", "2023-03", "50000.0"),
        ("华南", "2023-Q1", "150000.0"),
    ]
    said = [p.found for p in check(tmp_path, **files).warnings]
    assert said == [
        "1 note below the table left out",
        "the total column 全年合计 and 1 total row left out of the sheet turned long",
    ]


def test_a_column_that_adds_up_the_others_is_a_total_whatever_its_name(tmp_path):
    toml = TOML + (
        '[tables.orders]\nfrom = "crm"\ncolumns = { order_id = { id = ["day"] }, date = "day" }\n'
        'long = { headers = "*", name = "region", value = "amount" }\n'
    )
    crm = "day,North,South,West,Company\n2023-01-05,1,2,3,6\n2023-01-31,4,0,5,9\n"
    assert rows(tmp_path, "orders", "region amount", toml=toml, crm=crm)[:3] == [
        ("North", "1.0000"),
        ("South", "2.0000"),
        ("West", "3.0000"),
    ]
    assert len(rows(tmp_path, "orders", "region", toml=toml, crm=crm)) == 6


def test_dated_stage_columns_become_stage_entries(tmp_path):
    crm = (
        'Id,Stage,"Date entered ""new (Sales)""","Date entered ""offer (Sales)"""\n'
        "D1,offer,2023-01-02 09:30,2023-01-09\nD2,new,2023-01-20 10:00,\n"
    )
    toml = TOML + (
        '[tables.opportunities]\nfrom = "crm"\ncolumns = { opportunity_id = "Id", stage = "Stage",'
        ' outcome = { value = "open" } }\n[tables.stage_events]\nfrom = "crm"\n'
        'columns = { opportunity_id = "Id" }\n'
        'long = { headers = \'Date entered "(.+?)(?: \\(.*\\))?"\', name = "stage",'
        ' value = "entered_at" }\n'
    )
    assert rows(
        tmp_path, "stage_events", "opportunity_id stage entered_at", toml=toml, crm=crm
    ) == [
        ("D1", "new", "2023-01-02 09:30:00"),
        ("D1", "offer", "2023-01-09 00:00:00"),
        ("D2", "new", "2023-01-20 10:00:00"),
    ]


def test_a_contract_billed_monthly_is_worth_twelve_months(tmp_path):
    toml = TOML + (
        '[tables.contracts]\nfrom = "crm"\ncolumns = { contract_id = "k", customer_id = "c",'
        ' start = "s", monthly_value = "m", status = "t" }\n'
    )
    crm = "k,c,s,m,t\nK1,C1,2023-01-01,100.25,active\n"
    orders = "order_id,date,amount\nO1,2023-01-05,5\n"
    assert rows(
        tmp_path, "contracts", "annual_value status", toml=toml, crm=crm, orders=orders
    ) == [("1203.0000", "active")]


def test_a_dimension_of_ones_own_is_read_with_every_table(tmp_path):
    toml = '[book]\nname = "m"\ndimensions = ["competitor"]\n'
    files = {"orders": "order_id,date,amount,competitor\nO1,2023-01-05,5,Acme\n"}
    book = Book.open(write(tmp_path, toml=toml, **files))
    assert book.has("orders", "competitor")
    assert book.relation("orders").project("competitor").fetchall() == [("Acme",)]
    bad = check(tmp_path / "b", toml=toml.replace("competitor", "my-dim"), **files)
    assert "no name of a column" in bad.errors[0].expected


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ('amount = { column = "a", tims = 3 }', "unknown setting"),
        ("amount = { }", "one of column, value, id, row, look_up and from_name"),
        ('amount = { column = "a", value = "b" }', "not value and column"),
        ('amount = { column = "a", match = "(" }', "no regular expression"),
        ('amount = { look_up = "x" }', "look_up goes with by, key and give"),
    ],
)
def test_a_mapping_that_says_nothing_clear_is_refused(tmp_path, columns, words):
    report = check(tmp_path, toml=sales(columns), crm=SALES)
    assert words in report.errors[0].found + report.errors[0].expected


def test_an_error_of_a_query_names_its_line_and_what_to_try(tmp_path):
    query = "SELECT no AS order_id,\n day AS date,\n sum AS amount, clint AS customer_id\nFROM crm"
    toml = TOML + f'[tables.orders]\nsql = """{query}"""\n'
    crm = "no,day,sum,client\n1,2023-01-05,5,C1\n"
    problem = only(check(tmp_path, toml=toml, crm=crm))
    says(problem, "sql does not run, line 3 (sum AS amount, clint AS customer_id): Binder Error")
    assert "client" in problem.try_
    broken = toml.replace("FROM crm", "FORM crm WHERE")
    says(only(check(tmp_path / "b", toml=broken, crm=crm)), "sql does not run, line 4 (FORM crm")


@pytest.mark.parametrize(
    "table",
    [
        "contract_id,customer_id,start,annual_value\nK1,C1,2023-01-01,5\nK2,C1,2023-03-31,5\n",
        "rep_id,course,date\nR1,X,2023-01-05\nR2,X,2023-03-31\n",
        "payment_id,date,amount\nP1,2023-01-05,5\nP2,2023-03-31,5\n",
    ],
)
def test_any_table_with_days_is_a_book(tmp_path, table):
    name = {"c": "contracts", "r": "training", "p": "payments"}[table[0]]
    book = Book.open(write(tmp_path, toml='[book]\nname = "m"\n', **{name: table}))
    assert str(book.month) == "2023-03" and [t.name for t in book.facts().tables] == [name]


def test_an_overflowing_product_is_refused(tmp_path):
    toml = sales('order_id = { row = "" }, date = "date", amount = { times = ["qty", "price"] }')
    huge = SALES.replace("10.50", "99999999999999")
    assert not check(tmp_path, toml=toml, crm=huge.replace(",1,C1,2,", ",1,C1,999,")).ok
