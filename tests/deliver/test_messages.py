"""The mail itself: heads, bodies, attachments; nothing of a text becomes markup or a header."""

from __future__ import annotations

import email
import json
import re
from dataclasses import replace
from email.policy import SMTP

import pytest
from posting import NOON, pack

from playbook.deliver.cards import CARDS
from playbook.deliver.message import Letter, as_html, mail, one_line, plain
from playbook.deliver.packs import Tile, pack_for

KEY = "ab" * 32
SENDER = "销售月报 <reports@example.com>"


@pytest.fixture
def letter(tmp_path):
    pack(tmp_path)
    return Letter(pack_for(tmp_path, "north", "2023-09", "director"), "销售总监")


def sent(letter, to="王伟 <wang@example.com>"):
    data = mail(letter, SENDER, to, KEY, NOON).as_bytes()
    return data, email.message_from_bytes(data, policy=SMTP)


def test_heads_are_ascii_lines_that_read_as_they_were_meant(letter):
    data, read = sent(letter)
    head = data.split(b"\r\n\r\n", 1)[0]
    assert head.isascii() and b"\n" not in head.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert read["Subject"] == "华北公司：2023-09销售月报"
    assert read["From"].addresses[0].display_name == "销售月报"
    assert read["To"].addresses[0].display_name == "王伟"
    assert read["To"].addresses[0].addr_spec == "wang@example.com"
    assert read["Date"] == "Mon, 02 Oct 2023 04:00:00 +0000"
    assert read["Message-ID"] == f"<{KEY[:40]}.playbook@example.com>"


def test_the_plain_text_has_the_numbers(letter):
    body = sent(letter)[1].get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert body == (
        "华北公司 · 2023-09\n\n"
        "Sales ¥30.7m, 36 % above plan\n\n"
        "Sales, month：¥30.7m (ΔPL +36.4 %, ΔPY +36.5 %)\nOrders：136\n\n"
        "数据截至2023-09-30\n\n"
        "附件：华北公司-2023-09-总监版.pdf, 华北公司-2023-09-简报.pdf\n\n"
        "发送给销售总监，读者：director。\n"
    )


def test_attachments_have_their_names_and_bytes(letter):
    found = {p.get_filename(): p.get_content() for p in sent(letter)[1].iter_attachments()}
    assert found == {
        "华北公司-2023-09-总监版.pdf": b"%PDF north director.pdf\n",
        "华北公司-2023-09-简报.pdf": b"%PDF north brief.pdf\n",
    }
    assert not list(sent(replace(letter, attach=False))[1].iter_attachments())


def test_the_same_delivery_is_the_same_bytes(letter):
    assert sent(letter)[0] == sent(letter)[0]


def test_a_second_version_says_so(letter):
    assert sent(replace(letter, again=True))[1]["Subject"] == "更正：华北公司：2023-09销售月报"


HOSTILE = "x\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>"


def test_texts_of_the_data_begin_no_header_and_no_markup(letter):
    tile = Tile(HOSTILE, HOSTILE, (HOSTILE,))
    bad = replace(letter.pack, title=HOSTILE, headline=HOSTILE, tiles=(tile,))
    hostile = replace(letter, pack=bad, recipient=HOSTILE, alerts=(HOSTILE,))
    data, read = sent(hostile)
    assert read["Bcc"] is None and b"\r\nBcc:" not in data.split(b"\r\n\r\n", 1)[0]
    assert "<script" not in as_html(hostile)
    assert all("/" not in name and name.isprintable() for name in hostile.names())
    assert hostile.subject == ("x Bcc: all@example.com <script>alert(1)</script>：2023-09销售月报")


def test_a_link_is_written_out_and_stands_in_both_bodies(letter):
    linked = replace(letter, link="https://share.example.com/a?b=1&c=2", attach=False)
    assert "打开报告: https://share.example.com/a?b=1&c=2" in plain(linked)
    assert 'href="https://share.example.com/a?b=1&amp;c=2"' in as_html(linked)
    assert "附件" not in plain(linked)


def test_the_page_fetches_nothing(letter):
    text = as_html(replace(letter, link="https://example.com/x", alerts=("a < b",)))
    assert not re.search(r"<(img|script|link|iframe)|url\(|@import", text)
    assert "a &lt; b" in text


def test_a_long_title_leaves_room_for_the_month(letter):
    long = replace(letter, pack=replace(letter.pack, title="岚" * 3000))
    assert len(long.subject) < 150 and "岚…" in long.subject and letter.pack.month in long.subject


def test_control_characters_are_blanks():
    assert one_line("a\x00b\u2028c\td  e") == "a b c d e"


def test_content_is_the_same_only_for_the_same_content(letter):
    same = replace(letter, recipient="another", again=True)
    assert letter.content == same.content  # told alike: the address makes the difference
    for other in (
        replace(letter, alerts=("x",)),
        replace(letter, link="https://example.com"),
        replace(letter, attach=False),
        replace(letter, pack=replace(letter.pack, headline="y")),
        replace(letter, pack=replace(letter.pack, audience="brief")),
        replace(letter, pack=replace(letter.pack, month="2023-08")),
        replace(letter, pack=replace(letter.pack, files=letter.pack.files[:1])),
        replace(letter, pack=replace(letter.pack, tiles=letter.pack.tiles[:1])),
    ):
        assert other.content != letter.content


def test_the_whole_brief_stands_in_the_body_where_the_pack_has_it(tmp_path):
    place = pack(tmp_path)
    results = json.loads((place / "results.json").read_text())
    tile = {"label": "客户", "value": "12", "deltas": []}
    prose = [{"title": "为什么", "text": "<West> & co."}]
    results["short"]["brief"] = {"tiles": [tile], "prose": prose}
    text = json.dumps(results)
    (place / "results.json").write_text(text)
    found = pack_for(tmp_path, "north", "2023-09", "brief")
    letter = Letter(found, "x")
    assert [t.label for t in found.tiles] == ["客户"]
    assert "\n\n客户：12\n\n为什么\n<West> & co.\n\n数据截至" in plain(letter)
    assert "<p><b>为什么</b><br>&lt;West&gt; &amp; co.</p>" in as_html(letter)
    assert letter.content != Letter(replace(found, prose=()), "x").content


def test_a_brief_that_is_not_for_the_reader_leaves_the_first_tiles(tmp_path):
    place = pack(tmp_path)
    results = json.loads((place / "results.json").read_text())
    results["short"]["brief"] = None
    (place / "results.json").write_text(json.dumps(results))
    found = pack_for(tmp_path, "north", "2023-09", "brief")
    assert found.prose == () and len(found.tiles) == 2


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Lanqiao 岚桥 (simulated)", "Lanqiao 岚桥-simulated"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\r\nb: c", "a b-c"),
        ("***", "north"),
        ("一" * 90, "一" * 60),
    ],
)
def test_attachments_are_called_by_the_company_in_letters_any_system_takes(letter, title, head):
    named = replace(letter, pack=replace(letter.pack, title=title))
    assert named.names()[0] == f"{head}-2023-09-总监版.pdf"


def test_a_pack_that_is_sent_although_chapters_failed_says_so(letter):
    said = "本报告有章节未能完成，原因见相应页面。"
    failed = replace(letter, pack=replace(letter.pack, failed=True))
    for words in (plain, as_html, *(lambda one, c=c: str(c(one)) for c in CARDS.values())):
        assert said in words(failed) and said not in words(letter)
