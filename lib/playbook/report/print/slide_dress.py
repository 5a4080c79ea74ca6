"""How words of a slide look, in the book's own accent, fonts and logo; and files that are the same
bytes each time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from .editions import ACCENT, families
from .glyphs import width

Json = dict[str, Any]
ACTUAL = "2B3442"
GREY = "5F6772"
LATIN, CHINESE = "Arial", "Microsoft YaHei"  # what every PowerPoint has
WIDER = 1.13  # these are wider than the fonts that ``glyphs`` measures
POINT = 12_700  # EMU
TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]+Z")  # when a part says it was made
MIXED = re.compile(
    r"(?<=[\u2e80-\u9fff])(?=[\w¥+−–])(?![\u2e80-\u9fff])|(?<=[\d%A-Za-z])(?=[\u2e80-\u9fff])"
)
THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"


@dataclass(frozen=True)
class Dress:
    """accent: RRGGBB. family: of the book's own fonts, empty for those of the house. logo: a PNG's
    bytes. foot: words at the foot. language: zh or en.
    """

    accent: str
    family: str
    logo: bytes
    foot: str
    language: str

    @classmethod
    def of(cls, dress: Json, meta: Json, foot: str) -> Dress:
        fonts = [Path(font) for font in dress.get("fonts") or ()]
        return cls(
            accent=(dress.get("accent") or ACCENT).removeprefix("#").upper(),
            family=next(iter(families(fonts)), ""),
            logo=_picture(Path(dress["logo"])) if dress.get("logo") else b"",
            foot=dress.get("footer") or foot,
            language="zh" if str(meta["language"]).startswith("zh") else "en",
        )


def _picture(path: Path) -> bytes:
    """The logo as PNG; an SVG is drawn, because PowerPoint files hold pictures of dots."""
    if path.suffix.lower() == ".png":
        return path.read_bytes()
    import typst

    source = '#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("logo.svg")'
    made = typst.compile(
        {"main.typ": source.encode(), "logo.svg": path.read_bytes()}, format="png", ppi=200
    )
    return bytes(made)


def put_theme(deck: Any, dress: Dress) -> None:
    """Accent and fonts into the deck's theme, so that what is added by hand takes them too."""
    part = deck.slide_masters[0].part.part_related_by(THEME)
    theme = part.blob.decode("utf-8")
    latin, chinese = escape(dress.family or LATIN), escape(dress.family or CHINESE)
    for start, name in (
        ("<a:latin typeface=", latin),
        ("<a:ea typeface=", chinese),
        ('<a:font script="Hans" typeface=', chinese),
    ):
        new = f'{start}"{name}"'.replace("\\", r"\\")
        theme = re.sub(f'{start}"[^"]*"', new, theme)
    accents = (dress.accent, ACTUAL, "8C95A3", "2A9D7A", "B3261E", "8A6100")
    for i, colour in enumerate(accents, start=1):
        new = f'<a:accent{i}><a:srgbClr val="{colour}"/></a:accent{i}>'
        theme = re.sub(rf"<a:accent{i}>.*?</a:accent{i}>", new, theme, flags=re.DOTALL)
    part._blob = theme.encode("utf-8")


def measured(text: str) -> float:
    """Width of a line of text [em]; an arrow comes from a font of its own, as wide as its size,
    and programs put a little air between Chinese and digits.
    """
    return width(text) + 0.5 * text.count("→") + 0.22 * len(MIXED.findall(text))


def lines_of(text: str, room: float, size: float) -> int:
    """How many lines a text takes in ``room`` [EMU] at ``size`` [pt]; at least one."""
    em = room / POINT / size / WIDER
    count = 0
    for paragraph in text.split("\n"):
        count, left = count + 1, em
        for word in re.findall(r"\S+\s*|\s+", paragraph):
            needs = measured(word.rstrip())
            if needs > left and left < em:
                count, left = count + 1, em
            while needs > em:  # Chinese breaks anywhere, and so does a word too long for its line
                count, needs = count + 1, needs - left
                left = em
            left -= needs + width(" ") * (word != word.rstrip())
    return max(count, 1)


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
    frame: Any,
    words: str | Sequence[Json],
    size: float,
    *,
    bold: bool = False,
    colour: str = "",
    left: bool = False,
    language: str = "en",
) -> None:
    """Fill a text frame with a text, or with parts ({"text", "bold"}) of one paragraph."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    if isinstance(words, str):
        frame.text = words
    else:
        frame.text = ""
        for part in words:
            run = frame.paragraphs[0].add_run()
            run.text = part["text"]
            run.font.bold = bool(part["bold"])
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT if left else None
        for run in paragraph.runs:
            run.font.size = Pt(size)
            if isinstance(words, str):
                run.font.bold = bold
            run.font.color.rgb = RGBColor.from_string(colour or ACTUAL)
            run._r.get_or_add_rPr().set("lang", "zh-CN" if language == "zh" else "en-GB")
        if not paragraph.runs:  # an empty line is as tall as the type it is set in
            end = paragraph._p.get_or_add_endParaRPr()
            end.set("sz", str(int(size * 100)))
