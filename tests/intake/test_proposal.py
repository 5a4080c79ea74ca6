"""What `playbook init` takes, asks and leaves alone."""

from __future__ import annotations

import tomllib

import pandas as pd
import pytest

from playbook.base.errors import ParameterProblem
from playbook.intake.files import date_form
from playbook.intake.headers import likeness, normal
from playbook.intake.looking import files_of
from playbook.intake.profile import Profile, fits
from playbook.intake.proposal import propose

DEALS = pd.DataFrame(
    {
        "Deal No.": [f"D{i}" for i in range(8)],
        "Opened": [f"2023-01-0{i + 1}" for i in range(8)],
        "Deal Phase": ["Closed Won", "Closed Lost", "Proposal", "Qualified"] * 2,
        "Close Date": [f"2023-02-0{i + 1}" for i in range(8)],
        "Deal Size": ["$1,200.50"] * 8,
        "Company": ["A", "B"] * 4,
        "Seller": ["Ann"] * 8,
    }
)


def proposed(folder, **frames) -> str:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return propose([folder], folder).text


def columns(text: str, table: str) -> dict:
    return tomllib.loads(text)["tables"][table]["columns"]


def test_the_proposal_says_what_was_read_from_what(tmp_path):
    text = proposed(tmp_path, deals=DEALS)
    read = tomllib.loads(text)
    assert read["book"]["stages"] == ["Qualified", "Proposal", "Closed Won"]
    assert read["book"]["currency"] == "USD"
    assert columns(text, "opportunities") == {
        "opportunity_id": "Deal No.",
        "created": "Opened",
        "stage": "Deal Phase",
        "amount": "Deal Size",
        "customer_id": "Company",
        "rep_id": "Seller",
        "close_date": "Close Date",
        "outcome": "Deal Phase",
    }
    assert read["tables"]["opportunities"]["values"]["outcome"] == {
        "Closed Won": "won",
        "Closed Lost": "lost",
        "*": "open",
    }
    assert "stages = [" in text and "check it; the last one is a win" in text


def test_a_reference_that_names_nobody_is_a_question_not_a_column(tmp_path):
    reps = pd.DataFrame(
        {
            "rep_id": [f"R{i}" for i in range(8)],
            "team": ["T"] * 8,
            "manager": ["Zoe", "Max"] * 4,
        }
    )
    text = proposed(tmp_path, deals=DEALS.assign(Seller="R1"), reps=reps)
    assert "manager_id" not in columns(text, "reps")
    assert '# manager_id = "manager"?' in text


def test_managers_who_are_no_rows_name_the_team_where_nothing_else_does(tmp_path):
    reps = pd.DataFrame({"rep_id": [f"R{i}" for i in range(8)], "manager": ["Zoe", "Max"] * 4})
    text = proposed(tmp_path, deals=DEALS.assign(Seller="R1"), reps=reps)
    assert columns(text, "reps")["team"] == "manager"


def test_people_are_keyed_by_what_the_other_files_call_them(tmp_path):
    sellers = [f"Person {i % 6}" for i in range(8)]
    reps = pd.DataFrame(
        {"Employee ID": [f"E{i}" for i in range(6)], "Name": [f"Person {i}" for i in range(6)]}
    )
    text = proposed(tmp_path, deals=DEALS.assign(Seller=sellers), employees=reps)
    assert columns(text, "reps")["rep_id"] == "Name"


def test_a_list_of_customers_that_nobody_names_stands_as_a_question(tmp_path):
    accounts = pd.DataFrame(
        {"Account ID": [f"C{i}" for i in range(8)], "Industry": ["IT", "Food"] * 4}
    )
    text = proposed(tmp_path, deals=DEALS, accounts=accounts)
    assert "customers" not in tomllib.loads(text)["tables"]
    assert "# Not sure enough to be used: no column for customer_id that the other files" in text


