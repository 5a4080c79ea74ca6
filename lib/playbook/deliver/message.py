"""What one recipient is told of a pack, in plain text, and the mail that carries it."""

from __future__ import annotations

import hashlib
import html
import json
import mimetypes
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from playbook.base.mail_addresses import parse_mailbox

from .packs import Pack
from .words import phrase

LONGEST_TITLE = 120  # characters of a company's title in a subject
LONGEST_NAME = 60  # characters of an attachment's name before its edition
MB = 1_000_000


@dataclass(frozen=True)
class Letter:
    """A pack and what goes with it for one recipient. link: empty = none. alerts: lines crossed
    that this audience is told. attach: whether the editions go with it. again: an earlier version
    of the same month went to the recipient before. cut: some of it was left out, for want of room.
    """

    pack: Pack
    recipient: str
    link: str = ""
    alerts: tuple[str, ...] = ()
    attach: bool = True
    again: bool = False
    cut: bool = False

    @property
    def content(self) -> str:
        """SHA-256 of all that is told: the same pack told the same way is the same content."""
        told = [
            self.pack.book,
            self.pack.month,
            self.pack.audience,
            self.pack.headline,
            [[t.label, t.value, *t.deltas] for t in self.pack.tiles],
            [list(one) for one in self.pack.prose],
            [[path.name, known] for path, known in self.pack.files],
            self.link,
            list(self.alerts),
            self.attach,
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def subject(self) -> str:
        title = one_line(self.pack.title)
        title = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
        said = phrase(self.pack.language, "subject", title=title, month=self.pack.month)
        said = phrase(self.pack.language, "again", subject=said) if self.again else said
        return one_line(said)

    @property
    def size(self) -> int:
        """Bytes of the editions."""
        return sum(path.stat().st_size for path, _ in self.pack.files)

    def names(self) -> list[str]:
        """What the editions are called outside the pack: ``华北公司-2023-09-简报.pdf``."""
        title = re.sub(r"\s*[^\w\s]+\s*", "-", one_line(self.pack.title)).strip("- ")
        head = f"{title[:LONGEST_NAME].strip('- ') or self.pack.book}-{self.pack.month}"
        return [
            f"{head}-{phrase(self.pack.language, path.stem)}{path.suffix}"
            for path, _ in self.pack.files
        ]

    def lines(self) -> list[str]:
        """The numbers, one line each: ``Sales, month: ¥30.7m (ΔPL +36.4 %)``."""
        return [
            phrase(self.pack.language, "reads", label=tile.label, value=tile.value)
            + (f" ({', '.join(tile.deltas)})" if tile.deltas else "")
            for tile in self.pack.tiles
        ]


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, which could begin a new header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def plain(letter: Letter) -> str:
    """The letter as plain text."""
    pack, parts = letter.pack, list[str]()
    parts.append(f"{pack.title} · {pack.month}")
    if pack.headline:
        parts.append(pack.headline)
    if pack.failed:
        parts.append(phrase(pack.language, "failed"))
    if letter.alerts:
        head = phrase(pack.language, "alerts")
        parts.append("\n".join([f"{head}:", *(f"  ! {line}" for line in letter.alerts)]))
    parts.append("\n".join(letter.lines()))
    parts += [f"{title}\n{text}" for title, text in pack.prose]
    parts.append(phrase(pack.language, "as_of", as_of=pack.as_of))
    if letter.attach:
        parts.append(phrase(pack.language, "attached", names=", ".join(letter.names())))
    if letter.link:
        parts.append(f"{phrase(pack.language, 'open')}: {letter.link}")
    parts.append(_foot(letter))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_html(letter: Letter) -> str:
    """The letter as an HTML page: no script, no image, nothing fetched; every text escaped."""
    pack, e = letter.pack, html.escape
    cell = 'style="padding:4px 16px 4px 0;border-bottom:1px solid #ddd"'
    rows = "".join(
        f"<tr><td {cell}>{e(t.label)}</td><td {cell}><b>{e(t.value)}</b></td>"
        f"<td {cell}>{e(', '.join(t.deltas))}</td></tr>\n"
        for t in pack.tiles
    )
    alerts = "".join(f"<li>{e(line)}</li>\n" for line in letter.alerts)
    prose = "\n".join(f"<p><b>{e(title)}</b><br>{e(text)}</p>" for title, text in pack.prose)
    parts = [
        f"<p>{e(pack.title)} · {e(pack.month)}</p>",
        f'<h2 style="font-size:18px">{e(pack.headline)}</h2>' if pack.headline else "",
        f"<p>{e(phrase(pack.language, 'failed'))}</p>" if pack.failed else "",
        f"<p><b>{e(phrase(pack.language, 'alerts'))}</b></p>\n<ul>\n{alerts}</ul>"
        if alerts
        else "",
        f'<table style="border-collapse:collapse">\n{rows}</table>' if rows else "",
        prose,
        f"<p>{e(phrase(pack.language, 'as_of', as_of=pack.as_of))}</p>",
        f'<p><a href="{e(letter.link)}">{e(phrase(pack.language, "open"))}</a></p>'
        if letter.link
        else "",
        f'<p style="color:#777">{e(_foot(letter))}</p>',
    ]
    body = "\n".join(part for part in parts if part)
    return (
        f'<!DOCTYPE html>\n<html lang="{pack.language}">\n<head><meta charset="utf-8">'
        f"<title>{e(letter.subject)}</title></head>\n"
        f'<body style="font-family:sans-serif;font-size:14px">\n{body}\n</body>\n</html>\n'
    )


def _foot(letter: Letter) -> str:
    return phrase(
        letter.pack.language, "for", recipient=letter.recipient, audience=letter.pack.audience
    )


def mail(letter: Letter, sender: str, to: str, key: str, when: datetime) -> EmailMessage:
    """The mail to one address: plain text and HTML, and the editions behind them.

    key: names the delivery; Message-ID and part boundaries come from it, so that the same delivery
    is the same message however often it is tried.
    """
    host = parse_mailbox(sender).host
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = _header(sender), _header(to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(when)
    message["Message-ID"] = message_id(key, host)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer, please
    message.set_content(plain(letter), cte="base64")
    message.add_alternative(as_html(letter), subtype="html", cte="base64")
    for (path, _), name in zip(letter.pack.files, letter.names(), strict=True):
        if letter.attach:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            main, _, sub = kind.partition("/")
            message.add_attachment(path.read_bytes(), main, sub, filename=name)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{key[:32]}")
    return message


def message_id(key: str, host: str) -> str:
    """The Message-ID of a delivery."""
    return f"<{key[:40]}.playbook@{host}>"


def _header(text: str) -> Address:
    box = parse_mailbox(text)
    return Address(display_name=box.name, addr_spec=box.address)
