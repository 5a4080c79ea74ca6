"""Column widths: what compositors' rules ask, whatever the words."""

from hypothesis import given
from hypothesis import strategies as st
from pages import CHINESE, table

from playbook.report.print.columns import LANDSCAPE, PORTRAIT, _filled, breakable, pieces, setting
from playbook.report.print.glyphs import PLACEHOLDER, Cleaner, width

CELL = st.text(alphabet=st.sampled_from(list("abc xyz 0123,.¥-年月销售 ")), max_size=60)


@given(
    st.integers(1, 18).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=0, max_size=5),
            st.text("lr", min_size=n, max_size=n),
        )
    )
)
def test_columns_fill_at_most_the_page(drawn):
    n, rows, align = drawn
    made = setting(table([tuple(row) for row in rows], align))
    assert len(made.widths) == n and min(made.widths) > 0
    assert sum(made.widths) <= (LANDSCAPE if made.landscape else PORTRAIT) + 1e-6
    assert 6.5 <= made.size <= 9.0


def test_figures_have_room_on_one_line():
    made = setting(
        table(
            [("¥123,456,789", "a long sentence of many words that can wrap wherever it likes " * 3)]
            * 3,
            "rl",
        )
    )
    assert made.size == 8.5 and made.widths[0] > width("¥123,456,789") * made.size


def test_chinese_breaks_anywhere_latin_between_words():
    assert pieces("销售 won-lost ab/cd") == ["销", "售", "won-", "lost", "ab/", "cd"]
    made = setting(table([(CHINESE, "¥1")], "lr"))
    assert not made.landscape and made.size == 8.5


@given(st.lists(st.floats(0, 50), max_size=8), st.floats(0, 100))
def test_small_wants_are_met_first(wants, room):
    given_ = _filled(wants, room)
    assert sum(given_) <= room + 1e-6 and all(
        0 <= got <= want for got, want in zip(given_, wants, strict=True)
    )
    level = max(given_, default=0.0)
    assert all(got == want or got >= level - 1e-6 for got, want in zip(given_, wants, strict=True))


def test_names_keep_one_line_beside_a_long_reason():
    rows = [
        (
            "祝华金服股份有限公司科技",
            "silent for a long time, usually buys every sixty days " * 2,
            "win back in person this week: visit by the owner " * 2,
        )
    ] * 9
    made = setting(table(rows, "lll"))
    assert made.widths[0] > width(rows[0][0]) * made.size


def test_only_words_too_long_are_made_breakable():
    assert breakable("short words", 10) == "short words"
    assert breakable("x" * 40 + " y", 10).replace("\u200b", "") == "x" * 40 + " y"
    assert "\u200b" in breakable("x" * 40 + " y", 10)


def test_cleaner_keeps_what_fonts_have_and_tells_what_they_have_not():
    cleaner = Cleaner()
    assert cleaner.clean({"a": ["Müller", "上海", "a\u200bb\x07", "x\u202f%", "ﬁ"]})["a"][:3] == [
        "Müller",
        "上海",
        "ab",
    ]
    assert cleaner.warnings() == []
    assert cleaner.text("ship 🚢 of ⛵︎") == f"ship {PLACEHOLDER} of {PLACEHOLDER}"
    assert [line[:34] for line in cleaner.warnings()] == [
        "no font has the character U+26F5 (",
        "no font has the character U+1F6A2 ",
    ]
