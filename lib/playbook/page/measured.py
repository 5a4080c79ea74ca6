"""Texts and ticks of drawings measured once. Matplotlib looks for fonts, shapes words and places
lines anew each time it asks how large a text is, some six times per text and drawing; the answers
depend on the words and their type alone. It writes the ticks of an axis anew each time one of its
lines or labels is measured, some eleven times, while nothing has moved.

Only while the house draws (``remembering``): figures of a reader's own are left as they are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from matplotlib import font_manager
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

_layouts: dict[tuple, tuple] = {}
_sizes: dict[tuple, tuple] = {}
_glyphs: dict[tuple, tuple] = {}
_paths: dict[str, Any] = {}
MOST = 20_000  # texts remembered; a process that draws more starts again


def type_of(prop: font_manager.FontProperties) -> tuple:
    """Family, cut and size: everything that decides how a text is set."""
    return (*prop.get_family(), *list(prop.__dict__.values())[1:])


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Within the block matplotlib measures and shapes each text once."""
    before = [(kind, name, getattr(kind, name)) for kind, name, _ in PATCHES]
    for kind, name, patched in PATCHES:
        setattr(kind, name, patched)
    try:
        yield
    finally:
        for kind, name, own in before:
            setattr(kind, name, own)
        if len(_layouts) + len(_glyphs) > MOST:
            for store in (_layouts, _sizes, _glyphs, _paths):
                store.clear()


def _layout(self: Text, renderer: Any, own: Callable = Text._get_layout) -> tuple:
    if self._wrap or self._transform_rotates_text or self._parse_math:
        return own(self, renderer)
    key = (
        self._text,
        type_of(self._fontproperties),
        self._rotation,
        self._rotation_mode,
        self._horizontalalignment,
        self._verticalalignment,
        self._multialignment,
        self._linespacing,
        self.get_figure(root=True).dpi,
    )
    if (found := _layouts.get(key)) is None:
        found = _layouts[key] = own(self, renderer)
    return found


def _size(
    self: TextToPath,
    s: str,
    prop: font_manager.FontProperties,
    ismath: Any,
    own: Callable = TextToPath.get_text_width_height_descent,
) -> tuple:
    key = (s, type_of(prop), ismath)
    if (found := _sizes.get(key)) is None:
        found = _sizes[key] = own(self, s, prop, ismath)
    return found


def _shaped(
    self: TextToPath,
    font: Any,
    s: str,
    glyph_map: Any = None,
    return_new_glyphs_only: bool = False,
    *,
    own: Callable = TextToPath.get_glyphs_with_font,
    **how: Any,
) -> tuple:
    if any(how.values()) or not return_new_glyphs_only:
        return own(self, font, s, glyph_map, return_new_glyphs_only, **how)
    key = (s, id(font))
    if (known := _glyphs.get(key)) is None:
        placed, paths, _ = own(self, font, s)
        _paths.update(paths)
        known = _glyphs[key] = (placed, font)  # kept, so that no other font gets its id
    placed = known[0]
    new = {name: _paths[name] for name, *_ in placed if name not in glyph_map}
    return placed, new, []


def _ticks(self: Axis, own: Callable = Axis._update_ticks) -> list:
    """The ticks an axis draws; written again only where its span or its place has changed."""
    state = (*self.get_view_interval(), *self.axes.bbox.bounds, self.get_figure(root=True).dpi)
    known = vars(self).get("_house_ticks")
    if known is None or known[0] != state:
        known = vars(self)["_house_ticks"] = (state, own(self))
    return known[1]


PATCHES = (
    (Axis, "_update_ticks", _ticks),
    (Text, "_get_layout", _layout),
    (TextToPath, "get_text_width_height_descent", _size),
    (TextToPath, "get_glyphs_with_font", _shaped),
)
