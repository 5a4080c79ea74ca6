"""Chat robots: the JSON each documents, its signature, and how an answer is understood."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from unittest import mock

import pytest
from posting import NOON, pack, robot

from playbook.base.errors import ParameterProblem
from playbook.deliver import webhook
from playbook.deliver.cards import CARDS, WECOM, card, markdown, size
from playbook.deliver.message import Letter
from playbook.deliver.outcomes import InDoubt, NotSent
from playbook.deliver.packs import Tile, pack_for


@pytest.fixture
def letter(tmp_path):
    pack(tmp_path, title="North", language="en", headline="Sales up [x](https://bad) <@all>")
    found = pack_for(tmp_path, "north", "2023-09", "brief")
    return Letter(found, "team", "https://share.example.com/north", ("win_rate is *low*",), False)


SUBJECT = "North: sales report 2023-09"
HEAD = r"**Sales up \[x\]\(https://bad\) ＜@all\>**".replace(r"\>", "＞")


def test_wecom(letter):
    assert CARDS["wecom"](letter) == {
        "msgtype": "markdown",
        "markdown": {
            "content": "### North: sales report 2023\\-09\n"
            f"{HEAD}\n"
            "**Crossed a line**\n"
            "> win\\_rate is \\*low\\*\n"
            "> Sales, month: **¥30.7m** (ΔPL \\+36.4 %, ΔPY \\+36.5 %)\n"
            "> Orders: **136**\n"
            "As of 2023\\-09\\-30\n"
            "[Open the report](https://share.example.com/north)"
        },
    }


def test_dingtalk(letter):
    made = CARDS["dingtalk"](letter)
    assert set(made) == {"msgtype", "markdown"} and made["msgtype"] == "markdown"
    assert made["markdown"]["title"] == SUBJECT
    assert made["markdown"]["text"].split("\n\n")[:2] == [
        "### North: sales report 2023\\-09",
        HEAD,
    ]
    assert made["markdown"]["text"].endswith("[Open the report](https://share.example.com/north)")


def test_feishu(letter):
    made = CARDS["feishu"](letter)
    assert made["msg_type"] == "interactive"
    card = made["card"]
    assert card["header"] == {
        "title": {"tag": "plain_text", "content": SUBJECT},
        "template": "red",
    }
    assert card["elements"][0]["tag"] == "markdown"
    assert card["elements"][0]["content"].startswith(HEAD)
    assert card["elements"][1] == {
        "tag": "action",
        "actions": [
            {
                "tag": "button",
                "text": {"tag": "plain_text", "content": "Open the report"},
                "type": "primary",
                "url": "https://share.example.com/north",
            }
        ],
    }
    calm = CARDS["feishu"](replace(letter, alerts=(), link=""))
    assert calm["card"]["header"]["template"] == "blue" and len(calm["card"]["elements"]) == 1


def test_slack(letter):
    made = CARDS["slack"](letter)
    assert made["text"] == SUBJECT
    assert made["blocks"][0] == {"type": "header", "text": {"type": "plain_text", "text": SUBJECT}}
    text = made["blocks"][1]["text"]["text"]
    assert made["blocks"][1]["text"]["type"] == "mrkdwn"
    assert "&lt;@all&gt;" in text and "<@" not in text and "<!" not in text
    assert text.endswith("<https://share.example.com/north|Open the report>")
    assert "- Orders: *136*" in text


def test_teams(letter):
    (attachment,) = CARDS["teams"](letter)["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["actions"] == [
        {
            "type": "Action.OpenUrl",
            "title": "Open the report",
            "url": "https://share.example.com/north",
        }
    ]
    (facts,) = [part["facts"] for part in card["body"] if part["type"] == "FactSet"]
    assert facts == [
        {"title": "Sales, month", "value": "¥30.7m ΔPL \\+36.4 %, ΔPY \\+36.5 %"},
        {"title": "Orders", "value": "136"},
    ]
    assert CARDS["teams"](letter)["type"] == "message"


def test_long_texts_are_cut_whole_lines_at_what_the_robot_takes(letter):
    many = tuple(Tile(f"指标{i}", "一" * 40, ()) for i in range(60))
    long = replace(letter, pack=replace(letter.pack, tiles=many))
    text = CARDS["wecom"](long)["markdown"]["content"]
    lines = text.split("\n")
    assert len(text.encode()) <= WECOM and lines[-2] == "…"
    assert lines[-1] == "[Open the report](https://share.example.com/north)"
    assert all(line.endswith("**") for line in lines[4:-2])  # no line is cut within
    assert len(text.encode()) > WECOM - 250


@pytest.mark.parametrize("channel", ["wecom", "dingtalk", "feishu", "slack", "teams"])
def test_no_message_is_larger_than_the_robot_takes(letter, channel):
    most = {"dingtalk": 20_000, "feishu": 20_000, "teams": 28_000, "wecom": 5_000}.get(channel, 9e9)
    many = tuple(Tile(f"指标{i}", '一"' * 40, ("ΔPL +1 %",)) for i in range(200))
    pack = replace(letter.pack, title="岚" * 3000, headline="桥" * 3000, tiles=many)
    alerts = tuple(f"line {i} {'长' * 80}" for i in range(100))
    for tiles, told in ((many, alerts), (many, ()), ((), alerts), (many[:2], ("越" * 9000,))):
        long = replace(letter, pack=replace(pack, tiles=tiles), alerts=told)
        made = card(channel, long)
        assert size(made) <= most
        text = json.dumps(made, ensure_ascii=False)
        assert "岚岚" in text and "share.example.com" in text
        assert "As of" in text or channel in ("wecom", "slack"), "cut by text from the end"
        if told and channel != "slack":
            assert told[0][:100] in text.replace("\\", ""), "alerts go last"
    few = replace(letter, alerts=alerts[:1])
    assert card(channel, few) == CARDS[channel](few)


def test_markdown_prints_text_as_it_stands():
    assert markdown("a*b_[c](d) <at id=all>") == "a\\*b\\_\\[c\\]\\(d\\) ＜at id=all＞"


# Worked with openssl: printf '1696219200000\nSECkey' | openssl dgst -sha256 -hmac SECkey -binary
# | base64; printf '' | openssl dgst -sha256 -hmac $'1696219200\nkey' -binary | base64.
def test_dingtalk_is_signed_in_milliseconds():
    assert webhook.dingtalk_signature("SECkey", NOON) == (
        "timestamp=1696219200000&sign=d8jp5o3YE3F%2FELXBtyA5NxEe8R2RPF5FXKbPdyvCR4s%3D"
    )


def test_feishu_is_signed_in_seconds():
    assert webhook.feishu_signature("key", NOON) == {
        "timestamp": "1696219200",
        "sign": "WLT9q1jN+ZlALaTJYaFuKb0kxwUDySxd1af9QK+lw2I=",
    }


def test_exactly_these_bytes_are_posted_and_no_proxy_is_asked():
    with (
        robot() as found,
        mock.patch.dict("os.environ", {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}),
    ):
        webhook.post("wecom", found.url, {"a": "一", "b": [1]}, when=NOON)
    ((path, heads, body),) = found.posts
    assert (path, body) == ("/hook?key=SECRET", '{"a":"一","b":[1]}'.encode())
    assert heads["Content-Type"] == "application/json; charset=utf-8"


def test_signatures_go_where_each_robot_looks_for_them():
    with robot() as found:
        webhook.post("dingtalk", found.url, {"a": 1}, when=NOON, secret="SECkey")
    path, _, body = found.posts[0]
    assert path == f"/hook?key=SECRET&{webhook.dingtalk_signature('SECkey', NOON)}"
    assert json.loads(body) == {"a": 1}
    with robot(answer=b'{"code":0,"msg":"success"}') as found:
        webhook.post("feishu", found.url, {"a": 1}, when=NOON, secret="key")
    path, _, body = found.posts[0]
    assert path == "/hook?key=SECRET"
    assert json.loads(body) == {**webhook.feishu_signature("key", NOON), "a": 1}


@pytest.mark.parametrize(
    ("channel", "given", "words"),
    [
        ("wecom", {"answer": b'{"errcode":93000,"errmsg":"invalid webhook"}'}, "93000 invalid"),
        ("feishu", {"answer": b'{"code":19021,"msg":"sign match fail"}'}, "19021 sign match"),
        ("dingtalk", {"answer": b"<html>"}, "no JSON"),
        ("dingtalk", {"answer": b"[]"}, "no JSON"),
        ("slack", {"status": 404, "answer": b"no_service"}, "status 404"),
        ("teams", {"status": 302}, "status 302"),
        ("teams", {"answer": b"delivery failed with error: HTTP error 413"}, "HTTP error 413"),
    ],
)
def test_a_refusal_is_a_refusal_also_with_status_200(channel, given, words):
    with robot(**given) as found, pytest.raises(NotSent) as caught:
        webhook.post(channel, found.url, {}, when=NOON)
    assert words in str(caught.value) and "SECRET" not in str(caught.value)
    assert len(found.posts) == 1  # a redirection is not followed


@pytest.mark.parametrize(
    ("channel", "status", "answer"), [("slack", 200, b"ok"), ("teams", 202, b"")]
)
def test_a_yes_of_each(channel, status, answer):
    with robot(status=status, answer=answer) as found:
        webhook.post(channel, found.url, {}, when=NOON)


def test_no_answer_is_a_doubt_and_no_connection_is_none():
    for gateway in (502, 504):
        with robot(status=gateway) as found, pytest.raises(InDoubt, match=f"status {gateway}"):
            webhook.post("slack", found.url, {}, when=NOON)
    with robot(cut=True) as found, pytest.raises(InDoubt) as caught:
        webhook.post("slack", found.url, {}, when=NOON)
    assert "SECRET" not in str(caught.value)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    handed = []
    with pytest.raises(NotSent):
        webhook.post(
            "slack",
            f"http://127.0.0.1:{port}/",
            {},
            when=NOON,
            handing_over=lambda: handed.append(1),
        )
    assert handed == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com/x",
        "http://hooks.example.com/x",
        "ftp://127.0.0.1/x",
        "https://",
        "https://example.com/a b",
        "https://example.com/a\r\nHost: b",
        "https://example.com:99999/",
    ],
)
def test_an_address_that_is_none_is_refused_without_being_repeated(url):
    with pytest.raises(ParameterProblem) as caught:
        webhook.checked_url(url, "slack")
    assert len(url) < 9 or url not in str(caught.value)


def test_other_hosts_are_reached_through_the_proxy_of_the_environment():
    parts = webhook.checked_url("https://hooks.example.com/x?y=1", "slack")
    with mock.patch.dict("os.environ", {"https_proxy": "http://u:p@proxy.local:3128"}):
        connection, target = webhook._connection(parts, 1)
        assert (connection.host, connection.port, target) == ("proxy.local", 3128, "/x?y=1")
        assert connection._tunnel_host == b"hooks.example.com" or (
            connection._tunnel_host == "hooks.example.com"
        )
        assert connection._tunnel_headers["Proxy-Authorization"] == "Basic dTpw"
        own = webhook.checked_url("https://localhost:8443/x", "slack")
        assert webhook._connection(own, 1)[0].host == "localhost"
    with mock.patch.dict(
        "os.environ", {"https_proxy": "http://proxy.local", "no_proxy": "example.com"}
    ):
        assert webhook._connection(parts, 1)[0].host == "hooks.example.com"
