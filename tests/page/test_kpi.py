"""Numbers as results.json holds them."""

import json
from decimal import Decimal

import pandas as pd
import pytest

from playbook.methods.intervals import Rate
from playbook.page.kpi import Kpi, plain


def test_a_rate_carries_counts_interval_and_method():
    kpi = Kpi.rate("win_rate.narrow", "all", Rate(4238, 6711), {"region": "East"}).as_dict("funnel")
    assert (kpi["value"], kpi["numerator"], kpi["denominator"], kpi["n"]) == (
        4238 / 6711,
        4238,
        6711,
        6711,
    )
    assert (
        kpi["low"] < kpi["value"] < kpi["high"]
        and kpi["method"] == "Wilson 95 %"
        and "why" not in kpi
    )


def test_no_value_needs_a_reason():
    with pytest.raises(ValueError, match="no reason"):
        Kpi("pace", "month", None, "ratio")
    assert Kpi.rate("win_rate.narrow", "month", Rate(0, 0)).as_dict("funnel")["why"]


@pytest.mark.parametrize(
    ("value", "json_text"),
    [
        (Decimal("16117548.237"), "16117548.237"),
        (Decimal("10"), "10"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        (pd.NA, "null"),
        (0.1, "0.1"),
    ],
)
def test_full_precision_and_null_for_missing(value, json_text):
    assert json.dumps(plain(value)) == json_text
