"""How words and charts of a slide look, and files that are the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

Json = dict[str, Any]
ACTUAL = "2B3442"
TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]+Z")  # when a part says it was made


def dress(chart: Any, colours: Sequence[str]) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    chart.has_title = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size = Pt(9)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_labels.font.size = Pt(9)
    chart.value_axis.tick_labels.font.size = Pt(8)
    most = max((v for s in chart.plots[0].series for v in s.values if v is not None), default=0)
    form = '0.0,,"m"' if most >= 1e7 else '0,"k"' if most >= 1e4 else "0%" if most <= 1 else "0"
    chart.value_axis.tick_labels.number_format = form
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.plots[0].gap_width = 60
    chart.value_axis.has_major_gridlines = False
    for series, colour in zip(chart.plots[0].series, colours, strict=True):
        if not colour:
            series.format.fill.background()
            continue
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour)
        series.format.line.color.rgb = RGBColor.from_string(ACTUAL)


def same_bytes(made: bytes, day: datetime) -> bytes:
    """The archive with every entry dated the as-of day, those of embedded workbooks too."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = same_bytes(content, day)
            elif entry.filename == "docProps/core.xml":
                content = TIME.sub(day.strftime("%Y-%m-%dT00:00:00Z").encode(), content)
            info = zipfile.ZipInfo(entry.filename, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()


def write_words(
    frame: Any, words: str, size: int, *, bold: bool = False, colour: str = "", left: bool = False
) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.text = words
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT if left else None
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = RGBColor.from_string(colour or ACTUAL)
