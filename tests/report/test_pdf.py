"""The printed report: what stands on its pages, in which order, and that nobody's data can break or
overflow it.
"""

import subprocess
from pathlib import Path

import pytest
from pages import CHINESE, COVER, META, NASTY, chapter, drawing, every_block, names, table
from pypdf import PdfReader

from playbook.page.figures import font_files
from playbook.report.print import pdf
from playbook.report.print.columns import LANDSCAPE, PORTRAIT


def printed(path: Path, *blocks, cover=None, meta=META) -> PdfReader:
    assert pdf.write_pdf([chapter(*blocks)], path, cover=cover, meta=meta) == []
    return PdfReader(path)


def words(reader: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def titles(outline) -> list[str]:
    return [
        title
        for entry in outline
        for title in (titles(entry) if isinstance(entry, list) else [entry.title])
    ]


def test_names_are_data_never_markup(tmp_path):
    text = words(printed(tmp_path / "a.pdf", names()))
    for name in (*NASTY, CHINESE):
        assert "".join(name.split()) in text


def test_names_are_data_on_the_cover_and_in_the_running_header_too(tmp_path):
    name = NASTY[0] + NASTY[1]
    cover = {
        **COVER,
        "company": name,
        "headlines": [{"notebook": "x", "title": name, "lines": [name]}],
        "changes": [name],
        "actions": [{**COVER["actions"][0], "what": name}],
        "notes": [name],
        "warnings": [name],
    }
    text = words(
        printed(
            tmp_path / "a.pdf", names(), cover=cover, meta={**META, "company": name, "title": name}
        )
    )
    assert text.count(name) >= 7


def test_same_input_same_bytes(tmp_path):
    for name in ("a", "b"):
        printed(tmp_path / f"{name}.pdf", *every_block(), cover=COVER)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_every_kind_of_block_is_on_the_page(tmp_path):
    text = words(printed(tmp_path / "a.pdf", *every_block(), cover=COVER))
    for said in (
        "Wheredowestand?",
        "bold",
        "italic",
        "quoted",
        "¥12.4m",
        "63.2%",
        "Definition.",
        "3rowslackaregion.",
        "needstablemarket.",
        "Couldnotbecomputed:Wheredodealsstop?",
        "3rowsholdtext",
        "Try:removethetext",
        "Chapter1",
        "95.4%oftarget",
        "WangWei",
        "Contents",
    ):
        assert said in text


def test_bookmarks_title_language_and_date(tmp_path):
    reader = printed(tmp_path / "a.pdf", *every_block(), cover=COVER)
    found = titles(reader.outline)
    assert "Are we on course?" in found and "Where do we stand?" in found
    assert reader.metadata.title == META["title"]
    assert reader.metadata.creation_date.date().isoformat() == META["as_of"]
    assert reader.trailer["/Root"]["/Lang"].startswith("en")


def test_chinese_report_says_so_and_numbers_its_pages_in_chinese(tmp_path):
    reader = printed(
        tmp_path / "a.pdf", *every_block(), cover=COVER, meta={**META, "language": "zh"}
    )
    assert reader.trailer["/Root"]["/Lang"].startswith("zh")
    assert f"第1页，共{len(reader.pages)}页" in words(reader)


def test_page_x_of_y(tmp_path):
    reader = printed(tmp_path / "a.pdf", table([(str(i), "x") for i in range(200)], "rl"))
    for number, page in enumerate(reader.pages, start=1):
        assert f"page {number} of {len(reader.pages)}" in page.extract_text()


def test_tagged_for_screen_readers(tmp_path):
    root = printed(tmp_path / "a.pdf", *every_block()).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_figure_without_text_alternative_is_refused(tmp_path):
    silent = drawing()
    del silent["alt"]
    with pytest.raises(Exception, match="alt"):
        pdf.write_pdf([chapter(silent)], tmp_path / "a.pdf", cover=None, meta=META)


def test_long_table_repeats_its_header(tmp_path):
    reader = printed(
        tmp_path / "a.pdf",
        {
            **table([(f"deal {i}", "x") for i in range(400)], "lr", ("Deal", "Amount of it")),
            "whole": True,
        },
    )
    assert len(reader.pages) > 5 and all(
        "Amount of it" in page.extract_text() for page in reader.pages
    )


def total_with_a_row(tmp_path, rows: int) -> bool:
    reader = printed(
        tmp_path / "t.pdf",
        {
            **table(
                [(f"deal {i}", "x") for i in range(rows)],
                "lr",
                ("Deal", "Amount of it"),
                total=("All of them", "9"),
            ),
            "whole": True,
        },
    )
    last = reader.pages[-1].extract_text()
    return "All of them" in last and f"deal {rows - 1}" in last


def test_the_total_is_never_alone_at_any_length(tmp_path):
    assert [rows for rows in range(44, 66) if not total_with_a_row(tmp_path, rows)] == []


def test_a_list_is_printed_with_its_first_rows_and_its_total(tmp_path):
    """Twelve months stand whole; of thirteen deals the first eight, and a word on the others."""
    rows = [(f"deal {i}", "x") for i in range(13)]
    total = ("All of them", "9")
    twelve = words(printed(tmp_path / "a.pdf", table(rows[:12], "lr", total=total)))
    assert "deal11" in twelve and "stand" not in twelve
    many = words(printed(tmp_path / "b.pdf", table(rows, "lr", total=total)))
    assert "deal7" in many and "deal8" not in many and "Allofthem" in many
    assert "thefirst8of13rows" in many


def test_what_nobody_reads_on_paper_is_left_to_the_page(tmp_path):
    """A matrix of twelve columns, and how a frame is computed."""
    from playbook.report.print import markdown

    matrix = table([tuple("1" for _ in range(12))] * 6, "r" * 12, title="Who went where")
    small = table([tuple("2" for _ in range(12))] * 5, "r" * 12, title="Few rows")
    method = markdown.blocks("A rate is $w / n$. The rates stand in `wins.table`.")
    setting = markdown.blocks("Weights can be given: `weights`.")
    text = words(printed(tmp_path / "a.pdf", matrix, small, *method, *setting))
    assert "Whowentwhere" not in text and "Fewrows" in text
    assert "Theratesstand" not in text and "Weightscanbegiven" in text


def test_two_short_tables_stand_beside_each_other(tmp_path):
    from playbook.report.print.pdf_blocks import arranged

    def made(*blocks):
        return [block["type"] for block in arranged(blocks, {})]

    short = table([("deal", "¥1")] * 5, "lr")
    assert made(short, short) == ["pair"]
    assert made(short, short, short) == ["pair", "table"]
    assert made(short, table([("deal", "¥1")] * 10, "lr")) == ["table", "table"]
    words_wide = "some words that fill the line of a column and then some more of it"
    wide = table([(words_wide, "¥123,456,789")] * 3, "lr")
    assert made(wide, wide) == ["table", "table"]
    assert made({**short, "note": "unit, window, n " * 30}, short) == ["table", "table"]
    (pair,) = arranged((short, short), {})
    assert sum(sum(b["widths"]) for b in pair["blocks"]) == pytest.approx(PORTRAIT - 20)
    text = words(printed(tmp_path / "a.pdf", short, short))
    assert text.count("deal¥1") == 10


def test_wide_table_is_set_smaller_then_turned(tmp_path):
    narrow = printed(tmp_path / "a.pdf", table([tuple("¥123" for _ in range(14))] * 3, "r" * 14))
    wide = printed(
        tmp_path / "b.pdf", table([tuple("¥123,456,789" for _ in range(14))] * 3, "r" * 14)
    )
    assert [page.mediabox.width < page.mediabox.height for page in narrow.pages] == [True]
    assert any(page.mediabox.width > page.mediabox.height for page in wide.pages)


WORST = [
    table([tuple("¥123,456,789.00" for _ in range(14))] * 3, "r" * 14),
    table(
        [(CHINESE, "W" * 200, "¥1", "a long sentence with many words in it, and some more " * 5)]
        * 2,
        "llrl",
        ("H" * 90, "b", "c", "d"),
    ),
    table([tuple("reader-friendly words here" for _ in range(22))] * 2, "l" * 22),
    table([("x" * 400,)], "l"),
]


@pytest.mark.parametrize("block", WORST, ids=["figures", "names", "22-columns", "one-word"])
def test_nothing_is_wider_than_the_page(tmp_path, block):
    pytest.importorskip("PIL")
    printed(
        tmp_path / "a.pdf",
        block,
        {
            "type": "kpis",
            "items": [{"label": "L" * 60, "value": "¥123,456,789,012", "detail": "d" * 50}] * 5,
        },
        drawing(),
    )
    assert ink_beyond(tmp_path / "a.pdf", 57.0) == []


def ink_beyond(path: Path, margin: float) -> list[int]:
    """Pages with ink in the left or right margin, rendered at one pixel a point."""
    from PIL import Image

    try:
        subprocess.run(
            ["pdftoppm", "-r", "72", "-gray", str(path), str(path.with_suffix(""))], check=True
        )
    except FileNotFoundError:
        pytest.skip("pdftoppm is not on this machine")
    found = []
    for number, file in enumerate(sorted(path.parent.glob("*.pgm"))):
        page = Image.open(file)
        edge = int(margin) - 2
        strips = (
            page.crop((0, 0, edge, page.height)),
            page.crop((page.width - edge, 0, page.width, page.height)),
        )
        if any(strip.getextrema()[0] < 200 for strip in strips):
            found.append(number)
    return found


def test_unknown_characters_become_a_box_and_a_warning(tmp_path):
    warnings = pdf.write_pdf(
        [chapter(table([("Smile 😀 Ltd", "x")], "lr"))], tmp_path / "a.pdf", cover=None, meta=META
    )
    assert len(warnings) == 1 and "U+1F600" in warnings[0] and "grinning face" in warnings[0]
    assert "Smile □ Ltd" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()


def test_only_our_fonts_are_embedded_and_all_of_them_are(tmp_path):
    reader = printed(tmp_path / "a.pdf", *every_block(), cover=COVER)
    ours = {path.stem.replace("-", "") for path in font_files()}
    fonts = {
        font["/BaseFont"].split("+")[-1].replace("-", "")
        for page in reader.pages
        for font in (f.get_object() for f in page["/Resources"]["/Font"].values())
    }
    assert fonts and all(
        any(font.lower().startswith(name.lower()[:12]) for name in ours) for font in fonts
    )
    assert all(
        "+" in font.get_object()["/BaseFont"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    )


def test_chapters_begin_on_new_pages_and_headings_never_close_one(tmp_path):
    filler = [{"type": "paragraph", "inlines": [{"t": "text", "s": "words " * 60}]}]
    for many in range(9, 15):
        blocks = [
            *filler * many,
            {"type": "heading", "level": 2, "text": "Lonely heading"},
            *filler,
        ]
        pdf.write_pdf(
            [chapter(*blocks), chapter(*filler, name="02-segmentation", title="Second")],
            tmp_path / "a.pdf",
            cover=None,
            meta=META,
        )
        for page in PdfReader(tmp_path / "a.pdf").pages:
            text = page.extract_text().strip()
            if "Second" in text:
                assert "Chapter 2" in text
            assert not text.removesuffix(text.splitlines()[-1]).strip().endswith("Lonely heading")


def test_a_table_title_never_closes_a_page(tmp_path):
    filler = {"type": "paragraph", "inlines": [{"t": "text", "s": "words " * 16}]}
    small = table([("a", "b")] * 12, "lr", title="Title of it")
    for many in range(34, 44):
        last = (
            printed(tmp_path / "a.pdf", *[filler] * many, small)
            .pages[0]
            .extract_text()
            .strip()
            .splitlines()
        )
        assert "Title of it" not in last[-3:-1] and "unit, window, n" not in last[-2:-1], many


def test_signs_and_figures_are_never_torn_apart(tmp_path):
    prose = [
        {
            "type": "paragraph",
            "inlines": [{"t": "text", "s": "i" * indent + " +¥1,010,637 −¥12k" * 20}],
        }
        for indent in range(8)
    ]
    narrow = table(
        [(text["inlines"][0]["s"], "+¥1,010,637", "+9 %") for text in prose],
        "lrr",
        ("Why " * 40, "a", "b"),
    )
    text = printed(tmp_path / "a.pdf", *prose, narrow).pages[0].extract_text()
    assert "+\n" not in text and "−\n" not in text and "+ \n" not in text


def test_what_an_earlier_chapter_shows_is_only_referred_to(tmp_path):
    made = [chapter(names(), name=f"0{i}-x", title=f"Chapter called {i}") for i in (1, 2)]
    pdf.write_pdf(made, tmp_path / "a.pdf", cover=None, meta=META)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages)
    first, second = text.split("Chapter called 2", 1)
    assert (
        "Last order" in first
        and "Last order" not in second
        and "the same as in “Chapter called 1”" in second
    )


def test_manifest_is_the_appendix(tmp_path):
    manifest = [
        {
            "title": "Data files",
            "head": ["File", "Rows", "sha256"],
            "rows": [["orders.csv", "12,345", "ab12" * 16]],
        }
    ]
    text = words(printed(tmp_path / "a.pdf", *every_block(), meta={**META, "manifest": manifest}))
    assert "Howthisreportwasmade" in text and "ab12" * 16 in text


def test_text_width_of_the_template_is_the_one_columns_are_made_for():
    assert (
        pytest.approx(595.28 - 2 * 57, abs=0.5) == PORTRAIT
        and pytest.approx(841.89 - 2 * 57, abs=0.5) == LANDSCAPE
    )


def test_nothing_unseen_stands_in_what_is_copied(tmp_path):
    """A number too wide for its column may break, and is found and copied whole all the same."""
    number, stage = "SO-2023-" + "0123456789" * 7, "negotiation" * 12
    rows = [(number, stage)]
    made = printed(tmp_path / "a.pdf", table(rows, "ll"), cover=COVER)
    text = "".join(page.extract_text() for page in made.pages)
    assert not set(text) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad")
    assert number in "".join(text.split()) and stage in "".join(text.split())
