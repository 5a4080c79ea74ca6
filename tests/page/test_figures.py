"""The house style of figures: same drawing, same bytes; nothing clipped; readable in grey; unknown
characters told.
"""

import contextlib
import re
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from playbook.base.formats import Formats
from playbook.page import axes, charts, figures, line_charts, measured

FMT = Formats("CNY", "en")
LABELS = [
    "East",
    "上海浦东新区张江高科技园区人工智能有限责任公司",
    "A very long western company name without any end",
    "West $x$ #y",
]
VALUES = [0.63, 0.41, None, 0.22]


def draw(kind: str):
    """One of the house's charts with hard labels: (figure, its axes)."""
    fig, ax = figures.canvas(2.6)
    if kind == "hbars":
        charts.hbars(
            ax,
            LABELS,
            VALUES,
            FMT,
            "share",
            low=[0.6, 0.3, None, 0.1],
            high=[0.7, 0.5, None, 0.4],
            tones=["good", "", "", "bad"],
            reference=0.45,
            reference_label="all",
            detail=["n = 4"] * 4,
        )
    elif kind == "negative":
        charts.hbars(ax, LABELS, [1e6, -2e6, None, 0], FMT, "money")
    elif kind == "lines":
        charts.lines(
            ax,
            [f"Jan {y}" for y in range(30)],
            {name: [1e6 * (i + 1), *[2e6] * 29] for i, name in enumerate(LABELS)},
            band=([0] * 30, [3e6] * 30),
        )
        charts.number_axis(ax, FMT, "money")
    elif kind == "heat":
        charts.heat(
            ax,
            [[0.1, None], [0.9, 0.5], [0, 1], [0.2, 0.3]],
            LABELS,
            ["first month of it", "上海浦东新区张江高科"],
            FMT,
            "share",
        )
    else:
        charts.waterfall(
            ax,
            LABELS,
            [1e6, -4e5, None, 2e5],
            8e6,
            FMT,
            "money",
            start_label="December 2025",
            end_label="December 2026",
        )
    return fig, ax


KINDS = ["hbars", "negative", "lines", "heat", "waterfall"]


@pytest.mark.parametrize("kind", KINDS)
def test_same_drawing_same_bytes_and_own_ids(kind):
    one, two = (figures.finish(draw(kind)[0], title="t", alt="a") for _ in range(2))
    assert one == two
    other = figures.finish(draw(kind)[0], title="another", alt="a")
    ids = [set(re.findall(r'\bid="([^"]+)"', block.svg)) for block in (one, other)]
    assert ids[0] and not ids[0] & ids[1]
    references = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', one.svg))
    assert {a or b for a, b in references} <= ids[0]
    assert re.findall(r"https?://[^\s\"<]+", one.svg) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_label_is_clipped(kind):
    fig, _ = draw(kind)
    fig.draw_without_rendering()
    (wide, tall), drawn = fig.get_size_inches(), fig.get_tightbbox()
    assert (
        drawn.x0 > -0.02 and drawn.y0 > -0.02 and drawn.x1 < wide + 0.02 and drawn.y1 < tall + 0.02
    )


def test_chinese_is_drawn_and_an_unknown_character_becomes_a_box():
    fig, ax = figures.canvas()
    ax.set_title("销售额 😀 $x$")
    ax.set_xticks([0, 1], ["北京 😀", "b"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.finish(fig, title="t", alt="a")
    assert ax.get_title() == "销售额 □ $x$" and [
        label.get_text() for label in ax.get_xticklabels()
    ] == ["北京 □", "b"]


def lightness(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    y = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_neighbouring_inks_differ_in_grey():
    shades = [lightness(ink) for ink in figures.INKS]
    assert min(abs(a - b) for a, b in pairwise(shades)) > 14


def test_font_files_are_of_the_packages_we_lock():
    stems = {path.stem for path in figures.font_files()}
    assert {
        "SourceSansPro-Regular",
        "SourceSansPro-Bold",
        "SourceSansPro-It",
        "SourceSerifPro-Semibold",
        "NotoSansSC-Regular",
    } <= stems
    assert all(
        "site-packages" in str(path) or "dist-packages" in str(path)
        for path in figures.font_files()
    )


@given(st.text(max_size=60), st.integers(4, 40))
def test_short_labels_fit(text, most):
    assert charts.columns_of(charts.short(text, most)) <= most


def test_short_keeps_what_fits():
    assert (
        charts.short("East", 10) == "East"
        and charts.short("上海浦东新区", 8) == "上海浦…"
        and charts.short("North and South", 8) == "North a…"
    )


@given(st.lists(st.floats(0, 100), max_size=8))
def test_names_at_line_ends_never_meet(heights):
    placed = np.sort(line_charts.apart(heights, 9.0))
    assert len(placed) < 2 or np.diff(placed).min() > 8.0


def test_axis_numbers_are_the_books():
    assert [
        axes._tick(v, FMT, u, True)
        for v, u in ((0.25, "share"), (0.125, "share"), (2e6, "money"), (-0.02, "pp"))
    ] == ["25 %", "12.5 %", "¥2m", "−2 pp"]


def test_a_figure_with_nothing_to_draw_is_still_a_figure():
    fig, ax = figures.canvas()
    charts.hbars(ax, [], [], FMT, "share")
    charts.lines(ax, [], {})
    assert figures.finish(fig, title="t", alt="nothing to draw").svg.startswith("<svg")


def test_the_layout_made_once_is_the_one_the_writer_makes(monkeypatch):
    """The same bytes as matplotlib's own way, which draws everything twice."""

    def drawn():
        fig, axes = figures.canvas(height=2.4, columns=2)
        for ax, words in zip(axes, ("a long label of an axis", "短标签"), strict=True):
            ax.plot([1, 4, 2], label=words)
            ax.set_ylabel(words)
            ax.set_title(f"{words} above")
            ax.legend()
        return figures.finish(fig, title="Two lines", alt="Two lines.").svg

    once = drawn()
    monkeypatch.setattr(figures, "lay_out", lambda fig: None)
    assert drawn() == once


def test_texts_measured_once_are_drawn_where_matplotlib_puts_them(monkeypatch):
    """The same bytes as without remembering: sizes, angles, lines and alphabets told apart."""

    def drawn():
        fig, ax = figures.canvas(height=2.4)
        for i, words in enumerate(("as it is", "two\nlines", "短标签", "as it is")):
            how = {"fontsize": 7 + i, "rotation": 30 * i, "linespacing": 1 + i / 10}
            ax.text(i, 0.5, words, ha=("left", "right")[i % 2], va="center", **how)
        ax.set_xticks(range(4), ["as it is"] * 4, rotation=15)
        ax.set_ylabel("as it is")
        return figures.finish(fig, title="Texts", alt="Texts.").svg

    first, again = drawn(), drawn()
    monkeypatch.setattr(figures, "remembering", contextlib.nullcontext)
    assert first == again == drawn()


def test_a_figure_of_a_readers_own_is_measured_by_matplotlib_alone():
    own = Text._get_layout
    with measured.remembering():
        assert Text._get_layout is not own
    assert Text._get_layout is own
