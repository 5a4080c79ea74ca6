"""Files as teams keep them, placed without a query: owners by days, changes, flags, .xlsb."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pandas as pd
import pytest
import xlsxwriter

from binary_workbook import write_xlsb
from old_workbook import write_xls
from playbook.base.errors import DataProblem
from playbook.data.book import Book
from playbook.data.workbooks import read_sheet
from playbook.intake.proposal import propose

N = 24


def day(i: int) -> str:
    return (date(2023, 1, 5) + timedelta(5 * i)).isoformat()


ORDERS = pd.DataFrame(
    {
        "Order ID": [f"A{i:03d}" for i in range(N)],
        "Order Date": [day(i) for i in range(N)],
        "Customer": [f"C{i % 5}" for i in range(N)],
        "Salesperson": [f"P{i % 3}" for i in range(N)],
        "Amount": [100 + i for i in range(N)],
    }
)
DEALS = pd.DataFrame(
    {
        "Deal ID": [f"D{i}" for i in range(N)],
        "Created": [day(i) for i in range(N)],
        "Stage": [("Won deal", "Parked", "Offer")[i % 3] for i in range(N)],
        "IsClosed": [str(i % 3 < 2).lower() for i in range(N)],
        "IsWon": [str(i % 3 == 0).lower() for i in range(N)],
        "Close Date": [day(i + 3) for i in range(N)],
        "Value": [1000 + i for i in range(N)],
        "Account": [f"C{i % 5}" for i in range(N)],
        "Owner": "P0",
    }
)


def made(folder, **frames) -> tuple[dict, Book]:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name.replace('_', ' ')}.csv", index=False)
    text = propose([folder], folder).text
    (folder / "playbook.toml").write_text(text, encoding="utf-8")
    return tomllib.loads(text)["tables"], Book.open(folder).at(date(2023, 6, 30))


def test_the_flags_say_which_stage_is_lost_where_its_word_does_not(tmp_path):
    tables, book = made(tmp_path, deals=DEALS)
    assert tables["opportunities"]["values"] == {"stage": {"Parked": "lost"}}
    deals = book.relation("opportunities").df()
    assert deals.outcome.value_counts().to_dict() == {"won": 8, "lost": 8, "open": 8}
    assert book.settings.book.stages == ["Offer", "Won deal"]


def test_a_stage_that_the_flags_call_both_is_no_outcome(tmp_path):
    mixed = DEALS.assign(Stage=["Won deal", "Offer", "Offer"] * 8)
    tables, _ = made(tmp_path, deals=mixed)
    assert "values" not in tables["opportunities"]


def test_changes_of_deals_are_read_under_the_names_of_the_file(tmp_path):
    changes = pd.DataFrame(
        {
            "Deal ID": [f"D{i}" for i in range(8)],
            "Field": ["Value", "Close Date"] * 4,
            "Old Value": ["900", "2023-02-01"] * 4,
            "New Value": ["1000", "2023-03-01"] * 4,
            "Changed At": [day(i) for i in range(8)],
        }
    )
    tables, book = made(tmp_path, deals=DEALS, field_changes=changes)
    columns = tables["changes"]["columns"]
    assert (columns["from"], columns["to"]) == ("Old Value", "New Value")
    rows = book.relation("changes").df()
    assert set(rows.field) == {"amount", "expected_close"}
    assert rows[rows.field == "expected_close"].to.unique().tolist() == ["2023-03-01"]


OWNERS = pd.DataFrame(
    {
        "Customer": [f"C{i}" for i in range(5)] + ["C0"],
        "Salesperson": ["P0", "P1", "P2", "P0", "P1", "P2"],
        "From": ["2022-01-01"] * 5 + ["2023-03-01"],
        "To": ["2023-02-28", "", "", "", "", ""],
    }
)


def test_a_list_of_owners_by_days_says_who_had_which_customer_when(tmp_path):
    tables, book = made(tmp_path, orders=ORDERS, customer_list=OWNERS)
    assert tables["assignments"]["columns"] == {
        "subject": {"value": "customer"},
        "subject_id": "Customer",
        "role": {"value": "owner"},
        "value": "Salesperson",
        "from": "From",
        "to": "To",
    }
    assert len(book.relation("assignments").df()) == 6


def test_a_list_of_teams_by_days_says_who_was_in_which_team_when(tmp_path):
    teams = pd.DataFrame(
        {
            "Salesperson": ["P0", "P1", "P2", "P0"],
            "Team": ["North", "North", "South", "South"],
            "Valid from": ["2022-01-01"] * 3 + ["2023-03-01"],
            "Valid to": ["2023-02-28", "", "", ""],
        }
    )
    tables, _ = made(tmp_path, orders=ORDERS, members=teams)
    columns = tables["assignments"]["columns"]
    assert columns["role"] == {"value": "team"} and columns["subject"] == {"value": "rep"}


@pytest.mark.parametrize(
    "frame",
    [
        OWNERS.drop(columns=["From", "To"]),  # no days: today's owners
        OWNERS.assign(Fee=5, Plan="x", Term=3),  # contracts have owners and days too
    ],
)
def test_other_lists_with_owners_are_no_assignments(tmp_path, frame):
    frame.to_csv(tmp_path / "list.csv", index=False)
    ORDERS.to_csv(tmp_path / "orders.csv", index=False)
    assert "assignments" not in {plan.table for plan in propose([tmp_path], tmp_path).tables}


def test_a_binary_workbook_is_read_like_any_other(tmp_path):
    head, *rows = [list(ORDERS.columns), *ORDERS.values.tolist()]
    rows = [[row[0], date.fromisoformat(row[1]), *row[2:]] for row in rows]
    write_xlsb(tmp_path / "sales.xlsb", {"Notes": [["made by hand"]], "Orders": [head, *rows]})
    text = propose([tmp_path], tmp_path).text
    (tmp_path / "playbook.toml").write_text(text, encoding="utf-8")
    orders = Book.open(tmp_path).at(date(2023, 6, 30)).relation("orders").df()
    assert len(orders) == N and orders.amount.sum() == sum(range(100, 124))
    assert str(orders.date.min())[:10] == "2023-01-05"


def test_an_error_in_a_cell_of_a_binary_workbook_is_named(tmp_path):
    rows = [["order_id", "date", "amount"], ["A", date(2023, 1, 5), "#N/A"]]
    write_xlsb(tmp_path / "orders.xlsb", {"orders": [*rows, ["B", date(2023, 1, 6), 10]]})
    (tmp_path / "playbook.toml").write_text('[book]\nname = "b"\n', encoding="utf-8")
    with pytest.raises(DataProblem, match=r"(?s)#N/A.*order_id 'A'"):
        Book.open(tmp_path)


def test_an_error_in_a_cell_of_an_old_workbook_is_named(tmp_path):
    head = ["order_id", "date", "amount"]
    rows = [
        head,
        ["A", "2023-01-05", "#REF!"],
        ["B", "2023-01-06", 10],
        ["C", "2023-01-07", "#N/A"],
    ]
    write_xls(tmp_path / "orders.xls", {"订单": rows, "Other": [["x"], ["#DIV/0!"]]})
    (tmp_path / "playbook.toml").write_text('[book]\nname = "b"\n', encoding="utf-8")
    with pytest.raises(DataProblem, match=r"(?s)row 2: amount '#REF!' \(order_id 'A'"):
        Book.open(tmp_path)
    read, _, (warned,) = read_sheet(tmp_path / "orders.xls", "", "orders.xls")
    assert [row[2] for row in read] == ["amount", "#REF!", "10", "#N/A"]
    assert "2 cells with an error for a value: C2 #REF! and C4 #N/A" in warned.found
    assert read_sheet(tmp_path / "orders.xls", "Other", "orders.xls")[0] == [["x"], ["#DIV/0!"]]


def test_a_per_cent_among_amounts_is_told(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "orders.xlsx")
    sheet = book.add_worksheet("orders")
    share = book.add_format({"num_format": '0.0%" of it"'})
    plain = book.add_format({"num_format": '0" %"'})  # a sign in quotes is a word
    sheet.write_row(0, 0, ["order_id", "amount", "discount", "cost"])
    for i in range(1, 6):
        sheet.write_row(i, 0, [f"A{i}", 100 + i])
        sheet.write_number(i, 2, 0.1, share)  # a column of shares is none of amounts
        sheet.write_number(i, 3, 4, plain)
    sheet.write_number(3, 1, 0.12, share)
    sheet.write_formula(4, 1, "=B2*0+0.5", share, 0.5)
    book.close()
    _, _, (told,) = read_sheet(tmp_path / "orders.xlsx", "", "orders.xlsx")
    assert told.found == "2 cells shown as per cent among plain numbers: B4 and B5"
    assert (told.severity, told.count) == ("warning", 2)


def test_an_error_of_a_formula_is_no_empty_cell(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "orders.xlsx")
    sheet = book.add_worksheet("orders")
    rows = [["order_id", "date", "amount", "cost", "region"]]
    rows += [[f"A{i}", f"2023-01-{i + 5:02d}", 10, 4, "N"] for i in range(4)]
    for i, row in enumerate(rows):
        sheet.write_row(i + 2, 1, row)  # the table does not begin in the corner
    sheet.write_formula(3, 4, "=1/0", None, "#DIV/0!")
    sheet.write_formula(5, 5, "=NA()", None, "#N/A")
    book.close()
    (tmp_path / "playbook.toml").write_text('[book]\nname = "b"\n', encoding="utf-8")
    with pytest.raises(DataProblem, match=r"(?s)row 4: cost '#DIV/0!' \(order_id 'A0'") as told:
        Book.open(tmp_path)
    assert len(told.value.problems) == 1  # a region that cannot be known is warned of
    rows, first, warned = read_sheet(tmp_path / "orders.xlsx", "", "orders.xlsx")
    assert rows[3][4] == "#N/A" and first == 3
    assert "2 cells with an error for a value: E4 #DIV/0! and F6 #N/A" in warned[0].found
