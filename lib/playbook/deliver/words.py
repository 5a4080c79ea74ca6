"""The few words around the numbers in a message, in the pack's language."""

from __future__ import annotations

WORDS = {
    "en": {
        "subject": "{title}: sales report {month}",
        "again": "Corrected: {subject}",
        "as_of": "As of {as_of}",
        "attached": "Attached: {names}",
        "open": "Open the report",
        "failed": "Chapters of this report failed; their pages say why.",
        "alerts": "Crossed a line",
        "for": "Sent to {recipient}, for audience {audience}.",
        "brief": "brief",
        "director": "director",
        "details": "details",
        "manager": "manager",
        "rep": "salesperson",
        "finance": "finance",
        "client": "client",
        "reads": "{label}: {value}",
        "is": "{name} is {value}: {why}{since}",
        "below": "below {line}",
        "above": "above {line}",
        "moved": "was {was} in {month}, moved by {by} or more",
        "still": ", as in the last pack",
        "absent": "{name} is not available in this pack",
    },
    "zh": {
        "subject": "{title}：{month}销售月报",
        "again": "更正：{subject}",
        "as_of": "数据截至{as_of}",
        "attached": "附件：{names}",
        "open": "打开报告",
        "failed": "本报告有章节未能完成，原因见相应页面。",
        "alerts": "触线提醒",
        "for": "发送给{recipient}，读者：{audience}。",
        "brief": "简报",
        "director": "总监版",
        "details": "完整版",
        "manager": "经理版",
        "rep": "个人版",
        "finance": "财务版",
        "client": "客户版",
        "reads": "{label}：{value}",
        "is": "{name} 为 {value}：{why}{since}",
        "below": "低于 {line}",
        "above": "高于 {line}",
        "moved": "{month} 为 {was}，变动达到 {by}",
        "still": "，上期亦然",
        "absent": "{name} 在本期报告中没有数值",
    },
}


def phrase(language: str, key: str, **values: str) -> str:
    """A phrase with its places filled in."""
    return WORDS[language][key].format(**values)
