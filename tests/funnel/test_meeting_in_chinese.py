"""What the meeting, the money sections and the director's page say in Chinese: words around names
of the data, counts with their measure words, states that frames keep in English.
"""

import pandas as pd
import pytest

from playbook.base.formats import Formats
from playbook.base.language import english, speaking
from playbook.funnel.meeting.agreed_actions import states
from playbook.funnel.meeting.words import counted_word, indicator_word, outcome_word, what_word
from playbook.funnel.money.gap_causes import factor_word
from playbook.funnel.money.ownership import Ownership, sentence
from playbook.funnel.money.sales_reason import sales_reason

FMT, ZH = Formats("CNY"), Formats("CNY", language="zh")


@pytest.mark.parametrize(
    ("n", "what", "in_english", "in_chinese"),
    [
        (1, "deals won", "1 deal won", "赢单1单"),
        (1200, "contacts", "1,200 contacts", "1,200次联系"),
        (3, "entered lead", "3 entered lead", "3单进入lead"),
        (2, "proposals", "2 proposals", "2份方案"),
    ],
)
def test_what_happened_on_a_day_is_counted_in_both_languages(n, what, in_english, in_chinese):
    assert counted_word(n, what, FMT) == in_english
    with speaking("zh"):
        assert counted_word(n, what, ZH) == in_chinese


def test_names_of_stages_stay_as_the_book_has_them():
    """A stage called like one of our own words is a name of the data all the same."""
    with speaking("zh"):
        assert indicator_word("leads") == "线索"
        assert indicator_word("leads→won by activity") == "leads→won（按当期）"
        assert what_word("entered orders") == "进入orders"
        assert factor_word("leads→won") == "leads→won"
        assert factor_word("deals entering price") == "进入price的商机"
        assert (outcome_word("lost"), outcome_word("void")) == ("丢单", "void")
    assert indicator_word("leads→won by activity") == "leads→won by activity"


def test_the_state_of_an_agreed_action_is_english_underneath():
    today = pd.Timestamp(2023, 9, 30)
    rows = pd.DataFrame(
        {
            "due": [pd.Timestamp(2023, 9, d) for d in (1, 1, 20, 30)],
            "done_on": [pd.Timestamp(2023, 9, 1), pd.Timestamp(2023, 9, 4), None, None],
        }
    )
    with speaking("zh"):
        said = states(rows, today)
    assert said == ["已办", "已办，逾期3天", "逾期10天", "未办"]
    assert [english(text) for text in said] == [
        "done",
        "done, 3 days late",
        "overdue by 10 days",
        "open",
    ]
    assert states(rows, today) == [english(text) for text in said]


def test_why_sales_changed_is_one_phrase():
    """From 2 orders of 100 to 3 of 110: number 1 × 105, size 10 × 2.5."""
    row = {"target": None, "actual": 330.0, "last_year": 200.0, "before": None} | {
        "orders": 3,
        "orders_year": 2,
        "orders_before": 0,
    }
    assert sales_reason(row, FMT) == "more orders (2 → 3) +¥105, average order ¥100 → ¥110 +¥25"
    alone = row | {"last_year": None, "before": 200.0, "orders_before": 2}
    with speaking("zh"):
        assert sales_reason(row, ZH) == "订单增加2 → 3（+¥105）、客单价¥100 → ¥110（+¥25）"
        assert sales_reason(alone, ZH).startswith("与前一时段比：订单增加2 → 3")
        none = row | {"orders": 0, "orders_year": 0}
        assert sales_reason(none, ZH) == "现在和一年前都没有订单"


def test_the_answer_to_dear_runs_as_one_sentence():
    ours, theirs = Ownership("Solid", 120, 8, 10), Ownership("Cheap", 100, 5, 10)
    with speaking("zh"):
        text = sentence(ours, theirs, ZH)
    assert text == "Solid购买价高20.0%、多用3年，每使用一年的花费低16.7%（每年¥25，对方¥30）。"
    assert english(text) == sentence(ours, theirs, FMT)
