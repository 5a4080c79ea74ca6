"""E-mail addresses as settings give them: ``name@host`` or ``Name <name@host>``."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_LOCAL, LONGEST = 64, 254  # characters: RFC 5321 4.5.3.1, and RFC 3696's erratum
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Mailbox:
    """A mailbox: the name people read, which may be empty and in any script, and ``user@host`` in
    ASCII.
    """

    name: str
    address: str

    @property
    def host(self) -> str:
        return self.address.rpartition("@")[2]


def parse_mailbox(text: str) -> Mailbox:
    """The mailbox that ``text`` writes; a host in another script becomes its ASCII form.

    Raises ValueError, in words, for anything else: several addresses, line breaks and other control
    characters, which could add lines to a message's head, quoted or non-ASCII names before the @.
    """
    if any(not character.isprintable() for character in text):
        raise ValueError(f"an address without line breaks or control characters, not {text!r}")
    text = text.strip()
    name, address = "", text
    if text.endswith(">") and "<" in text:
        name, _, address = text[:-1].rpartition("<")
        name = name.strip().strip('"').strip()
    local, at, host = address.strip().rpartition("@")
    if not at or not LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise ValueError(f"one address such as wang@example.com or 王伟 <wang@example.com>: {text}")
    if any(character in name for character in "<>@,;"):
        raise ValueError(f"one address, not several: {text}")
    found = f"{local}@{_ascii_host(host, text)}"
    if len(found) > LONGEST:
        raise ValueError(f"an address of at most {LONGEST} characters: {text}")
    return Mailbox(name, found)


def _ascii_host(host: str, text: str) -> str:
    try:
        labels = host.encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        labels = [""]
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"a host such as example.com after the @: {text}")
    return ".".join(labels)
