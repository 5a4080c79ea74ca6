"""One choice at the top of a live notebook that everything shown below it follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Protocol

from playbook.base.errors import PlaybookError
from playbook.base.language import say

from . import origins
from .blocks import Text
from .origins import Origin
from .results import Result, html_of

Narrow = Callable[[Mapping[str, str]], Any]


@dataclass
class Shown:
    """What one place of the page shows, and how it is shown again."""

    update: Callable[[], None]


@dataclass
class Following:
    """The book chosen, the calls that made what is shown, and the places that show it.

    narrow: from the choice (name of the control → what is chosen) to the book it means.
    """

    narrow: Narrow
    book: Any
    books: list[Any] = field(default_factory=list)
    calls: dict[int, Origin] = field(default_factory=dict)
    cells: dict[str, tuple[int, list[Shown]]] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)  # of the choice now, by what it stands for
    roots: dict[int, Any] = field(default_factory=dict)  # what a thing made again stands for
    box: Any = None  # where controls are put while a place is filled

    def __post_init__(self) -> None:
        self.books.append(self.book)

    def record(self, origin: Origin) -> None:
        if origin.made is not None:
            self.calls[id(origin.made)] = origin

    def anew(self, thing: Any) -> Any:
        """``thing`` made from the book chosen now: a book, what a recorded call made, a list of
        these; anything else as it is.
        """
        if any(thing is book for book in self.books):
            return self.book
        if type(thing) in (list, tuple):
            return type(thing)(self.anew(one) for one in thing)
        if type(thing) is dict:
            return {key: self.anew(one) for key, one in thing.items()}
        root = self.roots.get(id(thing), thing)
        if id(root) in self.made:
            return self.made[id(root)]
        origin = self.calls.get(id(root))
        if origin is None or origin.made is not root:
            return thing
        made = self.called(origin)
        self.made[id(root)] = made
        self.roots[id(made)] = root
        return made

    def called(self, origin: Origin) -> Any:
        """The call made again with the arguments of now; of a method, on the result of now."""
        args = tuple(self.anew(one) for one in origin.args)
        kwargs = {name: self.anew(one) for name, one in origin.kwargs.items()}
        name = origin.function.__name__
        if args and isinstance(origin.args[0], Result) and hasattr(type(origin.args[0]), name):
            return getattr(args[0], name)(*args[1:], **kwargs)
        return origin.function(*args, **kwargs)

    def move(self, choice: Mapping[str, str], told: Callable[[str], None]) -> None:
        """Show every place again for ``choice``; ``told`` hears how far it is.

        Raises what ``narrow`` raises, before anything changes.
        """
        book = self.narrow(choice)
        before = set(map(id, self.made.values()))
        self.book, self.books, self.made = book, [self.books[0], self.book, book], {}
        places = [place for _, shown in self.cells.values() for place in shown]
        for number, place in enumerate(places, start=1):
            told(say("{number} of {places}", number=number, places=len(places)))
            place.update()
        self._name_anew()
        for old in before - set(map(id, self.made.values())):  # nothing stands for them any more
            self.calls.pop(old, None)
            self.roots.pop(old, None)

    def _name_anew(self) -> None:
        """Names of the notebook stand for the results of now, so that a cell run again agrees with
        what is shown.
        """
        from IPython import get_ipython

        names = get_ipython().user_ns
        for name, value in list(names.items()):
            if name.startswith("_"):
                continue
            if id(value) in self.calls or any(value is book for book in self.books):
                names[name] = self.anew(value)

    def put(self, things: tuple[Any, ...]) -> None:
        """Show ``things`` at a place of this cell that can be shown again."""
        from IPython.display import HTML, display

        def page() -> Any:
            return HTML(_safe(lambda: html_of(self.anew(things))))

        handle = display(page(), display_id=True)
        self._keep(Shown(lambda: handle.update(page())))

    def place(self, call: Callable[[], None], origin: Origin) -> None:
        """Controls at a place of this cell; when the choice moves they are made anew there."""
        import ipywidgets as widgets
        from IPython.display import display

        box = widgets.VBox([])
        self._fill(box, call)
        display(box)
        self._keep(Shown(lambda: self._fill(box, lambda: self.called(origin))))

    def _fill(self, box: Any, call: Callable[[], Any]) -> None:
        import ipywidgets as widgets

        self.box, box.children = box, ()
        try:
            fault = _safe(lambda: call() or "")
            if fault:
                box.children = (widgets.HTML(fault),)
        finally:
            self.box = None

    def _keep(self, shown: Shown) -> None:
        """Remember a place; those of an earlier run of the same cell are gone from the page."""
        from IPython import get_ipython

        shell = get_ipython()
        cell = str(shell.get_parent().get("metadata", {}).get("cellId", shell.execution_count))
        count, places = self.cells.get(cell, (-1, []))
        if count != shell.execution_count:
            places = []
        places.append(shown)
        self.cells[cell] = (shell.execution_count, places)


class Choices(Protocol):
    """What a reader may choose, and what a choice means."""

    @property
    def book(self) -> Any: ...
    @property
    def controls(self) -> Mapping[str, tuple[str, Sequence[tuple[str, str]]]]: ...
    def narrowed(self, choice: Mapping[str, str], /) -> Any: ...


def choose(among: Choices) -> None:
    """Controls (key → label and options, shown and meant); everything shown below follows what is
    chosen. In a batch, or without ipywidgets, nothing.

    A choice that ``among.narrowed`` refuses with a PlaybookError changes nothing, and says why.
    """
    from .screen import Style, live

    if not live() or find_spec("ipywidgets") is None:
        return
    import ipywidgets as widgets
    from IPython.display import display

    following = Following(among.narrowed, among.book)
    origins.state.follower = following
    controls = {
        key: widgets.Dropdown(
            options=list(options),
            description=label,
            layout=widgets.Layout(width="18rem"),
            style={"description_width": "7rem"},
        )
        for key, (label, options) in among.controls.items()
    }
    state = widgets.HTML()

    def moved(_change: Any) -> None:
        def told(text: str) -> None:
            state.value = Text(text, role="note").html()

        try:
            following.move({key: str(one.value) for key, one in controls.items()}, told)
            state.value = ""
        except PlaybookError as error:
            state.value = Text(str(error), role="warning").html()

    for control in controls.values():
        control.observe(moved, names="value")
    row = widgets.Box(
        list(controls.values()), layout=widgets.Layout(flex_flow="row wrap", display="flex")
    )
    display(Style())
    display(widgets.VBox([row, state]))


def _safe(page: Callable[[], str]) -> str:
    """The page, or what stands in its way: said where the reader looks, and the rest goes on."""
    try:
        return page()
    except PlaybookError as error:
        return Text(str(error), role="warning").html()
    except Exception as error:
        return Text(f"{type(error).__name__}: {error}", role="warning").html()
