"""What the funnel gives the short editions, worked by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from playbook.base.formats import Formats
from playbook.funnel.director.bridge import bridge_of, members_of, relative
from playbook.funnel.director.changed import changed_words, steps_panel
from playbook.funnel.director.parts import orders_and_size, parts_sheet, shortest, why_of
from playbook.funnel.director.steps import _movement, _title, _worth, todo_of
from playbook.funnel.figures.meeting import dashboard_panels

FMT = Formats("CNY", "en")
NAN = float("nan")


def row(dimension: str, member: str, actual: float, **more: float) -> dict[str, Any]:
    made = {
        "dimension": dimension, "member": member, "label": member, "window": "month",
        "target": NAN, "actual": actual, "last_year": NAN, "before": NAN, "gap": NAN,
        "orders": NAN, "orders_year": NAN,
    }  # fmt: skip
    made |= more
    made["gap"] = made["actual"] - made["target"]
    return made


def performance(*rows: dict[str, Any]) -> Any:
    """A result as far as the pages read it."""
    frame = pd.DataFrame([*rows, *({**r, "window": "year_to_date"} for r in rows)])

    def total(window: str = "month") -> dict[str, Any]:
        return frame[(frame.dimension == "all") & (frame.window == window)].iloc[0].to_dict()

    return SimpleNamespace(
        status="ok",
        table=frame,
        total=total,
        currency="CNY",
        as_of=date(2023, 9, 30),
        spans={"month": "1 Sep 2023 – 30 Sep 2023", "year_to_date": "1 Jan – 30 Sep 2023"},
    )


PLANNED = performance(
    row("all", "all", 30e6, target=24e6, last_year=20e6, orders=100, orders_year=80),
    row("region", "East", 22e6, target=10e6, last_year=12e6, orders=60, orders_year=50),
    row("region", "West", 8e6, target=14e6, last_year=8e6, orders=40, orders_year=30),
)


def test_a_bridge_goes_from_plan_to_actual_and_closes() -> None:
    """24 + 12 − 6 = 30; members in the order of their plans."""
    made = bridge_of(PLANNED, FMT)
    assert made is not None
    steps = [
        (line.cells[0]["text"].strip(), line.cells[1]["from"], line.cells[1]["to"])
        for line in made.lines
    ]
    assert steps == [
        ("PL Sep 2023", 0.0, 24e6),
        ("West", 24e6, 18e6),
        ("East", 18e6, 30e6),
        ("AC Sep 2023", 0.0, 30e6),
    ]
    assert [line.cells[1]["text"] for line in made.lines] == ["24.0m", "−6.00m", "+12.0m", "30.0m"]
    assert made.title == "1 of 2 regions above plan; West ¥6.00m short"
    assert shortest(PLANNED, FMT) == "West ¥6.00m short of plan"


def test_without_a_plan_the_bridge_starts_from_last_year() -> None:
    rows = PLANNED.table[PLANNED.table.window == "month"].assign(target=NAN, gap=NAN)
    made = bridge_of(performance(*rows.to_dict("records")), FMT)
    assert made is not None
    assert made.lines[0].cells[0]["text"] == "PY Sep 2022"
    assert made.title == "Every region is above last year"
    assert [line.cells[4]["text"] for line in made.lines] == ["", "–", "–", "–"]


def test_members_whose_plans_do_not_add_up_make_no_bridge() -> None:
    rows = PLANNED.table[PLANNED.table.window == "month"].to_dict("records")
    rows[1]["target"] = 11e6
    assert bridge_of(performance(*rows), FMT) is None


def test_a_change_is_split_into_orders_and_their_size_and_nothing_is_left() -> None:
    """10 orders of 200 → 14 of 150: by orders 4 × 175 = 700, by size −50 × 12 = −600; sum 100."""
    found = orders_and_size({"actual": 2100, "last_year": 2000, "orders": 14, "orders_year": 10})
    assert found == (700.0, -600.0, 150.0, 200.0)
    assert found[0] + found[1] == 2100 - 2000
    nothing = {"actual": 100, "last_year": 0, "orders": 1, "orders_year": 0}
    assert orders_and_size(nothing) is None
    assert orders_and_size({**nothing, "last_year": NAN, "orders_year": 3}) is None


def test_why_says_the_split_and_no_cause() -> None:
    """80 orders of 250k → 100 of 300k: 20 × 275k = 5.5m and 50k × 90 = 4.5m."""
    text = why_of(PLANNED, FMT)
    assert "**+¥10.0m**: +¥5.50m from the number of orders (80 → 100)" in text
    assert "+¥4.50m from their size (¥250k → ¥300k)" in text
    assert "**West**: 40 orders (30 a year ago) of ¥200k (¥267k)." in text
    assert text.endswith("of ¥200k (¥267k).") and "reason" not in text
    for word in ("because", "due to", "driven"):
        assert word not in text
    rows = [row("all", "all", 5.0, orders=1)]
    assert why_of(performance(*rows), FMT) == ""  # no year before: nothing to explain


def test_a_size_that_rounds_to_what_it_was_is_no_reason() -> None:
    rows = [row("all", "all", 19.2, last_year=14.8, orders=72, orders_year=56)]
    rows[0] |= {"actual": 19_086_550.0, "last_year": 14_840_934.0}
    assert why_of(performance(*rows), FMT) == (
        "Against a year ago **+¥4.25m**, from the number of orders (56 → 72); their size is as it"
        " was (¥265k)."
    )


def test_more_than_seven_members_are_the_six_that_moved_most_and_the_rest() -> None:
    rows = [row("all", "all", 45.0, target=45.0)]
    rows += [row("region", f"r{i}", 5.0 + i, target=5.0, orders=1) for i in range(9)]
    found = members_of(performance(*rows), "region")
    assert list(found.label) == ["r3", "r4", "r5", "r6", "r7", "r8", "3 others"]
    assert found.actual.sum() == sum(5.0 + i for i in range(9))
    assert found[found.label == "3 others"].target.item() == 15.0
    few = performance(*rows[:8])
    assert len(members_of(few, "region")) == 7
    # 9 orders of nine regions: 3 of the others; of 8 orders one is of two regions, none knows which
    for orders, others in ((9, 3), (8, None)):
        whole = [row("all", "all", 45.0, target=45.0, orders=orders), *rows[1:]]
        told = members_of(performance(*whole), "region").set_index("label").orders["3 others"]
        assert told == others or (others is None and told != told)


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (125, 100, "+25 %"),
        (75, 100, "−25 %"),
        (5, 0, "–"),
        (5, NAN, "–"),
        (-50, -100, "+50 %"),
        (998, 1000, "−0.2 %"),
        (100, 100, "0 %"),
    ],
)
def test_a_relative_variance(value: float, base: float, text: str) -> None:
    assert relative(value, base, FMT) == text


def test_the_page_of_parts_counts_what_is_at_or_above_plan() -> None:
    sheet = parts_sheet(PLANNED, FMT)
    assert sheet is not None
    assert sheet.panels[0].title == "Sep 2023 by region: 1 of 2 at or above plan"
    assert sheet.title == (
        "1 of 2 regions above plan; West ¥6.00m short; the year to date is +25.0 % on plan"
    )
    split = sheet.panels[-1]
    assert [c["text"] for c in split.lines[0].cells] == [
        "West", "30 → 40", "+2.33m", "267k → 200k", "−2.33m",
    ]  # fmt: skip


def test_of_places_that_lag_the_dearest_is_named_and_stands_first() -> None:
    """The section has the surest first (Bought list); the page names what costs most."""
    place = {"step": "lead→won", "rate": 0.1, "expected": 0.2, "n": 125, "low": 1e6, "high": 5e6}
    places = pd.DataFrame(
        [
            place | {"where": "Bought list", "worth": 3.57e6},
            place | {"where": "General trade fair", "worth": 3.61e6},
        ]
    )
    steps = pd.DataFrame([{"step": "lead→won", "worth": 9e6, "low": 1e6, "high": 12e6}])
    found: Any = SimpleNamespace(status="ok", places=places, table=steps, currency="CNY")
    other: Any = SimpleNamespace(status="not available", stuck=0, overdue=0)
    said = todo_of(found, other, FMT)
    assert said.startswith("**Look into lead→won at General trade fair**") and "Bought" not in said
    assert _title(other, found, other, FMT) == "General trade fair loses ¥3.61m a year at lead→won"
    panel = _worth(found, FMT)
    assert panel is not None
    names = [line.cells[0]["text"] for line in panel.lines]
    assert names == ["lead→won", "General trade fair", "Bought list"]
    assert [line.style for line in panel.lines] == ["", "rule", ""]


def changed(**more: Any) -> pd.DataFrame:
    """One step: 44 % of 2,783 now, 52 % three months before; no year before."""
    row = {
        "step": "intent→won", "n": 2783, "now": 0.444, "rate_period": 0.52, "rate_year": NAN,
        "change_period": -0.076, "low_period": -0.1, "high_period": -0.05,
        "reading_period": "down", "change_year": NAN, "low_year": NAN, "high_year": NAN,
        "reading_year": "no cohorts",
    }  # fmt: skip
    return pd.DataFrame([row | more])


def test_steps_without_a_year_before_are_held_against_three_months_before() -> None:
    """Nothing is said of a year that the data do not hold."""
    made = steps_panel(SimpleNamespace(status="ok", changed=changed()), FMT)  # type: ignore[arg-type]
    assert made is not None and made.title == "1 of 1 step changed beyond chance"
    assert "three months before" in made.note and [c.label for c in made.columns[2:]] == [
        "AC",
        "Δ, 95 %",
    ]
    assert "before" not in {k for k, v in made.lines[0].cells[2].items() if v is not None}
    assert changed_words(changed(), FMT) == [
        "intent→won passes 44 %, −7.6 pp on three months before"
    ]
    year = changed(change_year=0.01, low_year=-0.02, high_year=0.04, rate_year=0.434)
    year["reading_year"] = "within chance"
    assert changed_words(year, FMT) == ["No step has changed beyond chance on a year ago"]
    alone = changed(change_period=NAN, reading_period="no cohorts")
    assert changed_words(alone, FMT) == []
    bare_panel = steps_panel(SimpleNamespace(status="ok", changed=alone), FMT)  # type: ignore[arg-type]
    assert bare_panel is not None and len(bare_panel.columns) == 3
    assert bare_panel.title == "What passes each step"


def movement(dated: bool) -> Any:
    parts = {"opening": 100.0, "new": 30.0, "up": 0.0, "down": 0.0, "won": 20.0, "lost": 10.0}
    parts |= {"pushed": 0.0, "closing": 100.0}
    return SimpleNamespace(
        status="ok",
        table=pd.DataFrame([parts]),
        total=parts,
        dated=dated,
        currency="CNY",
        span="1 Sep – 30 Sep 2023",
    )


def test_a_book_without_planned_days_has_none_past_and_nothing_is_good_or_bad_news() -> None:
    dated, undated = (_movement(movement(day), FMT) for day in (True, False))
    assert dated is not None and undated is not None
    assert "planned day" in dated.note and "planned day" not in undated.note
    assert (len(dated.lines), len(undated.lines)) == (8, 7)
    tones = {line.cells[0]["text"].strip(): line.cells[1]["tone"] for line in dated.lines}
    assert (tones["New"], tones["Up"], tones["Down"], tones["Lost"]) == (
        "good",
        "chance",
        "chance",
        "bad",
    )


def test_an_unusual_indicator_is_outside_its_range_in_the_title_too() -> None:
    names = ("win_rate", "sales", "orders")
    table = pd.DataFrame(
        [
            {"indicator": n, "value": 1.0, "unit": "count", "alert": a, "low": 0.0, "high": 0.5}
            for n, a in zip(names, ("unusual", "better", "as usual"), strict=True)
        ]
    )
    series = {n: np.ones(13) for n in names}
    months = tuple(f"2023-{m:02d}" for m in range(1, 14))
    drawn = dashboard_panels(table, series, months, FMT, date(2023, 9, 30))
    assert drawn.title == "Outside their own usual range: 2 of 3 indicators"
