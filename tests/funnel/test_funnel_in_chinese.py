"""The funnel in Chinese: words of ours are said where they are shown, values and numbers stay."""

import re
from datetime import date

import pandas as pd
import pytest

from playbook import funnel
from playbook.base.formats import Formats, plural
from playbook.base.language import english, named, say, speaking
from playbook.base.settings.funnel import SCRIPTS, Script
from playbook.data.book import Book
from playbook.funnel.dimension_words import dimension_word, source_words
from playbook.funnel.figures.axes import month_axis, percent_axis
from playbook.funnel.places.place import began, within
from playbook.funnel.stand_ins import LEAD, NOBODY, NOT_NAMED, WHOLE
from playbook.funnel.steps.changes import READINGS, changes_table
from playbook.funnel.steps.odd_entries import odd_notes
from playbook.funnel.talk.scripts import in_words
from playbook.funnel.talk.wording import STEPS, step_word
from playbook.page import figures
from toy import toy

DEALS = """
    opportunity_id created    stage  outcome closed     rep_id amount expected_amount expected_close
    W1             2023-02-01 won    won     2023-03-01 ada    100    90              2023-03-05
    W2             2023-05-01 won    won     2023-06-10 ada    300    300             2023-06-01
    L1             2023-04-01 lead   lost    2023-05-20 bo     .      200             2023-05-01
    O1             2023-11-01 lead   open    .          .      .      400             2023-12-10
"""


def _book(language: str) -> Book:
    return toy(
        month="2023-11",
        settings={
            "book": {"stages": ["lead", "won"], "language": language},
            "funnel": {"min_group": 1},
        },
        opportunities=DEALS,
    )


@pytest.fixture(scope="module")
def books() -> tuple[Book, Book]:
    with speaking("en"):
        return _book("en"), _book("zh")


def test_dimensions_and_where_they_come_from_are_said():
    with speaking("zh"):
        assert dimension_word("product_line") == "产品线"
        assert dimension_word("Vertical") == "Vertical"  # the firm's own word
        assert source_words("the deal, then its customer, then its lead") == (
            "商机，其次商机客户，其次来源线索"
        )
    assert dimension_word("product_line") == "product line"
    assert source_words("the deal, then its rep") == "the deal, then its rep"


def test_what_stands_for_a_missing_name_is_said_and_a_name_is_not():
    with speaking("zh"):
        assert [named(x) for x in (NOBODY, NOT_NAMED, WHOLE, LEAD, "won→repurchase", "lost")] == [
            "无负责人",
            "未署名",
            "全公司",
            "会上商定",
            "won→复购",
            "lost",
        ]
    assert named("won→repurchase") == "won→repurchase"


def test_stock_steps_and_scripts_are_said_and_the_firms_own_stay():
    own = Script(objection="price", say="demo", show="quote")
    with speaking("zh"):
        assert step_word("demo") == "演示"
        assert step_word("site visit") == "site visit"
        assert in_words(own, own.say) == "demo"
        assert all(not re.search(r"[a-z]{3}", in_words(s, s.show)) for s in SCRIPTS)
        assert all(
            in_words(s, s.say).count("{ownership}") == s.say.count("{ownership}") for s in SCRIPTS
        )
        assert all(not re.search("[a-z]", step_word(s)) for s in STEPS)


@pytest.mark.parametrize(
    ("language", "months", "half"),
    [("en", ["Nov\n2022", "Jan\n2023"], "50 %"), ("zh", ["2022年\n11月", "2023年\n1月"], "50%")],
)
def test_months_and_percents_of_axes(language, months, half):
    with speaking(language):
        _, ax = figures.canvas(height=2)
        month_axis(ax, ["2022-11", "2022-12", "2023-01"], most=2)
        percent_axis(ax.yaxis)
        assert [t.get_text() for t in ax.get_xticklabels()] == months
        assert ax.yaxis.get_major_formatter()(0.5, 0) == half


def test_a_place_and_its_money():
    place = {"since": "2022-10", "since_first": "2022-09", "since_last": "2022-11"}
    with speaking("zh"):
        fmt = Formats(language="zh")
        assert began(place, fmt) == "2022年10月起（2022年9月至2022年11月之间）"
        assert began({**place, "since": None}, fmt) == "有记录以来一直如此"
        assert within(4_830_000, 3_420_000, 6_090_000, fmt) == "¥483万 [¥342万至¥609万]"
    assert within(4.83e6, 3.42e6, 6.09e6, Formats()) == "¥4.83m [¥3.42m to ¥6.09m]"


def test_readings_stay_values_and_are_said_in_the_table():
    """One row per reading: the frame keeps English, the page says Chinese, the tones stay."""
    rows = pd.DataFrame(
        {
            "step": [f"a→{i}" for i in range(len(READINGS))],
            **{f"reading_{side}": list(READINGS) for side in ("period", "year")},
        }
    ).reindex(
        columns=[
            "step",
            "last",
            "n",
            "now",
            "change_period",
            "low_period",
            "high_period",
            "reading_period",
            "change_year",
            "low_year",
            "high_year",
            "reading_year",
        ]
    )
    with speaking("zh"):
        text = changes_table(rows, Formats(language="zh"), date(2023, 12, 31)).plain()
    for said in (
        "上升",
        "下降",
        "属偶然波动",
        "商机太少",
        "数据未覆盖",
        "没有同期群",
        "没有成熟同期群",
    ):
        assert said in text
    assert not re.search(r"within chance|cohorts|covered", text)


def test_odd_entries_are_whole_sentences():
    with speaking("zh"):
        assert odd_notes({"twice": 3, "again": 0}) == [
            "3单有不止一次赢单记录：每单只算一单，以关闭日为赢单日。"
        ]
    assert odd_notes({"twice": 1}) == [
        "1 deal has more than one win: each is one deal, won on its closing day."
    ]


@pytest.mark.parametrize(
    "section",
    [
        funnel.win_rate,
        funnel.cycle,
        funnel.close_dates,
        funnel.movement,
        funnel.stuck_deals,
        funnel.weighted_pipeline,
    ],
)
def test_numbers_and_names_are_those_of_english(section, books):
    with speaking("en"):
        english = [(repr(k.value), k.by) for k in section(books[0]).kpis()]
    with speaking("zh"):
        found = section(books[1])
        chinese = [(repr(k.value), k.by) for k in found.kpis()]
        text = " ".join([found.reading(), found.headline(), *found.notes()])
    assert chinese == english
    words = set(re.findall(r"[A-Za-z]{2,}[0-9]?", text))
    assert not words - {"lead", "won", "Brier", "ada", "bo", "O1"}, text


def test_a_reason_said_twice_keeps_its_english():
    """Two sections give the same reason in the same words: results.json says it in English both
    times.
    """
    with speaking("zh"):
        reasons = [plural(2, "deal") for _ in range(3)]
        again = [say(reason) for reason in reasons]
        assert str(again[2]) == "2单"
    assert [english(reason) for reason in again[1:]] == ["2 deals"] * 2
