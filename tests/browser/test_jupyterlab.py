"""A notebook in a real JupyterLab: it runs, sliders answer, a choice is followed, mistakes are
said in one message, nothing is cut or struck through, and nothing outside is asked.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from playbook.base.places import checkout

REPO = Path(__file__).parents[2]
TOKEN = "open"
# Generated blocks that are struck through, or whose text runs out of a box that does not scroll.
CUT = """() => [...document.querySelectorAll('.jp-OutputArea-output *')].filter(e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!box.width || !e.textContent.trim() || e.closest('svg, pre, style')) return false;
  if (style.textDecorationLine.includes('line-through')) return true;
  const room = e.closest('.jp-OutputArea-output').getBoundingClientRect();
  return !e.closest('.pb-scroll') && box.right > room.right + 2;
}).map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""
# Rows of tables higher than three lines though no cell of theirs holds a long sentence.
HIGH = """() => [...document.querySelectorAll('.pb-table tbody tr')].filter(e =>
  e.getBoundingClientRect().height > 3.9 * parseFloat(getComputedStyle(e).fontSize) * 1.35
  && [...e.cells].every(c => c.textContent.length < 90)
).map(e => e.textContent.trim().slice(0, 60))"""


# Tables that scroll beside empty room.
NARROW = """() => [...document.querySelectorAll('.pb-table .pb-scroll')].filter(e =>
  e.scrollWidth > e.clientWidth + 2
  && e.clientWidth + 40 < e.closest('.jp-OutputArea-output').clientWidth
).map(e => e.textContent.trim().slice(0, 60))"""
# As wide as the widest of the chapters: channels with three intervals.
WIDE = """import pandas as pd
from playbook.page import Col, table

columns = {f"column {i}": ["some words of a cell"] for i in range(9)}
wide = pd.DataFrame(columns)
show(table(wide, [Col(c, "text", c) for c in wide], book.fmt, title="A wide one"))"""


def cells_of(name: str, until: str) -> dict[str, Any]:
    """The repository's notebook up to the cell that holds ``until``, a wide table and a mistake."""
    made = json.loads((REPO / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    last = next(i for i, c in enumerate(made["cells"]) if until in "".join(c["source"]))
    more = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": name,
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for name, source in (("wide", WIDE), ("a-mistake", 'Book.open("no-such-book")'))
    ]
    return {**made, "cells": [*made["cells"][: last + 1], *more]}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The address of a JupyterLab over a folder with the short notebook; stopped afterwards."""
    pytest.importorskip("jupyterlab", reason="the package jupyterlab is not installed")
    if not checkout():
        pytest.skip("needs the repository's notebooks")
    folder = tmp_path_factory.mktemp("lab")
    text = json.dumps(cells_of("01-goal-setting", "goals.try_target"))
    (folder / "short.ipynb").write_text(text, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    private = {n: str(folder / f".{n}") for n in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    options = [f"--port={port}", "--no-browser", f"--IdentityProvider.token={TOKEN}"]
    if os.geteuid() == 0:
        options.append("--allow-root")
    server = subprocess.Popen(
        [sys.executable, "-m", "playbook", "lab", str(folder), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **private, "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces")},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("JupyterLab did not start")
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


@pytest.fixture(scope="module")
def notebook(lab: str, browser: Any) -> Any:
    """The page of the notebook after all its cells ran; console errors and requests to elsewhere
    are kept on it as ``faults``.
    """
    page = browser.new_context(viewport={"width": 1720, "height": 6000}).new_page()
    page.faults = []
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.faults.append(str(e)))
    page.on(
        "request",
        lambda r: (
            page.faults.append(r.url) if not r.url.startswith((lab, "data:", "blob:")) else None
        ),
    )
    page.set_default_timeout(120_000)
    page.goto(f"{lab}/lab/tree/short.ipynb?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector("text=/\\| Idle/")
    page.locator(".jp-Notebook .jp-MarkdownCell").first.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_selector("text=no playbook.toml at", state="attached")
    return page


def slider(page: Any) -> Any:
    return page.locator(".widget-slider, .widget-hslider").first


def test_a_slider_changes_the_sentence_below_it(notebook: Any) -> None:
    said = notebook.get_by_text("of forecast paths. With").last
    before = said.inner_text()
    handle = slider(notebook).locator(".noUi-handle")
    handle.scroll_into_view_if_needed()
    handle.focus()
    for _ in range(3):
        handle.press("ArrowRight")
    notebook.wait_for_function(
        "before => !document.body.innerText.includes(before)", arg=before.split(" is ")[0] + " is "
    )
    assert re.match(r"¥[\d,]+ is reached on [\d.]+\s% of forecast paths", said.inner_text())


def test_what_is_shown_follows_the_choice(notebook: Any) -> None:
    """Orders of West alone, and all of them again."""
    said = notebook.get_by_text("The trailing 12 months stand at").first
    whole = said.inner_text()
    region = notebook.get_by_label("Region").first
    for member, same in (("West", False), ("all", True)):
        region.select_option(label=member)
        notebook.wait_for_function(
            "([before, same]) => document.body.innerText.includes(before) === same",
            arg=[whole, same],
        )
    assert notebook.locator(".pb-warning").count() == 0


def test_nothing_is_cut_struck_through_or_too_high(notebook: Any) -> None:
    assert notebook.evaluate(CUT) == []
    assert notebook.evaluate(HIGH) == []
    notebook.set_viewport_size({"width": 1500, "height": 6000})
    assert notebook.evaluate(HIGH) == []  # nor in a window of a laptop
    notebook.set_viewport_size({"width": 1720, "height": 6000})
    assert notebook.locator("text=some words of a cell").count() >= 9
    assert notebook.evaluate(NARROW) == []
    assert notebook.locator(".pb-kpis dt").first.is_visible()


def test_a_users_mistake_is_one_message_without_a_traceback(notebook: Any) -> None:
    said = notebook.locator("[data-mime-type='application/vnd.jupyter.stderr']").last.inner_text()
    assert "no playbook.toml at" in said and "no-such-book" in said
    assert "Traceback" not in said and "lib/playbook" not in said


def test_no_error_in_the_console_and_no_request_to_elsewhere(notebook: Any) -> None:
    assert notebook.faults == []
