"""HTML pages: complete in one file, honest to the analyst, discreet to the client."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import nbformat
import pytest
from pages import CHINESE, META, NASTY, notebook, shown

from playbook.page import charts, figures
from playbook.page.steps import TOOLS
from playbook.report.print import html, page_parts
from playbook.report.print.exporter import PlaybookHTMLExporter
from playbook.report.print.html import write_html
from playbook.report.print.parameters import parameters

LOADS = re.compile(
    r"""(?:\bsrc|\bsrcset|\bposter|\baction|\bdata|<link[^>]*\bhref|<use[^>]*\bhref)\s*=\s*["'](?!data:|#)|url\((?!["']?(?:data:|#))|@import|<script"""
)


def page(tmp_path, node=None, *, client: bool = False) -> str:
    write_html(
        node or notebook(), tmp_path / "page.html", title="Goal setting", client=client, meta=META
    )
    return (tmp_path / "page.html").read_text(encoding="utf-8")


class Elements(HTMLParser):
    """Tags with their attributes, and whether they close in order."""

    VOID = {"meta", "br", "hr", "img", "input", "link"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


@pytest.mark.parametrize("client", [False, True])
def test_one_file_without_network_or_scripts(tmp_path, client):
    whole = page(tmp_path, client=client)
    assert whole.count(f"<script>{TOOLS}</script>") == 1  # ours, named in the page's policy
    digest = base64.b64encode(hashlib.sha256(TOOLS.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in whole
    text = whole.replace(f"<script>{TOOLS}</script>", "")
    assert LOADS.findall(text) == []
    assert "default-src 'none'" in text and "http://www.w3.org" not in text


@pytest.mark.parametrize("client", [False, True])
def test_names_are_text(tmp_path, client):
    text = page(tmp_path, client=client).replace(f"<script>{TOOLS}</script>", "")
    assert "<script>" not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    seen = "".join(re.sub(r"<[^>]+>", "", text).split())
    for name in (*NASTY[1:3], CHINESE):
        assert "".join(name.replace('"', "&quot;").split()) in seen


def test_the_client_sees_no_code_path_parameter_or_metadata(tmp_path):
    text = page(tmp_path, notebook(broken=True), client=True)
    for secret in (
        "secret",
        "/home/",
        "show(",
        "from playbook",
        "report month",
        "papermill",
        "Made from",
        "Sales rose",
        "injected",
        "Traceback",
        "pb-show-code",
        ".ipynb",
    ):
        assert secret not in text
    assert "no such file: orders.csv" in text and "Not computed after this failure:" in text


def test_the_analyst_sees_code_behind_the_toggle_parameters_and_the_traceback_folded(tmp_path):
    text = page(tmp_path, notebook(broken=True))
    elements = Elements(text)
    assert {"type": "checkbox", "id": "pb-show-code"} in elements.all("input")
    assert '<pre class="pb-code" tabindex="0"><code>show(tracking)</code></pre>' in text
    assert (
        '<th scope="row">book</th><td><code>&#x27;/home/secret/book&#x27;</code></td>'
        "<td>folder</td>" in text.replace("&#39;", "&#x27;")
    )
    assert re.search(
        r"<details><summary>Traceback</summary><pre>Traceback\n/home/secret/x.py line"
        r" 1</pre></details>",
        text,
    )
    assert "Made from." in text and "Sales rose secretly." in text


def test_parameters_are_those_the_run_used():
    assert parameters(notebook()) == [
        ("month", "'2026-12'", "report month"),
        ("book", "'/home/secret/book'", "folder"),
    ]


@pytest.mark.parametrize("client", [False, True])
def test_structure_for_screen_readers(tmp_path, client):
    elements = Elements(page(tmp_path, client=client))
    assert [h["lang"] for h in elements.all("html")] == ["en"]
    assert len(elements.all("h1")) == 1 and len(elements.all("main")) == 1
    assert elements.all("a")[0]["href"] == "#content"
    ids = [attrs["id"] for _, attrs in elements.found if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert all(
        link["href"][1:] in ids for link in elements.all("a") if link["href"].startswith("#")
    )
    assert all(head.get("scope") in ("col", "row") for head in elements.all("th"))
    assert len(elements.all("caption")) == len(
        [t for t in elements.all("div") if t.get("class") == "pb-table"]
    )
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in elements.all("svg"))


def test_real_figures_keep_their_ids_apart_and_their_references_whole(tmp_path):
    blocks = []
    for _ in range(2):  # the same drawing twice, as an interactive cell may show it
        fig, ax = figures.canvas(1.5)
        charts.lines(ax, ["Jan", "Feb"], {"Sales 销售": [1.0, 2.0]})
        ax.fill_between([0, 1], [0, 0], [1, 1], hatch="//")
        blocks.append(figures.finish(fig, title="t", alt="two points").data())
    node = notebook()
    node["cells"].append(nbformat.v4.new_code_cell("x", outputs=[shown(block) for block in blocks]))
    text = page(tmp_path, node)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)) and {
        a or b for a, b in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)
    } <= set(ids)


