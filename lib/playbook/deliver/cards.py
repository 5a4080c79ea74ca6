"""A letter as the robots of chat systems take it: the JSON of each, as its maker documents it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .message import Letter
from .words import phrase

Json = dict[str, Any]
# Bytes of text a robot takes (企业微信 documents 4,096 for markdown), and of a whole message: 飞书
# and 钉钉 20,000, Teams about 28,000.
WECOM, WHOLE = 4096, {"dingtalk": 20_000, "feishu": 20_000, "teams": 27_000}
LONGEST_LINE = 300  # characters of a title, a headline or an alert on a card
SLACK_HEAD, SLACK_TEXT = 150, 3000  # characters
MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")


def markdown(text: str) -> str:
    """Text that markdown prints as it stands: a customer called ``[x](https://y)`` is no link, and
    nobody is called by ``<@all>``.
    """
    return MARKS.sub(r"\\\1", text.replace("<", "＜")).replace("\\>", "＞")


def _lines(letter: Letter, escape: Callable[[str], str], bold: str = "**") -> list[str]:
    told = [escape(phrase(letter.pack.language, "failed"))] if letter.pack.failed else []
    alerts = [f"{bold}{phrase(letter.pack.language, 'alerts')}{bold}"] if letter.alerts else []
    alerts += [f"- {escape(line)}" for line in letter.alerts]
    tiles = [
        f"- {escape(t.label)}: {bold}{escape(t.value)}{bold}"
        + (f" ({escape(', '.join(t.deltas))})" if t.deltas else "")
        for t in letter.pack.tiles
    ]
    return [
        *told,
        *alerts,
        *tiles,
        *(["…"] if letter.cut else []),
        escape(phrase(letter.pack.language, "as_of", as_of=letter.pack.as_of)),
    ]


def card(channel: str, letter: Letter) -> Json:
    """The message of a letter, not larger than the robot takes: what does not fit goes whole, the
    last numbers first and alerts after all of them, and "…" says so.
    """
    pack = replace(letter.pack, title=_cut(letter.pack.title), headline=_cut(letter.pack.headline))
    alerts = tuple(map(_cut, letter.alerts))
    letter = replace(letter, pack=pack, alerts=alerts)
    made = CARDS[channel](letter)
    for kept in range(len(alerts) + len(pack.tiles) - 1, -1, -1):
        if size(made) <= WHOLE.get(channel, size(made)):
            break
        tiles = pack.tiles[: max(0, kept - len(alerts))]
        shorter = replace(letter, pack=replace(pack, tiles=tiles), alerts=alerts[:kept], cut=True)
        made = CARDS[channel](shorter)
    return made


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"


def size(made: Json) -> int:
    """Bytes of a message as it is posted."""
    return len(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode())


def _short(lines: list[str], most: int, last: list[str]) -> str:
    """The lines, cut whole from the end until all fit into ``most`` bytes; the last ones stay."""
    kept = list(lines)
    while kept and len("\n".join([*kept, "…", *last]).encode()) > most:
        kept.pop()
    return "\n".join([*kept, *(["…"] if len(kept) < len(lines) else []), *last])


def _link(letter: Letter) -> list[str]:
    if not letter.link:
        return []
    return [f"[{phrase(letter.pack.language, 'open')}]({letter.link})"]


def _head(letter: Letter) -> list[str]:
    told = [f"### {markdown(letter.subject)}"]
    return told + ([f"**{markdown(letter.pack.headline)}**"] if letter.pack.headline else [])


def wecom(letter: Letter) -> Json:
    """企业微信 (developer.work.weixin.qq.com/document/path/91770): msgtype markdown."""
    lines = [
        *_head(letter),
        *(f"> {line[2:]}" if line[:2] == "- " else line for line in _lines(letter, markdown)),
    ]
    text = _short(lines, WECOM, _link(letter))
    return {"msgtype": "markdown", "markdown": {"content": text}}


def dingtalk(letter: Letter) -> Json:
    """钉钉 (open.dingtalk.com, custom robot): msgtype markdown; a line needs a blank one after."""
    lines = [part for line in [*_head(letter), *_lines(letter, markdown)] for part in (line, "")]
    text = "\n".join([*lines, *_link(letter)])
    return {"msgtype": "markdown", "markdown": {"title": letter.subject, "text": text}}


def feishu(letter: Letter) -> Json:
    """飞书 (open.feishu.cn, custom bot): msg_type interactive, a card with a button."""
    head = [f"**{markdown(letter.pack.headline)}**"] if letter.pack.headline else []
    elements: list[Json] = [
        {
            "tag": "markdown",
            "content": "\n".join([*head, *_lines(letter, markdown)]),
        }
    ]
    if letter.link:
        button = {
            "tag": "button",
            "text": {"tag": "plain_text", "content": phrase(letter.pack.language, "open")},
            "type": "primary",
            "url": letter.link,
        }
        elements.append({"tag": "action", "actions": [button]})
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": {"tag": "plain_text", "content": letter.subject},
                "template": "red" if letter.alerts else "blue",
            },
            "elements": elements,
        },
    }


def slack(letter: Letter) -> Json:
    """Slack (incoming webhooks, Block Kit): a header, a section, and the text of notifications."""

    def escape(text: str) -> str:
        plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return re.sub(r"([*_~`])", "\u200b\\1", plain)  # mrkdwn knows no backslash

    head = [f"*{escape(letter.pack.headline)}*"] if letter.pack.headline else []
    link = [f"<{letter.link}|{phrase(letter.pack.language, 'open')}>"] if letter.link else []
    text = _short([*head, *_lines(letter, escape, "*")], SLACK_TEXT, link)
    return {
        "text": escape(letter.subject),
        "blocks": [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": letter.subject[:SLACK_HEAD]},
            },
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        ],
    }


def teams(letter: Letter) -> Json:
    """Microsoft Teams (webhooks of Workflows): a message with an Adaptive Card."""

    def text(words: str, **more: Any) -> Json:
        return {"type": "TextBlock", "text": words, "wrap": True, **more}

    pack = letter.pack
    body = [text(markdown(letter.subject), size="Large", weight="Bolder")]
    if pack.headline:
        body.append(text(markdown(pack.headline), weight="Bolder"))
    failed = [phrase(pack.language, "failed")] if pack.failed else []
    warned = [*failed, *letter.alerts]
    body += [text(markdown(line), color="Attention") for line in warned]
    if pack.tiles:
        facts = [
            {
                "title": markdown(t.label),
                "value": markdown(f"{t.value} {', '.join(t.deltas)}".strip()),
            }
            for t in pack.tiles
        ]
        body.append({"type": "FactSet", "facts": facts})
    body += [text("…")] if letter.cut else []
    body.append(text(markdown(phrase(pack.language, "as_of", as_of=pack.as_of)), isSubtle=True))
    card: Json = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if letter.link:
        card["actions"] = [
            {"type": "Action.OpenUrl", "title": phrase(pack.language, "open"), "url": letter.link}
        ]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


CARDS: dict[str, Callable[[Letter], Json]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "slack": slack,
    "teams": teams,
}
