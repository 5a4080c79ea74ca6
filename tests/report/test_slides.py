"""The director's edition as PowerPoint: native, in the book's dress, nothing beyond the page."""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from playbook.page.panels import Column, Delta, Line, Rows, Sheet, Tile, bars, variance, words
from playbook.report.print.slide_bars import ends_of

pptx = pytest.importorskip("pptx", reason="the extra `slides` is not installed")
MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
LONG = "A customer whose name is longer than any column of a slide would like it to be, Ltd. 岚桥"

REGIONS = Rows(
    "Regions",
    "note",
    (Column(""), Column("AC", "bars"), Column("ΔPL", "delta")),
    (
        Line((
            words("East"), bars(3e6, "¥3.0m", plan=4e6, before=2e6), variance(-1e6, "−1m", "bad"),
        )),
        Line((words("West"), bars(6e6, "¥6.0m", plan=5e6), variance(1e6, "+¥1.0m", "chance"))),
        Line((words("All"), bars(9e6, "¥9.0m", plan=9e6), variance(0, "0", "muted")), "total"),
    ),
)  # fmt: skip
MANY = Rows(
    "Forty customers to call",
    "worth: net of a year",
    (Column("Customer"), Column("Why"), Column("Worth", "num", right=True)),
    tuple(Line((words(LONG), words(f"{LONG} {i}"), words(f"¥{i}"))) for i in range(40)),
)


def sheet(*panels: Rows) -> dict[str, Any]:
    return Sheet("regions", "Four of five above plan", "note", "Who?", panels).data()


def written(path: Path, *sheets: dict[str, Any], dress: dict | None = None, language: str = "en"):
    from playbook.report.print.slides import write_slides

    tile = Tile("sales", "sales", "¥30.7m", (Delta("ΔPL", 0.25, "+25.0 %", "good"),), rank=1)
    empty = {"bridge": None, "prose": [], "decisions": None, "checks": []}
    first = {"title": "Sales ¥30.7m", "note": "CNY", "tiles": [asdict(tile)], **empty}
    meta = {"company": "岚桥 Ltd", "month": "Sep 2023", "as_of": "2023-09-30", "language": language}
    write_slides(path, brief=first, sheets=sheets, meta=meta, title="Director", dress=dress)
    return pptx.Presentation(str(path))


def charts(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def test_slides_hold_native_charts_and_tables_and_are_the_same_bytes(tmp_path: Path) -> None:
    slides = written(tmp_path / "a.pptx", sheet(REGIONS)).slides
    written(tmp_path / "b.pptx", sheet(REGIONS))
    assert (tmp_path / "a.pptx").read_bytes() == (tmp_path / "b.pptx").read_bytes()
    assert [len(charts(slide)) for slide in slides] == [0, 2]
    values, variances = charts(slides[1])
    assert list(values.plots[0].categories) == ["East", "West"]  # the total is no bar beside them
    series = {s.name: list(s.values) for s in values.plots[0].series}
    assert series == {"PY": [2e6, None], "PL": [4e6, 5e6], "AC": [3e6, 6e6]}
    assert list(variances.plots[0].series[0].values) == [-1e6, 1e6]
    notes = slides[1].notes_slide.notes_text_frame.text
    assert notes.startswith("Four of five above plan") and notes.endswith("Regions: note")
    table = next(s.table for s in slides[0].shapes if s.has_table)
    assert [table.cell(1, i).text for i in range(3)] == ["sales", "¥30.7m", "+25.0 %"]


def test_charts_write_numbers_as_the_cells_do_and_bars_speak_the_notation(tmp_path: Path) -> None:
    """Actual solid, plan outlined, a variance in its colour, outlined where chance explains it."""
    values, variances = charts(written(tmp_path / "a.pptx", sheet(REGIONS)).slides[1])
    by = {s.name: s for s in values.plots[0].series}
    assert {n: str(s.format.fill.fore_color.rgb) for n, s in by.items()} == {
        "PY": "8C95A3", "PL": "FFFFFF", "AC": "2B3442",
    }  # fmt: skip
    assert by["AC"].data_labels.number_format == '"¥"0.0,,"m"'
    assert not by["PL"].data_labels.show_value and not values.has_legend
    points = variances.plots[0].series[0].points
    assert [str(p.format.fill.fore_color.rgb) for p in points] == ["B3261E", "FFFFFF"]
    assert str(points[1].format.line.color.rgb) == "6B7480"
    assert variances.plots[0].series[0].data_labels.number_format.startswith('"+"')


def test_a_number_at_a_bar_stays_on_one_line(tmp_path: Path) -> None:
    """Programs break labels at a fifth of the chart, inside a number where they must."""
    (slide,) = list(written(tmp_path / "a.pptx", sheet(REGIONS)).slides)[1:]
    wraps = [
        body.get("wrap")
        for chart in charts(slide)
        for words in chart._chartSpace.iter(f"{CHART}dLbls")
        for body in words.iter(f"{MAIN}bodyPr")
    ]
    assert len(wraps) >= 4 and set(wraps) == {"none"}


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("¥12.3m", 12.3e6, '"¥"0.0,,"m"'),
        ("451k", 451e3, '0,"k"'),
        ("23.1 %", 0.231, "0.0%"),
        ("12", 12.0, "0"),
        ("¥1,235万", 1.235e7, '"¥"0"."0,"万"'),
        ("¥3.20亿", 3.2e8, '"¥"0"."00,,"亿"'),
    ],
)
def test_a_chart_takes_the_number_format_of_its_largest_cell(
    text: str, value: float, form: str
) -> None:
    from playbook.report.print.slide_bars import form_of

    cells = [{"text": text, "v": value}, {"text": "1", "v": value / 50}]
    assert form_of(cells, lambda cell: cell["v"]) == form


