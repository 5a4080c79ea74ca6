"""Customers of channels summed from arrays are those the engine sums: one meaning, two ways."""

import pandas as pd
import pytest

from playbook.data.measures import channels, few_buyers
from playbook.data.measures.days import packed_day
from toy import toy

ORDERS = """
    order_id,date,customer_id,amount,cost,channel,kind
    O1,2022-01-05,C1,100.25,40,Fair,
    O2,2022-03-10,C1,80,,,
    O3,2022-04-01,C2,60,70,,
    O4,2023-01-05,C2,-10,,,refund
    O5,2023-02-28,C1,40,10,Web,
    O6,2023-03-01,C3,90,30,Web,
    O7,2023-03-01,C3,-20,,Web,refund
    O8,2023-03-31,C4,5,1,,
"""
CUSTOMERS = "customer_id,channel\nC1,Partner\nC2,\nC3,\nC4,"


@pytest.fixture(scope="module")
def book():
    return toy(month="2023-03", orders=ORDERS, customers=CUSTOMERS)


@pytest.mark.parametrize("window", ["month", "quarter_to_date", "trailing_12m"])
def test_channels_are_summed_alike(book, window):
    now = book.window(window)
    before = now.year_before()
    days = [packed_day(day) for day in (now.start, now.end, before.start)]
    found = channels.customers_by_channel(book, now, before)
    pd.testing.assert_frame_equal(
        channels._customers_by_channel(book, *days), found, check_exact=True
    )


def test_what_a_year_of_the_partner_channel_brought(book):
    """C1 bought in both years: 30 earned of 40 in the last twelve months, fifteen months after the
    first order, of which twelve count.
    """
    now = book.window("trailing_12m")
    found = channels.customers_by_channel(book, now, now.year_before()).set_index("channel")
    one = found.loc["Partner"]
    assert (one.buyers, one.months, one.profit, one.before, one.stayed) == (1, 12, 30, 1, 1)
    assert (one.both, one.months2, one.profit2) == (360, 144, 900)


def test_many_buyers_stay_with_the_engine(book, monkeypatch):
    monkeypatch.setattr(few_buyers, "MOST", 3)
    rows = channels._bought(book)
    assert few_buyers.few(rows, lambda: channels._channels(book)) is None
