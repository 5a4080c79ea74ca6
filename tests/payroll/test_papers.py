"""Statements, the plan document and the approval page as they are printed."""

from __future__ import annotations

import shutil
import stat
from datetime import date
from decimal import Decimal

import pandas as pd
import pypdf
import pytest

from playbook.base.errors import ParameterProblem
from playbook.base.settings import parse_settings
from playbook.base.settings.plans import CommissionPlan
from playbook.payroll.approval_page import NAME, approval_pdf
from playbook.payroll.close import close_month, closing
from playbook.payroll.examples import tried
from playbook.payroll.frozen import closed_months
from playbook.payroll.months_of_pay import draft_of, month_of_pay
from playbook.payroll.plan_document import write_plans
from playbook.payroll.plan_rules import ELSEWHERE, PlanRules
from playbook.payroll.plan_words import plan_words
from playbook.payroll.statements import folder_name, write_statements
from toy import toy

PLAN = {
    "name": "tiers",
    "starts": "2023-01-01",
    "tiers": [{"lower": 0, "upper": 1000, "rate": 0.1}, {"lower": 1000, "rate": 0.2}],
}
REPS = [
    {"rep_id": "A", "name": "Ann Archer", "hired": "2022-01-01"},
    {"rep_id": "../B", "name": "Bob Baker", "hired": "2022-01-01"},
]


def order(number: str, day: str, rep: str, amount: float) -> dict:
    return {
        "order_id": number,
        "date": day,
        "rep_id": rep,
        "amount": amount,
        "customer_id": f"C-{number}",
    }


ORDERS = [
    order("O1", "2023-03-10", "A", 1500),
    order("O2", "2023-03-31", "../B", 777),
    order("O3", "2023-04-28", "A", 400),
]
LATE = order("O9", "2023-03-30", "A", 100)


def book(month: str, *more: dict):
    tables = {
        "orders": pd.DataFrame([*ORDERS, *more]),
        "reps": pd.DataFrame(REPS),
        "pay_adjustments": pd.DataFrame(
            [
                {
                    "adjustment_id": "ADJ-9",
                    "rep_id": "A",
                    "month": "2023-04",
                    "amount": 25,
                    "reason": "O1 was larger",
                    "asked_by": "A",
                }
            ]
        ),
    }
    settings = {"commission_plans": [PLAN], "book": {"name": "firm", "title": "Firm"}}
    return toy(month=month, settings=settings, **tables)


@pytest.fixture(scope="module")
def april(tmp_path_factory):
    """Folder of the closed March and April, and April's closing."""
    folder = tmp_path_factory.mktemp("papers") / "payroll"
    close_month(book("2023-03"), folder)
    found, _ = close_month(
        book("2023-04", LATE), folder, pages=lambda made: {NAME: approval_pdf(made)}
    )
    return folder, found


def text_of(path) -> str:
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    return " ".join(" ".join(pages).split())


@pytest.fixture(scope="module")
def printed(april, tmp_path_factory):
    folder, found = april
    pay = month_of_pay(closed_months(folder), found.month, found.book.settings)
    return write_statements(pay, tmp_path_factory.mktemp("out"))


def test_a_statement_says_what_is_paid_and_why(printed):
    """March: 1,500 earned 200.00. Late O9 of 30 March: 100 × 20 % = 20.00. April: 400 × 10 %."""
    text = text_of(printed[1])
    for part in (
        "Statement of pay, Apr 2023",
        "Ann Archer (A)",
        "Earned in the month ¥40.00",
        "Changes of closed months ¥20.00",
        "Payable now ¥60.00",
        "Earned since Mar 2023 ¥260.00, paid before ¥200.00",
        "Last payment ¥200.00, now −¥140.00",
        "¥600 more reach the next step at ¥1,000",
        "One more deal of ¥588 would earn ¥58.80",
        "O3 C-O3 ¥400.00 commission: 10 % ¥40.00",
        "Mar 2023 O9 ¥0.00 ¥20.00 came after the month was closed +¥20.00",
        "ADJ-9 O1 was larger +¥25.00",
        "Mar 2023 ¥200.00 ¥200.00",
        "Apr 2023 ¥60.00 ¥60.00",
        "Year to date ¥260.00 ¥260.00",
        "not objecting is no consent",
    ):
        assert part in text.replace("\u2009", " ").replace("\u00a0", " "), part


def test_a_statement_is_its_reps_alone(printed):
    own, other = printed[1], printed[0]
    assert other.parent.name == folder_name("../B") != "../B"
    assert other.parent.parent == own.parent.parent
    assert "Baker" not in text_of(own) and "77.70" not in text_of(own)
    assert "Archer" not in text_of(other) and "200.00" not in text_of(other)
    for path, mode in ((own, 0o600), (own.parent, 0o700)):
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_the_same_month_is_the_same_bytes(april, printed, tmp_path):
    folder, found = april
    pay = month_of_pay(closed_months(folder), found.month, found.book.settings)
    again = write_statements(pay, tmp_path, ["A"])
    assert again[0].read_bytes() == printed[1].read_bytes()
    with pytest.raises(ParameterProblem, match="no pay of 'Z' in 2023-04"):
        write_statements(pay, tmp_path, ["Z"])