def test_the_number_beside_the_name_is_the_key(tmp_path):
    orders = pd.DataFrame(
        {
            "Order Date": [f"2023-01-0{i + 1}" for i in range(8)],
            "Order No": range(8),
            "Customer Name": [f"Name {i % 4}" for i in range(8)],
            "Customer No": [f"C{i % 4}" for i in range(8)],
            "Net Amount": [f"{i}.50" for i in range(8)],
        }
    )
    text = proposed(tmp_path, sales=orders)
    assert columns(text, "orders")["customer_id"] == "Customer No"
    made = tomllib.loads(text)["tables"]["customers"]
    assert made["columns"] == {"customer_id": "Customer No", "name": "Customer Name"}
    assert made["group"] == ["customer_id"]


def test_of_two_amounts_one_is_proposed_and_to_be_checked(tmp_path):
    orders = pd.DataFrame(
        {
            "Order Date": [f"2023-01-0{i + 1}" for i in range(8)],
            "Order No": range(8),
            "Customer": ["A", "B"] * 4,
            "Order Total": [f"{i}.50" for i in range(8)],
            "Invoice Total": [f"{i}.70" for i in range(8)],
        }
    )
    text = proposed(tmp_path, sales=orders)
    line = 'amount = "Order Total"  # CHECK: proposed, or Invoice Total; not sure'
    assert line in text
    said = propose([tmp_path], tmp_path).summary()
    assert "  check amount = Order Total: proposed, or Invoice Total; not sure" in said


def test_pieces_times_price_make_the_amount(tmp_path):
    lines = pd.DataFrame(
        {
            "InvoiceNo": range(8),
            "InvoiceDate": [f"2023-01-0{i + 1}" for i in range(8)],
            "Quantity": [2] * 8,
            "UnitPrice": ["1.25"] * 8,
            "CustomerID": ["A", "B"] * 4,
        }
    )
    text = proposed(tmp_path, retail=lines)
    assert columns(text, "orders")["amount"] == {"times": ["Quantity", "UnitPrice"]}


def test_a_file_that_is_no_table_is_named_and_left_alone(tmp_path):
    text = proposed(tmp_path, deals=DEALS, notes=pd.DataFrame({"x": [1], "y": [2]}))
    assert "# notes.csv: which table is it?" in text and "#   its columns: x, y" in text
    assert list(tomllib.loads(text)["sources"]) == ["deals"]


def test_titles_above_the_header_are_skipped(tmp_path):
    body = DEALS.to_csv(index=False)
    (tmp_path / "deals.csv").write_text(f"Deals of the year\n\n{body}", encoding="utf-8")
    assert tomllib.loads(propose([tmp_path], tmp_path).text)["sources"]["deals"]["skip"] == 2


def test_files_alike_are_one_source(tmp_path):
    for month in (1, 2, 3):
        frame = pd.DataFrame(
            {
                "order_id": [f"{month}"],
                "date": [f"2023-0{month}-05"],
                "amount": [5],
                "customer": "A",
            }
        )
        frame.to_csv(tmp_path / f"sales_2023-0{month}.csv", index=False)
    read = tomllib.loads(propose([tmp_path], tmp_path).text)
    assert read["sources"] == {"sales": {"file": "sales_*-*.csv"}}


def test_a_sheet_of_months_across_is_turned_long(tmp_path):
    sheet = pd.DataFrame(
        {"大区": ["华东", "华南"], "1月": ["10万", "8万"], "2月": ["12万", "8万"],
         "3月": ["1", "2"], "合计": ["23", "18"]}
    )  # fmt: skip
    text = proposed(tmp_path, deals=DEALS, **{"2023年销售目标": sheet})
    made = tomllib.loads(text)["tables"]["targets"]
    assert made["long"] == {
        "headers": ["1月", "2月", "3月"],
        "name": "period",
        "value": "target",
        "year": 2023,
    }
    assert made["columns"] == {"region": "大区", "metric": {"value": "sales"}}


