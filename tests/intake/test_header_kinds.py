"""Headers read by kind: brackets, a beginning that all share, numbers, lines against orders."""

from __future__ import annotations

import importlib.util
import sys

import pandas as pd
import pytest

from playbook.base.settings import SourceSettings
from playbook.intake.files import Found
from playbook.intake.headers import in_common, likeness, normal
from playbook.intake.making import planned
from playbook.intake.matching import match
from playbook.intake.placing import place
from playbook.intake.profile import Profile
from shared import REPO


def found(columns: dict, name: str = "export") -> Found:
    frame = pd.DataFrame(columns, dtype="object")
    profiles = tuple(Profile(h, frame[h]) for h in frame.columns)
    path = REPO / f"{name}.csv"
    return Found(name, path, SourceSettings(file=path.name), profiles, len(frame))


def sure(one: Found, table: str) -> dict[str, str]:
    return {m.column: m.header for m in match(one, table) if m.sure}


def test_brackets_within_brackets_say_nothing_of_the_column():
    assert normal("编号(必填[唯一])") == "编号"
    assert normal("Deal - Value (USD) *") == "value"


def test_who_stands_in_brackets_belongs_to_the_name_and_charges_do_not():
    assert likeness("Username (Buyer)", "orders", "customer_id") > 0.5
    assert likeness("Amount", "orders", "amount") == 1.0
    assert likeness("Amount (shipping)", "orders", "amount") <= 0.5
    assert likeness("金额(含税)", "orders", "amount") < likeness("金额(不含税)", "orders", "amount")


def test_a_beginning_that_all_headers_share_is_left_out():
    headers = [f"SalesOpportunity{x}" for x in ("CloseDate", "OwnerID", "Amount", "StepID")]
    assert in_common(headers) == {
        "SalesOpportunityCloseDate": "close date",
        "SalesOpportunityOwnerID": "owner id",
        "SalesOpportunityAmount": "amount",
        "SalesOpportunityStepID": "step id",
    }
    assert in_common(["Order ID", "Order Date", "Customer", "Amount", "Region"]) == {}
    assert in_common([]) == {}


def test_a_column_that_is_only_called_a_number_is_the_key_where_it_tells_rows_apart():
    people = {"编号": list("123456"), "姓名": list("甲乙丙丁戊己"), "入职时间": ["2023-01-02"] * 6}
    assert sure(found(people), "reps")["rep_id"] == "编号"
    twice = {**people, "编号": list("112233")}
    assert "rep_id" not in sure(found(twice), "reps")


LINES = {
    "Order ID": [str(i // 2) for i in range(20)],
    "Created Time": [f"2023-01-{i // 2 + 1:02d}" for i in range(20)],
    "Product Name": ["Mug", "Shirt"] * 10,
    "Order Amount": [str(100 + i // 2) for i in range(20)],
}


def test_the_amount_of_a_line_comes_before_that_of_its_order():
    both = {**LINES, "SKU Subtotal After Discount": [str(10 + i) for i in range(20)]}
    assert sure(found(both), "orders")["amount"] == "SKU Subtotal After Discount"
    single = {**both, "Order ID": [str(i) for i in range(20)]}
    assert sure(found(single), "orders")["amount"] == "Order Amount"


def test_an_amount_that_every_line_of_an_order_repeats_counts_once():
    (placed,), _ = place([found(LINES, "orders")])
    line = planned(placed).line("amount")
    assert line.said == {"column": "Order Amount", "once": "Order ID"}
    assert line.reason.startswith("CHECK")


@pytest.mark.parametrize(
    "changed",
    [
        {"Order Amount": [str(100 + i) for i in range(20)]},  # lines of their own worth
        {"Product Name": ["Ticket"] * 20},  # nothing tells the lines apart: as many sold
        {"Order Amount": ["100"] * 20},  # one price for everything shows nothing
        {"Order ID": [str(i) for i in range(20)]},  # orders of one line
    ],
)
def test_amounts_of_lines_stay_as_they_are(changed):
    (placed,), _ = place([found({**LINES, **changed}, "orders")])
    assert planned(placed).line("amount").said == "Order Amount"


def test_receipts_of_a_till_are_sales_whatever_the_file_is_called():
    till = {
        "Date": [f"2023-01-{i + 1:02d}" for i in range(20)],
        "Receipt number": [f"2-{i}" for i in range(20)],
        "Net sales": [str(50 + i) for i in range(20)],
        "Gross sales": [str(60 + i) for i in range(20)],
        "Cost of goods": [str(30 + i) for i in range(20)],
        "Customer name": [f"C{i % 5}" for i in range(20)],
    }
    (placed,), _ = place([found(till, "receipts")])
    assert placed.table == "orders"
    money_in = {h: till[h] for h in ("Date", "Receipt number", "Customer name")}
    (placed,), _ = place([found({**money_in, "Amount": till["Net sales"]}, "receipts")])
    assert placed.table == "payments"


def test_headers_of_systems_that_nobody_tuned_for_are_placed():
    spec = importlib.util.spec_from_file_location(
        "intake_labels", REPO / "bench" / "intake_labels.py"
    )
    bench = importlib.util.module_from_spec(spec)
    sys.modules["intake_labels"] = bench
    spec.loader.exec_module(bench)
    total, systems = bench.rates(unseen=False, half=2)
    assert len(systems) >= 17
    assert total.precision >= 0.95, total.wrong
    assert total.recall >= 0.85, total.missed
