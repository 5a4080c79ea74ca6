"""Sentences of the funnel that were false or badly put in some book, each on a book of its kind."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.formats import Formats
from playbook.funnel.dimension_words import MANY, WORDS, dimension_word, dimension_words
from playbook.funnel.director import bridge
from playbook.funnel.director.outcomes import stuck_panel
from playbook.funnel.steps.odd_entries import ODD_NOTES, odd_notes

FMT = Formats("USD")


def stuck(late: float, **more: Any) -> str:
    row = {
        "opportunity_id": "D1",
        "customer": "Ada",
        "owner": "Bo",
        "late": late,
        "overdue": 1,
        "stuck": 0,
        "days": 3.0,
        "limit": 9.0,
        "stage": "intent",
        "expected": 5.0,
        "worth": 2.0,
        "expected_close": pd.Timestamp("2023-09-30"),
        "due": pd.Timestamp("2023-10-09"),
        **more,
    }
    found = SimpleNamespace(status="ok", table=pd.DataFrame([row]), total=1, stuck=0, overdue=1)
    panel = stuck_panel(found, FMT)  # type: ignore[arg-type]
    assert panel is not None
    return str(panel.data()["lines"][0]["cells"][0]["text"])


def test_a_deal_due_today_is_not_past_its_day() -> None:
    assert stuck(0) == "Ada D1: expected on 30 Sep 2023, still in intent"
    assert stuck(1) == "Ada D1: past its day by 1 d"


@pytest.mark.parametrize("kind", sorted(ODD_NOTES))
def test_one_deal_and_two_agree_with_their_verb(kind: str) -> None:
    one, two = odd_notes({kind: 1})[0], odd_notes({kind: 2})[0]
    assert one.startswith("1 deal ") and two.startswith("2 deals ")
    assert " deal have " not in one and " deal are " not in one and " deal carry " not in one


def test_every_dimension_has_its_plural() -> None:
    assert {word.replace(" ", "_") for word in WORDS} == set(MANY)
    assert dimension_words("industry") == "industries"
    assert dimension_words("customer_type") == "customer types"


@given(st.sampled_from([*MANY, "Vertical"]))
def test_a_plural_is_another_word(dimension: str) -> None:
    assert dimension_words(dimension) != dimension_word(dimension)


def test_the_bridge_counts_industries(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame(
        {"label": ["Ore", "Oil", "Gas"], "actual": [9.0, 5.0, 4.0], "target": [5.0, 5.0, 7.0]}
    )
    monkeypatch.setattr(bridge, "members_of", lambda *_: rows)
    title = bridge.bridge_title(None, "industry", "target", "PL", FMT)  # type: ignore[arg-type]
    assert title == "2 of 3 industries above plan; Gas $3 short"
