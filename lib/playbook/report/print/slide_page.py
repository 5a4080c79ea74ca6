"""The page of a slide: a title that is a message, a grey line, the accent's rule, logo and foot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from .slide_dress import GREY, POINT, Dress, lines_of, write_words
from .slide_tables import LINE, Grid, put_table

Json = dict[str, Any]
WIDE, HIGH = 12_192_000, 6_858_000  # 16:9 [EMU]
OLD_WIDE = 9_144_000  # of the package's layouts
SIDE, FOOT = 420_000, HIGH - 330_000  # margin of the content, top of the foot [EMU]
HALF = (WIDE - 3 * SIDE) // 2
TITLE, NOTE, HEAD, TABLE, PROSE, SMALL = 20, 9, 11, 10, 10.5, 8  # type sizes [pt]


def widen(deck: Any) -> None:
    """The package's layouts are 4:3; what is added by hand later finds its place on 16:9."""
    for page in (deck.slide_masters[0], *deck.slide_layouts):
        for shape in page.shapes:
            shape.left, shape.top = shape.left * WIDE // OLD_WIDE, shape.top
            shape.width, shape.height = shape.width * WIDE // OLD_WIDE, shape.height


class SlidePage:
    """Slides of one deck: a title that is a message, a grey line, a foot. ``top`` is where the
    content of the last slide begins.
    """

    def __init__(self, deck: Any, dress: Dress):
        self.deck, self.dress, self.slide, self.top = deck, dress, None, 0
        self.title = self.note = self.source = ""

    def begins(self, title: str, note: str) -> int:
        """Where the content of a slide with this title and grey line begins [EMU]."""
        return self._rule(self._tall(title), note) + 110_000

    def _room(self) -> int:
        return WIDE - 2 * SIDE - (900_000 if self.dress.logo else 0)

    def _tall(self, title: str) -> int:
        # bold is wider
        return int(TITLE * POINT * LINE * lines_of(title, self._room() * 0.92, TITLE))

    @staticmethod
    def _rule(tall: int, note: str) -> int:
        lines = lines_of(note, WIDE - 2 * SIDE, NOTE) if note else 0
        return 240_000 + tall + int(NOTE * POINT * LINE * lines) + 60_000

    def new(self, title: str, note: str, source: str) -> None:
        from pptx.dml.color import RGBColor

        slide: Any = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        self.slide, self.title, self.note, self.source = slide, title, note, source
        head, tall = slide.shapes.title, self._tall(title)
        head.left, head.top, head.width, head.height = SIDE, 220_000, self._room(), tall
        frame = head.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self._write(frame, title, TITLE, bold=True, left=True)
        if self.dress.logo:
            picture = slide.shapes.add_picture(
                io.BytesIO(self.dress.logo), WIDE - SIDE, 230_000, height=300_000
            )
            picture.width = min(picture.width, 860_000)
            picture.left = WIDE - SIDE - picture.width
            picture._element.nvPicPr.cNvPr.set("descr", self.deck.core_properties.author)
        self.text(note, SIDE, 240_000 + tall, WIDE - 2 * SIDE, NOTE, GREY)
        top = self._rule(tall, note)
        rule = slide.shapes.add_connector(1, SIDE, top, WIDE - SIDE, top)
        rule.line.color.rgb, rule.line.width = RGBColor.from_string(self.dress.accent), 19_050
        self.top = top + 110_000
        foot = f"{self.dress.foot}   ·   {len(self.deck.slides)}"
        self.text(foot, SIDE, FOOT + 40_000, WIDE - 2 * SIDE, SMALL, GREY)
        slide.notes_slide.notes_text_frame.text = source

    def _write(self, frame: Any, words: str | Sequence[Json], size: float, **how: Any) -> None:
        write_words(frame, words, size, language=self.dress.language, **how)

    def text(
        self,
        words: str | Sequence[Json],
        left: int,
        top: int,
        room: int,
        size: float,
        colour: str = "",
        bold: bool = False,
    ) -> int:
        """Put words on the slide; where they end [EMU]."""
        plain = words if isinstance(words, str) else "".join(p["text"] for p in words)
        if not plain:
            return top
        tall = int(size * POINT * LINE * lines_of(plain, room, size))
        box = self.slide.shapes.add_textbox(left, top, room, tall)  # type: ignore[attr-defined]
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self._write(frame, words, size, colour=colour, bold=bold)
        return top + tall

    @staticmethod
    def tall(words: str, room: int, size: float) -> int:
        """Height of words [EMU]."""
        return int(size * POINT * LINE * lines_of(words, room, size)) if words else 0

    def told(self, words: str) -> None:
        """Add a line to the slide's notes."""
        notes: Any = self.slide
        frame = notes.notes_slide.notes_text_frame
        frame.text = f"{frame.text}\n{words}"

    def head(self, panel: Json, left: int, room: int, top: int, size: float = 1.0) -> int:
        """A panel's message and the grey line below it; where its content begins. The message is
        not said again below a slide's title that says it; its room stays, so that panels beside
        each other begin in one line.
        """
        at, title = top, panel["title"]
        if title != self.title:
            at = self.text(title, left, top, room, HEAD * size, self.dress.accent, bold=True)
        elif room == HALF:
            at += int(HEAD * size * POINT * LINE * lines_of(title, room, HEAD * size))
        return self.text(panel["note"], left, at + 20_000, room, SMALL * size, GREY) + 70_000

    def table(self, grid: Grid, left: int, top: int, room: int, size: float = TABLE) -> int:
        return put_table(self.slide, grid, left, top, room, size, self.dress.language)
