"""Bars and numbers of a native chart: fills of the notation, number formats, names of series at
their first bar instead of a legend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .glyphs import width
from .slide_dress import ACTUAL, GREY, POINT, WIDER

Json = dict[str, Any]
# How many units of a number's ending one is: the form Excel writes with that ending. It cuts three
# digits at a comma, so that 万 and 亿 take a point that is a sign of their own.
FORMS = {
    "": ("0{d}", 1.0),
    "k": ('0{d},"k"', 1e3),
    "m": ('0{d},,"m"', 1e6),
    "bn": ('0{d},,,"bn"', 1e9),
    "万": ('0"."0,"万"', 1e4),
    "亿": ('0"."00,,"亿"', 1e8),
}
# What office programs set apart on both sides: Chinese, and a minus, which they take for Chinese.
APART = re.compile(r"[\u4e00-\u9fff]+|−")


def form_of(cells: Sequence[Json], value: Callable[[Json], float | None]) -> str:
    """The number format in which a chart writes what the panel's cells write."""
    best = max(cells, key=lambda c: abs(value(c) or 0.0), default=None)
    found = (
        re.search(r"([^\d\s+−–-]*)(\d[\d,]*)(\.\d+)?\s?(%|pp|k|m|bn|万|亿)?", best["text"])
        if best
        else None
    )
    if found is None:
        return "#,##0"
    prefix, _, decimals, ending = found.groups()
    if ending in ("%", "pp"):
        return "0.0%" if decimals else "0%"
    form, _ = FORMS.get(ending or "", FORMS[""])
    digits = "." + "0" * (len(decimals) - 1) if decimals else ""
    return (f'"{prefix}"' if prefix else "") + form.format(d=digits)


def bare(chart: Any, *, named: bool) -> None:
    """No title, no legend, no grid, no axis of values: every bar carries its number."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    chart.has_title = chart.has_legend = False
    chart.font.size = Pt(9)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    axis = chart.category_axis
    axis.reverse_order = True
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW if named else XL_TICK_LABEL_POSITION.NONE
    axis.format.line.color.rgb = rgb(ACTUAL)


def filled(form: Any, colour: str, edge: str = ACTUAL) -> None:
    from pptx.enum.dml import MSO_PATTERN
    from pptx.util import Pt

    if colour:
        form.fill.solid()
        form.fill.fore_color.rgb = rgb(colour)
    else:  # a forecast
        form.fill.patterned()
        form.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        form.fill.fore_color.rgb, form.fill.back_color.rgb = rgb(ACTUAL), rgb("FFFFFF")
    form.line.color.rgb, form.line.width = rgb(edge), Pt(0.75)


def labels(series: Any, form: str, ink: str, *, first: str = "") -> None:
    """Numbers at the bars, and the name of the series at its first bar instead of a legend."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    given = series.data_labels
    given.show_value = bool(form)
    given.font.size, given.font.color.rgb = Pt(9), rgb(ink)
    given.font.bold = bool(form)
    if form:
        given.number_format, given.number_format_is_linked = form, False
    given.position = XL_LABEL_POSITION.OUTSIDE_END
    given._element.get_or_add_txPr().bodyPr.set("wrap", "none")  # a number stays on one line
    at = next((i for i, v in enumerate(series.values) if v is not None), None)
    if first and at is not None:
        named = series.points[at].data_label._get_or_add_dLbl()
        _name(named, form, ink)


def _name(named: Any, form: str, ink: str) -> None:
    """Make one label say the name of its series before its number."""
    from lxml import etree

    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    index = named.find(f"{{{chart}}}idx").get("val")
    for child in list(named):
        named.remove(child)

    def add(tag: str, value: str) -> None:
        etree.SubElement(named, f"{{{chart}}}{tag}", val=value)

    add("idx", index)
    if form:
        etree.SubElement(named, f"{{{chart}}}numFmt", formatCode=form, sourceLinked="0")
    text = etree.SubElement(named, f"{{{chart}}}txPr")
    etree.SubElement(text, f"{{{main}}}bodyPr", wrap="none")
    paragraph = etree.SubElement(text, f"{{{main}}}p")
    properties = etree.SubElement(paragraph, f"{{{main}}}pPr")
    run = etree.SubElement(properties, f"{{{main}}}defRPr", sz="900", b="1" if form else "0")
    fill = etree.SubElement(run, f"{{{main}}}solidFill")
    etree.SubElement(fill, f"{{{main}}}srgbClr", val=ink if form else GREY)
    etree.SubElement(paragraph, f"{{{main}}}endParaRPr", lang="en-GB")
    add("dLblPos", "outEnd")
    for tag, value in (
        ("showLegendKey", "0"),
        ("showVal", "1" if form else "0"),
        ("showCatName", "0"),
        ("showSerName", "1"),
        ("showPercent", "0"),
        ("showBubbleSize", "0"),
    ):
        add(tag, value)
    etree.SubElement(named, f"{{{chart}}}separator").text = " "


def in_size(charts: Iterable[Any], size: float) -> None:
    """Set the words of charts in the size of the tables beside them."""
    for chart in charts:
        for words in chart._chartSpace.iter():
            if words.get("sz") == "900":
                words.set("sz", str(int(900 * size)))


def ends_of(low: float, most: float, texts: Sequence[str], wide: int, size: float) -> float:
    """How far beyond its bars an axis goes so that the longest number stands at their ends."""
    share = max(map(_written, texts), default=0.0) * 11 * POINT * WIDER * size / wide
    return (most - low) * min(share, 0.6) / (1 - min(share, 0.6))


def _written(text: str) -> float:
    """Width of a number as a program writes it in a chart [em]: in 万 with a decimal the panel
    leaves out, and Chinese set apart from figures and signs.
    """
    more = ".0" if "万" in text and "." not in text else ""
    return width(text + more) + 0.5 * len(APART.findall(text))


def rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)