def test_units_in_a_header_and_per_cent_are_brought_to_ours(tmp_path):
    frame = DEALS.rename(columns={"Deal Size": "金额(万元)"}).assign(
        **{"金额(万元)": "1.5", "Win %": ["10", "60"] * 4}
    )
    made = columns(proposed(tmp_path, deals=frame), "opportunities")
    assert made["amount"] == {"column": "金额(万元)", "times": 10000}
    assert made["probability"] == {"column": "Win %", "times": 0.01}


def test_stages_stand_in_the_order_they_were_entered(tmp_path):
    history = pd.DataFrame(
        {
            "Deal No.": ["D0", "D0", "D1", "D1", "D2", "D2"],
            "New stage": ["Zebra", "Apple", "Zebra", "Apple", "Apple", "Closed Lost"],
            "Changed on": [f"2023-01-0{i + 1} 09:00" for i in range(6)],
        }
    )
    deals = DEALS.assign(**{"Deal Phase": ["Closed Won", "Closed Lost", "Apple", "Zebra"] * 2})
    read = tomllib.loads(proposed(tmp_path, deals=deals, stage_history=history))
    assert read["book"]["stages"] == ["Zebra", "Apple", "Closed Won"]
    assert read["tables"]["stage_events"]["values"]["stage"] == {"Closed Lost": "lost"}


def test_the_fiscal_year_is_told_by_a_column_of_its_quarters(tmp_path):
    months = [4, 6, 7, 9, 10, 12, 1, 3]
    frame = DEALS.assign(
        **{
            "Close Date": [f"2023-{m:02d}-10" for m in months],
            "Opened": "2022-12-01",
            "Fiscal Period": [f"Q{i // 2 + 1}-2023" for i in range(8)],
        }
    )
    assert tomllib.loads(proposed(tmp_path, deals=frame))["book"]["fiscal_year_start"] == 4


def test_nothing_that_looks_like_sales_is_refused_with_what_was_seen(tmp_path):
    pd.DataFrame({"colour": ["red"], "size": ["L"]}).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(ParameterProblem, match=r"none of 1 tables looks like orders or deals"):
        propose([tmp_path], tmp_path)
    with pytest.raises(ParameterProblem, match="no file to read"):
        propose([tmp_path / "empty"], tmp_path)


def test_hidden_files_and_other_kinds_are_not_read(tmp_path):
    for name in ("a.csv", ".b.csv", "~c.csv", "d.pdf"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in files_of([tmp_path])] == ["a.csv"]


@pytest.mark.parametrize(
    "header, is_",
    [
        ("Deal - Value", "value"),
        (" Amount (USD)* ", "amount"),
        ("金额（元）", "金额"),
        ("ID", "id"),
        ("CreatedDate", "created date"),
        ("Loss_Reason__c", "loss reason"),
    ],
)
def test_headers_are_compared_without_what_systems_add(header, is_):
    assert normal(header) == is_


@pytest.mark.parametrize(
    "header, table, column, score",
    [
        ("Txn Ref", "orders", "order_id", 0.9),  # made of parts that are known
        ("Owner Full Name", "opportunities", "rep_id", 0.9),
        ("预计落单日期", "opportunities", "expected_close", 0.92),
        ("Tax Amount", "orders", "amount", 0.0),  # a part that turns the meaning
        ("Last Modified Date", "opportunities", "closed", 0.0),
        ("Colour", "opportunities", "created", 0.0),
    ],
)
def test_names_nobody_has_listed_are_read_by_their_parts(header, table, column, score):
    assert likeness(header, table, column) == pytest.approx(score, abs=0.011)


def test_a_word_with_several_meanings_counts_less_and_a_slip_of_a_letter_is_forgiven():
    assert likeness("Status", "opportunities", "outcome") == pytest.approx(0.6, abs=0.001)
    assert likeness("Lead Sourse", "opportunities", "channel") > 0.75


