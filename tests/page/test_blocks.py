"""Blocks: three renderings from the same words, none of which can break out of its place."""

import re

import pytest

from playbook.base.language import Said
from playbook.page import Heading, KpiRow, Note, Table, Text
from playbook.page.blocks import MIME, Cell, Figure, Record, from_data

NASTY = '<b onclick="x">&"\'#panic("x")$y$'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
ROWS = ((Cell(NASTY), Cell("1", "good")), (Cell("b" * 60), Cell("2", "bad")))
EVERY = [
    Heading(NASTY),
    Text(NASTY, title=NASTY),
    Note(NASTY),
    KpiRow(((NASTY, NASTY, NASTY),)),
    Table(NASTY, (NASTY, "n"), ROWS, "lr", NASTY, ((Cell("all"), Cell("3")),)),
    Figure(SVG, NASTY, NASTY, NASTY),
]


@pytest.mark.parametrize("block", EVERY, ids=lambda b: b.kind)
def test_three_renderings_of_the_same_words(block):
    bundle = block._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", MIME}
    assert "<b " not in bundle["text/html"] and "&lt;b onclick" in bundle["text/html"]
    assert NASTY in bundle["text/plain"]


@pytest.mark.parametrize(
    "block", [*EVERY, Record({"id": "x", "status": "ok"}, headline="h")], ids=lambda b: b.kind
)
def test_a_block_comes_back_from_its_data(block):
    assert from_data(block.data()) == block


def test_tables_of_unequal_rows_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Table("t", ("a", "b"), ((Cell("1"),),), "lr")


def test_figures_without_text_alternative_are_refused():
    with pytest.raises(ValueError, match="no text alternative"):
        Figure(SVG, " ", "t")


def test_table_html_is_semantic_and_scrolls_in_its_own_box():
    html = EVERY[4].html()
    assert html.count('scope="col"') == 2 and html.count('scope="row"') == 3
    assert "<caption>" in html and "<tfoot>" in html and 'class="pb-scroll" role="region"' in html
    assert 'class="pb-r pb-good"' in html and 'class="pb-l"' in html


def test_plain_table_lines_up():
    lines = (
        Table("t", ("name", "n"), ((Cell("a"), Cell("1")), (Cell("bcdef"), Cell("22"))), "lr")
        .plain()
        .splitlines()
    )
    assert lines == ["t", "name    n", "a       1", "bcdef  22"]


def test_a_signed_amount_stays_on_its_line_and_reads_as_before():
    text = "from +¥1.89m & −¥11.3万，not ¥5 + ¥6 or 2−1"
    html = Text(text).html()
    assert re.findall('<span class="pb-n">(.*?)</span>', html) == ["+¥1.89m", "−¥11.3万"]
    assert re.sub("<[^>]+>", "", html) == text.replace("&", "&amp;")


def test_a_text_in_another_language_is_told_as_text_and_its_english_is_not_asked_for():
    """A table holds thousands of them: copying one would say it again in English."""

    def asked():
        raise AssertionError("the English of a cell is not wanted here")

    data = Text(Said("赢单", asked)).data()
    assert data["text"] == "赢单" and type(data["text"]) is str


def test_a_title_that_ends_in_its_own_sign_gets_no_second_one():
    titles = ("Warning.", "警告：", "Note")
    assert [Text("x", title=title).plain() for title in titles] == [
        "Warning. x",
        "警告：x",
        "Note: x",
    ]