def test_a_deck_wears_accent_footer_logo_and_chinese_fonts_of_the_book(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    logo = tmp_path / "logo.png"
    Figure(figsize=(1, 0.3)).savefig(logo, dpi=50)
    dress = {"accent": "#7A3E9D", "footer": "confidential", "logo": str(logo), "fonts": []}
    deck = written(tmp_path / "a.pptx", sheet(MANY), dress=dress, language="zh")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    theme = deck.slide_masters[0].part.part_related_by(kind).blob.decode()
    assert '<a:accent1><a:srgbClr val="7A3E9D"/></a:accent1>' in theme
    assert theme.count('<a:ea typeface="Microsoft YaHei"/>') == 2
    for slide in deck.slides:
        texts = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
        assert any(text.startswith("confidential") for text in texts)
        pictures = [
            s for s in slide.shapes if s.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE
        ]
        assert [p._element.nvPicPr.cNvPr.get("descr") for p in pictures] == ["岚桥 Ltd"]
        assert 'lang="zh-CN"' in slide.shapes.title._element.xml
    plain = written(tmp_path / "b.pptx", sheet(MANY))
    assert "1F5FA8" in plain.slide_masters[0].part.part_related_by(kind).blob.decode()


def test_an_svg_logo_is_drawn_for_the_deck(tmp_path: Path) -> None:
    from PIL import Image

    from playbook.report.print.slide_dress import Dress

    logo = tmp_path / "logo.svg"
    square = '<rect width="40" height="20" fill="#123456"/></svg>'
    logo.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{square}')
    made = Dress.of({"logo": str(logo)}, {"language": "en"}, "foot").logo
    picture = Image.open(io.BytesIO(made)).convert("RGB")
    assert picture.size == (83, 42)  # 30 pt × 15 pt at 200 dots an inch, rounded up
    assert picture.getpixel((5, 5)) == (0x12, 0x34, 0x56)


def test_a_long_table_runs_over_slides_and_ends_above_the_foot(tmp_path: Path) -> None:
    from playbook.report.print.slide_page import FOOT

    slides = list(written(tmp_path / "a.pptx", sheet(MANY)).slides)[1:]
    tables = [next(s for s in slide.shapes if s.has_table) for slide in slides]
    assert sum(len(s.table.rows) - 1 for s in tables) == 40
    for shape in tables:
        assert shape.top + sum(row.height for row in shape.table.rows) <= FOOT
    assert slides[1].shapes.title.text_frame.text.startswith("Forty customers to call (2 of ")


def few(title: str, rows: int) -> Rows:
    lines = tuple(Line((words(f"Firm {i}"), words("silent"), words(f"¥{i}"))) for i in range(rows))
    return Rows(title, "note", (Column("Who"), Column("Why"), Column("Worth", "num")), lines)


def bottom(slide: Any) -> float:
    """Where the content of a slide ends, as a share of its room."""
    from playbook.report.print.slide_page import FOOT

    inside = [s for s in slide.shapes if s.top < FOOT and not s.is_placeholder]
    ends = [
        s.top + (sum(r.height for r in s.table.rows) if s.has_table else s.height) for s in inside
    ]
    begin = max(s.top for s in inside if s.height == 0)  # the rule below the title
    return (max(ends) - begin) / (FOOT - begin)


@pytest.mark.parametrize(
    ("panels", "slides"),
    [
        ((few("One", 24), few("Two", 4)), 1),  # in two columns
        ((few("One", 50), few("Two", 4)), 2),
        ((few("One", 23),), 1),
        ((MANY,), 4),
        ((few("One", 2), few("Two", 3), few("Three", 12)), 1),
        ((REGIONS, few("Two", 3)), 1),
        ((few("One", 3),), 1),
    ],
)
def test_no_slide_is_nearly_empty_and_none_runs_over_its_foot(
    tmp_path: Path, panels: tuple[Rows, ...], slides: int
) -> None:
    made = list(written(tmp_path / "a.pptx", sheet(*panels)).slides)[1:]
    shares = [bottom(slide) for slide in made]
    assert len(made) == slides and max(shares) <= 1.0
    assert all(share >= 0.5 for share in shares[1:])
    tables = [s.table for slide in made for s in slide.shapes if s.has_table]
    plain = sum(len(panel.lines) for panel in panels)
    assert sum(len(t.rows) - 1 for t in tables) == plain


def test_a_table_alone_takes_larger_type_but_never_breaks_a_number(tmp_path: Path) -> None:
    from playbook.report.print.slide_tables import grid_of, readable, widths_of

    alone = list(written(tmp_path / "a.pptx", sheet(few("One", 4))).slides)[1]
    table = next(s.table for s in alone.shapes if s.has_table)
    size = table.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size.pt
    assert size == 18
    grid = grid_of(sheet(MANY)["panels"][0])
    room = 5_000_000
    widths = widths_of(grid, room, 10)
    assert sum(widths) == pytest.approx(room, abs=5)
    # names and reasons give alike, the number keeps its place
    assert widths[0] == pytest.approx(widths[1], rel=0.02)
    assert readable(grid_of(sheet(few("One", 4))["panels"][0]), room, 10)
    assert not readable(grid, room, 10)  # five lines of a name
    assert not readable(grid_of(sheet(few("One", 4))["panels"][0]), 900_000, 10)


def test_a_number_in_chinese_has_room_beside_the_name_of_its_bar(tmp_path: Path) -> None:
    """Office programs set 万 and a minus apart and write a decimal more than the panel does."""
    room = [ends_of(-100.0, 0.0, [text], 4_000_000, 1.0) for text in ("left −166m", "离开 −166万")]
    assert room[1] > 1.4 * room[0]


def test_figures_and_chinese_of_a_row_meet_at_its_middle(tmp_path: Path) -> None:
    """A row of one line; one of several begins at the top."""
    long = "两位销售一起拜访客户并商定续约的条件与下一步的日期" * 3
    rows = Rows(
        "t", "", (Column("a"), Column("b", "num", right=True)),
        (Line((words("客户"), words("90"))), Line((words(long), words("8")))),
    )  # fmt: skip
    slide = written(tmp_path / "a.pptx", sheet(rows), language="zh").slides[-1]
    table = next(s.table for s in slide.shapes if s.has_table)
    anchors = [table.cell(y, 1).vertical_anchor for y in (1, 2)]
    assert str(anchors[0]).startswith("MIDDLE") and anchors[1] is None


def test_of_two_columns_of_bars_each_has_its_own_name(tmp_path: Path) -> None:
    shares = Rows(
        "t", "", (Column(""), Column("of customers", "bars"), Column("of sales", "bars")),
        tuple(Line((words(n), bars(0.11, "11 %"), bars(0.44, "44 %"))) for n in ("a", "b")),
    )  # fmt: skip
    slide = written(tmp_path / "a.pptx", sheet(shares)).slides[-1]
    (chart,) = charts(slide)
    assert [s.name for s in chart.plots[0].series] == ["of customers"]
    table = next(s.table for s in slide.shapes if s.has_table)
    assert [c.text for c in table.rows[0].cells] == ["", "of sales"]
