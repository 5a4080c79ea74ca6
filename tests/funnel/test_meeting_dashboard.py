"""Indicators against their own history: what may alert, what is not known, what the page says."""

import numpy as np
import pandas as pd
import pytest

from playbook import funnel
from playbook.funnel.meeting.indicators import Indicator
from playbook.funnel.meeting.usual import row_of, usual_range
from toy import toy


def orders(amounts: dict[str, list[float]]):
    return [
        dict(order_id=f"{month}-{i}", date=f"{month}-10", customer_id=f"C{i}", amount=amount)
        for month, some in amounts.items()
        for i, amount in enumerate(some)
    ]


def company(last: float):
    """Twelve months of about 1,000 in ten orders each, then a month of ``last``."""
    months = [f"2022-{m:02d}" for m in range(1, 13)]
    level = {month: [96.0 + 2 * (i % 5)] * 10 for i, month in enumerate(months)}
    return toy(month="2023-01", orders=orders(level | {"2023-01": [last / 10] * 10}))


def test_the_usual_range_worked_by_hand():
    """Mean 10, standard deviation 1 over four months; one indicator: t(0.996; 3) = 6.322, so that
    the half width is 6.322 · √1.25 = 7.068.
    """
    past = np.array([10 - 1.5**0.5 / 2**0.5, 10 + 1.5**0.5 / 2**0.5] * 2)
    assert past.std(ddof=1) == pytest.approx(1)
    assert usual_range(past, 1) == pytest.approx((2.9317, 17.0683), abs=1e-4)
    assert usual_range(past, 10)[1] > 22  # ten indicators: a wider range for each
    assert usual_range(past, 1, least=2.0) == pytest.approx((-2.6442, 22.6442), abs=1e-4)


def test_values_that_overlap_are_judged_by_their_steps():
    """A value of the last 12 months that creeps up by 1 ± 0.5 a month: the next lies near the last
    one, not near the mean.
    """
    steps = np.array([0.5, 1.5] * 6)
    past = 100 + np.concatenate([[0], np.cumsum(steps)])[:12]
    low, high = usual_range(past, 1, overlap=12)
    assert (low + high) / 2 == pytest.approx(past[-1]) and low > past.mean()
    assert high - low < np.subtract(*usual_range(past, 1)[::-1])


def test_nothing_out_of_the_ordinary_is_said_of_those_that_were_judged():
    found = funnel.dashboard(company(1010))
    table = found.table.set_index("indicator")
    assert (
        table.alert["sales"] == "as usual" and table.alert["new customers"] == "too little history"
    )
    assert "stay inside" in found.reading() and found.headline() == ""
    assert "Every indicator" not in found.reading()


def test_a_month_far_outside_is_an_alert_in_its_own_direction():
    for last, word in ((300, "worse"), (3000, "better")):
        found = funnel.dashboard(company(last))
        assert found.table.set_index("indicator").alert["sales"] == word
        assert f"{word} sales" in found.reading() and word in found.headline()
        assert "stay inside" not in found.reading()


def test_no_alert_out_of_ten_quiet_companies():
    rng, alerts = np.random.default_rng(7), 0
    for _ in range(10):
        months = [f"2022-{m:02d}" for m in range(1, 13)] + ["2023-01"]
        rows = orders({m: list(rng.gamma(2, 50, rng.poisson(30)).round(2)) for m in months})
        alerts += funnel.dashboard(toy(month="2023-01", orders=rows)).headline() != ""
    assert alerts <= 1


def test_a_history_that_never_varied_says_nothing_usual():
    level = {f"2022-{m:02d}": [100.0] for m in range(1, 13)}
    found = funnel.dashboard(toy(month="2023-01", orders=orders(level | {"2023-01": [50.0]})))
    assert set(found.table.alert) <= {"too little history", "no value"}
    assert found.reading() == "No indicator has a history of its own to be judged by yet."


def test_a_range_of_every_share_is_too_little_history():
    """One or two deals decided a month, won or lost by turns: every share from 0 to 1 lies in the
    range, so that nothing can be called usual. Sixty a month say what is.
    """
    thin, dense = (
        row_of(
            Indicator("conversion", "won of decided", "share", 1, line, trials=line * 0 + n),
            line.to_numpy(),
            12,
            10,
        )
        for n, line in ((1, wins((0.0, 1.0))), (60, wins((0.3, 0.4))))
    )
    assert thin["alert"] == "too little history"
    assert np.isnan(thin["low"]) and np.isnan(thin["high"]) and thin["mean"] == 0.5
    assert dense["alert"] == "as usual" and 0 < dense["low"] < 0.35 < dense["high"] < 1


def wins(turns):
    """Shares of twelve months and the report month, taking turns."""
    return pd.Series([turns[i % 2] for i in range(13)], dtype=float)


def test_half_a_month_is_no_history():
    rows = [
        dict(order_id=f"{m}-{d}", date=f"2022-{m:02d}-{d:02d}", customer_id="C", amount=100 + d % 3)
        for m in range(1, 13)
        for d in range(1, 29)
        if (m, d) >= (3, 20)
    ]
    found = funnel.dashboard(toy(month="2022-12", orders=rows))
    assert np.isfinite(found.series["sales"]).sum() == 9  # April to December


def test_no_loss_on_record_is_no_win_rate():
    deals = [
        dict(
            opportunity_id=f"D{i}", created=f"2022-{i % 12 + 1:02d}-02", outcome="won", stage="won"
        )
        | dict(closed=f"2022-{i % 12 + 1:02d}-20", amount=10)
        for i in range(48)
    ]
    book = toy(month="2022-12", settings={"book": {"stages": ["lead", "won"]}}, opportunities=deals)
    assert "won of decided" not in set(funnel.dashboard(book).table.indicator)


def test_what_rests_on_a_margin_nobody_gave_is_no_indicator():
    rows = orders({f"{y}-{m:02d}": [100.0, 90 + m] for y in (2021, 2022) for m in range(1, 13)})
    plain = funnel.dashboard(toy(month="2022-12", orders=rows))
    assert not {"LTV", "gross profit per buyer"} & set(plain.table.indicator)
    given = toy(month="2022-12", settings={"funnel": {"margin": 0.5}}, orders=rows)
    found = funnel.dashboard(given).table.set_index("indicator")
    assert found.value["gross profit per buyer"] == pytest.approx((100 + 102) / 2 * 0.5)
