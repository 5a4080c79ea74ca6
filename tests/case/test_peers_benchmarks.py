"""Published figures of other firms beside the sample's own."""

import numpy as np
import pytest

from playbook import case


def test_counterparts_of_the_short_cases(book, course):
    """Referral ratio with its interval, repurchase cycle, cost per lead; each with what was
    counted.
    """
    table = case.benchmarks(book, course).table.set_index("figure")
    ratio = table.loc["Referral conversion ÷ advertising conversion"]
    spread = np.exp(1.959964 * np.sqrt(1 / 52 - 1 / 220 + 1 / 54 - 1 / 341))
    assert ratio.detail == "52 of 220 referred, 54 of 341 advertised won"
    assert ratio.own == pytest.approx((52 / 220) / (54 / 341))
    assert (ratio.low, ratio.high) == pytest.approx(
        (ratio.own / spread, ratio.own * spread), rel=1e-4
    )
    assert table.own["Repurchase cycle (planned)"] == 348
    assert table.own["Cost per lead, change"] == pytest.approx(-0.093792, abs=1e-6)
    assert table.own["Leads that do not match"] == pytest.approx(1 - table.own["Need-match rate"])


def test_benchmarks_begin_with_what_may_be_concluded(book, course):
    blocks = case.benchmarks(book, course).blocks()
    assert blocks[0].role == "warning" and "What may not" in blocks[0].text
    assert blocks[1].align == "llrrrll" and blocks[2].folded
