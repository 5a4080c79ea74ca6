"""Sections whose tables are not there, and ``look``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pandas as pd
import pytest

from playbook.base.contracts import Frame, count, day, share, text
from playbook.base.errors import NotAvailable
from playbook.page import Figure, Missing, Result, look, section


class Rates(Frame):
    """One row per step."""

    step = text("the step")
    n = count("deals")
    rate = share("won ÷ deals")
    since = day("first day")


@dataclass(frozen=True)
class Found(Result):
    """What was found."""

    section = "found"
    table: Annotated[pd.DataFrame, Rates]
    parts: Annotated[dict[str, pd.DataFrame], Rates]
    total: float = 0.0

    def figure_by(self, dimension: str) -> Figure | None:
        return None

    def row(self, step: str) -> dict:
        return {}


ROWS = pd.DataFrame([{"step": "a", "n": 1, "rate": 0.5, "since": pd.Timestamp("2023-01-01")}])


@section("found")
def find(book: str, top: int = 3) -> Found:
    if not book:
        raise NotAvailable({"orders": ("amount",)}, gives="rates")
    return Found(ROWS, {"x": ROWS})


@section("follow")
def follow(found: Found) -> Found:
    return Found(found.table, {}, found.total)


def test_a_missing_section_knows_what_it_stands_for():
    missing = find("")
    assert missing == Missing("found", "needs table orders (amount)", "rates", Found)
    assert repr(missing) == "found (Found): not available: needs table orders (amount)"
    assert missing.figure() is missing.figure_by("rep") is None
    assert (missing.headline(), list(missing.tables())) == ("", [])


def test_its_parts_are_refused_and_typos_named():
    missing = find("")
    for name in ("table", "total", "row"):
        assert not hasattr(missing, name) and getattr(missing, name, 7) == 7
        with pytest.raises(NotAvailable, match=r"needs table orders \(amount\)"):
            getattr(missing, name)
    assert not hasattr(missing, "tabel")
    with pytest.raises(
        AttributeError, match="a missing Found has no attribute 'tabel'; did you mean 'table'"
    ) as caught:
        missing.tabel  # noqa: B018
    assert not isinstance(caught.value, NotAvailable)


def test_a_section_that_asks_a_missing_one_is_missing_for_the_same_reason():
    assert follow(find("")) == Missing("follow", "needs table orders (amount)", "", Found)
    assert follow(find("book")).table is ROWS


def test_only_what_is_not_available_is_caught():
    with pytest.raises(TypeError, match="unexpected keyword argument 'tpo'"):
        find("", tpo=1)
    with pytest.raises(AttributeError, match="'str' object has no attribute 'table'"):
        follow("x")


def test_look_gives_the_frame_or_an_empty_one_of_the_contract():
    assert look(find("book"), "table") is look(find("book"), "parts", "x") is ROWS
    for frame in (
        look(find(""), "table"),
        look(find(""), "parts", "x"),
        look(Found(Rates.make([]), {}), "table"),
        look(find("book"), "parts", "no such key"),
    ):
        assert list(frame.columns) == ["step", "n", "rate", "since"] and frame.empty
        assert frame.nlargest(2, "rate").query("step == 'a' and n > 1").empty
        assert frame[frame.since > pd.Timestamp("2023-01-01")].empty
    with pytest.raises(AttributeError, match="Found has no frame 'tabel'; did you mean 'table'"):
        look(find(""), "tabel")


def test_a_result_prints_as_one_screen():
    many = pd.DataFrame({f"column_{i}": range(9) for i in range(40)} | {"step": ["word " * 40] * 9})
    lines = repr(Found(many, {"x": ROWS})).splitlines()
    assert lines[0] == "Found (Found): What was found."
    assert ".table 9 × 41 One row per step." in lines
    assert ".parts['x'] 1 × 4 One row per step." in lines
    assert "… 4 more rows" in lines and len(lines) < 25 and max(map(len, lines)) <= 120
    assert repr(Found(ROWS.head(0), {})).count("(no rows)") == 1
