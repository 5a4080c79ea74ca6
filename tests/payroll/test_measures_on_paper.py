"""Plans of several measures and of a matrix, as their papers say them, and a cap whose excess is
paid later, as month after month closes it.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from playbook.base.settings import parse_settings
from playbook.incentives.plans.standing import measures_so_far, standing
from playbook.incentives.plans.statements import from_history
from playbook.pay.history import history
from playbook.pay.total import total_pay
from playbook.payroll.close import close_month
from playbook.payroll.examples import tried
from playbook.payroll.frozen import closed_months
from playbook.payroll.months_of_pay import month_of_pay
from playbook.payroll.plan_document import plan_blocks
from playbook.payroll.plan_rules import PlanRules
from playbook.payroll.plan_words import plan_words
from playbook.payroll.statements import blocks
from toy import toy

PARTS = {
    "target_pay": 6000,
    "levels": [{"at": 0.5, "pays": 0.5}, {"at": 1, "pays": 1}],
    "between": "interpolated",
    "measures": [
        {"name": "revenue", "weight": 0.5, "quota": 120000},
        {
            "name": "margin",
            "of": "gross_margin",
            "weight": 0.3,
            "quota": 40000,
            "gate": {"measure": "revenue", "at": 0.8},
        },
        {
            "name": "pumps",
            "of": "units",
            "weight": 0.2,
            "quota": 30,
            "levels": [{"at": 1, "pays": 1}],
        },
    ],
}
MATRIX = {
    "target_pay": 1500,
    "measures": [
        {"name": "revenue", "weight": 0.5, "quota": 20000},
        {"name": "logos", "of": "new_logos", "weight": 0.5, "quota": 4},
    ],
    "matrix": {
        "rows": "revenue",
        "columns": "logos",
        "rows_at": [0.5, 1.0],
        "columns_at": [0.5, 1.0],
        "pays": [[0.2, 0.4], [0.9, 1.3]],
    },
}
ORDERS = pd.DataFrame(
    [
        ("A", "2023-04-10", "C1", "R", 60000, 36000, 20),
        ("B", "2023-05-10", "C2", "R", 60000, 40000, 16),
    ],
    columns=["order_id", "date", "customer_id", "rep_id", "amount", "cost", "quantity"],
)
REPS = pd.DataFrame([{"rep_id": "R", "name": "Ann", "hired": "2022-01-01"}])


def plain(text: str) -> str:
    """Without narrow and hard spaces."""
    return text.translate(dict.fromkeys((0x2009, 0xA0, 0x202F), " "))


def book(plan: dict, month: str, rows=ORDERS):
    plan = {"name": "p", "starts": "2023-01-01", **plan}
    rows = rows[rows["date"].str[:7] <= month]
    return toy(month=month, settings={"commission_plans": [plan]}, orders=rows, reps=REPS)


def test_lines_of_measures_say_what_they_count():
    """Revenue 50 % and 100 %; margin 24,000 and 44,000 of 40,000; 20 and 36 of 30 pieces."""
    past = history(book({"attainment": PARTS}, "2023-05"))
    made = from_history(past, past.chosen.current, 3)
    said = [(r.item, f"{r.pay:.2f}", plain(r.how)) for r in made.lines.itertuples()]
    assert said == [
        ("attainment: revenue", "1500.00", "revenue 0.00 % → 50.00 % of ¥120,000.00"),
        ("attainment: revenue", "1500.00", "revenue 50.00 % → 100.00 % of ¥120,000.00"),
        (
            "attainment: margin",
            "1800.00",
            "margin 60.00 % → 110.00 % of ¥40,000.00; revenue 100.00 %, past 80 %",
        ),
        ("attainment: pumps", "1200.00", "pumps 66.67 % → 120.00 % of 30 pieces"),
    ]


def test_a_line_behind_its_gate_says_that_nothing_is_paid():
    """A is refunded in the quarter: half of the revenue, below 80 %: margin goes back too."""
    back = ORDERS.iloc[[0]].assign(date="2023-06-01", amount=-60000, cost=-36000, quantity=-20)
    rows = pd.concat([ORDERS, back.assign(kind="refund")]).fillna({"kind": "new"})
    past = history(book({"attainment": PARTS}, "2023-06", rows))
    made = from_history(past, past.chosen.current, 3)
    line = made.lines[made.lines["item"] == "attainment: margin"].iloc[-1]
    assert (line["pay"], plain(line["how"])) == (
        Decimal("-1800.00"),
        "margin 110.00 % → 50.00 % of ¥40,000.00; revenue 50.00 %, below 80 %: nothing is paid",
    )


def test_where_a_rep_stands_by_measure_is_the_engines_count():
    past = history(book({"attainment": PARTS}, "2023-05"))
    paid = total_pay(past, past.chosen.current, dated=True).payroll
    so_far = measures_so_far(paid, past)["R"]
    assert [(one.name, one.total, one.quota) for one in so_far] == [
        ("revenue", 120000, 120000),
        ("margin", 44000, 40000),
        ("pumps", 36, 30),
    ]
    early = history(book({"attainment": PARTS}, "2023-04"))
    paid = total_pay(early, early.chosen.current, dated=True).payroll
    row = standing(["R"], paid, early).iloc[0]
    assert (row["total"], row["edge"], row["to_next"]) == (60000, 96000, 36000)


def test_a_statement_shows_a_bar_for_each_measure(tmp_path):
    made = book({"attainment": PARTS}, "2023-05")
    close_month(made, tmp_path, finished=True)
    pay = month_of_pay(closed_months(tmp_path), made.month, made.settings)
    parts = list(blocks(pay, pay.record["reps"][0], pay.lines))
    bars = [(one["label"], one["text"]) for one in parts if one["type"] == "bar"]
    assert [label for label, _ in bars] == ["revenue", "margin (gross margin)", "pumps (units)"]
    assert bars[2][1].endswith("36 / 30")
    table = next(one for one in parts if one["type"] == "table")
    assert plain(table["rows"][0][5]).startswith("margin 60.00 %")


def document(plan: dict, language: str = "en"):
    settings = parse_settings(
        {
            "book": {"name": "f", "language": language, "currency": "EUR"},
            "commission_plans": [{"name": "p", "starts": "2023-01-01", **plan}],
        }
    )
    return settings.commission_plans[0], settings


def test_the_document_of_a_matrix_is_a_table_and_its_curve_the_engines():
    plan, settings = document({"accumulate": "month", "attainment": MATRIX})
    parts = list(plan_blocks(plan, settings, "v"))
    matrix = next(one for one in parts if one["type"] == "table")
    assert [row[1:] for row in matrix["rows"]] == [["€300", "€600"], ["€1,350", "€1,950"]]
    found = tried(plan, settings)
    curve = dict(found.curve)
    assert [curve[Decimal(v)] for v in ("9999.99", "10000", "19999.99", "20000")] == [
        0,
        300,
        300,
        1950,
    ]
    assert found.edges == (10000, 20000)
    examples = {one.key: one.pay for one in found.examples}
    assert examples == {"below": 0, "at": 1350, "over": 1350, "refund": 0, "hire": 0}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "pumps (units) counts for 20 %, quota 30: 100 % pays €1,200."),
        ("zh", "pumps（件数）占20%，个人目标30：达100%得€1,200。"),
    ],
)
def test_the_document_says_quotas_of_pieces_and_levels_of_their_own(language, said):
    plan, settings = document({"attainment": PARTS}, language)
    rules = dict(PlanRules(plan, settings, plan_words(language)).all())
    label = plan_words(language)["quota"]
    assert said in plain(rules[label])


def test_what_a_cap_keeps_back_changes_no_month_that_was_closed():
    """10 % within 1,000 a quarter: 400 of the first wait, 100 come back with a refund in March;
    the second keeps 100 more; the third pays the 400 left at its end.
    """
    rows = pd.DataFrame(
        [
            ("A", "2023-01-10", 8000, "new"),
            ("B", "2023-02-10", 6000, "new"),
            ("B", "2023-03-10", -1000, "refund"),
            ("C", "2023-04-10", 5000, "new"),
            ("D", "2023-05-10", 4000, "new"),
            ("E", "2023-06-10", 2000, "new"),
            ("F", "2023-09-10", 100, "new"),
        ],
        columns=["order_id", "date", "amount", "kind"],
    ).assign(customer_id="C1", rep_id="R")
    plan = {"cap": 1000, "excess": "later", "tiers": [{"lower": 0, "rate": 0.1}]}
    held = {}
    for month in ("2023-02", "2023-03", "2023-04", "2023-05", "2023-06", "2023-09"):
        past = history(book(plan, month, rows))
        lines = total_pay(past, past.chosen.current, dated=True).lines
        mine = lines[lines["component"] == "ledger"]
        held[month] = [(f"{r.date:%m-%d}", r.item, r.pay / 100) for r in mine.itertuples()]
    first = [("02-28", "cap held", -400)]
    second = [*first, ("03-31", "cap released", 100)]
    third = [*second, ("06-30", "cap held", -100)]
    assert held == {
        "2023-02": first,
        "2023-03": second,
        "2023-04": second,
        "2023-05": second,
        "2023-06": third,
        "2023-09": [*third, ("09-30", "cap released", 400)],
    }
