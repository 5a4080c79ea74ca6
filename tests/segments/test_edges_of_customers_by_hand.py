"""Customers that stand exactly at the edge of what a page tells of them."""

from types import SimpleNamespace

import pandas as pd
import pytest

from playbook import segments
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.page import Missing
from playbook.segments.actions import gather
from playbook.segments.actions.promises import FREQUENCY
from playbook.segments.actions.renewal_talks import renewal_talks
from playbook.segments.care.tier_targets import missed_text
from playbook.segments.value.sizes import CLOSE, COOLING, DORMANT, Sizes
from playbook.segments.value.tiers import Tiers
from toy import toy

FMT = Formats("EUR", "en")


def test_just_below_is_the_last_tenth_before_an_edge_and_the_edge_itself_is_above():
    net = [1000.0, 999.0, 900.0, 899.99, 500.0, 450.0, 449.0, 460.0]
    people = pd.DataFrame({"customer_id": list("ABCDEFGH"), "net_year": net})
    edges = SimpleNamespace(lower=[1000, 500, 0])
    found = Tiers._just_below(SimpleNamespace(edges=edges, customers=people))
    assert found[["customer_id", "missing"]].values.tolist() == [
        ["B", 1.0],
        ["H", 40.0],
        ["F", 50.0],
        ["C", 100.0],
    ]


@pytest.mark.parametrize(("high", "missed"), [(0.6, False), (0.599, True)])
def test_a_target_at_the_end_of_the_interval_is_not_missed(high, missed):
    rows = pd.DataFrame(
        [{"tier": "key", "repurchase": 0.5, "repurchase_target": 0.6, "high": high}]
    )
    assert ("fall short" in missed_text(rows, FMT)) is missed
    none = rows.assign(repurchase=0.6, high=0.7)  # exactly on target: nothing is short
    assert "by more than chance" not in missed_text(none, FMT)


def test_a_contract_that_ended_as_long_ago_as_actions_are_kept_is_still_listed():
    """Actions are kept 90 days: of three contracts that ended 91, 90 and 0 days before 31 March
    2023 two are talked about as lapsed.
    """
    book = toy(
        month="2023-03",
        settings={"segments": {"actions_days": 90}},
        contracts="""
            contract_id customer_id start      end        annual_value
            K1          C1          2022-01-01 2022-12-30 10
            K2          C2          2022-01-01 2022-12-31 20
            K3          C3          2022-04-01 2023-03-31 30
            K4          C4          2022-04-02 2023-04-01 40
            K5          C5          2023-03-31 2024-03-30 50
        """,
    )
    found = renewal_talks(book, gather._people(book))
    assert found["customer_id"].tolist() == ["C2", "C3", "C4", "C5"]
    assert found["worth"].tolist() == [20, 30, 40, 50]
    assert [str(one).split(":")[0] for one in found["action"]] == [
        "Contract lapsed",
        "Contract lapsed",
        *["Yearly value report, then the renewal talk"] * 2,
    ]


def test_nobody_is_silent_where_nothing_tells_who_buys(monkeypatch):
    book = toy(
        contracts="""
            contract_id customer_id start      end        annual_value
            K1          C1          2022-01-01 2022-12-30 10
        """,
    )
    assert isinstance(segments.calls(book), Missing)
    assert gather._silent(book).empty
    monkeypatch.setattr(gather, "calls", lambda book: SimpleNamespace(table=pd.DataFrame()))
    assert list(gather._silent(book)) == list(gather.CustomerEvents.names())


def test_customers_by_month_are_close_cooling_or_dormant():
    rows = [
        ("2023-05", "champions", 3, False),
        ("2023-05", "loyal", 4, False),
        ("2023-05", "at risk", 5, True),
        ("2023-05", DORMANT, 6, True),
        ("2023-06", "champions", 7, False),
        ("2023-06", DORMANT, 8, False),
    ]
    table = pd.DataFrame(rows, columns=["month", "segment", "customers", "save"])
    months = (Month(2023, 5), Month(2023, 6), Month(2023, 7))
    found = Sizes.groups(SimpleNamespace(table=table, months=months))
    assert found.fillna(-1).to_dict("index") == {
        "2023-05": {CLOSE: 7, COOLING: 5, DORMANT: 6},
        "2023-06": {CLOSE: 7, COOLING: -1, DORMANT: 8},
        "2023-07": {CLOSE: -1, COOLING: -1, DORMANT: -1},
    }


def test_words_for_how_often_part_a_year_evenly():
    times = {
        52: ["weekly", "每周"],
        12: ["monthly", "每月"],
        6: ["every two months"],
        4: ["quarterly", "每季度", "每季"],
        2: ["half-yearly", "每半年"],
        1: ["yearly", "annual", "annually", "每年"],
    }
    assert {word: round(365 / n) for n, words in times.items() for word in words} == FREQUENCY
