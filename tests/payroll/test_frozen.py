"""Closed months are frozen: what was changed, damaged or taken away is refused; a month is closed
once, in order, and when it is over.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import DataProblem, ParameterProblem, SettingsProblem
from playbook.base.settings.payroll import PayrollSettings
from playbook.payroll import close
from playbook.payroll.cells import raw, safe
from playbook.payroll.changes import LedgerLine
from playbook.payroll.close import close_month
from playbook.payroll.frozen import closed_months, sealed
from playbook.payroll.payable import payable
from toy import toy

PLAN = {
    "name": "flat",
    "starts": "2023-01-01",
    "accumulate": "month",
    "tiers": [{"lower": 0, "rate": 0.1}],
}
ORDERS = [
    {"order_id": "O1", "date": "2023-02-10", "amount": 1000, "rep_id": "A", "customer_id": "C"},
    {"order_id": "O2", "date": "2023-03-28", "amount": 100000, "rep_id": "A", "customer_id": "C"},
    {"order_id": "O3", "date": "2023-04-30", "amount": 30000, "rep_id": "A", "customer_id": "C"},
]
LATE = {
    "order_id": "O-17",
    "date": "2023-03-28",
    "amount": 40000,
    "rep_id": "A",
    "customer_id": "C",
}


def book(month: str, rows=None, **payroll):
    settings = {"commission_plans": [PLAN], "payroll": payroll, "book": {"name": "firm"}}
    return toy(month=month, settings=settings, orders=pd.DataFrame(rows or ORDERS))


@pytest.fixture(scope="session")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    close_month(book("2023-03"), folder)
    return folder, close_month(book("2023-04", [*ORDERS, LATE]), folder)[0]


@pytest.fixture
def copy(ledger, tmp_path):
    return shutil.copytree(ledger[0], tmp_path / "ledger")


def test_an_order_that_comes_late_is_paid_in_the_next_month(ledger):
    """March closed at 10,000; an order of 28 March arrives; April earns 3,000 and pays 7,000."""
    folder, april = ledger
    march = closed_months(folder)[0]
    assert march.payable == 1000000  # as it was closed, and February before it counts as paid
    assert [row["carried_out"] for row in march.record["reps"]] == [0]
    assert [(x.order_id, x.month, x.pay, x.why) for x in april.prior] == [
        ("O-17", "2023-03", 400000, "came after the month was closed")
    ]
    assert april.record["totals"]["payable"] == 700000


@pytest.mark.parametrize("name", ["payroll.csv", "lines.csv", "payroll.xlsx", "accrual.csv"])
def test_a_changed_or_missing_file_is_refused(copy, name):
    file = copy / "2023-03" / name
    content = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(content[:-1] + b" ")
    with pytest.raises(DataProblem, match=f"{name}: it was changed after the month was closed"):
        closed_months(copy)
    file.unlink()
    with pytest.raises(DataProblem, match=f"{name}: the file is missing"):
        close_month(book("2023-04"), copy)


def test_a_changed_record_is_refused_also_when_sealed_anew(copy):
    file = copy / "2023-03" / "payroll.json"
    record = json.loads(file.read_text())
    record["totals"]["payable"] += 1
    file.chmod(0o600)
    file.write_text(json.dumps(record))
    with pytest.raises(DataProblem, match="checksum does not fit its content"):
        closed_months(copy)
    file.write_text(json.dumps(sealed(record)))
    with pytest.raises(DataProblem, match="does not follow from 2023-03 as it is"):
        closed_months(copy)
    file.write_text("{")
    with pytest.raises(DataProblem, match="cannot be read"):
        closed_months(copy)


def test_a_month_taken_away_or_renamed_is_refused(copy):
    shutil.move(copy / "2023-03", copy / "2023-02")
    with pytest.raises(DataProblem, match="the folder of 2023-03 was renamed"):
        closed_months(copy)
    shutil.rmtree(copy / "2023-02")
    with pytest.raises(DataProblem, match="the month before 2023-04 is missing"):
        closed_months(copy)


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2023-04", "2023-04 is closed already"),
        ("2023-03", "2023-03 is closed already"),
        ("2023-02", "2023-02 lies before 2023-03, the first closed month"),
        ("2023-06", "2023-06 cannot be closed before 2023-05"),
    ],
)
def test_months_are_closed_once_and_in_order(ledger, month, said):
    later = {**LATE, "order_id": "O-18", "date": "2023-06-30"}
    with pytest.raises(ParameterProblem, match=said):
        close_month(book(month, [*ORDERS, later]), ledger[0])


def test_an_unfinished_month_says_until_when_the_data_go(tmp_path):
    rows = [{**row, "date": row["date"].replace("03-28", "03-20")} for row in ORDERS[:2]]
    with pytest.raises(ParameterProblem, match="2023-03 is not over in the data: they end on"):
        close_month(book("2023-03", rows), tmp_path)
    assert not list(tmp_path.iterdir())
    assert close_month(book("2023-03", rows), tmp_path, finished=True)[1].name == "2023-03"


def test_everything_that_forbids_a_close_is_said_at_once(ledger):
    rows = [{**row, "date": row["date"].replace("2023-04-30", "2023-06-10")} for row in ORDERS]
    with pytest.raises(ParameterProblem) as error:
        close_month(book("2023-06", rows, starts="2023-01"), ledger[0])
    said = str(error.value)
    assert "before 2023-05" in said
    assert "closed months of first month 2023-03" in said
    assert "2023-06 is not over" in said


def test_the_first_month_may_be_set(tmp_path):
    with pytest.raises(ParameterProblem, match="2023-03 cannot be closed first"):
        close_month(book("2023-03", starts="2023-02"), tmp_path)


def test_settings_are_refused_all_at_once():
    with pytest.raises(SettingsProblem) as error:
        book(
            "2023-03",
            folder="../elsewhere",
            starts="2023-13",
            recover_at_most=2,
            amortise=[{"plan": "flat"}],
        )
    said = str(error.value)
    for part in ("folder", "starts", "recover_at_most", "spread over nothing"):
        assert part in said
    with pytest.raises(SettingsProblem, match="plan 'flot', which is no commission plan"):
        book("2023-03", amortise=[{"plan": "flot", "months": 12}])


def test_two_closes_of_one_month_leave_one(ledger, copy):
    shutil.rmtree(copy / "2023-04")
    (copy / ".closing-2023-04-of-a-killed-process").mkdir()  # goes with the next close
    found = close_month(book("2023-04"), copy)[0]
    assert len(closed_months(copy)) == 2
    assert not [path for path in copy.iterdir() if path.name.startswith(".")]
    assert found.record["previous"] == closed_months(copy)[0].checksum


def test_a_month_closed_meanwhile_stays_as_the_other_closed_it(ledger, copy, monkeypatch):
    shutil.rmtree(copy / "2023-04")
    monkeypatch.setattr(close, "closed_months", lambda folder: closed_months(folder)[:1])
    first = close_month(book("2023-04"), copy)[0]
    with pytest.raises(DataProblem, match="2023-04 was closed meanwhile by somebody else"):
        close_month(book("2023-04", [*ORDERS, LATE]), copy)
    kept = closed_months(copy)[1]
    assert kept.payable == first.record["totals"]["payable"] and len(list(copy.iterdir())) == 2


LINE = LedgerLine("month", "A", "2023-05-02", "O", "C", "commission", "", "p", 0, 0, 0, 0, "")


@pytest.mark.parametrize(
    ("settings", "month", "carried", "paid"),
    [
        ({}, 20000, -50000, 0),
        ({"negative": "deduct"}, 20000, -50000, -30000),
        ({"recover_at_most": 0.2}, 20000, -50000, 16000),  # a fifth of 200.00 is taken back
        ({"recover_at_most": 0.2}, 20000, -1000, 19000),
        ({"recover_at_most": 0.0}, 20000, -1000, 20000),
        ({"recover_at_most": 0.2}, 3, -50000, 3),  # a fifth of 0.03 is no whole cent
    ],
)
def test_debts_are_taken_back_as_the_settings_say(settings, month, carried, paid):
    before = {"A": {"carried_out": carried, "earned_to_date": carried, "paid_to_date": 0}}
    row = payable([replace(LINE, pay=month, after=month)], before, PayrollSettings(**settings))[0]
    assert (row.due, row.payable, row.carried_out) == (
        month + carried,
        paid,
        month + carried - paid,
    )


@given(st.text(max_size=6))
def test_a_spreadsheet_computes_no_text_and_every_text_comes_back(text):
    assert raw(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@"))


def test_names_and_ids_of_a_hostile_book_are_closed_and_read_back(tmp_path):
    """Ids that are formulas, paths, quotes and line breaks: none is computed, none is lost."""
    names = ["=1+1", "../../x", 'a"b,c', "two\nlines", "@SUM(A1)"]
    rows = [
        {**ORDERS[0], "date": "2023-03-31", "rep_id": name, "order_id": f"-{n}"}
        for n, name in enumerate(names)
    ]
    close_month(book("2023-03", rows), tmp_path)
    [march] = closed_months(tmp_path)
    back = {row["rep_id"]: row["order_id"] for row in march.rows("lines.csv")}
    kept = book("2023-03", rows).table("orders").collect().to_pandas()
    assert back == dict(zip(kept["rep_id"], kept["order_id"], strict=True))
    text = (tmp_path / "2023-03" / "payroll.csv").read_text("utf-8-sig")
    assert not any(line.startswith(("=", "@")) for line in text.splitlines())
    later = {**ORDERS[0], "date": "2023-04-30", "rep_id": "=1+1", "order_id": "O9"}
    again = close_month(book("2023-04", [*rows, later]), tmp_path)[0]
    assert not again.prior  # every frozen line was found again


def test_a_book_without_pay_says_so(tmp_path):
    bare = toy(month="2023-03", orders=pd.DataFrame(ORDERS), settings={"book": {"name": "firm"}})
    with pytest.raises(ParameterProblem, match="no pay of 2023-03 to close"):
        close_month(bare, tmp_path)
