"""The pages of a pack share one cut of the Chinese font, with the characters of all chapters."""

from __future__ import annotations

import base64
import io
import re

import making
import nbformat
from fontTools.ttLib import TTFont

from playbook.base.language import speaking
from playbook.report.print import html, webfont
from playbook.report.print.glossary import write_glossary
from playbook.report.run.tasks import Fonts, characters_file
from playbook.report.run.worker import put_fonts

META = {"title": "T", "company": "C", "month": "M", "as_of": "2023-06-30", "language": "en"}


def characters_in(page: str) -> set[str]:
    """Chinese characters of the fonts a page carries."""
    found: set[str] = set()
    for data in re.findall(r"base64,([^)]+)\) format", page):
        cmap = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
        found |= {chr(code) for code in cmap if code > 0x2E00}
    return found


def test_every_page_has_the_characters_of_all_chapters_once(tmp_path):
    (tmp_path / "client").mkdir()
    for name, words in (("01-goal-setting", "销售"), ("02-segmentation", "客户")):
        node = nbformat.v4.new_notebook(cells=[making.md(f"# {words}\n\n/*font*/</style>", "m")])
        for client, folder in ((False, tmp_path), (True, tmp_path / "client")):
            html.write_html(
                node,
                folder / f"{name}.html",
                title=name,
                client=client,
                meta=META,
                face=webfont.LATER,
            )
        shown = webfont.wanted(html.shown_text(node, META))
        assert shown == set(words)
        characters_file(tmp_path, name).write_text("".join(sorted(shown)), encoding="utf-8")
    names = ("01-goal-setting", "02-segmentation", "03-funnel-diagnosis")  # the last one was lost
    put_fonts(Fonts(names, tmp_path, tmp_path))
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")]
    assert len(pages) == 4
    assert [characters_in(page) for page in pages] == [set("销售客户")] * 4
    assert all(page.count("@font-face") == 1 and "/*font*/\n</style>" not in page for page in pages)


def test_the_glossary_is_written_with_the_pages_and_shares_their_font(tmp_path):
    node, page = nbformat.v4.new_notebook(cells=[making.md("# 销售", "m")]), tmp_path / "01.html"
    html.write_html(node, page, title="T", client=False, meta=META, face=webfont.LATER)
    put_fonts(Fonts(("01",), tmp_path, tmp_path, {**META, "language": "zh", "company": "岚桥"}))
    glossary = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    assert 'lang="zh-CN"' in glossary and "/*font*/" not in glossary
    assert set("岚桥销售") <= characters_in(glossary)
    assert characters_in(glossary) == characters_in(page.read_text(encoding="utf-8"))


def test_a_pages_own_labels_are_in_its_font(tmp_path):
    """Contents, parameters and links are Chinese too, and stand in no block of the notebook."""
    node = nbformat.v4.new_notebook(cells=[making.md("# One\n\n## Two", "m")])
    path, meta = tmp_path / "01-goal-setting.html", {**META, "language": "zh"}
    alone = tmp_path / "alone.html"
    html.write_html(node, path, title="One", client=False, meta=meta, face=webfont.LATER)
    html.write_html(node, alone, title="One", client=False, meta=meta)
    put_fonts(Fonts(("01-goal-setting",), tmp_path, tmp_path))
    for page in (path, alone):
        assert set("目录") <= characters_in(page.read_text(encoding="utf-8"))


def test_pages_without_chinese_characters_carry_no_font(tmp_path):
    page = f"<style>\nbody {{}}{webfont.LATER}\n</style>"
    assert webfont.put(page, frozenset()) == "<style>\nbody {}\n</style>"


def test_the_glossary_has_the_characters_it_shows(tmp_path):
    with speaking("zh"):
        write_glossary(tmp_path / "glossary.html", {"company": "岚桥", "month": "2023年9月"})
    page = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    assert set("岚桥年月术语表") <= characters_in(page)
