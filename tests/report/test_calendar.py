"""Calendar files are RFC 5545 to the byte, and the same for the same actions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.report.record.calendar import calendar, folded, write_calendars

DAY = date(2023, 9, 30)
ACTION = {
    "action_id": "VC-CHYCTKVHLE",
    "what": "Value check; with \\ and, a comma",
    "whom": "岚桥软件科技有限责任公司",
    "due": "2023-10-09",
    "worth": 24000.0,
    "why": "deal won\n12 Aug",
    "note": None,
}
LOG_COLUMNS = ["action_id", "whom", "what", "owner", "due", "worth", "why", "note"]


def log(*rows):
    return {
        "columns": [[key, key, "text"] for key in LOG_COLUMNS],
        "rows": [[row.get(key) for key in LOG_COLUMNS] for row in rows],
    }


def parsed(content: bytes) -> list[dict[str, str]]:
    """Events of a calendar, read as RFC 5545 says: unfold, split names from values, unescape."""
    text = content.decode("utf-8")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert {"VERSION:2.0", "PRODID:-//playbook//actions//EN"} <= set(lines)
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT" and line != "END:VCALENDAR":
            assert name not in events[-1]
            events[-1][name] = _unescaped(value)
    return events


def _unescaped(value: str) -> str:
    made, i = [], 0
    while i < len(value):
        if value[i] == "\\":
            made.append({"n": "\n", "N": "\n"}.get(value[i + 1], value[i + 1]))
            i += 2
        else:
            assert value[i] not in ",;"  # a bare one would part the value
            made.append(value[i])
            i += 1
    return "".join(made)


def test_an_event_to_the_byte():
    assert (
        calendar("陈怀瑾", [ACTION], DAY)
        == (
            "BEGIN:VCALENDAR\r\n"
            "VERSION:2.0\r\n"
            "PRODID:-//playbook//actions//EN\r\n"
            "CALSCALE:GREGORIAN\r\n"
            "METHOD:PUBLISH\r\n"
            "X-WR-CALNAME:陈怀瑾\r\n"
            "BEGIN:VEVENT\r\n"
            "UID:VC-CHYCTKVHLE@actions.playbook\r\n"
            "DTSTAMP:20230930T000000Z\r\n"
            "DTSTART;VALUE=DATE:20231009\r\n"
            "DTEND;VALUE=DATE:20231010\r\n"
            "SUMMARY:Value check\\; with \\\\ and\\, a comma: 岚桥软件科技有限责任\r\n"
            " 公司\r\n"
            "DESCRIPTION:deal won\\n12 Aug\\nworth 24\\,000\\nnumber VC-CHYCTKVHLE\r\n"
            "TRANSP:TRANSPARENT\r\n"
            "END:VEVENT\r\n"
            "END:VCALENDAR\r\n"
        ).encode()
    )


@given(st.text(max_size=300))
def test_any_text_comes_back_and_no_line_is_too_long(text):
    content = calendar(text or "x", [{**ACTION, "why": text, "whom": text}], DAY)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = parsed(content)
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in clean if c in "\n\t\u3000" or c.isprintable())
    said = "Value check; with \\ and, a comma" + (f": {kept}" if text else "")
    assert event["SUMMARY"] == said
    assert event["DESCRIPTION"].endswith("worth 24,000\nnumber VC-CHYCTKVHLE")


@given(st.text(st.characters(exclude_characters="\r\n"), max_size=400))
def test_folding_is_undone_by_leaving_out_line_breaks(line):
    made = folded(line)
    assert made.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == line
    assert all(len(piece) <= 75 for piece in made.split(b"\r\n"))
    for piece in made.removesuffix(b"\r\n").split(b"\r\n "):
        piece.decode()  # never broken inside a character


def test_a_file_for_each_owner_and_none_for_actions_without_a_day(tmp_path):
    rows = [
        {**ACTION, "owner": "a/b: c", "action_id": "1"},
        {**ACTION, "owner": "A-b- c", "action_id": "2"},
        {**ACTION, "owner": None, "action_id": "3"},
        {**ACTION, "owner": "late", "due": None, "action_id": "4"},
        {**ACTION, "owner": "a/b: c", "action_id": "0", "due": "2023-10-08"},
    ]
    paths = write_calendars(log(*rows), tmp_path / "calendar", DAY)
    assert sorted(p.name for p in paths) == ["A-b- c.ics", "a-b- c 2.ics", "nobody.ics"]
    uids = [e["UID"] for e in parsed((tmp_path / "calendar" / "a-b- c 2.ics").read_bytes())]
    assert uids == ["0@actions.playbook", "1@actions.playbook"]
    again = write_calendars(log(*reversed(rows)), tmp_path / "again", DAY)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in paths]


@pytest.mark.parametrize("rows", [[], [{**ACTION, "due": None, "owner": "x"}]])
def test_without_a_day_there_is_no_folder(tmp_path, rows):
    assert write_calendars(log(*rows), tmp_path / "calendar", DAY) == []
    assert not (tmp_path / "calendar").exists()
