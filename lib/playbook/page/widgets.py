"""Widgets that redraw what a pure function returns, and fall back to a static table where there is no one to move them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playbook.base.params import is_batch

from .blocks import Block
from .results import Result, show


@dataclass(frozen=True)
class Slider:
    """A number to move: label, low, high, step, start, and how it is written (a d3 format)."""

    label: str
    low: float
    high: float
    step: float
    start: float
    readout: str = ",.2f"


@dataclass(frozen=True)
class Choice:
    """One of several named options."""

    label: str
    options: Sequence[Any]
    start: Any = None


Shown = Result | Block | Sequence[Block] | str | None


def explore(draw: Callable[..., Shown], controls: dict[str, Slider | Choice], *, static: Shown, missing: Result | None = None) -> None:
    """Controls above what ``draw(**values)`` returns; in batch ``static`` alone.

    ``missing`` (a section that is not available) shows nothing at all: its note already stands on the page.
    """
    if missing is not None and missing.status != "ok":
        return
    if is_batch():
        _show(static)
        return
    import ipywidgets as widgets
    made = {name: _widget(widgets, control) for name, control in controls.items()}
    output = widgets.interactive_output(lambda **values: _show(draw(**values)), made)
    from IPython.display import display
    display(widgets.VBox([*made.values(), output]))


def _show(thing: Shown) -> None:
    show(*thing) if isinstance(thing, (list, tuple)) else show(thing)  # type: ignore[arg-type]


def _widget(widgets: Any, control: Slider | Choice) -> Any:
    wide = {"layout": widgets.Layout(width="32rem"), "style": {"description_width": "14rem"}, "description": control.label}
    if isinstance(control, Choice):
        return widgets.Dropdown(options=list(control.options), value=control.start if control.start is not None else control.options[0], **wide)
    kind = widgets.IntSlider if all(float(v).is_integer() for v in (control.low, control.high, control.step, control.start)) else widgets.FloatSlider
    return kind(value=control.start, min=control.low, max=control.high, step=control.step, readout_format="d" if kind is widgets.IntSlider else control.readout,
                continuous_update=False, **wide)



