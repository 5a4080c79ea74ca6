"""One notation for every figure, owned by ``page``: chapters say what a number is, not how it
looks.
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

import playbook
from playbook.page import figures
from playbook.page.blocks import Figure
from playbook.page.messages import TOLD, message_of, with_message
from playbook.page.notation import AC, FC, PL, PY, columns, name_series, on_bars, path, variance

CHAPTERS = ("goals", "segments", "funnel", "incentives", "case", "payroll", "audience")


def grey(colour) -> float:
    return float(np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)))


def test_no_chapter_names_a_colour_or_draws_a_legend():
    home = Path(playbook.__file__).parent
    found = [
        f"{file.relative_to(home)}: {line.strip()}"
        for chapter in CHAPTERS
        for file in (home / chapter).rglob("*.py")
        for line in file.read_text().splitlines()
        if re.search(r"""["']#[0-9a-fA-F]{3,6}["']|\.legend\(|cmap="[A-Z]""", line)
    ]
    assert found == []


def test_roles_differ_in_fill_and_in_grey():
    """Actual solid, plan outlined on white, previous year pale, forecast hatched."""
    _, ax = figures.canvas()
    for place, role in enumerate((AC, PL, PY, FC)):
        columns(ax, [place], [1.0], role)
    bars = {c.get_label(): c.patches[0] for c in ax.containers}
    assert {r: to_hex(b.get_facecolor()) for r, b in bars.items()} == {
        AC: "#2b3442", PL: "#ffffff", PY: "#8c95a3", FC: "#ffffff",
    }  # fmt: skip
    assert [r for r, b in bars.items() if b.get_hatch()] == [FC]
    assert to_hex(bars[PL].get_edgecolor()) == "#2b3442"
    shades = [grey(bars[r].get_facecolor()) for r in (AC, PY, PL)]
    assert min(abs(a - b) for a, b in combinations(shades, 2)) > 0.2


def test_a_variance_shows_its_sense_and_is_outlined_where_chance_explains_it():
    better, worse, chance = (variance(good) for good in (True, False, None))
    assert [to_hex(v["facecolor"]) for v in (better, worse, chance)] == [
        "#2a9d7a", "#b3261e", "#ffffff",
    ]  # fmt: skip
    assert abs(grey(better["facecolor"]) - grey(worse["facecolor"])) > 0.15
    assert chance["edgecolor"] == figures.MUTED


def named(ax):
    return {t.get_text(): t.get_position()[1] for t in ax.texts}


def test_series_are_named_at_the_right_frame_and_never_on_each_other():
    _, ax = figures.canvas(2.6)
    path(ax, [0, 1, 2], [1.0, 2.0, 3.0], AC)
    path(ax, [0, 1, 2], [1.0, 2.0, 3.02], PL)
    columns(ax, [0, 1, 2], [2.0, 2.0, np.nan], PY)
    ax.axhline(0.5, label="limit")
    ax.axvline(1, label="today")
    name_series(ax)
    assert set(named(ax)) == {AC, PL, PY, "limit", "today"}
    ends = {t.get_text(): t.xy for t in ax.texts}
    assert ends[AC] == (1, 3.0) and ends[PY] == (1, 2.0) and ends["limit"] == (1, 0.5)
    assert ends["today"] == (1, 1)  # an upright line is named at its head
    low, high = ax.get_ylim()
    tall = 2.6 * 72 * ax.get_position().height * 0.92
    at = {
        t.get_text(): (t.xy[1] - low) / (high - low) * tall + t.get_position()[1]
        for t in ax.texts
        if t.get_text() != "today"
    }
    assert min(abs(a - b) for a, b in combinations(at.values(), 2)) > 8.5
    assert ax.get_legend() is None


@pytest.mark.parametrize(
    ("headline", "message"),
    [
        ("Renewals: 69.1 %; retention 77.2 %.", "Renewals: 69.1 %; retention 77.2 %"),
        (f"{'a ' * 50}3; {'b ' * 40}4", f"{'a ' * 50}3"),
        ("No number is told.", ""),
        (f"{'a ' * 70}3", ""),
    ],
)  # fmt: skip
def test_a_title_is_as_much_of_a_headline_as_two_lines_hold(headline, message):
    assert message_of(headline) == message


def test_clauses_of_a_chinese_headline_stand_without_a_blank():
    assert message_of("完成3项；2项没有支撑。") == "完成3项；2项没有支撑"
    assert message_of("3 done; 岚桥 leads.") == "3 done; 岚桥 leads"


class Finding:
    def __init__(self, title):
        self.title = title

    def message(self):
        return "Sales ¥3m, 2 % above plan"

    @with_message
    def figure(self):
        return Figure("<svg/>", "alt", self.title, "CNY") if self.title else None


def test_a_topic_becomes_a_message_and_stands_in_the_grey_line():
    made = Finding("Sales in 2023").figure()
    assert (made.title, made.note) == ("Sales ¥3m, 2 % above plan", "Sales in 2023 · CNY")
    assert Finding("9 of 10 gain").figure().title == "9 of 10 gain"
    assert Finding("").figure() is None
    assert [bool(TOLD.search(t)) for t in ("2023-Q3", "Sep 2023", "¥4", "50 %", "2023, 7")] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_a_mark_on_a_dark_bar_has_a_white_edge():
    """In grey a dark mark on the red of a variance would be lost."""
    first, second = on_bars()
    assert to_hex(first._gc["foreground"]) == "#ffffff" and type(second).__name__ == "Normal"
