"""The reference pages hold what they promise, read from the code they document."""

from __future__ import annotations

import importlib.util
import re

import pytest

import playbook as pb
from playbook.base.settings import settings_help
from playbook.base.vocabulary import METRICS
from playbook.data.tables import TABLES
from shared import REPO
from toy import toy

SPEC = importlib.util.spec_from_file_location("build_docs", REPO / "docs" / "build.py")
docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(docs)


def test_every_table_and_column_is_there_with_example_rows():
    text = docs.tables_page(pb.sample())
    for table in TABLES.values():
        assert f'<h2 id="{table.name}">' in text
        for column in table.columns:
            assert f"<code>{column.name}</code>" in text
    assert text.count("Rows of the sample:") == len(pb.sample().read.given)
    personal = [c.name for t in TABLES.values() for c in t.columns if c.personal]
    assert personal and not any(f"<th>{name}</th>" in text for name in personal)


def test_every_setting_and_number_is_there():
    settings, glossary = docs.settings_page(), docs.glossary_page()
    assert settings.count("<tr>") == 1 + len(settings_help())
    assert glossary.count("<tr><td>") == len(METRICS)


def test_every_frame_contract_is_there():
    text = docs.frames_page()
    assert 'id="StepRates"' in text or 'id="Steps"' in text
    assert text.count("<h2 ") == len(docs.subclasses(docs.Frame)) > 20


def test_figures_stand_with_the_line_that_draws_them():
    text = docs.figures_page(toy())
    assert "<code>pb.goals.sales_overview(book).figure()</code>" in text
    assert text.count("<figure") == text.count(".figure()</code>") > 1


def test_pages_fetch_nothing_and_link_to_each_other():
    text = docs.page("tables", docs.grid(("a", "b"), [("`<x>`", 1)]))
    assert "<td><code>&lt;x&gt;</code></td><td>1</td>" in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    for name in docs.PAGES:
        assert f'href="{name}.html"' in text


@pytest.mark.parametrize("name", docs.PAGES)
def test_the_start_page_names_every_page(name):
    assert f"({name}.html)" in (REPO / "docs" / "index.md").read_text(encoding="utf-8")


def test_the_first_pack_page_shows_every_step_and_fetches_nothing():
    text = docs.page("first-pack", docs.written_page("first-pack"))
    said = [
        text.index(f"$ playbook {step} ") for step in ("init", "check", "report", "init --excel")
    ]
    assert said == sorted(said)
    assert text.count("<table>") == 1 and text.count("<pre>") >= 6
    pictures = re.findall(r'<img src="([^"]+)"', text)
    assert pictures == [*(f"first-pack-{step}.png" for step in (1, 2, 3)), "first-pack.png"]
    assert all((REPO / "docs" / one).stat().st_size < 150_000 for one in pictures)
    assert not re.search(r'(src|href)="(https?:)?//', text) and "/tmp" not in text


def test_commands_of_the_first_pack_page_are_commands_with_these_options():
    import typer

    from playbook.cli import app

    known = typer.main.get_command(app)
    text = (REPO / "docs" / "first-pack.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ playbook (\w+)(.*)$", text, re.M)
    assert len(shown) >= 6
    for name, rest in shown:
        options = {o for p in known.commands[name].params for o in p.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= options
