"""Widgets: a static table in batch, nothing for a missing section, controls in a live notebook."""

import IPython.display
import pytest

from playbook.page import Missing, Text, screen, show
from playbook.page.widgets import Choice, Slider, explore, label_room


@pytest.fixture
def shown(monkeypatch):
    seen = []
    monkeypatch.setattr(IPython.display, "display", seen.append)
    return seen


CONTROLS = {
    "rate": Slider("Win rate", 0.0, 1.0, 0.05, 0.5),
    "n": Slider("Deals", 1, 10, 1, 4),
    "plan": Choice("Plan", ["a", "b"]),
}


@pytest.mark.parametrize(
    ("low", "high", "start", "ends"),
    [(0, 30, 45, (0, 45)), (0, 30, -2, (-2, 30)), (0, 30, 0, (0, 30)), (0, 30, 30, (0, 30))],
)
def test_a_slider_has_room_for_where_it_starts(low, high, start, ends):
    made = Slider("Rate", low, high, 0.5, start)
    assert (made.low, made.high, made.start) == (*ends, start)


def test_static_in_batch(shown, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_BATCH", "1")
    explore(
        lambda **values: pytest.fail("nobody can move it"), CONTROLS, static=[Text("a"), Text("b")]
    )
    assert shown == [Text("a"), Text("b")]


def test_nothing_for_a_missing_section(shown):
    explore(
        lambda **values: pytest.fail("there is nothing to draw"),
        CONTROLS,
        static=Text("a"),
        missing=Missing("x", "needs table y"),
    )
    assert shown == []


def test_controls_with_labels_in_a_live_notebook(shown, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_BATCH", raising=False)
    explore(lambda rate, n, plan: Text(f"{rate} {n} {plan}"), CONTROLS, static=Text("a"))
    box = shown[-1]
    labels = [(type(child).__name__, getattr(child, "description", "")) for child in box.children]
    assert labels[:3] == [("FloatSlider", "Win rate"), ("IntSlider", "Deals"), ("Dropdown", "Plan")]
    assert [child.value for child in box.children[:3]] == [0.5, 4, "a"]
    assert "0.5 4 a" in box.children[3].value
    box.children[0].value = 0.75
    assert "0.75 4 a" in box.children[3].value


def test_what_breaks_while_moving_is_said_on_the_page(shown, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_BATCH", raising=False)
    explore(
        lambda n: Text(str(12 // (n - 1))), {"n": Slider("Deals", 1, 10, 1, 4)}, static=Text("a")
    )
    slider, page = shown[-1].children
    slider.value = 1
    assert "ZeroDivisionError" in page.value
    slider.value = 5
    assert "Error" not in page.value


def test_a_live_notebook_gets_the_rules_a_batch_does_not(shown, monkeypatch):
    monkeypatch.setattr("playbook.page.screen.live", lambda: True)
    show(Text("a"))
    assert "<style>" in shown[0]._repr_mimebundle_()["text/html"] and shown[1:] == [Text("a")]
    monkeypatch.undo()
    monkeypatch.setenv("PLAYBOOK_BATCH", "1")
    assert not screen.live()


def test_the_longest_label_has_room_and_a_chinese_letter_counts_twice():
    assert label_room([]) == label_room(["Win rate"]) == 14
    assert label_room(["Win rate", "errors and rework: cost a year, CNY"]) == 0.5 * 35 + 1
    assert label_room(["每家新客户一年的服务成本（CNY）含税"]) == 0.5 * (16 * 2 + 3) + 1
