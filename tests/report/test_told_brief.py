"""The brief as words, for messages."""

from __future__ import annotations

from playbook.report.record.packs import told_brief


def test_tiles_and_paragraphs_as_they_are_printed():
    brief = {
        "tiles": [
            {
                "label": "Sales",
                "value": "¥30.7m",
                "rank": 1,
                "deltas": [
                    {"label": "ΔPL", "text": "+36.4 %", "size": 0.364},
                    {"label": "ΔPY", "text": "–", "size": None},
                ],
            }
        ],
        "prose": [
            {
                "title": "Why",
                "parts": [{"text": "West", "bold": True}, {"text": " is short.", "bold": False}],
            }
        ],
    }
    assert told_brief(brief) == {
        "tiles": [{"label": "Sales", "value": "¥30.7m", "deltas": ["ΔPL +36.4 %"]}],
        "prose": [{"title": "Why", "text": "West is short."}],
    }
    assert told_brief(None) is None
