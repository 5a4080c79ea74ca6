"""The few words around the numbers in a message, in the pack's language."""

from __future__ import annotations

from typing import Literal

WORDS = {
    "en": {
        "subject": "{title}: sales report {month}",
        "again": "Corrected: {subject}",
        "as_of": "As of {as_of}",
        "attached": "Attached: {names}",
        "open": "Open the report",
        "alerts": "Crossed a line",
        "for": "Sent to {recipient}, for audience {audience}.",
        "brief": "brief",
        "director": "director",
        "details": "details",
        "audience": "page",
        "reads": "{label}: {value}",
    },
    "zh": {
        "subject": "{title}：{month} 销售月报",
        "again": "更正：{subject}",
        "as_of": "数据截至 {as_of}",
        "attached": "附件：{names}",
        "open": "打开报告",
        "alerts": "触线提醒",
        "for": "发送给 {recipient}，受众 {audience}。",
        "brief": "简报",
        "director": "总监版",
        "details": "明细",
        "audience": "单页",
        "reads": "{label}：{value}",
    },
}


def phrase(language: Literal["en", "zh"], key: str, **values: str) -> str:
    """A phrase with its places filled in."""
    return WORDS[language][key].format(**values)
