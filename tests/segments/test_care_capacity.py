"""Capacity: hours promised per rep."""

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.base.settings import SegmentSettings
from playbook.segments.care.attention import attention, promised_hours


def test_capacity_counts_hours_by_hand(contacted):
    subjects = pd.DataFrame(
        {"promised_days": [3.5, 7, 30], "tier": ["VIP", "key", "ordinary"], "kind": "customer"}
    )
    hours = promised_hours(subjects, SegmentSettings())
    assert hours == pytest.approx(
        [2 * 0.5 + 4 * 3 / 52, 0.5 + 2 * 3 / 52, 7 / 30 * 0.5 + 2 * 0.5 / 52]
    )
    result = segments.capacity(contacted)
    assert result.table["promised"].sum() + result.orphan_hours == pytest.approx(
        promised_hours(attention(contacted).subjects, SegmentSettings()).sum()
    )
    assert result.orphans == 1  # the lead that dates the data has no rep
    assert result.load == pytest.approx(result.table["promised"].sum() / 40)


def test_capacity_works_without_a_contact_log():
    result = segments.capacity(book("2023-06", orders=[order("a", "2023-06-01", 9, 1, rep_id="r")]))
    assert result.status == "ok" and result.table["spent"].isna().all() and result.blocks()


def test_capacity_without_anyone_in_charge_asks_for_owners():
    found = segments.capacity(book("2023-06", orders=[order("a", "2023-06-01", 9, 1)]))
    assert "customers (rep_id)" in found.reason
    rows = [order("a", "2023-06-29", 9, 1), order("b", "2023-06-29", 9, 2, rep_id="r")]
    listed = segments.actions(book("2023-06", orders=rows))
    assert "1 with nobody in charge" in listed.reading()
