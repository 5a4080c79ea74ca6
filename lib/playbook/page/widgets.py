"""Widgets that redraw what a pure function returns, and fall back to a static table where there is
no one to move them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from playbook.base.params import is_batch

from .blocks import Block, Text
from .follow import Following
from .origins import state
from .results import Result, html_of, show


@dataclass(frozen=True)
class Slider:
    """A number to move: label, low, high, step, start, and how it is written (a d3 format). The
    ends make room for a start beyond them, for a widget would move it without a word.
    """

    label: str
    low: float
    high: float
    step: float
    start: float
    readout: str = ",.2f"

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", min(self.low, self.start))
        object.__setattr__(self, "high", max(self.high, self.start))


@dataclass(frozen=True)
class Choice:
    """One of several named options, or of pairs: what is shown, and what it stands for."""

    label: str
    options: Sequence[Any]
    start: Any = None


Shown = Result | Block | Sequence[Block] | str | None


def explore(
    draw: Callable[..., Shown],
    controls: dict[str, Slider | Choice],
    *,
    static: Shown,
    missing: Result | None = None,
) -> None:
    """Controls above what ``draw(**values)`` returns; in batch, and where ipywidgets is not
    installed, ``static`` alone.

    ``missing`` (a section that is not available) shows nothing at all: its note already stands on
    the page.
    """
    if missing is not None and missing.status != "ok":
        return
    if is_batch() or find_spec("ipywidgets") is None:  # an extra: pip install 'playbook[lab]'
        _show(static)
        return
    import ipywidgets as widgets
    from IPython.display import display

    from .screen import Style, live

    room = label_room(control.label for control in controls.values())
    made = {name: _widget(widgets, control, room) for name, control in controls.items()}
    page = widgets.HTML(_html(draw(**{name: control.value for name, control in made.items()})))

    def redraw(_change: Any) -> None:
        try:
            page.value = _html(draw(**{name: control.value for name, control in made.items()}))
        except (
            Exception
        ) as error:  # said where the reader looks; a live page has no other place for it
            page.value = Text(f"{type(error).__name__}: {error}", role="warning").html()

    for control in made.values():
        control.observe(redraw, names="value")
    if live():
        display(Style())
    follower = state.follower
    if isinstance(follower, Following) and follower.box is not None:
        follower.box.children = (*follower.box.children, *made.values(), page)
        return
    display(widgets.VBox([*made.values(), page]))


def _html(thing: Shown) -> str:
    """What is drawn, as one text: an output area would be sent back and forth, which has left
    papermill waiting for ever.
    """
    return html_of(list(thing) if isinstance(thing, (list, tuple)) else [thing])


def _show(thing: Shown) -> None:
    show(*thing) if isinstance(thing, (list, tuple)) else show(thing)  # type: ignore[arg-type]


def label_room(labels: Iterable[str]) -> float:
    """Room for the longest of these labels [rem], at least 14: one that is cut off cannot be read.
    Chinese letters are as wide as two others.
    """
    longest = max((sum(1 if c < "\u2e80" else 2 for c in label) for label in labels), default=0)
    return max(14.0, 0.5 * longest + 1)


def _widget(widgets: Any, control: Slider | Choice, room: float) -> Any:
    wide = {
        "layout": widgets.Layout(width=f"{room + 18:g}rem"),
        "style": {"description_width": f"{room:g}rem"},
        "description": control.label,
    }
    if isinstance(control, Choice):
        return widgets.Dropdown(
            options=list(control.options),
            value=control.start if control.start is not None else control.options[0],
            **wide,
        )
    kind = (
        widgets.IntSlider
        if all(
            float(v).is_integer() for v in (control.low, control.high, control.step, control.start)
        )
        else widgets.FloatSlider
    )
    return kind(
        value=control.start,
        min=control.low,
        max=control.high,
        step=control.step,
        readout_format=",d" if kind is widgets.IntSlider else control.readout,
        continuous_update=False,
        **wide,
    )
