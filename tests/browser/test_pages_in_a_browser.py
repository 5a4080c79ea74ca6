"""Pages of a pack in a real browser: tables sort, filter and are saved; nothing is cut, overlaps,
or asks the network, at three widths, in light and dark.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playbook.page import Table
from playbook.page.blocks import Cell
from playbook.page.steps import TOOLS
from playbook.report.names import POLICY, TEMPLATES
from playbook.report.record.index import write_index

WIDTHS = (360, 768, 1440)
# Text that runs out of the window, or out of a box that does not scroll.
CUT = """() => [...document.querySelectorAll('main *')].filter(e => {
  const box = e.getBoundingClientRect();
  if (!box.width || !e.textContent.trim() || e.closest('.pb-scroll, pre, svg, nav')) return false;
  return box.right > document.documentElement.clientWidth + 1;
}).map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""


@pytest.fixture(scope="module")
def table_page(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A page with one table of eight rows: names, money, days, gaps."""
    rows = [
        ("West", "¥1.2m", "3 Jan 2023", "12.5 %"),
        ("East", "−¥900k", "14 Feb 2022", "–"),
        ("North", "¥12,000", "1 Dec 2023", "0.4 %"),
        ("South", "¥0", "30 Nov 2023", "100.0 %"),
        ("岚桥", "¥3.4bn", "2 Jan 2023", "−2.0 %"),
        ('=1+"x"', "¥5", "2 Jan 2021", "3.0 %"),
        ("Café", "¥50", "2 Mar 2021", "4.0 %"),
    ]
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    made = Table("Regions", ("Region", "Sales", "Day", "Share"), cells, "lrlr").html()
    css = (TEMPLATES / "html" / "page.css").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("page") / "table.html"
    path.write_text(
        f'<!DOCTYPE html><html lang="en" data-filter="Filter" data-csv="CSV"><head>'
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<style>{css}</style></head><body><main>{made}</main><script>{TOOLS}</script></body></html>",
        encoding="utf-8",
    )
    return path


def column(page: Any, at: int) -> list[str]:
    cells = page.locator(f"tbody tr:not([hidden]) > :nth-child({at})")
    return [text.replace("\u00a0", " ") for text in cells.all_inner_texts()]


def test_a_table_sorts_by_amount_by_day_and_by_name_and_gaps_stay_last(
    opened: Any, table_page: Any
) -> None:
    page = opened(table_page)
    page.get_by_role("button", name="Sales").click()
    assert column(page, 2) == ["−¥900k", "¥0", "¥5", "¥50", "¥12,000", "¥1.2m", "¥3.4bn"]
    page.get_by_role("button", name="Sales").click()
    assert column(page, 2)[:2] == ["¥3.4bn", "¥1.2m"]
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.get_by_role("button", name="Day").click()
    assert column(page, 3)[0] == "2 Jan 2021" and column(page, 3)[-1] == "1 Dec 2023"
    page.get_by_role("button", name="Share").click()
    assert column(page, 4) == ["−2.0 %", "0.4 %", "3.0 %", "4.0 %", "12.5 %", "100.0 %", "–"]
    page.get_by_role("button", name="Share").click()
    assert column(page, 4)[-1] == "–"
    assert page.faults == []


def test_a_table_sorts_by_days_written_in_chinese(opened: Any, tmp_path: Path) -> None:
    days = (
        "2023年9月5日",
        "2023年10月5日",
        "2022年12月31日",
        "–",
        "2023年9月12日",
        "2023年1月30日",
    )
    rows = tuple((Cell(day),) for day in days)
    path = tmp_path / "days.html"
    table = Table("日", ("日",), rows, "l").html()
    path.write_text(
        '<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><title>日</title>'
        f"<main>{table}</main><script>{TOOLS}</script></html>",
        encoding="utf-8",
    )
    page = opened(path)
    page.get_by_role("button", name="日").first.click()
    in_order = [
        "2022年12月31日",
        "2023年1月30日",
        "2023年9月5日",
        "2023年9月12日",
        "2023年10月5日",
        "–",
    ]
    assert column(page, 1) == in_order


def test_a_table_filters_and_what_is_shown_is_saved_as_text(opened: Any, table_page: Any) -> None:
    page = opened(table_page)
    page.get_by_role("searchbox").fill("2023")
    assert column(page, 1) == ["West", "North", "South", "岚桥"]
    page.get_by_role("searchbox").fill("=1")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    assert waiting.value.suggested_filename == "Regions.csv"
    assert text == (
        '"Region","Sales","Day","Share"\r\n"\'=1+""x""","¥5","2 Jan 2021","3.0 %"'
    )  # no spreadsheet takes the name for a formula
    assert page.faults == []


def test_filter_and_button_begin_where_their_table_begins(opened: Any, table_page: Any) -> None:
    for width in (360, 1440):
        page = opened(table_page, width=width)
        left = [page.locator(q).first.bounding_box()["x"] for q in (".pb-tools input", "table")]
        assert left[0] == left[1]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True])
def test_chapters_and_the_archive_fit_every_width(
    opened: Any, sample_run: Any, width: int, dark: bool
) -> None:
    write_index(sample_run.out)
    chapter = sample_run.folder / "03-funnel-diagnosis.html"
    for path in (sample_run.out / "index.html", chapter, sample_run.folder / "glossary.html"):
        page = opened(path, width=width, dark=dark)
        assert page.evaluate(CUT) == [], path.name
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path.name} is {wide} wide"
        assert page.faults == [], path.name


def test_pages_are_accessible(browser: Any, sample_run: Any) -> None:
    """axe-core, https://github.com/dequelabs/axe-core, finds no violation: contrast in light and
    dark on the archive, all other rules on a chapter too.
    """
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    write_index(sample_run.out)
    chapter = sample_run.folder / "04-incentive-design.html"
    for path in (sample_run.out / "index.html", chapter):
        for scheme in ("light", "dark") if path.name == "index.html" else ("light",):
            context = browser.new_context(color_scheme=scheme, bypass_csp=True)
            page = context.new_page()
            page.goto(path.as_uri())
            rules = {"color-contrast": {"enabled": path.name == "index.html"}}
            found = axe.Axe().run(page, options={"rules": rules}).response["violations"]
            assert not [(v["id"], v["nodes"][0]["html"]) for v in found], (path.name, scheme)
            context.close()