def test_a_month_that_is_not_closed_is_a_draft(april, tmp_path):
    folder = shutil.copytree(april[0], tmp_path / "payroll")
    shutil.rmtree(folder / "2023-04")
    pay = draft_of(closing(book("2023-04"), folder))
    text = text_of(write_statements(pay, tmp_path / "out", ["A"])[0])
    assert "draft: the month is not closed" in text
    assert not (folder / "2023-04").exists()


def test_the_approval_page_is_frozen_with_the_month(april):
    text = text_of(april[0] / "2023-04" / NAME)
    for part in (
        "Payroll of Apr 2023: for approval",
        "O9 ¥0.00 ¥20.00 +¥20.00 came after the month was closed",
        "Adjustments nobody approved: not paid",
        "ADJ-9 Ann Archer Apr 2023 +¥25.00 O1 was larger A",
        "Approved by",
    ):
        assert part in text.replace("\u00a0", " "), part


def test_the_examples_of_a_plan_are_what_the_engine_pays():
    """10 % to 1,000, 20 % above: 600, 1,000, 1,200; the last order of 200 refunded."""
    settings = parse_settings({"commission_plans": [PLAN]})
    found = tried(settings.commission_plans[0], settings)
    assert [(one.key, one.sold, one.back, one.pay) for one in found.examples] == [
        ("below", 600, 0, 60),
        ("at", 1000, 0, 100),
        ("over", 1200, 0, 140),
        ("refund", 1200, 200, 100),
        ("hire", 1000, 0, 100),
    ]
    assert dict(found.curve)[Decimal("1000.01")] == Decimal("100.00")
    assert found.curve[-1] == (1500, 200)
    assert found.span == (date(2023, 1, 1), date(2023, 3, 31))


def test_a_cliff_is_no_slope_in_the_curve():
    whole = {**PLAN, "mode": "whole"}
    settings = parse_settings({"commission_plans": [whole]})
    pays = dict(tried(settings.commission_plans[0], settings).curve)
    assert (pays[Decimal("1000.00")], pays[Decimal("1000.01")]) == (100, 200)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ("Commission plan", "more than ¥1,000", "takes back what the sale's own quarter")),
        ("zh", ("提成方案", "超过¥1,000", "退款或取消时，按成交所在的季度去掉该笔重算")),
    ],
)
def test_the_plan_document_is_in_the_language_of_the_book(tmp_path, language, parts):
    raw = {"commission_plans": [PLAN], "book": {"language": language, "title": "F"}}
    [file] = write_plans(parse_settings(raw), tmp_path)
    reader = pypdf.PdfReader(file)
    assert len(reader.pages) <= 2
    text = "".join(page.extract_text() for page in reader.pages).replace("\u00a0", " ")
    for part in parts:
        assert part.replace(" ", "") in "".join(text.split()), part
    with pytest.raises(ParameterProblem, match=r"(no plan |没有方案)'tier'"):
        write_plans(parse_settings(raw), tmp_path, "tier")


def test_every_setting_of_a_plan_has_its_sentence():
    """A rule that pays and is not in the paper that is signed would be the worst gap of all."""
    read: set[str] = set()

    class Watched(CommissionPlan):
        def __getattribute__(self, name):
            if name in CommissionPlan.model_fields:
                read.add(name)
            return super().__getattribute__(name)

    rich = {
        **PLAN,
        "threshold": 0.5,
        "quota": 1000,
        "cap": 100,
        "ramp": [0.5],
        "draw": {"monthly": 10},
    }
    settings = parse_settings({"commission_plans": [rich]})
    PlanRules(Watched.model_validate(rich), settings, plan_words("en")).all()
    assert set(CommissionPlan.model_fields) - read - ELSEWHERE == set()


def test_both_languages_have_the_same_places():
    import string

    english, chinese = plan_words("en"), plan_words("zh")
    for key, text in english.items():
        places = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert {n for _, n, _, _ in string.Formatter().parse(chinese[key]) if n} == places, key


def test_examples_of_a_plan_with_a_quota_stand_at_the_quota():
    """6 % to the quota of 1,000 and 9 % above; 80 % pays 50, 100 % pays 100."""
    plan = {
        "name": "quota",
        "starts": "2023-01-01",
        "quota": 1000,
        "tiers_of": "quota",
        "tiers": [{"lower": 0, "upper": 1, "rate": 0.06}, {"lower": 1, "rate": 0.09}],
        "attainment": {
            "target_pay": 100,
            "levels": [{"at": 0.8, "pays": 0.5}, {"at": 1, "pays": 1}],
        },
    }
    settings = parse_settings({"commission_plans": [plan]})
    found = tried(settings.commission_plans[0], settings)
    pays = {one.key: (one.sold, one.pay) for one in found.examples}
    assert pays == {
        "below": (600, 36),
        "at": (1000, 160),
        "over": (1200, 178),
        "refund": (1200, 160),
        "hire": (1000, 160),
    }
    assert found.edges == (800, 1000)
