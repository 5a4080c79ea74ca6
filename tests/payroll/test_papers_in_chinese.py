"""Plan documents, statements' lines and items of pay in Chinese: no English word is left, and the
amounts are those of English.
"""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from playbook.base.language import speaking
from playbook.base.settings import parse_settings
from playbook.pay.explain import BOUNDS, bound_said
from playbook.pay.items import ITEMS, item_said
from playbook.pay.wording import describe_plan
from playbook.payroll.plan_document import plan_blocks
from playbook.payroll.plan_sentences import share
from playbook.payroll.plan_words import plan_words
from playbook.payroll.words import words

TIERS = [{"lower": 0, "upper": 50000, "rate": 0.05}, {"lower": 50000, "rate": 0.08}]
RICH = {
    "tiers": TIERS,
    "quota": 100000,
    "attainment": {
        "target_pay": 6000,
        "levels": [{"at": 0.5, "pays": 0.5}, {"at": 1, "pays": 1}],
        "between": "interpolated",
        "above": 1.5,
        "measures": [
            {"name": "收入", "weight": 0.5},
            {
                "name": "毛利",
                "of": "gross_margin",
                "weight": 0.3,
                "quota": 40000,
                "gate": {"measure": "收入", "at": 0.8},
            },
            {"name": "件数", "of": "units", "weight": 0.2, "quota": 30},
        ],
    },
    "threshold": 0.3,
    "gate": {"measure": "收入", "at": 0.6},
    "cap": 20000,
    "deal_cap": 5000,
    "refunds": {"rule": "recompute", "window_days": 90},
    "leaving": {"pays": "within_days", "days": 30, "share": 0.5},
    "draw": {"monthly": 2000, "recoverable": True, "months": 6},
    "splits": [{"to": "order", "share": 0.7}, {"to": "deal", "share": 0.3}],
    "manager_rate": 0.01,
    "negative": {"rule": "carry"},
    "rules": [{"name": "大单", "least_amount": 20000, "times": 1.2}],
}
MATRIX = {
    "attainment": {
        "target_pay": 6000,
        "measures": [
            {"name": "收入", "weight": 0.5},
            {"name": "新客", "of": "new_logos", "weight": 0.5, "quota": 10},
        ],
        "matrix": {
            "rows": "收入",
            "columns": "新客",
            "rows_at": [0.5, 1],
            "columns_at": [0.5, 1],
            "pays": [[0.3, 0.5], [0.6, 1]],
        },
    },
    "quota": 100000,
}
CASH = {"tiers": TIERS, "mode": "whole", "basis": "cash", "modifier": [{"at": 0.3, "times": 1.1}]}


def document(plan: dict, language: str) -> tuple[list, str]:
    """The blocks of a plan's document, and the plan in one line."""
    raw = {"name": "方案", "starts": "2023-01-01", **plan}
    settings = parse_settings({"commission_plans": [raw], "book": {"language": language}})
    [one] = settings.commission_plans
    with speaking(language):
        return list(plan_blocks(one, settings, "0")), describe_plan(one, settings.formats)


def texts(value: object, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [t for k, v in value.items() if k not in ("type", "align") for t in texts(v, k)]
    if isinstance(value, (list, tuple)):
        return [t for v in value for t in texts(v, key)]
    return [value] if isinstance(value, str) else []


def amounts(block: dict) -> list[str]:
    """Money in the rows of a table, in order."""
    return [m for text in texts(block.get("rows", [])) for m in re.findall(r"[−]?¥[\d,.]*\d", text)]


@pytest.mark.parametrize("plan", [RICH, MATRIX, CASH], ids=["rich", "matrix", "cash"])
def test_a_chinese_plan_document_holds_no_english_and_the_same_amounts(plan):
    (chinese, line), (english, _) = document(plan, "zh"), document(plan, "en")
    said = [line, *texts(chinese)]
    left = [text for text in said if re.search("[A-Za-z]", text.replace("CNY", ""))]
    assert len(said) > 40 and not left
    examples = [[b for b in blocks if b.get("align") == "lllr"] for blocks in (chinese, english)]
    assert [amounts(b) for b in examples[0]] == [amounts(b) for b in examples[1]]
    assert len(amounts(examples[0][0])) > 10


def test_items_and_bounds_of_pay_are_said_and_names_of_the_plan_are_not():
    with speaking("zh"):
        assert not [said for item in ITEMS if re.search("[a-z]", said := item_said(item))]
        assert not [said for word in BOUNDS if re.search("[a-z]", said := bound_said(word))]
        assert item_said("attainment: margin") == "目标奖金：margin"
        assert item_said("Summer award") == "Summer award"
        assert bound_said("after 90 days") == "超过90天"
        assert bound_said("by time: 1/3 not served") == "按时间：1/3未履行"
        assert share(Fraction(1, 3)) == "33.33%"
    assert item_said("clawback") == "clawback" and bound_said("after 90 days") == "after 90 days"


@pytest.mark.parametrize("texts_of", [words, plan_words], ids=["statement", "plan"])
def test_every_word_of_the_papers_is_chinese_with_the_places_of_english(texts_of):
    english, chinese = texts_of("en"), texts_of("zh")
    places = re.compile(r"\{(\w+)\}")
    for key, text in english.items():
        assert sorted(places.findall(text)) == sorted(places.findall(chinese[key])), key
        bare = places.sub("", chinese[key]).replace("lines.csv", "")
        assert not re.search("[A-Za-z]", bare), (key, chinese[key])
