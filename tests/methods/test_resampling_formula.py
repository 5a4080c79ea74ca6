"""From 20,000 rows a ratio's interval is the bootstrap's normal limit."""

import numpy as np
import pytest

from playbook.methods import resampling
from playbook.methods.resampling import FORMULA_FROM, ratio_interval


def test_the_limit_by_hand():
    """Half the rows keep 10 of 10, half 0 of 10: ratio 0.5, every rest is ±5, so the standard
    deviation is √(n · 25) ÷ (10 n) = 0.5 ÷ √n.
    """
    top = np.tile([10.0, 0.0], FORMULA_FROM // 2)
    value, low, high = ratio_interval(top, np.full(len(top), 10.0))
    half = 1.959963984540054 * 0.5 / np.sqrt(FORMULA_FROM)
    assert (value, low, high) == pytest.approx((0.5, 0.5 - half, 0.5 + half), rel=1e-12)


def test_it_is_what_the_bootstrap_says_to_its_noise(monkeypatch):
    rng = np.random.default_rng(5)
    bottom = rng.lognormal(3, 0.5, FORMULA_FROM)
    top = bottom * (rng.random(FORMULA_FROM) < 0.7)
    _, low, high = ratio_interval(top, bottom)
    monkeypatch.setattr(resampling, "FORMULA_FROM", FORMULA_FROM + 1)
    _, drawn_low, drawn_high = ratio_interval(top, bottom, 200)
    width = high - low
    assert abs(drawn_low - low) < 0.2 * width and abs(drawn_high - high) < 0.2 * width
