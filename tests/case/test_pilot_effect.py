"""A pilot that ran: nothing is found where nothing was done, and the decision follows the rule."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from playbook import case
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.case.pilot.decision import _extended, decide
from playbook.case.pilot.panels import Panel


def test_the_pilot_of_the_sample_did_nothing_and_is_not_found(book):
    effect = case.pilot_effect(book)
    table = effect.table.set_index("outcome")
    assert effect.chosen == ("East A", "South B") and effect.groups == 10
    assert table.role.tolist() == ["primary", "second", "second", "second"]
    assert table.loc["Sales", ["effect", "low", "high", "p", "adjusted"]].tolist() == pytest.approx(
        [0.251024, -0.534596, 2.212474, 27 / 45, 27 / 45], abs=1e-6
    )
    assert table.p.tolist() == pytest.approx([27 / 45, 41 / 45, 40 / 45, 32 / 45])
    assert table.adjusted[1:].tolist() == [1.0, 1.0, 1.0]
    assert effect.trend == pytest.approx((-0.020425, 19 / 45), abs=1e-6)
    assert effect.placebo.span.tolist() == ["2023-04", "2023-01", "2022-10", "2022-07"]
    assert effect.placebo.p.tolist() == pytest.approx([2 / 45, 9 / 45, 33 / 45, 16 / 45])
    assert effect.rule == "stop" and "about 415 months in these groups" in effect.why
    assert (
        "Where nothing was done, 2 of 4 earlier spans gave an effect as large, and 1 a p of 0.05 or"
        " less: these groups drift apart by themselves." in effect.reading()
    )
    assert "smallest possible 0.022" in effect.reading()


@pytest.mark.parametrize(
    ("noise", "cost", "rule", "words"),
    [
        (0.015, 0, "extend", "more months"),
        (0.015, 90_000, "extend", "at a cost of about"),
        (0.5, 0, "stop", "would be needed to tell"),
    ],
)
def test_an_undecided_pilot_says_how_long_to_go_on_and_at_what_cost(book, noise, cost, rule, words):
    """Three months show about twice what is wanted with little noise: some months more; with much
    noise no time is long enough.
    """
    rng = np.random.default_rng(1)
    panel = Panel(
        "sales",
        tuple("abcdefgh"),
        tuple(Month(2021, 10) + i for i in range(24)),
        np.exp(rng.normal(5, noise, (8, 24))),
    )
    settings = book.settings.model_copy(
        update={
            "pilot": book.settings.pilot.model_copy(update={"cost": float(cost), "wanted": 0.02})
        }
    )
    shown = SimpleNamespace(settings=settings, fmt=book.fmt)
    found, why = decide(
        pd.Series({"effect": 0.01, "low": -0.05, "high": 0.08}), shown, panel, [0, 1], 3, 1e6
    )
    assert found == rule and words in why


@pytest.mark.parametrize(
    ("low", "high", "cost", "rule"),
    [(0.05, 0.3, 0, "go"), (0.05, 0.3, 1e9, "stop"), (-0.1, 0.05, 0, "stop")],
)
def test_decided_by_the_interval_and_the_cost(book, low, high, cost, rule):
    panel = Panel(
        "sales", tuple("abcd"), tuple(Month(2021, 10) + i for i in range(24)), np.ones((4, 24))
    )
    settings = book.settings.model_copy(
        update={"pilot": book.settings.pilot.model_copy(update={"cost": float(cost)})}
    )
    assert (
        decide(
            pd.Series({"effect": 0.2, "low": low, "high": high}),
            SimpleNamespace(settings=settings, fmt=book.fmt),
            panel,
            [0, 1],
            3,
            1e6,
        )[0]
        == rule
    )


def test_too_few_groups_are_told_instead_of_a_time():
    """2 of 6 groups: 15 ways to choose, so no p below 1/15 and nothing to extend for."""
    panel = Panel(
        "sales",
        tuple("abcdef"),
        tuple(Month(2021, 10) + i for i in range(24)),
        np.exp(np.random.default_rng(1).normal(5, 0.1, (6, 24))),
    )
    rule, why = _extended(panel, [0, 1], 3, 0.1, "10.0 %", PilotSettings(), Formats("CNY"))
    assert rule == "stop" and why.startswith("2 of 6 groups can give no p below 0.067")


def test_placebo_spans_without_any_effect_say_so(book):
    effect = case.pilot_effect(book)
    calm = replace(effect, placebo=effect.placebo.assign(effect=0.0, p=0.5))
    assert "none of 4 earlier spans gave an effect as large." in calm.reading()
    assert "drift apart" not in calm.reading()
