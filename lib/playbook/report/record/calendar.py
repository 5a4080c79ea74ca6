"""Calendar files: what each person is to do, as all-day events on the days it is due (RFC 5545).

The same actions give the same bytes: an event is known by its action's number, which is the same in
every month, and its stamp is the pack's day. A calendar that takes in next month's file changes its
events instead of doubling them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playbook.base.language import say

Json = dict[str, Any]
LINE = 75  # octets of a line at most, without its end
PRODUCER = "-//playbook//actions//EN"
DOMAIN = "actions.playbook"
UNSAFE = re.compile(r'[/\\<>:"|?*\x00-\x1f]+')
LONGEST = 60  # characters of an owner in a file's name


def write_calendars(log: Mapping[str, Any], folder: Path, as_of: date) -> list[Path]:
    """A file for each owner of the action list (``action_log.action_sheet``) that has a day, named
    after the owner.
    """
    keys = [column[0] for column in log["columns"]]
    by_owner: dict[str, list[Json]] = {}
    for row in log["rows"]:
        action = dict(zip(keys, row, strict=True))
        if action.get("due"):
            by_owner.setdefault(
                str(action.get("owner") or say("nobody", context="owner")), []
            ).append(action)
    names = _names(by_owner)
    made = []
    for owner, actions in sorted(by_owner.items()):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{names[owner]}.ics"
        path.write_bytes(calendar(owner, actions, as_of))
        made.append(path)
    return made


def calendar(owner: str, actions: Sequence[Mapping[str, Any]], as_of: date) -> bytes:
    """The calendar of one owner: an all-day event for each action, by day and number. What is
    overdue stands on the day it was due.

    actions: action_id, what, whom, due (YYYY-MM-DD), worth, why, note, chapter; only the first
    three columns with a day are needed.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCER}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(owner)}",
    ]
    for action in sorted(actions, key=lambda a: (str(a["due"]), str(a["action_id"]))):
        lines += _event(action, as_of)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(action: Mapping[str, Any], as_of: date) -> list[str]:
    due = date.fromisoformat(str(action["due"])[:10])
    parts = [str(action.get(key) or "") for key in ("what", "whom")]
    told = [
        str(action["why"]) if action.get("why") else "",
        say("worth {worth:,.0f}", worth=action["worth"])
        if isinstance(action.get("worth"), (int, float))
        else "",
        say("number {action_id}", action_id=action["action_id"]),
        str(action["note"]) if action.get("note") else "",
    ]
    return [
        "BEGIN:VEVENT",
        f"UID:{action['action_id']}@{DOMAIN}",
        f"DTSTAMP:{as_of:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(': '.join(filter(None, parts)))}",
        f"DESCRIPTION:{_text(chr(10).join(filter(None, told)))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value of type TEXT: backslash, semicolon, comma and line break escaped (3.3.11); other
    control characters left out.
    """
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    if not plain.replace("\n", "").isprintable():
        plain = "".join(c for c in plain if c in "\n\t\u3000" or c.isprintable())
    for raw, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(raw, safe)
    return plain


def folded(line: str) -> bytes:
    """A content line with its end, broken after at most 75 octets and never inside a character
    (3.1).

    >>> folded("SUMMARY:short")
    b'SUMMARY:short\\r\\n'
    """
    raw, pieces, at, room = line.encode(), [], 0, LINE
    while len(raw) - at > room:
        end = at + room
        while raw[end] & 0xC0 == 0x80:  # an octet that goes on with a character
            end -= 1
        pieces.append(raw[at:end])
        at, room = end, LINE - 1  # the blank that a continued line begins with
    return b"\r\n ".join([*pieces, raw[at:]]) + b"\r\n"


def _names(owners: Sequence[str] | Mapping[str, Any]) -> dict[str, str]:
    """A file name for each owner, told apart where two come out alike."""
    made: dict[str, str] = {}
    taken: set[str] = set()
    for owner in sorted(owners):
        base = UNSAFE.sub("-", owner).strip(" .-")[:LONGEST] or say("nobody", context="owner")
        name, n = base, 1
        while name.casefold() in taken:
            n += 1
            name = f"{base} {n}"
        taken.add(name.casefold())
        made[owner] = name
    return made
