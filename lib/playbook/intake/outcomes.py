"""Words that say what became of a deal, and names of stages, in English and Chinese."""

from __future__ import annotations

import re
from functools import cache

WON = (
    r"\b(closed[ -]?won|won|win|signed|accepted|success(ful)?|converted)\b"
    r"|^closedwon$|赢单|成交|已签|签约|签单|已赢|成功|中标"
)
LOST = (
    r"\b(closed[ -]?lost.*|lost.*|loss|lose|dead|abandoned|refused|cancel+ed|disqualified|rejected"
    r"|out-?sold|no[ -]?(deal|decision)|unqualified|churned|declined)\b"
    r"|^closedlost$|输单|丢单|战败|失败|无效|流失|作废|未成交|已取消|落标|放弃|终止|关闭"
)
NOT_YET = r"^(not|un)\b|^未|待|\bpending\b"  # before a word of winning
OPEN = (
    r"\b(open|active|in[ -]?progress|ongoing|pending|on[ -]?hold|replied|quotation)\b"
    r"|进行中|跟进中|推进中|未结|待定|洽谈中"
)
LADDER = (  # where a stage usually stands among the open ones, by words in its name
    r"\b(lead|new|prospect\w*|inquiry|appointment\w*|open|identif\w*|initial|first|incoming)\b"
    r"|线索|初步|初次|验证|立项|接触|初访|接洽|潜在",
    r"\b(qualif\w*|contact\w*|discover\w*|engag\w*|intent|interest\w*|needs?|analysis|demo\w*"
    r"|scheduled)\b|qualifiedtobuy|意向|需求|调研|演示|沟通|拜访",
    r"\b(value|propos\w*|proposition|quot\w*|offer|solution|perception|presentation\w*|decision\w*"
    r"|pilot|trial|evaluat\w*|develop\w*)\b|方案|报价|提案|试用|立项汇报|评估",
    r"\b(negotiat\w*|review|contract\w*|verbal|commit\w*|legal|procurement|closing|ready)\b"
    r"|谈判|商务|合同|审批|招投标|投标|审核",
)
AMONG = 25  # different words a column of stages has at most


@cache
def is_won(word: str) -> bool:
    """Whether the word means won."""
    text = word.casefold()
    won = re.search(WON, text) is not None and re.search(NOT_YET, text) is None
    return won and not re.search(r"未成交|未签", text)


@cache
def is_lost(word: str) -> bool:
    """Whether the word means lost, cancelled or void."""
    return re.search(LOST, word.casefold()) is not None


@cache
def is_open(word: str) -> bool:
    """Whether the word means that nothing is decided."""
    return re.search(OPEN, word.casefold()) is not None


@cache
def rank(stage: str) -> float:
    """Where a stage stands by its number or its name; 1.5 where neither tells."""
    numbered = re.match(r"\s*(\d{1,2})\s*[-.)、 :：]\s*[^\W\d]", stage)
    if numbered:
        return -100 + int(numbered[1])
    found = [i for i, pattern in enumerate(LADDER) if re.search(pattern, stage.casefold())]
    return float(found[-1]) if found else 1.5


def say_outcome(words: list[str]) -> bool:
    """Whether words are outcomes and nothing else: won and lost among them, the others open."""
    return (
        2 <= len(words) <= 8
        and any(is_won(w) and not is_lost(w) for w in words)
        and any(is_lost(w) for w in words)
        and all(is_won(w) or is_lost(w) or is_open(w) for w in words)
    )


def say_stage(words: list[str]) -> bool:
    """Whether words are the stages of deals: at least three, most of them known as such, on
    different steps.
    """
    if not 3 <= len(words) <= AMONG:
        return False
    steps = {rank(w) for w in words if rank(w) != 1.5}
    known = sum(rank(w) != 1.5 or is_won(w) or is_lost(w) for w in words)
    return known >= 0.7 * len(words) and len(steps) >= 2
