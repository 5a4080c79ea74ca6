"""The case in Chinese: words are said, what is counted and numbered is not."""

from datetime import date

import pandas as pd

from playbook import case
from playbook.base.language import speaking
from playbook.case.measures.codes import begins_on
from playbook.case.story.published import CASE
from playbook.case.story.recompute import Recomputed
from playbook.case.story.verdict import checked_row
from playbook.case.walkthrough.events import AGREED, Event, staff_changes, within_week
from playbook.case.walkthrough.wording import method_says, signals_turned
from playbook.page import Result


def test_an_agreement_is_told_from_what_began_by_its_word_not_by_its_text():
    event = Event(date(2023, 6, 1), AGREED, "Collect references")
    assert event.text == "agreed: Collect references"
    with speaking("zh"):
        assert event.text == "约定：Collect references"
        assert within_week([event], date(2023, 6, 3))[0].word == "agreed"


def test_joined_and_left_are_whole_sentences():
    people = pd.DataFrame(
        {"hired": pd.to_datetime(["2023-06-01", "2023-06-02"]), "left": pd.to_datetime([None] * 2)}
    )
    assert staff_changes(people, date(2023, 6, 3)) == ["2 people joined"]
    with speaking("zh"):
        assert staff_changes(people, date(2023, 6, 3)) == ["2人入职"]


def test_a_signal_and_its_advice(book):
    known = pd.DataFrame(
        [
            {"key": "match", "value": 0.41, "base": 0.53, "alarm": True},
            {"key": "pace", "value": 0.88, "base": 1.0, "alarm": False},
        ]
    )
    fmt = book.fmt
    assert signals_turned(known, {"pace"}, fmt) == (
        "out of line: Need-match rate 41 % against 53 % in the year before;"
        " back: Sales against plan to date 88 %"
    )
    assert method_says(known[known.alarm], fmt) == (
        "Need-match rate 41 % against 53 % in the year before: cut or cap the channels whose leads"
        " match least; move the money to those that match (marketing)."
    )
    with speaking("zh"):
        told = method_says(known[known.alarm], fmt)
        turned = signals_turned(known, {"pace"}, fmt)
    assert told.startswith("需求匹配率41") and told.endswith("（市场部）。")
    assert turned.startswith("出现异常：需求匹配率41") and "；恢复正常：销售计划进度88" in turned


def test_verdicts_are_compared_in_english_and_reasons_are_said():
    claim = CASE[3]  # renewal of large customers in the crisis: 68 %, within half a point
    with speaking("zh"):
        row = checked_row(claim, Recomputed(0.60, 30, 50))
    assert row["verdict"] == "differs" and row["claim"] == claim.label
    assert row["reason"] == "低于宣称值；50个中的一个就改变2.0%"
    assert checked_row(claim, Recomputed(0.60, 30, 50))["reason"] == (
        "below the published figure; one of 50 moves it by 2.0%"
    )


def test_when_a_measure_begins():
    assert [begins_on(letter) for letter in "e1l"] == [
        "3 months earlier",
        "on its date",
        "3 months later",
    ]
    with speaking("zh"):
        assert [begins_on(letter) for letter in "e1l"] == ["提前3个月", "如期", "推迟3个月"]


def test_actions_keep_their_numbers_in_every_language(book):
    def listed(language: str) -> list[tuple]:
        with speaking(language):
            return list(case.readiness(book, Result()).worksheets()[0].rows)

    english, chinese = listed("en"), listed("zh")
    assert [row[-1] for row in english] == [row[-1] for row in chinese]
    assert english[0][1] == "sales director" and chinese[0][1] == "销售总监"