def test_chinese_characters_come_along(tmp_path):
    assert "@font-face" in page(tmp_path) and "font-src data:" in page(tmp_path)


def test_same_notebook_same_bytes(tmp_path):
    assert page(tmp_path) == page(tmp_path)


@pytest.mark.parametrize("client", [False, True])
def test_nbconvert_writes_the_same_page(tmp_path, client):
    asked = {"title": "Goal setting", "client": client, "meta": META}
    text, _ = PlaybookHTMLExporter().from_notebook_node(notebook(), {"playbook": asked})
    assert text == page(tmp_path, client=client)


def test_the_module_of_pages_has_no_other_names_of_nbconvert():
    with pytest.raises(AttributeError, match="HTMLExporter"):
        html.HTMLExporter  # noqa: B018 (asked for)


def test_pages_are_light():
    text, _ = PlaybookHTMLExporter().from_notebook_node(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One line")])
    )
    assert "<h1>One line</h1>" in text and len(text) < 20_000


def test_unsafe_addresses_are_not_links(tmp_path):
    node = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(
                "# T\n\n[a](javascript:alert(1)) <img src=http://x/y.png> ![p](http://x/z.png)"
            )
        ]
    )
    text = page(tmp_path, node)
    assert "javascript:" not in text and "<img" not in text


def test_chapters_link_to_each_other_and_to_the_glossary(tmp_path):
    meta = {**META, "chapters": ["01-goal-setting", "03-funnel-diagnosis"]}
    for client, glossary in ((False, "glossary.html"), (True, "../glossary.html")):
        path = tmp_path / f"{client}.html"
        write_html(notebook(), path, title="t", client=client, meta=meta)
        links = [a["href"] for a in Elements(path.read_text(encoding="utf-8")).all("a")]
        assert links[1:4] == ["01-goal-setting.html", "03-funnel-diagnosis.html", glossary]


def test_terms_are_explained_where_they_stand_and_in_the_glossary(tmp_path):
    from playbook.base.terms import TERMS
    from playbook.base.vocabulary import METRICS
    from playbook.page import Table
    from playbook.page.blocks import Cell
    from playbook.report.print.glossary import write_glossary

    made = Table("t", ("Won ÷ decided", "Wind"), ((Cell("1"), Cell("2")),), "rl").html()
    assert f'title="{TERMS["Won ÷ decided"]}">Won ÷ decided</th>' in made
    assert '<th scope="col">Wind</th>' in made
    write_glossary(tmp_path / "glossary.html", META)
    text = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    assert all("<dt id=" in text and f"<code>{name}</code>" in text for name in METRICS)
    ids = re.findall(r'<dt id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) == len(TERMS)


def test_page_language_is_stated(tmp_path):
    meta = {**META, "language": "zh"}
    write_html(notebook(), tmp_path / "zh.html", title="t", client=False, meta=meta)
    text = (tmp_path / "zh.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN" data-filter="筛选"' in text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no file: /home/a/b/orders.csv", "no file: orders.csv"),
        (r"open C:\data\x\y.csv failed", "open y.csv failed"),
        ("rate 3/4 of n", "rate 3/4 of n"),
        ("won/lost", "won/lost"),
    ],
)
def test_paths_are_cut_to_their_last_part(text, left):
    assert page_parts.PATH.sub(r"\1", text) == left


def test_nbconvert_knows_the_exporter_by_name():
    from nbconvert.exporters import get_exporter

    text, _ = get_exporter("playbook-html")().from_notebook_node(notebook())
    assert text.startswith("<!DOCTYPE html>") and "default-src 'none'" in text


def test_tables_of_one_title_have_names_of_their_own():
    from playbook.report.print.svg_ids import named_apart

    made = named_apart(
        ['<div role="region" aria-label="Value tiers">x</div>'] * 2 + ["Value tiers"]
    )
    assert made == [
        '<div role="region" aria-label="Value tiers">x</div>',
        '<div role="region" aria-label="Value tiers (2)">x</div>',
        "Value tiers",
    ]


def test_ids_of_a_drawing_are_renamed_alike_however_they_are_written():
    from playbook.report.print.svg_ids import unique

    plain = '<svg xmlns="x" id="a"><use href="#a" fill="url(#b)"/><g id="b"/></svg>'
    odd = plain.replace("<g id", "<g\nid")  # not as our writer writes: each is looked for
    wanted = '<svg id="p1-a"><use href="#p1-a" fill="url(#p1-b)"/><g id="p1-b"/></svg>'
    assert unique([plain]) == [wanted]
    assert unique([odd]) == [wanted.replace("<g id", "<g\nid")]
    assert unique(['<svg><a href="#">x</a></svg>']) == ['<svg><a href="#">x</a></svg>']
    assert unique([plain, plain])[1].count("p2-") == 4
