"""One choice at the top of a live notebook: what is shown below is made again from the book that
the choice means.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from playbook.base.errors import PlaybookError
from playbook.page import Missing, Result, Text, section
from playbook.page.blocks import Figure
from playbook.page.follow import Following
from playbook.page.origins import Origin, explorer, state


@dataclass(frozen=True)
class Sum(Result):
    """A result over a list of numbers."""

    total: int

    def figure(self) -> Figure:
        return Figure("<svg></svg>", f"a bar of {self.total}", "Bar")

    def reading(self) -> str:
        return f"The sum is {self.total}."


calls: list[str] = []


@section("sum")
def added(book) -> Sum:
    calls.append("added")
    return Sum(sum(book))


@section("double")
def doubled(book, first: Sum, *, times: int = 2) -> Sum:
    calls.append("doubled")
    return Sum(first.total * times + 0 * len(book))


@pytest.fixture
def shell(monkeypatch):
    """A notebook's names, and the cell that runs."""
    made = SimpleNamespace(user_ns={}, execution_count=1, cell="a")
    made.get_parent = lambda: {"metadata": {"cellId": made.cell}}
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    return made


@pytest.fixture
def following(shell):
    """A follower over books of numbers by region; handles keep what they show."""
    books = {"all": [1, 2, 3], "north": [1], "south": [2, 3]}

    def narrow(choice):
        if choice["Region"] not in books:
            raise PlaybookError([f"no region {choice['Region']}"])
        return books[choice["Region"]]

    calls.clear()
    made = Following(narrow, books["all"])
    made.seen = []
    state.follower = made
    yield made
    state.follower = None


def put(following, *things):
    """``put`` with a place that keeps its last page instead of a browser."""
    from playbook.page.follow import Shown
    from playbook.page.results import html_of

    place = SimpleNamespace(page=html_of(things))

    def update():
        place.page = html_of(following.anew(things))

    following._keep(Shown(update))
    return place


def test_results_and_figures_shown_follow_the_choice(following, shell):
    book = shell.user_ns["book"] = following.book
    first = shell.user_ns["first"] = added(book)
    second = shell.user_ns["second"] = doubled(book, first, times=10)
    places = [put(following, first.figure()), put(following, first, "a sentence", second)]
    told: list[str] = []
    calls.clear()
    following.move({"Region": "south"}, told.append)
    assert "a bar of 5" in places[0].page
    assert "The sum is 5." in places[1].page and "The sum is 50." in places[1].page
    assert "a sentence" in places[1].page
    assert told == ["1 of 2", "2 of 2"]
    assert sorted(calls) == ["added", "doubled"]  # each once, however often it is shown
    assert shell.user_ns["first"].total == 5 and shell.user_ns["second"].total == 50
    assert shell.user_ns["book"] == [2, 3]
    calls.clear()
    following.move({"Region": "all"}, told.append)
    assert "a bar of 6" in places[0].page and "The sum is 60." in places[1].page
    assert sorted(calls) == ["added", "doubled"]
    assert shell.user_ns["second"].total == 60 and shell.user_ns["book"] is book


def test_a_cell_run_again_after_the_choice_follows_the_next(following, shell):
    book = shell.user_ns["book"] = following.book
    put(following, added(book))
    following.move({"Region": "north"}, str)
    shell.execution_count, shell.cell = 2, "a"
    again = put(following, added(shell.user_ns["book"]))
    assert "The sum is 1." in again.page
    assert len(following.cells["a"][1]) == 1  # the place of its earlier run is gone
    following.move({"Region": "south"}, str)
    assert "The sum is 5." in again.page


def test_a_choice_that_is_refused_changes_nothing(following, shell):
    place = put(following, added(following.book))
    with pytest.raises(PlaybookError, match="no region east"):
        following.move({"Region": "east"}, str)
    assert "The sum is 6." in place.page and following.book == [1, 2, 3]


def test_many_choices_leave_no_results_behind(following, shell):
    shell.user_ns["first"] = added(following.book)
    for _ in range(5):
        for region in ("north", "south", "all"):
            following.move({"Region": region}, str)
    assert len(following.calls) <= 2 and len(following.books) <= 3


def test_sections_called_inside_a_section_are_not_kept(following):
    @section("outer")
    def outer(book) -> Sum:
        return added(book)

    result = outer(following.book)
    assert [origin.function.section for origin in following.calls.values()] == ["outer"]
    assert following.calls[id(result)].args == ([1, 2, 3],)


def test_controls_are_made_anew_where_they_stand(following, monkeypatch):
    widgets = pytest.importorskip("ipywidgets")
    boxes = []
    monkeypatch.setattr("IPython.display.display", boxes.append)

    @explorer
    def try_it(result) -> None:
        following.box.children = (*following.box.children, widgets.HTML(f"at {result.total}"))

    try_it(added(following.book))
    assert [child.value for child in boxes[0].children] == ["at 6"]
    following.move({"Region": "north"}, str)
    assert [child.value for child in boxes[0].children] == ["at 1"]


def test_nothing_is_kept_while_nobody_follows():
    assert state.follower is None
    assert added([4]).total == 4 and not isinstance(added([4]), Missing)
    assert Sum(1).figure().alt == "a bar of 1"


def test_what_stands_in_the_way_is_said_at_its_place(following):
    origin = Origin(None, print, (), {})
    from playbook.page.follow import _safe

    def broken() -> str:
        raise PlaybookError(["no orders of South"])

    assert _safe(broken) == Text("no orders of South", role="warning").html()
    assert following.anew(origin) is origin
