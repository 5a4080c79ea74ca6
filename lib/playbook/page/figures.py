"""The house style of figures: sizes, fonts and inks that print well and read in grey; SVG that is
the same every time.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

from .blocks import Figure
from .measured import remembering

# The notation of every edition (``notation``): the actual first, then the accent, then greys.
# Neighbours differ in lightness (L* 21, 40, 61, 43, 77, 34), so that they differ in grey too.
INKS = ("#2B3442", "#1F5FA8", "#8C95A3", "#5F6772", "#B9C0CA", "#44506A")
GOOD, BAD, WARN, MUTED, RULE = "#2A9D7A", "#B3261E", "#8A6100", "#6B7480", "#C9CED6"
CUTS = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
WIDTH = 6.7  # inches of a full-width figure: the text width of the printed page


@cache
def fonts() -> tuple[str, ...]:
    """Families of the page, Latin first, then Simplified Chinese; registered once."""
    names = []
    for path in font_files():
        font_manager.fontManager.addfont(path)
        name = font_manager.FontProperties(fname=path).get_name()
        if name not in names:
            names.append(name)
    return tuple(names)


def font_files() -> list[Path]:
    """Font files of the packages we lock, for matplotlib and for Typst alike: the few cuts the
    house uses.
    """
    found: list[Path] = []
    for package in ("font_source_sans_pro", "font_source_serif_pro", "pylopdf_fonts_zh_cn"):
        found += sorted(
            path
            for path in Path(str(files(package))).rglob("*.otf")
            if path.stem.partition("-")[2] in CUTS
        )
    return found


def canvas(
    height: float = 2.8, width: float = WIDTH, columns: int = 1, rows: int = 1, **options
) -> tuple[Canvas, Axes]:
    """A figure and its axes (an array of axes when there are several), in the house style. Sizes in
    inches.
    """
    use()
    fig = Canvas(figsize=(width, height), layout="constrained")
    return fig, fig.subplots(rows, columns, **options)


def use() -> None:
    """Turn the house style on for the process; texts drawn later take it too."""
    mpl.rcParams.update(style())


@cache
def _style() -> dict:
    return {
        "font.family": [name for name in fonts() if "Sans" in name],
        "font.size": 8.5,
        "axes.titlesize": 9,
        "axes.labelsize": 8.5,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": MUTED,
        "axes.linewidth": 0.6,
        "axes.labelcolor": "#333333",
        "xtick.color": "#333333",
        "ytick.color": "#333333",
        "text.color": "#1d1d1f",
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "axes.grid": False,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "axes.prop_cycle": mpl.cycler(color=list(INKS)),
        "lines.linewidth": 1.6,
        "lines.markersize": 4,
        "axes.unicode_minus": True,
        "text.parse_math": False,
        "svg.fonttype": "path",
        "figure.dpi": 100,
        "axes.axisbelow": True,
        "hatch.linewidth": 0.75,
    }


def ready() -> None:
    """Read fonts and their characters now, for processes forked from this one."""
    _style()
    _known()


def style() -> dict:
    """The rcParams of the house."""
    return dict(_style())


def finish(fig: Canvas, *, title: str, alt: str, note: str = "") -> Figure:
    """The drawn figure as a block: same drawing, same bytes. ``note`` states unit, window, n and
    as-of.
    """
    salt = hashlib.sha256(f"{title}\0{alt}".encode()).hexdigest()[:12]
    _printable(fig)
    out = io.StringIO()
    with remembering(), mpl.rc_context({**style(), "svg.hashsalt": salt, "svg.id": f"f{salt}"}):
        lay_out(fig)
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return Figure(svg=_lean(out.getvalue(), f"f{salt[:6]}"), alt=alt, title=title, note=note)


def lay_out(fig: Canvas) -> None:
    """Put the axes where the writer would put them, once: matplotlib would draw everything without
    output for that alone, before it draws. Figures without a layout engine stay as they are.
    """
    engine = fig.get_layout_engine()
    if engine is None:
        return
    from matplotlib import cbook
    from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

    FigureCanvasSVG(fig)
    fig.set_dpi(72)
    width, height = fig.get_size_inches() * 72
    renderer = RendererSVG(width, height, io.StringIO(), image_dpi=72)
    with cbook._setattr_cm(fig, _get_renderer=lambda: renderer), renderer._draw_disabled():
        engine.execute(fig)
    fig.set_layout_engine(None)


def _remember_fonts() -> None:
    """Matplotlib looks for the fonts of a text each time it measures it; the answer depends on the
    text's properties alone.
    """
    found: dict[tuple, list] = {}
    search = font_manager.FontManager._find_fonts_by_props

    def remembered(
        self: Any,
        prop: Any,
        fontext: str = "ttf",
        directory: str | None = None,
        fallback_to_default: bool = True,
        rebuild_if_missing: bool = True,
    ) -> list:
        prop = font_manager.FontProperties._from_any(prop)
        family, size, file = tuple(prop.get_family()), prop.get_size(), prop.get_file()
        shape = (prop.get_style(), prop.get_weight(), prop.get_stretch(), prop.get_variant())
        key = (family, *shape, size, file, fontext, directory)
        if key not in found:
            found[key] = search(
                self, prop, fontext, directory, fallback_to_default, rebuild_if_missing
            )
        return found[key]

    font_manager.FontManager._find_fonts_by_props = remembered


_remember_fonts()


@cache
def _known() -> frozenset[int]:
    """Characters the fonts of a drawing have."""
    wanted = ("SourceSansPro-Regular", "NotoSansSC-Regular")
    return frozenset(
        c
        for path in font_files()
        if path.stem in wanted
        for c in font_manager.get_font(str(path)).get_charmap()
    )


def _printable(fig: Canvas) -> None:
    """A character no font has becomes a box on purpose, instead of one by accident and a warning
    per draw.
    """
    beside = [child for child in fig.get_children() if child not in fig.axes]
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):  # an axis writes its labels again whenever it is drawn
            formatter = axis.get_major_formatter()
            formatter.format_ticks = partial(_printed_ticks, formatter.format_ticks)
            beside.append(axis.label)
            if not axis.label.get_text():
                axis.set_label_coords(0.5, 0.5)  # or its place is looked for each time
        beside += [child for child in ax.get_children() if not isinstance(child, Axis)]
    for child in beside:
        for text in child.findobj(Text) if not isinstance(child, Text) else [child]:
            text.set_text(_printed(text.get_text()))


def _printed_ticks(written: Callable[[Any], list[str]], values: Any) -> list[str]:
    return [_printed(words) for words in written(values)]


def _printed(words: str) -> str:
    if words.isascii() or _known().issuperset(map(ord, words)):
        return words
    return "".join(
        c if ord(c) in _known() or c.isspace() else "" if c in "\ufe0e\ufe0f\u200b\u200d" else "□"
        for c in words
    )


def _lean(svg: str, prefix: str) -> str:
    """The drawing alone: no prolog, no licence vocabulary of the writer, ids of its own, current
    spelling of links.
    """
    svg = svg[svg.index("<svg") :]
    before, begun, after = svg.partition("<metadata>")
    svg = before.rstrip() + after.partition("</metadata>")[2] if begun else svg
    first, *others = svg.split("<!--")
    parts = [first, *(part.partition("-->")[2] for part in others)]
    svg = "".join([*(part.rstrip() for part in parts[:-1]), parts[-1]])
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace(
        "xlink:href=", "href="
    )
    svg = svg.replace(' id="', f' id="{prefix}-')
    return svg.replace('href="#', f'href="#{prefix}-').replace("url(#", f"url(#{prefix}-")
