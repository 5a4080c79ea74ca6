"""Every text is translated, and every translation is of a text that is said."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from translation import catalogues
from translation.extract import in_code, messages

import playbook
from playbook.base.action_log import SHEET
from playbook.base.language import Said, counted, english, later, say, speaking, term


@pytest.fixture(scope="module")
def said():
    return messages()


@pytest.fixture(scope="module")
def standing():
    return catalogues.standing()


def test_every_message_is_translated_and_every_translation_is_said(said, standing):
    left = [
        line
        for name in sorted(said.keys() | standing.keys())
        for line in catalogues.problems(name, said.get(name, []), catalogues.read(name))
    ]
    assert not left, "\n".join(["run `make messages`, then fill in:", *left])


def test_one_text_has_one_translation(standing):
    assert not catalogues.disagreements(standing)


def test_catalogues_are_as_make_messages_writes_them(said, standing):
    for name in sorted(said):
        made = catalogues.merged(name, said[name], standing)
        path = catalogues.path_of(name)
        assert path.read_text(encoding="utf-8") == catalogues.text_of(made), (
            f"{name}: make messages"
        )
        mo = path.with_suffix(".mo").read_bytes()
        assert mo == catalogues.compiled(standing[name]), f"{name}: make messages"


def test_places_of_a_translation_are_those_of_the_text():
    differ = catalogues.places_differ
    assert differ("{won} of {all} {en_were} won", ["{all}单中赢单{won}单"]) == ""
    assert differ("{won:,.1f} of {all}", ["{won:.1f}"]) == "{all} missing in '{won:.1f}'"
    assert differ("{won}", ["{won}{en_were}"]) == "{en_were} unknown in '{won}{en_were}'"
    assert "cannot be filled" in differ("{won}", ["{won"])


def test_texts_are_found_where_they_are_literals():
    code = (
        'A = later({"key": "Value", "other": ("First", "Second")})\n'
        'say("{n} of " "all", n=1); say(A); plural(3, "person", "people"); counted(2, "deal")\n'
        'Col("net_amount"); Col("x", "share", "of all"); say("Open", context="deal")\n'
        'say("yes" if a else "no")\n'
    )
    found = [(m.text, m.many, m.context, m.places) for m in in_code(code, "x.py")]
    assert found == [
        ("Value", "", "", False),
        ("First", "", "", False),
        ("Second", "", "", False),
        ("{n} of all", "", "", True),
        ("{n} person", "{n} people", "", True),
        ("{n} deal", "{n} deals", "", True),
        ("Net amount", "", "", False),
        ("of all", "", "", False),
        ("Open", "", "deal", False),
        ("yes", "", "", False),
        ("no", "", "", False),
    ]
    with pytest.raises(ValueError, match=r"x\.py:1: an f-string cannot be translated"):
        in_code('say(f"{n} deals")', "x.py")


def test_english_is_said_as_it_is_written():
    text = later("Sales by window")
    assert say(text) is text
    assert say("{x:,.1f} of {y!r}", x=1234.56, y="{z}") == "1,234.6 of '{z}'"
    assert (counted(1, "deal"), counted(1200, "person", "people")) == ("1 deal", "1,200 people")


def test_chinese_is_said_whole_and_remembers_its_english():
    with speaking("zh"):
        customers = counted(1200, "customer")
        assert customers == "1,200家客户"
        assert english(customers) == "1,200 customers"
        assert say("Customer") == "客户" and isinstance(say("Customer"), Said)
        assert term("A customer's own name {x}") == "A customer's own name {x}"
        both = say("{customers} to call, worth {worth} a year", customers=customers, worth="¥{1}")
        assert english(both) == "1,200 customers to call, worth ¥{1} a year"
        assert both == "1,200家客户待致电，年价值¥{1}"
    assert say("Customer") == "Customer"


def test_sheets_of_two_names_are_two_in_chinese_too() -> None:
    """A workbook puts sheets of one name together; two that only the translation makes one would be
    lost in each other.
    """
    source = re.compile(r'(?:Worksheet|actions_sheet)\(\s*say\(\s*"([^"]+)"')
    home = Path(playbook.__file__).parent
    said = {m for f in home.rglob("*.py") for m in source.findall(f.read_text(encoding="utf-8"))}
    said |= {SHEET}
    assert len(said) > 20
    with speaking("zh"):
        found = Counter(str(say(name)) for name in said)
    assert [name for name, times in found.items() if times > 1] == []
