"""Live controls in tests: what ``explore`` shows a reader, moved as a reader would."""

import IPython.display
import pytest


@pytest.fixture
def live(monkeypatch):
    """The controls by name and the page of the last ``explore``, as a live notebook shows them."""
    seen = []
    monkeypatch.delenv("PLAYBOOK_BATCH", raising=False)
    monkeypatch.setattr(IPython.display, "display", seen.append)

    def shown():
        *controls, page = seen[-1].children
        return {control.description: control for control in controls}, page

    return shown


def move(control, page, *values):
    """Every value shows a page of its own."""
    for value in values:
        before = page.value
        control.value = value
        assert page.value != before, f"{control.description} moved nothing"
        assert "Error" not in page.value and "nan" not in page.value.lower().replace("finance", "")