@pytest.mark.parametrize(
    "values, form",
    [
        (["13/02/2023", "01/03/2023"], "%d/%m/%Y"),
        (["02/13/2023", "03/01/2023"], "%m/%d/%Y"),
        (["02/03/2023", "03/01/2023"], ""),  # may be either: it is asked, not guessed
        (["2023-02-13"], ""),
        (["13-Feb-23", "01-Mar-23"], "%d-%b-%y"),
        (["Feb 13, 2023"], "%b %d, %Y"),
        (["13/02/2023 10:05", "01/03/2023 11:00"], "%d/%m/%Y %H:%M"),
    ],
)
def test_the_form_of_days_is_taken_only_where_the_values_prove_it(values, form):
    assert date_form(Profile("d", pd.Series(values))) == form


@pytest.mark.parametrize(
    "kind, values, score",
    [
        ("day", ["2023-01-05", "2023/1/6"], 1.0),
        ("day", ["1000.00", "1010.50"], 0.0),  # an amount is no year and month
        ("money", ["¥1,200.50", "(30)", "1.2万"], 1.0),
        ("money", ["2023-01-05"], 0.0),
        ("flag", ["Yes", "no"], 1.0),
        ("text", ["2023-01-05"], 0.3),
    ],
)
def test_values_speak_for_or_against_a_kind(kind, values, score):
    assert fits(kind, Profile("x", pd.Series(values)), key=False) == score


def test_a_key_must_tell_rows_apart():
    assert fits("text", Profile("id", pd.Series(["a", "b"])), key=True) == 1.0
    assert fits("text", Profile("id", pd.Series(["a", "a"])), key=True) == 0.15


def test_a_file_that_is_not_used_is_not_taken_for_the_table_of_its_name(tmp_path):
    from playbook.data.book import Book

    accounts = pd.DataFrame(
        {"Account ID": [f"C{i}" for i in range(8)], "Industry": ["IT", "Food"] * 4}
    )
    text = proposed(tmp_path, deals=DEALS, customers=accounts)
    (tmp_path / "playbook.toml").write_text(text, encoding="utf-8")
    assert "customers" not in Book.open(tmp_path).read.given


def test_sheets_alike_are_one_source(tmp_path):
    from playbook.data.book import Book

    with pd.ExcelWriter(tmp_path / "sales.xlsx") as book:
        for month in (1, 2, 3):
            frame = pd.DataFrame(
                {"order_id": [f"O{month}"], "date": [f"2023-0{month}-05"], "amount": [month]}
            )
            frame.to_excel(book, sheet_name=f"{month}月", index=False)
    text = propose([tmp_path], tmp_path).text
    assert tomllib.loads(text)["sources"]["sales"]["sheet"] == ["1月", "2月", "3月"]
    (tmp_path / "playbook.toml").write_text(text, encoding="utf-8")
    orders = Book.open(tmp_path, "2023-03").relation("orders")
    assert orders.aggregate("count(*), sum(amount)").fetchall() == [(3, 6)]


@pytest.mark.parametrize(
    "header, values, made",
    [
        ("Chance", ["10", "60"], {"column": "Chance", "times": 0.01}),  # told by its numbers
        ("Chance", ["0.1", "0.6"], "Chance"),
        ("Chance (%)", ["0.1", "0.6"], "Chance (%)"),
        ("Chance", ["10%", "60%"], "Chance"),  # the sign is read with the cell
    ],
)
def test_chances_are_shares_of_one(header, values, made):
    from pathlib import Path

    from playbook.base.settings import SourceSettings
    from playbook.intake.files import Found
    from playbook.intake.units import in_unit

    column = Profile(header, pd.Series(values))
    found = Found("x", Path("x.csv"), SourceSettings(file="x.csv"), (column,), 2)
    assert in_unit(found, "opportunities", "probability", header) == made
