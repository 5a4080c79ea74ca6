"""The verdict on a channel at each of its edges, and the budget that verdicts move."""

import math

import numpy as np
import pandas as pd
import pytest

from playbook.base.formats import Formats
from playbook.funnel.money.budget_moves import budget_moves
from playbook.funnel.money.channel_economics import _roi, _verdict, economics
from toy import toy

ROW = {"cost": 100.0, "running": 30.0, "leads": 5, "wins": 2}
ROW |= {"roi_low": 0.5, "roi_high": 2.0, "ltv_cac_low": 1.0}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "watch"),
        ({"roi_low": 1.0}, "keep"),  # just what it costs is no loss
        ({"roi_low": 0.999}, "watch"),
        ({"roi_high": 1.0}, "watch"),
        ({"roi_high": 0.999}, "cut"),
        ({"roi_high": 0.999, "ltv_cac_low": 3.0}, "watch"),
        ({"roi_high": 0.999, "ltv_cac_low": 2.999}, "cut"),
        ({"roi_high": math.nan}, "too little data"),
        ({"leads": 4}, "too little data"),
        ({"leads": 0, "wins": 0}, "cost without leads"),
        ({"leads": 0}, "too little data"),
        ({"running": 0.0}, "stopped"),
        ({"cost": math.nan}, "too little data"),
        ({"cost": math.nan, "running": 0.0}, "no cost recorded"),
    ],
)
def test_a_verdict_at_its_edges(changed, verdict):
    assert _verdict(ROW | changed, 5, None, Formats("EUR"))[0] == verdict


@pytest.mark.parametrize(("high", "verdict"), [(0.299, "cut"), (0.3, "no margin given")])
def test_without_a_margin_only_what_no_margin_pays_is_cut(high, verdict):
    """At an illustrated margin of 30 % an ROI of 0.3 is the whole amount: as much as the cost."""
    assert _verdict(ROW | {"roi_high": high}, 5, 0.3, Formats("EUR"))[0] == verdict


@pytest.mark.parametrize(
    ("cost", "each", "high", "verdict"),
    [  # up to 3.689 wins hide behind none with 97.5 %
        (1000, 100, 0.3689, "cut"),
        (300, 100, 1.2296, "watch"),
        (300, 0, 0.0, "cut"),
        (300, math.nan, math.nan, "too little data"),
    ],
)
def test_a_channel_without_a_win_yet_is_cut_where_chance_cannot_make_it_pay(
    cost, each, high, verdict
):
    row = ROW | {"cost": float(cost), "wins": 0.0, "leads": 40.0, "profit": 0.0, "square": 0.0}
    found = _roi(row, each, np.random.default_rng(1))
    assert found["roi"] == 0 and found["roi_high"] == pytest.approx(high, abs=1e-4, nan_ok=True)
    assert found["roi_low"] == pytest.approx(high * 0, nan_ok=True)
    assert _verdict(row | found, 5, None, Formats("EUR"))[0] == verdict


def test_what_a_win_of_a_channel_without_one_would_bring_is_the_others_mean():
    """80 wins of 50 each elsewhere; none of Web's 30 leads won for a cost of 100."""
    frame = pd.DataFrame(
        {
            "leads": [200, 30],
            "wins": [80, 0],
            "profit": [4000, 0],
            "square": [200_000, 0],
            "new": [40, 0],
            "cost": [500, 100],
            "running": [500, 100],
        },
        index=["Ads", "Web"],
        dtype=float,
    )
    book = toy(
        month="2024-03",
        settings={"funnel": {"margin": 0.3}},
        orders="""
            order_id date       customer_id amount
            O1       2024-03-05 C1          100
        """,
    )
    made = economics(frame, book)
    assert made.roi.tolist() == [8, 0] and made.verdict.tolist() == ["keep", "watch"]
    assert made.roi_high["Web"] == pytest.approx(3.6889 * 50 / 100, abs=1e-3)


def test_budget_goes_where_profit_comes_from():
    """40 in three months are 160 a year, split 3 : 1 by profit: 120 bring 120 · 4 · ½ and give up
    120 · 0.5, 40 bring 40 · 2 · ½ and give up 20; a channel that loses money receives nothing.
    """
    frame = pd.DataFrame(
        [
            ("A", "cut", 40, 10, 0.5),
            ("B", "keep", 50, 300, 4.0),
            ("C", "keep", 50, 100, 2.0),
            ("D", "keep", 50, -20, 1.0),
            ("E", "watch", 50, 900, 9.0),
        ],
        columns=["channel", "verdict", "running", "profit", "roi"],
    )
    moves = budget_moves(frame, 0.5).set_index("to")
    assert moves.budget.to_dict() == {"B": 120, "C": 40, "D": 0}
    assert moves.brings.to_dict() == {"B": 240, "C": 40, "D": 0}
    assert moves.loses.to_dict() == {"B": 60, "C": 20, "D": 0}
    assert moves.net.to_dict() == {"B": 180, "C": 20, "D": 0}
    assert budget_moves(frame[frame.verdict != "cut"], 0.5).empty
